"""Zip files, opened with a look at what opening and unpacking them would cost."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from copy import copy
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from recommender.sources.encoding import SourceError
from recommender.sources.limits import MAX_DOCUMENT, MEBI, said, size

MAX_MEMBERS = 100_000
# 100,000 members with names of 250 bytes. zipfile reads the whole directory, and makes an object of each entry.
_MAX_DIRECTORY = 32 * MEBI
# Pictures make most of a large document; they are packed already, so its parts are not much larger than the file.
_MAX_UNPACKED = 4 * MAX_DOCUMENT
# Deflate gives 1,032:1 at most, documents and pages 3:1 to 30:1; below _SMALL a ratio says nothing.
MAX_RATIO = 200
_SMALL = 10 * MEBI
_PIECE = 1 << 16
# What zipfile raises for members that are not what they should be.
BROKEN = (BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError)  # NotImplementedError, too
_END, _END64 = 22, 56 + 20  # the bytes of a directory's end, and of what stands before it in a large archive
_REMEDY = "save it again with the program that made it"


def opened(file: BinaryIO, name: str) -> ZipFile:
    """The zip file, its directory read. Raises SourceError for a broken one and for one of too many members."""
    try:
        if _directory_size(file) > _MAX_DIRECTORY:
            raise SourceError(f"{name}: the archive lists more than {MAX_MEMBERS:,} members; split it")
        package = ZipFile(file)
    except BROKEN as error:
        raise SourceError(f"{name}: the zip file is broken or cut off ({said(error)}); {_REMEDY}") from error
    if len(package.filelist) > MAX_MEMBERS:
        raise SourceError(
            f"{name}: the archive has {len(package.filelist):,} members, at most {MAX_MEMBERS:,} are read; split it"
        )
    return package


def document(file: BinaryIO, name: str) -> ZipFile:
    """The package of one document (DOCX, XLSX, EPUB), all of it tried, so that its library may unpack it in memory.

    Raises SourceError as ``opened`` does, and for packages that unpack to more than they should or than they state, are
    encrypted, or packed in an unusual way.
    """
    package = opened(file, name)
    unpacked = sum(member.file_size for member in package.filelist)
    if unpacked > _MAX_UNPACKED or is_bomb(unpacked, size(file)):
        raise SourceError(f"{name}: the document unpacks to {unpacked / MEBI:,.0f} MiB; split it or take pictures out")
    for member in package.filelist:
        if problem := problem_of(member):
            raise SourceError(f"{name}: a part of the document is {problem}; {_REMEDY}, without a password")
        try:
            _try(package, member)
        except BROKEN as error:
            raise SourceError(f"{name}: a part of the document is broken ({said(error)}); {_REMEDY}") from error
    return package


def _try(package: ZipFile, member: ZipInfo) -> None:
    """Raises BadZipFile for a member that is not what the directory states of it."""
    unpacked = 0
    for piece in pieces(package, member):
        unpacked += len(piece)
        if unpacked > member.file_size:
            raise BadZipFile(f"{member.filename[:80]!r} is larger than stated")


def pieces(package: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """What a member unpacks to, however much that is and whatever the directory states. Raises one of BROKEN."""
    unbounded = copy(member)
    unbounded.file_size = 1 << 62  # zipfile gives no more than this, but unpacks all that it can before it cuts
    with package.open(unbounded) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether so much out of so little is nothing that texts do."""
    return unpacked > max(_SMALL, MAX_RATIO * packed)


def problem_of(member: ZipInfo) -> str:
    """Why a member cannot be read, or "".

    bzip2 and LZMA are left out as zipfile cannot bound what one step of them gives: thousands of times what it read.
    """
    if member.flag_bits & 0x1:
        return "encrypted"
    return "" if member.compress_type in (ZIP_STORED, ZIP_DEFLATED) else "not packed by Deflate"


def _directory_size(file: BinaryIO) -> int:
    """What the end of the file says of the size of the directory (PKWARE's APPNOTE.TXT 4.3.14 to 4.3.16).

    Looks where zipfile looks, so that the two cannot see different sizes.
    """
    length = size(file)
    file.seek(max(0, length - (1 << 16) - _END - _END64))
    tail = file.read()
    file.seek(0)
    plain = tail[-_END:].startswith(b"PK\x05\x06") and tail.endswith(b"\0\0")
    end = len(tail) - _END if plain else tail.rfind(b"PK\x05\x06")
    if end < 0:
        return 0  # zipfile says what is wrong
    stated: int = struct.unpack_from("<L", tail, end + 12)[0]
    if end >= _END64 and tail.startswith(b"PK\x06\x06", end - _END64):
        stated = max(stated % 0xFFFFFFFF, struct.unpack_from("<Q", tail, end - _END64 + 40)[0])
    return stated

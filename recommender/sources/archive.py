"""ZIP -> the articles of its members, each read as the file it is. Nothing is unpacked to where its name says."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from recommender.sources import dispatch, zips
from recommender.sources.encoding import SourceError
from recommender.sources.limits import MEBI, said
from recommender.sources.reader import Remark
from recommender.types import Article

# A library of a million articles has about this much text; what unpacks to more comes in several archives.
MAX_UNPACKED = 4096 * MEBI
_IN_MEMORY = 8 * MEBI
# An archive in the archive is read, one in that is not: nothing that people make is deeper.
_DEEPEST = 1
_UTF8 = 0x800
# What a member's name can be in that its archive does not call UTF-8, the likeliest first: zip programs in China
# write GBK.
_NAME_CODES = ("utf-8", "gb18030", "big5")
_OTHERS_NAMED = 3


@dataclass
class _Budget:
    """What the archive, and those within it, may still unpack to, and how many members they may still have."""

    room: int = MAX_UNPACKED
    members: int = zips.MAX_MEMBERS


class _TooMuch(Exception):
    """The archive's budget is spent: nothing more of it is read."""


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The articles of an archive; a member's key is the archive's, "/" and its path within.

    A member that cannot be read is a remark, and the others are read. Raises SourceError for a broken archive.
    """
    try:
        yield from _members(file, key, name, _Budget(), 0)
    except _TooMuch as error:
        yield Remark(f"{error}; the members that follow were left out: split the archive", skipped=1)


def _members(file: BinaryIO, key: str, name: str, budget: _Budget, depth: int) -> Iterator[Article | Remark]:
    package = zips.opened(file, name)
    others: list[str] = []
    paths: Counter[str] = Counter()
    for member in sorted(package.filelist, key=lambda member: member.header_offset):
        path = _path(member)
        if member.is_dir() or _hidden(path):
            continue
        paths[path] += 1
        if paths[path] > 1:
            path = f"-{paths[path]}".join(posixpath.splitext(path))
        budget.members -= 1
        if budget.members < 0:
            raise _TooMuch(f"the archive has more than {zips.MAX_MEMBERS:,} members")
        if dispatch.suffix(path) in dispatch.SUFFIXES:
            yield from _member(package, member, path, (key, name), budget, depth)
        else:
            others.append(path)
    if others:
        more = ", ..." if len(others) > _OTHERS_NAMED else ""
        named = ", ".join(others[:_OTHERS_NAMED])
        yield Remark(f"{len(others)} left out, of other kinds: {named}{more}", skipped=len(others))


def _member(
    package: ZipFile, member: ZipInfo, path: str, place: tuple[str, str], budget: _Budget, depth: int
) -> Iterator[Article | Remark]:
    key, name = (f"{part}/{path}" for part in place)
    with SpooledTemporaryFile(_IN_MEMORY) as spooled:
        file = cast(BinaryIO, spooled)
        try:
            _unpack(package, member, name, file, budget)
            if dispatch.reader(file, name) is not read:
                items = dispatch.read(file, key, name)
            elif depth < _DEEPEST:
                items = _members(file, key, name, budget, depth + 1)
            else:
                raise SourceError(f"{name}: an archive in an archive in an archive is not read; unpack the outer one")
            for item in items:
                yield Remark(f"{path}: {item.text}", item.skipped) if isinstance(item, Remark) else item
        except SourceError as error:
            yield Remark(str(error).removeprefix(f"{place[1]}/"), skipped=1)


def _unpack(package: ZipFile, member: ZipInfo, name: str, file: BinaryIO, budget: _Budget) -> None:
    """Write what a member really unpacks to, as far as the budget goes. Raises SourceError for one that is broken."""
    if problem := zips.problem_of(member):
        raise SourceError(f"{name}: the member is {problem}; pack it again without a password, as an ordinary .zip")
    unpacked = 0
    try:
        for piece in zips.pieces(package, member):
            unpacked += len(piece)
            budget.room -= len(piece)
            if budget.room < 0:
                raise _TooMuch(f"the archive unpacks to more than {MAX_UNPACKED / MEBI:,.0f} MiB")
            if zips.is_bomb(unpacked, member.compress_size):
                raise SourceError(f"{name}: the member unpacks to over {zips.MAX_RATIO} times its size; pack it anew")
            file.write(piece)
    except zips.BROKEN as error:
        raise SourceError(f"{name}: the member is broken ({said(error)}); pack it anew") from error


def _path(member: ZipInfo) -> str:
    """The path of a member below the archive, in whatever encoding and however it tries to leave it."""
    name = member.orig_filename
    if not member.flag_bits & _UTF8:
        name = _repaired(name)
    path = posixpath.normpath("/" + name.replace("\\", "/").replace("\0", ""))
    return path.lstrip("/") or "unnamed"


def _repaired(name: str) -> str:
    """A name that zipfile has read as code page 437, in the encoding in which most of it is Chinese.

    That of 目录 in GBK is UTF-8, too, for Ŀ¼.
    """
    data = name.encode("cp437", errors="replace")
    readings = []
    for code in _NAME_CODES:
        with suppress(UnicodeDecodeError):
            readings.append(data.decode(code))
    return max(readings, key=_chinese, default=name)


def _chinese(name: str) -> float:
    beyond_ascii = [character for character in name if not character.isascii()]
    return sum("\u3400" <= character <= "\u9fff" for character in beyond_ascii) / max(len(beyond_ascii), 1)


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.split("/"))

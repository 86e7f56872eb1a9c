"""Bytes -> text, or a SourceError. Chinese sites serve UTF-8, GB18030, Big5 and UTF-16, rarely with a label."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import BinaryIO

from charset_normalizer import from_bytes

from recommender.types import RecommenderError


class SourceError(RecommenderError):
    """A file that cannot become an article: the message names it, what was seen and what to do."""


# What people name .txt by mistake; knowing its name makes the message one that can be acted on.
_KINDS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a zip archive or an Office document",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF-": "a PDF document",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

# Enough for charset-normalizer to be sure of an encoding, and a few hundredths of a second of its time.
_SAMPLE = 1 << 16
# What is found in a sample can be a part of what the file is in: the whole is read by the larger standard.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949"}
_TOLERATED = 20
# Stands in a stream for bytes that are no text in its encoding. Half a character, so no text can have it.
UNDECODABLE = "\udcff"
codecs.register_error("recommender.undecodable", lambda error: (UNDECODABLE, error.end))  # type: ignore[attr-defined]


def decode(data: bytes, name: str) -> str:
    """The text of ``data``, with line feeds for line ends and no byte order mark.

    UTF-8 where the bytes are UTF-8, else the encoding that charset-normalizer finds the text most natural in.
    Raises SourceError, which names ``name``, for binary data and where no encoding gives a text.
    """
    return _told(data, name)[0].replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


@contextmanager
def opened(file: BinaryIO, name: str, newline: str | None = None) -> Iterator[TextIOWrapper]:
    """The file as a text that is read piece by piece, in the encoding that ``decode`` finds for its beginning.

    ``newline`` is that of ``open``. Bytes further on that are no text in that encoding are read as UNDECODABLE.
    Raises SourceError as ``decode`` does. The file stays open.
    """
    sample = _sample(file)
    code = "utf-8-sig" if _mostly_utf8(sample) else _told(sample, name)[1]
    text = TextIOWrapper(file, code, errors="recommender.undecodable", newline=newline)
    try:
        yield text
    finally:
        text.detach()


def _told(data: bytes, name: str) -> tuple[str, str]:
    """The text of ``data`` and the encoding it is in. Raises SourceError where none is found."""
    for magic, kind in _KINDS.items():
        if data.startswith(magic):
            raise _binary(name, kind)
    try:
        text, code = data.decode("utf-8"), "utf-8-sig"
    except UnicodeDecodeError:
        text = ""
    if not text or _CONTROL.search(text):  # the bytes of UTF-16 can be UTF-8 with zeros between
        best = from_bytes(data).best() if data else None
        text, code = (str(best), _LARGER.get(best.encoding, best.encoding)) if best else ("", "utf-8-sig")
    if (data and not text) or _CONTROL.search(text):
        raise _binary(name, "binary data, or text in an encoding that cannot be told")
    return text, code


def _mostly_utf8(sample: bytes) -> bool:
    """Whether the sample is UTF-8 but for a few broken characters. Text in another encoding is broken throughout."""
    text = sample.decode("utf-8", "recommender.undecodable")
    beyond_ascii = sum(not character.isascii() for character in text)
    return 0 < _TOLERATED * text.count(UNDECODABLE) < beyond_ascii and not _CONTROL.search(text)


def _sample(file: BinaryIO) -> bytes:
    """The first stretch of the file that tells its encoding: one that is not all ASCII, if there is one."""
    file.seek(0)
    first = stretch = file.read(_SAMPLE)
    while stretch.isascii() and b"\0" not in stretch and (more := file.read(_SAMPLE)):
        stretch = more
    file.seek(0)
    told = first if stretch.isascii() else stretch
    return told if len(told) < _SAMPLE else _whole_characters(told)


def _whole_characters(data: bytes) -> bytes:
    """``data`` cut so that no character at its end is in two."""
    if b"\0" in data:  # UTF-16; a high surrogate needs what follows it
        return data[:-2] if {data[-2] & 0xFC, data[-1] & 0xFC} & {0xD8} else data
    if end := data.rfind(b"\n") + 1:
        return data[:end]
    start = max(i for i in range(len(data) - 4, len(data)) if data[i] & 0xC0 != 0x80 or i == len(data) - 4)
    return data[:start]


def _binary(name: str, kind: str) -> SourceError:
    return SourceError(f"{name}: this is {kind}; save the text in it as UTF-8, as a .txt file, and add that")

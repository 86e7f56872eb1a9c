"""Bytes -> text, or a SourceError. Chinese sites serve UTF-8, GB18030, Big5 and UTF-16, rarely with a label."""

from __future__ import annotations

import re

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


def decode(data: bytes, name: str) -> str:
    """The text of ``data``, with line feeds for line ends and no byte order mark.

    UTF-8 where the bytes are UTF-8, else the encoding that charset-normalizer finds the text most natural in.
    Raises SourceError, which names ``name``, for binary data and where no encoding gives a text.
    """
    for magic, kind in _KINDS.items():
        if data.startswith(magic):
            raise _binary(name, kind)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or _CONTROL.search(text):  # the bytes of UTF-16 can be UTF-8 with zeros between
        text = str(from_bytes(data).best() or "") if data else ""
    if (data and not text) or _CONTROL.search(text):
        raise _binary(name, "binary data, or text in an encoding that cannot be told")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


def _binary(name: str, kind: str) -> SourceError:
    return SourceError(f"{name}: this is {kind}; save the text in it as UTF-8, as a .txt file, and add that")

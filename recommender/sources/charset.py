"""Bytes of HTML or XML -> text, by what the file says of its own encoding."""

from __future__ import annotations

import codecs
import re

from recommender.sources.encoding import decode

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark is its beginning
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Browsers look for it in the first 1,024 bytes; saved pages have comments and scripts before it.
_HEAD = 8192
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]{2,40})|<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
# Pages that say gb2312 use the larger standards' characters; browsers read them all as the largest, too.
# Source: https://encoding.spec.whatwg.org/#names-and-labels
_LARGEST = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "chinese", "iso-ir-58"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "big5-eten"), "big5hkscs"),
    **{"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949"},
}
# The web's: Python has others under such names ("hex", "utf-7") that no page is in. ISO 8859-1 is what servers and
# templates say who do not know, and any bytes are text in it.
_CODE = re.compile(r"(?:utf-8|gb18030|big5hkscs|cp\d+|euc[-_]?\w+|iso-8859-(?!1$)\d+|windows-\d+|koi8-[ru])")
_WHOLE_FOR_ONE_BROKEN = 1000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decoded(data: bytes, name: str) -> str:
    """The text of a page or feed: by its mark, its ``<meta charset>`` or XML declaration, else as ``decode`` finds it.

    Control characters, which old editors leave in pages, are dropped; a few broken characters of a page that declares
    its encoding become U+FFFD, as in browsers. Raises SourceError where no encoding gives a text.
    """
    for code, errors in _told(data):
        try:
            text = data.decode(code, errors)
        except (UnicodeDecodeError, LookupError):
            continue
        if errors == "strict" or text.count("\ufffd") * _WHOLE_FOR_ONE_BROKEN < len(text):
            return _CONTROL.sub("", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    return decode(data, name)


def _told(data: bytes) -> list[tuple[str, str]]:
    """Encodings to try in turn, each with how to take what is none of its characters."""
    mark = next((code for mark, code in _MARKS.items() if data.startswith(mark)), "")
    if mark or b"\0" in data:  # without a mark, zeros say that it is UTF-16, or no text at all
        return [(mark, "strict")] if mark else []
    found = _DECLARED.search(data[:_HEAD])
    label = (found[1] or found[2]).decode().lower() if found else ""
    code = _LARGEST.get(label, label)
    # A page that is UTF-8 is not anything else by chance, whatever its template declares.
    declared = [(code, "strict"), (code, "replace")] if _CODE.fullmatch(code) else []
    return [("utf-8", "strict"), *declared]

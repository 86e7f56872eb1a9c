"""What the forms for readers share: a text on one line, an address that may be followed, the words around the list."""

from __future__ import annotations

import re
from urllib.parse import quote

from recommender.types import Language

HEADING: dict[Language, str] = {"zh": "相关文章", "en": "Related articles"}
# What XML cannot hold, and what no reader sees; half characters stand for bytes that were misread.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"[\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f-\x9f\u2028\u2029]")


def line(text: str) -> str:
    """A text on one line, without control characters, which XML and HTML cannot hold."""
    return _NO_TEXT.sub("", _LINE_ENDS.sub(" ", text)).strip()


def address(url: str) -> str:
    """An address that a page may link to: http or https, what ends addresses escaped; "" for any other."""
    escaped = _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0]), line(url))
    return escaped if escaped.lower().startswith(("http://", "https://")) else ""

"""What stands in a cell of a table, or in a value of JSON: a line, paragraphs, a day, tags, an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from recommender.sources import address, dates
from recommender.sources.limits import MAX_PARAGRAPHS
from recommender.sources.merge import merged
from recommender.sources.text import heading_level
from recommender.types import Paragraph

_HTML = re.compile(
    r"<(?:p|div|br|span|a|h[1-6]|li|ul|ol|img|strong|em|b|i|table|section|article|blockquote)(?:\s[^<>]*)?/?>", re.I
)
# Scraped texts often have the indents of the page's paragraphs where the line ends were.
_INDENT = re.compile(r"\u3000{2,}")
_LINE = re.compile(r"[^\n\r\x85\u2028\u2029]+")
_BETWEEN_TAGS = re.compile(r"[,，;；、|\n]+|\s+(?=#)")
# Where JSON has an object for a value, its words stand under one of these.
_NAMES = ("text", "content", "name", "title", "value", "rendered", "slug")
# Numbers as dates between these are seconds since 1970; a thousand times that, milliseconds.
_SECONDS = (1e8, 1e10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def line(value: object) -> str:
    """A value on one line: numbers as people write them, lists by their first element."""
    return next(_strings(value), "").replace("\n", " ").strip()


def words(value: object) -> list[str]:
    """The strings of a value, each once, without the empty ones."""
    return list(dict.fromkeys(text for string in _strings(value) if (text := " ".join(string.split()))))


def tags(value: object) -> list[str]:
    """The tags of a list of them, or of a string that parts them by commas, semicolons, 、 or |."""
    parts = [part for string in _strings(value) for part in _BETWEEN_TAGS.split(string)]
    return [tag for part in parts if (tag := part.strip().lstrip("#").strip())]


def url(value: object) -> str:
    """A web address, or ""."""
    return address.web(line(value))


def day(value: object) -> str:
    """The day of a date, of a text that names one, or of seconds or milliseconds since 1970; "" if it is none."""
    if isinstance(value, date):
        return dates.day(value)
    text = line(value)
    if re.fullmatch(r"\d{9,13}(?:\.\d*)?", text):
        seconds = float(text) if float(text) < _SECONDS[1] else float(text) / 1000
        if _SECONDS[0] < seconds < _SECONDS[1]:
            return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    return dates.day(text)


def paragraphs(value: object) -> list[Paragraph]:
    """The paragraphs of a text, one a line, of HTML, or of a list of texts. Raises SourceError for monstrous HTML."""
    return [paragraph for string in _strings(value) for paragraph in _paragraphs(string)]


def _paragraphs(text: str) -> Iterator[Paragraph]:
    if _HTML.search(text):
        from recommender.sources import markup

        yield from markup.fragment(text, "the text")
        return
    parts = _LINE.finditer(_INDENT.sub("\n", text))
    lines = (Paragraph(line, heading_level(line)) for part in parts if (line := part[0].strip()))
    # As a million paragraphs a text would take a hundred times its size.
    yield from merged(lines) if text.count("\n") > MAX_PARAGRAPHS else lines


def _strings(value: object, depth: int = 3) -> Iterator[str]:
    """The strings in a value, as deep as values of articles have been seen to be."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, float) and value.is_integer():
        yield f"{value:.0f}"
    elif isinstance(value, int | float | date) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list) and depth:
        for element in value:
            yield from _strings(element, depth - 1)
    elif isinstance(value, Mapping) and depth:
        yield from _strings(next((value[name] for name in _NAMES if name in value), None), depth - 1)

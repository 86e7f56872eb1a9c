"""Articles and texts in the form in which a library's file keeps them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from recommender.embed import Vectors
from recommender.types import Article, Paragraph

FLOATS = np.dtype("<f4")  # vectors as stored, whatever the machine
_FIELDS = tuple(field.name for field in fields(Article))


def text_hash(text: str) -> bytes:
    """The key of a passage's text: a changed article embeds again only the passages whose text is new."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def to_json(value: object) -> str:
    """JSON without spaces, in the characters themselves."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def matrix_of(stored: Sequence[bytes], dimension: int) -> Vectors:
    """Stored vectors as one array (m, d). Raises sqlite3.DatabaseError if any is of another dimension."""
    joined = b"".join(stored)
    if len(joined) != len(stored) * dimension * FLOATS.itemsize:
        raise sqlite3.DatabaseError(f"a passage has no vector of the {dimension} dimensions of its model")
    return np.frombuffer(joined, FLOATS).reshape(len(stored), dimension)


def paragraphs(text: str, levels: str) -> tuple[Paragraph, ...]:
    """The paragraphs of an article's text: a line each, with the levels stored beside it.

    Raises ValueError if there are not as many levels as lines.
    """
    numbers = json.loads(levels)
    lines = text.split("\n") if text or numbers else []
    return tuple(Paragraph(line, level) for line, level in zip(lines, numbers, strict=True))


def to_fields(article: Article) -> dict[str, Any]:
    """An article as JSON has it: field by field, a paragraph as [level, text]."""
    values = {name: getattr(article, name) for name in _FIELDS}
    return values | {"paragraphs": [[p.level, p.text] for p in article.paragraphs]}


def from_fields(values: Mapping[str, Any], start: Article | None = None) -> Article:
    """The article that ``to_fields`` wrote; where ``start`` is given, what is not in ``values`` is as there.

    Raises TypeError or ValueError for what no article has.
    """
    known = dict(values)
    if "paragraphs" in known:
        known["paragraphs"] = tuple(Paragraph(text, level) for level, text in known["paragraphs"])
    for name in ("links", "tags"):
        if name in known:
            known[name] = tuple(known[name])
    return replace(start, **known) if start else Article(**known)


def difference(article: Article, raw: Article | None) -> str | None:
    """What cleaning changed, as JSON of the fields as they were read, or None for nothing."""
    if raw is None or raw == article:
        return None
    was, is_ = to_fields(raw), to_fields(article)
    return to_json({name: was[name] for name in _FIELDS if was[name] != is_[name]})


def as_read(article: Article, changed: str | None) -> Article:
    """The article before cleaning; undoes ``difference``."""
    return from_fields(json.loads(changed), article) if changed else article

"""How a piece belongs to the one that asks, besides what both say: labelled, and left out only if that is asked for."""

from __future__ import annotations

import re
import unicodedata

from recommender.types import Article, Relation

_NUMERAL = r"[一二三四五六七八九十百上中下\d]{1,4}|[ivx]{1,5}"
# What tells the parts of a series apart at the end of their titles: （一）, 之二, 第3讲, (上), 下篇, part 2, 4.
_PART = re.compile(
    rf"[\s,:：—\-_·]*(?:\((?:{_NUMERAL})\)|\[(?:{_NUMERAL})\]|之(?:{_NUMERAL})|第(?:{_NUMERAL})[篇章讲回期部集节]分?"
    rf"|[上中下][篇集]|(?:(?<![a-z])(?:part|no\.?|vol\.?)|#)\s*(?:{_NUMERAL})|\s\d{{1,3}})\s*$",
    re.I,
)
_SHORTEST_NAME = 4  # characters: what is left of 随笔（一） names no series


def relations(own: Article, other: Article) -> tuple[Relation, ...]:
    """What connects an article with another: its page lists it, one author wrote both, they are parts of one series."""
    holds: dict[Relation, bool] = {
        "linked": other.id in own.links,
        "author": bool(own.author) and own.author == other.author,
        "series": bool(name := series(own.title)) and name == series(other.title),
    }
    return tuple(relation for relation, is_so in holds.items() if is_so)


def series(title: str) -> str:
    """The name of the series that a title says it is a part of, "" for none: 廉政建设（二） is a part of 廉政建设."""
    plain = unicodedata.normalize("NFKC", title).strip()
    name = _PART.sub("", plain)
    return name if name != plain and len(name) >= _SHORTEST_NAME else ""

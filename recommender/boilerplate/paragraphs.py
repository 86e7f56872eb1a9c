"""Whole paragraphs that the documents of a source repeat."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from recommender.boilerplate.documents import Document
from recommender.boilerplate.scopes import LEAST, Scopes, at_least
from recommender.boilerplate.words import STRONG, WEAK, letters
from recommender.clean import spaced
from recommender.types import Rule

# The share of a scope's documents that must have a paragraph: little for the words of sites, more for words that are
# theirs often and for others at the edges of the documents, most for others anywhere. In articles of 23 sources, from
# which footers had been removed, no paragraph is in more than 13 documents of 100.
_OF_SITES, _OFTEN, _AT_EDGES, _ANYWHERE = 0.02, 0.15, 0.5, 0.8
# How much of what is seen must be at the edges.
_MOSTLY = 0.8
# "参考文献", "同志们：" and "谢谢大家" are the genre's.
_LEAST_LETTERS = 8
_HAN_NUMBER = "[一二三四五六七八九十百0]{1,4}"
_NUMBERED = re.compile(rf"[（(]?{_HAN_NUMBER}[）)、.．]|第{_HAN_NUMBER}[章节条部篇]")


@dataclass
class _Seen:
    text: str
    varies: bool = False
    edges: int = 0
    headings: int = 0
    documents: array[int] = field(default_factory=lambda: array("I"))


class Paragraphs:
    """Counts paragraphs exactly, in the documents that are added."""

    def __init__(self) -> None:
        self._sources: list[str] = []
        self._seen: dict[str, _Seen] = {}

    def add(self, document: Document, recurring: Collection[str]) -> None:
        """Count those of a document's paragraphs whose forms may recur, each once."""
        for at, form in enumerate(document.forms):
            if form not in recurring or not form:
                continue
            paragraph = document.paragraphs[at]
            seen = self._seen.setdefault(form, _Seen(spaced(paragraph.text)))
            seen.varies = seen.varies or seen.text != spaced(paragraph.text)
            if not seen.documents or seen.documents[-1] != len(self._sources):
                seen.documents.append(len(self._sources))
                seen.edges += at in document.edges
                seen.headings += paragraph.level > 0
        self._sources.append(document.source)

    def rules(self, scopes: Scopes) -> list[Rule]:
        """The proposals."""
        return [
            Rule(form if seen.varies else seen.text, "paragraph", scope, count)
            for form, seen in self._seen.items()
            if len(seen.documents) >= LEAST and (share := _share(form, seen))
            for scope, count in scopes.widest(
                Counter(self._sources[number] for number in seen.documents), at_least(share)
            )
        ]


def _share(form: str, seen: _Seen) -> float:
    """What share of a scope's documents must have it, or 0 if it is nothing to propose."""
    if 2 * seen.headings >= len(seen.documents) or not letters(form):
        return 0
    if STRONG.search(form):
        return _OF_SITES
    if _NUMBERED.match(form):
        return 0
    if WEAK.search(form):
        return _OFTEN
    if letters(form) < _LEAST_LETTERS:
        return 0
    return _AT_EDGES if seen.edges >= _MOSTLY * len(seen.documents) else _ANYWHERE

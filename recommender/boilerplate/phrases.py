"""Stretches within paragraphs that the documents of a source repeat.

Candidates begin at anchors: words that only a site says of itself, wherever they stand, and the first and the last
characters of the paragraphs at a document's edges. What stands around a frequent anchor is taken in, character by
character, as long as nearly all the documents that have it agree; so a phrase comes out at its full length.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from math import ceil
from typing import NamedTuple

from recommender.boilerplate.counting import Counts
from recommender.boilerplate.documents import Document
from recommender.boilerplate.scopes import LEAST, Scopes, needed
from recommender.boilerplate.sightings import OF_SITES
from recommender.boilerplate.words import ANCHOR, letters

_LEAST_LETTERS = 8
_AGREE = 0.9  # so many of an anchor's contexts must go on alike
_MARGIN = 4  # characters beside a site's word that belong to the anchor: "点击" alone is in many phrases
_EDGE = 8  # characters of an anchor at the edge of a paragraph
_REACH = 120  # the longest way that a phrase is followed to either side
_SAMPLE = 64  # contexts that are kept of an anchor
CONTEXTS = 100_000  # that are kept in all
_CERTAIN = 10  # so many that agree on a character do not do so by chance
# Marks that part a phrase from the sentence around it, which ``clean`` takes with it as it needs; a colon is its own.
_SEPARATORS = " ,，、;；:：。.!！?？"
_SEPARATORS_AFTER = " ,，、;；。.!！"
_ADDRESS_AT_END = re.compile(r"(?:https?://|www\.)[!-~]*$")  # an address cut short would leave its end behind
_PAIRS = ("()", "（）", "[]", "【】", "《》", "“”", "〔〕")


class _Context(NamedTuple):
    """What stands before an anchor, read backwards, and after it; a line feed is the paragraph's edge."""

    before: str
    after: str


class Phrases:
    """Finds candidates: ``count`` all documents first, then ``collect`` what stands around frequent anchors."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._counts = Counts()
        self._contexts: defaultdict[tuple[str, str], list[_Context]] = defaultdict(list)
        self._room = CONTEXTS

    def count(self, document: Document) -> None:
        """Count a document's anchors."""
        keys = {key for form, edge in _texts(document, ()) for key, _, _ in _anchors(form, edge)}
        self._counts.add(keys, self._scopes.group(document.source))

    def collect(self, document: Document, recurring: Collection[str]) -> None:
        """Keep the contexts of those of its anchors that are frequent in the group; each once."""
        group = self._scopes.group(document.source)
        need = needed(self._scopes.sizes[group], OF_SITES)
        for form, edge in _texts(document, recurring):
            for key, start, end in _anchors(form, edge):
                kept = self._contexts.get((group, key), [])
                if self._room and len(kept) < _SAMPLE and self._counts.count(key, group) >= need:
                    before, after = form[max(start - _REACH, 0) : start], form[end : end + _REACH]
                    self._contexts[group, key].append(_Context(before[::-1], after))
                    self._room -= 1

    def candidates(self) -> dict[str, list[str]]:
        """The phrases of each group, none of which is sure to recur."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for (group, key), contexts in self._contexts.items():
            if len(contexts) >= LEAST and (text := _grown(key, contexts)):
                found[group].add(text)
        return {group: sorted(texts) for group, texts in found.items()}


def _texts(document: Document, recurring: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The paragraphs between line feeds, and whether each is at the document's edge; not those that recur whole."""
    for at, form in enumerate(document.forms):
        if form and form not in recurring and not document.paragraphs[at].level:
            yield f"\n{form}\n", at in document.edges


def _anchors(form: str, edge: bool) -> Iterator[tuple[str, int, int]]:
    """The anchors in a paragraph, each with where it begins and ends."""
    for match in ANCHOR.finditer(form):
        start, end = max(match.start() - _MARGIN, 0), min(match.end() + _MARGIN, len(form))
        yield form[start : match.end()], start, match.end()
        yield form[match.start() : end], match.start(), end
    if edge and len(form) > 2 * _EDGE:
        yield form[:_EDGE], 0, _EDGE
        yield form[-_EDGE:], len(form) - _EDGE, len(form)


def _grown(key: str, contexts: list[_Context]) -> str:
    """The longest phrase around an anchor on which nine in ten of its contexts agree, or ""."""
    need = max(LEAST, ceil(_AGREE * len(contexts)))
    left, contexts = _agreed(contexts, 0, need)
    right, contexts = _agreed(contexts, 1, need)
    text = left[::-1] + key + right
    after = _beside(contexts, 1, len(right))
    if _ADDRESS_AT_END.search(text) and any("!" <= character <= "~" for character in after):
        return ""
    if len(contexts) < _CERTAIN or not ANCHOR.search(text):
        text = _bounded(text, _beside(contexts, 0, len(left)), after)
    text = text.strip("\n").lstrip(_SEPARATORS).rstrip(_SEPARATORS_AFTER)
    return text if letters(text) >= _LEAST_LETTERS and _balanced(text) else ""


def _bounded(text: str, before: Collection[str], after: Collection[str]) -> str:
    """The text without the pieces of words at its ends, which the characters beside it may go on with."""
    start = next((at for at in range(len(text)) if _parted(text[at - 1] if at else before, text[at])), len(text))
    ends = range(len(text), start, -1)
    return text[start : next((at for at in ends if _parted(text[at - 1], text[at : at + 1] or after)), start)]


def _beside(contexts: Iterable[_Context], side: int, at: int) -> set[str]:
    return {context[side][at] for context in contexts if len(context[side]) > at}


def _parted(before: Collection[str], after: Collection[str]) -> bool:
    """Whether no word goes on between any of the characters before and any of those after."""
    return not any(_kind(one) & _kind(other) for one in before for other in after)


def _kind(character: str) -> int:
    """Latin letters and digits, other letters, or neither: words do not go on from one kind to another."""
    return character.isalnum() * (1 if character.isascii() else 2)


def _agreed(contexts: list[_Context], side: int, need: int) -> tuple[str, list[_Context]]:
    """The characters from the anchor on that ``need`` contexts agree on, and the contexts that do."""
    agreed = ""
    while len(agreed) < _REACH:
        at = len(agreed)
        following = Counter(context[side][at] for context in contexts if at < len(context[side]))
        best, count = max(following.items(), key=_rank, default=("\n", 0))
        if count < need or best == "\n":
            break
        agreed += best
        contexts = [context for context in contexts if at < len(context[side]) and context[side][at] == best]
    return agreed, contexts


def _rank(item: tuple[str, int]) -> tuple[int, str]:
    return item[1], item[0]


def _balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)

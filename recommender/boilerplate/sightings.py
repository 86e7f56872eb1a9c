"""Candidates for phrases -> those that recur, counted exactly."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from recommender.boilerplate.documents import Document
from recommender.boilerplate.scopes import Scopes, at_least
from recommender.boilerplate.words import ANCHOR, STRONG
from recommender.clean import phrase, spaced
from recommender.types import Rule

# The share of a scope's documents that must have a phrase: of the words of sites, with no more than an address, and of
# other words, which must begin or end a paragraph at the edges of the documents.
OF_SITES, _OF_ADDRESSES, _AT_EDGES = 0.05, 0.3, 0.8
# What has a phrase's part and not the phrase may be one in ten.
_NEARLY_ALL = 0.9

_Found = tuple[str, Rule]  # the candidate, and what it is as a rule


class Sightings:
    """Counts the candidates of each group exactly, as ``clean`` would find them."""

    def __init__(self, candidates: Mapping[str, Collection[str]], scopes: Scopes) -> None:
        self._candidates = candidates
        self._scopes = scopes
        self._compiled = {text: phrase(text) for texts in candidates.values() for text in texts}
        self._seen: defaultdict[str, _Seen] = defaultdict(_Seen)

    def add(self, document: Document, recurring: Collection[str]) -> None:
        """Count the candidates in a document, each once."""
        own = [at for at, form in enumerate(document.forms) if form not in recurring]
        whole = "\n".join(document.forms[at] for at in own)
        for text in self._candidates.get(self._scopes.group(document.source), ()):
            if self._compiled[text].literal in whole:
                self._look(text, document, own)

    def _look(self, text: str, document: Document, places: Iterable[int]) -> None:
        pattern, seen = self._compiled[text].bare, self._seen[text]
        found = [(at, match) for at in places if (match := pattern.search(spaced(document.paragraphs[at].text)))]
        if found:
            seen.sources[document.source] += 1
            seen.edges += any(at in document.edges and _at_end(match) for at, match in found)
            seen.texts = (seen.texts | {match["phrase"] for _, match in found}) if len(seen.texts) < 2 else seen.texts

    def rules(self) -> list[Rule]:
        """The proposals. Of a phrase and its parts only the longest that nearly all of them have."""
        found = [
            (text, Rule(text if len(seen.texts) > 1 else min(seen.texts), "phrase", scope, count))
            for text, seen in sorted(self._seen.items())
            for scope, count in self._scopes.widest(seen.sources, at_least(_share(text, seen)))
        ]
        sure = [one for one in found if not any(_within(part, one) and _rarer(one, part) for part in found)]
        return [part[1] for part in sure if not any(_within(part, one) for one in sure)]


@dataclass
class _Seen:
    sources: Counter[str] = field(default_factory=Counter)
    edges: int = 0
    texts: set[str] = field(default_factory=set)  # up to two and a few, to know whether its numbers vary


def _share(text: str, seen: _Seen) -> float:
    """What share of a scope's documents must have it: more than all if it stands now here, now there."""
    if STRONG.search(text):
        return OF_SITES
    if ANCHOR.search(text):
        return _OF_ADDRESSES
    return _AT_EDGES if seen.edges >= _AT_EDGES * seen.sources.total() else inf


def _within(part: _Found, one: _Found) -> bool:
    return part[0] != one[0] and part[0] in one[0] and part[1].scope == one[1].scope


def _rarer(one: _Found, part: _Found) -> bool:
    """Whether a phrase is so much rarer than its part that what it has more stands beside it by chance."""
    return one[1].count < _NEARLY_ALL * part[1].count


def _at_end(match: re.Match[str]) -> bool:
    """Whether it begins or ends its paragraph."""
    return 0 in (match.start("phrase"), len(match.string) - match.end())

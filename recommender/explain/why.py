"""The nouns of an explanation, and how words that match side by side make phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from recommender.types import Span


@dataclass(frozen=True)
class Mark:
    """What a word, with all its places, or a sentence gives to the score."""

    spans: tuple[Span, ...]
    contribution: float


@dataclass(frozen=True)
class WordPair:
    """A word of the query and a word of the article, with all places of both.

    ``contribution`` is what they give to the score, ``likeness`` the cosine of the two; ``same`` says that they are one
    word, but for case, width and the kind of Chinese characters.
    """

    query: tuple[Span, ...]
    article: tuple[Span, ...]
    contribution: float
    likeness: float
    same: bool


@dataclass(frozen=True)
class Why:
    """Why a passage matches a query.

    ``score`` is their cosine. Where the model can be taken apart, ``method`` is "words": a mark is a word with what it
    gives to the cosine, and ``pairs`` are the pairs of words that give most, each word in one. ``phrases`` are those of
    the pairs that are the same or mean much the same, joined where they stand side by side, in the same order, in both
    texts; a pair alone is a phrase of one, and one that stands in several phrases is in each. Else ``method`` is
    "sentences": a mark is a sentence with what the cosine loses when it is left out, and there are no pairs. All are
    ordered best first, and only what raises the score is there. Between single sentences, as titles are, ``form`` then
    has the places in the query of words of form that both have, with what the cosine loses without them on both sides.
    """

    score: float
    method: Literal["words", "sentences"]
    query: tuple[Mark, ...]
    article: tuple[Mark, ...]
    pairs: tuple[WordPair, ...] = ()
    phrases: tuple[tuple[WordPair, ...], ...] = ()
    form: Mark | None = None

    @property
    def rest(self) -> float:
        """What all other pairs of words give together: with ``pairs`` it adds up to ``score``."""
        return self.score - sum(pair.contribution for pair in self.pairs)


def common_runs(query: Sequence[int], article: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Runs of pairs that stand side by side in both lines of words, as positions in ``pairs``.

    The lines are numbers of words in order. Each run is as long as it can be from where the one before ends; a run that
    comes again is there once. A pair that stands alone is a run of one.
    """
    there = _spelled(query, {i: chr(_FIRST + at) for at, (i, _) in enumerate(pairs)})
    here = _spelled(article, {j: chr(_FIRST + at) for at, (_, j) in enumerate(pairs)})
    runs: dict[str, None] = {}
    for stretch in re.findall(r"[^ ]+", there):
        start = 0
        for end in range(1, len(stretch) + 1):
            if end == len(stretch) or stretch[start : end + 1] not in here:
                runs[stretch[start:end]] = None
                start = end
    return [[ord(character) - _FIRST for character in run] for run in runs]


# Letters of a private alphabet: a line of words becomes a string, and runs are found as fast as strings are.
_FIRST = 0xE000


def _spelled(line: Sequence[int], letters: Mapping[int, str]) -> str:
    return "".join([letters.get(word, " ") for word in line])

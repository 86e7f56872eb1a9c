"""Records of editors whose taste is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from recommender.calibrate import BUILT_IN, WEAK, relevance
from recommender.fit import Numbers, Sample, in_words
from recommender.library import Library, Recorded
from recommender.types import Change, Decision, Proposal, Proposals, Ranking

Taste = Callable[[Numbers], Numbers]  # closeness (n,) -> the chance that a piece is kept
LENGTH = 10


def logistic(start: float, slope: float) -> Taste:
    """Editors who keep more of what is closer, and begin at exp(start) to 1."""
    return lambda closeness: 1 / (1 + np.exp(-(start + slope * closeness)))


# Those that the words in force mislead, those that they do not, and those to whom closeness does not matter.
STRICT = logistic(-2, 8)
AS_PROMISED: Taste = lambda closeness: in_words(closeness, BUILT_IN)  # noqa: E731
EVEN: Taste = lambda closeness: np.full_like(closeness, 0.75)  # noqa: E731
CONTRARY = logistic(2, -5)


def simulated(taste: Taste, lists: int, seed: int = 0) -> Sample:
    """What they keep of what is offered in so many lists."""
    rng = np.random.default_rng(seed)
    closeness = np.maximum(rng.beta(1.6, 4, lists * LENGTH), WEAK).round(4)
    kept = rng.random(len(closeness)) < taste(closeness)
    return Sample(closeness, kept.astype(np.float64), np.repeat(np.arange(lists), LENGTH))


def put_on_record(library: Library, of: Sample, revision: str = "1", of_list: str = "essay") -> None:
    """The record of an editor who hides what is not kept, and publishes."""
    library.decisions.merge(_recorded(of, revision, of_list))


def _recorded(of: Sample, revision: str, of_list: str) -> Iterator[Recorded]:
    for number in np.unique(of.essays).tolist():
        part, essay = of.part(np.flatnonzero(of.essays == number)), f"{of_list} {number}"
        rows = [
            Proposal(f"{number}/{place}", (), closeness, relevance(closeness), "因为", "Because")
            for place, closeness in enumerate(part.closeness.tolist())
        ]
        yield number, Proposals(essay, "digest", "words", revision, Ranking(), tuple(rows))
        changes = [Change("hide", row.piece) for row, kept in zip(rows, part.kept, strict=True) if not kept]
        for change in (*changes, Change("publish")):
            uid = f"{essay} {change.action} {change.piece}"
            yield Decision(0, uid, essay, "编辑甲", "2026-01-01T00:00:00+00:00", number, change)

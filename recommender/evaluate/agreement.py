"""Two lists of ids, such as what a page lists and what the texts say -> how far they agree."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import kendalltau


def overlap(listed: Sequence[str], found: Sequence[str], k: int) -> float:
    """The share that the first k of two lists have in common, 0 to 1; of the longer one, if both have less than k.

    Raises ValueError for a k below 1.
    """
    if k < 1:
        raise ValueError(f"k counts the ids compared and is 1 or more, got {k}")
    one, other = set(listed[:k]), set(found[:k])
    return len(one & other) / max(len(one), len(other), 1)


def rank_correlation(listed: Sequence[str], found: Sequence[str]) -> float | None:
    """Kendall's tau of the places that the ids in both lists have, -1 to 1; None if fewer than two are in both."""
    one, other = ({id_: place for place, id_ in enumerate(dict.fromkeys(ids))} for ids in (listed, found))
    common = [id_ for id_ in one if id_ in other]
    if len(common) < 2:
        return None
    return float(kendalltau([one[id_] for id_ in common], [other[id_] for id_ in common]).statistic)

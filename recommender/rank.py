"""Candidates -> one row an article, in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.search import Rows, Scores, top_k


def best_passages(scores: Scores, owners: NDArray[np.intp], k: int) -> Rows:
    """The best passage of each of the k best articles, best first.

    ``scores`` (p,) are the passages' similarities to the query, -inf for those that must not appear, and ``owners``
    (p,) the numbers 0, 1, ... of the articles they belong to. An article scores what its best passage does; ties keep
    the order of the articles, and within an article of the passages. Raises ValueError for a negative k.
    """
    if not len(scores):
        return top_k(scores, k)
    best = np.full(owners.max() + 1, -np.inf, dtype=np.float32)
    np.maximum.at(best, owners, scores)
    articles = [a for a in top_k(best, k) if np.isfinite(best[a])]
    return np.array([np.flatnonzero((owners == a) & (scores == best[a]))[0] for a in articles], dtype=np.intp)

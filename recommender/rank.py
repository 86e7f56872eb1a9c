"""Candidates -> one row an article, in order."""

from __future__ import annotations

import numpy as np

from recommender.library import Numbers
from recommender.search import Rows, Scores, top_k


def best_passages(scores: Scores, owners: Numbers, k: int) -> Rows:
    """The best passage of each of the k best articles, best first.

    ``scores`` (p,) are the passages' similarities to the query, -inf for those that must not appear, and ``owners``
    (p,) the numbers, whichever, of the articles that they belong to. An article scores what its best passage does; ties
    keep the order of the articles' numbers, and within an article of the passages. Raises ValueError for a negative k.
    """
    articles, owned = np.unique(owners, return_inverse=True)
    best = np.full(len(articles), -np.inf, np.float32)
    np.maximum.at(best, owned, scores)
    chosen = [a for a in top_k(best, k) if np.isfinite(best[a])]
    return np.array([np.flatnonzero((owned == a) & (scores == best[a]))[0] for a in chosen], dtype=np.intp)

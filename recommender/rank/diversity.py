"""Order that does not repeat itself: maximal marginal relevance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors
from recommender.search import Rows, Scores, cosine, top_k


def mmr(scores: Scores, vectors: Vectors, diversity: float, k: int) -> Rows:
    """The rows of k of n candidates, chosen one by one: each is relevant and unlike those before it.

    The greedy rule of Carbonell and Goldstein (1998, The use of MMR, diversity-based reranking): next comes the highest
    ``(1 - diversity) * relevance - diversity * (the highest cosine to one chosen before)``. ``scores`` (n,) are on any
    scale; relevance is their place between the lowest (0) and the highest (1) of the candidates, so that it moves
    within about the same range as the cosines of ``vectors`` (n, d), which are unit rows. The first is the best by
    score. ``diversity`` 0 gives exactly the order of ``top_k``, 1 looks at difference alone; ties keep order of
    position.

    Raises ValueError for a diversity outside 0 to 1, scores that are not finite, a negative k, or other numbers of
    scores than of vectors.
    """
    if not 0 <= diversity <= 1:
        raise ValueError(f"diversity is between 0 and 1, got {diversity}")
    if scores.shape != vectors.shape[:1]:
        raise ValueError(f"each vector has a score, got {scores.shape} scores and {vectors.shape} vectors")
    if not np.isfinite(scores).all():
        raise ValueError("scores are finite; leave out before what must not appear")
    plain = top_k(scores, k)
    if diversity == 0 or not len(plain):
        return plain
    gains = (1 - diversity) * _between(scores)
    nearest = np.full(len(scores), -np.inf)
    chosen = [int(plain[0])]
    while len(chosen) < len(plain):
        np.maximum(nearest, cosine(vectors[chosen[-1:]], vectors)[0], out=nearest)
        nearest[chosen[-1]] = np.inf  # never again
        chosen.append(int((gains - diversity * nearest).argmax()))
    return np.array(chosen, np.intp)


def _between(scores: Scores) -> NDArray[np.float64]:
    """Where each score lies between the lowest and the highest; 0 if all are the same."""
    low, high = float(scores.min()), float(scores.max())
    return (scores.astype(np.float64) - low) / ((high - low) or 1)

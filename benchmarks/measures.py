"""How well scores agree with people's, x 100: figures of the benchmarks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import pairwise_distances

from benchmarks.methods import Scores
from recommender.embed import Vectors

K = 10
NEIGHBOURS = 5
_BLOCK = 100  # points whose distances from all are in memory at once


def agreement(scores: Scores, of_people: Sequence[float]) -> float:
    """Spearman's rank correlation of the scores of pairs with people's."""
    return 100 * float(spearmanr(scores, of_people).statistic)


def translation_accuracy(scores: Scores) -> float:
    """How often text i is the best of all for its translation i; the mean of both directions."""
    own = np.arange(len(scores))
    return 100 * float(np.mean([scores.argmax(axis=0) == own, scores.argmax(axis=1) == own]))


def vote_accuracy(scores: Scores, labels: Sequence[str]) -> float:
    """How often the most frequent label of the nearest others (k-NN, leave one out) is the own one."""
    codes = np.unique(labels, return_inverse=True)[1]
    votes = [np.bincount(codes[found]).argmax() for found in best(without_self(scores), NEIGHBOURS)]
    return 100 * float(np.mean(votes == codes))


def reciprocal_rank(scores: Scores) -> float:
    """Mean reciprocal rank of candidate i for query i, 0 if it is not among the first ten (MRR@10)."""
    ranks = [np.flatnonzero(found == own) + 1 for own, found in enumerate(best(scores, K))]
    return 100 * float(np.mean([1 / rank[0] if rank.size else 0 for rank in ranks]))


def ndcg(found: Sequence[int], relevant: Collection[int]) -> float:
    """nDCG@10 of one query with gains 0 and 1 (Järvelin and Kekäläinen, 2002), of what was found, best first."""
    discounts = 1 / np.log2(np.arange(2, K + 2))
    hits = np.isin(found[:K], list(relevant))
    return 100 * float(hits @ discounts[: len(hits)] / discounts[: len(relevant)].sum())


def without_self(scores: Scores) -> Scores:
    """Put candidate i last for query i."""
    return np.where(np.eye(len(scores), dtype=bool), -np.inf, scores)


def best(scores: Scores, k: int) -> NDArray[np.intp]:
    """Give the k best candidates of each query, best first; of equals the first."""
    return np.stack([np.argsort(-row, kind="stable")[:k] for row in scores])


def trustworthiness(x: Vectors, y: Vectors, queries: NDArray[np.intp], k: int = K) -> float:
    """How near what is nearest in y (n, e) to some of n points (m,) is in x (n, d): 1 if it is the nearest there, too.

    scikit-learn's measure (Venna and Kaski, 2001), which takes all points as queries and n x n distances; 0.5 is what
    chance gives. With x and y exchanged it is continuity.
    """
    beyond = 0
    for some in np.array_split(queries, max(1, len(queries) // _BLOCK)):
        away, seen = (_away(points, some) for points in (x, y))
        for column in np.argpartition(seen, k, axis=1)[:, : k + 1].T:
            ranks = (away < np.take_along_axis(away, column[:, np.newaxis], axis=1)).sum(axis=1)
            beyond += int(np.maximum(ranks - k, 0).sum())
    return 1 - 2 * beyond / (len(queries) * k * (2 * len(x) - 3 * k - 1))


def _away(points: Vectors, queries: NDArray[np.intp]) -> Vectors:
    """The distances (m, n) of some of n points from all, each of which is below 0 from itself: it comes first."""
    away: Vectors = pairwise_distances(points[queries], points)
    away[np.arange(len(queries)), queries] = -1
    return away

"""Unit vectors -> the nearest of each. Exact, and the same on every machine with any number of threads."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors

Rows = NDArray[np.int64]

K = 10
# Vectors are rounded to whole numbers of this length. The sums in a product of two then stay below 2**24 by Cauchy and
# Schwarz, and float32 is exact up to there: they come out the same in whatever order a machine adds them up.
_LENGTH = 4000
_BLOCK = 4096  # queries at a time


def count(n: int) -> int:
    """How many neighbours tell where one of n points belongs: ``K``, of few points the square root of their number."""
    return max(min(K, isqrt(n), n - 1), 0)


def nearest(
    vectors: Vectors, queries: Vectors, k: int, watch: Callable[[float], None] = lambda share: None
) -> tuple[Rows, Vectors]:
    """The rows (m, k) of the k nearest of unit vectors (n, d) to each of the queries (m, d), and their cosines (m, k).

    Best first. ``watch`` is told the share that is done.
    """
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(_whole(vectors))
    rows, scores = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
    for start in range(0, len(queries), _BLOCK):
        block = slice(start, start + _BLOCK)
        scores[block], rows[block] = index.search(_whole(queries[block]), k)
        watch(min(1, (start + _BLOCK) / len(queries)))
    return rows, scores / np.float32(_LENGTH**2)


def among_themselves(vectors: Vectors, watch: Callable[[float], None] = lambda share: None) -> Rows:
    """The rows (n, k) of the nearest others of each of unit vectors (n, d), best first; k is ``count(n)``."""
    k = count(len(vectors))
    if not k:
        return np.empty((len(vectors), 0), np.int64)
    return without_own(nearest(vectors, vectors, k + 1, watch)[0])


def without_own(rows: Rows) -> Rows:
    """Neighbours (n, k + 1) of n points without the points themselves (n, k).

    Where equal ones have pushed the point itself out, the last goes.
    """
    others = rows != np.arange(len(rows))[:, np.newaxis]
    others[others.all(axis=1), -1] = False
    found: Rows = rows[others].reshape(len(rows), -1)
    return found


def _whole(vectors: Vectors) -> Vectors:
    return np.round(vectors * np.float32(_LENGTH))

"""Unit vectors -> the nearest of each, the same on every run, with any number of threads."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors

if TYPE_CHECKING:
    import faiss

Rows = NDArray[np.int64]
# Is told the share that is done. What it raises ends the work.
Watch = Callable[[float], None]

# How many neighbours say where a point belongs.
NEAR = 10
# Up to so many vectors all are compared with all, which takes ten seconds of one core.
EXACT = 30_000
# Vectors are rounded to whole numbers of this length. By Cauchy and Schwarz no sum within a product of two reaches
# 2**24 then, up to where float32 is exact: it comes out the same in whatever order a machine adds.
_LENGTH = 4000
_BLOCK = 4096  # queries at a time
# Above EXACT the vectors are in lists, and the nearest lists are searched. On 83,693 articles that finds 0.96 of the
# true neighbours in a fifth of the time.
_LISTS_PER_ROOT, _PROBES, _TURNS, _TRAINED_ON = 4, 24, 5, 64


def nobody(share: float) -> None:
    """Watches without a word."""


def neighbours(vectors: Vectors, watch: Watch = nobody) -> Rows:
    """The rows (n, k) of the nearest others of each of unit vectors (n, d), best first.

    k is ``NEAR``, or the root of n where that is less.
    """
    n = len(vectors)
    k = min(NEAR, math.isqrt(n), n - 1)
    if k < 1:
        return np.empty((n, 0), np.int64)
    return _without_own(nearest(vectors, vectors, k + 1, watch))


def nearest(vectors: Vectors, queries: Vectors, k: int, watch: Watch = nobody) -> Rows:
    """The rows (m, k) of those of unit vectors (n, d) that are nearest to each of the queries (m, d), best first."""
    index = _index(vectors)
    rows = np.empty((len(queries), k), np.int64)
    for start in range(0, len(queries), _BLOCK):
        block = slice(start, start + _BLOCK)
        rows[block] = index.search(_whole(queries[block]), k)[1]
        watch(min(1.0, (start + _BLOCK) / len(queries)))
    return rows


def _index(vectors: Vectors) -> faiss.Index:
    import faiss

    n, dimension = vectors.shape
    index: faiss.Index = faiss.IndexFlatL2(dimension)
    if n > EXACT:
        lists = _LISTS_PER_ROOT * math.isqrt(n)
        index = faiss.IndexIVFFlat(index, dimension, lists)
        index.nprobe = _PROBES
        index.cp.int_centroids, index.cp.niter, index.cp.max_points_per_centroid = True, _TURNS, _TRAINED_ON
        index.train(_whole(vectors[:: max(1, n // (lists * _TRAINED_ON))]))
    for start in range(0, n, _BLOCK):
        index.add(_whole(vectors[start : start + _BLOCK]))
    return index


def _without_own(rows: Rows) -> Rows:
    """Neighbours (n, k + 1) of n points without the points themselves (n, k).

    Where equal ones have pushed the point itself out, the last goes.
    """
    others = rows != np.arange(len(rows))[:, np.newaxis]
    others[others.all(axis=1), -1] = False
    left: Rows = rows[others].reshape(len(rows), -1)
    return left


def _whole(vectors: Vectors) -> Vectors:
    return np.round(vectors * np.float32(_LENGTH))

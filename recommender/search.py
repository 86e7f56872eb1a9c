"""A query vector and stored vectors -> the nearest passages. Exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors

Rows = NDArray[np.intp]
Scores = NDArray[np.float32]

# The last bits of a float32 cosine are noise: the same text comes out of a model a little different in other company.
_DECIMALS = 6


def cosine(queries: Vectors, vectors: Vectors) -> Vectors:
    """Cosine similarities (q, p) of unit rows (q, d) and (p, d). Equal rows score equally, wherever they stand."""
    # One dot product at a time: a matrix product adds up equal rows in different orders at different places, and
    # then ties would be broken by noise and not by position.
    scores: Vectors = np.vecdot(queries[:, np.newaxis], vectors)
    return np.round(scores, _DECIMALS)


def top_k(scores: Scores, k: int) -> Rows:
    """The positions of the k highest of (p,) scores, best first, ties in order of position.

    Equal to a full stable sort, in linear time. Raises ValueError for a negative k.
    """
    if k < 0:
        raise ValueError(f"k counts results and cannot be negative, got {k}")
    if k == 0 or not len(scores):
        return np.empty(0, dtype=np.intp)
    if k < len(scores):
        threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
        rows = np.flatnonzero(scores >= threshold)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")][:k]

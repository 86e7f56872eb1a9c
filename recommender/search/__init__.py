"""Arrays in, the nearest out: cosines, the highest scores, the best passages of articles and of blocks. Exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors
from recommender.library import Matrix, Numbers

Rows = NDArray[np.intp]
Scores = NDArray[np.float32]

# The last bits of a float32 cosine are noise: the same text comes out of a model a little different in other company.
_DECIMALS = 6
# Rows that a core's cache holds while all queries pass over them: 12 queries take 0.6 of the time.
_CACHED = 1_024


def cosine(queries: Vectors, vectors: Vectors) -> Vectors:
    """Cosine similarities (q, p) of unit rows (q, d) and (p, d). Equal rows score equally, wherever they stand."""
    # One dot product at a time: a matrix product adds up equal rows in different orders at different places, and
    # then ties would be broken by noise and not by position. A single query takes what reading the vectors takes.
    scores = np.empty((len(queries), len(vectors)), np.float32)
    for start in range(0, len(vectors), _CACHED):
        rows = slice(start, start + _CACHED)
        np.vecdot(queries[:, np.newaxis], vectors[rows], out=scores[:, rows])
    return np.round(scores, _DECIMALS, out=scores)


def top_k(scores: Scores, k: int) -> Rows:
    """The positions of the k highest of (p,) scores, best first, ties in order of position.

    Equal to a full stable sort, in linear time. Raises ValueError for a negative k.
    """
    refuse_negative(k)
    if k == 0 or not len(scores):
        return np.empty(0, dtype=np.intp)
    if k < len(scores):
        threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
        rows = np.flatnonzero(scores >= threshold)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")][:k]


def best_passages(scores: Scores, owners: Numbers, k: int) -> Rows:
    """The best passage of each of the k best articles, best first.

    ``scores`` (p,) are the passages' similarities to the query, -inf for those that must not appear, and ``owners``
    (p,) the numbers, whichever, of the articles that they belong to. An article scores what its best passage does; ties
    keep the order of the articles' numbers, and within an article of the passages. Raises ValueError for a negative k.
    """
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(owners[order], return_index=True)
    best = order[first]  # of each article, in order of their numbers
    chosen = best[top_k(scores[best], k)]
    return chosen[np.isfinite(scores[chosen])]


@dataclass(frozen=True)
class Candidates:
    """The nearest passages of q queries, best first, ties in order of number.

    ``numbers``, ``owners`` (of their articles) and ``scores`` (cosines) are (q, c). Where one query has fewer passages
    than another, its last places have the score -inf and the number -1. ``exact`` says that none can be missing.
    """

    numbers: Numbers
    owners: Numbers
    scores: Scores
    exact: bool


def best_of(
    queries: Vectors,
    found: Iterable[Matrix],
    k: int,
    among: Numbers | None = None,
    without: int | None = None,
    exact: bool = True,
) -> Candidates:
    """The k best of the passages in blocks, whose numbers rise from block to block.

    ``among`` and ``without`` leave out passages as ``Searcher.nearest`` does. Raises ValueError for a negative k.
    """
    refuse_negative(k)
    best = [_no_candidates(len(queries), exact)]
    for block in found:
        scores = cosine(queries, block.vectors)
        if without is not None:
            scores[:, block.owners == without] = -np.inf
        if among is not None:
            scores[:, ~np.isin(block.numbers, among)] = -np.inf
        rows = np.array([top_k(row, k) for row in scores], np.intp).reshape(len(queries), min(k, len(block.numbers)))
        best.append(Candidates(block.numbers[rows], block.owners[rows], np.take_along_axis(scores, rows, 1), exact))
    return _merged(best, k)


def _merged(parts: Sequence[Candidates], k: int) -> Candidates:
    """The k best of several, of which each has higher numbers than the one before."""
    scores = np.concatenate([part.scores for part in parts], axis=1)
    numbers = np.concatenate([part.numbers for part in parts], axis=1)
    owners = np.concatenate([part.owners for part in parts], axis=1)
    rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    numbers, owners, scores = (np.take_along_axis(values, rows, axis=1) for values in (numbers, owners, scores))
    filled = np.isfinite(scores)
    width = filled.sum(axis=1).max(initial=0)
    numbers, owners = (np.where(filled, values, -1)[:, :width] for values in (numbers, owners))
    return Candidates(numbers, owners, scores[:, :width], parts[0].exact)


def _no_candidates(queries: int, exact: bool) -> Candidates:
    none = np.empty((queries, 0), np.int64)
    return Candidates(none, none, np.empty((queries, 0), np.float32), exact)


def refuse_negative(k: int) -> None:
    """Raise ValueError if k, which counts results, is negative."""
    if k < 0:
        raise ValueError(f"k counts results and cannot be negative, got {k}")

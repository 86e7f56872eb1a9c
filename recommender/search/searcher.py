"""A library and query vectors -> the nearest passages: all compared, or above a size the candidates of an index."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from recommender.embed import Vectors
from recommender.library import EVERYTHING, Library, Matrix, Numbers
from recommender.library.index import blocks
from recommender.library.upkeep import IndexKeeper, Standing
from recommender.search import Candidates, Scores, best_of, cosine

# Up to so many passages all vectors are kept in memory (300 MB at 384 dimensions), and all are compared.
EXACT = 200_000
# A filter that leaves no more than these is searched exactly: reading so many from the record takes 12 ms, where the
# index of a million passages takes 6 and may miss some.
NARROW = 1_000
# Candidates of the index for each place, to be scored exactly: 8-bit codes order neighbours nearly as the vectors do.
# Measured on 300,000 real passages, recall@10 is 0.964 with one, 0.975 with two, 0.976 with four.
_RESCORED = 2
# Asked for first for each article wanted: most articles have few passages among a query's best.
_PASSAGES = 4
_WIDER = 4
# Rows compared, or read from the record, at a time: bounds the memory, whatever the size of the library.
_BLOCK = 32_768


class Searcher:
    """The nearest passages of a library: of up to ``exact`` in memory, of more by an index.

    The index of a large library is built in the background. Until it is there, all vectors are read from the record.
    """

    def __init__(self, library: Library, exact: int = EXACT) -> None:
        self.keeper = IndexKeeper(library)
        self._library = library
        self._exact = exact

    def prepare(self) -> None:
        """Have the index that the library is large enough for, before anyone asks; waits until it is built."""
        numbers = self._library.numbers(EVERYTHING)
        if len(numbers) > self._exact:
            self.keeper.standing(numbers)
            self.keeper.wait()

    def nearest(self, queries: Vectors, k: int, among: Numbers | None = None, without: int | None = None) -> Candidates:
        """The k nearest passages of each of the unit rows (q, d).

        ``among`` limits them to the passages with these rising numbers. ``without`` is the number of an article whose
        passages are left out. Raises ValueError for a negative k.
        """
        if k <= 0:
            return best_of(queries, [], k)
        numbers = self._library.numbers(EVERYTHING)
        if len(numbers) <= self._exact:
            return best_of(queries, _sliced(self._library.matrix()), k, among, without)
        is_narrow = among is not None and len(among) <= NARROW
        if is_narrow or not (standing := self.keeper.standing(numbers)):
            compared = blocks(self._library, numbers if among is None else among, _BLOCK)
            return best_of(queries, compared, k, without=without)
        return self._by_index(standing, queries, k, among, without)

    def nearest_articles(
        self, queries: Vectors, k: int, among: Numbers | None = None, without: int | None = None
    ) -> Candidates:
        """Passages among which is the best one of each query's k best articles; for the rest as ``nearest``."""
        if k <= 0:
            return self.nearest(queries, k)
        count = _PASSAGES * k
        while True:
            found = self.nearest(queries, count, among, without)
            if found.scores.shape[1] < count or _have_articles(found, k):
                return found
            count *= _WIDER

    def scores_of(self, queries: Vectors, numbers: Numbers) -> Scores:
        """Cosines (q, m) of unit rows (q, d) and the passages with these numbers (m,); -inf for one that is gone."""
        there = self.held(numbers)
        known = np.isin(numbers, there.numbers)
        scores = np.full((len(queries), len(numbers)), -np.inf, np.float32)
        scores[:, known] = cosine(queries, there.vectors)[:, np.searchsorted(there.numbers, numbers[known])]
        return scores

    def held(self, numbers: Numbers) -> Matrix:
        """Those of the passages with these rising numbers that are there: from memory where all are kept in it."""
        if len(self._library.numbers(EVERYTHING)) > self._exact:
            return self._library.vectors(numbers)
        every = self._library.matrix()
        rows = np.flatnonzero(np.isin(every.numbers, numbers))
        return Matrix(every.numbers[rows], every.owners[rows], every.vectors[rows])

    def _by_index(
        self, standing: Standing, queries: Vectors, k: int, among: Numbers | None, without: int | None
    ) -> Candidates:
        """By the candidates of the index, more of them as long as too many are gone or left out."""
        index, effort = standing.index, 1
        while True:
            count = _RESCORED * k * effort
            near = blocks(self._library, index.candidates(queries, count, among, effort), _BLOCK)
            found = best_of(queries, chain(near, _sliced(standing.tail)), k, among, without, exact=False)
            if count >= index.size or (found.scores.shape[1] == k and np.isfinite(found.scores).all()):
                return found
            effort *= _WIDER


def _have_articles(found: Candidates, k: int) -> bool:
    """Whether it is settled for every query which are its k best articles.

    Exact candidates that tie with the last one may tie with passages of other articles that were not asked for.
    """
    last = found.scores.min(axis=1, keepdims=True, initial=np.inf)
    settled = (found.scores > last) if found.exact else np.isfinite(found.scores)
    return all(len(np.unique(owners[rows])) >= k for owners, rows in zip(found.owners, settled, strict=True))


def _sliced(matrix: Matrix) -> Iterator[Matrix]:
    """A matrix in blocks of rows."""
    for start in range(0, len(matrix.numbers), _BLOCK):
        rows = slice(start, start + _BLOCK)
        yield Matrix(matrix.numbers[rows], matrix.owners[rows], matrix.vectors[rows])

"""A library that is only arrays: what search asks of the record, without a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recommender.embed import Vectors
from recommender.library import Matrix, Numbers
from recommender.types import Filter


class ArrayLibrary:
    """Passages with the numbers 10, 11, ...; ``read`` counts the rows of vectors that were asked for one by one."""

    def __init__(self, path: Path, vectors: Vectors, owners: Numbers, identity: str = "one") -> None:
        self.name = str(path)
        self.identity = identity
        self.read = 0
        self._next = 10
        self._matrix = Matrix(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, vectors.shape[1]), np.float32))
        self.add(vectors, owners)

    def add(self, vectors: Vectors, owners: Numbers) -> Numbers:
        """Add passages and return their numbers."""
        numbers = np.arange(self._next, self._next + len(vectors))
        self._next += len(vectors)
        old = self._matrix
        self._matrix = Matrix(
            np.concatenate([old.numbers, numbers]),
            np.concatenate([old.owners, np.asarray(owners, np.int64)]),
            np.concatenate([old.vectors, vectors]),
        )
        return numbers

    def remove(self, numbers: Numbers) -> None:
        self._matrix = self._rows(~np.isin(self._matrix.numbers, numbers))

    def numbers(self, among: Filter) -> Numbers:
        assert among == Filter()
        return self._matrix.numbers

    def vectors(self, numbers: Numbers) -> Matrix:
        self.read += len(numbers)
        return self._rows(np.isin(self._matrix.numbers, numbers))

    def matrix(self) -> Matrix:
        return self._matrix

    def _rows(self, chosen: np.ndarray) -> Matrix:
        return Matrix(self._matrix.numbers[chosen], self._matrix.owners[chosen], self._matrix.vectors[chosen])


def unit(rows: Vectors) -> Vectors:
    """Rows scaled to unit length."""
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def clustered(rng: np.random.Generator, p: int, d: int, clusters: int = 200, spread: float = 0.5) -> Vectors:
    """Unit rows (p, d) around planted centres: nearest neighbours share a centre."""
    centres = unit(rng.normal(size=(clusters, d)))
    return unit(centres[rng.integers(clusters, size=p)] + spread / d**0.5 * rng.normal(size=(p, d)))

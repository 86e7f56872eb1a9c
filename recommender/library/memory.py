"""The passages kept in memory, brought up to date by what has changed since they were last asked for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors
from recommender.library import Matrix, Numbers
from recommender.library.forms import matrix_of
from recommender.library.reading import current_model

Number = TypeVar("Number", np.int64, np.float32)

_ROWS = 4096  # fetched at once: a few megabytes of vectors
_SPARE = 8  # room for an eighth more is kept, so that what is added seldom moves what is there


class _State(NamedTuple):
    """What a memory has seen: the model, and the last numbers of ``passages`` and of the log ``removed``."""

    model: int
    passage: int
    removal: int


_UNSEEN = _State(0, 0, 0)


class Memory:
    """Numbers and owners of all passages, and their vectors unless ``bare``.

    A Matrix that was given out never changes: what is added stands behind its end, and what is removed makes a copy.
    """

    def __init__(self, reading: Callable[[], AbstractContextManager[sqlite3.Connection]], *, bare: bool) -> None:
        self._reading = reading
        self._bare = bare
        self._lock = threading.Lock()
        self._state: _State
        self._matrix: Matrix
        # Rows beyond the matrix' end are room for more.
        self._numbers: Numbers
        self._owners: Numbers
        self._vectors: Vectors
        self._forget(0)

    def matrix(self) -> Matrix:
        """The passages as they are now; the same object while nothing changes. ``vectors`` is (p, 0) if bare.

        Raises sqlite3.DatabaseError if a passage has no vector.
        """
        # The lock comes first: then who reads a later moment also brings up to date later.
        with self._lock, self._reading() as db:
            model, _, _, dimension = (0, "", "", 0) if self._bare else current_model(db)
            state = _State(model, last_number(db, "passages"), last_number(db, "removed"))
            if state != self._state:
                self._update(db, state, dimension)
            return self._matrix

    def _update(self, db: sqlite3.Connection, state: _State, dimension: int) -> None:
        gone = None
        if self._state != _UNSEEN and (state.model, dimension) == (self._state.model, self._matrix.vectors.shape[1]):
            gone = _removed(db, self._state.removal, state.removal)
        if gone is None:
            self._forget(dimension)
        kept = ~np.isin(self._matrix.numbers, [] if gone is None else gone)
        (more,) = db.execute("SELECT count(*) FROM passages WHERE number > ?", (self._state.passage,)).fetchone()
        rows = int(kept.sum())
        if not kept.all() or rows + more > len(self._numbers):
            self._move(kept, rows + more + (rows + more) // _SPARE)
        for numbers, owners, vectors in _since(db, self._state.passage, state.model, dimension):
            end = rows + len(numbers)
            self._numbers[rows:end], self._owners[rows:end], self._vectors[rows:end] = numbers, owners, vectors
            rows = end
        self._matrix = Matrix(_fixed(self._numbers[:rows]), _fixed(self._owners[:rows]), _fixed(self._vectors[:rows]))
        self._state = state

    def _forget(self, dimension: int) -> None:
        self._state = _UNSEEN
        self._numbers, self._owners = np.empty(0, np.int64), np.empty(0, np.int64)
        self._vectors = np.empty((0, dimension), np.float32)
        self._matrix = Matrix(self._numbers, self._owners, self._vectors)

    def _move(self, kept: NDArray[np.bool_], room: int) -> None:
        """Copy what is kept into new arrays with room for so many rows."""
        old, rows = self._matrix, int(kept.sum())
        self._numbers, self._owners = np.empty(room, np.int64), np.empty(room, np.int64)
        self._vectors = np.empty((room, old.vectors.shape[1]), np.float32)
        self._numbers[:rows], self._owners[:rows] = old.numbers[kept], old.owners[kept]
        # Run by run: picking rows one by one takes ten times as long.
        edges = np.flatnonzero(np.diff(kept, prepend=False, append=False)).reshape(-1, 2)
        end = 0
        for first, last in edges.tolist():
            start, end = end, end + last - first
            self._vectors[start:end] = old.vectors[first:last]


def last_number(db: sqlite3.Connection, table: str) -> int:
    """The last number that was given out in a table, 0 for none."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) if found else 0


def _removed(db: sqlite3.Connection, after: int, last: int) -> Numbers | None:
    """The passages that the log says went since; None if the log does not reach back so far."""
    rows = db.execute("SELECT passage FROM removed WHERE sequence > ?", (after,))
    numbers = np.fromiter((number for (number,) in rows), np.int64)
    return numbers if len(numbers) == last - after else None


def _since(db: sqlite3.Connection, last: int, model: int, dimension: int) -> Iterator[tuple[Numbers, Numbers, Vectors]]:
    """The passages after the last that was seen, block by block, with vectors if ``dimension`` is not 0."""
    query = "SELECT number, article, x'' FROM passages WHERE number > ? ORDER BY number"
    if dimension:
        vector = f"SELECT vector FROM vectors WHERE text = passages.text AND model = {model}"
        query = query.replace("x''", f"coalesce(({vector}), x'')")
    rows = db.execute(query, (last,))
    while block := rows.fetchmany(_ROWS):
        numbers, owners, vectors = zip(*block, strict=True)
        yield np.array(numbers, np.int64), np.array(owners, np.int64), matrix_of(vectors, dimension)


def _fixed(view: NDArray[Number]) -> NDArray[Number]:
    """The view, not to be written to."""
    view.flags.writeable = False
    return view

"""The map of a library in its file, a drawing for each model; see ``Atlases``."""

from __future__ import annotations

import sqlite3
from itertools import islice

import numpy as np

from recommender.embed import Vectors
from recommender.library import Numbers
from recommender.library.connections import Connections
from recommender.library.forms import matrix_of
from recommender.library.memory import last_number
from recommender.library.reading import current_model, rows_in

_TABLE = """
CREATE TABLE atlases (
    number INTEGER PRIMARY KEY AUTOINCREMENT, model INTEGER NOT NULL UNIQUE REFERENCES models ON DELETE CASCADE,
    drawing BLOB NOT NULL
)
"""
_WEIGHTED = (
    "SELECT article, end - start, vector FROM passages JOIN vectors USING (text) WHERE model = ? AND article IN ({}) "
    "ORDER BY article, passages.number"
)
# A passage keeps its number as long as its text stays, and a new one has a higher number than any before: an article
# that has the same highest number and as many passages as before says the same.
_VERSIONS = "SELECT article, max(number) << 20 | count(*) FROM passages GROUP BY article ORDER BY article"
_ROWS = 4096  # fetched at once: a few megabytes of vectors


def create(db: sqlite3.Connection) -> None:
    """Make the table, within a transaction of the caller."""
    db.execute(_TABLE)


class SqliteAtlases:
    """The map in the file of a library; see ``Atlases``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def state(self) -> tuple[int, ...]:
        """Numbers that change with the map, the articles' texts and the model that is searched by."""
        with self._connections.reading() as db:
            return (current_model(db)[0], *(last_number(db, table) for table in ("atlases", "passages", "removed")))

    def drawing(self) -> bytes | None:
        """The map for the model that is searched by."""
        with self._connections.reading() as db:
            found = db.execute("SELECT drawing FROM atlases WHERE model = ?", (current_model(db)[0],)).fetchone()
        return found[0] if found else None

    def put(self, revision: str, drawing: bytes) -> None:
        """Keep the map for the model of this revision; it takes the place of the one before."""
        with self._connections.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO atlases (model, drawing) SELECT number, ? FROM models WHERE revision = ?",
                (drawing, revision),
            )

    def versions(self) -> tuple[Numbers, Numbers]:
        """The numbers (n,) of all articles that have passages, rising, and for each a number of what it says (n,)."""
        with self._connections.reading() as db:
            rows = db.execute(_VERSIONS).fetchall()
        pairs = np.array(rows, np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def sums(self, owners: Numbers) -> Vectors:
        """The sums (n, d) of the vectors of the passages of articles (n,), rising numbers, weighted by length."""
        with self._connections.reading() as db:
            model, _, _, dimension = current_model(db)
            sums = np.zeros((len(owners), dimension), np.float32)
            rows = rows_in(db, _WEIGHTED, owners.tolist(), model)
            while block := list(islice(rows, _ROWS)):
                articles, lengths, vectors = zip(*block, strict=True)
                weighted = matrix_of(vectors, dimension) * np.array(lengths, np.float32)[:, np.newaxis]
                np.add.at(sums, np.searchsorted(owners, articles), weighted)
        return sums

"""Sketches of articles' texts, by which reposts are found without reading the texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from recommender.library import Numbers
from recommender.library.reading import rows_in
from recommender.shingles import Hashes, shingles, sketch
from recommender.types import Article

_HASHES = np.dtype("<u4")  # as stored, whatever the machine


def put(db: sqlite3.Connection, numbers: Iterable[int], articles: Sequence[Article]) -> None:
    """Keep the sketches that articles have now, under their numbers."""
    db.executemany(
        "INSERT OR REPLACE INTO sketches VALUES (?, ?)",
        ((n, sketch(shingles(a.text)).astype(_HASHES).tobytes()) for n, a in zip(numbers, articles, strict=True)),
    )


def read(db: sqlite3.Connection, owners: Numbers) -> list[Hashes]:
    """The sketches of the articles with these numbers, in this order. Raises KeyError for one that is gone."""
    query = "SELECT article, hashes FROM sketches WHERE article IN ({})"
    found: dict[int, bytes] = dict(rows_in(db, query, owners.tolist()))
    return [np.frombuffer(found[number], _HASHES) for number in owners.tolist()]

"""The models whose vectors a library has: one is searched by, another can be made ready beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from recommender.embed import Encoder, Vectors
from recommender.library.forms import text_hash
from recommender.library.passages import put_vectors
from recommender.library.reading import rows_in, with_text

_WITHOUT = "NOT EXISTS (SELECT 1 FROM vectors WHERE text = passages.text AND model = ?)"


def missing(db: sqlite3.Connection, encoder: Encoder, limit: int, after: int = 0) -> tuple[list[str], int]:
    """Up to ``limit`` texts of passages numbered above ``after`` that the model has not embedded.

    Also returns the number up to which all are embedded, for the next call.
    """
    rows = db.execute(
        f"SELECT article, start, end, text, number FROM passages WHERE number > ? AND {_WITHOUT} "
        "ORDER BY number LIMIT ?",
        (after, _number(db, encoder), limit),
    ).fetchall()
    places = sorted({row[3]: row for row in rows}.values())
    texts = [text[start:end] for (_, start, end, *_), _, text in with_text(db, places)]
    return texts, rows[0][4] - 1 if rows else after


def put_more(db: sqlite3.Connection, encoder: Encoder, texts: Sequence[str], vectors: Vectors) -> None:
    """Store a model's vectors (m, d) of those of the texts (m,) that are there."""
    given = dict(zip(map(text_hash, texts), vectors, strict=True))
    known = rows_in(db, "SELECT number, hash FROM texts WHERE hash IN ({})", list(given))
    put_vectors(db, _added(db, encoder), {number: given[key] for number, key in known})


def switch(db: sqlite3.Connection, encoder: Encoder) -> int:
    """Search by this model, if it has embedded everything; returns how many passages it has not."""
    number = _added(db, encoder)
    (left,) = db.execute(f"SELECT count(*) FROM passages WHERE {_WITHOUT}", (number,)).fetchone()
    if not left:
        db.execute("UPDATE models SET current = FALSE WHERE current")
        db.execute("UPDATE models SET current = TRUE WHERE number = ?", (number,))
    return int(left)


def drop_unused(db: sqlite3.Connection) -> None:
    """Delete the vectors of other models and of texts that are gone, and the log of removed passages."""
    db.execute("DELETE FROM models WHERE NOT current")
    db.execute("DELETE FROM texts WHERE number NOT IN (SELECT text FROM passages)")
    db.execute("DELETE FROM removed")


def _number(db: sqlite3.Connection, encoder: Encoder) -> int | None:
    found = db.execute("SELECT number FROM models WHERE revision = ?", (encoder.revision,)).fetchone()
    return found[0] if found else None


def _added(db: sqlite3.Connection, encoder: Encoder) -> int:
    db.execute(
        "INSERT INTO models (name, revision, dimension, current) VALUES (?, ?, 0, FALSE) ON CONFLICT DO NOTHING",
        (encoder.name, encoder.revision),
    )
    number = _number(db, encoder)
    assert number is not None
    return number

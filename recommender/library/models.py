"""The models whose vectors a library has: one is searched by, another can be made ready beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from recommender.embed import Encoder, Vectors
from recommender.library.forms import text_hash
from recommender.library.passages import put_vectors
from recommender.library.reading import rows_in, with_text

_WITHOUT = "NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.text = {0}.text AND model = ?)"
_TABLES = ("passages", "titles")


def missing(db: sqlite3.Connection, encoder: Encoder, limit: int, after: int = 0) -> tuple[list[str], int]:
    """Up to ``limit`` texts that the model has not embedded: of passages numbered above ``after``, then titles.

    Also returns the number up to which all passages are embedded, for the next call.
    """
    model = _number(db, encoder)
    rows = db.execute(
        f"SELECT article, start, end, text, number FROM passages WHERE number > ? AND {_WITHOUT.format('passages')} "
        "ORDER BY number LIMIT ?",
        (after, model, limit),
    ).fetchall()
    places = sorted({row[3]: row for row in rows}.values())
    texts = {text[start:end]: None for (_, start, end, *_), _, text in with_text(db, places)}
    titles = db.execute(
        f"SELECT title FROM titles JOIN articles ON number = article WHERE {_WITHOUT.format('titles')} LIMIT ?",
        (model, limit - len(rows)),
    )
    return list(texts | dict.fromkeys(title for (title,) in titles)), rows[0][4] - 1 if rows else after


def put_more(db: sqlite3.Connection, encoder: Encoder, texts: Sequence[str], vectors: Vectors) -> None:
    """Store a model's vectors (m, d) of those of the texts (m,) that are there."""
    given = dict(zip(map(text_hash, texts), vectors, strict=True))
    known = rows_in(db, "SELECT number, hash FROM texts WHERE hash IN ({})", list(given))
    put_vectors(db, _added(db, encoder), {number: given[key] for number, key in known})


def switch(db: sqlite3.Connection, encoder: Encoder) -> int:
    """Search by this model, if it has embedded everything; returns how many passages and titles it has not."""
    number = _added(db, encoder)
    query = "SELECT count(*) FROM {0} WHERE " + _WITHOUT
    left = sum(db.execute(query.format(table), (number,)).fetchone()[0] for table in _TABLES)
    if not left:
        db.execute("UPDATE models SET current = FALSE WHERE current")
        db.execute("UPDATE models SET current = TRUE WHERE number = ?", (number,))
    return int(left)


def drop_unused(db: sqlite3.Connection) -> None:
    """Delete the vectors of other models and of texts that are gone, and the log of removed passages."""
    db.execute("DELETE FROM models WHERE NOT current")
    db.execute("DELETE FROM texts WHERE number NOT IN (SELECT text FROM passages UNION SELECT text FROM titles)")
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

"""Does a library keep what it promises? Every invariant, checked against the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np

from recommender.library import check_record, content_digest
from recommender.library.forms import FLOATS, text_hash
from recommender.library.reading import all_articles, article_of, current_model

_NAMED = 3  # examples in one sentence
_UNIT = 1e-3  # how far from 1 the length of a unit vector of float32 may be
_TABLES = ("articles", "passages", "links")

# What must not be there, and the rows that are.
_WRONG = {
    "articles without their text": "SELECT id FROM articles WHERE number NOT IN (SELECT article FROM bodies)",
    "passages without a vector of the model that is searched by": (
        "SELECT number FROM passages WHERE NOT EXISTS (SELECT 1 FROM vectors JOIN models ON models.number = model "
        "WHERE vectors.text = passages.text AND current)"
    ),
    "articles without their title among the texts": (
        "SELECT id FROM articles WHERE number NOT IN (SELECT article FROM titles)"
    ),
    "articles that word search does not know": "SELECT id FROM articles WHERE number NOT IN (SELECT rowid FROM words)",
    "articles without a sketch": "SELECT id FROM articles WHERE number NOT IN (SELECT article FROM sketches)",
    "articles that only word search knows": "SELECT rowid FROM words WHERE rowid NOT IN (SELECT number FROM articles)",
    "pieces that the page which they are said to be of does not list": (
        "SELECT id FROM articles WHERE page != '' AND NOT EXISTS (SELECT 1 FROM links JOIN articles AS o "
        "ON o.number = links.article WHERE piece = articles.id AND o.id = articles.page)"
    ),
}


def problems(db: sqlite3.Connection) -> list[str]:
    """What is wrong, a sentence each; empty if all is well."""
    found: list[str] = []
    try:
        for check in (_file, _counts, _rows, _articles, _vectors, _record):
            found += check(db)
    except sqlite3.DatabaseError as error:
        found.append(f"The file is damaged: {error}.")
    return found


def _file(db: sqlite3.Connection) -> Iterator[str]:
    for (seen,) in db.execute("PRAGMA integrity_check"):
        if seen != "ok":
            yield f"The file is damaged: {seen}."
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    yield from _told("rows that refer to what is not there", (f"{table} {row}" for table, row, *_ in broken))


def _counts(db: sqlite3.Connection) -> Iterator[str]:
    for table in _TABLES:
        noted, counted = db.execute(f"SELECT {table}, (SELECT count(*) FROM {table}) FROM library").fetchone()
        if noted != counted:
            yield f"The library says that it has {noted} {table}, and has {counted}."


def _rows(db: sqlite3.Connection) -> Iterator[str]:
    for what, query in _WRONG.items():
        yield from _told(what, (name for (name,) in db.execute(query)))


def _articles(db: sqlite3.Connection) -> Iterator[str]:
    unreadable: list[str] = []
    changed: list[str] = []
    misplaced: list[int] = []
    for row in all_articles(db):
        try:
            number, article, raw = article_of(row)
        except (TypeError, ValueError):  # JSON that is none, or levels for other paragraphs
            unreadable.append(row[1])
            continue
        digest, length = db.execute("SELECT digest, length FROM articles WHERE number = ?", (number,)).fetchone()
        if (digest, length) != (content_digest(raw), len(article.text)):
            changed.append(article.id)
        misplaced += _misplaced(db, number, article.text)
    yield from _told("articles that cannot be read", unreadable)
    yield from _told("articles that are not what their digest and length say", changed)
    yield from _told("passages that do not stand in their article", misplaced)


def _misplaced(db: sqlite3.Connection, article: int, text: str) -> Iterator[int]:
    query = "SELECT p.number, start, end, hash FROM passages AS p JOIN texts ON texts.number = text WHERE article = ?"
    for number, start, end, key in db.execute(query, (article,)):
        if not 0 <= start < end <= len(text) or text_hash(text[start:end]) != key:
            yield number


def _vectors(db: sqlite3.Connection) -> Iterator[str]:
    current_model(db)  # raises if there is none
    sizes, lengths = [], []
    query = "SELECT text, vector, dimension FROM vectors JOIN models ON models.number = model"
    for text, stored, dimension in db.execute(query):
        if len(stored) != dimension * FLOATS.itemsize:
            sizes.append(text)
        elif not _is_unit(np.frombuffer(stored, FLOATS)):
            lengths.append(text)
    yield from _told("texts whose vector is not of its model's dimension", sizes)
    yield from _told("texts whose vector is neither of length one nor zero", lengths)


def _is_unit(vector: np.ndarray[tuple[int], np.dtype[np.float32]]) -> bool:
    square = float(vector @ vector)
    return square == 0 or abs(square - 1) < 2 * _UNIT  # which nan is not


def _record(db: sqlite3.Connection) -> Iterator[str]:
    for what, names in check_record.wrong(db).items():
        yield from _told(what, names)


def _told(what: str, names: Iterable[object]) -> Iterator[str]:
    """One sentence about all that is wrong in one way, with some by name."""
    every = list(names)
    if every:
        more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
        yield f"There are {what}: {', '.join(map(repr, every[:_NAMED]))}{more}."

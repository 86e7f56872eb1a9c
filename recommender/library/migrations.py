"""Libraries of earlier versions -> this one's, each in one step within the transaction of the caller."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator

from recommender.library import atlases, content_digest, decisions, fits, words
from recommender.library.forms import text_hash, to_json
from recommender.library.passages import put_texts
from recommender.types import Article, Paragraph

_OLD_TABLES = ("passages", "links", "vectors", "articles", "model")  # those that refer to others first

# A piece of version 1 had as its source the page that came first, which may not list it any more.
_LISTED = "SELECT page FROM old_links JOIN old_articles AS o ON o.id = page WHERE piece = a.id"
_HOME = f"coalesce(({_LISTED} AND page = a.source), ({_LISTED} ORDER BY o.number LIMIT 1), source)"


def _from_1(db: sqlite3.Connection, create: Callable[[sqlite3.Connection], None]) -> None:
    """Version 1 had one model, no filters, no numbers of passages, and links only to pieces that were there."""
    for table in _OLD_TABLES:
        db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    create(db)
    db.execute(
        "INSERT INTO models SELECT 1, name, revision, "
        "coalesce((SELECT length(vector) / 4 FROM old_vectors LIMIT 1), 0), TRUE FROM old_model"
    )
    for article, body in _articles_of_1(db):
        db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, '', '', '', '', ?, ?)", article)
        db.execute("INSERT INTO bodies VALUES (?, ?, ?, NULL)", body)
    db.execute("INSERT INTO links SELECT number, position, piece FROM old_links JOIN old_articles AS o ON o.id = page")
    db.execute("INSERT INTO texts (hash) SELECT hash FROM old_vectors ORDER BY rowid")
    db.execute("INSERT INTO vectors SELECT 1, number, vector FROM old_vectors JOIN texts USING (hash) ORDER BY number")
    db.execute(
        "INSERT INTO passages (article, start, end, section, text) "
        "SELECT o.number, start, end, section, texts.number FROM old_passages JOIN texts USING (hash) "
        "JOIN old_articles AS o ON o.id = article ORDER BY o.number, position"
    )
    for table in _OLD_TABLES:
        db.execute(f"DROP TABLE old_{table}")
    _note_titles(db)


def _articles_of_1(db: sqlite3.Connection) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    rows = db.execute(
        f"SELECT number, id, title, source, CASE WHEN source IN ('', id) THEN '' ELSE {_HOME} END, truncated, "
        "paragraphs FROM old_articles AS a"
    )
    for number, id_, title, source, page, truncated, stored in rows:
        article = Article(id_, title, tuple(Paragraph(text, level) for level, text in json.loads(stored)))
        levels = to_json([p.level for p in article.paragraphs])
        head = (number, id_, title, page or source, page, truncated, len(article.text), content_digest(article))
        yield head, (number, levels, article.text)


def _from_2(db: sqlite3.Connection, create: Callable[[sqlite3.Connection], None]) -> None:
    """Version 2 had neither words nor titles."""
    db.execute("ALTER TABLE library ADD COLUMN terms TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE library ADD COLUMN words INTEGER NOT NULL DEFAULT 0")
    words.create(db)
    _note_titles(db)
    _from_3(db, create)


def _from_3(db: sqlite3.Connection, create: Callable[[sqlite3.Connection], None]) -> None:
    """Version 3 had no decisions, nothing fitted to them, and no map."""
    decisions.create(db)
    fits.create(db)
    atlases.create(db)


def _note_titles(db: sqlite3.Connection) -> None:
    """Titles are texts, too; their vectors are made when the library is embedded next."""
    heads = db.execute("SELECT number, title FROM articles ORDER BY number").fetchall()
    for (number, _), text in zip(heads, put_texts(db, [text_hash(title) for _, title in heads]), strict=True):
        db.execute("INSERT INTO titles VALUES (?, ?)", (number, text))


MIGRATIONS: dict[int, Callable[[sqlite3.Connection, Callable[[sqlite3.Connection], None]], None]] = {
    1: _from_1,
    2: _from_2,
    3: _from_3,
}

"""What stands in a library's file: its tables, and how a file of ours is told from others."""

from __future__ import annotations

import secrets
import sqlite3
import time

from recommender.embed import Model
from recommender.library import atlases, decisions, fits, words
from recommender.library.connections import transaction
from recommender.library.migrations import MIGRATIONS
from recommender.library.reading import all_articles, article_of

_APPLICATION_ID = 0x52454C41  # "RELA": marks the file as ours, see SQLite's PRAGMA application_id
VERSION = 4
# A page of SQLite's usual 4 KiB holds only three vectors of 256 dimensions and leaves a quarter empty.
_PAGE_BYTES = 8192
# As long as connections wait for a writer, in seconds.
_PATIENCE = 5.0

# Texts stand apart from the rest of an article, so that lists and filters read no texts.
# AUTOINCREMENT: a number is never used again, so that an index can tell what it knows from what is new.
SCHEMA = """
CREATE TABLE library (
    identity TEXT NOT NULL, articles INTEGER NOT NULL, passages INTEGER NOT NULL, links INTEGER NOT NULL,
    terms TEXT NOT NULL, words INTEGER NOT NULL
);
CREATE TABLE models (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, revision TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL, current INTEGER NOT NULL
);
CREATE UNIQUE INDEX one_current ON models (current) WHERE current;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    page TEXT NOT NULL, truncated INTEGER NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL, author TEXT NOT NULL,
    language TEXT NOT NULL, length INTEGER NOT NULL, digest TEXT NOT NULL
);
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_digest ON articles (digest);
CREATE TABLE bodies (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, levels TEXT NOT NULL, text TEXT NOT NULL,
    raw TEXT
);
CREATE TABLE tags (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE, position INTEGER NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag);
CREATE TABLE links (
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE, position INTEGER NOT NULL, piece TEXT NOT NULL,
    PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX links_piece ON links (piece);
CREATE TABLE texts (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE vectors (
    model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    text INTEGER NOT NULL REFERENCES texts ON DELETE CASCADE, vector BLOB NOT NULL, UNIQUE (text, model)
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL, text INTEGER NOT NULL REFERENCES texts
);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_text ON passages (text);
CREATE TABLE removed (sequence INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL);
CREATE TABLE rules (
    number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL,
    count INTEGER NOT NULL, state TEXT NOT NULL, UNIQUE (text, kind, scope)
);
"""


def prepare(db: sqlite3.Connection, model: Model | None) -> None:
    """Make a new file a library of this model's, or bring one of an earlier version up to date.

    Reads only, and waits for nobody, if there is nothing to do. Raises sqlite3.Error for what is no library.
    """
    if _version(db) != VERSION or not words.are_current(db):
        _change(db, model)
    db.execute("PRAGMA foreign_keys = ON")  # not before: a migration drops tables that others refer to


def _change(db: sqlite3.Connection, model: Model | None) -> None:
    db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # has no effect on a file that has tables
    if (mode := _into_log(db)) != "wal":
        raise sqlite3.OperationalError(f"its folder lets only one program read at a time, journal mode {mode}")
    with transaction(db):
        version = _version(db)  # again: another program may have come first
        if not version:
            create(db)
            if model is None:
                raise sqlite3.DatabaseError("there is no library in it, and none can be begun without a model")
            db.execute("INSERT INTO models VALUES (1, ?, ?, 0, TRUE)", (model.name, model.revision))
        if version in MIGRATIONS:
            MIGRATIONS[version](db, create)
        if not words.are_current(db):
            words.rebuild(db, ((number, article) for number, article, _ in map(article_of, all_articles(db))))
        db.execute(f"PRAGMA user_version = {VERSION}")
        if broken := db.execute("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.DatabaseError(f"{len(broken)} of its rows refer to what is not there")


def _into_log(db: sqlite3.Connection) -> str:
    """Ask for a write-ahead log, and return the journal mode that there is then.

    For this one change SQLite does not wait for another program that is at it, too, however long it waits otherwise.
    """
    last = time.monotonic() + _PATIENCE
    while True:
        try:
            mode: str = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(0.01)
        else:
            return mode


def create(db: sqlite3.Connection) -> None:
    """Make the tables, and the triggers that count and note what goes."""
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    words.create(db)
    decisions.create(db)
    fits.create(db)
    atlases.create(db)
    for table in ("articles", "passages", "links"):
        for event, change in {"INSERT": "+ 1", "DELETE": "- 1"}.items():
            db.execute(
                f"CREATE TRIGGER {table}_{event} AFTER {event} ON {table} "
                f"BEGIN UPDATE library SET {table} = {table} {change}; END"
            )
    db.execute(
        "CREATE TRIGGER passages_removed AFTER DELETE ON passages "
        "BEGIN INSERT INTO removed (passage) VALUES (old.number); END"
    )
    db.execute("INSERT INTO library VALUES (?, 0, 0, 0, '', 0)", (secrets.token_hex(8),))
    db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")


def _version(db: sqlite3.Connection) -> int:
    """The version of a library, 0 for an empty file."""
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return 0
    if db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise sqlite3.DatabaseError("it is another program's database")
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise sqlite3.DatabaseError(
            f"its format is version {version}, this program reads version {VERSION}; a newer program made it, "
            "so update this one"
        )
    return version

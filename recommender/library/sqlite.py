"""A library as one SQLite file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import numpy as np

from recommender.embed import Encoder, Vectors
from recommender.library import Contents, LibraryError
from recommender.types import Article, Paragraph, Passage

_APPLICATION_ID = 0x52454C41  # "RELA": marks the file as ours, see SQLite's PRAGMA application_id
_VERSION = 1

# Vectors are kept by the hash of their text: a changed article embeds again only the passages that are new.
_SCHEMA = f"""
CREATE TABLE model (name TEXT NOT NULL, revision TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, title TEXT NOT NULL,
    paragraphs TEXT NOT NULL, truncated INTEGER NOT NULL
);
CREATE TABLE links (
    page TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    piece TEXT NOT NULL REFERENCES articles(id), PRIMARY KEY (page, position)
);
CREATE TABLE vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE passages (
    article TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, section TEXT NOT NULL,
    hash BLOB NOT NULL REFERENCES vectors(hash), PRIMARY KEY (article, position)
);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
"""


class SqliteLibrary:
    """A Library in the file ``path``, which is created, with its folders, if there is none.

    Raises LibraryError if the file is not a library, or if another model made it.
    """

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._seen: tuple[int, int] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # One connection serves all threads of the web server, one at a time.
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(encoder)
            except BaseException:
                self._db.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"{path} cannot be opened as a library ({error}). Name another file with --library, "
                "or move this one away to begin a new library.",
                cause="file",
            ) from error

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self.path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def contents(self) -> Contents:
        """What the library holds now, including what other processes have written since; reread only if it changed."""
        with self._lock:
            seen = (self._db.execute("PRAGMA data_version").fetchone()[0], self._db.total_changes)
            if seen != self._seen:
                with _transaction(self._db, "DEFERRED"):  # several queries, of one moment
                    self._contents = self._read()
                self._seen = seen
            return self._contents

    def known_vectors(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """The stored vectors (d,) of those texts that stand in the library as passages already."""
        with self._lock:
            rows = {text: self._vector(text) for text in set(texts)}
        return {text: np.frombuffer(row[0], dtype="<f4") for text, row in rows.items() if row}

    def put(self, articles: Sequence[Article], passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add articles or bring them up to date, in one transaction. ``vectors`` (p, d) are those of ``passages``.

        Raises LibraryError, and changes nothing, if the file cannot be written.
        """
        try:
            with self._lock, _transaction(self._db):
                for article in articles:
                    self._put(article)
                for page in articles:
                    rows = [(page.id, position, piece) for position, piece in enumerate(page.links)]
                    self._db.executemany("INSERT INTO links VALUES (?, ?, ?)", rows)
                self._put_passages(passages, vectors)
                self._drop_orphans()
        except sqlite3.OperationalError as error:
            raise LibraryError(
                f"{self.path} took no change ({error}); what it held is untouched. Check that no other program holds "
                "it, that the disk has room and that the file may be written; then try again.",
                cause="write",
            ) from error

    def _prepare(self, encoder: Encoder) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        with _transaction(self._db):
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            is_new = not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if is_new:
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute("INSERT INTO model VALUES (?, ?)", (encoder.name, encoder.revision))
            elif self._db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
                raise sqlite3.DatabaseError("it is another program's database")
            elif version != _VERSION:
                raise sqlite3.DatabaseError(f"its format is version {version}, this program reads version {_VERSION}")
            name, revision = self._db.execute("SELECT name, revision FROM model").fetchone()
        if revision != encoder.revision:
            again = f"embed them again: python -m recommender add --library NEW.db --model {encoder.name} PATH..."
            # The same name with another revision is a model whose weights have changed: no name brings those back.
            remedy = again if name == encoder.name else f"use --model {name}, or {again}"
            raise LibraryError(
                f"The articles in {self.path} were embedded by the model {name!r} (revision {revision}), not by "
                f"{encoder.name!r} (revision {encoder.revision}), and vectors of two models cannot be compared: "
                f"{remedy}",
                cause="model",
            )

    def _read(self) -> Contents:
        links = {
            page: tuple(piece for _, piece in rows)
            for page, rows in groupby(
                self._db.execute("SELECT page, piece FROM links ORDER BY page, position"), lambda row: str(row[0])
            )
        }
        articles = {
            id_: Article(id_, title, _paragraphs(paragraphs), source, bool(truncated), links.get(id_, ()))
            for id_, title, paragraphs, source, truncated in self._db.execute(
                "SELECT id, title, paragraphs, source, truncated FROM articles ORDER BY number"
            )
        }
        rows = self._db.execute(
            "SELECT article, start, end, section, vector FROM passages JOIN vectors USING (hash) "
            "JOIN articles ON articles.id = article ORDER BY number, position"
        ).fetchall()
        passages = tuple(Passage(s, e, articles[id_].text[s:e], id_, section) for id_, s, e, section, _ in rows)
        vectors = np.frombuffer(b"".join(row[-1] for row in rows), dtype="<f4").reshape(len(rows), -1 if rows else 0)
        return Contents(articles, passages, vectors)

    def _vector(self, text: str) -> tuple[bytes] | None:
        row: tuple[bytes] | None = self._db.execute(
            "SELECT vector FROM vectors WHERE hash = ?", (_hash(text),)
        ).fetchone()
        return row

    def _put(self, article: Article) -> None:
        paragraphs = json.dumps([[p.level, p.text] for p in article.paragraphs], ensure_ascii=False)
        # A piece that several pages list keeps its place and its first source.
        self._db.execute(
            "INSERT INTO articles (id, source, title, paragraphs, truncated) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) "
            "DO UPDATE SET title = excluded.title, paragraphs = excluded.paragraphs, truncated = excluded.truncated",
            (article.id, article.source, article.title, paragraphs, article.truncated),
        )
        self._db.execute("DELETE FROM passages WHERE article = ?", (article.id,))
        self._db.execute("DELETE FROM links WHERE page = ?", (article.id,))

    def _put_passages(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        for id_, group in groupby(zip(passages, vectors, strict=True), lambda pair: pair[0].article_id):
            for position, (passage, vector) in enumerate(group):
                key = _hash(passage.text)
                self._db.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (key, vector.astype("<f4").tobytes()))
                row = (id_, position, passage.start, passage.end, passage.section, key)
                self._db.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", row)

    def _drop_orphans(self) -> None:
        """Drop the pieces that no page lists any more, and the vectors that no passage has."""
        # An article from another article's file is a piece: it is here only because that page, or another, lists it.
        self._db.execute("DELETE FROM articles WHERE source NOT IN ('', id) AND id NOT IN (SELECT piece FROM links)")
        self._db.execute("DELETE FROM vectors WHERE hash NOT IN (SELECT hash FROM passages)")


@contextmanager
def _transaction(db: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """All or nothing. IMMEDIATE: writers queue up at the start instead of failing in the middle."""
    db.execute(f"BEGIN {kind}")
    try:
        yield
        db.execute("COMMIT")  # which fails, too, as when someone reads for longer than a writer waits
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _paragraphs(stored: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text, level) for level, text in json.loads(stored))

"""A library <-> JSON Lines: everything that it keeps for good, readable without this program.

The first line says what follows; then comes a line for each rule and each article, an article with its passages,
their vectors and its title's (base64 of little-endian float32). Every line has the CRC-32 of the rest of it, so that
damage is found where it is. Numbers, the vectors of other models, and those of texts that are gone are not kept.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from recommender.embed import Vectors
from recommender.library import LibraryError, reading, writing
from recommender.library.forms import FLOATS, difference, from_fields, matrix_of, to_fields, to_json
from recommender.library.passages import put_passages, put_titles, put_vectors, refuse_mismatch
from recommender.library.sqlite import SqliteLibrary
from recommender.types import Article, Passage, Rule

FORMAT = "related-article library"
VERSION = 2
_BATCH = 200  # articles written at once


def export(library: SqliteLibrary) -> Iterator[str]:
    """The lines of an export, each with its line feed: the library at one moment, whatever is written meanwhile."""
    with library.connections.reading() as db:
        _, name, revision, dimension = reading.current_model(db)
        model = {"name": name, "revision": revision, "dimension": dimension}
        rules = reading.rules(db)
        (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
        counted = {"rules": len(rules), "articles": articles, "apart": reading.all_apart(db)}
        yield _line({"format": FORMAT, "version": VERSION, "model": model} | counted)
        yield from (_line({"rule": asdict(rule)}) for rule in rules)
        for row in reading.all_articles(db):
            number, article, raw = reading.article_of(row)
            changed = {"raw": json.loads(before)} if (before := difference(article, raw)) else {}
            passages = [
                [start, end, section, base64.b64encode(vector).decode()]
                for start, end, section, vector in reading.passages_of(db, number)
            ]
            title = base64.b64encode(reading.title_of(db, number)).decode()
            yield _line({"article": to_fields(article)} | changed | {"title": title, "passages": passages})


def restore(lines: Iterable[str], path: Path) -> SqliteLibrary:
    """A new library in the file ``path`` from the lines of an export, as it was, and of the same model.

    The file is there only when all of it is. Raises LibraryError if it is there already, or if a line is missing or
    damaged.
    """
    _refuse_existing(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        reader = _Reader(lines, path)
        library = SqliteLibrary(part, reader.model)
        try:
            _fill(library, reader)
        finally:
            library.close()
        _refuse_existing(path)
        part.rename(path)
    finally:
        for left in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
            left.unlink(missing_ok=True)
    return SqliteLibrary(path)


class _Model(NamedTuple):
    name: str
    revision: str


class _Entry(NamedTuple):
    article: Article
    raw: Article
    passages: list[Passage]
    vectors: Vectors
    title: Vectors | None


class _Reader:
    """The model of an export, its rules, and then its articles."""

    def __init__(self, lines: Iterable[str], path: Path) -> None:
        self._lines = iter(lines)
        self._path = path
        self._number = 0
        with self._explained():
            head = self._next()
            if (head["format"], head["version"]) != (FORMAT, VERSION):
                raise ValueError(f"it begins an export of version {head['version']}, this program reads {VERSION}")
            self._rules, self._articles = int(head["rules"]), int(head["articles"])
            self.apart = [(str(one), str(other)) for one, other in head["apart"]]
            self.dimension = int(head["model"]["dimension"])
            self.model = _Model(str(head["model"]["name"]), str(head["model"]["revision"]))

    def rules(self) -> list[Rule]:
        """The rules, which come first."""
        found = []
        for _ in range(self._rules):
            with self._explained():
                found.append(Rule(**self._next()["rule"]))
        return found

    def entries(self) -> Iterator[_Entry]:
        """The articles, to the end."""
        for _ in range(self._articles):
            with self._explained():
                entry = self._entry(self._next())
            yield entry
        if next(self._lines, "").strip():
            self._number += 1
            with self._explained():
                raise ValueError("it stands after the end")

    def _entry(self, values: dict[str, Any]) -> _Entry:
        article = from_fields(values["article"])
        raw = from_fields(values.get("raw", {}), article)
        places = [(start, end, section) for start, end, section, _ in values["passages"]]
        passages = [Passage(s, e, article.text[s:e], article.id, section) for s, e, section in places]
        stored = [base64.b64decode(vector, validate=True) for *_, vector in values["passages"]]
        vectors = matrix_of(stored, self.dimension)
        title = base64.b64decode(values["title"], validate=True)  # empty if it has not been embedded yet
        titles = matrix_of([title or bytes(self.dimension * FLOATS.itemsize)], self.dimension)
        refuse_mismatch([article], passages, vectors, titles)
        return _Entry(article, raw, passages, vectors, titles[0] if title else None)

    def _next(self) -> dict[str, Any]:
        self._number += 1
        line = next(self._lines, None)
        if line is None:
            raise ValueError("the export ends before it, and should not")
        values = json.loads(line)
        if not isinstance(values, dict) or values.pop("crc", None) != _checksum(values):
            raise ValueError("its checksum does not fit")
        return values

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (KeyError, TypeError, ValueError, sqlite3.DatabaseError) as error:
            raise LibraryError(
                f"{self._path} was not made: line {self._number} of the export cannot be read ({error}). "
                "Use another copy of the export, or make it again from the library.",
                cause="file",
            ) from error


def _fill(library: SqliteLibrary, reader: _Reader) -> None:
    with library.connections.writing() as db:
        db.execute("UPDATE models SET dimension = ?", (reader.dimension,))
    library.put_rules(reader.rules())
    for one, other in reader.apart:
        library.put_apart(one, [other])
    entries = reader.entries()
    while batch := list(islice(entries, _BATCH)):
        with library.connections.writing() as db:
            articles = [entry.article for entry in batch]
            numbers = writing.numbered(db, articles)
            writing.put_articles(db, articles, numbers, {entry.article.id: entry.raw for entry in batch})
            passages = [passage for entry in batch for passage in entry.passages]
            put_passages(db, numbers, passages, np.concatenate([entry.vectors for entry in batch]))
            titles = zip(put_titles(db, numbers, articles), (entry.title for entry in batch), strict=True)
            put_vectors(db, 1, {text: vector for text, vector in titles if vector is not None})


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise LibraryError(
            f"{path} is there already, and an export is restored into a new file only. Name another with --library.",
            cause="file",
        )


def _line(values: dict[str, Any]) -> str:
    return to_json(values | {"crc": _checksum(values)}) + "\n"


def _checksum(values: dict[str, Any]) -> int:
    return zlib.crc32(to_json(values).encode("utf-8", "surrogatepass"))

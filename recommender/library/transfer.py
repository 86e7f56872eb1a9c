"""A library <-> JSON Lines: everything that it keeps for good, readable without this program.

The first line says what follows; then comes a line for each rule and each article, an article with its passages,
their vectors and its title's (base64 of little-endian float32), and then the record of decisions as ``exchange`` writes
it. Numbers, the vectors of other models, and those of texts that are gone are not kept.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from recommender.embed import Vectors
from recommender.library import LibraryError, exchange, fits, reading, writing
from recommender.library.forms import FLOATS, difference, from_fields, matrix_of, to_fields
from recommender.library.lines import Reader, line
from recommender.library.passages import put_passages, put_titles, put_vectors, refuse_mismatch
from recommender.library.sqlite import SqliteLibrary
from recommender.types import Article, Passage, Rule

FORMAT = "related-article library"
VERSION = 3
_READ = (2, 3)  # version 2 had no decisions
_BATCH = 200  # articles written at once


def backup(library: SqliteLibrary) -> Iterator[str]:
    """The lines of a backup, each with its line feed: the library at one moment, whatever is written meanwhile."""
    with library.connections.reading() as db:
        _, name, revision, dimension = reading.current_model(db)
        model = {"name": name, "revision": revision, "dimension": dimension}
        rules = reading.rules(db)
        (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
        counted = {"rules": len(rules), "articles": articles} | exchange.counted(db)
        small = {"apart": reading.all_apart(db), "fits": fits.every(db)}
        yield line({"format": FORMAT, "version": VERSION, "model": model} | counted | small)
        yield from (line({"rule": asdict(rule)}) for rule in rules)
        for row in reading.all_articles(db):
            number, article, raw = reading.article_of(row)
            changed = {"raw": json.loads(before)} if (before := difference(article, raw)) else {}
            passages = [
                [start, end, section, base64.b64encode(vector).decode()]
                for start, end, section, vector in reading.passages_of(db, number)
            ]
            title = base64.b64encode(reading.title_of(db, number)).decode()
            yield line({"article": to_fields(article)} | changed | {"title": title, "passages": passages})
        yield from exchange.written(db)


def restore(lines: Iterable[str], path: Path) -> SqliteLibrary:
    """A new library in the file ``path`` from the lines of a backup, as it was, and of the same model.

    The file is there only when all of it is. Raises LibraryError if it is there already, or if a line is missing or
    damaged.
    """
    _refuse_existing(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.partial")
    reader = Reader(lines, "backup", f"{path} was not made")
    try:
        with reader.explained():
            head = _head(reader)
            library = SqliteLibrary(part, _Model(str(head["model"]["name"]), str(head["model"]["revision"])))
            try:
                _fill(library, head, reader)
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


def _head(reader: Reader) -> dict[str, Any]:
    head = reader.next()
    if head["format"] != FORMAT or head["version"] not in _READ:
        raise ValueError(
            f"it begins {head['format']!r}, version {head['version']}; this program restores {FORMAT!r}, "
            f"version {' and '.join(map(str, _READ))}"
        )
    return {"decisions": 0, "proposals": 0, "fits": []} | head


def _entry(values: dict[str, Any], dimension: int) -> _Entry:
    article = from_fields(values["article"])
    raw = from_fields(values.get("raw", {}), article)
    places = [(start, end, section) for start, end, section, _ in values["passages"]]
    passages = [Passage(s, e, article.text[s:e], article.id, section) for s, e, section in places]
    stored = [base64.b64decode(vector, validate=True) for *_, vector in values["passages"]]
    vectors = matrix_of(stored, dimension)
    title = base64.b64decode(values["title"], validate=True)  # empty if it has not been embedded yet
    titles = matrix_of([title or bytes(dimension * FLOATS.itemsize)], dimension)
    refuse_mismatch([article], passages, vectors, titles)
    return _Entry(article, raw, passages, vectors, titles[0] if title else None)


def _fill(library: SqliteLibrary, head: dict[str, Any], reader: Reader) -> None:
    dimension = int(head["model"]["dimension"])
    with library.connections.writing() as db:
        db.execute("UPDATE models SET dimension = ?", (dimension,))
    library.put_rules([Rule(**reader.next()["rule"]) for _ in range(int(head["rules"]))])
    for one, other in head["apart"]:
        library.put_apart(str(one), [str(other)])
    for fit in head["fits"]:
        library.fits.put(fits.fit_from(fit))
    entries = (_entry(reader.next(), dimension) for _ in range(int(head["articles"])))
    while batch := list(islice(entries, _BATCH)):
        _put(library, batch)
    library.decisions.merge(exchange.recorded(reader, head))


def _put(library: SqliteLibrary, batch: list[_Entry]) -> None:
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
            f"{path} is there already, and a backup is restored into a new file only. Name another with --library.",
            cause="file",
        )

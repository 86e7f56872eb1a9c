"""What a library's file holds -> our nouns. Every function reads from a connection that sees one moment."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from recommender.embed import Vectors
from recommender.library import Counts, Listing, Matrix, Numbers, Part
from recommender.library.filters import condition
from recommender.library.forms import FLOATS, as_read, matrix_of, paragraphs, text_hash
from recommender.types import Article, Filter, Passage, Rule

Row = tuple[Any, ...]
_CHUNK = 500  # values in one query: beyond that nothing is gained


def _list(table: str, column: str) -> str:
    inner = f"SELECT {column} FROM {table} WHERE article = articles.number ORDER BY position"
    return f"(SELECT json_group_array({column}) FROM ({inner}))"


_HEAD = f"id, title, source, page, truncated, url, date, author, language, {_list('tags', 'tag')}"
_WHOLE = "articles JOIN bodies ON article = number"
_ARTICLE = f"SELECT number, {_HEAD}, {_list('links', 'piece')}, levels, text, raw FROM {_WHOLE}"


def rows_in(db: sqlite3.Connection, query: str, values: Sequence[object], *first: object) -> Iterator[Row]:
    """The rows of a query with ``IN ({})`` for any number of values; ``first`` are the parameters before those."""
    for start in range(0, len(values), _CHUNK):
        some = values[start : start + _CHUNK]
        yield from db.execute(query.format(",".join("?" * len(some))), (*first, *some))


def current_model(db: sqlite3.Connection) -> tuple[int, str, str, int]:
    """The number, name, revision and dimension of the model that is searched by."""
    found: tuple[int, str, str, int] | None = db.execute(
        "SELECT number, name, revision, dimension FROM models WHERE current"
    ).fetchone()
    if found is None:
        raise sqlite3.DatabaseError("it does not say which model it is searched by")
    return found


def identity(db: sqlite3.Connection) -> str:
    """The library's own word, and the number of the model that is searched by."""
    word = db.execute("SELECT identity FROM library").fetchone()[0]
    return f"{word}-{current_model(db)[0]}"


def counts(db: sqlite3.Connection) -> Counts:
    """How much there is, in the time of one row."""
    articles, passages, links = db.execute("SELECT articles, passages, links FROM library").fetchone()
    return Counts(articles, passages, links, dimension=current_model(db)[3])


def listings(db: sqlite3.Connection, among: Filter, limit: int, offset: int) -> list[Listing]:
    """Articles that the filter leaves, in order, without their texts."""
    where, values = condition(among)
    rows = db.execute(
        f"SELECT {_HEAD}, length FROM articles WHERE {where} ORDER BY number LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [
        Listing(id_, title, source, page, bool(truncated), url, date, author, language, tuple(json.loads(tags)), length)
        for id_, title, source, page, truncated, url, date, author, language, tags, length in rows
    ]


def values(db: sqlite3.Connection, part: Part, limit: int) -> dict[str, int]:
    """The most frequent values of a part of a filter, with their counts."""
    table, key = ("tags", "article") if part == "tag" else ("articles", "number")
    query = (
        f"SELECT {part}, count(DISTINCT {key}) FROM {table} WHERE {part} != '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
    )
    return dict(db.execute(query, (limit,)))


def pages_of(db: sqlite3.Connection, id_: str) -> list[str]:
    """The ids of the articles whose pages list this one, in the order in which they came."""
    query = "SELECT id FROM links JOIN articles ON number = article WHERE piece = ? ORDER BY number"
    return [page for (page,) in db.execute(query, (id_,))]


def stored_articles(db: sqlite3.Connection, ids: Iterable[str]) -> Iterator[tuple[int, Article, Article]]:
    """Number, article and article as it was read, of those that are there, in no order."""
    for row in rows_in(db, f"{_ARTICLE} WHERE id IN ({{}})", list(dict.fromkeys(ids))):
        yield article_of(row)


def all_articles(db: sqlite3.Connection) -> Iterator[Row]:
    """Every article in order, as rows for ``article_of``."""
    return db.execute(f"{_ARTICLE} ORDER BY number")


def article_of(row: Row) -> tuple[int, Article, Article]:
    """Number, article and article as it was read. Raises ValueError for a row that is damaged."""
    number, id_, title, source, page, truncated, url, date, author, language, tags, links, levels, text, raw = row
    article = Article(
        id_, title, paragraphs(text, levels), source, page, bool(truncated), tuple(json.loads(links)), url, date,
        author, language, tuple(json.loads(tags)),
    )  # fmt: skip
    return number, article, as_read(article, raw)


def owners(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    """The numbers of those of the articles that are there, in the order asked for."""
    asked = list(dict.fromkeys(ids))
    return _in_order(asked, dict(rows_in(db, "SELECT id, number FROM articles WHERE id IN ({})", asked)))


def digests(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """The digests of those of the articles that are there, in the order asked for."""
    asked = list(dict.fromkeys(ids))
    return _in_order(asked, dict(rows_in(db, "SELECT id, digest FROM articles WHERE id IN ({})", asked)))


def duplicates(db: sqlite3.Connection, wanted: Iterable[str]) -> dict[str, str]:
    """For each digest that an article has by itself: the id of the first."""
    asked = list(dict.fromkeys(wanted))
    query = "SELECT digest, id, min(number) FROM articles WHERE page = '' AND digest IN ({}) GROUP BY digest"
    return _in_order(asked, {digest: id_ for digest, id_, _ in rows_in(db, query, asked)})


def of_source(db: sqlite3.Connection, source: str) -> list[str]:
    """The ids of the articles that were read from a file, pieces apart, in order."""
    rows = db.execute("SELECT id FROM articles WHERE source = ? AND page = '' ORDER BY number", (source,))
    return [id_ for (id_,) in rows]


def article_numbers(db: sqlite3.Connection, among: Filter) -> Numbers:
    """The numbers of the articles that a filter leaves."""
    where, values = condition(among)
    rows = db.execute(f"SELECT number FROM articles WHERE {where}", values)
    return np.fromiter((number for (number,) in rows), np.int64)


def passages(db: sqlite3.Connection, numbers: Numbers) -> list[Passage]:
    """The passages with these numbers, in this order. Raises KeyError for one that is gone."""
    query = "SELECT article, number, start, end, section FROM passages WHERE number IN ({})"
    places = sorted(rows_in(db, query, np.unique(numbers).tolist()))
    found = {
        number: Passage(start, end, text[start:end], id_, section)
        for (_, number, start, end, section), id_, text in with_text(db, places)
    }
    return [found[number] for number in numbers.tolist()]


def with_text(db: sqlite3.Connection, places: Sequence[Row]) -> Iterator[tuple[Row, str, str]]:
    """Each row with the id and text of its article; rows begin with an article's number, and are sorted by it."""
    query = f"SELECT number, id, text FROM {_WHOLE} WHERE number IN ({{}})"
    for start in range(0, len(places), _CHUNK):
        some = places[start : start + _CHUNK]
        wanted = list({row[0] for row in some})
        found = rows_in(db, query, wanted)
        texts = {number: (id_, text) for number, id_, text in found}
        for row in some:
            yield row, *texts[row[0]]


def title_of(db: sqlite3.Connection, article: int) -> bytes:
    """The stored vector of an article's title, b"" for none."""
    query = "SELECT vector FROM titles JOIN vectors USING (text) JOIN models ON models.number = model"
    found = db.execute(f"{query} WHERE article = ? AND current", (article,)).fetchone()
    return found[0] if found else b""


def passages_of(db: sqlite3.Connection, article: int) -> Iterator[Row]:
    """Start, end, section and stored vector of an article's passages, as they stand; b"" for a missing vector."""
    vector = "SELECT vector FROM vectors JOIN models ON models.number = model WHERE text = passages.text AND current"
    return db.execute(
        f"SELECT start, end, section, coalesce(({vector}), x'') FROM passages WHERE article = ? ORDER BY start, number",
        (article,),
    )


def vectors(db: sqlite3.Connection, numbers: Numbers) -> Matrix:
    """The owners and vectors of those of the passages that are there, rising."""
    model, _, _, dimension = current_model(db)
    query = (
        "SELECT passages.number, article, vector FROM passages JOIN vectors USING (text) "
        "WHERE model = ? AND passages.number IN ({})"
    )
    rows = sorted(rows_in(db, query, np.unique(numbers).tolist(), model))
    return Matrix(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        matrix_of([row[2] for row in rows], dimension),
    )


def ids(db: sqlite3.Connection, owners: Numbers) -> list[str]:
    """The ids of the articles with these numbers, in this order. Raises KeyError for one that is gone."""
    found: dict[int, str] = dict(rows_in(db, "SELECT number, id FROM articles WHERE number IN ({})", owners.tolist()))
    return [found[number] for number in owners.tolist()]


def titles(db: sqlite3.Connection, owners: Numbers) -> Vectors:
    """The vectors (n, d) of the titles of articles (n,), zeros for those that have none."""
    model, _, _, dimension = current_model(db)
    query = "SELECT article, vector FROM titles JOIN vectors USING (text) WHERE model = ? AND article IN ({})"
    found: dict[int, bytes] = dict(rows_in(db, query, owners.tolist(), model))
    none = bytes(dimension * FLOATS.itemsize)
    return matrix_of([found.get(number, none) for number in owners.tolist()], dimension)


def known_vectors(db: sqlite3.Connection, texts: Iterable[str]) -> dict[str, Vectors]:
    """The vectors (d,) of those of the texts that the current model has embedded."""
    hashes = {text_hash(text): text for text in texts}
    query = "SELECT hash, vector FROM texts JOIN vectors ON text = texts.number WHERE model = ? AND hash IN ({})"
    rows = rows_in(db, query, list(hashes), current_model(db)[0])
    return {hashes[key]: np.frombuffer(stored, FLOATS) for key, stored in rows}


def rules(db: sqlite3.Connection) -> list[Rule]:
    """All rules in the order in which they came."""
    return [Rule(*row) for row in db.execute("SELECT text, kind, scope, count, state FROM rules ORDER BY number")]


def apart(db: sqlite3.Connection, ids: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs of articles, each in order of their ids, that an editor has said are no reposts of one another."""
    asked = sorted(set(ids))
    found = rows_in(db, "SELECT one, other FROM apart WHERE one IN ({})", asked)
    return {(one, other) for one, other in found if other in set(asked)}


def all_apart(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """All such pairs, in order."""
    return db.execute("SELECT one, other FROM apart ORDER BY one, other").fetchall()


def _in_order(asked: Iterable[str], found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in asked if name in found}

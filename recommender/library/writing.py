"""Our nouns -> a library's file. Every function works within a transaction of its caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from recommender.embed import Vectors
from recommender.library import content_digest, sketches, words
from recommender.library.forms import difference, to_json
from recommender.library.passages import put_passages, put_titles, put_vectors
from recommender.library.reading import current_model, owners, rows_in, stored_articles
from recommender.types import Article, Passage, Rule

_HEAD = ("title", "source", "page", "truncated", "url", "date", "author", "language", "length", "digest")
_BODY = ("levels", "text", "raw")


def _upsert(table: str, keys: Sequence[str], columns: Sequence[str]) -> str:
    """SQL that writes a row, new or not; one that is the same is not written again."""
    new = ", ".join(f"excluded.{column}" for column in columns)
    old = ", ".join(f"{table}.{column}" for column in columns)
    names = ", ".join((*keys, *columns))
    return (
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * (len(keys) + len(columns)))}) "
        f"ON CONFLICT DO UPDATE SET ({', '.join(columns)}) = ({new}) WHERE ({old}) IS NOT ({new})"
    )


_PUT_HEAD = _upsert("articles", ("number", "id"), _HEAD)
_PUT_BODY = _upsert("bodies", ("article",), _BODY)
# The pages that list a piece, itself apart.
_LISTED = "FROM links JOIN articles AS o ON o.number = links.article WHERE piece = articles.id AND o.id != articles.id"


def put(
    db: sqlite3.Connection,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: Vectors,
    titles: Vectors,
    raw: Mapping[str, Article],
) -> None:
    """Add articles or bring them up to date; see ``Library.put``."""
    own, pieces = [a for a in articles if not a.page], [a for a in articles if a.page]
    numbers = numbered(db, articles)
    unlisted = put_articles(db, own, numbers, raw)
    changeable = _changeable(db, pieces)  # now that it is known what the pages list
    unlisted |= put_articles(db, changeable, numbers, raw)
    written = {article.id: numbers[article.id] for article in (*own, *changeable)}
    rows = [row for row, passage in enumerate(passages) if passage.article_id in written]
    put_passages(db, written, [passages[row] for row in rows], vectors[rows])
    rows = [row for row, article in enumerate(articles) if article.id in written]
    texts = put_titles(db, written, [articles[row] for row in rows])
    put_vectors(db, current_model(db)[0], dict(zip(texts, titles[rows], strict=True)))
    drop_unlisted(db, unlisted | {piece.id for piece in pieces})


def numbered(db: sqlite3.Connection, articles: Sequence[Article]) -> dict[str, int]:
    """The numbers of articles by their ids; new ones get the next, in their order."""
    numbers = owners(db, (article.id for article in articles))
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'articles'").fetchone()
    fresh = count(last + 1)
    return numbers | {article.id: next(fresh) for article in articles if article.id not in numbers}


def put_articles(
    db: sqlite3.Connection, articles: Sequence[Article], numbers: Mapping[str, int], raw: Mapping[str, Article]
) -> set[str]:
    """Write articles under their numbers, all but their passages; returns the ids that they do not list any more."""
    db.executemany(_PUT_HEAD, (_head(numbers[a.id], a, raw.get(a.id, a)) for a in articles))
    db.executemany(_PUT_BODY, (_body(numbers[a.id], a, raw.get(a.id)) for a in articles))
    for known_by in (words, sketches):
        known_by.put(db, [numbers[a.id] for a in articles], articles)
    _put_lists(db, "tags", "tag", {numbers[article.id]: article.tags for article in articles})
    return _put_lists(db, "links", "piece", {numbers[article.id]: article.links for article in articles})


def remove(db: sqlite3.Connection, ids: Iterable[str]) -> list[Article]:
    """Take articles out; returns them as they were read, then the pieces that went with them."""
    asked = list(dict.fromkeys(ids))
    place = {id_: position for position, id_ in enumerate(asked)}
    gone, unlisted = _delete(db, asked)
    return sorted(gone, key=lambda article: place[article.id]) + drop_unlisted(db, unlisted)


def drop_unlisted(db: sqlite3.Connection, ids: Iterable[str]) -> list[Article]:
    """Delete those of the articles that are pieces which no page lists any more; returns them as they were read.

    A piece that only other pages list by now becomes the first one's.
    """
    some = list(ids)
    homeless = f"page != '' AND NOT EXISTS (SELECT 1 {_LISTED} AND o.id = articles.page) AND id IN ({{}})"
    move = (
        f"UPDATE articles SET (page, source) = (SELECT o.id, o.source {_LISTED} ORDER BY o.number LIMIT 1) "
        f"WHERE number = ? AND EXISTS (SELECT 1 {_LISTED})"
    )
    found: dict[int, str] = dict(rows_in(db, f"SELECT number, id FROM articles WHERE {homeless}", some))
    db.executemany(move, [(number,) for number in found])
    left: dict[int, str] = dict(rows_in(db, f"SELECT number, id FROM articles WHERE {homeless}", list(found.values())))
    if not left:
        return []
    gone, unlisted = _delete(db, list(left.values()))
    return gone + drop_unlisted(db, unlisted)


def put_rules(db: sqlite3.Connection, rules: Sequence[Rule]) -> None:
    """Add rules; one that has text, kind and scope of one that is there takes its place."""
    db.executemany(
        "INSERT INTO rules (text, kind, scope, count, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT (text, kind, scope) "
        "DO UPDATE SET (count, state) = (excluded.count, excluded.state)",
        [(rule.text, rule.kind, rule.scope, rule.count, rule.state) for rule in rules],
    )


def put_apart(db: sqlite3.Connection, id_: str, others: Iterable[str], apart: bool) -> None:
    """Note that an article is no repost of others, or take it back."""
    pairs = [sorted((id_, other)) for other in others]
    statement = (
        "INSERT OR IGNORE INTO apart VALUES (?, ?)" if apart else "DELETE FROM apart WHERE (one, other) = (?, ?)"
    )
    db.executemany(statement, pairs)


def _head(number: int, article: Article, raw: Article) -> tuple[object, ...]:
    return (
        number, article.id, article.title, article.source, article.page, article.truncated, article.url, article.date,
        article.author, article.language, len(article.text), content_digest(raw),
    )  # fmt: skip


def _body(number: int, article: Article, raw: Article | None) -> tuple[object, ...]:
    levels = to_json([paragraph.level for paragraph in article.paragraphs])
    return number, levels, article.text, difference(article, raw)


def _changeable(db: sqlite3.Connection, pieces: Sequence[Article]) -> list[Article]:
    """The pieces that may be written: new ones, those of the same page, and those whose page does not list them now."""
    query = f"SELECT id, page, page = '' OR EXISTS (SELECT 1 {_LISTED} AND o.id = articles.page) FROM articles"
    held = {
        id_: page for id_, page, holds in rows_in(db, f"{query} WHERE id IN ({{}})", [p.id for p in pieces]) if holds
    }
    return [piece for piece in pieces if held.get(piece.id, piece.page) == piece.page]


def _put_lists(db: sqlite3.Connection, table: str, column: str, lists: Mapping[int, tuple[str, ...]]) -> set[str]:
    """Write lists by the numbers of their articles, where they changed; returns what left a list."""
    old: dict[int, list[str]] = {number: [] for number in lists}
    query = f"SELECT article, position, {column} FROM {table} WHERE article IN ({{}})"
    for number, _, value in sorted(rows_in(db, query, list(lists))):
        old[number].append(value)
    changed = {number: values for number, values in lists.items() if tuple(old[number]) != values}
    db.executemany(f"DELETE FROM {table} WHERE article = ?", [(number,) for number in changed if old[number]])
    db.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?)",
        [(number, position, value) for number, values in changed.items() for position, value in enumerate(values)],
    )
    return {value for number, values in changed.items() for value in set(old[number]) - set(values)}


def _delete(db: sqlite3.Connection, ids: Sequence[str]) -> tuple[list[Article], set[str]]:
    """Delete articles; returns them as they were read, and what they listed."""
    found = list(stored_articles(db, ids))
    db.executemany("DELETE FROM articles WHERE number = ?", [(number,) for number, _, _ in found])
    return [raw for _, _, raw in found], {id_ for _, article, _ in found for id_ in article.links}

"""The passages of articles that are put -> the rows of a library's file, touching only what changed."""

from __future__ import annotations

import sqlite3
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

import numpy as np

from recommender.embed import Vectors
from recommender.library.forms import FLOATS, text_hash
from recommender.library.reading import current_model, rows_in
from recommender.types import Article, Passage

_Place = tuple[int, int, str]  # start, end and section
# What stands there, by article and text: the same text twice is taken in the order in which it stands.
_Standing = defaultdict[tuple[int, int], deque[tuple[int, _Place]]]


def refuse_mismatch(
    articles: Sequence[Article], passages: Sequence[Passage], vectors: Vectors, titles: Vectors
) -> None:
    """Raise ValueError unless passages and vectors belong to the articles, each of which is there once."""
    texts = {article.id: article.text for article in articles}
    if len(texts) != len(articles):
        raise ValueError("an article comes twice in one put; give each id once")
    if len(passages) != len(vectors):
        relation = "shorter" if len(vectors) < len(passages) else "longer"
        raise ValueError(f"{len(vectors)} vectors are {relation} than {len(passages)} passages")
    if len(articles) != len(titles):
        raise ValueError(f"there are {len(titles)} vectors of titles for {len(articles)} articles")
    for passage in passages:
        if texts.get(passage.article_id, "")[passage.start : passage.end] != passage.text:
            raise ValueError(f"{passage.text[:40]!r} does not stand in {passage.article_id!r} where it should")
    if not (np.isfinite(vectors).all() and np.isfinite(titles).all()):
        raise ValueError("the model gave vectors that are not numbers")


def put_passages(
    db: sqlite3.Connection, numbers: Mapping[str, int], passages: Sequence[Passage], vectors: Vectors
) -> None:
    """Make ``passages`` (p,) with ``vectors`` (p, d) all the passages of the articles with these numbers.

    A passage whose text stood in the article before keeps its number, wherever it stands now.
    """
    texts = put_texts(db, [text_hash(passage.text) for passage in passages])
    put_vectors(db, current_model(db)[0], dict(zip(texts, vectors, strict=True)))
    standing = _standing(db, list(numbers.values()))
    moved, new = [], []
    for passage, text in zip(passages, texts, strict=True):
        article, place = numbers[passage.article_id], (passage.start, passage.end, passage.section)
        if same := standing[article, text]:
            number, was = same.popleft()
            if was != place:
                moved.append((*place, number))
        else:
            new.append((article, *place, text))
    gone = [(number,) for left in standing.values() for number, _ in left]
    db.executemany("DELETE FROM passages WHERE number = ?", gone)
    db.executemany("UPDATE passages SET start = ?, end = ?, section = ? WHERE number = ?", moved)
    db.executemany("INSERT INTO passages (article, start, end, section, text) VALUES (?, ?, ?, ?, ?)", new)


def put_titles(db: sqlite3.Connection, numbers: Mapping[str, int], articles: Sequence[Article]) -> list[int]:
    """Note the titles of articles (n,) under the articles' numbers; returns the numbers (n,) of their texts."""
    texts = put_texts(db, [text_hash(article.title) for article in articles])
    db.executemany(
        "INSERT INTO titles VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text",
        [(numbers[article.id], text) for article, text in zip(articles, texts, strict=True)],
    )
    return texts


def put_vectors(db: sqlite3.Connection, model: int, vectors: Mapping[int, Vectors]) -> None:
    """Store a model's vectors (d,) of texts, by the texts' numbers; those that it has stay as they are.

    Raises ValueError if they are of another dimension than the model's.
    """
    if not vectors:
        return
    (dimension,) = db.execute("SELECT dimension FROM models WHERE number = ?", (model,)).fetchone()
    given = len(next(iter(vectors.values())))
    if not dimension:
        db.execute("UPDATE models SET dimension = ? WHERE number = ?", (given, model))
    elif given != dimension:
        raise ValueError(f"the model's vectors have {dimension} dimensions, these have {given}")
    db.executemany(
        "INSERT INTO vectors (model, text, vector) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((model, text, vector.astype(FLOATS).tobytes()) for text, vector in vectors.items()),
    )


def put_texts(db: sqlite3.Connection, hashes: Sequence[bytes]) -> list[int]:
    """The numbers of texts, those that are new included."""
    asked = list(dict.fromkeys(hashes))
    known: dict[bytes, int] = dict(rows_in(db, "SELECT hash, number FROM texts WHERE hash IN ({})", asked))
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM texts").fetchone()
    new = {key: number for number, key in enumerate((key for key in asked if key not in known), last + 1)}
    db.executemany("INSERT INTO texts (hash, number) VALUES (?, ?)", new.items())
    known |= new
    return [known[key] for key in hashes]


def _standing(db: sqlite3.Connection, articles: Sequence[int]) -> _Standing:
    query = "SELECT article, text, start, number, end, section FROM passages WHERE article IN ({})"
    found: _Standing = defaultdict(deque)
    for article, text, start, number, end, section in sorted(rows_in(db, query, articles)):
        found[article, text].append((number, (start, end, section)))
    return found

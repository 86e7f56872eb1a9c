"""Word search in a library's own file: BM25 by SQLite's FTS5 over the terms of titles and texts.

FTS5 does not read the texts: it is fed with our terms, so that Chinese is found by words, and both scripts meet.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from recommender.library import WordMatches
from recommender.library.filters import condition
from recommender.terms import pieces, revision, terms
from recommender.types import Article, Filter

# The weight of a word in the title beside one in the text. Between 1 and 5 it hardly matters on seealso_en_cpp.
TITLE_WEIGHT = 3.0
# Entries of the index that one query may read, at about a microsecond each; the terms that weigh most come first. For
# whole pages of seealso_en, all that there are (128,000) give nDCG@10 45.9, 50,000 give 45.4, and 20,000 give 43.7.
POSTINGS = 40_000
_K1 = 1.2  # FTS5's; with it a term counts at most _K1 + 1 times its weight
# Quotations and titles within a text are looked for as they stand; what is longer is no term.
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,20})[”」』》\"]")
_BATCH = 500

# Titles have vectors of their own, and words an index; "apart" are articles that an editor says are no reposts. Terms
# have no ASCII but letters and digits, so that "ascii" cuts them where they were joined.
_SCHEMA = """
CREATE TABLE titles (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text INTEGER NOT NULL REFERENCES texts
);
CREATE INDEX titles_text ON titles (text);
CREATE TABLE apart (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = 'ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row')
"""


def create(db: sqlite3.Connection) -> None:
    """Make what a library of version 2 did not have yet."""
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    db.execute(
        "CREATE TRIGGER articles_words AFTER DELETE ON articles BEGIN DELETE FROM words WHERE rowid = old.number; END"
    )


def put(db: sqlite3.Connection, numbers: Iterable[int], articles: Sequence[Article]) -> None:
    """Make articles known by the words that they have now, under their numbers."""
    titles, bodies = terms([article.title for article in articles]), terms([article.text for article in articles])
    db.executemany(
        "INSERT OR REPLACE INTO words (rowid, title, body) VALUES (?, ?, ?)",
        ((n, " ".join(t), " ".join(b)) for n, t, b in zip(numbers, titles, bodies, strict=True)),
    )


def are_current(db: sqlite3.Connection) -> bool:
    """Whether the words are those that ``terms`` gives now."""
    return bool(db.execute("SELECT terms FROM library").fetchone()[0] == revision())


def rebuild(db: sqlite3.Connection, articles: Iterator[tuple[int, Article]]) -> None:
    """Make all articles, which come with their numbers, known anew: terms are not what they were."""
    db.execute("DELETE FROM words")
    while batch := list(islice(articles, _BATCH)):
        put(db, [number for number, _ in batch], [article for _, article in batch])
    db.execute("UPDATE library SET terms = ?", (revision(),))


class _Term(NamedTuple):
    """What is looked for: as FTS5 writes it, its inverse document frequency, and the entries that are read for it.

    All three for as many times as the query has it.
    """

    expression: str
    weight: float
    cost: int


class Words:
    """Asks a library by words, and remembers how many articles have a term as long as no article comes or goes."""

    def __init__(self) -> None:
        self._seen = (0, 0)
        self._articles: dict[str, int] = {}

    def search(
        self, db: sqlite3.Connection, texts: Sequence[str], limit: int, among: Filter, without: int | None
    ) -> WordMatches:
        """The articles that share the weightiest words with the texts, best first; see ``Library.by_words``."""
        asked = self._chosen(db, texts)
        if not asked:
            return WordMatches(np.empty(0, np.int64), np.empty(0, np.float32), complete=True)
        where, values = condition(among)
        # The plus keeps SQLite from asking for the words of one article after another.
        rows = db.execute(
            f"SELECT rowid, -bm25(words, {TITLE_WEIGHT}, 1.0) AS score FROM words WHERE words MATCH ? AND rowid != ? "
            f"AND +rowid IN (SELECT number FROM articles WHERE {where}) ORDER BY score DESC, rowid LIMIT ?",
            (" OR ".join(term.expression for term in asked), -1 if without is None else without, *values, limit),
        ).fetchall()
        most = sum(term.weight for term in asked) * (_K1 + 1)
        return WordMatches(
            np.array([number for number, _ in rows], np.int64),
            np.array([score / most for _, score in rows], np.float32),
            complete=len(rows) < limit,
        )

    def _chosen(self, db: sqlite3.Connection, texts: Sequence[str]) -> list[_Term]:
        """The terms of the texts that weigh most, as many as may be read."""
        chosen: list[_Term] = []
        left = POSTINGS
        for term in sorted(self._terms(db, texts), key=lambda term: (-term.weight, term.expression)):
            if term.cost <= left or not chosen:
                chosen.append(term)
                left -= term.cost
        return chosen

    def _terms(self, db: sqlite3.Connection, texts: Sequence[str]) -> Iterator[_Term]:
        """All terms of the texts that tell articles apart, and their quotations."""
        seen = db.execute("SELECT count(*), coalesce(max(number), 0) FROM articles").fetchone()
        if seen != self._seen:
            self._seen, self._articles = seen, {}
        single = Counter((term,) for found in terms(texts) for term in found)
        quoted = Counter(map(tuple, pieces([quote for text in texts for quote in _QUOTED.findall(text)])))
        for words, times in (single | quoted).items():
            articles = min((self._frequency(db, word) for word in words), default=0)
            # As FTS5 has it, for which what half of all articles have weighs nothing. What no article has weighs most.
            weight = math.log((seen[0] - articles + 0.5) / (articles + 0.5))
            if words and weight > 0:
                yield _Term(" OR ".join([_phrase(words)] * times), times * weight, times * articles)

    def _frequency(self, db: sqlite3.Connection, term: str) -> int:
        """How many articles have a term."""
        if term not in self._articles:
            found = db.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
            self._articles[term] = found[0] if found else 0
        return self._articles[term]


def _phrase(words: Sequence[str]) -> str:
    """Words in a row, as FTS5 writes them; no term has a quotation mark."""
    return f'"{" ".join(words)}"'

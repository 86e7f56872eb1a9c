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
from numpy.typing import NDArray

from recommender.library import EVERYTHING, Numbers, WordMatches, sketches
from recommender.library.reading import article_numbers
from recommender.terms import pieces, revision, terms
from recommender.types import Article, Filter

# The weight of a word in the title beside one in the text. Between 1 and 5 it hardly matters on seealso_en_cpp.
TITLE_WEIGHT = 3.0
# Entries of the index that one query may read, at one to two microseconds each; the terms that weigh most come first,
# and to look a term up counts as _LOOKUP of them. For whole pages of seealso_en, as many as there are give nDCG@10 45.4
# by words alone and take 110 ms, 20,000 give 45.3 in 32 ms, and 10,000 give 45.0 in 17.
POSTINGS, _LOOKUP = 10_000, 20
# Of a longer query the beginning counts, in characters: to cut these into terms takes a quarter of a second.
LONGEST = 100_000
_K1 = 1.2  # FTS5's; with it a term counts at most _K1 + 1 times its weight
# Quotations and titles within a text are looked for as they stand; what is longer is no term.
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,20})[”」』》\"]")
_BATCH = 500
# Scores of terms that are remembered: 16 MB. Queries of one library have many terms in common.
_REMEMBERED = 1_000_000

# Titles have vectors of their own, and words an index; "apart" are articles that an editor says are no reposts. Terms
# have no ASCII but letters and digits, so that "ascii" cuts them where they were joined.
_SCHEMA = """
CREATE TABLE titles (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text INTEGER NOT NULL REFERENCES texts
);
CREATE INDEX titles_text ON titles (text);
CREATE TABLE apart (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE sketches (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, hashes BLOB NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = 'ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row')
"""


def create(db: sqlite3.Connection) -> None:
    """Make what a library of version 2 did not have yet."""
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    db.execute(
        "CREATE TRIGGER articles_words AFTER DELETE ON articles "
        "BEGIN DELETE FROM words WHERE rowid = old.number; UPDATE library SET words = words + 1; END"
    )


def put(db: sqlite3.Connection, numbers: Iterable[int], articles: Sequence[Article]) -> None:
    """Make articles known by the words that they have now, under their numbers."""
    titles, bodies = terms([article.title for article in articles]), terms([article.text for article in articles])
    db.executemany(
        "INSERT OR REPLACE INTO words (rowid, title, body) VALUES (?, ?, ?)",
        ((n, " ".join(t), " ".join(b)) for n, t, b in zip(numbers, titles, bodies, strict=True)),
    )
    db.execute("UPDATE library SET words = words + 1")  # what is remembered of them is of the past


def are_current(db: sqlite3.Connection) -> bool:
    """Whether the words are those that ``terms`` gives now."""
    return bool(db.execute("SELECT terms FROM library").fetchone()[0] == revision())


def rebuild(db: sqlite3.Connection, articles: Iterator[tuple[int, Article]]) -> None:
    """Make all articles, which come with their numbers, known anew: terms are not what they were."""
    db.execute("DELETE FROM words")
    while batch := list(islice(articles, _BATCH)):
        numbers, some = [number for number, _ in batch], [article for _, article in batch]
        put(db, numbers, some)
        sketches.put(db, numbers, some)
    db.execute("UPDATE library SET terms = ?", (revision(),))


class _Term(NamedTuple):
    """What is looked for: one of our terms or several in a row, and how often the query has it.

    ``articles`` is how many have the rarest of them, so that it weighs ``weight`` or more.
    """

    words: tuple[str, ...]
    times: int
    articles: int
    weight: float


class _Scored(NamedTuple):
    """The articles that have a term (m,), and their scores for it."""

    numbers: Numbers
    scores: NDArray[np.float64]


class _Known:
    """What a library was asked by words as long as no article's words change: ``written`` tells when that was.

    ``articles`` counts all, ``frequency`` those that have a term. The scores of terms are kept while there is room.
    """

    def __init__(self, written: int, articles: int) -> None:
        self.written, self.articles = written, articles
        self.frequency: dict[str, int] = {}
        self._scored: dict[tuple[str, ...], _Scored] = {}
        self._room = _REMEMBERED

    def scored(self, db: sqlite3.Connection, words: tuple[str, ...]) -> _Scored:
        """The articles that have these words in a row, with their scores."""
        if words not in self._scored:
            found = _scored(db, words)
            self._room -= len(found.numbers)
            if self._room < 0:
                self._scored, self._room = {}, _REMEMBERED
            self._scored[words] = found
        return self._scored[words]


class Words:
    """Asks a library by words, and remembers what it was told until any article's words change."""

    def __init__(self) -> None:
        self._known = _Known(-1, 0)

    def search(self, db: sqlite3.Connection, texts: Sequence[str], among: Filter, without: int | None) -> WordMatches:
        """The articles that share the weightiest words with the texts; see ``Library.by_words``."""
        known = self._now(db)
        found: list[_Scored] = [_Scored(np.empty(0, np.int64), np.empty(0))]
        most = 0.0
        # Term by term: the time that FTS5 takes for all in one expression grows by terms times articles.
        for term in _chosen(db, known, _beginning(texts)):
            numbers, scores = known.scored(db, term.words) if term.articles else found[0]
            if (weight := term.times * _weight(len(numbers), known.articles)) > 0:
                most += weight * (_K1 + 1)
                found.append(_Scored(numbers, term.times * scores))
        owners, owned = np.unique(np.concatenate([some.numbers for some in found]), return_inverse=True)
        totals = np.bincount(owned, np.concatenate([some.scores for some in found])) / (most or 1)
        asked = owners != without
        if among != EVERYTHING:
            asked &= np.isin(owners, article_numbers(db, among))
        return WordMatches(owners[asked], totals[asked].astype(np.float32))

    def _now(self, db: sqlite3.Connection) -> _Known:
        """What is known of the moment that the connection sees. Threads may see two; then the later to ask is kept."""
        known, (written, articles) = self._known, db.execute("SELECT words, articles FROM library").fetchone()
        if known.written != written:
            self._known = known = _Known(written, articles)
        return known


def _chosen(db: sqlite3.Connection, known: _Known, texts: Sequence[str]) -> list[_Term]:
    """The terms of the texts that weigh most, as many as may be read."""
    chosen: list[_Term] = []
    left = POSTINGS
    for term in sorted(_terms(db, known, texts), key=lambda term: (-term.times * term.weight, term.words)):
        cost = term.articles + _LOOKUP if term.articles else 0  # what no article has is not looked up
        if cost <= left or not chosen:
            chosen.append(term)
            left -= cost
    return chosen


def _terms(db: sqlite3.Connection, known: _Known, texts: Sequence[str]) -> Iterator[_Term]:
    """All terms of the texts that tell articles apart, and their quotations."""
    single = Counter((term,) for found in terms(texts) for term in found)
    quoted = Counter(map(tuple, pieces([quote for text in texts for quote in _QUOTED.findall(text)])))
    for words, times in (single | quoted).items():
        articles = min((_frequency(db, known, word) for word in words), default=0)
        weight = _weight(articles, known.articles)
        # Several common words in a row may be rare.
        if weight > 0 or len(words) > 1:
            yield _Term(words, times, articles, weight)


def _frequency(db: sqlite3.Connection, known: _Known, term: str) -> int:
    """How many articles have a term."""
    if term not in known.frequency:
        found = db.execute("SELECT doc FROM vocabulary WHERE term = ?", (term,)).fetchone()
        known.frequency[term] = found[0] if found else 0
    return known.frequency[term]


def _weight(articles: int, every: int) -> float:
    """The inverse document frequency of what so many of all articles have, as FTS5 has it.

    What half of them have weighs nothing, and what none has weighs most.
    """
    return math.log((every - articles + 0.5) / (articles + 0.5))


def _scored(db: sqlite3.Connection, words: tuple[str, ...]) -> _Scored:
    query = f"SELECT rowid, -bm25(words, {TITLE_WEIGHT}, 1.0) FROM words WHERE words MATCH ?"
    rows = db.execute(query, (f'"{" ".join(words)}"',)).fetchall()  # no term has a quotation mark
    return _Scored(np.array([number for number, _ in rows], np.int64), np.array([score for _, score in rows]))


def _beginning(texts: Sequence[str]) -> list[str]:
    """The first ``LONGEST`` characters of texts."""
    ends = np.cumsum([len(text) for text in texts]).tolist()
    return [
        text[: LONGEST - end + len(text)] for text, end in zip(texts, ends, strict=True) if end - len(text) < LONGEST
    ]

"""A library as one SQLite file: a write-ahead log, so that readers and the writer do not wait for each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from recommender.embed import Encoder, Model, Vectors
from recommender.library import (
    EVERYTHING,
    Counts,
    LibraryError,
    Listing,
    Matrix,
    Numbers,
    Part,
    WordMatches,
    models,
    reading,
    sketches,
    writing,
)
from recommender.library.atlases import SqliteAtlases
from recommender.library.check import problems
from recommender.library.connections import Connections
from recommender.library.decisions import SqliteDecisions
from recommender.library.fits import SqliteFits
from recommender.library.memory import Memory
from recommender.library.passages import refuse_mismatch
from recommender.library.schema import prepare
from recommender.library.words import Words
from recommender.shingles import Hashes
from recommender.types import Article, Filter, Passage, Rule


class SqliteLibrary:
    """A Library in the file ``path``, which is created, with its folders, if there is none.

    A file of an earlier version is brought up to date. Threads may share one; each reads at its own moment. Without a
    ``model`` it is opened whichever made it, for what needs no new vectors.
    Raises LibraryError if the file is not a library, or if another model made it.
    """

    def __init__(self, path: Path, model: Model | None = None) -> None:
        self.path = path
        self._model = model
        self._embedded: dict[str, int] = {}  # by revision, up to which number a coming model has embedded all
        self._words = Words()
        self.connections = _opened(path, model)
        self.decisions = SqliteDecisions(self.connections)
        self.fits = SqliteFits(self.connections)
        self.atlases = SqliteAtlases(self.connections)
        self._passages = Memory(self.connections.reading, bare=True)
        self._vectors = Memory(self._reading_vectors, bare=False)
        try:
            with self._reading_vectors():
                pass  # the model is the right one
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self.path)

    @property
    def identity(self) -> str:
        """A random word given when the file was made, and the number of the model that is searched by."""
        with self.connections.reading() as db:
            return reading.identity(db)

    def close(self) -> None:
        """Close the file."""
        self.connections.close()

    def counts(self) -> Counts:
        """How much the library holds now."""
        with self.connections.reading() as db:
            return reading.counts(db)

    def listings(self, among: Filter = EVERYTHING, limit: int = -1, offset: int = 0) -> list[Listing]:
        """Articles in the order in which they came, without their texts; ``limit`` -1 is all."""
        with self.connections.reading() as db:
            return reading.listings(db, among, limit, offset)

    def values(self, part: Part, limit: int) -> dict[str, int]:
        """What articles have for a part of a filter, and how many have it: the ``limit`` most frequent, those first."""
        with self.connections.reading() as db:
            return reading.values(db, part, limit)

    def pages_of(self, id_: str) -> list[Listing]:
        """The articles whose pages list this one as related, in the order in which they came."""
        with self.connections.reading() as db:
            pages = reading.pages_of(db, id_)
            return reading.listings(db, Filter(ids=tuple(pages)), -1, 0) if pages else []

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Those of the articles that are there, in the order asked for."""
        return {id_: article for id_, (article, _) in self._stored(ids).items()}

    def raw(self, ids: Iterable[str]) -> dict[str, Article]:
        """Those of the articles that are there, as they were read, before cleaning."""
        return {id_: raw for id_, (_, raw) in self._stored(ids).items()}

    def owners(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those of the articles that are there."""
        with self.connections.reading() as db:
            return reading.owners(db, ids)

    def numbers(self, among: Filter) -> Numbers:
        """The numbers of the passages of the articles that the filter leaves, rising."""
        if among == EVERYTHING:
            return self._passages.matrix().numbers
        with self.connections.reading() as db:
            articles = reading.article_numbers(db, among)
        return self.of_articles(articles)

    def of_articles(self, owners: Numbers) -> Numbers:
        """The numbers of the passages of the articles with these numbers, rising."""
        every = self._passages.matrix()
        return every.numbers[np.isin(every.owners, owners)]

    def sketches(self, owners: Numbers) -> list[Hashes]:
        """The sketches of the articles with these numbers, in this order. Raises KeyError for one that is gone."""
        with self.connections.reading() as db:
            return sketches.read(db, owners)

    def ids(self, owners: Numbers) -> list[str]:
        """The ids of the articles with these numbers, in this order. Raises KeyError for one that is gone."""
        with self.connections.reading() as db:
            return reading.ids(db, owners)

    def titles(self, owners: Numbers) -> Vectors:
        """The vectors (n, d) of the titles of the articles with these numbers (n,); zeros for one that has none."""
        with self._reading_vectors() as db:
            return reading.titles(db, owners)

    def by_words(self, texts: Sequence[str], among: Filter = EVERYTHING, without: int | None = None) -> WordMatches:
        """The articles that share words with the texts of a query; see ``Library.by_words``."""
        with self.connections.reading() as db:
            return self._words.search(db, texts, among, without)

    def passages(self, numbers: Numbers) -> list[Passage]:
        """The passages with these numbers, in this order. Raises KeyError for one that is gone."""
        with self.connections.reading() as db:
            return reading.passages(db, numbers)

    def vectors(self, numbers: Numbers) -> Matrix:
        """The owners and vectors of those of the passages that are there, rising."""
        with self._reading_vectors() as db:
            return reading.vectors(db, numbers)

    def matrix(self) -> Matrix:
        """All passages; the same object while nothing has changed."""
        return self._vectors.matrix()

    def known_vectors(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """The stored vectors (d,) of those texts that the library has, or had until it was last vacuumed."""
        with self._reading_vectors() as db:
            return reading.known_vectors(db, texts)

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        """The ``content_digest`` of those of the articles that are there, as they were read."""
        with self.connections.reading() as db:
            return reading.digests(db, ids)

    def duplicates(self, digests: Iterable[str]) -> dict[str, str]:
        """For each digest that an article of the library has, pieces apart: the id of the first that has it."""
        with self.connections.reading() as db:
            return reading.duplicates(db, digests)

    def put(
        self,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        vectors: Vectors,
        titles: Vectors,
        raw: Mapping[str, Article] | None = None,
    ) -> None:
        """Add articles or bring them up to date, in one transaction; see ``Library.put``."""
        refuse_mismatch(articles, passages, vectors, titles)
        with self.connections.writing() as db:
            self._refuse_another_model(db)
            writing.put(db, articles, passages, vectors, titles, raw or {})

    def of_source(self, source: str) -> list[str]:
        """The ids of the articles that were read from this file, pieces apart."""
        with self.connections.reading() as db:
            return reading.of_source(db, source)

    def remove(self, ids: Iterable[str]) -> list[Article]:
        """Take articles out, in one transaction; returns them as they were read, and then the pieces that went."""
        with self.connections.writing() as db:
            return writing.remove(db, ids)

    def rules(self) -> list[Rule]:
        """All rules, whatever their state, in the order in which they came."""
        with self.connections.reading() as db:
            return reading.rules(db)

    def put_rules(self, rules: Sequence[Rule]) -> None:
        """Add rules; one that has text, kind and scope of one that is there takes its place."""
        with self.connections.writing() as db:
            writing.put_rules(db, rules)

    def apart(self, ids: Iterable[str]) -> set[tuple[str, str]]:
        """The pairs among these articles of which an editor has said that neither is a repost of the other."""
        with self.connections.reading() as db:
            return reading.apart(db, ids)

    def put_apart(self, id_: str, others: Iterable[str], apart: bool = True) -> None:
        """Note that an article is no repost of others, nor they of it, or take it back."""
        with self.connections.writing() as db:
            writing.put_apart(db, id_, others, apart)

    def missing(self, encoder: Encoder, limit: int) -> list[str]:
        """Up to ``limit`` texts of passages and titles that have no vector of this model yet."""
        with self.connections.reading() as db:
            after = self._embedded.get(encoder.revision, 0)
            texts, self._embedded[encoder.revision] = models.missing(db, encoder, limit, after)
            # At the end all of them are asked again: another program may have vacuumed the first vectors away.
            return texts or models.missing(db, encoder, limit)[0]

    def put_vectors(self, encoder: Encoder, texts: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (m, d) of another model beside those that are searched."""
        with self.connections.writing() as db:
            models.put_more(db, encoder, texts, vectors)

    def switch(self, encoder: Encoder) -> None:
        """Search by the vectors of this model from now on. Raises LibraryError if any is missing."""
        with self.connections.writing() as db:
            left = models.switch(db, encoder)
        if left:
            raise LibraryError(
                f"{self.path} cannot be searched by the model {encoder.name!r} yet: {left} of its passages are not "
                "embedded by it. Embed those, and switch then.",
                cause="model",
            )
        self._model = encoder

    def vacuum(self) -> None:
        """Give back the room of what is not used any more. Needs as much free room as the library has."""
        with self.connections.writing() as db:
            models.drop_unused(db)
        with self.connections.alone() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._embedded.clear()

    def check(self) -> list[str]:
        """What is wrong with the library, a sentence each; empty if all is well."""
        with self.connections.reading() as db:
            return problems(db)

    def _stored(self, ids: Iterable[str]) -> dict[str, tuple[Article, Article]]:
        asked = list(dict.fromkeys(ids))
        with self.connections.reading() as db:
            found = {article.id: (article, raw) for _, article, raw in reading.stored_articles(db, asked)}
        return {id_: found[id_] for id_ in asked if id_ in found}

    @contextmanager
    def _reading_vectors(self) -> Iterator[sqlite3.Connection]:
        with self.connections.reading() as db:
            self._refuse_another_model(db)
            yield db

    def _refuse_another_model(self, db: sqlite3.Connection) -> None:
        """Raise LibraryError if the vectors are not the model's that this was opened with: others may have switched."""
        _, name, revision, _ = reading.current_model(db)
        asked = self._model
        if asked is None or revision == asked.revision:
            return
        again = f"embed them again: python -m recommender reembed --library {self.path} --model {asked.name}"
        # The same name with another revision is a model whose weights have changed: no name brings those back.
        remedy = again if name == asked.name else f"use --model {name}, or {again}"
        raise LibraryError(
            f"The articles in {self.path} were embedded by the model {name!r} (revision {revision}), not by "
            f"{asked.name!r} (revision {asked.revision}), and vectors of two models cannot be compared: {remedy}",
            cause="model",
        )


def _opened(path: Path, model: Model | None) -> Connections:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connections = Connections(path)
        try:
            prepare(connections.writer, model)
        except BaseException:
            connections.close()
            raise
    except (OSError, ValueError, sqlite3.Error) as error:  # ValueError: an earlier version's JSON that is none
        raise LibraryError(
            f"{path} cannot be opened as a library ({error}). Name another file with --library, "
            "or move this one away to begin a new library.",
            cause="file",
        ) from error
    return connections

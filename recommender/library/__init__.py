"""The record: articles, their passages and vectors, which page lists which piece, and rules for cleaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Encoder, Vectors
from recommender.shingles import Hashes
from recommender.types import Article, Bands, Decision, Filter, Passage, Proposals, RecommenderError, Rule

Numbers = NDArray[np.int64]
EVERYTHING = Filter()
Part = Literal["source", "language", "tag", "author"]
State = Literal["new", "changed", "gone", "done"]


class LibraryError(RecommenderError):
    """A library that cannot be used as asked. The message names the file and the remedy.

    ``cause`` says what is wrong in a word: it is another "model"'s, no library "file" of ours, or takes no "write".
    """

    def __init__(self, message: str, cause: Literal["model", "file", "write"]) -> None:
        self.cause = cause
        super().__init__(message)


def content_digest(article: Article) -> str:
    """What an article says in 64 hex digits: SHA-256 of its title and paragraphs, headings' levels included."""
    content = [article.title, [[paragraph.level, paragraph.text] for paragraph in article.paragraphs]]
    stored = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(stored.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Counts:
    """How much a library holds. ``dimension`` is that of its vectors, 0 while it has none."""

    articles: int
    passages: int
    links: int
    dimension: int


@dataclass(frozen=True)
class Listing:
    """What lists show of an article: all but its text. ``length`` counts the characters of the text."""

    id: str
    title: str
    source: str
    page: str
    truncated: bool
    url: str
    date: str
    author: str
    language: str
    tags: tuple[str, ...]
    length: int


@dataclass(frozen=True)
class Matrix:
    """The vectors of all passages at one moment, in the order of their numbers.

    ``numbers`` (p,) name the passages: they rise, and are never used again. ``owners`` (p,) are the numbers of their
    articles. ``vectors`` is (p, d).
    """

    numbers: Numbers
    owners: Numbers
    vectors: Vectors


@dataclass(frozen=True)
class WordMatches:
    """All articles that share words with a query, in order of number.

    ``numbers`` (m,) are theirs. ``scores`` (m,) are BM25's, as a share of what an article could reach that has every
    word of the query many times: 0 to 1.
    """

    numbers: Numbers
    scores: Vectors


class Conflict(RecommenderError):
    """Another editor has decided on the same list meanwhile: ``decisions`` are what was not seen yet, in order."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self.decisions = tuple(decisions)
        who = ", ".join(dict.fromkeys(decision.by for decision in decisions))
        super().__init__(
            f"{who} changed the list of {decisions[0].essay!r} meanwhile; nothing was written over that. "
            "Look at the list as it is now, and decide again."
        )


@dataclass(frozen=True)
class Task:
    """An essay in the editors' queue.

    It has no list yet ("new"), says other things than when its list was published ("changed"), has a list that was
    published with pieces that are "gone" since, or is "done". ``at`` is when its list was published, and ``strength``
    the mean closeness of the pieces, 0 to 1.
    """

    essay: str
    title: str
    state: State
    at: str
    strength: float


# What was proposed, with its number in the record, or a decision.
Recorded = tuple[int, Proposals] | Decision


class Decisions(Protocol):
    """What editors have decided: a record that only grows, and what it says of each list now."""

    def of(self, essays: Sequence[str]) -> list[Decision]:
        """The decisions on these essays, and all that hold everywhere, with what undid them; in order."""

    def after(self, number: int, limit: int = -1) -> list[Decision]:
        """The decisions after one, in order; after 0 come all. ``limit`` -1 is all."""

    def every(self) -> Iterator[Recorded]:
        """All of the record in order, as it is at one moment, one by one.

        What was proposed comes once, before the first decision that was made on it.
        """

    def put(self, decisions: Sequence[Decision], proposals: Proposals, seen: int) -> list[Decision]:
        """Append decisions on one essay, all or none, and return them with their numbers.

        ``proposals`` are what the editor had before them, and ``seen`` is the number of the last decision on the essay
        that was known when this was decided. Raises Conflict, and writes nothing, if there are newer ones; ValueError
        for what undoes no decision on the essay; LibraryError if the file cannot be written.
        """

    def merge(self, recorded: Iterable[Recorded]) -> int:
        """Append what another record has, as ``every`` gives it, all or nothing.

        Decisions that are here are passed over. Returns how many were not. Raises KeyError for a decision before what
        was proposed for it, else as ``put`` does, but no Conflict.
        """

    def proposals(self, numbers: Iterable[int]) -> dict[int, Proposals]:
        """What was proposed, by the numbers that decisions have."""

    def published(self, limit: int = -1, offset: int = 0) -> list[str]:
        """The essays of the library that have a published list, in the order in which they came."""

    def lists_with(self, piece: str) -> list[str]:
        """The essays whose lists had a piece when they were published."""

    def queue(
        self, state: State | None = None, limit: int = -1, offset: int = 0, among: Filter = EVERYTHING
    ) -> list[Task]:
        """The essays, pieces apart: new, changed, gone, done; of each the weakest lists first."""

    def states(self) -> dict[State, int]:
        """How many essays are in each state."""


@dataclass(frozen=True)
class Fit:
    """Bands that were fitted to what editors decided, by which all words go from a moment on (UTC, ISO 8601).

    They are those of one revision of a model. ``bands`` is None where the built-in ones were put in force again.
    ``figures`` are those by which it was found better.
    """

    at: str
    revision: str
    bands: Bands | None
    figures: Mapping[str, Any]


class Fits(Protocol):
    """The fits that were applied: a record that only grows."""

    @property
    def revision(self) -> str:
        """That of the model that is searched by: fits of others are not in force."""

    def now(self) -> Fit | None:
        """The fit that is in force, whoever applied it: it is read anew each time."""

    def put(self, fit: Fit) -> None:
        """Apply a fit. Raises LibraryError if the file cannot be written."""


class Atlases(Protocol):
    """The map of a library, one for each model, and what it is drawn from."""

    def state(self) -> tuple[int, ...]:
        """Numbers that change with the map, the articles' texts and the model that is searched by."""

    def drawing(self) -> bytes | None:
        """The map for the model that is searched by, whoever put it there; None if there is none."""

    def put(self, revision: str, drawing: bytes) -> None:
        """Keep the map for the model of this revision; it takes the place of the one before.

        Raises LibraryError if the file cannot be written.
        """

    def versions(self) -> tuple[Numbers, Numbers]:
        """The numbers (n,) of all articles that have passages, rising, and for each a number of what it says (n,)."""

    def sums(self, owners: Numbers) -> Vectors:
        """The sums (n, d) of the vectors of the passages of articles (n,), rising numbers, weighted by length."""


class Library(Protocol):
    """What the project asks of an engine. All vectors that are searched are of one model."""

    @property
    def name(self) -> str:
        """What a person calls it: the path of its file."""

    @property
    def identity(self) -> str:
        """A word that no other library has, and that changes with the model that is searched by.

        While it is the same, a passage's number stands for the same vector: what is kept beside the library, such as
        an index, belongs to it only if it was made under this word.
        """

    @property
    def decisions(self) -> Decisions:
        """The record of what editors have decided."""

    @property
    def fits(self) -> Fits:
        """The bands that were fitted to it."""

    @property
    def atlases(self) -> Atlases:
        """Its map."""

    def counts(self) -> Counts:
        """How much the library holds now."""

    def listings(self, among: Filter = EVERYTHING, limit: int = -1, offset: int = 0) -> list[Listing]:
        """Articles in the order in which they came, without their texts; ``limit`` -1 is all."""

    def values(self, part: Part, limit: int) -> dict[str, int]:
        """What articles have for a part of a filter, and how many have it: the ``limit`` most frequent, those first."""

    def pages_of(self, id_: str) -> list[Listing]:
        """The articles whose pages list this one as related, in the order in which they came."""

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Those of the articles that are there, in the order asked for."""

    def owners(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of those of the articles that are there."""

    def numbers(self, among: Filter) -> Numbers:
        """The numbers of the passages of the articles that the filter leaves, rising."""

    def of_articles(self, owners: Numbers) -> Numbers:
        """The numbers of the passages of the articles with these numbers, rising."""

    def passages(self, numbers: Numbers) -> list[Passage]:
        """The passages with these numbers, in this order. Raises KeyError for one that is gone."""

    def vectors(self, numbers: Numbers) -> Matrix:
        """The owners and vectors of those of the passages that are there, rising."""

    def titles(self, owners: Numbers) -> Vectors:
        """The vectors (n, d) of the titles of the articles with these numbers (n,); zeros for one that has none."""

    def sketches(self, owners: Numbers) -> list[Hashes]:
        """The sketches of the articles with these numbers, in this order. Raises KeyError for one that is gone."""

    def ids(self, owners: Numbers) -> list[str]:
        """The ids of the articles with these numbers, in this order. Raises KeyError for one that is gone."""

    def by_words(self, texts: Sequence[str], among: Filter = EVERYTHING, without: int | None = None) -> WordMatches:
        """The articles that share words with the texts of a query: BM25 over ``terms``.

        A word counts as often as it stands in the texts. ``among`` limits the articles, and ``without`` is the number
        of one that is left out. Of a long query's words those are looked for that weigh most.
        """

    def matrix(self) -> Matrix:
        """All passages, kept in memory and brought up to date by what has changed since."""

    def known_vectors(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """The stored vectors (d,) of those texts that the library has, or had until it was last vacuumed."""

    def digests(self, ids: Iterable[str]) -> dict[str, str]:
        """The ``content_digest`` of those of the articles that are there, as they were read."""

    def duplicates(self, digests: Iterable[str]) -> dict[str, str]:
        """For each digest that an article of the library has, pieces apart: the id of the first that has it."""

    def put(
        self,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        vectors: Vectors,
        titles: Vectors,
        raw: Mapping[str, Article] | None = None,
    ) -> None:
        """Add articles or bring them up to date, in one step that happens whole or not at all.

        ``vectors`` (p, d) are those of ``passages``, which are all the passages of ``articles``, and ``titles`` (n, d)
        those of the articles' titles. ``raw`` has the articles as they were read, by id, where cleaning changed them. A
        passage whose text stays keeps its number.

        A piece that no page lists any more goes, also one that comes without its page. A piece never takes the place
        of an article that is there by itself, and while its first page lists it, only that page changes it: what two
        pages show of it may differ, and reading them again must change nothing.

        Raises LibraryError, and changes nothing, if the file cannot be written or holds another model's vectors by
        now; ValueError if an id comes twice, or passages and vectors do not belong to the articles.
        """

    def raw(self, ids: Iterable[str]) -> dict[str, Article]:
        """Those of the articles that are there, as they were read, before cleaning."""

    def of_source(self, source: str) -> list[str]:
        """The ids of the articles that were read from this file, pieces apart."""

    def remove(self, ids: Iterable[str]) -> list[Article]:
        """Take articles out, in one step; returns them as they were read, so that they can be put back.

        A piece that no page lists any more goes, too, and is returned after them. Vectors stay until ``vacuum``.
        """

    def rules(self) -> list[Rule]:
        """All rules, whatever their state, in the order in which they came."""

    def put_rules(self, rules: Sequence[Rule]) -> None:
        """Add rules; one that has text, kind and scope of one that is there takes its place."""

    def apart(self, ids: Iterable[str]) -> set[tuple[str, str]]:
        """The pairs among these articles of which an editor has said that neither is a repost of the other."""

    def put_apart(self, id_: str, others: Iterable[str], apart: bool = True) -> None:
        """Note that an article is no repost of others, nor they of it, or take it back."""

    def missing(self, encoder: Encoder, limit: int) -> list[str]:
        """Up to ``limit`` texts of passages and titles that have no vector of this model yet."""

    def put_vectors(self, encoder: Encoder, texts: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (m, d) of another model beside those that are searched.

        A text that the library does not have any more is passed over.
        """

    def switch(self, encoder: Encoder) -> None:
        """Search by the vectors of this model from now on. Raises LibraryError if any is missing."""

    def vacuum(self) -> None:
        """Give back the room of what is not used any more: vectors of texts that are gone, and of other models."""

    def check(self) -> list[str]:
        """What is wrong with the library, a sentence each; empty if all is well."""

    def close(self) -> None:
        """Close the file."""

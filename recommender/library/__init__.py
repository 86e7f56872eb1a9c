"""The record: articles, their passages and vectors, and which page lists which piece."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors
from recommender.types import Article, Passage, RecommenderError


class LibraryError(RecommenderError):
    """A library that cannot be used as asked. The message names the file and the remedy.

    ``cause`` says what is wrong in a word: it is another "model"'s, no library "file" of ours, or takes no "write".
    """

    def __init__(self, message: str, cause: Literal["model", "file", "write"]) -> None:
        self.cause = cause
        super().__init__(message)


@dataclass(frozen=True)
class Contents:
    """All of a library at one moment. ``vectors`` (p, d) has a row for each passage, in the order of the articles."""

    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    vectors: Vectors

    @cached_property
    def owners(self) -> NDArray[np.intp]:
        """The number, in the order of ``articles``, of the article that each passage belongs to (p,)."""
        number = {article_id: i for i, article_id in enumerate(self.articles)}
        return np.array([number[p.article_id] for p in self.passages], dtype=np.intp)


class Library(Protocol):
    """What the project asks of an engine. All vectors in a library are of one model."""

    @property
    def name(self) -> str:
        """What a person calls it: the path of its file."""

    def contents(self) -> Contents:
        """What the library holds now."""

    def known_vectors(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """The stored vectors (d,) of those texts that stand in the library as passages already."""

    def put(self, articles: Sequence[Article], passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add articles or bring them up to date, in one step that happens whole or not at all.

        ``vectors`` (p, d) are those of ``passages``, which are all the passages of ``articles``. A piece that no page
        lists any more goes.
        """

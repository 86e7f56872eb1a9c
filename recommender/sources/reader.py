"""What every reader of a kind of file is: a function from a file to its articles, and remarks for the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from recommender.types import Article


@dataclass(frozen=True)
class Remark:
    """What the report says of a file beside its articles: how it was understood, or what was left out and why.

    ``text`` is a sentence that names the place; ``skipped`` counts what was left out.
    """

    text: str
    skipped: int = 0


# (file, key, name) -> articles and remarks, one after the other. ``file`` can be sought in, ``key`` begins the ids of
# the articles, ``name`` is what errors call the file. Raises SourceError for a file that holds no article.
Reader = Callable[[BinaryIO, str, str], Iterator[Article | Remark]]

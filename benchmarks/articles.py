"""Real articles in any number, for libraries of a given size: title and beginning of those of a corpus."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from recommender.types import Article, Paragraph
from training import corpus

_CHARACTERS = 400
_SHORTEST = 100


def articles(data: Path) -> Iterator[Article]:
    """Articles of all sources in turn, one paragraph each, as long as there are any; then what follows in the same.

    Raises FileNotFoundError if there is no training folder.
    """
    paths = corpus.sources(data, "articles")
    for part in itertools.count():
        found = False
        turns = itertools.zip_longest(*map(corpus.rows, paths))
        for number, row in enumerate(row for rows in turns for row in rows if row):
            text = "".join(row["paragraphs"])[_CHARACTERS * part : _CHARACTERS * (part + 1)]
            if len(text) > _SHORTEST and row.get("title"):
                found = True
                yield Article(f"{part}-{number}", row["title"], (Paragraph(text.replace("\n", " ")),))
        if not found:
            return

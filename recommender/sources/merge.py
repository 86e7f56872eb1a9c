"""Tiny paragraphs -> ones of the usual size: a file of a million lines of one character is one text all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from recommender.sources.text import joined
from recommender.types import Paragraph

# Up to what length paragraphs that stand next to one another are joined: that of a long one.
LENGTH = 400


def merged(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs, those of running text between two headings joined to about LENGTH characters each."""
    texts: list[str] = []
    length = 0
    for paragraph in chain(paragraphs, [Paragraph("", 1)]):
        if texts and (paragraph.level or length + len(paragraph.text) > LENGTH):
            yield Paragraph(_run_on(texts))
            texts, length = [], 0
        if paragraph.level and paragraph.text:
            yield paragraph
        elif paragraph.text:
            texts.append(paragraph.text)
            length += len(paragraph.text)


def _run_on(texts: list[str]) -> str:
    line = texts[0]
    for text in texts[1:]:
        line = joined(line, text)
    return line

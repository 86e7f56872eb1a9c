"""Articles -> the documents that are counted: cleaned, each text once, with their paragraphs as rules write them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from recommender.clean import clean, numberless
from recommender.types import Article, Paragraph, Rule

# A document counts if a quarter of it is its own: less is a version of another text with a changed paragraph, more may
# be a short notice above a long disclaimer.
_OWN = 0.25
# How many paragraphs at its beginning and its end are a document's edges: lines of title, date and credits above, and
# below a source, a disclaimer and a row of links.
_FIRST, _LAST = 2, 3


@dataclass(frozen=True)
class Document:
    """What is counted of an article. ``forms`` are its paragraphs' texts as rules write them, numbers 0."""

    source: str
    paragraphs: tuple[Paragraph, ...]

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The paragraphs' texts with single spaces and all numbers 0."""
        return tuple(numberless(paragraph.text) for paragraph in self.paragraphs)

    @cached_property
    def edges(self) -> frozenset[int]:
        """The numbers of the paragraphs at the beginning and the end."""
        count = len(self.paragraphs)
        return frozenset(i for i in range(count) if i < _FIRST or i >= count - _LAST)

    def is_its_own(self, recurring: Collection[str]) -> bool:
        """Whether enough of it is in no paragraph that recurs."""
        lengths = [(len(form), form in recurring) for form in self.forms]
        own = sum(length for length, shared in lengths if not shared)
        return own >= _OWN * sum(length for length, _ in lengths) and own > 0


def documents(articles: Iterable[Article], rules: Sequence[Rule]) -> Iterator[Document]:
    """The documents of articles, as ``clean`` leaves them."""
    return (Document(article.source, clean(article, rules).paragraphs) for article in whole(articles))


def whole(articles: Iterable[Article]) -> Iterator[Article]:
    """The articles that are documents: no pieces, which are parts of others, and each text once."""
    seen: set[int] = set()
    for article in articles:
        if not article.page and (text := hash(article.text)) not in seen:
            seen.add(text)
            yield article

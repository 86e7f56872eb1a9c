"""A library made anew: cleaned by other rules, embedded by another model, copied into another library.

Each goes on, when it was interrupted, from what it has done, and yields the share that is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recommender.clean import clean
from recommender.embed import Encoder
from recommender.ingest import embed
from recommender.library import Library
from recommender.segment import segment
from recommender.types import Article

# Articles or texts that are written in one step.
CHUNK = 256


class Raw:
    """The articles of a library as they were read, which can be gone through again and again, a few in memory."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __iter__(self) -> Iterator[Article]:
        for ids, _ in _chunks(self._library):
            yield from self._library.raw(ids).values()


def reclean(library: Library, encoder: Encoder) -> Iterator[float]:
    """Clean all articles, as they were read, by the rules that the library has now.

    An article of which nothing would be left stays as it is.
    """
    rules = library.rules()
    for ids, share in _chunks(library):
        raw, stored = library.raw(ids), library.articles(ids)
        cleaned = [article for id_ in ids if segment(article := clean(raw[id_], rules)) and article != stored[id_]]
        put(library, encoder, cleaned, [raw[article.id] for article in cleaned])
        yield share


def reembed(library: Library, encoder: Encoder) -> Iterator[float]:
    """Embed all texts by another model, beside the vectors that there are, and then search by the new ones."""
    counts = library.counts()
    total, done = counts.passages + counts.articles, 0
    while texts := library.missing(encoder, CHUNK):
        library.put_vectors(encoder, texts, encoder.encode(texts, "passage"))
        done += len(texts)
        yield min(done / max(total, 1), 1.0)
    library.switch(encoder)


def copy(library: Library, other: Library, encoder: Encoder) -> Iterator[float]:
    """Bring another model's library up to date with this one: its articles, its rules, and what it no longer has."""
    other.put_rules(library.rules())
    for ids, share in _chunks(library):
        articles, there = library.articles(ids), other.articles(ids)
        new = [article for id_, article in articles.items() if there.get(id_) != article]
        raw = library.raw(article.id for article in new)
        put(other, encoder, new, [raw[article.id] for article in new])
        yield share
    kept = {listing.id for listing in library.listings()}
    for one, two in library.apart(kept):
        other.put_apart(one, [two])
    if gone := [listing.id for listing in other.listings() if listing.id not in kept]:
        other.remove(gone)


def put(library: Library, encoder: Encoder, articles: Sequence[Article], raw: Sequence[Article]) -> int:
    """Write articles, and what they were when they were read; returns how many passages had to be embedded."""
    if not articles:
        return 0
    passages = [passage for article in articles for passage in segment(article)]
    vectors, titles, new = embed(library, encoder, articles, passages)
    changed = {read.id: read for article, read in zip(articles, raw, strict=True) if read != article}
    library.put(articles, passages, vectors, titles, changed)
    return len(new & {passage.text for passage in passages})


def _chunks(library: Library) -> Iterator[tuple[list[str], float]]:
    """The ids of the articles, some at a time, and the share that is done when these are.

    Pieces come after the pages that list them: a library keeps no piece that none of its pages lists.
    """
    ids = [listing.id for listing in sorted(library.listings(), key=lambda listing: listing.page != "")]
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK], min(1.0, (start + CHUNK) / len(ids))

"""An essay against other pieces, row by row: paragraphs against pieces, sentences against sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender import review
from recommender.embed import Encoder, Transparent, Vectors
from recommender.explain.contributions import word_contributions
from recommender.explain.words import sort_of
from recommender.recommend import Recommender
from recommender.search import cosine
from recommender.segment import paragraphs, sentences
from recommender.terms import folded, words
from recommender.types import Article, Filter, Passage, Ranking, Span

Order = tuple[int, ...]
Pair = tuple[int, int]

# What a paragraph is about is said in so many words: they stand beside its row.
TOLD = 4
# More sentences of either side than this are cells too small to click.
MOST_SENTENCES = 80
# Every piece by itself: none in the row of another.
_EACH = Ranking(collapse=False)


@dataclass(frozen=True, eq=False)
class Grid:
    """The m paragraphs of an essay against n pieces, the best first.

    ``scores`` (m, n) are cosines. ``words`` has for each paragraph what it is about, its most telling words first.
    ``serves`` has for each piece the position of the paragraph it is about, or None, and ``bare`` are the positions of
    paragraphs that nothing in the library is related to: see ``review.Coverage``.
    """

    paragraphs: tuple[Passage, ...]
    pieces: tuple[Article, ...]
    scores: Vectors
    words: tuple[tuple[str, ...], ...]
    serves: tuple[int | None, ...]
    bare: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Parallel:
    """The m sentences of an essay against the n sentences of another piece, both in reading order.

    ``scores`` (m, n) are cosines. ``pairs`` are the cells whose sentences are each nearest to the other. ``left_out``
    counts the sentences of either side beyond the first ``MOST_SENTENCES``.
    """

    here: tuple[Span, ...]
    there: tuple[Span, ...]
    scores: Vectors
    pairs: tuple[Pair, ...]
    left_out: Pair


def grid(recommender: Recommender, article: Article, k: int = 12) -> Grid:
    """Each paragraph of an essay against the k articles that come nearest to any of them.

    The essay need not be in the library. Raises as ``Recommender.related`` does.
    """
    found = recommender.similarities(article, k)
    ids = tuple(piece.id for piece in found.articles)
    judged = recommender.related(article, len(ids), Filter(ids=ids), _EACH) if ids else []
    covered = review.coverage(recommender, article, judged)
    serves = dict(zip((piece.article.id for piece in judged), covered.serves, strict=True))
    return Grid(
        found.paragraphs,
        found.articles,
        found.scores,
        told(found.paragraphs, recommender.encoder),
        tuple(serves.get(id_) for id_ in ids),
        covered.bare,
    )


def parallel(recommender: Recommender, article: Article, other: Article) -> Parallel:
    """The sentences of an essay against those of another piece; neither need be in the library."""
    here, there = _sentences(article), _sentences(other)
    kept, against = here[:MOST_SENTENCES], there[:MOST_SENTENCES]
    encode = recommender.encoder.encode
    scores = cosine(encode([s.text for s in kept], "query"), encode([s.text for s in against], "passage"))
    left_out = (len(here) - len(kept), len(there) - len(against))
    return Parallel(tuple(kept), tuple(against), scores, mutual(scores), left_out)


def mutual(scores: Vectors) -> tuple[Pair, ...]:
    """The cells of an (m, n) array that are the highest of their row and of their column, from top to bottom.

    Of several that are equal the first counts. A cell of 0 or less is no likeness, and is none of them.
    """
    if not scores.size:
        return ()
    rows, columns = scores.argmax(axis=0), scores.argmax(axis=1)
    return tuple((i, j) for i, j in enumerate(columns.tolist()) if rows[j] == i and scores[i, j] > 0)


def clustered(scores: Vectors) -> Order:
    """The rows of an (m, n) array so that like ones stand together: the leaves of a hierarchical clustering.

    Of all orders that its tree allows it is the one with the least steps between neighbours (Bar-Joseph et al., 2001).
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import pdist

    if len(scores) < 3:
        return tuple(range(len(scores)))
    order: NDArray[np.int32] = leaves_list(linkage(pdist(scores), "average", optimal_ordering=True))
    # A tree has no beginning: the end that comes first in the given order does, so that little changes place.
    return tuple((order if order[0] <= order[-1] else order[::-1]).tolist())


def told(asked: Sequence[Passage], encoder: Encoder) -> tuple[tuple[str, ...], ...]:
    """What each of these paragraphs is about: up to ``TOLD`` words of its own, the most telling first.

    Where a model can be taken apart, those tell most that give most to a paragraph's vector; else the most frequent
    ones. Words that stand in more than half of the paragraphs tell nothing of one.
    """
    found = [_subjects(passage, encoder) for passage in asked]
    common = Counter(form for words_ in found for form in words_)
    most = max(len(asked) / 2, 1)
    return tuple(tuple(word for form, word in each.items() if common[form] <= most)[:TOLD] for each in found)


def _subjects(passage: Passage, encoder: Encoder) -> dict[str, str]:
    """The words of a passage that name a subject, the most telling first: as they stand there, by their folded form."""
    if isinstance(encoder, Transparent):
        [given] = word_contributions([passage], [passage], encoder)
        order = given.matrix.sum(axis=1).argsort(kind="stable")[::-1].tolist()
        telling = [spans[0].text for spans in (given.query.spans[at] for at in order) if spans]
    else:
        telling = [word for word, _ in Counter(words([passage.text])[0]).most_common()]
    return {folded(word): word for word in telling if sort_of(word) == "subject"}


def _sentences(article: Article) -> list[Span]:
    return [sentence for paragraph in paragraphs(article) for sentence in sentences(paragraph)]

"""An essay beside its pieces: which paragraph each serves, and what its page lists against what the texts say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embed import Vectors
from recommender.evaluate.agreement import overlap, rank_correlation
from recommender.explain import why
from recommender.explain.summary import summary
from recommender.recommend import Query, Recommender
from recommender.segment import paragraphs
from recommender.types import Article, Filter, Passage, Ranking, Recommendation

# Every piece by itself: none in the row of another.
_EACH = Ranking(collapse=False)
# As many as the page lists for a paragraph that is picked: if none of them is related, nothing covers it. By the first
# alone, 41 of 1,150 paragraphs of articles_fudan (training) would be bare, of which 30 have a related piece below it.
_LOOKED_AT = 9
# A paragraph whose nearest passage is so far above unrelated texts is covered, whatever words and titles say. It saves
# the search for 68% of those paragraphs and for 97% of 100 of seealso_en (dev), and none of them was bare.
_PLAIN = 0.5


@dataclass(frozen=True)
class Coverage:
    """The m paragraphs of an essay and n pieces.

    ``serves`` has for each piece the position of the paragraph that it is nearest to, or None if it is not about the
    same. ``bare`` are the positions of the paragraphs that nothing in the library is related to.
    """

    paragraphs: tuple[Passage, ...]
    serves: tuple[int | None, ...]
    bare: tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """A piece that a page lists, and what its text says of it.

    ``place`` is the row, from 1, that it has among those ``found``, its own or that of a piece with nearly its text;
    None if it is in none of them. ``in_title`` are the words that its title has in common with the essay's, if that is
    all: its text is unrelated.
    """

    recommendation: Recommendation
    place: int | None
    in_title: tuple[str, ...]


@dataclass(frozen=True)
class PageList:
    """What a page lists, in its order, and what the texts say.

    ``absent`` counts listed pieces that the library does not have. ``found`` are the best of the whole library, best
    first, and ``missing`` the strong ones among them that the page does not list, in any wording. ``overlap`` is the
    share of as many of the first found as are listed that the page has; None if nothing is listed, or if the library
    has nothing else, so that it must have them all. ``correlation`` is Kendall's tau between the page's order and the
    texts'; None for fewer than two pieces.
    """

    listed: tuple[Listed, ...]
    absent: int
    found: tuple[Recommendation, ...]
    missing: tuple[Recommendation, ...]
    overlap: float | None
    correlation: float | None


def coverage(recommender: Recommender, article: Article, found: Sequence[Recommendation]) -> Coverage:
    """Which paragraphs of an essay its pieces serve, and which nothing in the library covers.

    The essay need not be in the library. Raises as ``Recommender.related`` does.
    """
    asked = tuple(paragraphs(article))
    floors = _floors(recommender, asked)
    nearest = _nearness(recommender.similarities(article, len(asked)).scores, floors).max(axis=1, initial=0)
    is_held = bool(recommender.library.owners([article.id]))
    bare = tuple(
        at
        for at, best in enumerate(nearest.tolist())
        if best < _PLAIN and not _finds(recommender, asked[at] if is_held else asked[at].text)
    )
    pieces = _nearness(recommender.similarities_to(article, [piece.article.id for piece in found]), floors)
    serves = (_served(column, piece, bare) for column, piece in zip(pieces.T, found, strict=True))
    return Coverage(asked, tuple(serves), bare)


def _floors(recommender: Recommender, asked: Sequence[Passage]) -> Vectors:
    """The cosine (m, 1) that unrelated texts have in the language of each paragraph."""
    means = [recommender.calibration.between(paragraph.text, paragraph.text).mean for paragraph in asked]
    return np.array(means, np.float32)[:, np.newaxis]


def _nearness(scores: Vectors, floors: Vectors) -> Vectors:
    """Cosines (m, n) so that 0 is what unrelated texts have; ``floors`` (m, 1) say what that is."""
    nearness: Vectors = (scores - floors) / (1 - floors)
    return nearness


def _finds(recommender: Recommender, query: Query) -> bool:
    """Whether anything that the page would list for a paragraph is related to it."""
    return any(row.relevance != "unrelated" for row in recommender.related(query, _LOOKED_AT))


def _served(nearness: Vectors, piece: Recommendation, bare: Sequence[int]) -> int | None:
    """The paragraph that a piece is nearest to, by its nearness (m,) to each, unless it is about something else."""
    at = int(nearness.argmax())
    is_related = piece.relevance != "unrelated" or nearness[at] >= _PLAIN
    return at if is_related and at not in bare else None


def page_list(recommender: Recommender, article: Article, k: int = 10) -> PageList:
    """What the page of an article lists, judged by the texts.

    At least k rows of the whole library are looked at, more if more are listed. Raises as ``Recommender.related`` does.
    """
    links = tuple(dict.fromkeys(link for link in article.links if link != article.id))
    judged = recommender.related(article, len(links), Filter(ids=links), _EACH) if links else []
    found = recommender.related(article, max(k, len(judged) + 1))
    by_id = {piece.article.id: piece for piece in (*judged, *found)}
    listed = [by_id[link] for link in links if link in {piece.article.id for piece in judged}]
    # Every piece by the piece whose row it stands in; one in no row stands for itself.
    row = {one.id: first.article.id for first in found for one in (first.article, *first.reposts)}
    rows = [row.get(piece.article.id, piece.article.id) for piece in listed]
    order = [first.article.id for first in found]
    common = _in_titles(recommender, article, [piece for piece in listed if piece.relevance == "unrelated"])
    others = [piece for piece in found if piece.article.id not in rows and "repost" not in piece.relations]
    return PageList(
        tuple(
            Listed(piece, order.index(at) + 1 if at in order else None, common.get(piece.article.id, ()))
            for piece, at in zip(listed, rows, strict=True)
        ),
        len(links) - len(listed),
        tuple(found),
        tuple(piece for piece in others if piece.relevance == "strong"),
        overlap(rows, order, len(set(rows))) if listed and others else None,
        rank_correlation(rows, [*order, *(row.get(piece.article.id, piece.article.id) for piece in judged)]),
    )


def _in_titles(
    recommender: Recommender, article: Article, pieces: Sequence[Recommendation]
) -> dict[str, tuple[str, ...]]:
    """By the ids of pieces, the words that their titles and that of an article have in common."""
    own, *titles = (
        Passage(0, len(one.title), one.title, one.id) for one in (article, *(piece.article for piece in pieces))
    )
    reasons = why([own], titles, recommender.encoder)
    return {title.article_id: summary(reason).shared for title, reason in zip(titles, reasons, strict=True)}

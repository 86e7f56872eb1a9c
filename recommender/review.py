"""An essay beside its pieces: which paragraph each serves, and what its page lists against what the texts say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.evaluate.agreement import overlap, rank_correlation
from recommender.explain import why
from recommender.explain.summary import Summary, summary
from recommender.recommend import Recommender
from recommender.segment import paragraphs
from recommender.types import Article, Filter, Passage, Ranking, Recommendation

# The order that says what the texts say: nothing left out, and no piece in the row of another.
_EVERY = Ranking(collapse=False)


@dataclass(frozen=True)
class Coverage:
    """The m paragraphs of an essay and n pieces.

    ``serves`` has for each piece the position of the paragraph that it is nearest to, ``closeness`` (m,) how close the
    nearest piece of the whole library is to each paragraph, and ``bare`` the positions of those that nothing covers.
    """

    paragraphs: tuple[Passage, ...]
    serves: tuple[int, ...]
    closeness: tuple[float, ...]
    bare: tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """A piece that a page lists, and what its text says of it.

    ``place`` is where the texts would have it among all pieces, from 1, or None if not among those that were looked at.
    ``form`` is set if the title has only words of form in common with the essay's: it says which.
    """

    recommendation: Recommendation
    place: int | None
    form: Summary | None


@dataclass(frozen=True)
class PageList:
    """What a page lists, in its order, and what it might.

    ``absent`` counts listed pieces that the library does not have. ``missing`` are strong pieces that the page does not
    list, best first. ``overlap`` is the share of the first k of both lists that they have in common, ``correlation``
    Kendall's tau between the page's order and the texts', None for fewer than two pieces.
    """

    listed: tuple[Listed, ...]
    absent: int
    missing: tuple[Recommendation, ...]
    overlap: float
    correlation: float | None


def coverage(recommender: Recommender, article: Article, found: Sequence[Recommendation]) -> Coverage:
    """Which paragraphs of an essay its pieces serve, and which nothing in the library covers."""
    asked = paragraphs(article)
    scores = recommender.similarities_to(article, [piece.article.id for piece in found])
    nearest = [recommender.related(paragraph, 1, ranking=_EVERY) for paragraph in asked]
    return Coverage(
        tuple(asked),
        tuple(scores.argmax(axis=0).tolist()),
        tuple(best[0].closeness if best else 0.0 for best in nearest),
        tuple(at for at, best in enumerate(nearest) if not best or best[0].relevance == "unrelated"),
    )


def page_list(recommender: Recommender, article: Article, k: int = 10) -> PageList:
    """What the page of an article lists, judged by the texts; k articles are looked at besides.

    Raises as ``Recommender.related`` does.
    """
    among = recommender.listings(Filter(ids=article.links)) if article.links else []
    judged = recommender.related(article, len(among), Filter(ids=article.links), _EVERY) if among else []
    found = recommender.related(article, max(k, len(judged)), ranking=_EVERY)
    places = {piece.article.id: place for place, piece in enumerate(found, 1)}
    forms = _forms(recommender, article, judged)
    by_id = {piece.article.id: piece for piece in judged}
    listed = [by_id[id_] for id_ in dict.fromkeys(article.links) if id_ in by_id]
    return PageList(
        tuple(Listed(piece, places.get(piece.article.id), forms.get(piece.article.id)) for piece in listed),
        len(set(article.links)) - len(listed),
        tuple(piece for piece in found if piece.relevance == "strong" and piece.article.id not in article.links),
        overlap([piece.article.id for piece in listed], list(places), max(len(listed), 1)),
        rank_correlation([piece.article.id for piece in listed], [piece.article.id for piece in judged]),
    )


def _forms(recommender: Recommender, article: Article, pieces: Sequence[Recommendation]) -> dict[str, Summary]:
    """By their ids, those of the pieces whose titles share only words of form with that of an article."""
    own, *titles = (
        Passage(0, len(one.title), one.title, one.id) for one in (article, *(piece.article for piece in pieces))
    )
    said = [summary(reason) for reason in why([own], titles, recommender.encoder)]
    return {title.article_id: found for title, found in zip(titles, said, strict=True) if found.kind == "form"}

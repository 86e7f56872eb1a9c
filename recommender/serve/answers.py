"""What the project knows -> what is answered. No HTTP here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from recommender import desk
from recommender.curate import SIZE, curation
from recommender.explain.summary import sentence, summary
from recommender.export.records import record
from recommender.library import Listing
from recommender.published import Piece, PublishedList, published_lists
from recommender.recommend import Query, Recommender
from recommender.serve import questions, replies
from recommender.types import Article, Filter, Ranking, Recommendation, Relevance

_DECIMALS = 4
_STRONGEST_FIRST: tuple[Relevance, ...] = get_args(Relevance)
_AS_IT_COMES = questions.Question(limit=SIZE)


def among(asked: questions.Among, ids: Sequence[str] = (), unlinked_by: str = "") -> Filter:
    """The filter that is asked for."""
    return Filter(
        ids=tuple(ids),
        words=asked.words,
        languages=tuple(asked.language),
        tags=tuple(asked.tag),
        authors=tuple(asked.author),
        since=asked.since or "",
        until=asked.until or "",
        unlinked_by=unlinked_by,
    )


def listed(listing: Listing) -> replies.Listed:
    """What lists show of an article."""
    return replies.Listed.model_validate(listing, from_attributes=True)


def whole(article: Article) -> replies.Whole:
    """An article with its text."""
    return replies.Whole(
        **_head(article),
        language=article.language,
        tags=list(article.tags),
        length=len(article.text),
        paragraphs=[replies.Paragraph(text=p.text, level=p.level) for p in article.paragraphs],
        links=list(article.links),
    )


def related(
    recommender: Recommender, query: Query, asked: questions.Question, within: Filter, ranking: Ranking
) -> replies.Related:
    """What is related to a query, without what editors have hidden everywhere, in any wording of it.

    Raises as ``Recommender.related`` does.
    """
    hidden = curation(recommender.library.decisions.of([]), "").hidden
    words = _STRONGEST_FIRST[: _STRONGEST_FIRST.index(asked.threshold) + 1]
    best = recommender.related(query, questions.LOOKED_AT, within, ranking)
    rows = [row for row in best if row.relevance in words and hidden.isdisjoint(_texts(row))]
    page = rows[asked.offset : asked.offset + asked.limit]
    return replies.Related(total=len(rows), pieces=list(_found(recommender, query, page, asked.offset)))


def curated(recommender: Recommender, essay: str) -> replies.Curated | None:
    """The list that is published for an essay, None if there is none."""
    return next(
        (
            replies.Curated(**record(of_list), automatic=False)
            for of_list in published_lists(recommender.library, [essay])
        ),
        None,
    )


def automatic(recommender: Recommender, essay: Article, ranking: Ranking) -> replies.Curated:
    """What the ranking finds for an essay, in the form of a list that is published; raises as ``related`` does."""
    found = related(recommender, essay, _AS_IT_COMES, Filter(), ranking)
    return replies.Curated(
        essay=replies.Head(**_head(essay)), automatic=True, published_at=None, pieces=[*found.pieces], lost=[]
    )


def draft(recommender: Recommender, drafted: desk.Draft) -> replies.Draft:
    """The list of an essay as its editors have it."""
    entries = drafted.list.entries
    ids = (drafted.essay.id, *(entry.piece for entry in entries))
    heads = {listing.id: listing for listing in recommender.listings(Filter(ids=ids))}
    pieces = (Piece(heads[entry.piece], entry.is_pinned, entry.proposal) for entry in entries)
    of_list = record(PublishedList(heads[drafted.essay.id], "", "", tuple(pieces), drafted.list.lost))
    return replies.Draft(
        seen=drafted.seen,
        published=not drafted.is_changed,
        pieces=of_list["pieces"],
        lost=of_list["lost"],
        decisions=[replies.Decided.model_validate(one, from_attributes=True) for one in drafted.decisions],
    )


def _found(
    recommender: Recommender, query: Query, page: Sequence[Recommendation], before: int
) -> Iterator[replies.Found]:
    reasons = [summary(why) for why in recommender.why(query, page)]
    for place, (row, reason) in enumerate(zip(page, reasons, strict=True), before + 1):
        yield replies.Found(
            **_head(row.article),
            place=place,
            relevance=row.relevance,
            closeness=round(row.closeness, _DECIMALS),
            pinned=False,
            why=replies.Why(zh=sentence(reason, "zh"), en=sentence(reason, "en")),
            relations=list(row.relations),
            reposts=[article.id for article in row.reposts],
        )


def _head(of: Article) -> dict[str, str]:
    return {"id": of.id, "title": of.title, "url": of.url, "date": of.date, "author": of.author}


def _texts(row: Recommendation) -> list[str]:
    return [row.article.id, *(article.id for article in row.reposts)]

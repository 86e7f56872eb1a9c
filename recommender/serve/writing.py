"""What those may do who have the token: put articles, take them out, and decide on lists."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from starlette.exceptions import HTTPException

from recommender.clean import clean
from recommender.library import Conflict
from recommender.segment import segment
from recommender.serve import answers, questions, replies
from recommender.serve.access import Guarded, bearer
from recommender.serve.addresses import ARTICLE
from recommender.serve.problems import described
from recommender.serve.questions import Id
from recommender.serve.service import Served, Service
from recommender.sources.finish import finished
from recommender.types import Article, Change, Paragraph

router = APIRouter(
    tags=["writing"],
    route_class=Guarded,
    dependencies=[Depends(bearer)],
    responses=described(401, 403, 422, 429, 503),
)


@router.put(
    ARTICLE,
    responses=described(400, 413) | {201: {"model": replies.Whole, "description": "It is new."}},
)
def put(id: Id, writing: questions.Writing, response: Response, served: Served) -> replies.Whole:
    """Add an article, or put it in the place of the one that has its id; it is cleaned as all are."""
    article = _article(id, writing)
    if not segment(clean(article, served.recommender.library.rules())):
        raise HTTPException(422, "Only copyright lines, links and the like were found; add the text of the article.")
    response.status_code = 200 if served.recommender.article(id) else 201
    served.recommender.put_back([article])
    return answers.whole(served.article(id))


@router.delete(ARTICLE, status_code=204, responses=described(404))
def delete(id: Id, served: Served) -> None:
    """Take an article out, and the pieces that only its page lists. What was decided on its list stays on record."""
    served.article(id)
    served.recommender.remove([id])


@router.get(f"{ARTICLE}/decisions", responses=described(404))
def decisions(id: Id, served: Served) -> replies.Draft:
    """The list of an essay as its editors have it, and what they have decided on it."""
    drafted = served.desk.open(served.article(id), served.settings.ranking)
    return answers.draft(served.recommender, drafted)


@router.post(f"{ARTICLE}/decisions", status_code=201, responses=described(400, 404, 409, 413))
def decide(id: Id, deciding: questions.Deciding, served: Served) -> replies.Draft:
    """Put a decision on record, unless another editor has decided on the list since it was seen."""
    drafted = served.desk.open(served.article(id), served.settings.ranking)
    if newer := [one for one in drafted.decisions if one.essay == id and one.number > deciding.seen]:
        raise Conflict(newer)
    _refuse_unknown(deciding.change, id, {one.uid for one in drafted.decisions}, served)
    decided = served.desk.decide(drafted, [deciding.change], deciding.by)
    return answers.draft(served.recommender, decided)


def _article(id_: str, writing: questions.Writing) -> Article:
    """The article that is meant. Raises HTTPException for one that cannot be kept as it is."""
    lines = writing.paragraphs or [replies.Paragraph(text=line) for line in (writing.text or "").splitlines()]
    body = tuple(Paragraph(line.text, line.level) for line in lines)
    article = finished(
        Article(
            id_,
            writing.title,
            body,
            links=tuple(writing.links),
            url=writing.url,
            date=writing.date or "",
            author=writing.author,
            language=writing.language,
            tags=tuple(writing.tags),
        )
    )
    if not isinstance(article, Article):
        raise HTTPException(422, str(article))
    if article.id != id_:
        raise HTTPException(422, f"An id has no control characters, and no blanks at its ends: use {article.id!r}.")
    return article


def _refuse_unknown(change: Change, essay: str, known: set[str], served: Service) -> None:
    if change.of and change.of not in known:
        raise HTTPException(422, f"There is no decision {change.of!r} on the list of {essay!r}.")
    if change.action == "pin" and (change.piece == essay or not served.recommender.article(change.piece)):
        raise HTTPException(422, f"{change.piece!r} cannot be pinned: it must be another article of the library.")

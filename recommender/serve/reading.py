"""What everybody may ask: articles, what is related to them, and the lists that editors have published."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.exceptions import HTTPException

from recommender.segment import paragraphs
from recommender.serve import answers, questions, replies
from recommender.serve.addresses import ARTICLE
from recommender.serve.problems import described
from recommender.serve.questions import Id
from recommender.serve.service import Served, Steady
from recommender.types import Article, Passage


async def public(response: Response, served: Served) -> None:
    """Let caches keep an answer."""
    response.headers["Cache-Control"] = served.settings.cache_control


router = APIRouter(tags=["reading"], route_class=Steady, responses=described(422, 429, 503))
cacheable = APIRouter(route_class=Steady, dependencies=[Depends(public)], responses=described(304))


@cacheable.get("/articles")
def articles(
    asked: Annotated[questions.ListQuery, Query()], served: Served, request: Request, response: Response
) -> replies.Articles:
    """List articles, or find them by the words of their titles, in the order in which they came."""
    found = served.recommender.listings(answers.among(asked, asked.id), asked.limit + 1, asked.offset)
    if len(found) > asked.limit:
        query = [(name, value) for name, value in request.query_params.multi_items() if name != "offset"]
        following = urlencode([*query, ("offset", str(asked.offset + asked.limit))])
        response.headers["Link"] = f'<{request.scope["path"]}?{following}>; rel="next"'  # RFC 8288
    return replies.Articles(articles=[answers.listed(listing) for listing in found[: asked.limit]])


@cacheable.get(f"{ARTICLE}/related", responses=described(404))
def related(id: Id, asked: Annotated[questions.RelatedQuery, Query()], served: Served) -> replies.Related:
    """The articles most related to one, best first, with the reason in a sentence."""
    article = served.article(id)
    query = article if asked.paragraph is None else _paragraph(article, asked.paragraph)
    within = answers.among(asked, unlinked_by=id if asked.unlinked else "")
    return answers.related(served.recommender, query, asked, within, served.settings.ranking)


@router.post("/related", responses=described(400, 413))
def related_to_text(question: questions.TextQuestion, served: Served) -> replies.Related:
    """The articles most related to a text, best first, with the reason in a sentence."""
    return answers.related(
        served.recommender, question.text, question, answers.among(question), served.settings.ranking
    )


@cacheable.get(f"{ARTICLE}/curated", responses=described(404))
def curated(id: Id, asked: Annotated[questions.CuratedQuery, Query()], served: Served) -> replies.Curated:
    """The list of an essay as its editors have published it."""
    article = served.article(id)
    found = answers.curated(served.recommender, id)
    if not found and asked.fallback:
        found = answers.automatic(served.recommender, article, served.settings.ranking)
    if not found:
        raise HTTPException(
            404,
            f"No list is published for {id!r}. Editors publish one at the desk; until then ?fallback=related gives "
            "what the ranking finds.",
        )
    return found


@cacheable.get(ARTICLE, responses=described(404))
def article(id: Id, served: Served) -> replies.Whole:
    """An article with its text."""
    return answers.whole(served.article(id))


router.include_router(cacheable)


def _paragraph(article: Article, number: int) -> Passage:
    choice = paragraphs(article)
    if number > len(choice):
        raise HTTPException(404, f"{article.id!r} has paragraphs 1 to {len(choice)}, and no paragraph {number}.")
    return choice[number - 1]

"""What goes wrong, as problem+json (RFC 9457): what was seen and what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from recommender.library import Conflict, LibraryError
from recommender.types import RecommenderError

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("uvicorn.error")  # where the server says what else it has to say

# What an answer of this status means, wherever it is given.
MEANINGS = {
    304: "It is as it was: the caller has it already.",
    400: "The body cannot be read.",
    401: "A token is needed, or the one that was given is wrong.",
    403: "Nobody may write: the server has no token.",
    404: "There is no such article, or nothing at this address.",
    409: "Another editor has decided on the same list meanwhile.",
    413: "The body is too large.",
    422: "A value is not as it must be.",
    429: "The client has asked too often.",
    503: "The library cannot be used now.",
}
_NOWHERE = "There is nothing at this address. GET /openapi.json lists what there is."
_METHOD = "This address does not take {method}, but {allowed}."
_CLOSED = "The library cannot be used now. What is wrong with it, and what to do, is in the server's log."
_BROKEN = "The server made a mistake. What happened is in its log."


class Problem(BaseModel):
    """What went wrong with a request."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(default="about:blank", description="about:blank: the status says all that there is to say.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The status of the answer.", examples=[404])
    detail: str = Field(
        description="What was seen, and what to do.", examples=["There is no article 'x'. GET /articles lists them."]
    )


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: object) -> Response:
    """An answer that says what went wrong; ``more`` are members beside those that each problem has."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail} | more
    # Half characters come in as JSON can write them, and so they go out.
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(body, status, {"Cache-Control": "no-store"} | dict(headers or {}), MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers for the description of a route."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {"content": {MEDIA_TYPE: schema}}
    return {status: {"description": MEANINGS[status]} | (content if status >= 400 else {}) for status in statuses}


def install(app: FastAPI) -> None:
    """Make every error of an app a problem."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_values)
    app.add_exception_handler(RecommenderError, _of_recommender)
    app.add_exception_handler(Exception, _of_mistake)


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = _allowed(request)
        return problem(405, _METHOD.format(method=request.method, allowed=allowed), {"Allow": allowed})
    is_own = error.detail == HTTPStatus(error.status_code).phrase  # of the framework, which knows of no remedy
    return problem(error.status_code, _NOWHERE if is_own else error.detail, error.headers)


def _allowed(request: Request) -> str:
    """The methods that an address takes: the framework names only those of one of its routes."""
    route = getattr(request.scope.get("route"), "path_format", "")
    methods = list(request.app.openapi()["paths"].get(route, ["get"]))  # only the description itself is not described
    return ", ".join(name.upper() for name in (*methods, *(["head"] if "get" in methods else [])))


async def _of_values(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [{"at": ".".join(map(str, found["loc"])), "problem": found["msg"]} for found in error.errors()]
    seen = "; ".join(f"{one['at']}: {one['problem']}" for one in wrong)
    return problem(422, seen, errors=wrong)


async def _of_recommender(request: Request, error: Exception) -> Response:
    if isinstance(error, Conflict):
        return problem(409, str(error), decisions=[asdict(decision) for decision in error.decisions])
    if isinstance(error, LibraryError):
        _LOG.error(str(error))  # it names files, which are nobody's business outside
        return problem(503, _CLOSED, {"Retry-After": "5"})
    return problem(422, str(error))


async def _of_mistake(request: Request, error: Exception) -> Response:
    return problem(500, _BROKEN)

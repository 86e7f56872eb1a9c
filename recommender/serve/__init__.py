"""The interface for sites: what is related and what is published, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from limits import parse
from starlette.middleware.cors import CORSMiddleware

from recommender.desk import Desk
from recommender.library.changes import Watch
from recommender.recommend import Recommender
from recommender.serve import health, problems, reading, writing
from recommender.serve.addresses import AsSent
from recommender.serve.body import LimitedBody
from recommender.serve.kept import Kept
from recommender.serve.metrics import Figures, Measured
from recommender.serve.rate import RateLimit
from recommender.serve.service import Service
from recommender.serve.settings import Settings

# Queries that are worked on at once. More would not be done sooner, and would keep ready answers waiting.
AT_ONCE = 4
_EXPOSED = ("ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After")
_QUIET: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(recommender: Recommender, settings: Settings = Settings()) -> FastAPI:  # noqa: B008 - it is frozen
    """An app that answers from a library. Raises ValueError for a rate that is none."""
    app = FastAPI(
        title="Related articles",
        version="1",
        description=__doc__,
        docs_url=None,  # its pages come from elsewhere on the web
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_QUIET,
        lifespan=_lifespan,
    )
    watch, figures = Watch(Path(recommender.library.name)), Figures()
    app.state.service = Service(recommender, Desk(recommender), watch, figures, settings)
    for router in (reading.router, writing.router, health.router):
        app.include_router(router)
    problems.install(app)
    # The last that is added is asked first.
    app.add_middleware(AsSent)
    app.add_middleware(LimitedBody, largest=settings.largest_body)
    app.add_middleware(Kept, watch=watch)
    app.add_middleware(RateLimit, rate=parse(settings.rate))
    app.add_middleware(Measured, figures=figures)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=("Content-Type", "If-None-Match"),
            expose_headers=_EXPOSED,
        )
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = AT_ONCE
    yield
    app.state.service.watch.close()


def _described(app: FastAPI) -> dict[str, Any]:
    """The description of the interface (OpenAPI), with the form that errors have."""
    if not app.openapi_schema:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema["components"]["schemas"]["Problem"] = problems.Problem.model_json_schema()
        app.openapi_schema = schema
    return app.openapi_schema

"""What those ask who watch over a server; never limited."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field

from recommender.serve.problems import described
from recommender.serve.service import Served

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The server answers."""

    status: str = Field(default="alive", examples=["alive"])


class Ready(BaseModel):
    """The server can answer what is asked of a library."""

    status: str = Field(default="ready", examples=["ready"])
    articles: int
    passages: int


@router.get("/health")
async def health() -> Alive:
    """Whether the server is alive; it looks at nothing else."""
    return Alive()


@router.get("/ready", responses=described(503))
def ready(served: Served) -> Ready:
    """Whether the library can be read and is of the model that is loaded."""
    served.recommender.library.known_vectors([])  # it refuses what another model made
    counts = served.recommender.library.counts()
    return Ready(articles=counts.articles, passages=counts.passages)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(served: Served) -> Response:
    """Figures for Prometheus: how often and how fast was answered, by routes."""
    return Response(generate_latest(served.figures.registry), media_type=CONTENT_TYPE_LATEST)

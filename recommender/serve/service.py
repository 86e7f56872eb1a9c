"""What routes have at hand, and what they do alike."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from recommender.desk import Desk
from recommender.library.changes import Watch
from recommender.recommend import Recommender
from recommender.serve.metrics import Figures
from recommender.serve.settings import Settings
from recommender.types import Article

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Service:
    """What is served, and how."""

    recommender: Recommender
    desk: Desk
    watch: Watch
    figures: Figures
    settings: Settings

    def article(self, id_: str) -> Article:
        """The article with this id. Raises HTTPException, 404, if there is none."""
        article = self.recommender.article(id_)
        if article is None:
            raise HTTPException(404, f"There is no article {id_!r}. GET /articles lists those that there are.")
        return article


async def service(request: Request) -> Service:
    """The service of the app that was asked."""
    found: Service = request.app.state.service
    return found


Served = Annotated[Service, Depends(service)]


class Steady(APIRoute):
    """A route that is asked again if the library lost, while it read, what it had just found there."""

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            watch = request.app.state.service.watch
            while True:
                version = watch.version()
                try:
                    return await handle(request)
                except KeyError:
                    if watch.version() == version:
                        raise

        return answer

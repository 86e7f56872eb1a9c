"""Ids of articles in addresses: they are addresses themselves, or files, with slashes, percent signs and Chinese."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.types import ASGIApp, Receive, Scope, Send

# What follows an id in a path.
PARTS = ("related", "curated", "decisions")


class AsSent:
    """Finds routes by the path as it was sent, so that an encoded slash belongs to an id and a plain one may part."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its path not decoded yet."""
        if scope["type"] == "http":
            scope["path"] = scope["raw_path"].decode("latin-1")
        await self.app(scope, receive, send)


class IdConvertor(Convertor[str]):
    """An id in a path, percent-encoded. Its slashes may be plain, but for one before what is the name of a part."""

    regex = "(?:[^/]+|.+" + "".join(f"(?<!/{part})" for part in PARTS) + ")"

    def convert(self, value: str) -> str:
        """The id that is meant."""
        return unquote(value)

    def to_string(self, value: str) -> str:
        """The id as it stands in a path."""
        return quote(value, safe="")


register_url_convertor("article", IdConvertor())
ARTICLE = "/articles/{id:article}"

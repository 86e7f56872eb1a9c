"""Public answers kept as ready bytes while the library stays as it is, and told apart by ETag."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from weakref import WeakValueDictionary

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recommender.library import LibraryError
from recommender.library.changes import Watch

MOST_BYTES = 64 * 1024 * 1024
_OVERHEAD = 1024  # of an answer beside its body, about

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """An answer as it is sent. ``route`` is what gave it, and ``etag`` names its content; both None if unknown."""

    status: int
    headers: Headers
    body: bytes
    route: object
    etag: bytes | None


class Kept:
    """Answers what is public and was asked before, while nobody writes to the library, without asking the app again.

    Public is what says so itself (Cache-Control) and was asked without a secret. Those who ask for the same at once
    wait for one answer. HEAD is answered as GET without its body.
    """

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self.app = app
        self._watch = watch
        self._state: Hashable = None
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._bytes = 0
        self._asked: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        known, is_secret = b"", False
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                known = value
            elif name == b"authorization":
                is_secret = True
        answer = await (self._asked_anew(scope, receive) if is_secret else self._answer(scope, receive))
        scope["route"] = answer.route
        await _sent(answer, known, scope["method"] == "HEAD", send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        key = scope["raw_path"] + b"?" + scope["query_string"]
        answer = self._ready(key)
        if not answer:
            async with self._asked.setdefault(key, asyncio.Lock()):
                answer = self._ready(key) or await self._asked_for(key, scope, receive)
        return answer

    def _ready(self, key: bytes) -> Answer | None:
        """The answer that is kept, if the library is still as it was."""
        state = self._now()
        if state != self._state:
            self._answers.clear()
            self._state, self._bytes = state, 0
        if answer := self._answers.get(key):
            self._answers.move_to_end(key)
        return answer

    def _now(self) -> Hashable:
        """What answers depend on: the library, and the day, as articles grow old."""
        try:
            return self._watch.version(), date.today()
        except LibraryError:
            return object()  # like no other, so that nothing is kept and the app says what is wrong

    async def _asked_for(self, key: bytes, scope: Scope, receive: Receive) -> Answer:
        """The app's answer, which is kept if it is public and nothing was written meanwhile."""
        state = self._state
        answer = await self._asked_anew(scope, receive)
        if answer.etag and self._now() == state:
            self._answers[key] = answer
            self._bytes += len(answer.body) + _OVERHEAD
            while self._bytes > MOST_BYTES:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest.body) + _OVERHEAD
        return answer

    async def _asked_anew(self, scope: Scope, receive: Receive) -> Answer:
        start: Message = {}
        body = b""

        async def taken(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        inner = {**scope, "method": "GET"}
        await self.app(inner, receive, taken)
        status, headers, route = start["status"], list(start["headers"]), inner.get("route")
        if status != 200 or not dict(headers).get(b"cache-control", b"").startswith(b"public"):
            return Answer(status, headers, body, route, None)
        # Links to other pages stand in the headers, and can change while the page does not.
        named = blake2b(body + repr(headers).encode(), digest_size=16).hexdigest()
        etag = f'"{named}"'.encode()
        return Answer(status, [*headers, (b"etag", etag)], body, route, etag)


async def _sent(answer: Answer, known: bytes, is_bare: bool, send: Send) -> None:
    """Send an answer, or that it is what the caller has already: ``known`` are its ETags."""
    status, headers, body = answer.status, answer.headers, b"" if is_bare else answer.body
    if answer.etag and known and _is_among(answer.etag, known):
        status, body = 304, b""
        headers = [(name, value) for name, value in headers if name not in (b"content-length", b"content-type")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _is_among(etag: bytes, known: bytes) -> bool:
    """Whether If-None-Match names an ETag; caches mark as weak (W/) what they have packed."""
    return known.strip() == b"*" or etag in (one.strip().removeprefix(b"W/") for one in known.split(b","))

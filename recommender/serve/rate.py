"""How often a client may ask: RateLimit headers as the IETF's draft has them, 429 beyond the limit."""

from __future__ import annotations

import time
from collections import Counter

from limits import RateLimitItem
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recommender.serve.problems import problem

# Those who watch over a server must see it when it has most to do.
UNLIMITED = ("/health", "/ready", "/metrics")


class RateLimit:
    """Answers each client, by its address, so many times in each window of time, and refuses what is more.

    The windows are the same for all, so that there is nothing to keep of those that are over: the storage of the limits
    package starts a thread for that every 10 ms, and the answers wait for it.
    """

    def __init__(self, app: ASGIApp, rate: RateLimitItem) -> None:
        self.app = app
        self._rate = rate
        self._seconds = rate.get_expiry()
        self._policy = f'"client";q={rate.amount};w={self._seconds}'.encode()
        self._window = 0
        self._counts: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        left, wait = self._counted(scope["client"][0] if scope["client"] else "")
        own = [
            (b"ratelimit-policy", self._policy),
            (b"ratelimit", b'"client";r=%d;t=%d' % (max(left, 0), wait)),
        ]

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *own]}
            await send(message)

        if left >= 0:
            await self.app(scope, receive, told)
        else:
            detail = f"A client may ask {self._rate}: wait {wait} s. Whoever runs the server sets that with --rate."
            await problem(429, detail, {"Retry-After": str(wait)})(scope, receive, told)

    def _counted(self, client: str) -> tuple[int, int]:
        """How many more requests a client has in this window, below 0 for none, and the seconds to the next."""
        window, passed = divmod(int(time.monotonic()), self._seconds)
        if window != self._window:
            self._window, self._counts = window, Counter()
        self._counts[client] += 1
        return self._rate.amount - self._counts[client], self._seconds - passed

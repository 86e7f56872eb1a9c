"""How large the body of a request may be."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class LimitedBody:
    """Refuses a body when it is read: at once by the length that it has by its head, else when it is longer."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; who reads its body may meet HTTPException, 413."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        declared = int(Headers(scope=scope).get("content-length", 0))
        read = 0

        async def limited() -> Message:
            nonlocal read
            self._refuse(declared)
            message = await receive()
            read += len(message.get("body", b""))
            self._refuse(read)
            return message

        await self.app(scope, limited, send)

    def _refuse(self, length: int) -> None:
        if length > self._largest:
            raise HTTPException(413, f"A body has at most {self._largest:,} bytes. Send less at once.")

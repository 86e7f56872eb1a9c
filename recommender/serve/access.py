"""Who may write: those who have the server's token, and nobody if it has none."""

from __future__ import annotations

import secrets

from fastapi import Request, Response
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from recommender.serve.service import Handler, Service, Steady

# Only for the description: what it finds is looked at before, by ``Guarded``.
bearer = HTTPBearer(auto_error=False, description="The token that the server was started with.")
_READ_ONLY = (
    "This server is read-only: it has no token. Start it with --token-file FILE or $RECOMMENDER_TOKEN, and send that "
    "as Authorization: Bearer TOKEN."
)
_WHO = "Send the token of the server as Authorization: Bearer TOKEN."


class Guarded(Steady):
    """A route that asks for the token before it reads anything else of a request."""

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            service: Service = request.app.state.service
            refuse_strangers(request.headers.get("Authorization", ""), service.settings.token)
            response = await handle(request)
            response.headers["Cache-Control"] = "no-store"
            return response

        return answer


def refuse_strangers(given: str, token: str) -> None:
    """Raise HTTPException unless the header that was given has the token: 403 if there is none, else 401."""
    if not token:
        raise HTTPException(403, _READ_ONLY)
    scheme, _, secret = given.partition(" ")
    # As bytes, which is how they came: of texts only ASCII can be compared in constant time.
    if scheme.lower() != "bearer" or not secrets.compare_digest(secret.strip().encode("latin-1"), token.encode()):
        raise HTTPException(401, _WHO, {"WWW-Authenticate": 'Bearer realm="recommender"'})

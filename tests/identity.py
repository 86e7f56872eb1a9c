"""A fake identity provider on this machine: OpenID Connect with a code, PKCE and signed tokens, and no passwords."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "related-articles", "the-secret-of-this-client"
Fields = Mapping[str, str]
Claims = Mapping[str, object]


class Refused(Exception):
    """A request that a real provider would refuse; the message says why."""


class IdentityProvider(ThreadingHTTPServer):
    """Lets everybody in ``people`` log in, whose claims it has by the names that its page offers to click on."""

    def __init__(self, people: Mapping[str, Claims]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.people = people
        self._key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        # What was asked, and the person who answered, by the code that was given for it.
        self._codes: dict[str, tuple[Fields, str]] = {}

    def discovery(self) -> Mapping[str, object]:
        """What a client needs to know of the provider."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> Mapping[str, object]:
        """The public key, to check signatures by."""
        return {"keys": [self._key.as_dict(private=False)]}

    def authorize(self, asked: Fields) -> str:
        """The page on which a person says who they are."""
        if asked["client_id"] != CLIENT or asked["response_type"] != "code" or "openid" not in asked["scope"].split():
            raise Refused("unauthorized_client")
        if asked["code_challenge_method"] != "S256":
            raise Refused("PKCE is missing")
        links = (f'<p><a href="/consent?{urlencode({**asked, "person": name})}">{name}</a></p>' for name in self.people)
        return f"<!doctype html><title>Identity provider</title><body>{''.join(links)}</body>"

    def consent(self, asked: Fields) -> str:
        """The address with which a person is sent back who has said who they are."""
        code = token_urlsafe()
        self._codes[code] = asked, asked["person"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: Fields, authorization: str) -> Mapping[str, object]:
        """Who logged in, signed, for a code; each code is good once."""
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if [unquote(part) for part in given.split(":")] != [CLIENT, SECRET]:
            raise Refused("invalid_client")
        asked, person = self._codes.pop(form["code"], ({}, ""))
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (challenge, form["redirect_uri"]) != (asked.get("code_challenge"), asked.get("redirect_uri")):
            raise Refused("invalid_grant")
        now = int(time.time())
        own = {"iss": self.address, "aud": CLIENT, "sub": person, "iat": now, "exp": now + 3600}
        claims = {**own, "nonce": asked["nonce"], **self.people[person]}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self._key)
        return {"access_token": token_urlsafe(), "token_type": "Bearer", "expires_in": 3600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    server: IdentityProvider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = dict(parse_qsl(url.query))
        match url.path:
            case "/.well-known/openid-configuration":
                self._answer(json.dumps(self.server.discovery()))
            case "/jwks":
                self._answer(json.dumps(self.server.jwks()))
            case "/authorize":
                self._answer(self.server.authorize(asked), "text/html; charset=utf-8")
            case "/consent":
                self._send_to(self.server.consent(asked))
            case "/logout":
                self._send_to(asked["post_logout_redirect_uri"])
            case _:  # a browser asks for an icon
                self._answer("", status=204)

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        try:
            self._answer(json.dumps(self.server.token(form, self.headers["Authorization"])))
        except Refused as refused:
            self._answer(json.dumps({"error": str(refused)}), status=400)

    def _answer(self, body: str, kind: str = "application/json", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def _send_to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def identity_provider(people: Mapping[str, Claims]) -> Iterator[IdentityProvider]:
    """A provider that answers until it is left."""
    with IdentityProvider(people) as provider:
        thread = Thread(target=provider.serve_forever, daemon=True)
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()


def secrets_toml(provider: IdentityProvider, *editors: str) -> str:
    """A configuration of the page for this provider and these editors, as docs/editors.md has it."""
    return f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{token_urlsafe()}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"

[editors]
emails = {json.dumps(editors)}
"""

"""Who may change things: on one's own machine whoever sits at it, elsewhere those who are named as editors."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from recommender.recommend import Recommender
from recommender.types import RecommenderError

Standing = Literal["owner", "closed", "visitor", "stranger", "editor"]

# What a machine without an account calls the one who sits at it.
_SOMEBODY = "editor"
# What proxies add to a request, and browsers do not.
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")

# What reads. All else is for editors, so that what is new is theirs until it is entered here.
READS = {
    "recommender": "library encoder ranker calibration bands proposed_rules listings article values pages_of"
    " first_article find info related matches why similarities similarities_to directions",
    "library": "decisions fits atlases name identity counts listings values pages_of articles owners numbers"
    " of_articles passages vectors titles sketches ids by_words matrix known_vectors digests duplicates raw of_source"
    " rules apart missing check",
    "decisions": "of after every proposals published lists_with queue states",
    "fits": "revision now",
    "atlases": "state drawing put versions sums",  # whoever looks first has the map drawn
}


class NotAllowed(RecommenderError):
    """A change that somebody asked for who may only read."""


def standing() -> Standing:
    """What the one who acts is here.

    Where no login is configured, the "owner" of the machine; if others reach the server, or the configuration cannot
    be read, editing is "closed". Where one is, a "visitor" has not logged in, a "stranger" is not among the editors,
    and an "editor" is.
    """
    has_login = _has_login()
    if has_login and not st.user.get("is_logged_in"):
        return "visitor"
    if has_login:
        return "editor" if _listed() else "stranger"
    return "owner" if has_login is False and _is_alone() else "closed"


def editor() -> str:
    """The name of the one who acts: the account of the machine, or the address of the login; "" if they only read."""
    match standing():
        case "owner":
            return _account()
        case "editor":
            return _listed()
        case _:
            return ""


def require() -> str:
    """The name of the one who acts; raises NotAllowed if they may only read."""
    if name := editor():
        return name
    raise NotAllowed("Only editors change things here. Log in as one; docs/editors.md says how editors are named.")


def guarded(recommender: Recommender) -> Recommender:
    """The recommender with its library and record, of which all that writes raises NotAllowed for who may only read.

    That is looked at when something is done, not when it is offered.
    """
    return cast(Recommender, _Guard(recommender, "recommender"))


class _Guard:
    """Stands before an object of a kind in ``READS``: what is named there is for everybody, the rest for editors."""

    def __init__(self, guarded: object, kind: str) -> None:
        self._guarded = guarded
        self._reads = READS[kind].split()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._guarded, name)
        if name in self._reads:
            return _Guard(found, name) if name in READS else found
        return _required(found)


def _required(act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def checked(*args: Any, **named: Any) -> Any:
        require()
        return act(*args, **named)

    return checked


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # which of them depends on the platform and on Python
        return _SOMEBODY


def _has_login() -> bool | None:
    """Whether a login is configured; None if that cannot be read."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return None if any(Path(file).exists() for file in st.get_option("secrets.files")) else False


def _is_alone() -> bool:
    """Whether only this machine is listened to, and it asks itself.

    A proxy on this machine asks for others; a browser that a page of another site has led here names that site.
    """
    headers = st.context.headers
    hosts = [st.get_option("server.address"), *(_host(headers[name]) for name in ("Host", "Origin") if name in headers)]
    return all(map(_is_loopback, hosts)) and not any(name in headers for name in _FORWARDED)


def _host(header: str) -> str:
    """The host that a header names, without scheme and port."""
    try:
        return urlsplit("//" + header.rpartition("//")[2]).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _listed() -> str:
    """The address of the one who is logged in as the list of editors has it; "" if it has none."""
    if str(st.user.get("email_verified")).lower() == "false":
        return ""
    own = _plain(st.user.get("email"))
    listed = st.secrets.get("editors", {}).get("emails", [])
    return next((str(email) for email in listed if own and _plain(email) == own), "")


def _plain(email: object) -> bytes:
    """An address to be compared. Only A to Z are made small: some other letters become one of these, and are not."""
    return str(email or "").strip().encode().lower()

"""编辑登录: the way in and out, and what those are told who may only read."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.errors import StreamlitAuthError

from recommender.ui import access
from recommender.ui.words import Words

_UNUSABLE = "login_unusable"
# Views in which editors work; in the others readers miss nothing.
_EDITED = ("desk", "library")


def show(words: Words) -> None:
    """The way in, or who is logged in and the way out; nothing where there is no login."""
    match access.standing():
        case "visitor":
            st.button(words("log_in"), key="log_in", on_click=_log_in, type="tertiary")
        case "stranger" | "editor":
            st.html(f'<span class="who">{escape(_name())}</span>', width="content")
            st.button(words("log_out"), key="log_out", on_click=st.logout, type="tertiary")


def show_notice(view: str, words: Words) -> None:
    """Say why one who may only read may not edit, where that matters to them."""
    if st.session_state.pop(_UNUSABLE, False):
        st.error(words("login_unusable"))
    standing = access.standing()
    if standing == "stranger" or (standing in ("visitor", "closed") and view in _EDITED):
        # As code: Markdown would make a link of an address.
        email = _email().replace("`", "")
        st.info(words(f"only_{standing}", email=f"`{email}`"), icon=":material/visibility:")


def _name() -> str:
    return str(st.user.get("name") or _email())


def _email() -> str:
    return str(st.user.get("email") or st.user.get("sub") or "")


def _log_in() -> None:
    try:
        st.login()
    except StreamlitAuthError:
        st.session_state[_UNUSABLE] = True

"""What went wrong: files that were not read, a library that takes no change, and what a check of it finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape

import streamlit as st

from recommender.library import LibraryError
from recommender.recommend import Recommender
from recommender.ui.access import NotAllowed
from recommender.ui.reasons import reason
from recommender.ui.words import Words

_REFUSED = "library_refused"
_CHECKED = "library_checked"


@contextmanager
def refusals(recommender: Recommender, words: Words) -> Iterator[None]:
    """Note it, for ``show_refusal``, if the library takes no change, or none from the one who acts."""
    st.session_state.pop(_REFUSED, None)
    try:
        yield
    except LibraryError as error:
        st.session_state[_REFUSED] = words(f"library_{error.cause}", path=recommender.library.name)
    except NotAllowed:
        st.session_state[_REFUSED] = words("may_not_edit")


def show_refusal() -> None:
    """Say that the last change was not taken, if so."""
    if refused := st.session_state.get(_REFUSED):
        st.error(refused)


def show(recommender: Recommender, failures: Mapping[str, str], words: Words) -> None:
    """Draw the part of the view. ``failures`` says why files were not read, by their names."""
    st.markdown("**" + words("unread_files") + "**")
    if failures:
        rows = (
            f'<div class="file failed"><b>{escape(n)}</b> <span>{escape(reason(e, words))}</span></div>'
            for n, e in failures.items()
        )
        st.html("".join(rows))
        st.caption(words("unread_help"))
    else:
        st.caption(words("no_unread"))
    st.markdown("**" + words("check_title") + "**")
    st.caption(words("check_help"))
    if st.button(words("check"), key="check"):
        with st.spinner(words("checking")):
            st.session_state[_CHECKED] = recommender.library.check()
    if (found := st.session_state.get(_CHECKED)) is not None:
        _show_found(found, words)


def _show_found(found: list[str], words: Words) -> None:
    if not found:
        st.success(words("sound"), icon=":material/check_circle:")
        return
    st.error(words("unsound", n=len(found)))
    st.html("".join(f'<div class="file failed"><span>{escape(reason(one, words))}</span></div>' for one in found))

"""Taking articles out of the library, and bringing back those that were taken out last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from recommender.recommend import Recommender
from recommender.types import Article
from recommender.ui.problems import refusals
from recommender.ui.words import Words, literal

_PICKED = "library_picked"
_REMOVED = "library_removed"
_ROUND = "library_round"


def picked() -> set[str]:
    """The ids of the articles that are selected, on whatever page of the list."""
    found: set[str] = st.session_state.setdefault(_PICKED, set())
    return found


def box_key(name: str) -> str:
    """The key of a checkbox: a new one when what is selected was changed by anything but the box."""
    return f"{name}-{st.session_state.setdefault(_ROUND, 0)}"


def pick(id_: str, key: str) -> None:
    """Select an article, or let it go, as its checkbox says."""
    (picked().add if st.session_state[key] else picked().discard)(id_)


def pick_all(ids: Sequence[str], key: str) -> None:
    """Select these articles, or let them go, as a checkbox above theirs says."""
    (picked().update if st.session_state[key] else picked().difference_update)(ids)
    st.session_state[_ROUND] += 1


def remove(recommender: Recommender, ids: Iterable[str], words: Words) -> None:
    """Take articles out; they can be put back until others are taken out."""
    gone = list(ids)
    with refusals(recommender, words):
        st.session_state[_REMOVED] = recommender.remove(gone)
        picked().difference_update(gone)
        st.session_state[_ROUND] += 1


def show_undo(recommender: Recommender, words: Words) -> None:
    """Say what was taken out last, with a way to bring it back."""
    removed: list[Article] = st.session_state.get(_REMOVED, [])
    if not removed:
        return
    title = literal(removed[0].title)
    said = words("removed_one", title=title) if len(removed) == 1 else words("removed", n=len(removed), title=title)
    with st.container(key="undo", horizontal=True, border=True, vertical_alignment="center"):
        st.markdown(said, width="content")
        st.button(words("undo"), key="undo_removal", on_click=_undo, args=(recommender, removed, words))


def _undo(recommender: Recommender, removed: Sequence[Article], words: Words) -> None:
    with refusals(recommender, words):
        recommender.put_back(removed)
        st.session_state[_REMOVED] = []

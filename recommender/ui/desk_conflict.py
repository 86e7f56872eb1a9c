"""Two editors on one essay: each is told what the other did before anything is written over it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from recommender.desk import Draft
from recommender.recommend import Recommender
from recommender.types import Decision
from recommender.ui import access
from recommender.ui.desk_rows import titles
from recommender.ui.desk_told import told, what
from recommender.ui.desk_window import Held, Window
from recommender.ui.problems import refusals, show_refusal
from recommender.ui.words import Words


def show(recommender: Recommender, window: Window, draft: Draft, words: Words) -> None:
    """Say what others have decided on the open list; if that came first, ask what is to become of one's own changes."""
    if window.held:
        with st.container(key="desk_conflict", border=True, gap="small"):
            _show_held(recommender, window, window.held, draft, words)
    elif window.news:
        known = titles(recommender, draft)
        lines = (told(decision, draft.decisions, known, words) for decision in window.news)
        st.html(f'<div class="desk-news" role="status">{_listed(words("news"), lines)}</div>')


def _show_held(recommender: Recommender, window: Window, waiting: Held, draft: Draft, words: Words) -> None:
    known = titles(recommender, draft, [change.piece for change in waiting.changes])
    others = (told(decision, draft.decisions, known, words) for decision in waiting.others)
    pending = (Decision(0, "", draft.essay.id, "", "", 0, change) for change in waiting.changes)
    own = (escape(what(decision, draft.decisions, known, words)) for decision in pending)
    first, second = _listed(words("conflict"), others), _listed(words("conflict_own"), own)
    st.html(f'<div class="desk-news" role="alert">{first}{second}</div>')

    def again() -> None:
        with refusals(recommender, words):
            window.again(recommender, draft.essay.id, access.require())

    def drop() -> None:
        window.held = None

    with st.container(horizontal=True):
        st.button(words("conflict_again"), key="conflict_again", on_click=again, type="primary")
        st.button(words("conflict_drop"), key="conflict_drop", on_click=drop)
    show_refusal()


def _listed(head: str, lines: Iterable[str]) -> str:
    return f"<p>{escape(head)}</p><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"

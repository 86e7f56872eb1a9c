"""Two editors on one essay: each is told what the other did before anything is written over it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from recommender.desk import Draft
from recommender.recommend import Recommender
from recommender.types import Decision
from recommender.ui.desk_opened import Held, decide, held, let_go, news
from recommender.ui.desk_rows import titles
from recommender.ui.desk_told import told, what
from recommender.ui.problems import refusals
from recommender.ui.words import Words


def show(recommender: Recommender, draft: Draft, words: Words) -> None:
    """Say what others have decided on the open list; if that came first, ask what is to become of one's own changes."""
    waiting = held(draft.essay.id)
    if waiting:
        with st.container(key="desk_conflict", border=True, gap="small"):
            _show_held(recommender, draft, waiting, words)
    elif others := news(draft.essay.id):
        known = titles(recommender, draft)
        lines = (told(decision, draft.decisions, known, words) for decision in others)
        st.html(f'<div class="desk-news" role="status">{_listed(words("news"), lines)}</div>')


def _show_held(recommender: Recommender, draft: Draft, waiting: Held, words: Words) -> None:
    known = titles(recommender, draft, [change.piece for change in waiting.changes])
    others = (told(decision, draft.decisions, known, words) for decision in waiting.others)
    own = (escape(what(decision, draft.decisions, known, words)) for decision in _pending(waiting))
    first, second = _listed(words("conflict"), others), _listed(words("conflict_own"), own)
    st.html(f'<div class="desk-news" role="alert">{first}{second}</div>')
    with st.container(horizontal=True):
        st.button(
            words("conflict_again"), key="conflict_again", on_click=_again, args=(recommender, words), type="primary"
        )
        st.button(words("conflict_drop"), key="conflict_drop", on_click=_drop)


def _pending(waiting: Held) -> list[Decision]:
    """What is held, as the decisions that it would be."""
    return [Decision(0, "", waiting.essay, "", "", 0, change) for change in waiting.changes]


def _again(recommender: Recommender, words: Words) -> None:
    """Decide the same on top of what the other has; if yet another came first, that is told again."""
    waiting = let_go()
    with refusals(recommender, words):
        decide(recommender, waiting.essay, waiting.changes)


def _drop() -> None:
    let_go()


def _listed(head: str, lines: Iterable[str]) -> str:
    return f"<p>{escape(head)}</p><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"

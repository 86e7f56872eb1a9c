"""For a piece, which older essays should link to it: looked for on demand, and accepted in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from recommender.desk import ASKED, Desk, Inbound
from recommender.recommend import Recommender
from recommender.types import Article
from recommender.ui import access
from recommender.ui.desk_each import each, show_report
from recommender.ui.words import Words, literal

_FOUND = "desk_inbound"


def show(recommender: Recommender, piece: Article, words: Words) -> None:
    """The essays whose lists a piece belongs in, closed; they are looked for when that is asked for."""
    panel = st.expander(
        words("inbound"),
        icon=":material/input:",
        key=f"inbound-{piece.id}",
        expanded=bool(piece.page),
        on_change="rerun",
    )
    if not panel.open:
        return
    with panel:
        st.caption(words("inbound_help"))
        if st.button(words("find_inbound"), key="find_inbound"):
            st.session_state[_FOUND] = (piece.id, _look(recommender, piece, words))
        about, found = st.session_state.get(_FOUND, ("", []))
        if about == piece.id:
            _show_found(recommender, found, words)
        show_report(words)


def _look(recommender: Recommender, piece: Article, words: Words) -> list[Inbound]:
    found, bar = [], st.progress(0.0)
    for looked, inbound in enumerate(Desk(recommender).inbound(piece), 1):
        bar.progress(min(looked / ASKED, 1.0), words("inbound_progress", n=looked))
        if inbound:
            found.append(inbound)
    bar.empty()
    return found


def _show_found(recommender: Recommender, found: list[Inbound], words: Words) -> None:
    if not found:
        st.info(words("no_inbound"), icon=":material/search_off:")
        return
    chosen = [inbound for inbound in found if _is_chosen(inbound, words)]
    label = words("accept_inbound", n=len(chosen))
    may = bool(access.editor() and chosen)
    if st.button(label, key="accept_inbound", type="primary", disabled=not may):
        _accept(recommender, found, chosen, words)
        st.rerun()


def _is_chosen(inbound: Inbound, words: Words) -> bool:
    """Draw an essay that the piece belongs in; whether it is to be accepted."""
    essay = inbound.draft.essay
    with st.container(key=f"inbound-row-{essay.id}", gap=None):
        label = words("inbound_row", title=literal(essay.title), place=inbound.place)
        chosen = st.checkbox(label, True, key=f"inbound-take-{essay.id}", disabled=not access.editor())
        why = inbound.proposal.why_zh if words.language == "zh" else inbound.proposal.why_en
        word, closeness = words(inbound.proposal.relevance), f"{inbound.proposal.closeness:.2f}"
        band = f'<span class="related {inbound.proposal.relevance}"><b>{escape(word)}</b> {closeness}</span>'
        st.html(f'<div class="row-facts">{band}<span>{escape(why)}</span></div>')
    return chosen


def _accept(recommender: Recommender, found: list[Inbound], chosen: Sequence[Inbound], words: Words) -> None:
    by, desk = access.require(), Desk(recommender)
    waiting = {inbound.draft.essay.id: inbound for inbound in chosen}

    def accept(essay: str) -> None:
        desk.accept(waiting[essay], by)
        found.remove(waiting[essay])

    each({id_: inbound.draft.essay.title for id_, inbound in waiting.items()}, accept, recommender, words)

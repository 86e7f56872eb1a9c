"""All decisions on an essay, newest first, each with the list as it was then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from recommender.curate import in_effect
from recommender.desk import Desk
from recommender.embed import EMBEDDED
from recommender.recommend import Recommender
from recommender.types import Article, Decision, Filter, Proposals
from recommender.ui.desk_told import Titles, told
from recommender.ui.words import Words

# Decisions that are shown at first, and how many more with each click.
_FEW = 20
_SHOWN, _THEN = "desk_history_shown", "desk_history_then"


def show(recommender: Recommender, essay: Article, words: Words) -> None:
    """The record of an essay, closed; it is read when it is opened."""
    panel = st.expander(words("history"), icon=":material/history:", key="history", on_change="rerun")
    if panel.open:
        with panel:
            _show(recommender, essay.id, recommender.library.decisions.of([essay.id]), words)


def _show(recommender: Recommender, essay: str, decisions: Sequence[Decision], words: Words) -> None:
    own = [decision for decision in reversed(decisions) if decision.essay == essay]
    if not own:
        st.caption(words("no_history"))
        return
    count = st.session_state.setdefault(_SHOWN, _FEW)
    shown = own[:count]
    proposals = recommender.library.decisions.proposals({decision.proposals for decision in shown})
    known = _titles(recommender, decisions, proposals)
    holds = {decision.uid for decision in in_effect(decisions)}
    with st.container(gap="xsmall"):
        for decision in shown:
            is_undone = decision.uid not in holds and decision.change.action not in ("undo", "redo")
            _show_decision(recommender, decision, decisions, proposals, known, is_undone, words)
    if len(own) > count:
        st.button(words("more_history", n=len(own) - count), key="more_history", on_click=_show_more)


def _show_more() -> None:
    st.session_state[_SHOWN] += _FEW


def _show_decision(
    recommender: Recommender,
    decision: Decision,
    among: Sequence[Decision],
    proposals: Mapping[int, Proposals],
    known: Titles,
    is_undone: bool,
    words: Words,
) -> None:
    of = proposals[decision.proposals]
    model = words("model_embedded") if of.model == EMBEDDED else of.model
    mark = f'<span class="tag">{escape(words("undone"))}</span>' if is_undone else ""
    facts = f"<small>{escape(words('by_model', model=model, revision=of.revision[:8]))}</small>"
    is_open = st.session_state.get(_THEN) == decision.uid
    with st.container(key=f"decision-{decision.number}", horizontal=True, wrap=False, gap="small"):
        st.html(f'<div class="decision">{told(decision, among, known, words)} {mark} {facts}</div>')
        label = words("then_less" if is_open else "then")
        st.button(label, key=f"then-{decision.number}", on_click=_turn, args=(decision.uid,), type="tertiary")
    if is_open:
        entries = Desk(recommender).at(decision.essay, decision.number).entries
        rows = (f"<li>{escape(known.get(entry.piece, entry.piece))}</li>" for entry in entries)
        st.html(f'<ol class="then">{"".join(rows)}</ol>' if entries else f"<p>{escape(words('then_empty'))}</p>")


def _turn(uid: str) -> None:
    """Open the list as it was after a decision; close it if it is open."""
    st.session_state[_THEN] = "" if st.session_state.get(_THEN) == uid else uid


def _titles(recommender: Recommender, decisions: Sequence[Decision], proposals: Mapping[int, Proposals]) -> Titles:
    """What the pieces that are decided on or were proposed are called, as far as the library has them."""
    named = {piece for d in decisions for piece in (d.change.piece, d.change.instead)}
    named |= {piece for of in proposals.values() for row in of.rows for piece in (row.piece, *row.reposts)}
    return {listing.id: listing.title for listing in recommender.listings(Filter(ids=tuple(named)))}

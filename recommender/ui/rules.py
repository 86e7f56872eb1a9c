"""重复文字: what the articles of a source repeat, to be left out or kept, as a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Literal

import streamlit as st

from recommender.recommend import Recommender
from recommender.types import Rule
from recommender.ui import access
from recommender.ui.problems import refusals
from recommender.ui.words import Words

Choice = Literal["approved", "rejected"]
CHOICES: tuple[Choice, ...] = ("approved", "rejected")
_PROPOSED = "rules_proposed"
_ALL = "rules_all"
_ROUND = "rules_round"
# Hundreds at once are not read: those of most articles first, and the others when these are decided.
_MOST = 20


def show(recommender: Recommender, words: Words) -> None:
    """Draw the part of the view; those who may only read see what was decided."""
    decided = recommender.library.rules()
    if access.editor():
        _show_search(recommender, words)
    else:
        st.caption(words("rules_read") if decided else words("no_rules"))
    for choice in CHOICES:
        if rules := [rule for rule in decided if rule.state == choice]:
            _show_decided(recommender, choice, rules, words)


def _show_search(recommender: Recommender, words: Words) -> None:
    """What is repeated and not decided yet, once it is asked for."""
    st.caption(words("rules_help"))
    if st.button(words("find_rules"), key="find_rules", type="primary"):
        with st.spinner(words("finding_rules")):
            _propose(recommender.proposed_rules())
    if (proposed := st.session_state.get(_PROPOSED)) is not None:
        _show_proposals(recommender, proposed, words)


def _propose(rules: Sequence[Rule]) -> None:
    """What is to be decided from now on; nothing is chosen yet."""
    st.session_state[_PROPOSED] = list(rules)
    _choose_all(None)


def _choose_all(choice: Choice | None) -> None:
    st.session_state[_ALL] = choice
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _show_proposals(recommender: Recommender, proposed: Sequence[Rule], words: Words) -> None:
    if not proposed:
        st.info(words("no_proposals"), icon=":material/check_circle:")
        return
    st.markdown("**" + words("proposals", n=len(proposed)) + "**")
    with st.container(horizontal=True):
        for choice in CHOICES:
            st.button(words(f"all_{choice}"), key=f"all_{choice}", on_click=_choose_all, args=(choice,))
    shown = proposed[:_MOST]
    chosen = [_show_proposal(at, rule, words) for at, rule in enumerate(shown)]
    if len(proposed) > _MOST:
        st.caption(words("more_proposals", n=len(proposed) - _MOST))
    decided = [replace(rule, state=choice) for rule, choice in zip(shown, chosen, strict=True) if choice]
    left = [rule for rule, choice in zip(shown, chosen, strict=True) if not choice]
    label = words("apply", n=len(decided)) if decided else words("apply_none")
    if st.button(label, key="apply", type="primary", disabled=not decided):
        _decide(recommender, decided, words)
        _propose([*left, *proposed[_MOST:]])
        st.rerun()


def _show_proposal(at: int, rule: Rule, words: Words) -> Choice | None:
    """One proposal, and what is chosen for it."""
    with st.container(key=f"rule-{at}", border=True, gap="small"):
        st.html(_described(rule, words))
        return st.segmented_control(
            words("decision"),
            CHOICES,
            default=st.session_state[_ALL],
            format_func=lambda choice: words(f"choice_{choice}"),
            key=f"rule_choice-{st.session_state[_ROUND]}-{at}",
            label_visibility="collapsed",
        )


def _show_decided(recommender: Recommender, choice: Choice, rules: Sequence[Rule], words: Words) -> None:
    """The rules that were decided in one way; each can be decided in the other."""
    other: Choice = "rejected" if choice == "approved" else "approved"
    with st.expander(words(f"rules_{choice}", n=len(rules)), expanded=choice == "approved"):
        for at, rule in enumerate(rules):
            with st.container(key=f"{choice}-{at}", horizontal=True, wrap=False, vertical_alignment="center"):
                st.html(_described(rule, words))
                key = f"withdraw_{choice}-{at}"
                if access.editor() and st.button(words(f"withdraw_{choice}"), key=key, type="tertiary"):
                    _decide(recommender, [replace(rule, state=other)], words)
                    st.rerun()


def _decide(recommender: Recommender, rules: Sequence[Rule], words: Words) -> None:
    """Keep the decisions and clean all articles by them, saying how far that is."""
    bar = st.progress(0.0, words("cleaning", percent=0))
    with refusals(recommender, words):
        for share in recommender.decide(rules):
            bar.progress(share, words("cleaning", percent=round(100 * share)))
    bar.empty()


def _described(rule: Rule, words: Words) -> str:
    """What is repeated, and where, in a sentence."""
    scope = words("scope", name=rule.scope) if rule.scope else words("scope_all")
    about = words(f"rule_{rule.kind}", n=f"{rule.count:,}", scope=scope)
    return f'<div class="rule"><q>{escape(rule.text)}</q><span>{escape(about)}</span></div>'

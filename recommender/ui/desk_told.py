"""Decisions told to editors: what was done in a sentence, by whom, and when on their own clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from recommender.types import Decision
from recommender.ui.decision_words import said
from recommender.ui.words import Words

# What pieces are called, by their ids.
Titles = Mapping[str, str]


def what(decision: Decision, among: Iterable[Decision], titles: Titles, words: Words) -> str:
    """What a decision did; one that undoes or redoes another finds it ``among`` those."""
    of = next((other for other in among if other.uid == decision.change.of), None)
    return said(decision, titles, words, of)


def told(decision: Decision, among: Iterable[Decision], titles: Titles, words: Words) -> str:
    """Who did what and when, in HTML."""
    done = escape(what(decision, among, titles, words))
    return f"<b>{escape(decision.by)}</b> <span>{moment(decision.at)}</span> {done}"


def moment(at: str) -> str:
    """A moment in UTC (ISO 8601) on the clock of the reader's browser, to the minute."""
    behind = timedelta(minutes=st.context.timezone_offset or 0)
    return f"{datetime.fromisoformat(at) - behind:%Y-%m-%d %H:%M}"

"""The same done to many essays, one after another: with progress, and a report of what failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from recommender.library import Conflict, LibraryError
from recommender.recommend import Recommender
from recommender.types import RecommenderError
from recommender.ui.access import NotAllowed
from recommender.ui.words import Words

_REPORT = "desk_report"


@dataclass
class Report:
    """How many essays it was done to, and why it was not to others, by their titles."""

    done: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def each(titles: Mapping[str, str], do: Callable[[str], object], recommender: Recommender, words: Words) -> None:
    """Do something to each of these essays, by their ids; one that fails stops no other.

    What is done is noted as it goes: a click elsewhere stops it, and then that is done and the rest is not. Raises
    NotAllowed for one who may not edit.
    """
    report = st.session_state[_REPORT] = Report()
    bar = st.progress(0.0)
    st.button(words("stop_here"), key="stop_here")
    for n, (essay, title) in enumerate(titles.items(), 1):
        try:
            do(essay)
            report.done += 1
        except NotAllowed:
            raise
        except RecommenderError as error:
            report.failed[title] = _why(error, recommender, words)
        bar.progress(n / len(titles), words("each_progress", n=n, of=len(titles)))


def show_report(words: Words) -> None:
    """Say how the last of these went, until it is put away."""
    report: Report | None = st.session_state.get(_REPORT)
    if report is None:
        return
    with st.container(key="desk_report", border=True, gap="small"):
        failed = words("each_failed", n=len(report.failed)) if report.failed else ""
        st.html(f'<p role="status">{escape(words("each_done", n=report.done) + failed)}</p>')
        rows = (f"<li><b>{escape(title)}</b> {escape(why)}</li>" for title, why in report.failed.items())
        if report.failed:
            st.html(f'<div class="file failed"><ul>{"".join(rows)}</ul></div>')
        st.button(words("dismiss"), key="dismiss_report", on_click=_dismiss)


def _dismiss() -> None:
    st.session_state.pop(_REPORT, None)


def _why(error: RecommenderError, recommender: Recommender, words: Words) -> str:
    if isinstance(error, Conflict):
        who = dict.fromkeys(decision.by for decision in error.decisions)
        return words("each_conflict", who=", ".join(who))
    if isinstance(error, LibraryError):
        return words(f"library_{error.cause}", path=recommender.library.name)
    return words("no_text")  # the one other thing that can be wrong with an essay

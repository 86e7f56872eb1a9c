"""The round: the essays that an editor goes through one after another, in the order that the queue had at its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from recommender.library import Decisions, State, Task
from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui.coverage import Written, written
from recommender.ui.place import put_in_address

# What of the queue is gone through: all that is to do, or the essays in one state.
PARTS = ("todo", "new", "changed", "gone", "done")
_ROUND, _OVER = "desk_round", "desk_round_over"


@dataclass(frozen=True)
class Stand:
    """Where an essay stands in a round: it is the n-th of so many, 0 if it is none of them, and what is next to it."""

    n: int
    of: int
    before: str
    after: str


def part() -> str:
    """The part of the queue that the address names."""
    asked = st.query_params.get("queue", "")
    return asked if asked in PARTS else PARTS[0]


def tasks(recommender: Recommender) -> tuple[Task, ...]:
    """The essays of this part, as far as they have the words of a title that the address names."""
    find = st.query_params.get("find", "").strip()
    return _tasks(recommender.library.decisions, written(recommender), part(), find)


@st.cache_resource(show_spinner=False, max_entries=8)
def _tasks(_record: Decisions, written: Written, part: str, find: str) -> tuple[Task, ...]:
    """Asked once for each state of the library: it is all of them, and a page shows a few."""
    if part == "todo":
        return tuple(task for task in _record.queue(among=Filter(words=find)) if task.state != "done")
    return tuple(_record.queue(cast(State, part), among=Filter(words=find)))


def stand(recommender: Recommender, essay: str) -> Stand:
    """Where an essay stands in the round of this window, which begins with the first that is opened from the queue."""
    if _ROUND not in st.session_state:
        st.session_state[_ROUND] = tuple(task.essay for task in tasks(recommender))
    essays: tuple[str, ...] = st.session_state[_ROUND]
    if essay not in essays:
        return Stand(0, len(essays), "", next(iter(essays), ""))
    at = essays.index(essay)
    before = essays[at - 1] if at else ""
    return Stand(at + 1, len(essays), before, next(iter(essays[at + 1 :]), ""))


def end() -> bool:
    """End the round: the next begins with the queue as it is then. Whether its last essay was published just now."""
    st.session_state.pop(_ROUND, None)
    return bool(st.session_state.pop(_OVER, False))


def go_on(recommender: Recommender, essay: str) -> None:
    """Open the essay after this one, or if it is the last, the queue."""
    after = stand(recommender, essay).after
    st.session_state[_OVER] = not after
    put_in_address({"article": after})

"""The round: the essays that an editor goes through one after another, in the order that the queue had at its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from recommender.library import Decisions, State, Task
from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui.coverage import Written, written

# What of the queue is gone through: all that is to do, or the essays in one state.
PARTS = ("todo", "new", "changed", "gone", "done")


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


def stand(essays: Sequence[str], essay: str) -> Stand:
    """Where an essay stands among those of a round."""
    if essay not in essays:
        return Stand(0, len(essays), "", next(iter(essays), ""))
    at = essays.index(essay)
    before = essays[at - 1] if at else ""
    return Stand(at + 1, len(essays), before, next(iter(essays[at + 1 :]), ""))

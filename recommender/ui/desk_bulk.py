"""The same for many essays of the queue: which are selected, and what is done to their lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Literal, get_args

import streamlit as st

from recommender.desk import Desk
from recommender.library import Task
from recommender.recommend import Recommender
from recommender.types import Change, Filter
from recommender.ui import access
from recommender.ui.desk_each import each, show_report
from recommender.ui.words import Words, literal

Bulk = Literal["publish", "pin", "hide", "hide_everywhere"]
_PICKED, _ROUND = "desk_picked", "desk_boxes"
_MOST_TITLES = 50


def show(recommender: Recommender, found: Sequence[Task], rows: Sequence[Task], words: Words) -> None:
    """Select the page or all that is found, and for what is selected, the choice of what to do."""
    picked = _picked()
    ids = [task.essay for task in rows]
    with st.container(key="selection", horizontal=True, vertical_alignment="center"):
        key = _box("desk_pick_page")
        whole = bool(ids) and picked.keys() >= set(ids)
        st.checkbox(words("pick_page"), whole, key=key, on_change=_pick_many, args=(rows, key))
        if len(found) > len(rows):
            label = words("pick_found", n=len(found))
            st.button(label, key="pick_found", on_click=_pick_many, args=(found,), type="tertiary")
        if picked:
            st.markdown(words("picked", n=len(picked)), width="content")
            st.button(words("pick_none"), key="pick_none", on_click=_pick_none, type="tertiary")
    show_report(words)
    if picked:
        with st.container(key="desk_bulk", border=True):
            _show_choice(recommender, words)


def show_box(task: Task, words: Words) -> None:
    """The box that selects an essay."""
    key = _box(f"desk_pick-{task.essay}")
    label = words("pick", title=literal(task.title))
    value = task.essay in _picked()
    st.checkbox(label, value, key=key, on_change=_pick_many, args=([task], key), label_visibility="collapsed")


def pick(titles: Mapping[str, str]) -> None:
    """Select these essays, too, by their ids and titles, as they were chosen in another view."""
    _picked().update(titles)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _picked() -> dict[str, str]:
    """The titles of the essays that are selected, on whatever page, by their ids."""
    found: dict[str, str] = st.session_state.setdefault(_PICKED, {})
    return found


def _box(name: str) -> str:
    """The key of a box: a new one when what is selected was changed by anything but the box."""
    return f"{name}-{st.session_state.setdefault(_ROUND, 0)}"


def _pick_many(tasks: Sequence[Task], key: str = "") -> None:
    """Select these essays, or if the box ``key`` was emptied, let them go."""
    if not key or st.session_state[key]:
        _picked().update((task.essay, task.title) for task in tasks)
    else:
        for task in tasks:
            _picked().pop(task.essay, None)
    st.session_state[_ROUND] += 1


def _pick_none() -> None:
    _picked().clear()
    st.session_state[_ROUND] += 1


def _show_choice(recommender: Recommender, words: Words) -> None:
    options = get_args(Bulk)
    what: Bulk = st.segmented_control(
        words("bulk"),
        options,
        default="publish",
        format_func=lambda name: words(f"bulk_{name}"),
        key="bulk",
        required=True,
    )
    changes = [Change("publish")] if what == "publish" else _of_piece(recommender, what, words)
    label = words("bulk_apply", n=len(_picked()))
    if st.button(label, key="bulk_apply", type="primary", disabled=not changes):
        _apply(recommender, changes, words)
        st.rerun()


def _of_piece(recommender: Recommender, what: Bulk, words: Words) -> list[Change]:
    """The change of a piece that is looked up by its title; none until one is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        find = st.text_input(words("bulk_find"), key="bulk_find", icon=":material/search:", live=True).strip()
        titles = {row.id: row.title for row in recommender.listings(Filter(words=find), _MOST_TITLES)} if find else {}
        piece = st.selectbox(
            words("bulk_piece"),
            titles,
            None,
            format_func=lambda id_: titles.get(id_, id_),
            placeholder=words("bulk_choose" if titles or not find else "no_title"),
        )
        place = st.number_input(words("bulk_place"), 1, 20, 1, key="bulk_place", width=120) if what == "pin" else 0
    if not piece:
        return []
    if what == "pin":
        return [Change("pin", piece, place)]
    return [Change("hide", piece, everywhere=what == "hide_everywhere")]


def _apply(recommender: Recommender, changes: Sequence[Change], words: Words) -> None:
    """Do it to each that is selected; what is done is not selected any more, so that the rest can be done again."""
    by, desk, picked, piece = access.require(), Desk(recommender), _picked(), changes[0].piece
    if changes[0].everywhere:  # that is decided once, wherever it is
        essays = dict(islice(picked.items(), 1))
        picked.clear()
    else:
        essays = {essay: title for essay, title in picked.items() if essay != piece}

    def decide(essay: str) -> None:
        list(desk.decide_all([essay], changes, by))
        picked.pop(essay, None)

    st.session_state[_ROUND] += 1
    each(essays, decide, recommender, words)

"""The queue: which essays want an editor, those first that have no list, a page at a time."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from recommender.library import Task
from recommender.recommend import Recommender
from recommender.ui import access, desk_bulk, desk_export, desk_round, desk_window
from recommender.ui.desk_told import moment
from recommender.ui.place import in_address, put_in_address, tied
from recommender.ui.words import Words, literal

PAGE = 20
_HERE = Path(__file__).parent
_keys = st.components.v2.component(
    "recommender.desk_queue",
    css=(_HERE / "desk.css").read_text("utf-8"),
    js=(_HERE / "desk_queue.js").read_text("utf-8"),
    isolate_styles=False,
)


def show(recommender: Recommender, words: Words) -> None:
    """Draw the view."""
    window = desk_window.current()
    window.round = ()  # the next begins with the queue as it is then
    if window.is_over:
        window.is_over = False
        st.success(words("round_over"), icon=":material/done_all:")
    _show_parts(recommender, words)
    found = desk_round.tasks(recommender)
    pages = max(1, -(-len(found) // PAGE))
    number = min(_number(), pages)
    rows = found[(number - 1) * PAGE : number * PAGE]
    if access.editor():
        desk_bulk.show(recommender, found, rows, words)
    if not found:
        st.info(words("queue_none" if st.query_params.get("find") else "queue_empty"), icon=":material/done_all:")
    with st.container(key="rows", gap=None):
        for at, task in enumerate(rows):
            _show_row(at, task, words)
    if pages > 1:
        _show_pages(number, pages, words)
    _keys(key="desk_queue", data={"legend": words("queue_keys")})
    desk_export.show_all(recommender, words)


def _show_parts(recommender: Recommender, words: Words) -> None:
    """The parts of the queue with how many essays are in each, and the words of a title."""
    states = recommender.library.decisions.states()
    counts: dict[str, int] = dict.fromkeys(desk_round.PARTS, 0) | states
    counts["todo"] = sum(n for state, n in states.items() if state != "done")
    part, tie = in_address("queue", desk_round.PARTS, desk_round.PARTS[0])
    with st.container(key="queue_head", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            words("queue"),
            desk_round.PARTS,
            default=part,
            format_func=lambda name: f"{words(f'queue_{name}')} {counts[name]:,}",
            **tie | {"args": (*tie["args"], "at")},
            required=True,
            label_visibility="collapsed",
        )
        find = st.query_params.get("find", "")
        st.text_input(
            words("filter_title"),
            find,
            placeholder=words("filter_title"),
            icon=":material/search:",
            live=True,
            label_visibility="collapsed",
            width=220,
            **tied("find", find, "at"),
        )


def _show_row(at: int, task: Task, words: Words) -> None:
    with st.container(key=f"row-{at}", horizontal=True, wrap=False, gap="small"):
        if access.editor():
            desk_bulk.show_box(task, words)
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall"
        ):
            st.button(
                literal(task.title) or words("no_name"),
                key=f"open-{task.essay}",
                on_click=_open,
                args=(task.essay,),
                type="tertiary",
                wrap=True,
            )
            st.html(_facts(task, words), width="content")


def _facts(task: Task, words: Words) -> str:
    """In which state the list is; when it was published and how strong it is, if it was."""
    state = f'<span class="tag state {task.state}">{escape(words(f"queue_{task.state}"))}</span>'
    if not task.at:
        return f'<div class="row-facts">{state}</div>'
    strength = escape(words("strength", strength=f"{task.strength:.2f}"))
    bar = f'<span class="related"><span class="bar"><i style="width:{task.strength:.0%}"></i></span></span>'
    published = escape(words("published_at", at=moment(task.at)))
    return f'<div class="row-facts">{state}<span>{published}</span>{bar}<span>{strength}</span></div>'


def _open(essay: str) -> None:
    put_in_address({"article": essay})


def _number() -> int:
    """The number of the page that the address names, 1 for what is none."""
    asked = st.query_params.get("at", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:9]) == int(asked) else 1


def _turn(number: int) -> None:
    put_in_address({"at": str(number) if number > 1 else ""})


def _show_pages(number: int, pages: int, words: Words) -> None:
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button(words("previous"), key="previous", on_click=_turn, args=(number - 1,), disabled=number == 1)
        st.markdown(words("page_of", n=number, of=pages), width="content")
        st.button(words("next"), key="next", on_click=_turn, args=(number + 1,), disabled=number == pages)

"""One essay on the desk: its list is drawn by a component, which sends what the editor does, event by event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from recommender.library import LibraryError
from recommender.recommend import Recommender
from recommender.types import Article, Filter, RecommenderError
from recommender.ui import access, desk_conflict, desk_export, desk_history, desk_inbound, desk_presence, desk_round
from recommender.ui.desk_acts import Event, act
from recommender.ui.desk_opened import Opened, current, decide, held, opened
from recommender.ui.desk_rows import about, drawn, titles
from recommender.ui.desk_told import moment, what
from recommender.ui.desk_words import LABELS
from recommender.ui.place import put_in_address
from recommender.ui.problems import refusals, show_refusal
from recommender.ui.words import Words, literal

_HERE = Path(__file__).parent
_desk = st.components.v2.component(
    "recommender.desk",
    css=(_HERE / "desk.css").read_text("utf-8"),
    # A component is one script: what the first of these define, the last uses.
    js="\n".join((_HERE / f"{name}.js").read_text("utf-8") for name in ("desk_rules", "desk_draw", "desk_ask", "desk")),
    isolate_styles=False,  # the bands and reasons look as they do in the other views
)
_KEY = "desk"
# The last event that was done, what there is to say of it, and the words that were searched for in it.
_DONE, _SAID, _FIND = "desk_done", "desk_said", "desk_find"
_MOST_FOUND = 12
# What the labels have blanks for; the component fills them.
_BLANKS = {name: f"{{{name}}}" for name in ("n", "of", "title", "text")}


def show(recommender: Recommender, essay: Article, words: Words) -> None:
    """Draw the list of an essay, and below it what else there is to do about it."""
    show_refusal()
    if essay.page:
        st.subheader(literal(essay.title), anchor=False)
        st.info(words("no_own_list"), icon=":material/info:")
    else:
        _show_list(recommender, essay, words)
    desk_inbound.show(recommender, essay, words)
    if not essay.page:
        desk_history.show(recommender, essay, words)
        desk_export.show(recommender, essay, words)


def _show_list(recommender: Recommender, essay: Article, words: Words) -> None:
    try:
        found = opened(recommender, essay)
    except LibraryError:
        raise
    except RecommenderError:  # it has no text to ask with
        st.info(words("no_text"), icon=":material/info:")
        return
    desk_presence.show(recommender, essay.id, words)
    desk_conflict.show(recommender, found.draft, words)
    _desk(key=_KEY, data=_data(recommender, found, words), on_events_change=lambda: _take(recommender, essay, words))


def _data(recommender: Recommender, found: Opened, words: Words) -> dict[str, Any]:
    """What the component draws."""
    essay = found.draft.essay
    stand = desk_round.stand(recommender, essay.id)
    [task] = recommender.library.decisions.queue(among=Filter(ids=(essay.id,)))
    published = [words("published_at", at=moment(task.at))] if task.at else []
    return {
        "essay": essay.id,
        "title": essay.title,
        "state": task.state,
        "facts": [text for text in (words(f"queue_{task.state}"), *published, about(essay)) if text],
        "lang": "zh-CN" if words.language == "zh" else "en",
        "mayEdit": bool(access.editor()) and not held(essay.id),
        "done": st.session_state.get(_DONE, 0),
        "said": st.session_state.get(_SAID),
        "found": _found(recommender, essay.id),
        "stand": vars(stand),
        "labels": {name.removeprefix("desk_"): words(name, **_BLANKS) for name in LABELS},
        **drawn(recommender, found, words),
    }


def _found(recommender: Recommender, essay: str) -> dict[str, Any] | None:
    """The articles whose titles have the words that were searched for last, if that is what was done last."""
    find: str | None = st.session_state.pop(_FIND, None)
    if find is None:
        return None
    rows = recommender.listings(Filter(words=find), _MOST_FOUND + 1) if find else []
    others = [row for row in rows if row.id != essay][:_MOST_FOUND]
    return {"find": find, "rows": [{"id": row.id, "title": row.title, "about": about(row)} for row in others]}


def _take(recommender: Recommender, essay: Article, words: Words) -> None:
    """Do what the component sent, each event once and in order: it sends all that it has not seen done yet."""
    for event in st.session_state[_KEY]["events"]:
        if event["n"] > st.session_state.get(_DONE, 0):
            st.session_state[_DONE] = event["n"]
            with refusals(recommender, words):
                _do(recommender, essay, event, words)


def _do(recommender: Recommender, essay: Article, event: Event, words: Words) -> None:
    if event["essay"] != essay.id:  # a key that was pressed while the next essay was on its way
        return
    if event["do"] == "search":
        st.session_state[_FIND] = str(event["text"]).strip()
    elif event["do"] == "open":
        put_in_address({"article": str(event["to"])})
    elif (changes := act(event, current(essay.id))) and decide(recommender, essay.id, changes):
        _say(recommender, essay, event["n"], words)
        if event["do"] == "publish":
            desk_round.go_on(recommender, essay.id)


def _say(recommender: Recommender, essay: Article, n: int, words: Words) -> None:
    """Note what was decided last, for the component to say."""
    draft = current(essay.id)
    last = max((d for d in draft.decisions if d.essay == essay.id), key=lambda d: d.number)
    text = what(last, draft.decisions, titles(recommender, draft), words)
    if last.change.action == "publish":
        text = words("said_published", title=essay.title)
    taken_back = next((d.change.piece for d in draft.decisions if d.uid == last.change.of), "")
    back = "redo" if last.change.action == "undo" else "undo"
    st.session_state[_SAID] = {"n": n, "text": text, "piece": taken_back, "essay": essay.id, "back": back}

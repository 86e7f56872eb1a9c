"""One essay on the desk: its list is drawn by a component, which sends what the editor does, event by event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from recommender.library import LibraryError
from recommender.recommend import Recommender
from recommender.types import Article, Filter, RecommenderError
from recommender.ui import access, desk_conflict, desk_events, desk_export, desk_history, desk_inbound, desk_presence
from recommender.ui.desk_round import stand, tasks
from recommender.ui.desk_rows import about, drawn
from recommender.ui.desk_told import moment
from recommender.ui.desk_window import Opened, Window, current
from recommender.ui.desk_words import LABELS
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
_MOST_FOUND = 12
# What the labels have blanks for; the component fills them.
_BLANKS = {name: f"{{{name}}}" for name in ("n", "of", "title", "text")}


def show(recommender: Recommender, essay: Article, words: Words) -> None:
    """Draw the list of an essay, and below it what else there is to do about it."""
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
    window = current()
    try:
        found = window.open(recommender, essay, access.editor())
    except LibraryError:
        raise
    except RecommenderError:  # it has no text to ask with
        st.info(words("no_text"), icon=":material/info:")
        return
    if window.failed:
        st.error(window.failed)
    if not window.round:
        window.round = tuple(task.essay for task in tasks(recommender))
    desk_presence.show(recommender, essay.id, words)
    desk_conflict.show(recommender, window, found.draft, words)
    data = _data(recommender, window, found, words)

    def take() -> None:
        desk_events.take(window, recommender, essay, st.session_state[_KEY]["events"], words)

    _desk(key=_KEY, data=data, on_events_change=take)


def _data(recommender: Recommender, window: Window, found: Opened, words: Words) -> dict[str, Any]:
    """What the component draws."""
    essay = found.draft.essay
    [task] = recommender.library.decisions.queue(among=Filter(ids=(essay.id,)))
    published = [words("published_at", at=moment(task.at))] if task.at else []
    return {
        "essay": essay.id,
        "title": essay.title,
        "state": task.state,
        "facts": [text for text in (words(f"queue_{task.state}"), *published, about(essay)) if text],
        "lang": "zh-CN" if words.language == "zh" else "en",
        "mayEdit": bool(access.editor()) and not window.held,
        "done": window.done,
        "said": window.said,
        "found": None if window.find is None else _found(recommender, essay.id, window.find),
        "stand": vars(stand(window.round, essay.id)),
        "labels": {name.removeprefix("desk_"): words(name, **_BLANKS) for name in LABELS},
        **drawn(recommender, found, words),
    }


def _found(recommender: Recommender, essay: str, find: str) -> dict[str, Any]:
    """The articles whose titles have these words."""
    rows = recommender.listings(Filter(words=find), _MOST_FOUND + 1) if find else []
    others = [row for row in rows if row.id != essay][:_MOST_FOUND]
    return {"find": find, "rows": [{"id": row.id, "title": row.title, "about": about(row)} for row in others]}

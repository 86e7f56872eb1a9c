"""What the desk's component sends, done: each event once and in order, also when runs of the page are cut short."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.library import LibraryError
from recommender.recommend import Recommender
from recommender.types import Article
from recommender.ui import access
from recommender.ui.desk_acts import Event, act
from recommender.ui.desk_round import stand
from recommender.ui.desk_rows import titles
from recommender.ui.desk_told import what
from recommender.ui.desk_window import Window
from recommender.ui.place import put_in_address
from recommender.ui.words import Words


def take(window: Window, recommender: Recommender, essay: Article, events: Sequence[Event], words: Words) -> None:
    """Do those events that are not done yet: the component sends all of which it has not heard that they are."""
    by = access.editor()
    with window.lock:
        for event in events:
            if event["n"] > window.done:
                window.done, window.failed, window.find = event["n"], "", None
                # One of another essay is a key that was pressed while this one was on its way.
                if event["essay"] == essay.id and window.has_open(essay.id):
                    _do(window, recommender, essay, event, by, words)
    go_on(window)


def go_on(window: Window) -> None:
    """Go where the last event leads, if it leads away."""
    if window.to is not None:
        put_in_address({"article": window.to})
        window.to = None


def _do(window: Window, recommender: Recommender, essay: Article, event: Event, by: str, words: Words) -> None:
    if event["do"] == "search":
        window.find = str(event["text"]).strip()
    elif event["do"] == "open":
        window.to = str(event["to"])
    else:
        try:
            _decide(window, recommender, essay, event, by or access.require(), words)
        except LibraryError as error:
            window.failed = words(f"library_{error.cause}", path=recommender.library.name)
        except access.NotAllowed:
            window.failed = words("may_not_edit")


def _decide(window: Window, recommender: Recommender, essay: Article, event: Event, by: str, words: Words) -> None:
    changes = act(event, window.draft(essay.id))
    if changes and window.decide(recommender, essay.id, changes, by):
        _say(window, recommender, essay, words)
        if event["do"] == "publish":
            window.to = stand(window.round, essay.id).after
            window.is_over = not window.to


def _say(window: Window, recommender: Recommender, essay: Article, words: Words) -> None:
    """Note what was decided last, for the component to say."""
    draft = window.draft(essay.id)
    last = max((d for d in draft.decisions if d.essay == essay.id), key=lambda d: d.number)
    text = what(last, draft.decisions, titles(recommender, draft), words)
    if last.change.action == "publish":
        text = words("said_published", title=essay.title)
    taken_back = next((d.change.piece for d in draft.decisions if d.uid == last.change.of), "")
    back = "redo" if last.change.action == "undo" else "undo"
    window.said = {"n": window.done, "text": text, "piece": taken_back, "essay": essay.id, "back": back}

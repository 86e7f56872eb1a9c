"""An event of the desk (a key, a click, a drag) -> the changes of the list that it asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from recommender.curate import moved
from recommender.desk import Draft
from recommender.types import Change

LONGEST = 20  # pieces in a list

Event = Mapping[str, Any]


def act(event: Event, draft: Draft) -> list[Change]:
    """The changes that an event asks for; none if nothing would be another.

    ``do`` is what to do: "pin" puts ``piece`` at ``place``, or if that is 0 keeps it where it stands, else at the end,
    and hides the piece that it comes ``instead`` of. "free", "hide" and "show" name a piece, the last two perhaps
    ``everywhere``; "note" a piece, or none for the list, and a ``text``; "size" a ``place``. "publish", "undo" and
    "redo" name nothing. ``text`` may be a reason. Raises KeyError for what is none of these.
    """
    return _ACTS[event["do"]](event, draft)


def _pin(event: Event, draft: Draft) -> list[Change]:
    piece, instead = str(event["piece"]), str(event.get("instead", ""))
    places = {entry.piece: place for place, entry in enumerate(draft.list.entries, 1)}
    was, size = places.get(piece, 0), draft.decided.size
    asked = int(event.get("place", 0)) or was or min(len(places) + 1, size)
    place = max(1, min(asked, max(len(places), size)))
    if piece == draft.essay.id or (place == was and piece in draft.decided.pins):
        return []
    return [replace(moved(draft.list, draft.decided, piece, place), instead=instead, text=_text(event))]


def _free(event: Event, draft: Draft) -> list[Change]:
    piece = str(event["piece"])
    return [Change("free", piece)] if piece in draft.decided.pins else []


def _hide(event: Event, draft: Draft) -> list[Change]:
    piece, everywhere = str(event["piece"]), bool(event.get("everywhere"))
    is_hidden = piece in draft.decided.hidden and not everywhere
    return [] if is_hidden else [Change("hide", piece, everywhere=everywhere, text=_text(event))]


def _show(event: Event, draft: Draft) -> list[Change]:
    piece, everywhere = str(event["piece"]), bool(event.get("everywhere"))
    return [Change("show", piece, everywhere=everywhere)] if piece in draft.decided.hidden else []


def _note(event: Event, draft: Draft) -> list[Change]:
    piece, text = str(event.get("piece", "")), _text(event)
    return [Change("note", piece, text=text)] if text != draft.decided.notes.get(piece, "") else []


def _size(event: Event, draft: Draft) -> list[Change]:
    size = max(1, min(int(event["place"]), LONGEST))
    return [Change("size", place=size)] if size != draft.decided.size else []


def _publish(event: Event, draft: Draft) -> list[Change]:
    # Also if it is published already: the editor has looked at it again, and the essay may have changed since.
    return [Change("publish", text=_text(event))]


def _undo(event: Event, draft: Draft) -> list[Change]:
    return [Change("undo", of=draft.undoable.uid)] if draft.undoable else []


def _redo(event: Event, draft: Draft) -> list[Change]:
    return [Change("redo", of=draft.redoable.uid)] if draft.redoable else []


def _text(event: Event) -> str:
    return str(event.get("text", "")).strip()


_ACTS = {
    "pin": _pin,
    "free": _free,
    "hide": _hide,
    "show": _show,
    "note": _note,
    "size": _size,
    "publish": _publish,
    "undo": _undo,
    "redo": _redo,
}

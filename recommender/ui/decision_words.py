"""What a decision did, in a sentence, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from recommender.types import Change, Decision

if TYPE_CHECKING:
    from recommender.ui.words import Words

DECISIONS: dict[str, tuple[str, str]] = {
    "did_pin": ("加入《{piece}》，固定在第 {place} 位", "Pinned “{piece}” at place {place}"),
    "did_move": (
        "把《{piece}》从第 {was} 位移到第 {place} 位",
        "Moved “{piece}” from place {was} to place {place}",
    ),
    "did_keep": ("把《{piece}》固定在第 {place} 位", "Kept “{piece}” at place {place}"),
    "did_replace": (
        "在第 {place} 位用《{piece}》替换《{instead}》",
        "Put “{piece}” at place {place} instead of “{instead}”",
    ),
    "did_free": ("取消固定《{piece}》", "Took back the pin of “{piece}”"),
    "did_hide": ("隐藏《{piece}》", "Hid “{piece}”"),
    "did_hide_everywhere": ("在所有文章中隐藏《{piece}》", "Hid “{piece}” in all lists"),
    "did_show": ("取消隐藏《{piece}》", "Showed “{piece}” again"),
    "did_show_everywhere": ("在所有文章中取消隐藏《{piece}》", "Showed “{piece}” in all lists again"),
    "did_note": ("给《{piece}》写备注：{text}", "Noted on “{piece}”: {text}"),
    "did_note_list": ("给列表写备注：{text}", "Noted on the list: {text}"),
    "did_unnote": ("删去《{piece}》的备注", "Took back the note on “{piece}”"),
    "did_unnote_list": ("删去列表的备注", "Took back the note on the list"),
    "did_size": ("列表改为 {place} 篇", "Made the list {place} long"),
    "did_publish": ("发布列表", "Published the list"),
    "did_undo": ("撤销：{what}", "Undid: {what}"),
    "did_redo": ("重做：{what}", "Redid: {what}"),
    "did_undo_other": ("撤销了一个决定", "Undid a decision"),
    "did_redo_other": ("重做了一个决定", "Redid a decision"),
    "because": ("{what}（{text}）", "{what} ({text})"),
}


def said(decision: Decision, titles: Mapping[str, str], words: Words, of: Decision | None = None) -> str:
    """A sentence about a decision, as plain text.

    ``titles`` are those of pieces by their ids; a piece without one is called by its id. ``of`` is the decision that an
    undo or redo is about.
    """
    change = decision.change
    if change.action in ("undo", "redo"):
        return (
            words(f"did_{change.action}", what=said(of, titles, words)) if of else words(f"did_{change.action}_other")
        )
    piece, instead = (titles.get(id_) or id_ for id_ in (change.piece, change.instead))
    values = {"piece": piece, "instead": instead, "place": change.place, "was": change.was, "text": change.text}
    what = words(_form(change), **values)
    return words("because", what=what, text=change.text) if change.text and change.action != "note" else what


def _form(change: Change) -> str:
    """The name of the string that says what a change does."""
    match change.action:
        case "pin":
            return "did_" + _kind_of_pin(change)
        case "hide" | "show":
            return f"did_{change.action}" + ("_everywhere" if change.everywhere else "")
        case "note":
            return ("did_note" if change.text else "did_unnote") + ("" if change.piece else "_list")
        case _:
            return f"did_{change.action}"


def _kind_of_pin(change: Change) -> str:
    if change.instead:
        return "replace"
    if change.was == change.place:
        return "keep"
    return "move" if change.was else "pin"

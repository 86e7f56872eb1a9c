"""What editors have decided, and what is proposed -> the list of an essay. Pure: same input, same list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recommender.types import Decision, Proposal

SIZE = 10


@dataclass(frozen=True)
class Curation:
    """What is decided on the list of an essay.

    ``pins`` are the places of pieces, from 1. ``hidden`` are left out, wherever that was decided. ``notes`` are about
    pieces, and under "" about the list. ``size`` is how long the list is.
    """

    pins: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    size: int = SIZE


@dataclass(frozen=True)
class Entry:
    """A place in a list: the piece, whether an editor put it there, and what was proposed of it, if anything."""

    piece: str
    is_pinned: bool
    proposal: Proposal | None


@dataclass(frozen=True)
class CuratedList:
    """The list of an essay in order. ``lost`` are pieces that are pinned and not in the library any more."""

    entries: tuple[Entry, ...]
    lost: tuple[str, ...]


def in_effect(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of the decisions that were not undone, or were redone; in order, without the undoing itself."""
    every = sorted(decisions, key=lambda decision: decision.number)
    undone: set[str] = set()
    for decision in every:
        if decision.change.action == "undo":
            undone.add(decision.change.of)
        elif decision.change.action == "redo":
            undone.discard(decision.change.of)
    return [d for d in every if d.uid not in undone and d.change.action not in ("undo", "redo")]


def undoable(decisions: Iterable[Decision], essay: str) -> Decision | None:
    """The decision on an essay that undo takes back next, if there is one."""
    return next((d for d in reversed(in_effect(decisions)) if d.essay == essay), None)


def redoable(decisions: Iterable[Decision], essay: str) -> Decision | None:
    """The decision on an essay that redo brings back next: the last undone, until something new is decided."""
    by_uid: dict[str, Decision] = {}
    undone: list[str] = []
    for decision in sorted((d for d in decisions if d.essay == essay), key=lambda d: d.number):
        by_uid[decision.uid] = decision
        match decision.change.action:
            case "undo":
                undone.append(decision.change.of)
            case "redo":
                undone = [uid for uid in undone if uid != decision.change.of]
            case _:
                undone = []
    return by_uid.get(undone[-1]) if undone else None


def curation(decisions: Iterable[Decision], essay: str) -> Curation:
    """What is decided on an essay by its own decisions, and by those of others that hold everywhere.

    The later decision wins: a pin shows a piece that was hidden, hiding frees one that was pinned.
    """
    pins: dict[str, int] = {}
    hidden: set[str] = set()
    notes: dict[str, str] = {}
    size = SIZE
    for decision in in_effect(decisions):
        change = decision.change
        if decision.essay != essay and not change.everywhere:
            continue
        match change.action:
            case "pin":
                pins = _pinned(pins, change.piece, change.place, change.was)
                hidden.discard(change.piece)
                if change.instead:
                    pins.pop(change.instead, None)
                    hidden.add(change.instead)
            case "free":
                pins.pop(change.piece, None)
            case "hide":
                pins.pop(change.piece, None)
                hidden.add(change.piece)
            case "show":
                hidden.discard(change.piece)
            case "note":
                notes[change.piece] = change.text
            case "size":
                size = change.place
    return Curation(pins, frozenset(hidden), {piece: text for piece, text in notes.items() if text}, size)


def published(decisions: Sequence[Decision], essay: str) -> tuple[Decision, Curation] | None:
    """The decision that published the list of an essay, and what was decided by then; None if it is not published.

    What was hidden everywhere since is hidden in it, too.
    """
    now = in_effect(decisions)
    last = next((d for d in reversed(now) if d.essay == essay and d.change.action == "publish"), None)
    if last is None:
        return None
    holds = {d.uid for d in now}
    then = in_effect(d for d in decisions if d.number <= last.number)
    kept = [d for d in then if d.uid in holds or not d.change.everywhere]
    since = [d for d in now if d.number > last.number and d.change.everywhere]
    return last, curation([*kept, *since], essay)


def curated(rows: Sequence[Proposal], decided: Curation, held: Collection[str]) -> CuratedList:
    """The list that decisions make of proposals, best first; ``held`` are the pieces that the library has.

    Pins keep their places, or the nearest to them that the list has; free places go to what is proposed and related,
    in order. No text comes twice: a row goes if any of its pieces is pinned, and also if any is hidden, so that a
    hidden text does not come back in another wording. What editors have pinned is never left out for that.
    """
    proposal = {row.piece: row for row in reversed(rows)}
    pins = sorted((place, piece) for piece, place in decided.pins.items() if piece in held)
    free = _free(rows, {piece for _, piece in pins} | decided.hidden, held)
    entries: list[Entry] = []
    is_full = False
    while pins or not is_full:
        is_due = pins and pins[0][0] <= len(entries) + 1
        row = next(free, None) if not is_due and len(entries) < decided.size else None
        if row:
            entries.append(row)
        elif pins:
            _, piece = pins.pop(0)
            entries.append(Entry(piece, True, proposal.get(piece)))
        else:
            is_full = True
    return CuratedList(tuple(entries), tuple(piece for piece in decided.pins if piece not in held))


def _free(rows: Sequence[Proposal], taken: set[str], held: Collection[str]) -> Iterator[Entry]:
    """What fills free places, best first; of pieces with one text, the first that is held."""
    seen = set(taken)
    for row in rows:
        texts = (row.piece, *row.reposts)
        piece = next((piece for piece in texts if piece in held), None)
        if piece and row.relevance != "unrelated" and seen.isdisjoint(texts):
            seen.update(texts)
            yield Entry(piece, False, row)


def _pinned(pins: Mapping[str, int], piece: str, place: int, was: int) -> dict[str, int]:
    """Pins with a piece at a place; a pin that stands there makes way, towards the place that the piece had."""
    pieces = {where: other for other, where in pins.items() if other != piece}
    step = -1 if 0 < was < place and was not in pieces else 1
    moving = piece
    while moving:
        pieces[place], moving = moving, pieces.get(place, "")
        place += step
    return {other: where for where, other in pieces.items()}

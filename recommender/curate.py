"""What editors have decided, and what is proposed -> the list of an essay. Pure: same input, same list."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from recommender.types import Change, Decision, Proposal, Proposals

SIZE = 10


@dataclass(frozen=True)
class Curation:
    """What is decided on the list of an essay.

    ``pins`` are the places of pieces, from 1; no two have the same. ``hidden`` are left out, wherever that was decided,
    and are not among the pins. ``notes`` are about pieces, and under "" about the list. ``size`` is how long the list
    is.
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
    for decision in sorted(decisions, key=lambda d: d.number):
        by_uid[decision.uid] = decision
        if decision.essay != essay:
            continue
        match decision.change.action:
            case "undo":
                undone.append(decision.change.of)
            case "redo":
                undone = [uid for uid in undone if uid != decision.change.of]
            case _:
                undone = []
    return by_uid.get(undone[-1]) if undone else None


def curation(decisions: Iterable[Decision], essay: str) -> Curation:
    """What is decided on an essay by its own decisions, and by those on others that hold everywhere.

    The later decision wins: a pin shows a piece that was hidden, hiding frees one that was pinned. What is decided on
    another essay takes back nothing that was decided on this one: a pin comes back when its piece is shown everywhere
    again, and a piece that was hidden here stays hidden then.
    """
    pins: dict[str, int] = {}
    hidden: set[str] = set()
    everywhere: set[str] = set()  # what is hidden there and was not shown here since
    notes: dict[str, str] = {}
    size = SIZE
    for decision in in_effect(decisions):
        change, is_own = decision.change, decision.essay == essay
        if not (is_own or change.everywhere):
            continue
        match change.action:
            case "pin":
                if change.instead:  # first, so that it does not push other pins away from where it stood
                    pins.pop(change.instead, None)
                    hidden.add(change.instead)
                pins = _pinned(pins, change.piece, change.place, change.was)
                hidden.discard(change.piece)
                everywhere.discard(change.piece)
            case "free":
                pins.pop(change.piece, None)
            case "hide":
                if is_own:
                    pins.pop(change.piece, None)
                (everywhere if change.everywhere else hidden).add(change.piece)
            case "show":
                if is_own:
                    hidden.discard(change.piece)
                everywhere.discard(change.piece)
            case "note":
                notes[change.piece] = change.text
            case "size":
                size = change.place
    return Curation(
        {piece: place for piece, place in pins.items() if piece not in everywhere},
        frozenset(hidden | everywhere),
        {piece: text for piece, text in notes.items() if text},
        size,
    )


def known_to(essays: Iterable[str], decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """For each of the essays, those of the decisions on it and those on others that hold everywhere; in order.

    ``decisions`` are in order, and all on these essays or for all.
    """
    known: dict[str, list[Decision]] = {essay: [] for essay in essays}
    everywhere: set[str] = set()
    for decision in decisions:
        if decision.change.everywhere or decision.change.of in everywhere:
            everywhere.add(decision.uid)
            for of_essay in known.values():
                of_essay.append(decision)
        else:
            known[decision.essay].append(decision)
    return known


def published(decisions: Sequence[Decision], essay: str) -> tuple[Decision, Curation] | None:
    """The decision that published the list of an essay, and what was decided by then; None if it is not published.

    What is hidden everywhere since is hidden in it, too. Else it stays as it was published: what was hidden then does
    not come in, whatever was shown or undone since.
    """
    last = publication(decisions, essay)
    if last is None:
        return None
    until = [d for d in decisions if d.number <= last.number]
    then = curation(until, essay)
    own = [d for d in in_effect(until) if d.essay == essay and not d.change.everywhere]
    elsewhere = [d for d in in_effect(decisions) if d.change.everywhere]
    hidden = then.hidden | curation([*own, *elsewhere], essay).hidden
    return last, replace(then, pins={p: place for p, place in then.pins.items() if p not in hidden}, hidden=hidden)


def publication(decisions: Iterable[Decision], essay: str) -> Decision | None:
    """The decision that published the list of an essay, None if it is not published."""
    now = reversed(in_effect(decisions))
    return next((d for d in now if d.essay == essay and d.change.action == "publish"), None)


def curated(rows: Sequence[Proposal], decided: Curation, held: Collection[str]) -> CuratedList:
    """The list that decisions make of proposals, best first; ``held`` are the pieces that the library has.

    Pins keep their places, or the nearest to them that the list has; free places go to what is proposed and related,
    in order. No text comes twice: a row goes if any of its pieces is pinned, and also if any is hidden, so that a
    hidden text does not come back in another wording. What editors have pinned is never left out, for that or for the
    size of the list.
    """
    proposal = {row.piece: row for row in reversed(rows)}
    pins = deque(sorted((place, piece) for piece, place in decided.pins.items() if piece in held))
    room = max(decided.size - len(pins), 0)
    free = deque(islice(_free(rows, {piece for _, piece in pins} | decided.hidden, held), room))
    entries: list[Entry] = []
    while pins or free:
        if pins and (pins[0][0] <= len(entries) + 1 or not free):
            _, piece = pins.popleft()
            entries.append(Entry(piece, True, proposal.get(piece)))
        else:
            entries.append(free.popleft())
    return CuratedList(tuple(entries), tuple(piece for piece in decided.pins if piece not in held))


def moved(shown: CuratedList, decided: Curation, piece: str, place: int) -> Change:
    """The change that puts a piece of a list, or another, where the list has another one now.

    To pin it at the number of that place would not do where the list is short and its last pins stand before theirs.
    """
    at = {entry.piece: number for number, entry in enumerate(shown.entries, 1)} | dict(decided.pins)
    there = shown.entries[place - 1].piece if place <= len(shown.entries) else ""
    return Change("pin", piece, at.get(there, place), was=at.get(piece, 0))


def recalled(then: Proposals, decided: Curation) -> CuratedList:
    """The list that decisions made of what was proposed, as it was then, whatever the library has now."""
    return curated(then.rows, decided, named(then.rows, decided) - set(then.gone))


def named(rows: Sequence[Proposal], decided: Curation) -> set[str]:
    """The ids of all pieces that a list of these proposals and decisions could have."""
    return {piece for row in rows for piece in (row.piece, *row.reposts)} | set(decided.pins)


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

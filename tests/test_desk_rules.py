"""Whatever editors do, in any order, every list is what they decided: a real library against a model of one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from conftest import WordEncoder, essay
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from planted import ESSAYS, Planted, opened, pieces, planted
from records import put

from recommender.desk import Desk, Draft
from recommender.library import Conflict
from recommender.library.exchange import export, read
from recommender.library.sqlite import SqliteLibrary
from recommender.library.transfer import backup, restore
from recommender.published import published_lists
from recommender.types import Change

PIECES = "abcdefg"
UNRELATED = "g"
GROUPS = ("ab", "c", "d", "ef", "g")

essays = st.sampled_from(ESSAYS)
editors = st.sampled_from((0, 1))
piece = st.sampled_from(PIECES)
place = st.integers(1, 6)


# --- the model: what editors may expect, as plainly as it can be said ---


@dataclass
class Deed:
    number: int
    essay: str
    change: Change
    holds: bool = True
    seen: tuple[int, ...] = ()  # of a publishing: the deeds that held then
    groups: tuple[str, ...] = ()  # and what the ranking was


@dataclass
class State:
    pins: list[str] = field(default_factory=lambda: [""] * 40)  # the piece that is pinned to each place
    here: set[str] = field(default_factory=set)  # hidden for this essay
    everywhere: set[str] = field(default_factory=set)
    size: int = 10

    def unpin(self, gone: str) -> None:
        self.pins = ["" if one == gone else one for one in self.pins]

    def pin(self, new: str, at: int, was: int) -> None:
        self.unpin(new)
        row = self.pins
        if not row[at]:
            row[at] = new
        elif 0 < was < at and not row[was]:  # moved down the list: those between move up
            hole = max(n for n in range(was, at) if not row[n])
            row[hole : at + 1] = [*row[hole + 1 : at + 1], new]
        else:
            hole = next(n for n in range(at, len(row)) if not row[n])
            row[at : hole + 1] = [new, *row[at:hole]]
        self.here.discard(new)
        self.everywhere.discard(new)

    @property
    def hidden(self) -> set[str]:
        return self.here | self.everywhere

    @property
    def order(self) -> list[tuple[int, str]]:
        return [(at, one) for at, one in enumerate(self.pins) if one and one not in self.everywhere]


def state_of(essay: str, deeds: Iterable[Deed]) -> State:
    now = State()
    for deed in deeds:
        own, change = deed.essay == essay, deed.change
        match change.action, own, change.everywhere:
            case "pin", True, _:
                if change.instead:
                    now.unpin(change.instead)
                    now.here.add(change.instead)
                now.pin(change.piece, change.place, change.was)
            case "free", True, _:
                now.unpin(change.piece)
            case "hide", True, False:
                now.unpin(change.piece)
                now.here.add(change.piece)
            case "hide", True, True:
                now.unpin(change.piece)
                now.everywhere.add(change.piece)
            case "hide", False, True:
                now.everywhere.add(change.piece)
            case "show", True, _:
                now.here.discard(change.piece)
                now.everywhere.discard(change.piece)
            case "show", False, True:
                now.everywhere.discard(change.piece)
            case "size", True, _:
                now.size = change.place
    return now


def list_of(now: State, groups: Iterable[str], held: set[str]) -> str:
    pins = [(at, one) for at, one in now.order if one in held]
    taken = {one for _, one in pins} | now.hidden
    free = []
    for group in groups:
        there = [one for one in group if one in held]
        if there and UNRELATED not in group and not taken & set(group):
            free.append(there[0])
    free = free[: max(now.size - len(pins), 0)]
    slots = [""] * (len(pins) + len(free))
    below = len(slots)
    for at, one in reversed(pins):  # from the end of the list, each as near to its place as it can be
        below = min(at - 1, below - 1)
        slots[below] = one
    rest = iter(free)
    return "".join(one or next(rest) for one in slots)


class Model:
    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.number = 0
        self.last = dict.fromkeys(ESSAYS, 0)
        self.done: dict[str, list[Deed]] = {essay: [] for essay in ESSAYS}
        self.undone: dict[str, list[Deed]] = {essay: [] for essay in ESSAYS}
        self.groups = GROUPS
        self.held = set(PIECES)

    def found(self) -> tuple[str, ...]:
        """The ranking finds what is there."""
        return tuple("".join(one for one in group if one in self.held) for group in self.groups)

    def holding(self) -> list[Deed]:
        return [deed for deed in self.deeds if deed.holds]

    def wrote(self, essay: str) -> None:
        self.number += 1
        self.last[essay] = self.number

    def decide(self, essay: str, change: Change) -> None:
        self.wrote(essay)
        deed = Deed(self.number, essay, change)
        self.deeds.append(deed)
        deed.seen = tuple(one.number for one in self.holding())
        deed.groups = self.found()
        self.done[essay].append(deed)
        self.undone[essay] = []

    def undo(self, essay: str) -> None:
        if self.done[essay]:
            self.wrote(essay)
            self.undone[essay].append(self.done[essay].pop())
            self.undone[essay][-1].holds = False

    def redo(self, essay: str) -> None:
        if self.undone[essay]:
            self.wrote(essay)
            self.done[essay].append(self.undone[essay].pop())
            self.done[essay][-1].holds = True

    def list(self, essay: str) -> str:
        return list_of(state_of(essay, self.holding()), self.found(), self.held)

    def published(self, essay: str) -> str | None:
        last = [deed for deed in self.done[essay] if deed.change.action == "publish"]
        if not last:
            return None
        then = [deed for deed in self.deeds if deed.number in last[-1].seen]
        now = state_of(essay, then)
        own = [deed for deed in then if deed.essay == essay and not deed.change.everywhere]
        elsewhere = [deed for deed in self.holding() if deed.change.everywhere]
        gone = state_of(essay, sorted([*own, *elsewhere], key=lambda deed: deed.number)).hidden
        now.everywhere |= gone
        return list_of(now, last[-1].groups, self.held)


# --- the library beside it ---


class Editing(RuleBasedStateMachine):
    """Two editors, each with a connection of their own and lists that they have open, decide on two essays."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.library = SqliteLibrary(self.folder / "library.db", WordEncoder())
        first = planted(self.library, GROUPS, UNRELATED)
        self.desks = [first, Desk(replace(first.recommender, library=self.reader()))]  # type: ignore[type-var]
        self.open: list[dict[str, Draft]] = [{}, {}]
        self.model = Model()
        self.shown: dict[tuple[str, int], Draft] = {}

    def reader(self) -> SqliteLibrary:
        return SqliteLibrary(self.folder / "library.db", WordEncoder())

    def draft(self, editor: int, essay: str) -> Draft:
        if essay not in self.open[editor]:
            self.open[editor][essay] = opened(self.desks[editor], essay)
        return self.open[editor][essay]

    def after(self, editor: int, essay: str, act: str, change: Change | None = None) -> None:
        """One editor acts on a list as they have it open: it is on record, or another was first."""
        draft, desk, by = self.draft(editor, essay), self.desks[editor], f"editor {editor}"
        is_behind = draft.seen != self.model.last[essay]
        nothing = {"undo": not draft.undoable, "redo": not draft.redoable}.get(act, False)
        if is_behind and not nothing:
            with pytest.raises(Conflict) as caught:
                desk.decide(draft, [change], by) if change else getattr(desk, act)(draft, by)
            assert [d.number for d in caught.value.decisions][-1] == self.model.last[essay]
            del self.open[editor][essay]
            return
        draft = desk.decide(draft, [change], by) if change else getattr(desk, act)(draft, by)
        self.open[editor][essay] = draft
        if nothing:
            return
        self.model.decide(essay, change) if change else getattr(self.model, act)(essay)
        assert draft.seen == self.model.last[essay]
        self.shown[essay, draft.seen] = draft
        assert pieces(draft.list) == self.model.list(essay)
        assert pieces(draft.published) == self.model.published(essay)

    @rule(editor=editors, essay=essays, piece=piece, place=place)
    def pin(self, editor: int, essay: str, piece: str, place: int) -> None:
        was = (pieces(self.draft(editor, essay).list) or "").find(piece) + 1
        self.after(editor, essay, "pin", Change("pin", piece, place, was=was))

    @rule(editor=editors, essay=essays, piece=piece, other=piece, place=place)
    def replace(self, editor: int, essay: str, piece: str, other: str, place: int) -> None:
        self.after(editor, essay, "pin", Change("pin", piece, place, instead=other if other != piece else ""))

    @rule(editor=editors, essay=essays, action=st.sampled_from(["free", "hide", "show"]), piece=piece)
    def here(self, editor: int, essay: str, action: str, piece: str) -> None:
        self.after(editor, essay, action, Change(action, piece))  # type: ignore[arg-type]

    @rule(editor=editors, essay=essays, action=st.sampled_from(["hide", "show"]), piece=piece)
    def everywhere(self, editor: int, essay: str, action: str, piece: str) -> None:
        self.after(editor, essay, action, Change(action, piece, everywhere=True))  # type: ignore[arg-type]

    @rule(editor=editors, essay=essays, size=place)
    def resize(self, editor: int, essay: str, size: int) -> None:
        self.after(editor, essay, "size", Change("size", place=size))

    @rule(editor=editors, essay=essays)
    def publish(self, editor: int, essay: str) -> None:
        self.after(editor, essay, "publish", Change("publish"))

    @rule(editor=editors, essay=essays, act=st.sampled_from(["undo", "redo", "undo"]))
    def back(self, editor: int, essay: str, act: str) -> None:
        self.after(editor, essay, act)

    @precondition(lambda self: self.model.done["E"])
    @rule(steps=st.integers(1, 9), editor=editors)
    def back_and_forth(self, steps: int, editor: int) -> None:
        self.open[editor].pop("E", None)
        lists = [self.draft(editor, "E").list]
        steps = min(steps, len(self.model.done["E"]))
        for _ in range(steps):
            self.after(editor, "E", "undo")
            lists.append(self.draft(editor, "E").list)
        for before in reversed(lists[:-1]):
            self.after(editor, "E", "redo")
            assert self.draft(editor, "E").list == before

    @rule(piece=piece)
    def come_and_go(self, piece: str) -> None:
        if not self.library.remove([piece]):
            put(self.library, [essay(piece, f"{piece}的文字", title=f"题{piece}")])
        self.model.held ^= {piece}
        self.open = [{}, {}]

    @rule(groups=st.permutations(["ab", "cd", "e", "f", "g"]) | st.permutations(["a", "b", "cef", "d", "g"]))
    def rank_otherwise(self, groups: list[str]) -> None:
        self.model.groups = tuple(groups)
        for desk in self.desks:
            ranking: Planted = desk.recommender  # type: ignore[assignment]
            ranking.order = groups
        self.open = [{}, {}]

    @invariant()
    def lists_are_what_was_decided(self) -> None:
        if not hasattr(self, "model"):
            return
        lists = {of_list.essay.id: of_list for of_list in published_lists(self.library)}
        for essay_ in ESSAYS:
            draft = opened(self.desks[0], essay_)
            assert pieces(draft.list) == self.model.list(essay_)
            published = self.model.published(essay_)
            assert pieces(draft.published) == published
            assert (essay_ in lists) == (published is not None)
            if essay_ in lists:
                assert "".join(piece.article.id for piece in lists[essay_].pieces) == published
                assert set(lists[essay_].lost).isdisjoint(self.model.held)

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        desk = self.desks[0]
        for (essay_, number), draft in self.shown.items():
            assert desk.at(essay_, number) == draft.list
        assert self.library.check() == []
        for copy in (self.imported(), restore(backup(self.library), self.folder / "restored.db")):
            assert list(published_lists(copy)) == list(published_lists(self.library))
            assert copy.decisions.queue() == self.library.decisions.queue()
            assert copy.decisions.after(0) == self.library.decisions.after(0)
            assert copy.check() == []
            copy.close()
        for reader in (self.library, self.desks[1].recommender.library):
            reader.close()
        shutil.rmtree(self.folder)

    def imported(self) -> SqliteLibrary:
        copy = SqliteLibrary(self.folder / "copy.db", WordEncoder())
        put(copy, list(self.library.articles(listing.id for listing in self.library.listings()).values()))
        lines = list(export(self.library))
        assert read(copy, lines) == self.model.number
        assert read(copy, lines) == 0
        assert list(export(copy)) == lines
        return copy


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)

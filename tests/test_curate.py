"""What editors decide holds: the rules that make a list of decisions and proposals, for any of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from recommender.curate import (
    SIZE,
    CuratedList,
    Curation,
    Entry,
    curated,
    curation,
    in_effect,
    moved,
    named,
    publication,
    published,
    recalled,
    redoable,
    undoable,
)
from recommender.types import Change, Decision, Proposal, Proposals, Ranking

PIECES = "abcdefgh"


def row(piece: str, *reposts: str, relevance: str = "strong") -> Proposal:
    return Proposal(piece, reposts, 0.5, relevance, f"因为{piece}", f"because of {piece}")  # type: ignore[arg-type]


def rows(pieces: str) -> list[Proposal]:
    """A row for each letter."""
    return [row(piece) for piece in pieces]


def shown(of_list: CuratedList) -> str:
    return "".join(entry.piece for entry in of_list.entries)


class Record:
    """Decisions one after another, each on the essay "e" if nothing else is said."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []
        self._numbers = count(1)

    def put(self, change: Change, essay: str = "e") -> Decision:
        number = next(self._numbers)
        decision = Decision(number, f"uid-{number}", essay, "editor", "2026-01-01T00:00:00+00:00", 1, change)
        self.decisions.append(decision)
        return decision

    def add(self, action: str, piece: str = "", place: int = 0, essay: str = "e", **rest: object) -> Decision:
        return self.put(Change(action, piece, place, **rest), essay)  # type: ignore[arg-type]

    def undo(self, decision: Decision, essay: str = "e") -> Decision:
        return self.add("undo", essay=essay, of=decision.uid)

    def redo(self, decision: Decision, essay: str = "e") -> Decision:
        return self.add("redo", essay=essay, of=decision.uid)

    def now(self, essay: str = "e") -> Curation:
        return curation(self.decisions, essay)

    def list(self, pieces: str = PIECES, essay: str = "e") -> str:
        decided = self.now(essay)
        return shown(curated(rows(pieces), decided, named(rows(pieces), decided)))

    def published(self, pieces: str = PIECES, essay: str = "e") -> str | None:
        found = published(self.decisions, essay)
        return shown(curated(rows(pieces), found[1], named(rows(pieces), found[1]))) if found else None


@pytest.fixture
def record() -> Record:
    return Record()


# --- lists of any proposals and decisions ---

ids = st.sampled_from("abcdefghijkl")
proposed = st.builds(
    lambda texts, relevance: row(*texts, relevance=relevance),
    st.lists(ids, min_size=1, max_size=3, unique=True),
    st.sampled_from(["strong", "weak", "unrelated"]),
)
proposals = st.lists(proposed, max_size=10)


@st.composite
def decided(draw: st.DrawFn) -> Curation:
    pins = draw(st.dictionaries(ids, st.integers(1, 12), max_size=5))
    pins = {piece: place for place, piece in {place: piece for piece, place in pins.items()}.items()}
    hidden = draw(st.frozensets(ids, max_size=3)) - pins.keys()
    return Curation(pins, hidden, size=draw(st.integers(1, 12)))


helds = st.frozensets(ids, min_size=4)


def texts_of(rows: Sequence[Proposal]) -> list[set[str]]:
    return [{row.piece, *row.reposts} for row in rows]


def candidates(rows: Sequence[Proposal], decided: Curation, held: Collection[str]) -> list[str]:
    """What may fill free places, in order, by the words of the rule."""
    pinned = decided.pins.keys() & set(held)
    found: list[str] = []
    gone: set[str] = set()
    for one, texts in zip(rows, texts_of(rows), strict=True):
        there = [piece for piece in (one.piece, *one.reposts) if piece in held]
        if there and one.relevance != "unrelated" and not texts & (pinned | decided.hidden | gone):
            found.append(there[0])
            gone |= texts
    return found


@given(proposals, decided(), helds)
@example(rows("abc"), Curation({"x": 9}, size=3), frozenset("abcx"))
@example(rows("abc"), Curation({"x": 1, "y": 2, "z": 3}, size=2), frozenset("abcxyz"))
def test_pins_keep_their_places_and_the_ranking_fills_the_rest(rows, decided, held):
    pieces = shown(curated(rows, decided, held))
    pins = sorted((place, piece) for piece, place in decided.pins.items() if piece in held)
    free = candidates(rows, decided, held)[: max(decided.size - len(pins), 0)]
    # As long as it is to be, if there is enough; all pins are there, and nothing else than the first of the rest.
    assert [piece for piece in pieces if piece not in decided.pins] == free
    assert len(pieces) == len(pins) + len(free)
    # A pin stands at its place, or as near to it as the end of the list and the pins after it leave it.
    below = len(pieces) + 1
    for place, piece in reversed(pins):
        below = min(place, below - 1)
        assert pieces[below - 1] == piece


@given(proposals, decided(), helds)
def test_a_pin_that_the_list_has_room_for_stands_exactly_there(rows, decided, held):
    pieces = shown(curated(rows, decided, held))
    pins = {piece: place for piece, place in decided.pins.items() if piece in held}
    assume(max(pins.values(), default=0) <= len(pieces))
    assert {piece: pieces.index(piece) + 1 for piece in pins} == pins


@given(proposals, decided(), helds)
def test_what_is_hidden_or_gone_or_unrelated_is_not_there_and_nothing_is_there_twice(rows, decided, held):
    made = curated(rows, decided, held)
    pieces = shown(made)
    assert len(set(pieces)) == len(pieces)
    assert set(pieces) <= set(held) - decided.hidden
    by_piece = {entry.piece: entry for entry in made.entries}
    for piece in set(pieces) - decided.pins.keys():
        proposal = by_piece[piece].proposal
        assert proposal is not None and proposal.relevance != "unrelated"
        assert piece in (proposal.piece, *proposal.reposts)
        # no repost of a pinned piece, of a hidden one, or of what stands there already
        texts = {proposal.piece, *proposal.reposts}
        assert texts.isdisjoint(decided.hidden)
        assert texts & set(pieces) == {piece}
    assert set(made.lost) == decided.pins.keys() - set(held)
    assert {entry.piece for entry in made.entries if entry.is_pinned} == decided.pins.keys() & set(held)


@given(proposals, decided(), helds)
def test_the_same_input_gives_the_same_list(rows, decided, held):
    assert curated(rows, decided, held) == curated(list(rows), replace(decided), set(held))
    pins = dict(reversed(decided.pins.items()))
    assert curated(rows, decided, held).entries == curated(rows, replace(decided, pins=pins), held).entries


@given(proposals, proposals, decided(), helds)
def test_whatever_is_proposed_pins_stay_and_hidden_pieces_do_not_come_back(rows, others, decided, held):
    before, after = (shown(curated(some, decided, held)) for some in (rows, others))
    order = [piece for piece in before if piece in decided.pins]
    assert [piece for piece in after if piece in decided.pins] == order
    assert decided.hidden.isdisjoint(after)


@given(proposals, decided(), helds, ids)
def test_a_piece_that_comes_back_to_the_library_comes_back_to_its_place(rows, decided, held, piece):
    held = held | decided.pins.keys() | {piece}
    before = curated(rows, decided, held)
    without = curated(rows, decided, held - {piece})
    assert piece not in shown(without)
    assert without.lost == ((piece,) if piece in decided.pins else ())
    assert curated(rows, decided, held) == before


@given(proposals, decided(), helds)
def test_what_the_library_has_beside_does_not_matter(rows, decided, held):
    assert curated(rows, decided, held) == curated(rows, decided, held | {"another"})
    assert curated(rows, decided, held) == curated(rows, decided, held & named(rows, decided))


# --- lists one by one ---


def listed(rows: Sequence[Proposal], decided: Curation, held: str = PIECES + "xyz") -> str:
    return shown(curated(rows, decided, held))


@pytest.mark.parametrize(
    ("pins", "size", "expected"),
    [
        ({}, 3, "abc"),
        ({"x": 2}, 3, "axb"),
        ({"x": 3}, 3, "abx"),
        ({"x": 9}, 3, "abx"),  # beyond the end: the last place
        ({"x": 9, "y": 7}, 3, "ayx"),
        ({"x": 1, "y": 2, "z": 3}, 2, "xyz"),  # more pins than places: none is left out
        ({"x": 2}, 1, "x"),
        ({"b": 1}, 3, "bac"),
        ({"a": 1}, 3, "abc"),
        ({"x": 12}, 12, "abcdefghx"),  # not enough is proposed
    ],
)
def test_pins_and_sizes(pins, size, expected):
    assert listed(rows(PIECES), Curation(pins, size=size)) == expected


def test_rows_that_are_unrelated_fill_no_place_but_may_be_pinned():
    some = [row("a"), row("b", relevance="unrelated"), row("c", relevance="weak")]
    assert listed(some, Curation()) == "ac"
    made = curated(some, Curation({"b": 1}), "abc")
    assert shown(made) == "bac"
    assert made.entries[0] == Entry("b", True, some[1])


def test_two_pieces_of_one_text_that_are_both_pinned_both_stay():
    some = [row("a", "x", "y"), row("b")]
    assert listed(some, Curation({"x": 1, "y": 3})) == "xby"
    assert listed(some, Curation({"x": 1, "a": 2})) == "xab"
    assert listed(some, Curation({"y": 2})) == "by"  # and none of the rest fills a place
    assert listed(some, Curation(hidden=frozenset("x"))) == "b"


def test_a_row_whose_piece_is_gone_is_stood_for_by_a_repost_of_it():
    some = [row("a", "x", "y"), row("b")]
    made = curated(some, Curation(), "xyb")
    assert shown(made) == "xb"
    assert made.entries[0].proposal is some[0]
    assert shown(curated(some, Curation(), "b")) == "b"


def test_a_pin_that_nothing_was_proposed_of_has_no_proposal():
    assert curated(rows("a"), Curation({"x": 1}), "ax").entries == (Entry("x", True, None), Entry("a", False, row("a")))


# --- decisions ---


def test_nothing_decided_is_the_ranking(record):
    assert record.now() == Curation() and Curation().size == SIZE == 10
    assert record.list() == PIECES


def test_hiding_frees_and_pinning_shows(record):
    record.add("pin", "c", 1)
    assert record.list("abcd") == "cabd"
    record.add("hide", "c")
    assert (record.list("abcd"), record.now().hidden) == ("abd", {"c"})
    record.add("show", "c")
    assert record.list("abcd") == "abcd"  # the pin is not back: hiding took it
    record.add("hide", "c")
    record.add("pin", "c", 2)
    assert (record.list("abcd"), record.now().hidden) == ("acbd", frozenset())
    record.add("free", "c")
    assert record.list("abcd") == "abcd"


def test_notes_and_sizes_are_those_of_the_last_decision(record):
    record.add("note", "a", text="好")
    record.add("note", text="列表")
    record.add("size", place=3)
    assert record.now() == Curation(notes={"a": "好", "": "列表"}, size=3)
    record.add("note", "a", text="")
    record.add("size", place=5)
    assert record.now() == Curation(notes={"": "列表"}, size=5)


def test_replacing_puts_one_in_the_place_of_the_other_and_hides_that(record):
    record.add("pin", "b", 2)
    record.add("pin", "c", 3)
    done = record.add("pin", "x", 2, instead="b")
    assert record.now().pins == {"c": 3, "x": 2}
    assert (record.list("abcd"), record.now().hidden) == ("axcd", {"b"})
    record.undo(done)
    assert record.list("abcd") == "abcd"
    assert record.now() == Curation({"b": 2, "c": 3})
    record.redo(done)
    assert record.list("abcd") == "axcd"


def test_a_list_of_another_essay_is_no_concern_of_this_one(record):
    for action, piece, place in (("pin", "c", 1), ("hide", "a", 0), ("size", "", 2), ("note", "b", 0)):
        record.add(action, piece, place, essay="other")
    assert record.now() == Curation()
    assert record.list("abcd", essay="other") == "cb"


# --- what holds everywhere ---


def test_what_is_hidden_everywhere_is_hidden_here_until_it_is_shown_again(record):
    hidden = record.add("hide", "b", essay="other", everywhere=True)
    assert (record.list("abcd"), record.list("abcd", essay="other")) == ("acd", "acd")
    record.undo(hidden, essay="other")
    assert record.list("abcd") == "abcd"
    record.redo(hidden, essay="other")
    assert record.list("abcd") == "acd"
    record.add("show", "b", essay="third", everywhere=True)
    assert record.list("abcd") == record.list("abcd", essay="other") == "abcd"


def test_what_was_hidden_everywhere_may_be_pinned_or_shown_for_one_essay(record):
    record.add("hide", "b", essay="other", everywhere=True)
    record.add("pin", "b", 1)
    record.add("show", "b", essay="third")
    assert [record.list("abcd", essay) for essay in ("e", "third", "other")] == ["bacd", "abcd", "acd"]
    record.add("hide", "b", essay="other", everywhere=True)  # again, and later than both
    assert [record.list("abcd", essay) for essay in ("e", "third", "other")] == ["acd"] * 3


def test_what_other_essays_decide_takes_back_nothing_that_was_decided_here(record):
    record.add("pin", "b", 3)
    record.add("hide", "c")
    record.add("hide", "b", essay="other", everywhere=True)
    record.add("hide", "c", essay="other", everywhere=True)
    assert record.list("abcd") == "ad"
    record.add("show", "b", essay="other", everywhere=True)
    record.add("show", "c", essay="other", everywhere=True)
    assert record.list("abcd") == "adb"  # the pin is back at its place, and what was hidden here stays hidden
    assert record.list("abcd", essay="other") == "abcd"


def test_hiding_everywhere_on_the_essay_itself_frees_a_pin_as_hiding_does(record):
    record.add("pin", "b", 3)
    record.add("hide", "b", everywhere=True)
    record.add("show", "b", everywhere=True)
    assert record.list("abcd") == "abcd"
    record.add("hide", "b")
    record.add("hide", "b", everywhere=True)
    record.add("show", "b", everywhere=True)
    assert record.list("abcd") == "abcd"  # it was decided here that it is shown everywhere


def test_the_undoing_may_be_done_on_another_essay(record):
    hidden = record.add("hide", "b", essay="other", everywhere=True)
    record.undo(hidden)
    assert record.list("abcd") == record.list("abcd", essay="other") == "abcd"
    assert undoable(record.decisions, "other") is undoable(record.decisions, "e") is None
    assert redoable(record.decisions, "e") == hidden
    record.redo(hidden)
    assert record.list("abcd") == "acd"
    assert undoable(record.decisions, "other") == hidden


# --- moving ---


def pinned(pins: Mapping[str, int], size: int = SIZE) -> Record:
    record = Record()
    record.add("size", place=size)
    for piece, place in pins.items():
        record.add("pin", piece, place)
    return record


def order_after(pieces: str, record: Record, piece: str, place: int) -> str:
    """The list when a piece is put to a place of the list as it is shown."""
    now, held = record.now(), PIECES + "xyz"
    change = moved(curated(rows(pieces), now, held), now, piece, place)
    after = curation([*record.decisions, replace(record.decisions[-1], number=99, uid="99", change=change)], "e")
    return shown(curated(rows(pieces), after, held))


@given(
    st.text(PIECES, max_size=8).map(lambda text: "".join(dict.fromkeys(text))),
    st.dictionaries(st.sampled_from(PIECES + "xyz"), st.integers(1, 14), max_size=5),
    st.integers(1, 10),
    st.data(),
)
def test_moving_by_one_place_swaps_two_and_leaves_the_rest(pieces, pins, size, data):
    record = pinned(pins, size)
    before = shown(curated(rows(pieces), record.now(), PIECES + "xyz"))
    assume(len(before) > 1)
    at = data.draw(st.integers(0, len(before) - 2))
    swapped = before[:at] + before[at + 1] + before[at] + before[at + 2 :]
    assert order_after(pieces, record, before[at], at + 2) == swapped  # down
    assert order_after(pieces, record, before[at + 1], at + 1) == swapped  # or the other one up


@given(st.dictionaries(st.sampled_from(PIECES), st.integers(1, 8), max_size=5), st.integers(0, 7), st.integers(0, 7))
def test_a_piece_that_is_moved_stands_where_it_was_put(pins, source, target):
    record = pinned(pins)
    before = record.list()
    after = order_after(PIECES, record, before[source], target + 1)
    assert after.index(before[source]) == target
    others = [piece for piece in before if piece not in record.now().pins and piece != before[source]]
    assert [piece for piece in after if piece in others] == others  # the free ones keep their order


@pytest.mark.parametrize(
    ("pins", "piece", "place", "expected"),
    [
        ({"a": 1, "b": 2, "c": 3}, "a", 3, "bcad"),  # pins make way towards the place that is free now
        ({"a": 1, "b": 2, "c": 3}, "c", 1, "cabd"),
        ({"c": 3}, "a", 4, "bdca"),  # and stay where they are, if nothing comes to their place
        ({}, "x", 2, "axbcd"),  # from outside the list: what is there moves down
        ({"b": 2, "c": 3}, "x", 2, "axbcd"),
        ({}, "x", 5, "abcdx"),
    ],
)
def test_moving_further(pins, piece, place, expected):
    assert order_after("abcd", pinned(pins), piece, place) == expected


def test_in_a_short_list_pins_change_places_though_their_numbers_are_greater():
    assert order_after("ab", pinned({"x": 7, "y": 9}), "y", 3) == "abyx"
    assert order_after("ab", pinned({"x": 7, "y": 9}), "x", 4) == "abyx"
    assert order_after("ab", pinned({"x": 7, "y": 9}), "b", 3) == "axby"
    assert order_after("ab", pinned({"x": 7, "y": 9}), "x", 2) == "axby"
    assert order_after("ab", pinned({"x": 7, "y": 9}), "z", 4) == "abxzy"


def test_pins_make_way_upwards_only_as_far_as_there_is_room():
    record = pinned({"a": 1, "b": 2, "c": 3})
    record.add("pin", "x", 3, was=2)  # as if it had stood where another is pinned
    assert record.now().pins == {"a": 1, "b": 2, "x": 3, "c": 4}


# --- undoing ---

changes = st.one_of(
    st.builds(Change, st.just("pin"), ids, st.integers(1, 12), was=st.integers(0, 12)),
    st.builds(Change, st.just("pin"), ids, st.integers(1, 12), instead=ids),
    st.builds(Change, st.sampled_from(["free", "hide", "show"]), ids),
    st.builds(Change, st.sampled_from(["hide", "show"]), ids, everywhere=st.just(True)),
    st.builds(Change, st.just("note"), ids, text=st.sampled_from(["", "一"])),
    st.builds(Change, st.just("size"), place=st.integers(1, 12)),
    st.just(Change("publish")),
)
histories = st.lists(st.tuples(st.sampled_from(["e", "e", "other"]), changes), max_size=12)


def recorded(history: Sequence[tuple[str, Change]]) -> Record:
    record = Record()
    for essay, change in history:
        record.put(change, essay)
    return record


def undo_all(record: Record, most: int, essay: str = "e") -> int:
    """Undo what is last in effect on an essay, up to a number of times; how often there was something to undo."""
    for done in range(most):
        if not (last := undoable(record.decisions, essay)):
            return done
        record.undo(last, essay)
    return most


@given(histories, st.lists(changes, min_size=1, max_size=6))
def test_undoing_gives_exactly_what_was_before_and_redoing_what_was_after(history, more):
    record = recorded(history)
    states = [(record.now(), published(record.decisions, "e"))]
    for change in more:
        record.put(change)
        states.append((record.now(), published(record.decisions, "e")))
    for before in reversed(states[:-1]):
        last = undoable(record.decisions, "e")
        assert last is not None and last.essay == "e"
        record.undo(last)
        assert (record.now(), published(record.decisions, "e")) == before
    for after in states[1:]:
        again = redoable(record.decisions, "e")
        assert again is not None
        record.redo(again)
        assert (record.now(), published(record.decisions, "e")) == after
    assert redoable(record.decisions, "e") is None


@given(histories)
def test_undoing_everything_leaves_what_others_decided(history):
    record = recorded(history)
    undo_all(record, 99)
    assert undoable(record.decisions, "e") is None
    assert record.now() == recorded([one for one in history if one[0] == "other"]).now()


def test_something_new_ends_redoing_and_undoing_goes_on_before_it(record):
    first, second = record.add("pin", "c", 1), record.add("hide", "a")
    record.undo(second)
    third = record.add("hide", "b")
    assert redoable(record.decisions, "e") is None
    record.undo(third)
    assert undoable(record.decisions, "e") == first
    assert redoable(record.decisions, "e") == third
    record.undo(first)
    assert undoable(record.decisions, "e") is None
    record.redo(first)
    assert redoable(record.decisions, "e") == third
    assert record.list("abcd") == "cabd"


def test_what_others_decide_between_is_not_undone(record):
    record.add("hide", "a", essay="other", everywhere=True)
    mine = record.add("pin", "d", 1)
    record.add("hide", "b", essay="other", everywhere=True)
    assert undoable(record.decisions, "e") == mine
    record.undo(mine)
    record.add("pin", "c", 1, essay="other")
    assert record.list("abcd") == "cd"
    assert redoable(record.decisions, "e") == mine


@given(histories)
def test_decisions_may_come_in_any_order(history):
    record = recorded(history)
    undo_all(record, 2)
    backwards = record.decisions[::-1]
    assert in_effect(backwards) == in_effect(record.decisions)
    assert curation(backwards, "e") == curation(record.decisions, "e")
    assert published(backwards, "e") == published(record.decisions, "e")
    assert undoable(backwards, "e") == undoable(record.decisions, "e")
    assert redoable(backwards, "e") == redoable(record.decisions, "e")


@given(histories)
def test_pins_have_places_of_their_own_and_are_not_hidden(history):
    now = recorded(history).now()
    assert len(set(now.pins.values())) == len(now.pins)
    assert all(place >= 1 for place in now.pins.values())
    assert now.hidden.isdisjoint(now.pins)


# --- publishing ---


def test_a_list_stays_as_it_was_published_until_it_is_published_again(record):
    assert record.published("abcd") is None
    pin = record.add("pin", "d", 1)
    record.add("size", place=3)
    record.add("publish")
    assert record.published("abcd") == record.list("abcd") == "dab"
    record.add("hide", "a")
    record.add("pin", "x", 1)
    record.undo(pin)
    assert (record.published("abcd"), record.list("abcd")) == ("dab", "xbc")
    record.add("publish")
    assert record.published("abcd") == "xbc"


def test_undoing_what_was_published_gives_what_was_published_before(record):
    record.add("publish")
    record.add("hide", "a")
    last = record.add("publish")
    assert record.published("abcd") == "bcd"
    record.undo(last)
    assert record.published("abcd") == "abcd"
    record.redo(last)
    assert record.published("abcd") == "bcd"
    assert publication(record.decisions, "e") == last
    assert undo_all(record, 9) == 3
    assert record.published("abcd") is None
    assert publication(record.decisions, "e") is None


def test_what_is_hidden_everywhere_since_is_not_in_what_is_published(record):
    record.add("pin", "d", 1)
    record.add("publish")
    hidden = [record.add("hide", piece, essay="other", everywhere=True) for piece in "ad"]
    assert record.published("abcd") == "bc"
    record.undo(hidden[1], essay="other")
    assert record.published("abcd") == "dbc"
    record.add("show", "a", essay="other", everywhere=True)
    assert record.published("abcd") == "dabc"


def test_what_was_hidden_when_a_list_was_published_does_not_come_in_by_itself(record):
    hidden = [record.add("hide", piece, essay="other", everywhere=True) for piece in "ab"]
    record.add("hide", "c")
    record.add("publish")
    record.undo(hidden[0], essay="other")
    record.add("show", "b", essay="other", everywhere=True)
    record.add("show", "c", essay="other", everywhere=True)
    assert (record.published("abcd"), record.list("abcd")) == ("d", "abd")


def test_what_is_hidden_everywhere_again_is_not_in_what_was_published_between(record):
    hidden = record.add("hide", "a", essay="other", everywhere=True)
    record.undo(hidden, essay="other")
    record.add("publish")
    assert record.published("abcd") == "abcd"
    record.redo(hidden, essay="other")
    assert record.published("abcd") == record.list("abcd") == "bcd"


def test_what_was_pinned_in_spite_of_being_hidden_everywhere_stays_published(record):
    record.add("hide", "a", essay="other", everywhere=True)
    record.add("pin", "a", 2)
    record.add("publish")
    assert record.published("abcd") == record.list("abcd") == "bacd"
    record.add("hide", "a", essay="other", everywhere=True)  # but not if that is decided again
    assert record.published("abcd") == record.list("abcd") == "bcd"
    record.add("pin", "a", 1)
    assert (record.published("abcd"), record.list("abcd")) == ("bcd", "abcd")  # until this is published


@given(histories, st.lists(changes, max_size=5))
def test_nothing_that_is_decided_on_it_later_changes_a_published_list(history, later):
    record = recorded([*history, ("e", Change("publish"))])
    before = published(record.decisions, "e")
    assert before is not None and before[1] == record.now()
    for change in later:
        if change.action != "publish" and not change.everywhere:
            record.put(change)
    assert published(record.decisions, "e") == before


@given(histories, st.lists(st.tuples(st.sampled_from(["hide", "show"]), ids), max_size=6))
def test_what_is_decided_elsewhere_only_takes_pieces_out_of_a_published_list(history, later):
    record = recorded([*history, ("e", Change("publish"))])
    found = published(record.decisions, "e")
    assert found is not None
    then = found[1]
    for action, piece in later:
        record.add(action, piece, essay="other", everywhere=True)
    last = {piece: action for action, piece in later}
    hidden = {piece for piece, action in last.items() if action == "hide"}
    after = published(record.decisions, "e")
    assert after is not None and after[0] == found[0]
    assert after[1].hidden == then.hidden | hidden
    assert after[1].pins == {piece: place for piece, place in then.pins.items() if piece not in hidden}


# --- what was proposed then ---


def test_a_list_is_recalled_with_the_pieces_that_the_library_had_then():
    some = (row("a", "x"), row("b"), row("c"))
    then = Proposals("e", "0", "words", "1", Ranking(), some, gone=("a", "y"))
    made = recalled(then, Curation({"y": 1, "c": 2}))
    assert (shown(made), made.lost) == ("xcb", ("y",))


# --- changes that are none ---


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"action": "frobnicate"}, "'frobnicate' is nothing that can be decided"),
        ({"action": "pin", "piece": "a"}, "pin needs a place from 1, got 0"),
        ({"action": "pin", "place": 1}, "pin needs a piece"),
        ({"action": "size", "place": -1}, "size needs a place from 1, got -1"),
        ({"action": "hide"}, "hide needs a piece"),
        ({"action": "undo"}, "undo needs the decision that it is about"),
        ({"action": "redo"}, "redo needs the decision that it is about"),
        ({"action": "pin", "piece": "a", "place": 1, "everywhere": True}, "pin holds for one essay, not everywhere"),
    ],
)
def test_what_cannot_be_decided_is_refused(values, said):
    with pytest.raises(ValueError, match=said):
        Change(**values)

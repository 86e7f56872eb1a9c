"""What the record of decisions says of lists is what can be counted by hand."""

from __future__ import annotations

import json
from math import log2

import pytest
from click.testing import CliRunner
from conftest import WordEncoder, essay
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import EDITOR, closeness_of, decide, opened, planted

from recommender.cli.evaluate import evaluate
from recommender.desk import Desk
from recommender.evaluate.decisions import Offer, Publication, gold, last_of_each, over_time, period, publications
from recommender.library.sqlite import SqliteLibrary
from recommender.published import published_lists
from recommender.recommend import Recommender
from recommender.types import Change

PUBLISH = Change("publish")


def recorded(desk):
    """The lists that were published."""
    return list(publications(desk.record))


def offered(publication, is_kept=None):
    """The pieces that were offered, or those that were kept, or not; they have names of one letter."""
    return "".join(o.piece for o in publication.offers if is_kept is None or o.is_kept == is_kept)


@pytest.fixture
def desk(library):
    return planted(library)


# --- one list ---


def test_what_was_offered_what_became_of_it_and_the_edits(desk):
    decide(desk, Change("size", place=4), Change("pin", "f", 1), Change("hide", "b"), Change("note", "c", text="好"))
    decide(desk, PUBLISH)
    [found] = recorded(desk)
    # Without the editor it were a, b, c, d; it is f, a, c, d.
    assert (offered(found), offered(found, is_kept=False)) == ("abcd", "b")
    assert [offer.closeness for offer in found.offers] == [closeness_of("abcdefghij", piece) for piece in "abcd"]
    assert found.gains == {"f": 2, "a": 1, "c": 1, "d": 1, "b": 0}
    assert found.edits == 3  # the note changes no list
    assert (found.essay, found.revision) == ("E", "1")
    assert found.at == desk.record.after(0)[-1].at


def test_what_a_pin_pushes_out_was_passed_over(desk):
    decide(desk, Change("size", place=4), Change("pin", "i", 1), Change("pin", "j", 2), PUBLISH)
    [found] = recorded(desk)
    assert (offered(found, True), offered(found, False)) == ("ab", "cd")
    assert found.gains == {"i": 2, "j": 2, "a": 1, "b": 1, "c": 0, "d": 0}


def test_what_is_hidden_below_the_end_gains_nothing_and_was_not_offered(desk):
    decide(desk, Change("size", place=2), Change("hide", "e"), PUBLISH)
    [found] = recorded(desk)
    assert offered(found) == "ab"
    assert found.gains == {"a": 1, "b": 1, "e": 0}


def test_what_was_replaced_was_not_kept(desk):
    decide(desk, Change("size", place=3), Change("pin", "g", 2, instead="b"), PUBLISH)
    [found] = recorded(desk)
    assert (offered(found, True), offered(found, False), found.edits) == ("ac", "b", 2)
    assert found.gains == {"a": 1, "g": 2, "c": 1, "b": 0}


def test_unrelated_pieces_are_not_offered(library):
    desk = planted(library, unrelated="bdefghij")
    decide(desk, Change("hide", "d"), PUBLISH)
    [found] = recorded(desk)
    assert offered(found) == "ac"
    assert found.gains == {"a": 1, "c": 1, "d": 0}


def test_a_piece_is_kept_if_another_of_its_text_is_pinned(library):
    desk = planted(library, ("ab", "c", "d"))
    decide(desk, Change("size", place=2), Change("pin", "b", 1), PUBLISH)
    [found] = recorded(desk)
    assert (offered(found, True), offered(found, False)) == ("ac", "")
    assert found.gains == {"b": 2, "c": 1}


# --- what counts ---


def test_what_was_undone_does_not_count(desk):
    draft = decide(desk, Change("size", place=3))
    draft = desk.decide(draft, [Change("hide", "a")], EDITOR)
    draft = desk.undo(draft, EDITOR)
    desk.decide(draft, [PUBLISH], EDITOR)
    [found] = recorded(desk)
    assert (offered(found, True), found.edits, found.gains) == ("abc", 1, {"a": 1, "b": 1, "c": 1})


def test_a_list_that_was_taken_back_does_not_count_until_it_is_brought_back(desk):
    draft = decide(desk, Change("hide", "a"), PUBLISH)
    assert len(recorded(desk)) == 1
    draft = desk.undo(draft, EDITOR)
    assert recorded(desk) == []
    desk.redo(draft, EDITOR)
    [found] = recorded(desk)
    assert found.gains["a"] == 0


def test_nothing_is_said_of_essays_without_a_published_list(desk):
    decide(desk, Change("pin", "c", 1))
    assert recorded(desk) == [] and gold([]) == {}


def test_edits_are_counted_from_list_to_list(desk):
    decide(desk, Change("hide", "a"), Change("hide", "b"), PUBLISH)
    decide(desk, Change("note", text="以后"), PUBLISH)
    decide(desk, Change("show", "a"), PUBLISH, on="E")
    decide(desk, PUBLISH, on="F")
    found = recorded(desk)
    assert [(one.essay, one.edits) for one in found] == [("E", 2), ("E", 0), ("E", 1), ("F", 0)]
    assert gold(found)["E"]["a"] == 1 and gold(found)["E"]["b"] == 0  # by the last list
    assert [(one.essay, one.edits) for one in last_of_each(found)] == [("E", 1), ("F", 0)]


def test_what_is_hidden_everywhere_counts_for_the_essay_on_which_that_was_decided(desk):
    decide(desk, Change("size", place=3), Change("hide", "a", everywhere=True), PUBLISH, on="E")
    decide(desk, Change("size", place=3), PUBLISH, on="F")
    on_e, on_f = recorded(desk)
    assert (offered(on_e), on_e.gains) == ("abc", {"a": 0, "b": 1, "c": 1, "d": 1})
    assert (offered(on_f), on_f.gains) == ("bcd", {"b": 1, "c": 1, "d": 1})
    assert on_f.edits == 1


def test_what_was_hidden_everywhere_later_was_offered_until_then(desk):
    decide(desk, PUBLISH, on="F")
    decide(desk, Change("hide", "a", everywhere=True), on="E")
    [found] = recorded(desk)
    assert "a" in offered(found, is_kept=True)


def test_what_has_left_the_library_since_counts_all_the_same(desk, library):
    decide(desk, Change("size", place=3), Change("hide", "b"), PUBLISH)
    before = recorded(desk)
    library.remove(["a", "b"])
    assert recorded(desk) == before


pieces = st.sampled_from("abcde")
changes = st.one_of(
    st.builds(Change, st.just("pin"), pieces, st.integers(1, 6)),
    st.builds(Change, st.sampled_from(["hide", "show", "free"]), pieces),
    st.builds(Change, st.just("size"), place=st.integers(1, 6)),
    st.sampled_from(["undo", "redo", PUBLISH]),
)


@settings(max_examples=40)
@given(st.lists(changes, max_size=12))
def test_the_gold_is_the_published_list_whatever_was_decided(tmp_path_factory, taken):
    library = SqliteLibrary(tmp_path_factory.mktemp("gold") / "library.db", WordEncoder())
    desk = planted(library, ("ab", "c", "d", "e"))
    for step in (*taken, PUBLISH):
        if isinstance(step, str):
            getattr(desk, step)(opened(desk), EDITOR)
        else:
            decide(desk, step)
    [listed] = published_lists(library, ["E"])
    found = recorded(desk)[-1]
    assert {id_: gain for id_, gain in found.gains.items() if gain} == {
        piece.article.id: 2 if piece.is_pinned else 1 for piece in listed.pieces
    }
    assert all(found.gains.get(offer.piece, 0) == 0 for offer in found.offers if not offer.is_kept)
    assert sum(offer.is_kept for offer in found.offers) <= len(listed.pieces)
    library.close()


# --- many lists ---


def publication(at, offers, kept, edits):
    """A list for which so many pieces were offered and kept."""
    return Publication(at, at, "1", tuple(Offer(str(n), 0.5, n < kept) for n in range(offers)), {}, edits)


LISTS = [
    publication("2026-12-31T23:59:59+00:00", 10, 9, 2),
    publication("2027-01-01T00:00:00+00:00", 5, 3, 1),
    publication("2027-01-03T12:00:00+00:00", 5, 5, 0),
    publication("2027-01-04T08:00:00+00:00", 10, 4, 5),
    publication("2027-01-04T09:00:00+00:00", 0, 0, 3),
]


def test_the_figures_of_lists():
    found = period("all", LISTS)
    assert found.lists == 5
    assert found.acceptance.mean == pytest.approx(21 / 30)  # of pieces, not of lists
    assert found.edits.mean == pytest.approx(11 / 5)
    assert 0.4 <= found.acceptance.low < 21 / 30 < found.acceptance.high <= 1
    assert 0 <= found.edits.low < 11 / 5 < found.edits.high <= 5


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("month", {"2026-12": (1, 9 / 10), "2027-01": (4, 12 / 20)}),
        ("week", {"2026-W53": (3, 17 / 20), "2027-W01": (2, 4 / 10)}),  # the 4th of January is a Monday
        ("day", {"2026-12-31": (1, 9 / 10), "2027-01-01": (1, 3 / 5), "2027-01-03": (1, 1), "2027-01-04": (2, 4 / 10)}),
    ],
)
def test_over_time(by, expected):
    found = {one.name: (one.lists, one.acceptance.mean) for one in over_time(LISTS[::-1], by)}
    assert list(found.items()) == sorted(expected.items())


# --- the command ---

# To "asks" each is related less than the one before.
ARTICLES = [
    essay("asks", "red green blue white black", title="asks"),
    essay("near", "red green blue white", title="near"),
    essay("mid", "red green blue", title="mid"),
    essay("far", "red green", title="far"),
    essay("other", "one two three four", title="other"),
]


@pytest.fixture
def real(library, encoder, monkeypatch):
    """A recommender that the command opens, and the desk of its library."""
    recommender = Recommender(library, encoder)
    recommender.put(ARTICLES)
    monkeypatch.setattr(Recommender, "open", lambda path, model: recommender)
    return recommender


def run(*arguments):
    return CliRunner().invoke(evaluate, ["--decisions", *arguments], env={"COLUMNS": "600"})


def test_the_command_measures_the_order_and_the_record(real):
    desk = Desk(real)
    found = [row.article.id for row in real.related(real.article("asks"), 5)]
    assert found[:3] == ["near", "mid", "far"]
    draft = desk.open(real.article("asks"))
    desk.decide(draft, [Change("hide", "near"), Change("pin", "far", 1), Change("size", place=3), PUBLISH], EDITOR)
    report = json.loads(run("--json", "--against", "words=0").output)
    # far gains 2 and stands third, mid gains 1 and stands second; the best order has them first and second.
    expected = (1 / log2(3) + 2 / log2(4)) / (2 + 1 / log2(3))
    assert report["gold"] == "decisions" and report["queries"] == 1
    assert report["orders"][0]["measures"]["nDCG@5"]["mean"] == pytest.approx(expected)
    assert len(report["orders"]) == 2 and report["difference"]["nDCG@5"]["verdict"]
    lists = report["lists"]
    assert (lists["essays"], lists["all"]["lists"], lists["by"]) == (1, 1, "month")
    assert lists["all"]["acceptance"]["mean"] == pytest.approx(2 / 3)
    assert lists["all"]["edits"]["mean"] == 3
    assert [one["name"] for one in lists["periods"]] == [desk.record.after(0)[-1].at[:7]]
    assert "favour that order" in lists["remark"]


def test_the_command_prints_a_table_and_says_last_whom_it_favours(real):
    desk = Desk(real)
    desk.decide(desk.open(real.article("asks")), [Change("size", place=2), PUBLISH], EDITOR)
    desk.decide(desk.open(real.article("near")), [Change("size", place=2), Change("hide", "asks"), PUBLISH], EDITOR)
    ran = run("--by", "day")
    assert ran.exit_code == 0, ran.output
    lines = ran.output.splitlines()
    assert "favour that order over any other" in lines[-1]
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    day = desk.record.after(0)[-1].at[:10]
    assert [row[0] for row in rows if row[0] in (day, "all")] == [day, "all"]
    assert rows[-1][1] == "2" and rows[-1][2].startswith("75.0 (") and rows[-1][3].startswith("1.50 (")


def test_without_a_published_list_there_is_nothing_to_measure_by(real):
    ran = run()
    assert ran.exit_code == 1 and "has no published list yet" in ran.output


@pytest.mark.parametrize("arguments", [[], ["--decisions", __file__]])
def test_the_command_takes_a_file_or_the_decisions(arguments):
    ran = CliRunner().invoke(evaluate, arguments)
    assert ran.exit_code == 2 and "name a file GOLD, or give --decisions" in " ".join(ran.output.split())

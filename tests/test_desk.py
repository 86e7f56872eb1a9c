"""The editor's desk: the list is what was decided, now and at any time, whoever else decides."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import WordEncoder, articles_of, essay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planted import EDITOR, PIECES, Planted, closeness_of, decide, opened, pieces, planted

from recommender.curate import SIZE
from recommender.desk import MOST, SPARE, Desk
from recommender.library import Conflict, Library, Task
from recommender.recommend import Recommender
from recommender.types import Change, Ranking, RecommenderError

Open = Callable[..., Library]
PUBLISH = Change("publish")


@pytest.fixture
def desk(library: Library) -> Desk:
    return planted(library)


def ranking_of(desk: Desk) -> Planted:
    assert isinstance(desk.recommender, Planted)
    return desk.recommender


# --- what is proposed, and what is decided ---


def test_a_list_that_nobody_decided_on_is_what_is_proposed(desk):
    draft = opened(desk)
    assert pieces(draft.list) == PIECES
    assert (draft.published, draft.is_changed, draft.seen) == (None, True, 0)
    assert (draft.undoable, draft.redoable, draft.decisions) == (None, None, ())
    assert [row.piece for row in draft.proposals.rows] == list(draft.found) == list(draft.reasons) == list(PIECES)
    assert desk.record.after(0) == []  # and nothing is written


def test_what_was_proposed_is_on_record_with_every_decision(desk, library):
    draft = decide(desk, Change("hide", "c", text="太旧"))
    [decision] = desk.record.after(0)
    assert (decision.number, decision.essay, decision.by, decision.change) == (
        1, "E", EDITOR, Change("hide", "c", text="太旧")
    )  # fmt: skip
    assert decision.at.endswith("+00:00") and len(decision.at) == len("2026-01-01T00:00:00+00:00")
    [proposals] = desk.record.proposals([decision.proposals]).values()
    assert proposals == draft.proposals
    assert (proposals.essay, proposals.model, proposals.revision, proposals.ranking) == ("E", "words", "1", Ranking())
    assert proposals.digest == library.digests(["E"])["E"]
    assert [(row.piece, row.closeness, row.relevance) for row in proposals.rows] == [
        (piece, closeness_of(PIECES, piece), "medium") for piece in PIECES
    ]
    assert all(row.why_zh and row.why_en for row in proposals.rows)


def test_several_changes_are_decided_in_one_go(desk):
    draft = decide(desk, Change("pin", "c", 1), Change("hide", "a"), Change("size", place=4), PUBLISH)
    assert pieces(draft.list) == pieces(draft.published) == "cbde"
    assert not draft.is_changed
    assert [d.number for d in draft.decisions] == [1, 2, 3, 4]
    assert len({d.uid for d in draft.decisions}) == 4
    assert len({d.proposals for d in draft.decisions}) == 1


def test_undo_and_redo(desk):
    draft = decide(desk, Change("pin", "c", 1))
    draft = desk.decide(draft, [Change("hide", "a")], EDITOR)
    draft = desk.undo(draft, EDITOR)
    assert pieces(draft.list) == "cabdefghij"
    draft = desk.undo(draft, EDITOR)
    assert pieces(draft.list) == PIECES
    assert desk.undo(draft, EDITOR) is draft  # there is nothing more
    draft = desk.redo(desk.redo(draft, EDITOR), EDITOR)
    assert pieces(draft.list) == "cbdefghij"
    assert desk.redo(draft, EDITOR) is draft
    assert draft.seen == 6


def test_the_same_is_done_to_many_essays(desk):
    done = list(desk.decide_all(["F", "nowhere", "E"], [Change("hide", "a", everywhere=True), PUBLISH], EDITOR))
    assert [(draft.essay.id, pieces(draft.list)) for draft in done] == [("F", PIECES[1:]), ("E", PIECES[1:])]


def test_a_pin_that_the_ranking_does_not_find_or_the_library_not_have_is_kept(desk):
    ranking_of(desk).order = tuple("abc")
    draft = decide(desk, Change("pin", "x", 1), Change("pin", "j", 2))
    assert pieces(draft.list) == "ajbc"  # the one is nowhere, the other in the library
    assert draft.list.lost == draft.proposals.gone == ("x",)
    assert draft.list.entries[1].proposal is None
    assert desk.at("E", 2) == draft.list


def test_a_repost_that_is_pinned_stands_by_itself_and_its_row_goes(desk):
    ranking_of(desk).order = ("abc", *"defghij")
    draft = opened(desk)
    assert pieces(draft.list) == "adefghij"
    draft = desk.decide(draft, [Change("pin", "b", 3)], EDITOR)
    assert pieces(draft.list) == "debfghij"
    assert draft.found["b"].article.id == "b"
    pinned = next(entry for entry in draft.list.entries if entry.piece == "b")
    assert pinned.proposal is not None and (pinned.proposal.piece, pinned.proposal.reposts) == ("b", ())
    draft = desk.decide(draft, [Change("pin", "c", 1)], EDITOR)
    assert pieces(draft.list) == "cdbefghij"  # both stay
    for expected in ("debfghij", "adefghij"):
        draft = desk.undo(draft, EDITOR)
        assert pieces(draft.list) == expected
    assert [row.piece for row in draft.proposals.rows] == list("adefghij")


# --- how much the ranking is asked for ---


@pytest.fixture
def many(library: Library) -> Desk:
    """A desk with as many pieces as there are letters from here on."""
    desk = planted(library)
    letters = "".join(chr(0x4E00 + n) for n in range(90))
    library_of = ranking_of(desk)
    library_of.order = tuple(letters)
    from records import put

    put(library, [essay(letter, "文字") for letter in letters])
    return desk


def test_the_ranking_is_asked_once_until_more_is_hidden_than_there_is_to_spare(many):
    ranking, draft = ranking_of(many), opened(many)
    for done in range(SPARE):
        assert len(draft.list.entries) == SIZE
        assert ranking.asked == [SIZE + SPARE]
        draft = many.decide(draft, [Change("hide", draft.list.entries[0].piece)], EDITOR)
        assert len(draft.proposals.rows) == SIZE + SPARE * (1 if done < SPARE - 1 else 2)
    assert ranking.asked == [SIZE + SPARE, SIZE + 2 * SPARE]
    draft = many.undo(draft, EDITOR)
    assert len(draft.proposals.rows) == SIZE + SPARE
    assert len(ranking.asked) == 2
    draft = many.decide(draft, [Change("size", place=MOST)], EDITOR)
    assert ranking.asked[-1] == len(draft.list.entries) + SPARE - 1 == MOST


def test_a_small_library_is_not_asked_again_for_what_it_does_not_have(desk):
    draft = opened(desk)
    for piece in "abc":
        draft = desk.decide(draft, [Change("hide", piece)], EDITOR)
    assert len(ranking_of(desk).asked) == 1


def test_what_was_pinned_and_is_not_any_more_is_proposed_no_more_than_before(many):
    ranking, draft = ranking_of(many), opened(many)
    before = draft.list
    ranking.unrelated = "".join(row.piece for row in draft.proposals.rows[5:])
    draft = opened(many)
    short = draft.list
    assert len(short.entries) == 5 < len(before.entries)
    last = ranking.order[-1]
    draft = many.decide(draft, [Change("pin", last, 1)], EDITOR)
    assert draft.list.entries[0].piece == last
    assert many.undo(draft, EDITOR).list == short


# --- the list at any time ---


def test_the_list_is_recalled_as_it_was_after_each_decision(desk, library):
    shown = []
    draft = opened(desk)
    for change in (Change("pin", "j", 1), Change("hide", "a"), Change("size", place=5), PUBLISH, Change("free", "j")):
        draft = desk.decide(draft, [change], EDITOR)
        shown.append(draft.list)
    desk.undo(draft, EDITOR)
    library.remove(["b", "j"])
    ranking_of(desk).order = tuple("hgfedc")
    decide(desk, Change("pin", "h", 2))
    assert [desk.at("E", number) for number in range(1, 6)] == shown
    assert [pieces(of_list) for of_list in shown] == ["jabcdefghi", "jbcdefghi", "jbcde", "jbcde", "bcdef"]
    assert pieces(desk.at("E", 7)) == "ghfed"
    for number in (0, 8):
        with pytest.raises(KeyError):
            desk.at("E", number)
    with pytest.raises(KeyError):
        desk.at("F", 1)


def test_what_had_left_the_library_by_then_is_not_in_the_list_of_then(desk, library):
    decide(desk, Change("pin", "b", 1))
    gone = library.remove(["b", "c"])
    draft = decide(desk, Change("hide", "a"))
    assert pieces(draft.list) == "defghij" and draft.list.lost == ("b",)
    put_back(library, gone)
    assert desk.at("E", 2) == draft.list
    assert pieces(opened(desk).list) == "bcdefghij"


def test_what_leaves_while_the_list_is_open_is_not_in_it_then_either(desk, library):
    draft = opened(desk)
    library.remove(["a"])
    draft = desk.decide(draft, [Change("hide", "b")], EDITOR)
    assert pieces(draft.list) == pieces(desk.at("E", 1)) == "cdefghij"
    assert draft.proposals.gone == ("a",)


def put_back(library: Library, articles):
    from records import put

    put(library, articles)


# --- others at the same list ---


@pytest.fixture
def other(desk: Desk, open_library: Open, encoder: WordEncoder) -> Desk:
    """The desk of another editor, with a connection of its own."""
    return Desk(replace(ranking_of(desk), library=open_library(encoder)))


def test_two_editors_are_told_of_each_other_before_anything_is_overwritten(desk, other):
    first, second = opened(desk), opened(other)
    mine = desk.decide(first, [Change("hide", "a"), Change("pin", "c", 1)], "甲")
    with pytest.raises(Conflict) as caught:
        other.decide(second, [Change("pin", "a", 1), PUBLISH], "乙")
    assert [decision.change.action for decision in caught.value.decisions] == ["hide", "pin"]
    assert {decision.by for decision in caught.value.decisions} == {"甲"}
    assert "甲 changed the list of 'E' meanwhile; nothing was written" in str(caught.value)
    assert len(other.record.after(0)) == 2  # nothing of the second
    draft = other.decide(opened(other), [Change("pin", "a", 1)], "乙")
    assert pieces(draft.list) == "acbdefghij"
    with pytest.raises(Conflict, match="乙"):
        desk.undo(mine, "甲")


def test_undoing_and_redoing_conflict_as_deciding_does(desk, other):
    draft = decide(desk, Change("hide", "a"))
    decide(other, Change("hide", "b"), by="乙")
    with pytest.raises(Conflict):
        desk.undo(draft, EDITOR)
    assert pieces(opened(desk).list) == PIECES[2:]


def test_other_lists_are_no_conflict_and_what_is_hidden_everywhere_is_seen_at_once(desk, other):
    draft = opened(desk)
    decide(other, Change("hide", "c", everywhere=True), on="F", by="乙")
    draft = desk.decide(draft, [Change("hide", "a")], EDITOR)
    assert pieces(draft.list) == "bdefghij"
    assert pieces(desk.at("E", 2)) == "bdefghij"


def test_of_two_who_decide_at_the_same_moment_exactly_one_wins(desk, other):
    for round_ in range(5):
        drafts = [opened(desk), opened(other)]
        start, outcomes = threading.Barrier(2), []

        def decide_now(at: int, drafts=drafts, start=start, outcomes=outcomes) -> None:
            start.wait()
            try:
                (desk, other)[at].decide(drafts[at], [Change("pin", "ab"[at], 1), PUBLISH], "甲乙"[at])
            except Conflict as conflict:
                outcomes.append((at, {decision.by for decision in conflict.decisions}))

        threads = [threading.Thread(target=decide_now, args=(at,)) for at in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        [(loser, others)] = outcomes
        assert others == {"乙甲"[loser]}
        assert len(desk.record.after(0)) == 2 * (round_ + 1)
        assert desk.record.after(0)[-1].by == "乙甲"[loser]
        assert pieces(opened(desk).published)[0] == "ba"[loser]


# --- the queue ---


def states(desk: Desk) -> dict[str, str]:
    return {task.essay: task.state for task in desk.record.queue()}


def test_an_essay_goes_from_state_to_state(desk, library):
    assert states(desk)["E"] == "new"
    decide(desk, Change("pin", "c", 1))
    assert states(desk)["E"] == "new"  # until it is published
    decide(desk, PUBLISH)
    assert states(desk)["E"] == "done"
    put_back(library, [essay("E", "别的文字")])
    assert states(desk)["E"] == "changed"
    decide(desk, PUBLISH)
    assert states(desk)["E"] == "done"
    gone = library.remove(["c"])
    assert states(desk)["E"] == "gone"
    decide(desk, Change("note", text="等它回来"))
    assert states(desk)["E"] == "gone"  # not seen to by that
    decide(desk, PUBLISH)
    assert states(desk)["E"] == "done"
    assert opened(desk).list.lost == ("c",)  # though it is still told
    put_back(library, gone)
    assert pieces(opened(desk).published) == "cabdefghij"
    draft = opened(desk)
    for _ in range(5):
        draft = desk.undo(draft, EDITOR)
    assert states(desk)["E"] == "new"


def test_a_list_is_of_the_text_that_its_editor_had_before_them(desk, library):
    draft = opened(desk)
    put_back(library, [essay("E", "别的文字")])  # meanwhile
    desk.decide(draft, [PUBLISH], EDITOR)
    assert states(desk)["E"] == "changed"


def test_the_weakest_lists_come_first(desk):
    decide(desk, Change("size", place=2), PUBLISH, on="E")
    decide(desk, Change("size", place=2), Change("pin", "j", 1), PUBLISH, on="F")
    done = desk.record.queue("done")
    assert [task.essay for task in done] == ["F", "E"]
    weak, strong = ((0.9 + closeness_of(PIECES, piece)) / 2 for piece in "jb")
    assert [task.strength for task in done] == pytest.approx([weak, strong])
    assert done[0] == Task("F", "题F", "done", desk.record.after(0)[-1].at, done[0].strength)
    assert desk.record.states() == {"new": 10, "done": 2}
    assert [task.essay for task in desk.record.queue("new", 2, 1)] == ["b", "c"]
    assert desk.record.published() == ["E", "F"]
    assert desk.record.lists_with("j") == ["F"]
    assert desk.record.lists_with("a") == ["E", "F"]


# --- inbound ---


@pytest.fixture
def told(recommender: Recommender) -> Desk:
    """A desk with the real ranking: essays about some of ten things, and pieces about fewer."""
    texts = {"e10": "甲乙丙丁戊己庚辛壬癸", "e8": "辛甲庚乙己丙戊丁日月", "e5": "丁天丙地乙玄甲黄戊宇"}
    recommender.put([essay(id_, text) for id_, text in texts.items()])
    recommender.put([essay(f"zulu{n}", f"zulu{n} yankee{n}") for n in range(9)])
    return Desk(recommender)


def test_essays_are_found_that_a_new_piece_belongs_in(told):
    for essay_ in ("e10", "e8"):
        decide(told, PUBLISH, on=essay_)
    new = essay("new", "丑子辛庚己戊丁丙乙甲")
    told.recommender.put([new])
    found = {one.draft.essay.id: one for one in told.inbound(new) if one}
    assert found.keys() >= {"e10", "e8"}
    one = found["e10"]
    assert one.proposal.piece == "new" and one.draft.list.entries[one.place - 1].piece == "new"
    before = pieces_of(one.draft.published)
    draft = told.accept(one, EDITOR)
    after = pieces_of(draft.published)
    assert [piece for piece in after if piece != "new"] == before[: len(after) - 1]
    assert after.index("new") == one.place - 1
    again = list(told.inbound(new))  # of those that were looked at, one has it now
    assert len(again) == len(found) and [one for one in again if one is None] == [None]
    assert "e10" not in {one.draft.essay.id for one in again if one}
    assert [decision.change.action for decision in draft.decisions] == ["publish", "pin", "publish"]
    assert pieces_of(told.at("e10", draft.seen)) == after


def test_a_list_that_is_being_changed_is_not_published_by_accepting(told):
    decide(told, PUBLISH, Change("hide", "zulu1"), on="e10")
    new = essay("new", "丑子辛庚己戊丁丙乙甲")
    told.recommender.put([new])
    [one] = [one for one in told.inbound(new) if one and one.draft.essay.id == "e10"]
    draft = told.accept(one, EDITOR)
    assert "new" in pieces_of(draft.list) and "new" not in pieces_of(draft.published)


def pieces_of(of_list) -> list[str]:
    return [entry.piece for entry in of_list.entries]


# --- the real ranking ---


def test_hidden_pieces_do_not_come_back_by_another_model_or_another_text(told):
    draft = decide(told, Change("hide", "e8"), Change("pin", "zulu3", 2), PUBLISH, on="e10")
    assert pieces_of(draft.list)[1] == "zulu3" and "e8" not in pieces_of(draft.list)
    library = told.recommender.library
    another = WordEncoder("another", "2")
    from recommender.renew import reembed

    list(reembed(library, another))
    again = Desk(Recommender(type(library)(library.path, another), another))
    again.recommender.put([essay("e8", "甲乙丙丁戊己庚辛壬癸"), essay("e10", "甲乙丙丁戊己庚辛壬癸子")])
    draft = decide(again, Change("note", text="再看"), on="e10")
    assert pieces_of(draft.list)[1] == "zulu3" and "e8" not in pieces_of(draft.list)
    assert "e8" not in pieces_of(draft.published)
    models = [p.model for _, p in sorted(again.record.proposals([1, 2]).items())]
    assert models == ["words", "another"]
    assert [task.state for task in again.record.queue("changed")] == ["changed"]


def test_an_essay_without_text_has_no_list(told):
    told.recommender.put([essay("blank")])
    with pytest.raises(RecommenderError, match="no text"):
        opened(told, "blank")
    assert articles_of(told.recommender)[-1].id == "blank"


# --- any decisions, recalled ---

changes = st.one_of(
    st.builds(Change, st.just("pin"), st.sampled_from("abcdexy"), st.integers(1, 6), was=st.integers(0, 6)),
    st.builds(Change, st.just("pin"), st.sampled_from("abcde"), st.integers(1, 6), instead=st.sampled_from("abcde")),
    st.builds(Change, st.sampled_from(["free", "hide", "show"]), st.sampled_from("abcde")),
    st.builds(Change, st.sampled_from(["hide", "show"]), st.sampled_from("abcde"), everywhere=st.just(True)),
    st.builds(Change, st.just("size"), place=st.integers(1, 6)),
    st.just(PUBLISH),
)
steps = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from("EEF"), changes),
    st.tuples(st.sampled_from(["undo", "redo"]), st.sampled_from("EEF"), st.none()),
    st.tuples(st.just("remove"), st.sampled_from("abc"), st.none()),
    st.tuples(st.just("rank"), st.permutations(["ab", "c", "d", "e"]), st.none()),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=12))
def test_whatever_is_decided_later_every_list_is_recalled_as_it_was_shown(tmp_path_factory, taken):
    from recommender.library.sqlite import SqliteLibrary

    library = SqliteLibrary(tmp_path_factory.mktemp("at") / "library.db", WordEncoder())
    desk = planted(library, ("ab", "c", "d", "e"))
    shown = {}
    for what, where, change in taken:
        match what:
            case "remove":
                if not library.remove([where]):
                    put_back(library, [essay(where, f"{where}的文字")])
            case "rank":
                ranking_of(desk).order = where
            case _:
                draft = opened(desk, where)
                after = desk.decide(draft, [change], EDITOR) if change else getattr(desk, what)(draft, EDITOR)
                if after is not draft:
                    shown[where, after.seen] = after.list
    assert {key: desk.at(*key) for key in shown} == shown
    assert library.check() == []
    library.close()

"""The record of decisions only grows, loses nothing, and goes from library to library."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, WordEncoder, essay
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import EDITOR, decide, opened, pieces, planted
from records import put

from recommender.cli import main
from recommender.cli.opening import write
from recommender.curate import Curation, curation
from recommender.desk import Desk
from recommender.library import Conflict, Library, LibraryError, Recorded, Task
from recommender.library.exchange import export, read
from recommender.library.sqlite import SqliteLibrary
from recommender.published import published_lists
from recommender.types import Change, Decision, Filter, Proposal, Proposals, Ranking

AT = "2026-01-01T00:00:00+00:00"
PUBLISH = Change("publish")


def row(piece: str, *reposts: str) -> Proposal:
    return Proposal(piece, reposts, 0.5, "strong", "因为", "because")


def proposed(essay: str = "e", rows: str = "abc", **other: object) -> Proposals:
    proposals = Proposals(essay, "digest", "words", "1", Ranking(), tuple(row(piece) for piece in rows))
    return replace(proposals, **other)  # type: ignore[arg-type]


def made(uid: str, change: Change, essay: str = "e", by: str = EDITOR) -> Decision:
    """A decision that is not on record yet."""
    return Decision(0, uid, essay, by, AT, 0, change)


def record(library: Library, *decisions: Decision, seen: int | None = None, rows: str = "abc") -> list[Decision]:
    """Put decisions on one essay on record, by one who has seen all of it."""
    essay_ = decisions[0].essay
    last = max((d.number for d in library.decisions.of([essay_]) if d.essay == essay_), default=0)
    return library.decisions.put(decisions, proposed(essay_, rows), last if seen is None else seen)


# --- what goes in comes out ---

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
names = words.filter(bool)
rankings = st.builds(
    Ranking,
    words=st.floats(0, 1),
    half_life=st.integers(0, 999),
    more=st.lists(words, max_size=2).map(tuple),
    without=st.lists(st.sampled_from(["linked", "repost"]), max_size=2).map(tuple),
    collapse=st.booleans(),
    reranker=words,
)
rows_of = st.builds(
    Proposal,
    words,
    st.lists(words, max_size=2).map(tuple),
    st.floats(0, 1),
    st.sampled_from(["strong", "medium", "weak", "unrelated"]),
    words,
    words,
)
proposals_of = st.builds(
    Proposals,
    st.sampled_from(["e", "f", ""]),
    words,
    words,
    words,
    rankings,
    st.lists(rows_of, max_size=3).map(tuple),
    st.lists(words, max_size=2).map(tuple),
)
changes = st.one_of(
    st.builds(Change, st.just("pin"), names, st.integers(1, 99), was=st.integers(0, 99), instead=words, text=words),
    st.builds(Change, st.sampled_from(["free", "hide", "show"]), names, text=words),
    st.builds(Change, st.sampled_from(["hide", "show"]), names, everywhere=st.just(True), text=words),
    st.builds(Change, st.just("note"), words, text=words),
    st.builds(Change, st.just("size"), place=st.integers(1, 99)),
    st.builds(Change, st.just("publish"), text=words),
)


@settings(max_examples=30)
@given(st.lists(st.tuples(proposals_of, st.lists(changes, min_size=1, max_size=3), words), max_size=5))
def test_any_decision_comes_back_from_the_file_and_from_an_export(tmp_path_factory, batches):
    folder = tmp_path_factory.mktemp("any")
    library, known = SqliteLibrary(folder / "library.db", WordEncoder()), []
    for at, (proposals, some, by) in enumerate(batches):
        fresh = [made(f"{at}-{n}", change, proposals.essay, by) for n, change in enumerate(some)]
        seen = max((d.number for d, _ in known if d.essay == proposals.essay), default=0)
        added = library.decisions.put(fresh, proposals, seen)
        assert [d.number for d in added] == list(range(len(known) + 1, len(known) + 1 + len(some)))
        known += [
            (replace(d, number=n.number, proposals=n.proposals), proposals) for d, n in zip(fresh, added, strict=True)
        ]
    again = SqliteLibrary(folder / "library.db", WordEncoder())
    copy = SqliteLibrary(folder / "copy.db", WordEncoder())
    lines = list(export(again))
    assert read(copy, lines) == len(known)
    for reader in (again, copy):
        decisions = reader.decisions.after(0)
        assert decisions == [d for d, _ in known]
        assert reader.decisions.after(2, 2) == decisions[2:4]
        proposals = reader.decisions.proposals([d.proposals for d in decisions])
        assert [proposals[d.proposals] for d in decisions] == [p for _, p in known]
        assert reader.check() == []
    assert list(export(copy)) == lines
    assert len(set(again.decisions.proposals(range(99)))) == len(dict.fromkeys(p for _, p in known))  # each once
    for open_ in (library, again, copy):
        open_.close()


def test_the_decisions_that_an_essay_is_to_know_of(library):
    record(library, made("1", Change("hide", "a")))
    record(library, made("2", Change("hide", "b", everywhere=True)), made("3", Change("pin", "c", 1)))
    record(library, made("4", Change("hide", "c", everywhere=True), "f"), made("5", Change("hide", "a"), "f"))
    record(library, made("6", Change("undo", of="4"), "f"), made("7", Change("undo", of="5"), "f"))
    record(library, made("8", Change("undo", of="2"), "g"))  # done on a third
    record(library, made("9", Change("redo", of="2"), "f"))

    def uids(*essays: str) -> str:
        return "".join(d.uid for d in library.decisions.of(essays))

    assert uids() == uids("h") == "24689"
    assert uids("e") == uids("e", "e", "h") == "1234689"
    assert uids("f") == "2456789"
    assert uids("f", "e") == "123456789"
    assert curation(library.decisions.of(["h"]), "h") == Curation(hidden=frozenset("b"))


# --- only appended to ---


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE decisions SET editor = '别人'",
        "UPDATE decisions SET change = '{}' WHERE number = 1",
        "DELETE FROM decisions WHERE number = 1",
        "UPDATE proposals SET rows = '[]'",
        "DELETE FROM proposals",
    ],
)
def test_what_is_on_record_can_neither_be_changed_nor_taken_out(library, sql):
    record(library, made("1", Change("hide", "a")))
    before = list(library.decisions.every())
    with pytest.raises(sqlite3.IntegrityError, match="the record of decisions only grows: to take a decision back"):
        library.connections.writer.execute(sql)
    assert list(library.decisions.every()) == before


def test_the_record_outlives_articles_and_the_vacuum(library):
    put(library, [essay("e", "文字"), essay("a", "文字")])
    record(library, made("1", Change("pin", "a", 1)), made("2", PUBLISH))
    before = list(library.decisions.every())
    library.remove(["e", "a"])
    library.vacuum()
    assert list(library.decisions.every()) == before
    assert (library.decisions.published(), library.decisions.queue()) == ([], [])
    assert library.decisions.lists_with("a") == ["e"]
    assert library.check() == []
    put(library, [essay("e", "文字")])
    assert library.decisions.published() == ["e"]
    assert [task.state for task in library.decisions.queue()] == ["changed"]


# --- all or nothing ---


def test_who_has_not_seen_the_last_decision_on_an_essay_is_told_of_it_and_nothing_is_written(library, open_library):
    record(library, made("1", Change("hide", "a")), made("2", Change("hide", "b"), by="乙"))
    record(library, made("3", Change("hide", "c", everywhere=True), "f"))  # which is no conflict
    another = open_library(WordEncoder())
    for seen, unseen in ((0, "12"), (1, "2")):
        with pytest.raises(Conflict) as caught:
            record(another, made("4", PUBLISH), seen=seen)
        assert "".join(d.uid for d in caught.value.decisions) == unseen
        assert "乙" in str(caught.value) and "'e'" in str(caught.value)
    assert [d.uid for d in library.decisions.after(0)] == ["1", "2", "3"]
    assert [d.number for d in record(another, made("4", PUBLISH), seen=2)] == [4]


@pytest.mark.parametrize(
    ("change", "essay_"),
    [
        (Change("undo", of="nowhere"), "e"),
        (Change("redo", of="nowhere"), "e"),
        (Change("undo", of="local"), "f"),  # a decision on another essay, which that would not see
        (Change("undo", of="undone"), "e"),  # no decision, but an undoing
    ],
)
def test_what_was_not_decided_cannot_be_undone(library, change, essay_):
    record(library, made("local", Change("hide", "a")), made("undone", Change("undo", of="local")))
    with pytest.raises(ValueError, match=f"would {change.action} '{change.of}', which is no decision on '{essay_}'"):
        record(library, made("first", Change("hide", "b"), essay_), made("second", change, essay_))
    assert [d.uid for d in library.decisions.after(0)] == ["local", "undone"]
    assert library.check() == []


def test_a_record_that_cannot_be_read_to_the_end_is_not_taken_over(library):
    def broken() -> Iterable[Recorded]:
        yield 7, proposed()
        yield replace(made("1", PUBLISH), proposals=7)
        raise ValueError("here it breaks")

    with pytest.raises(ValueError, match="here it breaks"):
        library.decisions.merge(broken())
    with pytest.raises(KeyError):
        library.decisions.merge([(7, proposed()), replace(made("1", PUBLISH), proposals=8)])
    assert list(library.decisions.every()) == []
    assert library.connections.writer.execute("SELECT count(*) FROM proposals").fetchone() == (0,)
    assert library.check() == []


# --- from library to library ---


@pytest.fixture
def desks(open_library: Callable[..., Library]) -> Sequence[Desk]:
    """Two libraries with the same articles."""
    return [planted(open_library(WordEncoder(), name)) for name in ("one.db", "other.db")]


def carry(source: Desk, target: Desk) -> int:
    return read(target.recommender.library, export(source.recommender.library))  # type: ignore[arg-type]


def test_an_import_makes_the_same_lists(desks):
    one, other = desks
    draft = decide(one, Change("pin", "j", 1), Change("hide", "a"), PUBLISH)
    draft = one.undo(draft, EDITOR)
    decide(one, Change("hide", "b", everywhere=True), PUBLISH, on="F", by="乙")
    decide(one, Change("note", "c", text="好"), PUBLISH)
    assert carry(one, other) == 8
    assert list(published_lists(other.recommender.library)) == list(published_lists(one.recommender.library))
    assert other.record.after(0) == one.record.after(0)
    assert other.record.queue() == one.record.queue()
    for number in range(1, 5):
        assert other.at("E", number) == one.at("E", number)
    assert opened(other).decided == opened(one).decided
    assert other.recommender.library.check() == []


def test_importing_twice_changes_nothing(desks):
    one, other = desks
    decide(one, Change("pin", "j", 1), PUBLISH)
    decide(other, Change("hide", "c"), PUBLISH, on="F")
    assert carry(one, other) == 2
    before = list(other.record.every()), list(published_lists(other.recommender.library))
    proposals = other.record.proposals(range(99)).keys()
    assert carry(one, other) == 0
    assert (list(other.record.every()), list(published_lists(other.recommender.library))) == before
    assert other.record.proposals(range(99)).keys() == proposals  # nor of what was proposed
    assert carry(other, one) == 2
    assert carry(one, other) == carry(other, one) == 0
    assert {d.uid for d in one.record.after(0)} == {d.uid for d in other.record.after(0)}


def test_what_is_imported_comes_after_what_was_decided_here(desks):
    one, other = desks
    decide(other, Change("hide", "a"), Change("pin", "b", 1), PUBLISH, by="乙")
    decide(one, Change("pin", "a", 1), PUBLISH, by="甲")
    assert carry(one, other) == 2
    draft = opened(other)
    assert pieces(draft.list) == pieces(draft.published) == "abcdefghij"  # both pinned, the later one first
    assert [d.by for d in draft.decisions] == ["乙"] * 3 + ["甲"] * 2
    draft = other.undo(other.undo(draft, "乙"), "乙")
    assert pieces(draft.list) == pieces(draft.published) == "bcdefghij"


def test_an_undoing_reaches_a_library_that_has_the_decision_already(desks):
    one, other = desks
    draft = decide(one, Change("hide", "a", everywhere=True), PUBLISH)
    carry(one, other)
    decide(other, PUBLISH, on="F")
    assert pieces(opened(other, "F").list) == "bcdefghij"
    one.undo(one.undo(draft, EDITOR), EDITOR)
    assert carry(one, other) == 2
    assert pieces(opened(other, "F").list) == "abcdefghij"
    assert opened(other).published is None
    assert other.recommender.library.check() == []


def test_who_has_a_list_open_while_others_are_imported_is_told(desks):
    one, other = desks
    draft = opened(other)
    decide(one, Change("hide", "a"), by="甲")
    carry(one, other)
    with pytest.raises(Conflict, match="甲"):
        other.decide(draft, [PUBLISH], "乙")


def test_an_export_is_of_one_moment_and_can_be_read_by_other_programs(library):
    desk = planted(library)
    decide(desk, Change("pin", "j", 1, text="更贴题"))
    decide(desk, PUBLISH)
    lines = export(library)  # type: ignore[arg-type]
    head = json.loads(next(lines))
    decide(desk, Change("hide", "a"))
    proposals, first, second = (json.loads(line) for line in lines)
    assert {name: head[name] for name in ("format", "version", "decisions", "proposals")} == {
        "format": "related-article decisions", "version": 1, "decisions": 2, "proposals": 1,
    }  # fmt: skip
    assert proposals["proposals"]["rows"][0]["piece"] == "a" and proposals["proposals"]["model"] == "words"
    assert first["decision"]["change"] == {"action": "pin", "piece": "j", "place": 1, "text": "更贴题"}
    assert (first["decision"]["by"], first["decision"]["essay"], second["decision"]["number"]) == (EDITOR, "E", 2)
    assert first["decision"]["proposals"] == proposals["proposals"]["number"]


# --- the commands ---


@pytest.fixture
def run(library: Library, monkeypatch: pytest.MonkeyPatch):
    """Runs a command on the library; none of them may load a model."""
    monkeypatch.setattr("recommender.recommend.load_encoder", lambda *_: pytest.fail("a model was loaded"))

    def invoke(*arguments: str, stdin: str | None = None, library: str = library.name):
        return CliRunner().invoke(main, arguments, input=stdin, env={"RECOMMENDER_LIBRARY": library, "COLUMNS": "200"})

    return invoke


@pytest.fixture
def desk(library: Library) -> Desk:
    return planted(library)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The file of another library with the same articles."""
    library = SqliteLibrary(tmp_path / "other.db", WordEncoder())
    planted(library)
    library.close()
    return library.path


def test_the_record_is_listed_as_json_lines(desk, run):
    draft = decide(desk, Change("pin", "j", 1, text="更贴题"))
    draft = desk.undo(draft, "乙")
    decide(desk, Change("hide", "b", everywhere=True), on="F")
    decide(desk, Change("size", place=3), on="F")
    found = [json.loads(line) for line in run("decisions", "list").stdout.splitlines()]
    assert [(one["number"], one["essay"], one["by"], one["in_effect"]) for one in found] == [
        (1, "E", EDITOR, False), (2, "E", "乙", True), (3, "F", EDITOR, True), (4, "F", EDITOR, True),
    ]  # fmt: skip
    assert found[0]["change"] == {"action": "pin", "piece": "j", "place": 1, "text": "更贴题"}
    assert found[1]["change"] == {"action": "undo", "of": found[0]["uid"]}
    for name in ("E", "题E"):
        some = [json.loads(line) for line in run("decisions", "list", "--essay", name).stdout.splitlines()]
        assert some == found[:3]  # what is hidden everywhere holds here, too
    assert "has no essay called 'nowhere'" in run("decisions", "list", "--essay", "nowhere").stderr


def test_the_record_is_a_table_for_people(desk, library, run):
    draft = decide(desk, Change("pin", "j", 2, instead="b", text="更[b]贴题"))
    desk.undo(draft, "乙")
    decide(desk, Change("hide", "a", everywhere=True), Change("size", place=3), on="F")
    library.remove(["a"])
    lines = [line.split("│")[1:-1] for line in run("decisions", "list", "--table").stdout.splitlines() if "│" in line]
    cells = [[cell.strip() for cell in line] for line in lines]
    assert [[row[0], *row[2:]] for row in cells] == [
        ["1", EDITOR, "题E", "pin 题j at 2 instead of 题b (undone)", "更[b]贴题"],
        ["2", "乙", "题E", "undo decision 1", ""],
        ["3", EDITOR, "题F", "hide a everywhere", ""],
        ["4", EDITOR, "题F", "size 3", ""],
    ]
    assert all(len(row[1]) == len("2026-01-01 00:00") for row in cells)


def test_decisions_go_through_a_file(desk, run, other, tmp_path):
    draft = decide(desk, Change("pin", "j", 1), PUBLISH)
    file = str(tmp_path / "decisions.jsonl")
    assert run("decisions", "export", file).output == ""
    assert run("decisions", "export").stdout == Path(file).read_text("utf-8")
    assert run("decisions", "import", file, library=str(other)).output == "2 decisions imported\n"
    assert run("decisions", "import", "-", stdin=Path(file).read_text("utf-8"), library=str(other)).output == (
        "0 decisions imported\n"
    )
    copy = Desk(replace(desk.recommender, library=SqliteLibrary(other, WordEncoder())))  # type: ignore[type-var]
    assert opened(copy).list == draft.list
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_an_export_that_cannot_be_written_leaves_what_was_there(desk, run, tmp_path):
    decide(desk, PUBLISH)
    result = run("decisions", "export", str(tmp_path / "nowhere" / "file.jsonl"))
    assert result.exit_code == 1 and "cannot be written" in result.stderr
    (tmp_path / "file.jsonl").write_text("as it was", "utf-8")

    def cut_off() -> Iterable[str]:
        yield "a line\n"
        raise LibraryError("the library is damaged", cause="file")

    with pytest.raises(LibraryError):
        write(cut_off(), tmp_path / "file.jsonl")
    assert (tmp_path / "file.jsonl").read_text("utf-8") == "as it was"
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def spoiled(lines: list[str]) -> Iterable[tuple[int, list[str]]]:
    """The number of the line that is wrong, and what there is then."""
    for at, line in enumerate(lines):
        middle = len(line) // 2
        yield (
            at + 1,
            [*lines[:at], line[:middle] + ("7" if line[middle] != "7" else "8") + line[middle + 1 :], *lines[at + 1 :]],
        )
        yield at + 1, lines[:at]
        yield at + 1, [*lines[:at], line[:middle]]
    yield len(lines) + 1, [*lines, lines[-1]]
    yield 3, [*lines[:2], *lines[3:]]


def test_nothing_is_imported_of_a_file_that_is_damaged_or_cut_off(desk, run, other):
    decide(desk, Change("pin", "j", 1), Change("hide", "a"))
    decide(desk, PUBLISH, on="F")
    lines = run("decisions", "export").stdout.splitlines(keepends=True)
    assert len(lines) == 6
    for number, some in spoiled(lines):
        result = run("decisions", "import", "-", stdin="".join(some), library=str(other))
        assert result.exit_code == 1 and result.stdout == ""
        assert "Nothing was imported: line " in result.stderr
        assert f"line {number} of the export" in result.stderr or number == 3
    copy = SqliteLibrary(other, WordEncoder())
    assert list(copy.decisions.every()) == []
    assert copy.check() == []


@pytest.mark.parametrize("text", ["", "一行文字\n", "[1]\n", '{"format": "x"}\n'])
def test_what_is_no_export_is_not_imported(run, library, text):
    result = run("decisions", "import", "-", stdin=text)
    assert result.exit_code == 1 and "line 1 of the export cannot be read" in result.stderr


def test_a_backup_is_no_export_of_decisions(desk, run):
    decide(desk, PUBLISH)
    said = run("decisions", "import", "-", stdin=run("backup").stdout).stderr
    assert "it begins 'related-article library', version 3" in said
    said = run("restore", "-", "--library", "new.db", stdin=run("decisions", "export").stdout).stderr
    assert "it begins 'related-article decisions', version 1" in said


def test_the_commands_load_no_model(desk, library):
    decide(desk, PUBLISH)
    heavy = "{'torch', 'sentence_transformers', 'streamlit', 'fastapi', 'pandas'}"
    code = (
        "import sys; from recommender.cli import main; "
        f"main(['decisions', 'list', '--library', {library.name!r}], standalone_mode=False); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1] == "[]"


# --- the queue ---


def test_the_queue_is_of_essays_alone_and_can_be_narrowed(library):
    put(library, [essay("e", "文字", links=["p"]), replace(essay("p", "文字"), page="e"), essay("f", "文字")])
    assert [task.essay for task in library.decisions.queue()] == ["e", "f"]
    assert library.decisions.queue(among=Filter(ids=("f", "p"))) == [Task("f", "title of f", "new", "", 0.0)]
    assert library.decisions.states() == {"new": 2}


def test_lists_come_in_the_order_of_the_library(library):
    put(library, [essay(id_, "文字") for id_ in "edf"])
    for id_ in "fe":
        record(library, made(id_, PUBLISH, id_))
    assert library.decisions.published() == ["e", "f"]
    assert (library.decisions.published(1), library.decisions.published(-1, 1)) == (["e"], ["f"])
    assert library.decisions.lists_with("a") == ["e", "f"]
    assert library.decisions.lists_with("d") == []


# --- the check ---

FREE = "DROP TRIGGER decisions_UPDATE; DROP TRIGGER decisions_DELETE; DROP TRIGGER proposals_UPDATE; "


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE decisions SET change = '{' WHERE number = 2", "decisions that cannot be read: 2."),
        ("UPDATE decisions SET change = '{\"action\":\"x\"}' WHERE number = 2", "decisions that cannot be read: 2."),
        ("UPDATE decisions SET change = '{\"y\":1}' WHERE number < 3", "decisions that cannot be read: 1, 2."),
        ("UPDATE proposals SET rows = '[[1]]' WHERE number = 1", "proposals that cannot be read: 1."),
        ("UPDATE proposals SET ranking = '{\"x\":1}'", "proposals that cannot be read: 1, 2."),
        ("UPDATE proposals SET gone = ''", "proposals that cannot be read: 1, 2."),
        ("UPDATE decisions SET proposals = 9 WHERE number = 3", "made on what was proposed for their essay: 3."),
        ("UPDATE decisions SET proposals = 2 WHERE number = 3", "made on what was proposed for their essay: 3."),
        ("UPDATE decisions SET uid = 'x' WHERE number = 1", "undo or redo what was not decided before: 6."),
        ("DELETE FROM decisions WHERE number = 1", "undo or redo what was not decided before: 6."),
        ("UPDATE decisions SET everywhere = 1 WHERE number = 2", "known to the wrong essays: 2."),
        ("UPDATE decisions SET everywhere = 0 WHERE number = 1", "known to the wrong essays: 1, 6."),
        ("UPDATE decisions SET everywhere = 0 WHERE number = 6", "known to the wrong essays: 6."),
        ("DELETE FROM decisions WHERE number = 3", "published lists that are not what was decided: 'e'."),
        ("DELETE FROM lists", "published lists that are not what was decided: 'e', 'f'."),
        ("DELETE FROM listed WHERE essay = 'f'", "published lists that are not what was decided: 'f'."),
        ("UPDATE listed SET piece = 'x' WHERE position = 1", "lists that are not what was decided: 'e', 'f'."),
        ("UPDATE lists SET strength = 0.1 WHERE essay = 'e'", "published lists that are not what was decided: 'e'."),
        ("INSERT INTO listed VALUES ('x', 0, 'a')", "published lists that are not what was decided"),
        ("INSERT INTO lists VALUES ('x', '', '', 0)", "published lists that are not what was decided: 'x'."),
    ],
)  # fmt: skip
def test_the_check_names_what_is_wrong_with_the_record(tmp_path, damage, said):
    library = SqliteLibrary(tmp_path / "library.db", WordEncoder())
    record(
        library, made("1", Change("hide", "c", everywhere=True)), made("2", Change("pin", "b", 1)), made("3", PUBLISH)
    )
    record(
        library,
        made("4", Change("size", place=3), "f"),
        made("5", PUBLISH, "f"),
        made("6", Change("undo", of="1"), "f"),
    )
    assert library.check() == []
    db = sqlite3.connect(tmp_path / "library.db")
    db.executescript(FREE + damage)
    db.commit()
    db.close()
    assert said in "\n".join(library.check())


def test_a_full_disk_is_an_error_and_leaves_the_record_as_it_was(library):
    record(library, made("1", Change("hide", "a")))
    before = list(library.decisions.every())
    db = library.connections.writer
    (pages_,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages_}")
    with pytest.raises(LibraryError) as caught:
        record(library, *(made(f"x{n}", Change("note", text="字" * 9999)) for n in range(9)))
    assert caught.value.cause == "write"
    assert list(library.decisions.every()) == before
    assert library.check() == []

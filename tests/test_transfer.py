"""A library as JSON Lines comes back unchanged, or not at all and with the line that is damaged."""

import base64
import json
import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from conftest import WordEncoder, essay
from hypothesis import given, settings
from hypothesis import strategies as st
from records import EVERY_FIELD, OTHER, PAGE, PIECES, SMALL, put, snapshot, stored

from recommender.library import Counts, LibraryError
from recommender.library.lines import line as with_checksum
from recommender.library.sqlite import SqliteLibrary
from recommender.library.transfer import backup, restore
from recommender.types import Article, Change, Decision, Paragraph, Proposal, Proposals, Ranking, Rule


@pytest.fixture
def full(tmp_path):
    """A library with all that a library can have, whose numbers have gaps."""
    library = SqliteLibrary(tmp_path / "library.db", WordEncoder())
    put(
        library, [essay("gone", "一去不返。"), PAGE, *PIECES, OTHER, EVERY_FIELD], {"page": replace(PAGE, title="原题")}
    )
    library.put_rules([Rule("版权所有", "paragraph", "page", 3, "approved"), Rule("广告", "phrase")])
    put(library, [replace(PAGE, links=("piece-2",))], {"page": replace(PAGE, links=("piece-2",), title="原题")})
    library.remove(["gone"])
    library.put_apart("page", ["other", "gone"])
    decisions = [
        Change("hide", "gone", everywhere=True, text="删了"),
        Change("pin", "piece-2", 1),
        Change("publish"),
        Change("undo", of="1"),
    ]
    for number, change in enumerate(decisions):
        rows = tuple(Proposal(piece, (), 0.25, "weak", "因为", "because") for piece in ("other", "gone"))
        proposals = Proposals("page", "digest", "words", "1", Ranking(words=0.25, more=("other",)), rows[number // 3 :])
        library.decisions.put(
            [Decision(0, str(number + 1), "page", "编辑", "2026-01-01T00:00:00+00:00", 0, change)], proposals, number
        )
    return library


def contents(library):
    """A snapshot without the numbers of articles and passages, and with what was decided and what follows from it."""
    counts, listings, articles, raw, _, _, vectors, passages, rules = snapshot(library)
    order = sorted(range(len(passages)), key=lambda row: str(passages[row]))
    ids = [listing.id for listing in listings]
    titles = library.titles(np.array(list(library.owners(ids).values()), np.int64)).tolist()
    vectors = [(passages[row], vectors[row]) for row in order]
    decided = list(library.decisions.every()), library.decisions.queue(), library.decisions.lists_with("piece-2")
    return counts, listings, articles, raw, vectors, titles, library.apart([*ids, "gone"]), rules, decided


def test_what_was_backed_up_comes_back(full, tmp_path):
    lines = list(backup(full))
    again = restore(lines, tmp_path / "again.db")
    assert contents(again) == contents(full)
    assert list(backup(again)) == lines
    assert again.check() == []
    assert again.identity != full.identity
    assert again.apart(["page", "other", "gone"]) == {("other", "page"), ("gone", "page")}
    query = ["与众不同的一段"]
    assert "other" in again.ids(again.by_words(query).numbers) == full.ids(full.by_words(query).numbers)
    assert {path.name for path in tmp_path.iterdir()} == {f"{n}.db{e}" for n in ("library", "again") for e in ENDS}


ENDS = ("", "-wal", "-shm")


def test_lines_can_be_read_by_other_programs(full):
    head, *lines = map(json.loads, backup(full))
    assert head["model"] == {"name": "words", "revision": "1", "dimension": WordEncoder.dimensions}
    assert (head["rules"], head["articles"], head["decisions"], head["proposals"]) == (2, 5, 4, 2)
    assert len(lines) == 2 + 5 + 4 + 2
    assert head["apart"] == [["gone", "page"], ["other", "page"]]
    title = np.frombuffer(base64.b64decode(lines[2]["title"]), "<f4")
    assert (title == WordEncoder().encode(["范文"], "passage")[0]).all()
    assert [line["rule"]["text"] for line in lines[:2]] == ["版权所有", "广告"]
    assert [line["article"]["id"] for line in lines[2:7]] == [article.id for article in stored(full)]
    assert [line["decision"]["uid"] for line in lines[7:] if "decision" in line] == ["1", "2", "3", "4"]
    assert [line["proposals"]["ranking"]["words"] for line in lines[7:] if "proposals" in line] == [0.25, 0.25]
    assert lines[2]["raw"] == {"title": "原题"}
    assert lines[2]["article"]["paragraphs"][:2] == [[0, "前言。"], [1, "一、创新意识"]]


def test_a_backup_goes_through_a_file_and_through_other_programs(full, tmp_path):
    lines = list(backup(full))
    path = tmp_path / "library.jsonl"
    path.write_text("".join(json.dumps(json.loads(line), indent=None) + "\r\n" for line in lines), "utf-8")
    with path.open(encoding="utf-8") as file:
        again = restore(file, tmp_path / "again.db")
    assert list(backup(again)) == lines


def test_a_backup_of_version_2_which_had_no_decisions_comes_back(full, tmp_path):
    head, *lines = map(json.loads, backup(full))
    old = {name: head[name] for name in ("format", "model", "rules", "articles", "apart")} | {"version": 2}
    kept = [values for values in lines if not values.keys() & {"decision", "proposals"}]
    without = [
        with_checksum({name: value for name, value in values.items() if name != "crc"}) for values in (old, *kept)
    ]
    again = restore(without, tmp_path / "again.db")
    assert contents(again)[:-1] == contents(full)[:-1]
    assert (list(again.decisions.every()), again.decisions.states()) == ([], {"new": 3})
    assert again.check() == []


def test_an_empty_library_comes_back(library, tmp_path):
    lines = list(backup(library))
    again = restore(lines, tmp_path / "again.db")
    assert again.counts() == Counts(0, 0, 0, 0)
    assert list(backup(again)) == lines


def test_a_library_that_was_emptied_comes_back(full, tmp_path):
    full.remove(listing.id for listing in full.listings())
    lines = list(backup(full))
    again = restore(lines, tmp_path / "again.db")
    assert again.counts() == full.counts() == Counts(0, 0, 0, WordEncoder.dimensions)
    assert list(backup(again)) == lines


def test_a_library_whose_titles_have_no_vectors_yet_comes_back(full, tmp_path):
    with sqlite3.connect(tmp_path / "library.db") as db:  # as one of version 2 that was brought up to date
        db.execute("DELETE FROM vectors WHERE text IN (SELECT text FROM titles)")
    db.close()
    lines = list(backup(full))
    again = restore(lines, tmp_path / "again.db")
    assert list(backup(again)) == lines
    assert contents(again) == contents(full)
    assert sorted(again.missing(WordEncoder(), 99)) == sorted({article.title for article in stored(full)})
    assert again.check() == []


def test_a_backup_is_of_one_moment(full):
    before = list(backup(full))
    lines = backup(full)
    begun = [next(lines), next(lines)]
    put(full, [essay("new", "新的文字"), replace(OTHER, title="改过")])
    full.remove(["full"])
    assert begun + list(lines) == before


texts = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=6)
articles = st.builds(
    Article,
    id=st.text(st.characters(exclude_categories=["Cs"]), max_size=2),
    title=texts,
    paragraphs=st.lists(st.builds(Paragraph, texts, st.integers(0, 3)), max_size=3).map(tuple),
    source=texts,
    truncated=st.booleans(),
    links=st.lists(texts, max_size=2).map(tuple),
    author=texts,
    tags=st.lists(texts, max_size=2).map(tuple),
)
rules = st.builds(Rule, texts, st.sampled_from(["paragraph", "phrase"]), texts, st.integers(0, 9))


@settings(max_examples=25)
@given(st.lists(articles, max_size=4, unique_by=lambda a: a.id), st.lists(rules, max_size=2), texts)
def test_any_library_comes_back(tmp_path_factory, articles, rules, title):
    folder = tmp_path_factory.mktemp("any")
    library = SqliteLibrary(folder / "library.db", WordEncoder())
    put(library, articles, {article.id: replace(article, title=title) for article in articles[1:]})
    library.put_rules(rules)
    lines = list(backup(library))
    again = restore(lines, folder / "again.db")
    assert list(backup(again)) == lines
    assert contents(again) == contents(library)
    library.close()
    again.close()


# --- what is refused ---


def refused(lines, path):
    with pytest.raises(LibraryError) as caught:
        restore(lines, path)
    assert not path.exists()
    assert [other.name for other in path.parent.iterdir() if "partial" in other.name] == []
    return str(caught.value)


def test_every_damaged_line_is_named(full, tmp_path):
    lines = list(backup(full))
    for number, line in enumerate(lines, 1):
        for middle in (len(line) // 3, len(line) // 2, len(line) - 3):
            other = "7" if line[middle] != "7" else "8"
            spoiled = [*lines[: number - 1], line[:middle] + other + line[middle + 1 :], *lines[number:]]
            said = refused(spoiled, tmp_path / "again.db")
            assert f"line {number} of the backup" in said
            assert "again.db was not made" in said


def test_a_backup_that_is_cut_off_anywhere_is_refused(full, tmp_path):
    lines = list(backup(full))
    for length in range(len(lines)):
        assert f"line {length + 1} of the backup" in refused(lines[:length], tmp_path / "again.db")
        half = [*lines[:length], lines[length][: len(lines[length]) // 2]]
        assert f"line {length + 1} of the backup" in refused(half, tmp_path / "again.db")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [*lines, "{}"],
        lambda lines: [lines[0], lines[3], *lines[1:3], *lines[4:]],
        lambda lines: [*lines[:-2], lines[-1], lines[-2]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: ["一篇文章\n"],
        lambda lines: ["[1]\n"],
        lambda lines: lines[1:],
    ],
    ids=[
        "more at the end",
        "another order",
        "an undoing of what comes later",
        "a line twice",
        "a line too few",
        "text",
        "another list",
        "no head",
    ],
)
def test_what_is_no_whole_backup_is_refused(full, tmp_path, spoil):
    assert "of the backup cannot be read" in refused(spoil(list(backup(full))), tmp_path / "again.db")


def test_what_is_restored_is_of_the_model_that_it_was_of(full, tmp_path):
    restore(backup(full), tmp_path / "again.db").close()
    with pytest.raises(LibraryError, match="--model words") as caught:
        SqliteLibrary(tmp_path / "again.db", SMALL)
    assert caught.value.cause == "model"


def test_nothing_is_written_over(full, tmp_path):
    before = snapshot(full)
    with pytest.raises(LibraryError, match="is there already") as caught:
        restore(backup(full), tmp_path / "library.db")
    assert caught.value.cause == "file"
    assert snapshot(full) == before

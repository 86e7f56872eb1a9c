"""What the site gets is what was published, of what the library has, and needs no model."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT, WordEncoder, essay
from planted import EDITOR, ESSAYS, PIECES, closeness_of, decide, planted
from records import put

from recommender import published as module
from recommender.desk import Desk
from recommender.library import Library
from recommender.library.sqlite import SqliteLibrary
from recommender.published import PublishedList, published_lists
from recommender.types import Change, Filter

PUBLISH = Change("publish")


@pytest.fixture
def desk(library: Library) -> Desk:
    return planted(library)


def ids(of_list: PublishedList) -> str:
    return "".join(piece.article.id for piece in of_list.pieces)


def lists(library: Library, *essays: str) -> dict[str, str]:
    return {of_list.essay.id: ids(of_list) for of_list in published_lists(library, essays or None)}


def test_a_published_list_says_all_that_readers_may_know(desk, library):
    assert list(published_lists(library)) == []
    decide(desk, Change("pin", "j", 2), Change("pin", "x", 1), Change("size", place=3), PUBLISH)
    [of_list] = published_lists(library)
    [head] = library.listings(Filter(ids=("E",)))
    last = desk.record.after(3)[0]
    assert (of_list.essay, of_list.by, of_list.at, of_list.lost) == (head, EDITOR, last.at, ("x",))
    assert [(piece.article.id, piece.is_pinned) for piece in of_list.pieces] == [
        ("a", False),
        ("j", True),
        ("b", False),
    ]
    for piece in of_list.pieces:
        assert piece.article == library.listings(Filter(ids=(piece.article.id,)))[0]
        assert piece.proposal is not None and piece.proposal.closeness == closeness_of(PIECES, piece.article.id)


def test_what_is_not_published_is_not_there(desk, library):
    decide(desk, Change("pin", "j", 1))
    assert lists(library) == {}
    draft = decide(desk, PUBLISH)
    decide(desk, Change("pin", "i", 1))
    assert lists(library) == {"E": "jabcdefghi"}
    desk.undo(desk.undo(desk.open(draft.essay), EDITOR), EDITOR)
    assert lists(library) == {}


def test_lists_come_in_the_order_asked_for_or_that_of_the_library(desk, library):
    for essay_ in ("F", "a", "E"):
        decide(desk, Change("size", place=1), PUBLISH, on=essay_)
    assert list(lists(library)) == ["E", "F", "a"]
    assert list(lists(library, "a", "b", "nowhere", "E", "a")) == ["a", "E"]
    assert list(published_lists(library, [])) == []


def test_what_leaves_the_library_makes_room_and_comes_back_to_its_place(desk, library):
    decide(desk, Change("pin", "b", 1), Change("size", place=3), PUBLISH)
    assert lists(library) == {"E": "bac"}
    gone = library.remove(["a", "b"])
    [of_list] = published_lists(library)
    assert (ids(of_list), of_list.lost) == ("cde", ("b",))
    put(library, gone)
    assert lists(library) == {"E": "bac"}
    library.remove(["E"])
    assert lists(library) == lists(library, "E") == {}


def test_what_is_hidden_everywhere_since_is_in_no_published_list(desk, library):
    for essay_ in ESSAYS:
        decide(desk, Change("size", place=3), PUBLISH, on=essay_)
    draft = decide(desk, Change("hide", "b", everywhere=True), on="c")
    assert lists(library) == {"E": "acd", "F": "acd"}
    decide(desk, Change("pin", "b", 1), PUBLISH, on="F")
    assert lists(library) == {"E": "acd", "F": "bac"}
    desk.undo(draft, EDITOR)
    assert lists(library) == {"E": "abc", "F": "bac"}


def test_an_essay_that_was_read_again_keeps_its_list(desk, library):
    decide(desk, Change("hide", "a"), PUBLISH)
    before = list(published_lists(library))
    put(library, [essay(id_, "别的文字", title=f"题{id_}") for id_ in ("E", *PIECES)])
    assert [ids(of_list) for of_list in published_lists(library)] == [ids(of_list) for of_list in before]


def test_many_lists_are_those_that_each_is_by_itself(desk, library, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 3)
    for at, essay_ in enumerate((*ESSAYS, *PIECES[:6])):
        decide(desk, Change("pin", PIECES[at], 1), Change("hide", PIECES[at + 1], everywhere=at % 3 == 0), on=essay_)
        decide(desk, PUBLISH, on=essay_)
    together = list(published_lists(library))
    assert len(together) == 8
    assert together == [one for of_list in together for one in published_lists(library, [of_list.essay.id])]


def test_no_model_is_loaded(tmp_path):
    library = SqliteLibrary(tmp_path / "library.db", WordEncoder())
    decide(planted(library), PUBLISH)
    library.close()
    code = (
        "import sys; from pathlib import Path; from recommender.library.sqlite import SqliteLibrary; "
        "from recommender.published import published_lists; "
        f"print(len(list(published_lists(SqliteLibrary(Path({str(tmp_path / 'library.db')!r}))))), "
        "{'torch', 'sentence_transformers', 'sklearn'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "1 set()"

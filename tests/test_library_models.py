"""Another model takes over when it has embedded everything, and what is not used any more gives its room back."""

import numpy as np
import pytest
from conftest import essay
from records import PAGE, PIECES, SMALL, all_passages, put, snapshot, stored

from recommender.library import LibraryError
from recommender.library.sqlite import SqliteLibrary


def embed_again(library, encoder, batch=3):
    while texts := library.missing(encoder, batch):
        library.put_vectors(encoder, texts, encoder.encode(texts, "passage"))
        yield texts


def texts_of(library):
    """Every text that has a vector."""
    return {p.text for p in all_passages(library)} | {listing.title for listing in library.listings()}


def test_another_model_takes_over_when_it_has_embedded_everything(library, open_library, encoder):
    put(library, [PAGE, *PIECES])
    before, identity = snapshot(library), library.identity
    steps = embed_again(library, SMALL)
    asked = next(steps)
    with pytest.raises(LibraryError, match="other/small") as caught:
        library.switch(SMALL)
    assert caught.value.cause == "model"
    assert snapshot(library) == before  # the old is searched all the while
    put(library, [essay("new", "新的一段。", "前言。")])  # and it can be changed
    for texts in embed_again(open_library(encoder), SMALL):  # taken up again by another
        asked += texts
    assert sorted(asked) == sorted(texts_of(library))  # each once
    old = library.matrix()
    library.switch(SMALL)
    assert library.identity != identity
    matrix = library.matrix()
    assert (matrix.numbers.tolist(), matrix.owners.tolist()) == (old.numbers.tolist(), old.owners.tolist())
    texts = [p.text for p in library.passages(matrix.numbers)]
    assert (matrix.vectors == SMALL.encode(texts, "passage")).all()
    assert library.known_vectors(["前言。"])["前言。"].shape == (8,)
    assert library.check() == []
    assert snapshot(open_library(SMALL)) == snapshot(library)


def test_who_has_it_open_under_the_old_model_is_told_of_the_switch(library, open_library, encoder):
    put(library, [PAGE, *PIECES])
    another = open_library(encoder)
    list(embed_again(another, SMALL))
    another.switch(SMALL)
    for use in (library.matrix, lambda: put(library, [essay("a", "文字")]), lambda: library.known_vectors(["文字"])):
        with pytest.raises(LibraryError, match="--model other/small") as caught:
            use()
        assert caught.value.cause == "model"
    assert library.counts().articles == 3
    put(another, [essay("a", "文字")], encoder=SMALL)


def test_the_vacuum_drops_other_models_and_the_work_can_begin_anew(library, encoder):
    put(library, [PAGE, *PIECES])
    steps = embed_again(library, SMALL)
    first = next(steps) + next(steps)
    library.vacuum()
    again = [text for texts in embed_again(library, SMALL) for text in texts]
    assert set(first) <= set(again)
    library.switch(SMALL)
    library.vacuum()
    assert library.check() == []
    assert sorted(library.missing(encoder, 999)) == sorted(texts_of(library))


def test_vectors_that_another_program_vacuumed_away_are_asked_for_again(library, open_library, encoder):
    put(library, [PAGE, *PIECES])
    steps = embed_again(library, SMALL)
    first = next(steps)
    open_library(encoder).vacuum()
    rest = [text for texts in steps for text in texts]
    assert set(first) <= set(rest)
    library.switch(SMALL)


def test_vectors_of_texts_that_are_gone_and_of_another_size_are_not_taken(library):
    put(library, [PAGE, *PIECES])
    library.put_vectors(SMALL, ["没有这段。", "前言。"], SMALL.encode(["没有这段。", "前言。"], "passage"))
    with pytest.raises(ValueError, match="8 dimensions"):
        library.put_vectors(SMALL, ["前言。"], np.ones((1, 9), np.float32))
    with pytest.raises(ValueError, match="shorter"):
        library.put_vectors(SMALL, ["前言。", " 尾段 "], np.ones((1, 8), np.float32))
    assert library.check() == []


def test_a_library_without_passages_changes_its_model_at_once(library, open_library):
    library.switch(SMALL)
    put(open_library(SMALL), [PAGE, *PIECES], encoder=SMALL)


def test_the_vacuum_gives_room_back(tmp_path, encoder):
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    put(library, [essay("kept", "留下")])
    library.vacuum()
    small = (tmp_path / "library.db").stat().st_size
    put(library, [essay("a", *(f"第 {n} 段" for n in range(99)))])
    library.remove(["a"])
    library.vacuum()
    assert (tmp_path / "library.db").stat().st_size <= small + 8192
    assert stored(library) == [essay("kept", "留下")]

"""An essay against other pieces: planted words say what each row is about, and which cells match."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from conftest import WordEncoder, essay
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.embed import Encoder, Vectors
from recommender.grid import MOST_SENTENCES, TOLD, clustered, grid, mutual, parallel, told
from recommender.recommend import Recommender
from recommender.segment import paragraphs
from recommender.types import Article

SHIPS = "harbour sailor anchor mast harbour"
BREAD = "flour oven yeast dough flour"
STARS = "comet planet orbit galaxy comet"
OTHERS = [essay(f"other{n}", " ".join(f"word{at}" for at in range(50 * n, 50 * n + 40))) for n in range(6)]

cells = arrays(
    np.float32,
    st.tuples(st.integers(1, 7), st.integers(1, 7)),
    elements=st.integers(-8, 8).map(lambda n: n / 8),
)


@pytest.fixture
def article(recommender: Recommender) -> Article:
    """An essay of three paragraphs; one piece is about the first, one about the third, none about the second."""
    article = essay("essay", SHIPS, BREAD, STARS)
    recommender.put([article, essay("stars", STARS), essay("ships", SHIPS), *OTHERS])
    return article


# --- paragraphs against pieces ---


def test_each_piece_stands_with_the_paragraph_that_it_is_about(recommender: Recommender, article: Article) -> None:
    found = grid(recommender, article, 2)
    serves = {piece.id: at for piece, at in zip(found.pieces, found.serves, strict=True)}
    assert serves == {"ships": 0, "stars": 2}
    columns = {piece.id: column for piece, column in zip(found.pieces, found.scores.T.tolist(), strict=True)}
    assert columns["ships"] == pytest.approx([1, 0, 0], abs=1e-6)
    assert columns["stars"] == pytest.approx([0, 0, 1], abs=1e-6)


def test_what_nothing_covers_is_bare_and_every_row_says_what_it_is_about(
    recommender: Recommender, article: Article
) -> None:
    found = grid(recommender, article, 3)
    assert found.bare == (1,)
    assert found.paragraphs == tuple(paragraphs(article))
    assert found.words[1] == ("flour", "oven", "yeast", "dough")


def test_a_text_that_is_not_in_the_library(recommender: Recommender, article: Article) -> None:
    recommender.remove(["essay"])
    pasted = essay("", STARS)
    found = grid(recommender, pasted, 1)
    assert [piece.id for piece in found.pieces] == ["stars"]
    assert found.serves == (0,)
    assert found.bare == ()


# --- what a paragraph is about ---


def test_words_that_stand_in_most_paragraphs_tell_of_none() -> None:
    asked = paragraphs(essay("x", "island harbour sailor", "island oven yeast", "island comet planet", "island"))
    assert told(asked, WordEncoder()) == (("harbour", "sailor"), ("oven", "yeast"), ("comet", "planet"), ())


def test_words_of_grammar_and_of_form_tell_nothing() -> None:
    asked = paragraphs(essay("x", "the research of it and the oven is important"))
    assert told(asked, WordEncoder()) == (("oven",),)


def test_a_model_that_can_be_taken_apart_says_which_words_tell(embedded: Encoder) -> None:
    asked = paragraphs(essay("x", "税务机关要规范增值税发票的征收管理。", "守门员扑出了点球，球员庆祝联赛冠军。"))
    tax, football = told(asked, embedded)
    assert {"税务机关", "增值税", "发票"} & set(tax)
    assert {"守门员", "点球", "球员"} & set(football)
    assert len(tax) <= TOLD
    assert all(word in asked[0].text for word in tax)


# --- order ---


@given(cells)
def test_a_clustered_order_has_every_row_once(scores: Vectors) -> None:
    assert sorted(clustered(scores)) == list(range(len(scores)))


def test_rows_of_a_kind_come_to_stand_together() -> None:
    kinds = np.array([0, 2, 1, 0, 1, 2, 0, 1])
    scores = np.eye(3, dtype=np.float32)[kinds] + np.linspace(0, 0.1, 8, dtype=np.float32)[:, np.newaxis]
    ordered = kinds[list(clustered(scores))].tolist()
    assert sum(a != b for a, b in pairwise(ordered)) == 2


def test_rows_that_stand_in_order_stay_in_it() -> None:
    rising = np.linspace(0, 1, 9, dtype=np.float32)[:, np.newaxis]
    assert clustered(rising) == tuple(range(9))
    assert clustered(rising[::-1]) == tuple(range(9))


# --- sentences against sentences ---


def test_a_piece_that_says_the_same_runs_along_the_diagonal(recommender: Recommender) -> None:
    here = essay("here", "harbour sailor anchor. flour oven yeast.", "comet planet orbit.")
    there = essay("there", "something else entirely. harbour sailor mast.", "flour oven dough. comet planet galaxy.")
    found = parallel(recommender, here, there)
    assert [s.text for s in found.here] == ["harbour sailor anchor.", "flour oven yeast.", "comet planet orbit."]
    assert found.pairs == ((0, 1), (1, 2), (2, 3))
    assert found.scores.shape == (3, 4)
    assert found.scores[0, 1] == pytest.approx(2 / 3)
    assert found.left_out == (0, 0)
    assert all(here.text[s.start : s.end] == s.text for s in found.here)
    assert all(there.text[s.start : s.end] == s.text for s in found.there)


def test_of_a_long_piece_the_beginning_is_compared(recommender: Recommender) -> None:
    long = essay("long", *(f"sentence number {n}." for n in range(MOST_SENTENCES + 7)))
    found = parallel(recommender, essay("short", "sentence number 3."), long)
    assert found.scores.shape == (1, MOST_SENTENCES)
    assert found.left_out == (0, 7)
    assert found.pairs == ((0, 3),)


@given(cells)
def test_a_pair_is_the_highest_of_its_row_and_of_its_column(scores: Vectors) -> None:
    pairs = mutual(scores)
    assert all(scores[i, j] == scores[i].max() == scores[:, j].max() > 0 for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert bool(pairs) or scores.max() <= 0


def test_no_sentences_have_no_pairs() -> None:
    assert mutual(np.empty((0, 3), np.float32)) == ()

"""Evidence: the planted pair of sentences comes first, and its offsets hold on both sides."""

import numpy as np
from conftest import essay
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from recommender.explain import best_pairs, evidence
from recommender.segment import segment, sentences

cell = st.sampled_from([0.0, 0.5, 1.0]) | st.floats(-1, 1, width=32)
similarities = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=cell)


@given(similarities, st.integers(0, 9))
def test_the_highest_pair_comes_first_and_takes_its_row_and_column(similarity, pairs):
    left = sorted(np.ndindex(*similarity.shape), key=lambda at: -similarity[at])
    expected = []
    while left and len(expected) < pairs:
        expected.append(left[0])
        left = [at for at in left if at[0] != expected[-1][0] and at[1] != expected[-1][1]]
    before = similarity.copy()
    assert best_pairs(similarity, pairs) == expected
    assert (similarity == before).all()


@given(similarities, st.integers(0, 9))
def test_every_row_and_column_serves_once_and_scores_descend(similarity, pairs):
    chosen = best_pairs(similarity, pairs)
    assert len(chosen) == min(pairs, *similarity.shape)
    assert len({row for row, _ in chosen}) == len({column for _, column in chosen}) == len(chosen)
    scores = [float(similarity[at]) for at in chosen]
    assert scores == sorted(scores, reverse=True)


def test_without_sentences_there_are_no_pairs():
    assert best_pairs(np.empty((0, 3), np.float32), 3) == best_pairs(np.empty((3, 0), np.float32), 3) == []


QUERY = essay(
    "q", "# 一、题目", "前面一段与此无关的文字。", "清晨河边薄雾弥漫。政府采购监管须要加强。孩子喜欢糖果饼干。"
)
ANSWER = essay("a", "开头还有另外一段话。", "城墙修筑于明代初年。羽毛球双打讲究轮转。加强政府采购监管工作。")


def test_the_planted_pair_comes_first_with_its_place_on_both_sides(encoder):
    asked, passage = segment(QUERY)[1:], segment(ANSWER)[1]
    (pairs,) = evidence(asked, [passage], encoder)
    best = pairs[0]
    assert (best.query.text, best.article.text) == ("政府采购监管须要加强。", "加强政府采购监管工作。")
    assert best.score == np.float32(0.8)  # 8 of 10 characters on either side
    assert len(pairs) == 3
    for pair in pairs:
        assert QUERY.text[pair.query.start : pair.query.end] == pair.query.text
        assert ANSWER.text[pair.article.start : pair.article.end] == pair.article.text
        assert passage.start <= pair.article.start < pair.article.end <= passage.end


def test_each_passage_gets_the_evidence_that_stands_in_it(encoder):
    found = evidence(segment(QUERY), [*segment(ANSWER), *segment(QUERY)], encoder)
    assert [len(pairs) for pairs in found] == [1, 3, 1, 3]
    assert [pairs[0].article.text for pairs in found[1:]] == [
        "加强政府采购监管工作。",
        "前面一段与此无关的文字。",
        "清晨河边薄雾弥漫。",  # all three of its sentences are in the query: the first of equals
    ]
    assert [pairs[0].score for pairs in found[2:]] == [1, 1]


def test_all_passages_are_encoded_in_two_calls(encoder):
    passages = [*segment(ANSWER), *segment(ANSWER)]
    evidence(segment(QUERY), passages, encoder)
    assert encoder.encoded == [
        *(("query", s.text) for p in segment(QUERY) for s in sentences(p)),
        *(("passage", s.text) for p in passages for s in sentences(p)),
    ]


def test_no_passages_need_no_evidence(encoder):
    assert evidence(segment(QUERY), [], encoder) == []
    assert encoder.encoded == []

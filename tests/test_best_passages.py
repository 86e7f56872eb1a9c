"""One row an article, by its best passage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.search import best_passages

score = st.sampled_from([0.0, 0.25, 0.5, 1.0, -1.0, -np.inf]) | st.floats(-1, 1, width=32)
owned = st.lists(st.tuples(score, st.sampled_from([0, 1, 5, 7, 400, 2**40])), max_size=40)


def ranked(scores, owners, k):
    found = [np.array(values) for values in (scores, owners)]
    return best_passages(found[0].astype(np.float32), found[1].astype(np.int64), k).tolist()


@given(owned, st.integers(0, 12))
def test_the_best_passage_of_each_of_the_best_articles(passages, k):
    best = {}
    for row, (score, owner) in enumerate(passages):
        if score > -np.inf and (owner not in best or score > best[owner][0]):
            best[owner] = (score, row)
    order = sorted(best, key=lambda owner: (-best[owner][0], owner))
    assert ranked(*(zip(*passages, strict=True) if passages else ([], [])), k) == [best[o][1] for o in order[:k]]


def test_a_long_article_takes_one_row_however_many_good_passages_it_has():
    assert ranked([0.9, 0.8, 0.7, 0.1, 0.2], [0, 0, 0, 1, 2], k=3) == [0, 4, 3]


def test_what_must_not_appear_does_not_appear_even_if_places_are_left():
    assert ranked([0.5, -np.inf, -np.inf, -0.5], [0, 0, 1, 2], k=10) == [0, 3]


def test_ties_keep_the_order_of_the_articles_and_of_their_passages():
    assert ranked([0.5, 0.5, 0.5, 0.5], [1, 1, 0, 0], k=10) == [2, 0]


@pytest.mark.parametrize("scores", [[], [1.0]])
def test_a_negative_k_is_refused(scores):
    with pytest.raises(ValueError, match="got -1"):
        ranked(scores, [0] * len(scores), k=-1)

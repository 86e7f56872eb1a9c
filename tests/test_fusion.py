"""One score of meaning and of words: its ends are either alone, and more of one never means less."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.rank import ENOUGH_WORDS, TITLE_SHARE, fused, meaning

shares = st.floats(0, 1)
scores = arrays(np.float32, st.integers(0, 20), elements=st.floats(0, 1, width=32))
pairs = st.integers(0, 20).flatmap(
    lambda n: st.tuples(*[arrays(np.float32, n, elements=st.floats(0, 1, width=32))] * 2)
)


def column(*values):
    return np.array(values, np.float32)


def order(values):
    return np.argsort(-values, kind="stable").tolist()


def test_meaning_is_the_passage_and_its_share_of_the_title_above_the_floor():
    found = meaning(column(0.6, 0.6, 0.2, -1, 1), column(0.6, 1.0, 0.2, -1, 1), 0.2)
    assert found == pytest.approx([0.5, (0.6 + 0.4 * TITLE_SHARE - 0.2) / 0.8, 0, 0, 1], abs=1e-6)
    assert found.dtype == np.float32


@given(pairs, st.floats(-0.5, 0.999))
def test_meaning_lies_between_nothing_and_the_same(both, floor):
    found = meaning(*both, floor)
    assert ((found >= 0) & (found <= 1)).all()


@given(pairs)
def test_no_share_of_words_is_the_order_of_meaning_and_all_that_of_words(both):
    meant, worded = both
    assert order(fused(meant, worded, 0)) == order(meant / np.float32(meant.max(initial=0) or 1))
    assert order(fused(meant, worded, 1)) == order(worded / max(worded.max(initial=0), np.float32(ENOUGH_WORDS)))


@given(pairs, shares)
def test_the_best_in_both_is_first_and_what_has_neither_is_nothing(both, share):
    meant, worded = (np.append(values, [1, 0]).astype(np.float32) for values in both)
    found = fused(meant, worded, share)
    assert found[-2] == found.max() == pytest.approx(1)
    assert found[-1] == 0
    assert ((found >= 0) & (found <= 1 + 1e-6)).all()


def test_each_counts_by_its_highest_and_few_words_in_common_count_little():
    assert fused(column(0.2, 0.1), column(0.5, 1.0), 0.5) == pytest.approx([0.75, 0.75])
    small = ENOUGH_WORDS / 10
    assert fused(column(0.2, 0.1), column(0, small), 0.5) == pytest.approx([0.5, 0.25 + 0.05])


def test_where_nothing_is_found_nothing_is_scored():
    assert fused(column(), column(), 0.6).tolist() == []
    assert fused(column(0, 0), column(0, 0), 0.6).tolist() == [0, 0]


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match=f"between 0 and 1, got {share}"):
        fused(column(1), column(1), share)

"""Search is exact: what comes back is what a full sort would give, and equal texts tie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.search import cosine, top_k

few = st.sampled_from([0.0, -0.0, 0.5, 1.0, -1.0, -np.inf])  # so that ties are many
scores = arrays(np.float32, st.integers(0, 60), elements=few | st.floats(width=32, allow_nan=False))


@given(scores, st.integers(0, 70))
def test_the_top_k_are_those_of_a_full_stable_sort(scores, k):
    assert top_k(scores, k).tolist() == sorted(range(len(scores)), key=lambda i: -scores[i])[:k]


@pytest.mark.parametrize("scores", [[], [1.0, 2.0]])
def test_a_negative_k_is_refused(scores):
    with pytest.raises(ValueError, match="got -1"):
        top_k(np.array(scores, np.float32), -1)


def unit(rng, n, d):
    rows = rng.normal(size=(n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("d", [3, 256, 384, 1023])
@pytest.mark.parametrize("p", [7, 1003])
def test_equal_rows_score_equally_wherever_they_stand(p, d):
    rng = np.random.default_rng(0)
    vectors = unit(rng, p, d)
    where = [*range(0, p, 3), p - 2, p - 1]
    vectors[where] = vectors[0]
    for query in unit(rng, 300, d):
        assert len(set(cosine(query[np.newaxis], vectors)[0, where].tolist())) == 1


def test_scores_are_cosines():
    rng = np.random.default_rng(0)
    vectors, queries = unit(rng, 1003, 256), unit(rng, 200, 256)
    found = cosine(queries, vectors)
    assert found.dtype == np.float32
    assert np.abs(found - queries.astype(np.float64) @ vectors.T.astype(np.float64)).max() < 2e-6


def test_a_query_scores_the_same_alone_and_among_others():
    rng = np.random.default_rng(0)
    vectors, queries = unit(rng, 333, 256), unit(rng, 50, 256)
    alone = np.concatenate([cosine(query[np.newaxis], vectors) for query in queries])
    assert (cosine(queries, vectors) == alone).all()


def test_a_row_scores_one_with_itself_and_none_with_nothing():
    rows = unit(np.random.default_rng(0), 20, 256)
    found = cosine(rows, np.concatenate([rows, np.zeros((1, 256), np.float32)]))
    assert (found.diagonal() == 1).all()
    assert (found[:, -1] == 0).all()

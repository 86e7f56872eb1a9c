"""Diversity, freshness and feedback: what each promises, for any numbers."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.rank.diversity import mmr
from recommender.rank.feedback import LESS, MORE, QUERY, rocchio
from recommender.rank.freshness import age, freshness
from recommender.search import top_k

TODAY = date(2024, 5, 1)


def units(*rows):
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def random_units(seed, n, d=6):
    return units(*np.random.default_rng(seed).normal(size=(n, d))) if n else np.empty((0, d), np.float32)


# -- diversity --------------------------------------------------------------------------------------------------------

ranked = st.lists(
    st.sampled_from([0.0, 0.5, 0.5000001, 1.0, -3.0, 1e-30, 1e30]) | st.floats(-9, 9, width=32), max_size=25
)
seeds = st.integers(0, 2**16)
shares = st.floats(0, 1)


def scores_of(values):
    return np.array(values, np.float32)


@given(ranked, seeds, st.integers(0, 30))
def test_no_diversity_is_exactly_the_plain_order(values, seed, k):
    scores = scores_of(values)
    assert mmr(scores, random_units(seed, len(scores)), 0, k).tolist() == top_k(scores, k).tolist()


@given(ranked, seeds, shares, st.integers(0, 30))
def test_every_choice_is_the_best_by_the_definition(values, seed, diversity, k):
    scores, vectors = scores_of(values), random_units(seed, len(values))
    found = mmr(scores, vectors, diversity, k).tolist()
    assert len(found) == len(set(found)) == min(k, len(values))
    assert found[:1] == top_k(scores, min(k, 1)).tolist()
    relevance = np.interp(scores.astype(float), [scores.min(), scores.max()], [0, 1]) if len(scores) else scores
    if len(scores) and scores.min() == scores.max():
        relevance = np.zeros(len(scores))
    for place in range(1, len(found)):
        nearest = (vectors @ vectors[found[:place]].T).max(axis=1)
        gains = (1 - diversity) * relevance - diversity * nearest
        left = [row for row in range(len(values)) if row not in found[:place]]
        assert gains[found[place]] >= gains[left].max() - 1e-5


@given(ranked, seeds, shares, st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_scale_of_the_scores_does_not_matter(values, seed, diversity, factor):
    scores, vectors = scores_of(values), random_units(seed, len(values))
    # Powers of two, so that nothing is rounded.
    assert (
        mmr(scores, vectors, diversity, 9).tolist() == mmr(scores * np.float32(factor), vectors, diversity, 9).tolist()
    )


def test_more_diversity_puts_off_what_repeats_the_first():
    scores = scores_of([0.9, 0.8, 0.3, 0.0])
    vectors = units([1, 0, 0], [1, 0.1, 0], [0, 1, 0], [0, 0, 1])
    assert mmr(scores, vectors, 0.1, 4).tolist() == [0, 1, 2, 3]
    assert mmr(scores, vectors, 0.6, 4).tolist() == [0, 2, 3, 1]


def test_difference_alone_looks_at_no_score_but_the_first():
    vectors = units([1, 0], [1, 1], [0, 1], [1, 0])
    assert mmr(scores_of([0.5, 9, 0.1, 0.7]), vectors, 1, 4).tolist() == [1, 0, 2, 3]


def test_ties_keep_the_order_of_position():
    same = np.repeat(units([1, 2, 3]), 5, axis=0)
    assert mmr(scores_of([0.5] * 5), same, 0.5, 5).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("diversity", [-0.1, 1.1, np.nan])
def test_diversity_outside_its_range_is_refused(diversity):
    with pytest.raises(ValueError, match=f"got {diversity}"):
        mmr(scores_of([1, 2]), random_units(0, 2), diversity, 1)


def test_what_cannot_be_ordered_is_refused():
    with pytest.raises(ValueError, match="got -1"):
        mmr(scores_of([1, 2]), random_units(0, 2), 0.5, -1)
    with pytest.raises(ValueError, match="finite"):
        mmr(scores_of([1, -np.inf]), random_units(0, 2), 0.5, 1)
    with pytest.raises(ValueError, match=r"\(2,\) scores and \(3, 6\) vectors"):
        mmr(scores_of([1, 2]), random_units(0, 3), 0.5, 1)


# -- freshness --------------------------------------------------------------------------------------------------------

days = st.floats(-1e6, 1e6)
ages = st.lists(days | st.just(np.nan), max_size=20).map(np.array)
half_lives = st.floats(1e-3, 1e5)


@given(half_lives)
def test_a_half_life_halves_exactly(half_life):
    assert freshness(np.array([0, half_life, 2 * half_life]), half_life).tolist() == [1, 0.5, 0.25]


@given(ages, half_lives | st.just(5e-324) | st.just(0.0))
def test_factors_are_above_0_and_at_most_1(ages, half_life):
    factors = freshness(ages, half_life)
    assert factors.dtype == np.float32 and factors.shape == ages.shape
    assert ((factors > 0) & (factors <= 1)).all()


@given(ages, half_lives)
def test_what_is_newer_never_counts_less(ages, half_life):
    known = np.sort(ages[~np.isnan(ages)])
    assert (np.diff(freshness(known, half_life)) <= 0).all()


@given(ages)
def test_no_half_life_changes_nothing(ages):
    assert (freshness(ages, 0) == 1).all()


def test_the_future_is_new():
    assert freshness(np.array([-400.0, 0.0]), 30).tolist() == [1, 1]


def test_what_has_no_date_counts_like_the_middle_one_of_those_that_have():
    assert freshness(np.array([0, np.nan, 30, 300, np.nan]), 30)[[1, 4]].tolist() == [0.5, 0.5]
    assert freshness(np.array([np.nan, np.nan]), 30).tolist() == [1, 1]


@pytest.mark.parametrize("half_life", [-1, np.inf, np.nan])
def test_a_half_life_that_is_none_is_refused(half_life):
    with pytest.raises(ValueError, match=f"got {half_life}"):
        freshness(np.array([1.0]), half_life)


def test_the_age_of_a_day_a_month_and_a_year():
    assert age("2024-05-01", TODAY) == 0
    assert age("2024-04-01", TODAY) == 30
    assert age("2024-05-03", TODAY) == -2
    assert age("2024-04", TODAY) == 15.5  # 30 days: between the 15th and the 16th
    assert age("2023", TODAY) == (TODAY - date(2023, 7, 2)).days
    assert age("2024", date(2024, 7, 1)) == -0.5  # a leap year: between 1 and 2 July
    assert np.isnan(age("", TODAY))


@given(st.dates())
def test_a_month_and_a_year_lie_around_their_days(day):
    for size, most in ((4, 182.5), (7, 15), (10, 0)):
        assert abs(age(day.isoformat()[:size], day)) <= most


@pytest.mark.parametrize(
    "word", ["yesterday", "2024-13", "2024-02-30", "24", "2024-5-1", "2024-05-01T10:00", "20240501", "2024-W18-1"]
)
def test_other_words_are_no_dates(word):
    with pytest.raises(ValueError, match=f"got '{word}'"):
        age(word, TODAY)


# -- feedback ---------------------------------------------------------------------------------------------------------

counts = st.integers(0, 4)


@given(seeds, counts, counts)
def test_the_moved_query_is_a_unit_row_by_the_formula(seed, wanted, unwanted):
    rows = random_units(seed, 1 + wanted + unwanted)
    query, more, less = rows[0], rows[1 : 1 + wanted], rows[1 + wanted :]
    moved = rocchio(query, more, less)
    assert moved.dtype == np.float32
    assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-5)
    expected = QUERY * query.astype(float)
    expected += MORE * sum(more) / max(wanted, 1) - LESS * sum(less) / max(unwanted, 1)
    assert moved == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)


@given(seeds, st.integers(1, 4))
def test_more_comes_nearer_and_less_turns_away(seed, size):
    query, *rows = random_units(seed, 1 + size)
    rows, none = np.array(rows), np.empty((0, 6), np.float32)
    middle = rows.mean(axis=0)
    assert middle @ rocchio(query, rows, none) >= middle @ query - 1e-6
    assert middle @ rocchio(query, none, rows) <= middle @ query + 1e-6


@given(seeds)
def test_nothing_given_returns_the_query_exactly_and_nothing_given_is_changed(seed):
    query, more, less = random_units(seed, 1)[0], random_units(seed + 1, 2), random_units(seed + 2, 2)
    before = [values.copy() for values in (query, more, less)]
    assert rocchio(query, more[:0], less[:0]).tolist() == query.tolist()
    rocchio(query, more, less)
    assert all((now == then).all() for now, then in zip((query, more, less), before, strict=True))


def test_a_query_without_a_known_word_stays_a_row_of_numbers():
    zeros, none = np.zeros(3, np.float32), np.empty((0, 3), np.float32)
    assert rocchio(zeros, np.zeros((1, 3), np.float32), none).tolist() == [0, 0, 0]
    assert rocchio(zeros, units([0, 2, 0]), none).tolist() == [0, 1, 0]


def test_other_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"got \(6,\), \(2, 6\) and \(1, 5\)"):
        rocchio(random_units(0, 1)[0], random_units(0, 2), random_units(0, 1, d=5))

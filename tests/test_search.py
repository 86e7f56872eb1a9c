"""Search is exact: what comes back is what a full sort would give, and equal texts tie. An index comes near to it."""

from pathlib import Path

import numpy as np
import pytest
from array_library import ArrayLibrary, clustered
from array_library import unit as unit_rows
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.library import upkeep
from recommender.search import best_passages, cosine, searcher, top_k
from recommender.search.searcher import Searcher

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
    return unit_rows(rng.normal(size=(n, d)))


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


# Few directions, so that ties are many, and few articles, so that some have many passages.
directions = unit_rows([(1, 0, 0), (0, 1, 0), (1, 1, 0), (1, 2, 2), (-1, 0, 1), (0, 0, -1)])
passages = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6)), max_size=40)
asked = st.lists(st.integers(0, 5), min_size=1, max_size=3)
subset = st.none() | st.sets(st.integers(5, 60)).map(lambda numbers: np.array(sorted(numbers), np.int64))
NOWHERE = Path("never written")


def library_of(passages, path=NOWHERE):
    rows, owners = ([p[part] for p in passages] for part in (0, 1))
    return ArrayLibrary(path, directions[rows] if rows else np.empty((0, 3), np.float32), np.array(owners, np.int64))


def by_hand(library, query, among, without):
    """All passages that may be found as (-score, number, owner), best first."""
    matrix = library.matrix()
    scores = cosine(query[np.newaxis], matrix.vectors)[0].tolist()
    found = zip([-score for score in scores], matrix.numbers.tolist(), matrix.owners.tolist(), strict=True)
    return sorted(row for row in found if (among is None or row[1] in among) and row[2] != without)


@given(passages, asked, st.integers(0, 50), subset, st.none() | st.integers(1, 6), st.booleans(), st.integers(1, 9))
def test_exact_search_finds_what_sorting_everything_finds(stored, asked, k, among, without, from_record, block):
    library = library_of(stored)
    queries = directions[asked]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searcher, "_BLOCK", block)
        patch.setattr(searcher.IndexKeeper, "standing", lambda *_: None)  # there is no index yet
        found = Searcher(library, exact=-1 if from_record else 1000).nearest(queries, k, among, without)
    assert found.exact
    for query, *row in zip(queries, found.scores, found.numbers, found.owners, strict=True):
        expected = by_hand(library, query, among, without)[:k]
        assert list(zip(*[values.tolist() for values in (-row[0], row[1], row[2])], strict=True)) == expected


@given(passages, asked, st.integers(0, 8), subset, st.none() | st.integers(1, 6))
def test_the_best_articles_are_those_of_all_passages(stored, asked, k, among, without):
    library = library_of(stored)
    found = Searcher(library).nearest_articles(directions[asked], k, among, without)
    for i, query in enumerate(directions[asked]):
        best = {}
        for score, number, owner in by_hand(library, query, among, without):
            best.setdefault(owner, (score, owner, number))
        rows = best_passages(found.scores[i], found.owners[i], k)
        assert found.numbers[i][rows].tolist() == [number for _, _, number in sorted(best.values())[:k]]


def test_one_article_that_has_all_of_the_best_passages_does_not_hide_the_others():
    rng = np.random.default_rng(0)
    query = unit(rng, 1, 8)
    near, far = unit_rows(query + 0.01 * rng.normal(size=(500, 8))), unit(rng, 30, 8)
    library = ArrayLibrary(NOWHERE, np.concatenate([near, far]), np.array([7] * 500 + list(range(100, 130))))
    found = Searcher(library).nearest_articles(query, 10)
    assert len({*found.owners[0].tolist()}) >= 10 and 7 in found.owners


def test_an_empty_library_has_no_passages():
    found = Searcher(library_of([])).nearest_articles(directions, 10)
    assert found.numbers.shape == found.owners.shape == found.scores.shape == (6, 0)


@pytest.mark.parametrize("search", [Searcher.nearest, Searcher.nearest_articles])
def test_a_searcher_refuses_a_negative_k(search):
    with pytest.raises(ValueError, match="got -"):
        search(Searcher(library_of([(0, 1)])), directions, -1)


def test_scores_of_given_passages_in_the_order_asked_for():
    library = library_of([(0, 1), (1, 1), (2, 2), (3, 2)])
    library.remove(np.array([11]))
    found = Searcher(library).scores_of(directions[:2], np.array([13, 10, 11, 10]))
    expected = cosine(directions[:2], directions[[3, 0, 1, 0]])
    expected[:, 2] = -np.inf
    assert (found == expected).all()


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """20,000 passages of 2,000 articles in clusters, with their index; only read from it."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("planted") / "library.db"
    library = ArrayLibrary(path, clustered(rng, 20_000, 32), np.arange(20_000) // 10)
    by_index = Searcher(library, exact=1000)
    by_index.keeper.build()
    return library, by_index, unit_rows(library.matrix().vectors[::400] + 0.02 * rng.normal(size=(50, 32)))


def recall(found, expected):
    return np.mean([len(np.intersect1d(f, e)) / len(e) for f, e in zip(found.numbers, expected.numbers, strict=True)])


def test_the_index_finds_what_exact_search_finds_and_scores_it_equally(planted):
    library, by_index, queries = planted
    library.read = 0
    found, expected = by_index.nearest(queries, 10), Searcher(library).nearest(queries, 10)
    assert not found.exact
    assert recall(found, expected) >= 0.98
    same = found.numbers == expected.numbers
    assert (found.scores[same] == expected.scores[same]).all()
    assert library.read <= 3 * 10 * len(queries)  # only the candidates


def test_the_index_finds_the_articles_that_exact_search_finds(planted):
    library, by_index, queries = planted
    shared = []
    for query in queries:
        lists = []
        for one in (by_index, Searcher(library)):
            found = one.nearest_articles(query[np.newaxis], 10, without=7)
            lists.append(found.owners[0][best_passages(found.scores[0], found.owners[0], 10)])
        assert len(lists[0]) == 10 and 7 not in lists[0]
        shared.append(len(np.intersect1d(*lists)) / 10)
    assert np.mean(shared) >= 0.98


@pytest.mark.parametrize("step", [3, 15, 5000])  # wide, narrow, fewer than are asked for
def test_filters_are_kept_by_the_index(planted, step):
    library, by_index, queries = planted
    among = library.matrix().numbers[::step]
    found, expected = by_index.nearest(queries, 10, among), Searcher(library).nearest(queries, 10, among)
    assert np.isin(found.numbers, among).all()
    assert recall(found, expected) >= 0.98
    is_narrow = len(among) <= searcher.NARROW
    assert found.exact == is_narrow
    if is_narrow:
        assert (found.numbers == expected.numbers).all() and (found.scores == expected.scores).all()


def test_a_filter_that_leaves_passages_far_from_the_query_only_still_finds_ten(planted):
    library, by_index, queries = planted
    far = np.sort(np.argsort(cosine(queries[:1], library.matrix().vectors)[0])[:3000])
    among = library.matrix().numbers[far]
    found, expected = by_index.nearest(queries[:1], 10, among), Searcher(library).nearest(queries[:1], 10, among)
    assert found.numbers.shape == (1, 10)
    assert (found.scores >= expected.scores - 0.001).all()


def test_leaving_out_an_article_that_has_all_of_the_nearest_passages_leaves_ten_others(tmp_path):
    rng = np.random.default_rng(0)
    vectors = clustered(rng, 6_000, 16, clusters=20)
    near = unit_rows(vectors[:1] + 0.001 * rng.normal(size=(600, 16)))
    owners = [*range(6000), *[9999] * 600]
    library = ArrayLibrary(tmp_path / "library.db", np.concatenate([vectors, near]), owners)
    by_index = Searcher(library, exact=1000)
    by_index.keeper.build()
    found = by_index.nearest(vectors[:1], 10, without=9999)
    assert recall(found, Searcher(library).nearest(vectors[:1], 10, without=9999)) >= 0.9


def test_more_than_there_are_is_all(planted):
    _, by_index, queries = planted
    assert by_index.nearest(queries[:1], 30_000).numbers.shape == (1, 20_000)


def test_a_query_without_a_known_word_is_answered_at_once(planted):
    library, by_index, _ = planted
    library.read = 0
    assert by_index.nearest_articles(np.zeros((1, 32), np.float32), 10).scores.max() == 0
    assert library.read < 1000


def test_while_there_is_no_index_the_record_is_read_and_the_answer_exact(tmp_path, monkeypatch):
    monkeypatch.setattr(upkeep.IndexKeeper, "_begin", lambda self: None)
    vectors = clustered(np.random.default_rng(0), 3_000, 16)
    library = ArrayLibrary(tmp_path / "library.db", vectors, np.arange(3_000))
    found, expected = Searcher(library, exact=1000).nearest(vectors[:5], 10), Searcher(library).nearest(vectors[:5], 10)
    assert found.exact and (found.numbers == expected.numbers).all() and (found.scores == expected.scores).all()

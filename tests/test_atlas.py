"""The plane keeps neighbours together, is the same on every run, and moves little when little has changed."""

import os
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_rand_score

from recommender.atlas import NONE, Atlas, Theme, found
from recommender.atlas import neighbours as finding
from recommender.atlas.keeping import changed, from_bytes, moved_to, to_bytes
from recommender.atlas.neighbours import nearest, neighbours
from recommender.atlas.plane import placed, plane
from recommender.atlas.themes import themes
from recommender.atlas.trust import trust
from recommender.embed import unit


def planted(clusters, each, dimensions=32, spread=0.3, seed=0):
    """Clusters of unit vectors, far from one another, in no order; and which each belongs to."""
    rng = np.random.default_rng(seed)
    own = rng.permutation(np.repeat(np.arange(clusters), each))
    vectors = rng.normal(size=(clusters, dimensions))[own] + spread * rng.normal(size=(len(own), dimensions))
    return own, unit(vectors.astype(np.float32))


def random_units(n, dimensions=8, seed=0):
    return unit(np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32))


def drawn(vectors, start=None):
    return plane(vectors, neighbours(vectors), start)


def closest(xy):
    """The nearest other point of each."""
    distances = np.linalg.norm(xy[:, np.newaxis] - xy, axis=2)
    np.fill_diagonal(distances, np.inf)
    return distances.argmin(axis=1)


# --- neighbours ---


def test_neighbours_are_those_of_the_greatest_cosines():
    vectors = random_units(300, 64)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    expected = np.argsort(-cosines, axis=1)[:, : finding.NEAR]
    assert (np.sort(neighbours(vectors)) == np.sort(expected)).mean() > 0.99  # rounding exchanges a few that nearly tie


def test_of_few_points_the_root_of_their_number_are_neighbours():
    assert [neighbours(random_units(n)).shape[1] for n in (0, 1, 2, 3, 4, 10, 100, 225, 400)] == [
        *(0, 0, 1, 1, 2),
        *(3, 10, 10, 10),
    ]


def test_nothing_is_its_own_neighbour_however_many_are_equal():
    vectors = np.tile(random_units(1), (60, 1))
    rows = neighbours(vectors)
    assert rows.shape == (60, 7)
    assert (rows != np.arange(60)[:, np.newaxis]).all()


def test_above_a_size_most_neighbours_are_found_and_those_found_are_near(monkeypatch):
    _, vectors = planted(40, 50, 64, spread=0.8)
    exact = neighbours(vectors)
    monkeypatch.setattr(finding, "EXACT", 1000)
    rows = neighbours(vectors)
    hits = [len(set(some) & set(true)) for some, true in zip(rows.tolist(), exact.tolist(), strict=True)]
    assert np.mean(hits) / exact.shape[1] > 0.9
    assert (rows == neighbours(vectors)).all()


def test_a_search_can_be_watched_and_stopped():
    seen = []
    nearest(random_units(9000), random_units(9000), 3, seen.append)
    assert seen == sorted(seen) and seen[-1] == 1 and len(seen) == 3

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        neighbours(random_units(50), stop)


# --- the plane ---


@pytest.mark.parametrize(("clusters", "each"), [(5, 6), (8, 50), (20, 10)])
def test_the_nearest_on_the_plane_is_of_the_same_cluster(clusters, each):
    own, vectors = planted(clusters, each)
    assert (own[closest(drawn(vectors))] == own).mean() > 0.97


def test_many_points_keep_their_neighbours_too():
    own, vectors = planted(40, 80)  # by the grid
    xy = drawn(vectors)
    assert trustworthiness(vectors, xy, n_neighbors=10) > 0.95
    assert (own[closest(xy)] == own).mean() > 0.99


_PRINT = """
import hashlib, sys
import numpy as np
from recommender.atlas.neighbours import neighbours
from recommender.atlas.plane import plane
for path in sys.argv[1:]:
    vectors = np.load(path)
    print(hashlib.sha256(plane(vectors, neighbours(vectors)).tobytes()).hexdigest())
"""


def test_the_plane_is_the_same_on_every_run_with_any_number_of_threads(tmp_path):
    paths = [tmp_path / f"{each}.npy" for each in (30, 320)]  # by the tree, and by the grid
    for path in paths:
        np.save(path, planted(10, int(path.stem))[1])
    counts = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", _PRINT, *map(str, paths)],
            env=os.environ | dict.fromkeys(counts, threads),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for threads in ("1", "3")
    ]
    printed = {run.communicate()[0] for run in runs}
    assert len(printed) == 1 and len(printed.pop().split()) == len(paths)


@pytest.mark.parametrize("n", range(8))
def test_few_points_have_their_places_too(n):
    xy = drawn(random_units(n))
    assert xy.shape == (n, 2) and xy.dtype == np.float32
    assert np.isfinite(xy).all()
    assert len(set(map(tuple, xy.tolist()))) == n


def test_an_empty_library_has_an_empty_plane():
    assert drawn(np.empty((0, 0), np.float32)).shape == (0, 2)


@pytest.mark.parametrize("n", [2, 4, 60, 3100])
def test_reposts_of_one_text_have_places_although_nothing_sets_them_apart(n):
    assert np.isfinite(drawn(np.tile(random_units(1), (n, 1)))).all()


def test_reposts_among_others_lie_where_their_text_does():
    vectors = random_units(80, 16)
    vectors[40:60] = vectors[0]
    xy = drawn(vectors)
    spread = np.linalg.norm(xy[40:60] - xy[0], axis=1).max()
    assert spread < 0.2 * np.linalg.norm(np.ptp(xy, axis=0))


def test_whoever_watches_can_stop_it():
    shares = []

    def stop(share):
        shares.append(share)
        if share > 0.5:
            raise KeyboardInterrupt

    vectors = random_units(50)
    with pytest.raises(KeyboardInterrupt):
        plane(vectors, neighbours(vectors), watch=stop)
    assert shares == sorted(shares) and 0.5 < shares[-1] < 0.6


def test_drawn_again_with_a_few_others_the_rest_moves_little():
    _, vectors = planted(10, 60)
    first = drawn(vectors[:594])
    kept = np.concatenate([first[6:], placed(first, nearest(vectors[:594], vectors[594:], 10))])
    again = drawn(vectors[6:], kept)
    moved = np.linalg.norm(again[:588] - first[6:], axis=1)
    assert np.median(moved) < 0.03 * np.linalg.norm(np.ptp(first, axis=0))


# --- themes ---


def test_planted_clusters_are_themes():
    own, vectors = planted(6, 50)
    broad, _ = themes(neighbours(vectors))
    assert adjusted_rand_score(own, broad) == 1
    assert sorted(set(broad)) == list(range(6))


def test_themes_remain_when_a_few_articles_are_others():
    _, vectors = planted(25, 24, spread=0.8)  # more than there are broad themes: which go together is arbitrary
    broad, fine = themes(neighbours(vectors))
    others = np.concatenate([vectors[6:], random_units(6, 32)])
    known = tuple(np.concatenate([of[6:], np.full(6, NONE, np.int32)]) for of in (broad, fine))
    with_them, anew = (themes(neighbours(others), before)[0][:-6] for before in (known, None))
    assert adjusted_rand_score(broad[6:], with_them) > 0.9 > adjusted_rand_score(broad[6:], anew)


def test_groups_that_nothing_joins_are_themes_however_many():
    own, vectors = planted(20, 20, spread=0.1)
    broad, _ = themes(neighbours(vectors))
    assert adjusted_rand_score(own, broad) == 1


def test_themes_that_are_none_any_more_do_not_remain():
    own, vectors = planted(6, 50)
    chance = np.random.default_rng(1).integers(0, 6, 300).astype(np.int32)
    broad, _ = themes(neighbours(vectors), (chance, np.full(300, NONE, np.int32)))
    assert adjusted_rand_score(own, broad) == 1


# --- placing without moving ---


def test_a_new_point_lies_by_most_of_its_neighbours_and_not_between_two_groups():
    here = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    [place] = placed(np.concatenate([here, 100 + here]), np.array([[0, 1, 2, 3, 4, 5, 60, 61, 62, 63]]))
    assert np.linalg.norm(place) < 2


def test_held_out_points_land_in_their_own_clusters():
    own, vectors = planted(8, 50)
    xy = drawn(vectors[:360])
    places = placed(xy, nearest(vectors[:360], vectors[360:], 10))
    nearby = np.linalg.norm(places[:, np.newaxis] - xy, axis=2).argmin(axis=1)
    assert (own[:360][nearby] == own[360:]).all()


@given(st.integers(1, 30), st.integers(0, 5), st.booleans())
def test_places_are_within_those_of_the_neighbours(n, m, is_one_place):
    rng = np.random.default_rng(n)
    xy = np.zeros((n, 2), np.float32) if is_one_place else rng.normal(size=(n, 2)).astype(np.float32)
    rows = rng.integers(0, n, size=(m, min(n, 10)))
    places = placed(xy, rows)
    assert places.shape == (m, 2)
    assert (places >= xy[rows].min(axis=1) - 1e-5).all() and (places <= xy[rows].max(axis=1) + 1e-5).all()


# --- trust ---


def test_trust_is_the_share_of_true_neighbours_that_are_near():
    xy = np.array([[0, 0], [1, 0], [3, 0], [7, 0], [15, 0], [31, 0]], np.float32)
    rows = np.array([[1, 2], [0, 5], [4, 5], [2, 1], [3, 2], [4, 3]])
    assert trust(rows, xy).tolist() == [1, 0.5, 0, 1, 1, 1]


def test_a_lone_point_is_trusted():
    assert trust(np.empty((1, 0), np.int64), np.zeros((1, 2), np.float32)).tolist() == [1]


@given(st.integers(2, 40))
def test_trust_is_a_share(n):
    vectors = random_units(n)
    shares = trust(neighbours(vectors), drawn(vectors))
    assert shares.shape == (n,) and shares.dtype == np.float32
    assert ((shares >= 0) & (shares <= 1)).all()


# --- a map that is kept ---


def kept_map(vectors, owners):
    xy = drawn(vectors)
    half = np.where(np.arange(len(xy)) % 2, 1, 0).astype(np.int32)
    themes = (Theme(0, -1, ("甲",), 0, 0.0, 0.0), Theme(1, -1, ("乙",), 0, 0.0, 0.0))
    fine = np.full(len(xy), -1, np.int32)
    return Atlas(owners, owners * 10, xy, np.ones(len(xy), np.float32), half, fine, themes)


def test_a_map_comes_back_from_bytes_as_it_was():
    atlas = kept_map(random_units(9), np.arange(9))
    again = from_bytes(to_bytes(atlas))
    for name in ("owners", "versions", "xy", "trust", "broad", "fine"):
        assert (getattr(again, name) == getattr(atlas, name)).all()
        assert getattr(again, name).dtype == getattr(atlas, name).dtype
    assert again.themes == atlas.themes


def test_a_map_of_nothing_comes_back_too():
    again = from_bytes(to_bytes(kept_map(np.empty((0, 4), np.float32), np.arange(0))))
    assert again.xy.shape == (0, 2)


def test_what_came_changed_and_went_is_counted():
    owners = np.array([1, 2, 3, 4])
    atlas = kept_map(random_units(4), owners)
    assert changed(atlas, owners, owners * 10) == 0
    assert changed(atlas, np.array([2, 3, 4]), np.array([20, 30, 40])) == 1
    assert changed(atlas, np.array([1, 2, 3, 4, 5]), np.array([10, 20, 31, 40, 50])) == 2
    assert changed(atlas, np.array([7, 8]), np.array([70, 80])) == 6


def test_those_that_stay_do_not_move_when_others_come_and_go():
    own, vectors = planted(4, 30)
    owners = np.arange(120) * 2
    atlas = kept_map(vectors[:100], owners[:100])
    now = np.concatenate([owners[10:100], owners[100:]])
    moved = moved_to(atlas, now, now * 10, vectors[10:])
    assert (moved.xy[:90] == atlas.xy[10:]).all()
    nearby = np.linalg.norm(moved.xy[90:, np.newaxis] - atlas.xy, axis=2).argmin(axis=1)
    assert (own[:100][nearby] == own[100:]).all()
    assert (moved.trust[90:] == 0).all()
    assert [theme.size for theme in moved.themes] == np.bincount(moved.broad).tolist()


def test_one_that_says_something_else_now_lies_elsewhere():
    own, vectors = planted(4, 30)
    owners = np.arange(120)
    atlas = kept_map(vectors, owners)
    other = int(np.flatnonzero(own != own[0])[0])
    vectors[0], versions = vectors[other], owners * 10
    assert (moved_to(atlas, owners, versions, vectors).xy == atlas.xy).all()
    versions[0] += 1
    moved = moved_to(atlas, owners, versions, vectors)
    assert (moved.xy[1:] == atlas.xy[1:]).all()
    assert own[1:][np.linalg.norm(atlas.xy[1:] - moved.xy[0], axis=1).argmin()] == own[other]


def test_what_says_nothing_is_in_the_middle_and_attracts_nothing():
    vectors = random_units(20)
    atlas = kept_map(vectors, np.arange(20))
    with_blank = np.concatenate([vectors, np.zeros((1, 8), np.float32), -vectors[:1]])
    now = np.arange(22)
    moved = moved_to(moved_to(atlas, now[:21], now[:21], with_blank[:21]), now, now, with_blank)
    assert moved.xy[20].tolist() == [0, 0] and moved.broad[20] == -1
    assert moved.broad[21] in (0, 1)


@given(st.sets(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_numbers_are_found_where_they_stand(among, asked):
    rising = np.array(sorted(among), np.int64)
    rows = found(rising, np.array(asked, np.int64))
    assert [rising[row] if row >= 0 else None for row in rows] == [n if n in among else None for n in asked]

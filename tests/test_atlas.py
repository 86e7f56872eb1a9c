"""The plane keeps neighbours together, and is the same on every run."""

import numpy as np
import pytest

from recommender.atlas.plane import plane

CLUSTERS, EACH = 5, 6


@pytest.fixture(scope="module")
def planted():
    """Five clusters of six unit vectors each, far from one another, in no order."""
    rng = np.random.default_rng(0)
    own = rng.permutation(np.repeat(np.arange(CLUSTERS), EACH))
    vectors = rng.normal(size=(CLUSTERS, 32))[own] + 0.3 * rng.normal(size=(len(own), 32))
    return own, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_the_nearest_neighbour_on_the_plane_is_of_the_same_cluster(planted):
    own, vectors = planted
    points = plane(vectors)
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (own[distances.argmin(axis=1)] == own).all()


def test_the_plane_is_the_same_twice(planted):
    assert (plane(planted[1]) == plane(planted[1])).all()


@pytest.mark.parametrize("n", range(6))
def test_few_points_have_their_places_too(n):
    vectors = np.random.default_rng(0).normal(size=(n, 8)).astype(np.float32)
    points = plane(vectors)
    assert points.shape == (n, 2) and points.dtype == np.float32
    assert np.isfinite(points).all()
    assert len(set(map(tuple, points.tolist()))) == n


def test_an_empty_library_has_an_empty_plane():
    assert plane(np.empty((0, 0), np.float32)).shape == (0, 2)


@pytest.mark.parametrize("row", [np.full(8, 8**-0.5), np.zeros(8)])
def test_reposts_of_one_text_have_places_although_nothing_sets_them_apart(row):
    assert np.isfinite(plane(np.tile(row, (4, 1)).astype(np.float32))).all()


def test_a_text_without_known_words_has_a_place():
    assert np.isfinite(plane(np.eye(6, 8, k=-1, dtype=np.float32))).all()

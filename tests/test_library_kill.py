"""Nothing that a library acknowledged is lost, and nothing is half there, when its process is killed at any moment."""

import pytest

from benchmarks import kills
from benchmarks.kills import FIRST, KINDS, kill, put
from recommender.library.sqlite import SqliteLibrary


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kills")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_process_loses_nothing_that_it_acknowledged(kind, seed, folder):
    outcome = kill(kind, seed, folder)
    assert outcome.problems == []
    assert outcome.lost == 0


@pytest.mark.parametrize(("claimed", "lost"), [(1, 0), (2, 0), (3, 4), (9, 28)])
def test_a_lost_decision_would_be_seen(claimed, lost, tmp_path):
    path = tmp_path / "library.db"
    kills._begin_full(path)
    library = SqliteLibrary(path, FIRST)
    for number in range(2):
        kills._put_decisions(library, number)
    library.close()
    outcome = kills._outcome("decide", path, claimed)
    assert outcome.lost == lost
    assert bool(outcome.problems) == bool(lost)


@pytest.mark.parametrize(("claimed", "lost"), [(1, 0), (2, 0), (3, 2), (9, 14)])
def test_a_lost_change_would_be_seen(claimed, lost, tmp_path):
    path = tmp_path / "library.db"
    library = SqliteLibrary(path, FIRST)
    for number in range(2):  # each is a page and a piece; the second may not be acknowledged yet
        put(library, kills._group(number))
    library.close()
    outcome = kills._outcome("add", path, claimed)
    assert outcome.lost == lost
    assert bool(outcome.problems) == bool(lost)

"""The index file beside a library: always rebuildable, never half written, right about what came and went since."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from array_library import ArrayLibrary, clustered
from filelock import FileLock

from recommender.library import index as indexing
from recommender.library import upkeep
from recommender.library.index import Stopped, build, read, write
from recommender.library.sqlite import SqliteLibrary
from recommender.library.upkeep import IndexKeeper
from recommender.search.searcher import Searcher
from recommender.segment import paragraphs
from recommender.types import Article, Filter, Paragraph

ROOT = Path(__file__).parent.parent
P, D = 6_000, 16


@pytest.fixture
def library(tmp_path):
    return ArrayLibrary(tmp_path / "library.db", clustered(np.random.default_rng(0), P, D), np.arange(P) // 5)


@pytest.fixture
def searcher(library):
    """Searches by an index, which is built."""
    searcher = Searcher(library, exact=1000)
    searcher.keeper.build()
    yield searcher
    searcher.keeper.close()


def standing(keeper, library):
    return keeper.standing(library.numbers(indexing.EVERYTHING))


def nearest(searcher, vectors, k=5):
    return searcher.nearest(np.atleast_2d(vectors), k).numbers


def test_what_was_written_is_read_back(library, tmp_path):
    made = build(library)
    write(made, tmp_path / "file.index")
    found = read(tmp_path / "file.index", library.identity)
    assert (found.size, found.last, found.scale, found.identity) == (P, P + 9, made.scale, "one")
    queries = library.matrix().vectors[:50]
    assert (found.candidates(queries, 10) == made.candidates(queries, 10)).all()
    assert [path.name for path in tmp_path.iterdir()] == ["file.index"]


def test_a_passage_takes_little_more_than_a_byte_a_dimension(library, tmp_path):
    write(build(library), tmp_path / "file.index")
    lists = 2 * int(P**0.5) * (4 * D + 100)
    assert (tmp_path / "file.index").stat().st_size <= P * (D + 8) + lists


def damage(content, kind):
    middle = len(content) // 2
    return {
        "empty": b"",
        "cut": content[:middle],
        "a byte short": content[:-1],
        "longer": content + b"x",
        "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "older": content.replace(b"index 1", b"index 0", 1),
        "foreign": b"SQLite format 3\0" + content,
    }[kind]


@pytest.mark.parametrize("kind", ["empty", "cut", "a byte short", "longer", "flipped", "older", "foreign"])
def test_a_damaged_index_is_built_anew(searcher, library, kind):
    path = searcher.keeper.path
    good = path.read_bytes()
    path.write_bytes(damage(good, kind))
    keeper = IndexKeeper(library)
    assert standing(keeper, library) is None
    keeper.wait()
    assert standing(keeper, library).index.size == P
    assert read(path, library.identity)
    keeper.close()


def test_an_index_of_another_library_or_model_is_built_anew(searcher, library):
    assert standing(searcher.keeper, library).index.identity == "one"
    library.identity = "two"
    assert standing(searcher.keeper, library) is None
    searcher.keeper.wait()
    assert standing(searcher.keeper, library).index.identity == "two"


def test_a_new_passage_is_found_at_once_and_read_only_once(searcher, library):
    vectors = library.matrix().vectors[[3, 70]] * -1
    assert nearest(searcher, vectors[0]).size == 5
    for vector in vectors:
        (number,) = library.add(vector[np.newaxis], [99_999])
        library.read = 0
        assert nearest(searcher, vector)[0, 0] == number
        assert library.read <= 1 + 3 * 5
    assert set(nearest(searcher, vectors)[:, 0]) == {P + 10, P + 11}


def test_a_removed_passage_is_never_found_and_others_take_its_place(searcher, library):
    query = library.matrix().vectors[7]
    (new,) = library.add(query[np.newaxis], [99_999])
    before = nearest(searcher, query, 40)[0]
    assert new in before
    library.remove(before)
    after = nearest(searcher, query, 40)[0]
    assert len(after) == 40 and not np.isin(after, before).any()
    expected = nearest(Searcher(library), query, 40)[0]
    assert np.isin(expected, after).mean() >= 0.9


@pytest.mark.parametrize("change", ["added", "removed", "both"])
def test_an_index_is_built_anew_when_too_much_has_changed(searcher, library, change):
    few, many = int(P * upkeep.STALE), int(P * upkeep.STALE) + 1
    old = standing(searcher.keeper, library).index
    for count in (few, many - few):
        assert standing(searcher.keeper, library).index is old
        if change != "removed":
            library.add(library.matrix().vectors[:count], np.arange(count))
        if change != "added":
            library.remove(library.matrix().numbers[:count])
    assert standing(searcher.keeper, library).index is old  # which serves until the new one is there
    searcher.keeper.wait()
    new = standing(searcher.keeper, library)
    assert new.index.size == len(library.matrix().numbers) and not len(new.tail.numbers)


def test_passages_that_come_while_the_index_is_built_are_found(library, monkeypatch):
    searcher, vector = Searcher(library, exact=1000), library.matrix().vectors[5] * -1
    begun, go = threading.Event(), threading.Event()

    def slowly(path_index, path):
        begun.set()
        go.wait(30)
        write(path_index, path)

    monkeypatch.setattr(upkeep, "write", slowly)
    assert nearest(searcher, vector).size == 5
    assert begun.wait(30)
    (number,) = library.add(vector[np.newaxis], [99_999])
    assert nearest(searcher, vector)[0, 0] == number  # without an index
    go.set()
    searcher.keeper.wait()
    assert nearest(searcher, vector)[0, 0] == number
    assert standing(searcher.keeper, library).tail.numbers.tolist() == [number]


def test_another_process_sees_the_new_index_when_it_is_there(searcher, library):
    other = IndexKeeper(library)
    assert standing(other, library).index.last == P + 9
    library.add(library.matrix().vectors[:100], np.arange(100))
    searcher.keeper.build()
    assert standing(other, library).index.last == P + 109


def test_two_builders_do_not_build_at_once(library, monkeypatch):
    built = []
    monkeypatch.setattr(upkeep, "build", lambda *given: built.append(1) or build(*given))
    keepers = [IndexKeeper(library), IndexKeeper(library)]
    with FileLock(f"{library.name}.index.lock"):  # another process is at it
        for keeper in keepers:
            keeper.build()
            assert standing(keeper, library) is None
            keeper.wait()
    assert not built and not keepers[0].path.exists()
    keepers[1].build()
    assert built == [1] and standing(keepers[0], library)


def test_a_builder_that_was_killed_leaves_nothing_in_the_way(library):
    lock, half = f"{library.name}.index.lock", f"{library.name}.index.partial"
    code = (
        "import os, pathlib, sys; from filelock import FileLock; FileLock(sys.argv[1]).acquire(); "
        "pathlib.Path(sys.argv[2]).write_bytes(b'half'); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, lock, half]).returncode
    assert os.path.exists(lock) and os.path.exists(half)
    keeper = IndexKeeper(library)
    keeper.build()
    assert standing(keeper, library) and not os.path.exists(half)


def test_a_write_that_fails_leaves_the_old_index_and_no_rubbish(searcher, library, monkeypatch):
    path = searcher.keeper.path
    good = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        searcher.keeper.build()
    assert path.read_bytes() == good
    assert not list(path.parent.glob("*.partial"))


def test_where_no_index_can_be_written_search_goes_on_and_says_so_once(library, monkeypatch, caplog):
    monkeypatch.setattr(upkeep, "write", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    searcher = Searcher(library, exact=1000)
    for _ in range(3):
        assert searcher.nearest(library.matrix().vectors[:1], 5).exact
        searcher.keeper.wait()
    assert caplog.text.count("could not be built") == 1 and "Permission denied" in caplog.text


def test_an_empty_library_has_no_index(tmp_path):
    keeper = IndexKeeper(ArrayLibrary(tmp_path / "library.db", np.empty((0, D), np.float32), []))
    with pytest.raises(Stopped):
        keeper.build()
    assert list(tmp_path.glob("*.index")) == []


@pytest.mark.parametrize("step", ["_trained", "write"])
def test_closing_gives_up_what_is_being_built(library, monkeypatch, step):
    module = {"_trained": indexing, "write": upkeep}[step]
    begun, original = threading.Event(), getattr(module, step)

    def signalled(*given):
        begun.set()
        while not keeper._stop.is_set():
            time.sleep(0.001)
        return original(*given)

    monkeypatch.setattr(module, step, signalled)
    keeper = IndexKeeper(library)
    assert standing(keeper, library) is None
    assert begun.wait(30)
    keeper.close()
    assert not keeper._builder.is_alive()
    assert keeper.path.exists() == (step == "write")
    assert standing(keeper, library) is None or step == "write"  # and no other is begun
    assert not keeper._builder.is_alive()


def test_a_process_that_ends_while_the_index_is_built_ends_well(tmp_path):
    code = """
import sys, pathlib, numpy as np
from array_library import ArrayLibrary, clustered
from recommender.search.searcher import Searcher
vectors = clustered(np.random.default_rng(0), 60_000, 32)
library = ArrayLibrary(pathlib.Path(sys.argv[1]), vectors, np.arange(60_000))
print(Searcher(library, exact=1000).nearest(vectors[:1], 3).numbers[0, 0])
"""
    command = [sys.executable, "-c", code, str(tmp_path / "library.db")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "10\n", "")
    assert not list(tmp_path.glob("*.index*partial"))


def test_a_library_in_a_file_is_searched_by_its_index_too(tmp_path):
    vectors = clustered(np.random.default_rng(0), 3_000, D)
    articles = [Article(f"a{i}", "", tuple(Paragraph(f"text {i} {n}") for n in range(10))) for i in range(300)]
    passages = [passage for article in articles for passage in paragraphs(article)]
    library = SqliteLibrary(tmp_path / "library.db", SimpleNamespace(name="planted", revision="1"))
    library.put(articles, passages, vectors, np.zeros((len(articles), D), np.float32))
    by_index, exact, queries = Searcher(library, exact=1000), Searcher(library), vectors[::60]
    by_index.keeper.build()
    for taken in ([], ["a3", "a7"]):
        library.remove(taken)
        own = library.owners(["a0"])["a0"]
        found, expected = (one.nearest_articles(queries, 3, without=own) for one in (by_index, exact))
        assert (found.exact, expected.exact) == (False, True)
        assert (found.scores == expected.scores).mean() >= 0.98
        gone = [passage.article_id for passage in library.passages(np.unique(found.numbers))]
        assert not {"a0", *taken} & set(gone)
    among = library.numbers(Filter(unlinked_by="a5"))
    assert (by_index.nearest(queries, 3, among).scores == exact.nearest(queries, 3, among).scores).mean() >= 0.98
    library.close()

"""A library that many have open: readers and writers do not disturb each other, and a failed write nobody."""

import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT, WordEncoder, essay
from hypothesis import given, settings
from hypothesis import strategies as st
from records import PAGE, PIECES, put, snapshot, stored

from recommender.library import LibraryError, connections
from recommender.library.sqlite import SqliteLibrary
from recommender.segment import segment
from recommender.types import Rule

# --- others who have it open ---


@pytest.fixture
def hasty(monkeypatch):
    """Libraries that wait a tenth of a second for others, where they usually wait long."""
    monkeypatch.setattr(connections, "WAIT_SECONDS", 0.1)


def test_what_another_connection_writes_is_seen(library, open_library, encoder):
    another = open_library(encoder)
    for title in ("甲", "乙"):
        put(another, [essay("a", "文字", title=title)])
        assert library.articles(["a"])["a"].title == title
        assert library.known_vectors(["文字"])


def test_a_reader_blocks_no_writer_and_sees_its_own_moment(library, open_library, encoder, tmp_path, hasty):
    put(library, [PAGE, *PIECES])
    reader = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    put(open_library(encoder), [essay("new", "新的一段。")])
    open_library(encoder).vacuum()
    assert library.counts().articles == 4
    assert reader.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    reader.close()


def test_a_writer_blocks_no_reader(library, open_library, encoder, tmp_path, hasty):
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    writer = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM articles")
    assert snapshot(library) == snapshot(open_library(encoder)) == before  # and it opens meanwhile
    writer.close()


def test_a_second_writer_waits(library, open_library, encoder, tmp_path):
    writer = sqlite3.connect(tmp_path / "library.db", isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    later = threading.Timer(0.2, writer.execute, ["COMMIT"])
    later.start()
    began = time.monotonic()
    put(library, [essay("a", "文字")])
    assert time.monotonic() - began > 0.1
    assert library.counts().articles == 1
    writer.close()


def test_a_writer_that_waits_in_vain_says_so(tmp_path, encoder, hasty):
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    writer = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    for change in (
        lambda: put(library, [essay("new", "新的一段。")]),
        lambda: library.remove(["page"]),
        lambda: library.put_rules([Rule("文字", "phrase")]),
        lambda: library.vacuum(),
    ):
        with pytest.raises(LibraryError, match="locked") as caught:
            change()
        assert caught.value.cause == "write"
        assert "other program" in str(caught.value)
    writer.close()
    assert snapshot(library) == before
    put(library, [essay("new", "新的一段。")])
    assert [a.id for a in stored(library)] == ["page", "piece-2", "piece-1", "new"]


def test_many_threads_write_at_once(library, open_library, encoder):
    each = 8
    shared = [library, library, open_library(encoder)]

    def write(number):
        for n in range(each):
            put(shared[number], [essay(f"{number}-{n}", f"文字 {n}", links=(f"p{n}",)), piece(number, n)])

    def piece(number, n):
        return replace(essay(f"p{n}", f"篇 {n}"), page=f"{number}-{n}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(shared))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.counts().articles == each * (len(shared) + 1)
    assert library.check() == []


@pytest.mark.parametrize("shared", [True, False], ids=["one library", "three libraries"])
def test_readers_never_see_half_a_write(library, open_library, encoder, shared):
    # Everything differs between the two states: a mixture of them would not be consistent.
    long = essay("page", *(f"第 {n} 段的文字,{n * '长'}" for n in range(30)), source="page", links=("piece-1",))
    states = [[long, PIECES[1], essay("z", "末尾")], [essay("page", "短", source="page"), essay("z", "结束" * 9)]]
    put(library, states[0])
    right = [{p.text for article in state for p in segment(article)} for state in states]
    vectors = {text: vector for text in right[0] | right[1] for vector in WordEncoder().encode([text], "passage")}
    done = threading.Event()
    wrong: list[object] = []

    def read(reader):
        try:
            while not done.is_set():
                matrix = reader.matrix()
                sums = {frozenset(texts): sum(vectors[t] for t in texts).sum() for texts in map(frozenset, right)}
                if not any(np.isclose(matrix.vectors.sum(), total, rtol=1e-4) for total in sums.values()):
                    wrong.append(matrix)
                if sorted(listing.id for listing in reader.listings()) not in (["page", "piece-1", "z"], ["page", "z"]):
                    wrong.append("listings")
                again = reader.vectors(matrix.numbers)
                if not (np.isin(again.numbers, matrix.numbers).all() and len(again.vectors) == len(again.numbers)):
                    wrong.append(again)
        except Exception as error:
            wrong.append(error)

    readers = [library if shared else open_library(encoder) for _ in range(2)]
    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)  # threads take turns a thousand times as often, so that what can come between does
    for thread in threads:
        thread.start()
    try:
        for n in range(60):
            put(library, states[n % 2])
    finally:
        done.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(usual)
    assert wrong == []


def test_programs_that_begin_a_library_at_once_share_it(tmp_path):
    code = (
        "import sys; from pathlib import Path; from benchmarks.kills import FIRST, _group, put; "
        "from recommender.library.sqlite import SqliteLibrary; sys.stdin.readline(); "
        "put(SqliteLibrary(Path(sys.argv[1]), FIRST), _group(int(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "library.db")]
    programs = [subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, cwd=ROOT) for n in range(4)]
    time.sleep(0.5)
    for program in programs:
        program.stdin.write(b"go\n")
        program.stdin.close()
    assert [program.wait() for program in programs] == [0] * 4
    library = SqliteLibrary(tmp_path / "library.db", WordEncoder("first", "first"))
    assert library.counts().articles == 8
    assert library.check() == []


def test_a_log_that_was_left_behind_is_read(tmp_path, encoder):
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    put(library, [PAGE, *PIECES])
    # What a process leaves that is killed: the file as it was at first, and all changes in the log.
    for name in ("library.db", "library.db-wal"):
        (tmp_path / "copy").mkdir(exist_ok=True)
        (tmp_path / "copy" / name).write_bytes((tmp_path / name).read_bytes())
    assert (tmp_path / "copy" / "library.db-wal").stat().st_size > 0
    again = SqliteLibrary(tmp_path / "copy" / "library.db", encoder)
    assert stored(again) == stored(library)
    again.close()
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["library.db"]


def test_a_closed_library_is_closed(library):
    put(library, [PAGE, *PIECES])
    stored(library)
    library.close()
    with pytest.raises(sqlite3.ProgrammingError):
        library.counts()


# --- disks that are full ---


def test_a_full_disk_leaves_the_library_as_it_was(tmp_path):
    library = SqliteLibrary(tmp_path / "library.db", WordEncoder())
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    db = library.connections.writer
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(LibraryError, match="full") as caught:
        put(library, [essay(f"new-{n}", "新的一段。" * 99) for n in range(99)])
    assert caught.value.cause == "write"
    assert "disk" in str(caught.value) and library.name in str(caught.value)
    assert snapshot(library) == before
    assert library.check() == []
    db.execute(f"PRAGMA max_page_count = {pages + 999}")
    put(library, [essay("new", "新的一段。")])
    assert library.counts().articles == 4


# A file that may not grow is what a full disk is to a program: its writes fail.
_NO_ROOM = """
import resource, sys
sys.path[:0] = [{root!r}, {root!r} + "/tests"]
from pathlib import Path
from benchmarks.kills import FIRST, _group, put
from recommender.library import LibraryError
from recommender.library.sqlite import SqliteLibrary
library = SqliteLibrary(Path({path!r}), FIRST)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
done = 0
try:
    while True:
        put(library, [article for n in range(20) for article in _group(20 * done + n)])
        done += 1
except LibraryError as error:
    print(done, error.cause, library.counts().articles, library.check())
"""


def test_a_disk_that_takes_no_more_is_an_error_and_not_a_broken_file(tmp_path):
    pytest.importorskip("resource")
    path = str(tmp_path / "library.db")
    code = _NO_ROOM.format(root=str(ROOT), path=path)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    done, cause, articles, problems = said.stdout.split()
    assert int(done) > 0
    assert (cause, int(articles), problems) == ("write", 40 * int(done), "[]")
    again = SqliteLibrary(tmp_path / "library.db", WordEncoder("first", "first"))
    assert again.counts().articles == 40 * int(done)
    assert again.check() == []


# --- the matrix in memory ---


def test_what_was_given_out_never_changes(library):
    put(library, [essay("a", "一", "二"), essay("b", "三")])
    first = library.matrix()
    copy = first.numbers.copy(), first.owners.copy(), first.vectors.copy()
    for write in (first.numbers, first.owners, first.vectors):
        with pytest.raises(ValueError, match="read-only"):
            write[0] = 0
    put(library, [essay("c", "四")])
    second = library.matrix()
    put(library, [essay("d", "五")])
    library.remove(["a"])
    third = library.matrix()
    assert [len(m.numbers) for m in (first, second, third)] == [3, 4, 3]
    assert all((was == now).all() for was, now in zip(copy, (first.numbers, first.owners, first.vectors), strict=True))
    assert [p.text for p in library.passages(third.numbers)] == ["三", "四", "五"]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("一二三四五六"), max_size=4)), max_size=25)
)
def test_the_matrix_brought_up_to_date_is_the_matrix_read_anew(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("matrix") / "library.db"
    library, writer = SqliteLibrary(path, WordEncoder()), SqliteLibrary(path, WordEncoder())
    for step, (id, texts) in enumerate(changes):
        put(writer, [essay(id, *texts)]) if texts else writer.remove([id])
        if step == 9:
            writer.vacuum()  # which forgets what was removed
        if step % 2:
            fresh = SqliteLibrary(path, WordEncoder())
            for kept, read in ((library.matrix(), fresh.matrix()), (library._passages.matrix(), fresh.matrix())):
                assert kept.numbers.tolist() == read.numbers.tolist()
                assert kept.owners.tolist() == read.owners.tolist()
            assert np.array_equal(library.matrix().vectors, fresh.matrix().vectors)
            fresh.close()
    library.close()
    writer.close()

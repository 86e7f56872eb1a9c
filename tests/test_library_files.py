"""Which files are opened as a library, those of version 1 included, and what the check finds in them."""

import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT, WordEncoder, essay
from records import OTHER, PAGE, PIECES, SMALL, all_passages, put, snapshot, stored

from benchmarks.kills import write_version_1
from recommender.library import Counts, LibraryError, content_digest
from recommender.library.schema import VERSION
from recommender.library.sqlite import SqliteLibrary
from recommender.segment import segment
from recommender.types import Change, Decision, Proposals, Ranking, Rule

# --- files that are no library of this model ---


def test_another_models_library_is_refused_with_both_names_and_the_remedy(library, open_library):
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    with pytest.raises(LibraryError) as caught:
        open_library(WordEncoder(name="other/words", revision="2"))
    for part in (library.name, "'words' (revision 1)", "'other/words' (revision 2)", "--model words", "reembed"):
        assert part in str(caught.value)
    assert caught.value.cause == "model"
    assert snapshot(library) == snapshot(open_library(WordEncoder())) == before


def test_the_same_model_with_other_weights_is_not_offered_as_the_remedy(library, open_library):
    with pytest.raises(LibraryError) as caught:
        open_library(WordEncoder(revision="2"))
    assert "revision 1" in str(caught.value)
    assert "use --model" not in str(caught.value)
    assert "embed them again" in str(caught.value)


def test_the_same_model_under_another_name_is_the_same_model(library, open_library):
    put(library, [PAGE, *PIECES])
    assert snapshot(open_library(WordEncoder(name="/another/path/to/words"))) == snapshot(library)


def test_no_two_libraries_have_one_identity(open_library, encoder):
    assert open_library(encoder, "a.db").identity == open_library(encoder, "a.db").identity
    assert open_library(encoder, "a.db").identity != open_library(encoder, "b.db").identity


def text_file(path):
    path.write_text("一篇文章,不是文库。\n" * 200, "utf-8")


def other_database(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE articles (id TEXT)")
        database.execute("INSERT INTO articles VALUES ('mine')")
    database.close()


def write_ahead_database(path):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE notes (text TEXT)")
    database.close()


def future_library(path):
    SqliteLibrary(path, WordEncoder()).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()


def damaged_library(path):
    library = SqliteLibrary(path, WordEncoder())
    put(library, [PAGE, *PIECES])
    library.close()
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * 4000 + data[4100:])


def damaged_old_library(path):
    write_version_1(path, WordEncoder(), [PAGE, *PIECES])
    database = sqlite3.connect(path)
    database.execute("UPDATE articles SET paragraphs = 'no JSON' WHERE id = 'page'")
    database.commit()
    database.close()


@pytest.mark.parametrize("make", [text_file, other_database, write_ahead_database, future_library, damaged_library])
def test_a_file_that_is_no_library_is_refused_and_left_alone(tmp_path, make):
    path = tmp_path / "some.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(LibraryError) as caught:
        SqliteLibrary(path, WordEncoder())
    assert str(path) in str(caught.value) and "--library" in str(caught.value)
    assert caught.value.cause == "file"
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["some.db"]


def test_a_library_of_a_future_version_says_which_and_what_to_do(tmp_path):
    future_library(tmp_path / "some.db")
    with pytest.raises(LibraryError, match=rf"version 99, this program reads version {VERSION}.*update this"):
        SqliteLibrary(tmp_path / "some.db", WordEncoder())


def test_a_file_that_is_damaged_in_the_middle_says_so(tmp_path, encoder):
    path = tmp_path / "library.db"
    library = SqliteLibrary(path, encoder)
    put(library, [essay(f"a{n}", f"文字 {n}" * 50) for n in range(50)])
    library.close()
    data = path.read_bytes()
    half = len(data) // 2  # its tables' names stand before that
    path.write_bytes(data[:half] + b"\xff" * (len(data) - half))
    library = SqliteLibrary(path, encoder)
    with pytest.raises(LibraryError, match="damaged") as caught:
        snapshot(library)
    assert caught.value.cause == "file"
    assert "restore a backup" in str(caught.value)
    assert any("damaged" in problem for problem in library.check())


def test_a_folder_is_no_library(tmp_path):
    with pytest.raises(LibraryError, match="--library"):
        SqliteLibrary(tmp_path, WordEncoder())


def test_the_folders_of_a_new_library_are_made(tmp_path):
    path = tmp_path / "new" / "folder" / "文库.db"
    put(SqliteLibrary(path, WordEncoder()), [PAGE, *PIECES])
    assert stored(SqliteLibrary(path, WordEncoder()))[0] == PAGE


# --- libraries of version 1 ---


def test_a_library_of_version_1_is_brought_up_to_date(tmp_path, encoder):
    path = tmp_path / "library.db"
    alone = [essay("blank"), essay("x", "独立的文字", "a\0b")]
    write_version_1(path, encoder, [PAGE, *PIECES, OTHER, *alone])
    for _ in range(2):
        library = SqliteLibrary(path, encoder)
        assert stored(library) == [PAGE, *PIECES, OTHER, *alone]
        assert library.raw(["page"]) == {"page": PAGE}
        assert library.digests(["page"]) == {"page": content_digest(PAGE)}
        assert all_passages(library) == [p for a in [PAGE, *PIECES, OTHER, *alone] for p in segment(a)]
        texts = [p.text for p in library.passages(library.matrix().numbers)]
        assert (library.matrix().vectors == encoder.encode(texts, "passage")).all()
        assert library.counts().links == 3
        assert library.check() == []
        library.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
    put(SqliteLibrary(path, encoder), [replace(PAGE, links=())])
    assert [a.id for a in stored(SqliteLibrary(path, encoder))] == ["page", "piece-1", "other", "blank", "x"]


def test_a_piece_of_version_1_whose_first_page_gave_it_up_is_the_others(tmp_path, encoder):
    write_version_1(tmp_path / "library.db", encoder, [replace(PAGE, links=("piece-2",)), *PIECES, OTHER])
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    assert library.articles(["piece-1"]) == {"piece-1": replace(PIECES[1], page="other", source="other")}
    assert library.check() == []


def test_an_empty_library_of_version_1(tmp_path, encoder):
    write_version_1(tmp_path / "library.db", encoder, [])
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    assert library.counts() == Counts(0, 0, 0, 0)
    put(library, [PAGE, *PIECES])
    assert library.check() == []


def test_another_models_library_of_version_1_is_refused(tmp_path, encoder):
    write_version_1(tmp_path / "library.db", encoder, [PAGE, *PIECES])
    with pytest.raises(LibraryError, match="--model words"):
        SqliteLibrary(tmp_path / "library.db", SMALL)
    assert stored(SqliteLibrary(tmp_path / "library.db", encoder)) == [PAGE, *PIECES]


def test_a_damaged_library_of_version_1_stays_as_it_was(tmp_path, encoder):
    path = tmp_path / "library.db"
    damaged_old_library(path)
    with pytest.raises(LibraryError) as caught:
        SqliteLibrary(path, encoder)
    assert caught.value.cause == "file"
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (3,)
    db.close()


# --- libraries of versions 2 and 3, and of other terms ---

# What version 3 added.
UNDO = """
DROP TRIGGER articles_words; DROP TABLE vocabulary; DROP TABLE words;
DROP TABLE sketches; DROP TABLE apart; DROP TABLE titles;
ALTER TABLE library DROP COLUMN terms; ALTER TABLE library DROP COLUMN words;
DELETE FROM vectors WHERE text NOT IN (SELECT text FROM passages);
DELETE FROM texts WHERE number NOT IN (SELECT text FROM passages);
PRAGMA user_version = 2;
"""


def change(path, sql):
    db = sqlite3.connect(path)
    db.executescript(sql)
    db.close()


def write_version_3(path, encoder, articles):
    """A library of version 3: what one of this version holds, in the tables that the program of then made."""
    now = path.with_name("now.db")
    library = SqliteLibrary(now, encoder)
    put(library, articles, {"page": replace(PAGE, title="如读到的")})
    library.put_rules([Rule("版权所有", "paragraph", "page", 3, "approved")])
    library.put_apart("page", ["other"])
    library.close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript((ROOT / "tests" / "library_v3.sql").read_text("utf-8"))
    tables = [name for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'") if sql]
    own = [name for name in tables if not name.startswith(("words_", "sqlite_", "vocabulary", "library"))]
    db.execute("ATTACH ? AS now", (str(now),))
    for table in [*own, "library"]:  # the counts in the last are those of the other, whatever triggers count here
        columns = ", ".join(name for _, name, *_ in db.execute(f"PRAGMA main.table_info({table})"))
        columns += ", rowid" * (table == "words")
        db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}")
    db.commit()
    db.close()
    for file in path.parent.glob("now.db*"):
        file.unlink()


def write_version_2(path, encoder, articles):
    """A library of version 2: one of version 3 without what that did not have."""
    write_version_3(path, encoder, articles)
    change(path, UNDO)


def by_words(library, query):
    return library.ids(library.by_words([query]).numbers)


def schema_of(path):
    db = sqlite3.connect(path)
    found = set(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    db.close()
    return found


def test_a_library_of_version_3_is_brought_up_to_date(tmp_path, encoder):
    path = tmp_path / "library.db"
    articles = [PAGE, *PIECES, OTHER, essay("blank"), essay("x", "张桂梅的文字", title="铿锵")]
    write_version_3(path, encoder, articles)
    for _ in range(2):
        library = SqliteLibrary(path, encoder)
        assert stored(library) == articles
        assert library.raw(["page"]) == {"page": replace(PAGE, title="如读到的")}
        assert library.rules() == [Rule("版权所有", "paragraph", "page", 3, "approved")]
        assert library.apart(["page", "other"]) == {("other", "page")}
        assert by_words(library, "张桂梅") == by_words(library, "铿锵") == ["x"]
        assert (library.titles(np.array([1])) == encoder.encode(["范文"], "passage")).all()
        assert library.missing(encoder, 99) == []
        assert (library.decisions.after(0), library.decisions.states()) == ([], {"new": 4})
        assert library.check() == []
        library.close()
    SqliteLibrary(tmp_path / "fresh.db", encoder).close()
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")  # the triggers of the record, too


@pytest.mark.parametrize("write", [write_version_1, write_version_2, write_version_3])
def test_decisions_can_be_made_in_what_was_an_earlier_library(tmp_path, encoder, write):
    path = tmp_path / "library.db"
    write(path, encoder, [PAGE, *PIECES, OTHER])
    library = SqliteLibrary(path, encoder)
    decided = Decision(0, "uid", "page", "编辑", "2026-01-01T00:00:00+00:00", 0, Change("publish"))
    proposals = Proposals("page", library.digests(["page"])["page"], "words", "1", Ranking(), ())
    assert library.decisions.put([decided], proposals, 0) == [replace(decided, number=1, proposals=1)]
    assert library.decisions.states() == {"new": 1, "done": 1}
    assert library.check() == []


def test_a_library_of_version_2_is_brought_up_to_date_and_searched_by_words(tmp_path, encoder):
    path = tmp_path / "library.db"
    articles = [PAGE, *PIECES, OTHER, essay("blank"), essay("x", "张桂梅的文字", title="铿锵")]
    write_version_2(path, encoder, articles)
    for _ in range(2):
        library = SqliteLibrary(path, encoder)
        assert stored(library) == articles
        assert library.raw(["page"]) == {"page": replace(PAGE, title="如读到的")}
        assert by_words(library, "张桂梅") == by_words(library, "铿锵") == ["x"]
        assert not library.titles(np.array([1, 2, 3])).any()
        assert library.check() == []
        library.close()
    library = SqliteLibrary(path, encoder)
    # Titles are embedded when the library is, also by the model that it has.
    texts = library.missing(encoder, 99)
    assert set(texts) == {article.title for article in articles}
    library.put_vectors(encoder, texts, encoder.encode(texts, "passage"))
    library.switch(encoder)
    assert (library.titles(np.array([1])) == encoder.encode(["范文"], "passage")).all()
    library.remove(["x"])
    assert by_words(library, "张桂梅") == []
    put(library, [essay("page", "铿锵有力")])
    assert by_words(library, "铿锵") == ["page"]
    assert library.check() == []


def test_an_empty_library_of_version_2(tmp_path, encoder):
    write_version_2(tmp_path / "library.db", encoder, [])
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    put(library, [PAGE, *PIECES, OTHER])
    assert by_words(library, "与众不同") == ["other"]
    assert library.check() == []


def test_words_of_other_terms_are_made_anew_when_the_library_is_opened(tmp_path, encoder):
    path = tmp_path / "library.db"
    library = SqliteLibrary(path, encoder)
    put(library, [PAGE, *PIECES, OTHER, *(essay(f"a{n}", "另外的") for n in range(501))])
    library.put_apart("page", ["other"])
    before = snapshot(library)
    library.close()
    change(path, "UPDATE library SET terms = 'of old'; UPDATE words SET body = 'nonsense', title = 'nonsense'")
    for _ in range(2):
        library = SqliteLibrary(path, encoder)
        assert by_words(library, "与众不同") == ["other"]
        assert by_words(library, "nonsense") == []
        assert snapshot(library) == before
        assert library.apart(["page", "other"]) == {("other", "page")}
        assert library.check() == []
        library.close()
    change(path, "UPDATE words SET body = 'nonsense'")  # which nobody looks for while the terms are the same
    assert by_words(SqliteLibrary(path, encoder), "与众不同") == []


# --- the check ---


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE passages SET start = start + 1 WHERE number = 1", "passages that do not stand in their article: 1."),
        ("UPDATE passages SET end = 9999 WHERE number < 6", "do not stand in their article: 1, 2, 3 and 2 more."),
        ("UPDATE bodies SET text = text || '!' WHERE article = 1", "not what their digest and length say: 'page'."),
        ("UPDATE articles SET digest = '' WHERE id = 'page'", "not what their digest and length say: 'page'."),
        ("UPDATE articles SET length = 0 WHERE id = 'page'", "not what their digest and length say: 'page'."),
        ("UPDATE bodies SET levels = '[0]' WHERE article = 1", "articles that cannot be read: 'page'."),
        ("UPDATE bodies SET levels = 'no JSON' WHERE article = 1", "articles that cannot be read: 'page'."),
        ("UPDATE bodies SET raw = '{' WHERE article = 1", "articles that cannot be read: 'page'."),
        ("DELETE FROM bodies WHERE article = 1", "articles without their text: 'page'."),
        ("DELETE FROM vectors WHERE text = 1", "passages without a vector of the model that is searched by: 1"),
        ("DELETE FROM texts WHERE number = 1", "rows that refer to what is not there: 'passages 1'"),
        ("DELETE FROM articles WHERE id = 'page'", "rows that refer to what is not there"),
        ("UPDATE vectors SET vector = zeroblob(8) WHERE text = 1", "whose vector is not of its model's dimension: 1."),
        ("UPDATE vectors SET vector = ONES WHERE text = 1", "whose vector is neither of length one nor zero: 1."),
        ("UPDATE vectors SET vector = NANS WHERE text = 1", "whose vector is neither of length one nor zero: 1."),
        ("DELETE FROM links WHERE piece = 'piece-1'", "they are said to be of does not list: 'piece-1'."),
        ("UPDATE articles SET page = 'x' WHERE id = 'piece-1'", "they are said to be of does not list: 'piece-1'."),
        ("UPDATE library SET passages = 0", "The library says that it has 0 passages, and has "),
        ("DELETE FROM titles WHERE article = 1", "articles without their title among the texts: 'page'."),
        ("DELETE FROM words WHERE rowid < 3", "articles that word search does not know: 'page', 'piece-2'."),
        ("DELETE FROM sketches WHERE article = 1", "articles without a sketch: 'page'."),
        ("INSERT INTO words (rowid, title, body) VALUES (99, '', '')", "articles that only word search knows: 99."),
        ("UPDATE models SET current = FALSE", "it does not say which model it is searched by"),
        (
            "PRAGMA writable_schema = ON; PRAGMA schema_version = 999; "
            "UPDATE sqlite_master SET sql = replace(sql, '(text)', '(start)') WHERE name = 'passages_text'",
            "The file is damaged: row 1 missing from index passages_text.",
        ),
    ],
)  # fmt: skip
def test_the_check_names_what_is_wrong(tmp_path, encoder, damage, said):
    library = SqliteLibrary(tmp_path / "library.db", encoder)
    put(library, [PAGE, *PIECES, replace(OTHER, links=())], {"page": replace(PAGE, title="如读到的")})
    assert library.check() == []
    db = sqlite3.connect(tmp_path / "library.db")  # foreign keys are not looked after
    for name, value in {"ONES": 1, "NANS": np.nan}.items():
        damage = damage.replace(name, f"x'{np.full(WordEncoder.dimensions, value, '<f4').tobytes().hex()}'")
    db.executescript(damage)
    db.commit()
    db.close()
    assert said in "\n".join(library.check())

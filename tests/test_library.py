"""The record keeps what it is given, whole or not at all, for every engine and for everyone who has it open."""

import sqlite3
import sys
import threading
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from conftest import WordEncoder, essay

from recommender.library import LibraryError
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.segment import segment
from recommender.types import Article, Paragraph, RecommenderError

PIECES = [
    Article("piece-2", "乙", (Paragraph("第二篇的开头。"),), "page", truncated=True),
    Article("piece-1", "甲", (Paragraph("第一篇的开头。"), Paragraph("它的第二段。")), "page"),
]
PAGE = essay(
    "page",
    "前言。",
    "# 一、创新意识",
    "第一节的文字。" * 80,  # longer than one passage
    "",
    " 尾段 ",
    title="范文",
    source="page",
    links=("piece-2", "piece-1"),
)
OTHER = essay("other", "前言。", "与众不同的一段。", source="other", links=("piece-1",))


def put(library, articles, encoder=None):
    """Put articles with all their passages, as the recommender does."""
    passages = [passage for article in articles for passage in segment(article)]
    library.put(articles, passages, (encoder or WordEncoder()).encode([p.text for p in passages], "passage"))


def snapshot(library):
    """All that a library holds, in a form that can be compared."""
    contents = library.contents()
    return list(contents.articles.items()), contents.passages, contents.vectors.tolist()


# --- round trips ---


def test_what_goes_in_comes_out(library, open_library, encoder):
    articles = [PAGE, *PIECES]
    put(library, articles)
    for contents in (library.contents(), open_library(encoder).contents()):
        assert list(contents.articles.values()) == articles  # with levels, links in order, truncated and source
        assert list(contents.articles) == ["page", "piece-2", "piece-1"]
        assert contents.passages == tuple(passage for article in articles for passage in segment(article))
        assert (contents.vectors == WordEncoder().encode([p.text for p in contents.passages], "passage")).all()
        assert contents.vectors.dtype == np.float32
        assert contents.owners.tolist() == [0] * (len(contents.passages) - 3) + [1, 2, 2]
        for p in contents.passages:
            assert contents.articles[p.article_id].text[p.start : p.end] == p.text


def test_a_fresh_library_is_empty(library):
    contents = library.contents()
    assert (contents.articles, contents.passages, len(contents.vectors), len(contents.owners)) == ({}, (), 0, 0)


def test_an_article_without_text_is_kept(library):
    put(library, [essay("blank"), essay("a", "文字")])
    contents = library.contents()
    assert list(contents.articles) == ["blank", "a"]
    assert contents.owners.tolist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        "😀 𠀀 é e\u0301",
        "a\0b",
        "\0",
        "'); DROP TABLE articles; --",
        '"双"‘单’\\n\\u4e00',
        "行尾\r",
        "\u2028\u2029\x85\x0b\x1f",
        "\ufeff\u200b\u202e\ufffd\uffff",
        "x" * 100_000,
    ],
)
def test_unusual_text_survives(recommender, open_library, encoder, text):
    article = Article(text, text, (Paragraph(text), Paragraph("z" + text, 2)), text, links=(text,))
    recommender.put([article])
    assert list(open_library(encoder).contents().articles.items()) == [(text, article)]
    assert open_library(encoder).contents().passages == tuple(segment(article))


@pytest.mark.parametrize(
    "article",
    [
        essay("a", "半个\ud83d字符"),
        essay("a", "# \udcff", "文字"),
        essay("a", "文字", title="caf\udce9"),
        essay("caf\udce9.txt", "文字"),
        essay("a", "文字", source="caf\udce9"),
        essay("a", "文字", links=("caf\udce9",)),
    ],
)
def test_half_characters_are_refused_with_a_reason(recommender, article):
    recommender.put([essay("old", "原有的文字")])
    before = snapshot(recommender.library)
    with pytest.raises(RecommenderError, match="UTF-8") as caught:
        recommender.put([essay("new", "新的文字"), article])
    assert str(caught.value).isprintable()
    assert snapshot(recommender.library) == before


# --- bringing up to date ---


def test_the_same_again_changes_nothing_and_embeds_nothing(recommender, encoder):
    recommender.put([PAGE, *PIECES])
    before = snapshot(recommender.library)
    encoder.encoded.clear()
    assert recommender.put([PAGE, *PIECES]) == 0
    assert encoder.encoded == []
    assert snapshot(recommender.library) == before


def test_a_changed_article_embeds_only_what_is_new_and_keeps_its_place(recommender, encoder):
    assert recommender.put([essay("a", "一", "二", "三"), essay("b", "四", "一")]) == 4  # "一" is embedded once
    encoder.encoded.clear()
    changed = essay("a", "三", "新", "一", title="改过的题目")
    assert recommender.put([changed]) == 1
    assert encoder.encoded == [("passage", "新")]
    contents = recommender.library.contents()
    assert list(contents.articles.values()) == [changed, essay("b", "四", "一")]
    assert [p.text for p in contents.passages] == ["三", "新", "一", "四", "一"]
    assert (contents.vectors == WordEncoder().encode(["三", "新", "一", "四", "一"], "passage")).all()


def test_only_texts_that_stand_in_the_library_are_known(recommender):
    recommender.put([essay("a", "一", "二")])
    recommender.put([essay("a", "二")])
    known = recommender.library.known_vectors(["一", "二", "三"])
    assert list(known) == ["二"]
    assert (known["二"] == WordEncoder().encode(["二"], "passage")[0]).all()


def test_pieces_that_no_page_lists_any_more_go_and_shared_ones_stay(library):
    put(library, [PAGE, *PIECES])
    put(library, [OTHER, PIECES[1]])
    put(library, [replace(PAGE, links=("piece-2",)), PIECES[0]])
    assert list(library.contents().articles) == ["page", "piece-2", "piece-1", "other"]
    put(library, [replace(PAGE, links=())])
    assert list(library.contents().articles) == ["page", "piece-1", "other"]
    put(library, [replace(OTHER, links=())])
    contents = library.contents()
    assert list(contents.articles) == ["page", "other"]
    assert {p.article_id for p in contents.passages} == {"page", "other"}
    assert library.known_vectors([PIECES[0].text, "前言。"]).keys() == {"前言。"}


def test_a_piece_keeps_the_page_that_came_first_as_its_source(library):
    put(library, [PAGE, *PIECES])
    put(library, [OTHER, replace(PIECES[1], source="other")])
    assert library.contents().articles["piece-1"].source == "page"


def test_articles_that_come_by_themselves_stay_although_nothing_lists_them(library):
    alone = [essay("a", "文字"), essay("b", "文字", source="b")]
    put(library, alone)
    put(library, [OTHER, PIECES[1]])
    assert list(library.contents().articles.values())[:2] == alone


# --- whole or not at all ---


def too_few(articles, passages, vectors):
    return articles, passages, vectors[:-1]


def too_many(articles, passages, vectors):
    return articles, passages[:-1], vectors


def no_such_piece(articles, passages, vectors):
    return [replace(articles[0], links=("piece-1", "nowhere")), *articles[1:]], passages, vectors


def no_such_article(articles, passages, vectors):
    return articles, [*passages[:-1], replace(passages[-1], article_id="nowhere")], vectors


@pytest.mark.parametrize("spoil", [too_few, too_many, no_such_piece, no_such_article])
def test_a_put_that_fails_leaves_the_library_as_it_was(library, open_library, encoder, spoil):
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    articles = [replace(PAGE, title="改过的题目", links=("piece-1",)), essay("new", "新的一段。", "又一段。")]
    passages = [passage for article in articles for passage in segment(article)]
    vectors = encoder.encode([p.text for p in passages], "passage")
    with pytest.raises((ValueError, sqlite3.IntegrityError)):
        library.put(*spoil(articles, passages, vectors))
    assert snapshot(library) == snapshot(open_library(encoder)) == before
    assert library.known_vectors(["新的一段。"]) == {}
    library.put(articles, passages, vectors)  # and it can be used on
    assert list(library.contents().articles) == ["page", "piece-1", "new"]


def test_a_model_that_gives_too_few_rows_leaves_the_library_as_it_was(library):
    class Short(WordEncoder):
        def encode(self, texts, role):
            return super().encode(texts[:-1], role)

    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    with pytest.raises(ValueError, match="shorter"):
        Recommender(library, Short()).put([essay("new", "新的一段。", "又一段。")])
    assert snapshot(library) == before


def test_a_library_that_could_not_be_written_because_of_a_reader_can_be_used_on(tmp_path):
    library = SqliteLibrary(tmp_path / "library.db", WordEncoder())
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    library._db.execute("PRAGMA busy_timeout = 0")  # it waits for seconds otherwise
    reader = sqlite3.connect(tmp_path / "library.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM articles").fetchall()
    with pytest.raises(LibraryError, match="locked") as caught:
        put(library, [essay("new", "新的一段。")])
    assert caught.value.cause == "write"
    reader.close()
    assert snapshot(library) == before
    put(library, [essay("new", "新的一段。")])
    assert list(library.contents().articles) == ["page", "piece-2", "piece-1", "new"]


# --- others who have it open ---


def test_what_another_connection_writes_is_seen(library, open_library, encoder):
    another = open_library(encoder)
    for title in ("甲", "乙"):
        put(another, [essay("a", "文字", title=title)])
        assert library.contents().articles["a"].title == title
        assert library.known_vectors(["文字"])


def test_what_did_not_change_is_not_read_again(library, open_library, encoder):
    put(library, [PAGE, *PIECES])
    first = library.contents()
    open_library(encoder).contents()
    assert library.contents() is first
    put(library, [OTHER, PIECES[1]])
    assert library.contents() is not first
    assert list(first.articles) == ["page", "piece-2", "piece-1"]  # and what was read stays what it was


@pytest.fixture
def hasty():
    """Threads that take turns a thousand times as often as usual, so that what can come between does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.parametrize("shared", [True, False], ids=["one connection", "three connections"])
def test_readers_never_see_half_a_write(library, open_library, encoder, shared, hasty):
    # Everything differs between the two states: a mixture of them would not be consistent.
    long = essay("page", *(f"第 {n} 段的文字,{n * '长'}" for n in range(30)), source="page", links=("piece-1",))
    states = [[long, PIECES[1], essay("z", "末尾")], [essay("page", "短", source="page"), essay("z", "结束" * 9)]]
    put(library, states[0])
    done = threading.Event()
    wrong: list[object] = []

    def read(reader):
        try:
            while not done.is_set():
                contents = reader.contents()
                expected = tuple(p for article in contents.articles.values() for p in segment(article))
                links = contents.articles["page"].links
                if contents.passages != expected or not set(links) <= set(contents.articles):
                    wrong.append(contents)
        except Exception as error:
            wrong.append(error)

    readers = [library if shared else open_library(encoder) for _ in range(2)]
    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        for n in range(60):
            put(library, states[n % 2])
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_write_that_comes_between_the_queries_of_a_read_does_not_tear_it(tmp_path):
    put(SqliteLibrary(tmp_path / "library.db", WordEncoder()), [PAGE, *PIECES])
    expected = snapshot(SqliteLibrary(tmp_path / "library.db", WordEncoder()))
    reader = SqliteLibrary(tmp_path / "library.db", WordEncoder())
    writer = sqlite3.connect(tmp_path / "library.db", timeout=0, isolation_level=None)
    tried = []

    def write(query):
        if "FROM articles" in query:  # after the links, before the passages
            tried.append(query)
            with suppress(sqlite3.OperationalError):  # it is told to wait, which it does not
                writer.execute("DELETE FROM passages WHERE article = 'page'")

    reader._db.set_trace_callback(write)
    assert snapshot(reader) == expected
    assert tried


# --- files that are no library of this model ---


def test_another_models_library_is_refused_with_both_names_and_the_remedy(library, open_library):
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    with pytest.raises(LibraryError) as caught:
        open_library(WordEncoder(name="other/words", revision="2"))
    for part in (library.name, "'words' (revision 1)", "'other/words' (revision 2)", "--model words", "--library NEW"):
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


def test_a_library_of_a_future_version_says_which(tmp_path):
    future_library(tmp_path / "some.db")
    with pytest.raises(LibraryError, match="version 99, this program reads version 1"):
        SqliteLibrary(tmp_path / "some.db", WordEncoder())


def test_a_folder_is_no_library(tmp_path):
    with pytest.raises(LibraryError, match="--library"):
        SqliteLibrary(tmp_path, WordEncoder())


def test_the_folders_of_a_new_library_are_made(tmp_path):
    path = tmp_path / "new" / "folder" / "文库.db"
    put(SqliteLibrary(path, WordEncoder()), [PAGE, *PIECES])
    assert snapshot(SqliteLibrary(path, WordEncoder()))[0][0] == ("page", PAGE)

"""The record keeps what it is given, whole or not at all, for every engine."""

from dataclasses import replace

import numpy as np
import pytest
from conftest import WordEncoder, essay
from hypothesis import given, settings
from hypothesis import strategies as st
from records import EVERY_FIELD, OTHER, PAGE, PIECES, all_passages, numbers_of, put, snapshot, stored

from recommender.library import Counts, content_digest
from recommender.library.sqlite import SqliteLibrary
from recommender.segment import segment
from recommender.types import Article, Filter, Paragraph, Rule

# --- round trips ---


def test_what_goes_in_comes_out(library, open_library, encoder):
    articles = [PAGE, *PIECES, EVERY_FIELD]
    put(library, articles)
    for reader in (library, open_library(encoder)):
        assert stored(reader) == articles  # with levels, links in order, dates, tags and all
        assert all_passages(reader) == [passage for article in articles for passage in segment(article)]
        matrix = reader.matrix()
        texts = [p.text for p in reader.passages(matrix.numbers)]
        assert (matrix.vectors == WordEncoder().encode(texts, "passage")).all()
        assert matrix.vectors.dtype == np.float32
        assert (np.diff(matrix.numbers) > 0).all()
        owner = {number: id for id, number in reader.owners(a.id for a in articles).items()}
        assert [owner[n] for n in matrix.owners] == [p.article_id for p in reader.passages(matrix.numbers)]
        assert reader.check() == []


def test_a_fresh_library_is_empty(library):
    assert library.counts() == Counts(0, 0, 0, 0)
    assert (library.listings(), library.rules(), library.check()) == ([], [], [])
    assert library.matrix().vectors.shape == (0, 0)
    assert library.numbers(Filter(words="x")).tolist() == []
    assert library.known_vectors(["文字"]) == {}
    assert library.missing(WordEncoder(), 10) == []


def test_counts(library):
    put(library, [PAGE, *PIECES])
    passages = sum(len(segment(article)) for article in (PAGE, *PIECES))
    assert library.counts() == Counts(3, passages, 2, WordEncoder.dimensions)
    library.remove(["page"])
    assert library.counts() == Counts(0, 0, 0, WordEncoder.dimensions)


def test_lists_show_all_but_the_text(library):
    put(library, [EVERY_FIELD, PAGE, *PIECES])
    first = library.listings(limit=1)[0]
    for name in ("id", "title", "source", "page", "truncated", "url", "date", "author", "language", "tags"):
        assert getattr(first, name) == getattr(EVERY_FIELD, name)
    assert first.length == len(EVERY_FIELD.text)
    assert [listing.id for listing in library.listings(limit=2, offset=1)] == ["page", "piece-2"]
    assert library.listings(offset=9) == []


def test_answers_come_in_the_order_asked_for(library):
    put(library, [PAGE, *PIECES])
    asked = ["piece-1", "nowhere", "page", "piece-1"]
    for answer in (library.articles(asked), library.owners(asked), library.digests(asked), library.raw(asked)):
        assert list(answer) == ["piece-1", "page"]
    numbers = library.matrix().numbers[[2, 0, 2]]
    passages = library.passages(numbers)
    assert passages[0] == passages[2] != passages[1]
    library.remove(["page"])
    with pytest.raises(KeyError):
        library.passages(numbers)
    assert library.vectors(numbers).numbers.tolist() == []


def test_vectors_are_given_rising_and_once(library):
    put(library, [PAGE, *PIECES])
    every = library.matrix()
    some = library.vectors(np.array([every.numbers[4], 99, every.numbers[1], every.numbers[4]]))
    assert some.numbers.tolist() == every.numbers[[1, 4]].tolist()
    assert some.owners.tolist() == every.owners[[1, 4]].tolist()
    assert (some.vectors == every.vectors[[1, 4]]).all()
    assert library.vectors(every.numbers[:0]).vectors.shape == (0, WordEncoder.dimensions)


def test_more_than_fits_into_one_question(library):
    articles = [essay(f"a{n}", f"文字 {n}") for n in range(1203)]
    put(library, articles)
    assert list(library.articles(f"a{n}" for n in reversed(range(1203))).values()) == articles[::-1]
    assert [p.text for p in library.passages(library.matrix().numbers)] == [a.text for a in articles]
    assert len(library.vectors(library.matrix().numbers).vectors) == 1203
    assert len(library.known_vectors(a.text for a in articles)) == 1203
    assert len(library.remove(f"a{n}" for n in range(1203))) == 1203


def test_an_article_without_text_is_kept(library):
    put(library, [essay("blank"), essay("line", ""), essay("a", "文字")])
    assert stored(library) == [essay("blank"), essay("line", ""), essay("a", "文字")]
    assert [p.article_id for p in all_passages(library)] == ["a"]
    assert library.check() == []


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
def test_unusual_text_survives(library, open_library, encoder, text):
    article = Article(
        text,
        text,
        (Paragraph(text), Paragraph("z" + text, 2)),
        text,
        "",
        False,
        (text,),
        text,
        text,
        text,
        text,
        (text,),
    )
    put(library, [article], {text: replace(article, title=text + text)})
    again = open_library(encoder)
    assert again.articles([text]) == {text: article}
    assert again.raw([text]) == {text: replace(article, title=text + text)}
    assert all_passages(again) == list(segment(article))
    assert [listing.tags for listing in again.listings(Filter(sources=(text,), tags=(text,)))] == [(text,)]
    assert again.check() == []


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
def test_half_characters_leave_the_library_as_it_was(library, article):
    put(library, [essay("old", "原有的文字")])
    before = snapshot(library)
    with pytest.raises(UnicodeEncodeError):
        put(library, [essay("new", "新的文字"), article])
    assert snapshot(library) == before


words = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=8)
articles = st.builds(
    Article,
    id=st.sampled_from("abcd"),
    title=words,
    paragraphs=st.lists(st.builds(Paragraph, words, st.integers(0, 3)), max_size=4).map(tuple),
    source=st.sampled_from(["", "x", "y"]),
    links=st.lists(st.sampled_from("abcdef"), max_size=3).map(tuple),
    tags=st.lists(words, max_size=2).map(tuple),
    date=st.sampled_from(["", "2024", "2024-05"]),
)


@settings(max_examples=40)
@given(st.lists(st.lists(articles, max_size=3, unique_by=lambda a: a.id), max_size=5))
def test_a_library_is_what_was_put_last(tmp_path_factory, batches):
    library = SqliteLibrary(tmp_path_factory.mktemp("any") / "library.db", WordEncoder())
    expected = {}
    for batch in batches:
        put(library, batch)
        expected |= {article.id: article for article in batch}
        assert sorted(stored(library), key=lambda a: a.id) == sorted(expected.values(), key=lambda a: a.id)
        matrix = library.matrix()
        passages = library.passages(matrix.numbers)
        assert sorted(passages, key=str) == sorted((p for a in expected.values() for p in segment(a)), key=str)
        assert matrix.vectors.tolist() == WordEncoder().encode([p.text for p in passages], "passage").tolist()
    assert library.check() == []
    library.close()


# --- as it was read ---


def test_what_cleaning_changed_is_kept_beside(library):
    raw = essay("a", "正文。", "版权所有", source="a", links=("b",))
    clean = replace(raw, paragraphs=raw.paragraphs[:1], title="干净")
    put(library, [clean, essay("b", "别的")], {"a": raw, "b": essay("b", "别的")})
    assert library.articles("ab") == {"a": clean, "b": essay("b", "别的")}
    assert library.raw("ab") == {"a": raw, "b": essay("b", "别的")}
    assert library.digests("ab") == {"a": content_digest(raw), "b": content_digest(essay("b", "别的"))}
    put(library, [clean])
    assert library.raw("a") == {"a": clean}


def test_a_digest_is_of_what_is_said(library):
    said = essay("a", "# 甲", "乙", title="题")
    assert content_digest(said) == content_digest(replace(said, id="b", source="x", date="2024", links=("c",)))
    others = [essay("a", "# 甲", "乙", title=""), essay("a", "甲", "乙", title="题"), essay("a", "# 甲", title="题")]
    assert len({content_digest(article) for article in [said, *others]}) == 4
    assert len(content_digest(essay("a", "\ud83d"))) == 64


def test_duplicates_name_the_first_that_came_by_itself(library):
    piece = replace(PIECES[0], paragraphs=(Paragraph("同文"),), title="同题")
    alone = [essay(id, "同文", title="同题") for id in ("x", "b")]
    digest = content_digest(piece)
    put(library, [PAGE, piece, PIECES[1]])
    assert library.duplicates([digest]) == {}
    put(library, alone)
    assert library.duplicates([digest, "0" * 64]) == {digest: "x"}


def test_the_articles_of_a_file_are_known_without_its_pieces(library):
    put(library, [essay("b", "二", source="page"), PAGE, *PIECES, OTHER])
    assert library.of_source("page") == ["b", "page"]
    assert library.of_source("nowhere") == []


# --- bringing up to date ---


def test_the_same_again_changes_nothing(library):
    put(library, [PAGE, *PIECES, EVERY_FIELD])
    before, matrix = snapshot(library), library.matrix()
    put(library, [PAGE, *PIECES, EVERY_FIELD])
    assert snapshot(library) == before
    assert library.matrix() is matrix


def test_a_changed_article_keeps_its_place_and_the_numbers_of_what_stays(library):
    put(library, [essay("a", "一", "二", "三", "二"), essay("b", "四", "一")])
    first, other = numbers_of(library, "a"), numbers_of(library, "b")
    changed = essay("a", "# 新", "三", "新", "一", title="改过的题目")
    put(library, [changed])
    assert stored(library) == [changed, essay("b", "四", "一")]
    assert [p.text for p in all_passages(library)] == ["三", "新", "一", "四", "一"]
    now = numbers_of(library, "a")
    assert (now["一"], now["三"]) == (first["一"], first["三"])
    assert now["新"] > max(first.values()) and now["新"] > max(other.values())
    assert numbers_of(library, "b") == other
    assert library.check() == []


def test_a_number_is_never_used_again(library, open_library, encoder):
    put(library, [essay("a", "一", "二")])
    seen = set(library.matrix().numbers.tolist())
    owners = set(library.owners(["a"]).values())
    library.remove(["a"])
    library.vacuum()
    again = open_library(encoder)
    put(again, [essay("a", "一", "二")])
    assert not seen & set(again.matrix().numbers.tolist())
    assert not owners & set(again.owners(["a"]).values())


def test_vectors_of_texts_that_are_gone_are_known_until_the_vacuum(library):
    put(library, [essay("a", "一", "二")])
    put(library, [essay("a", "二")])
    library.remove(["a"])
    known = library.known_vectors(["一", "二", "三"])
    assert known.keys() == {"一", "二"}
    assert (known["二"] == WordEncoder().encode(["二"], "passage")[0]).all()
    library.vacuum()
    assert library.known_vectors(["一", "二", "三"]) == {}
    assert library.check() == []


def test_what_is_removed_comes_back_as_it_was_read(library):
    raw = replace(PAGE, title="范文 尾巴")
    put(library, [PAGE, *PIECES, OTHER], {"page": raw})
    assert library.remove(["nowhere", "page"]) == [raw, PIECES[0]]  # piece-1 is still listed by the other
    assert [article.id for article in stored(library)] == ["piece-1", "other"]
    assert library.check() == []
    put(library, [PAGE, PIECES[0]], {"page": raw})
    assert set(stored(library)) == {PAGE, PIECES[0], replace(PIECES[1], page="other", source="other"), OTHER}
    assert library.check() == []


# --- pieces ---


def test_pieces_that_no_page_lists_any_more_go_and_shared_ones_stay(library):
    put(library, [PAGE, *PIECES])
    put(library, [OTHER, replace(PIECES[1], source="other", page="other")])
    put(library, [replace(PAGE, links=("piece-2",)), PIECES[0]])
    assert [a.id for a in stored(library)] == ["page", "piece-2", "piece-1", "other"]
    put(library, [replace(PAGE, links=())])
    assert [a.id for a in stored(library)] == ["page", "piece-1", "other"]
    put(library, [replace(OTHER, links=())])
    assert [a.id for a in stored(library)] == ["page", "other"]
    assert {p.article_id for p in all_passages(library)} == {"page", "other"}
    assert library.check() == []


def test_a_piece_is_its_first_pages_while_that_lists_it(library):
    put(library, [PAGE, *PIECES])
    theirs = replace(PIECES[1], title="别的题目", source="other", page="other")
    put(library, [OTHER, theirs])
    assert library.articles(["piece-1"]) == {"piece-1": PIECES[1]}
    put(library, [PAGE, replace(PIECES[1], title="新题目")])
    assert library.articles(["piece-1"])["piece-1"].title == "新题目"
    put(library, [replace(PAGE, links=("piece-2",))])
    kept = library.articles(["piece-1"])["piece-1"]
    assert (kept.page, kept.source, kept.title) == ("other", "other", "新题目")
    put(library, [OTHER, theirs])
    assert library.articles(["piece-1"]) == {"piece-1": theirs}
    assert library.check() == []


def test_a_page_that_gives_a_piece_up_and_one_that_takes_it_in_one_put(library):
    put(library, [PAGE, *PIECES])
    theirs = replace(PIECES[1], title="别的题目", source="other", page="other")
    put(library, [replace(PAGE, links=()), OTHER, theirs])
    assert stored(library) == [replace(PAGE, links=()), theirs, OTHER]


def test_a_piece_never_takes_the_place_of_an_article(library):
    alone = essay("piece-1", "全文在此。", source="piece-1")
    put(library, [alone])
    put(library, [PAGE, *PIECES])
    assert library.articles(["piece-1"]) == {"piece-1": alone}
    assert [p.text for p in all_passages(library) if p.article_id == "piece-1"] == ["全文在此。"]
    library.remove(["page"])
    assert stored(library) == [alone]


def test_an_article_takes_the_place_of_a_piece(library):
    put(library, [PAGE, *PIECES])
    alone = essay("piece-1", "全文在此。", source="piece-1")
    put(library, [alone])
    assert stored(library) == [PAGE, PIECES[0], alone]
    put(library, [replace(PAGE, links=())])
    assert stored(library) == [replace(PAGE, links=()), alone]
    assert library.check() == []


def test_articles_may_list_what_comes_later_or_never(library):
    put(library, [essay("a", "文字", links=("b", "never"))])
    put(library, [essay("b", "文字", source="b")])
    library.remove(["b"])
    assert stored(library) == [essay("a", "文字", links=("b", "never"))]
    assert library.check() == []


def test_a_piece_without_its_page_does_not_stay(library):
    put(library, PIECES)
    assert stored(library) == []


def test_pieces_of_pieces_go_with_them(library):
    chain = [
        essay("a", "甲", links=("b",)),
        replace(essay("b", "乙", links=("c",)), page="a"),
        replace(essay("c", "丙"), page="b"),
    ]
    put(library, chain)
    assert stored(library) == chain
    assert library.remove(["a"]) == chain
    assert library.counts().passages == 0


# --- filters ---

FILTERED = [
    replace(essay("a", "一", title="Été 100% ready_made", source="s1"), date="2024-05-01", author="甲", tags=("x",)),
    replace(essay("b", "二", "三", title="été", source="s1"), date="2024", author="乙", language="en", tags=("x", "y")),
    replace(essay("c", "四", title="ready made 1000", source="s2", links="ad"), date="2023-12-31", tags=("z",)),
    replace(essay("d", "五", title="无日期", source="s3"), date="2024-05", language="zh"),
    essay("e", "六", title="空", source="s4"),
]


@pytest.mark.parametrize(
    ("among", "ids"),
    [
        (Filter(), "abcde"),
        (Filter(words="ÉTÉ"), "ab"),
        (Filter(words="0%"), "a"),
        (Filter(words="Y_M"), "a"),
        (Filter(words="日期"), "d"),
        (Filter(ids=("d", "nowhere", "a")), "ad"),
        (Filter(sources=("s1",)), "ab"),
        (Filter(sources=("s1", "s3")), "abd"),
        (Filter(languages=("zh", "fr")), "d"),
        (Filter(authors=("甲", "乙")), "ab"),
        (Filter(tags=("x",)), "ab"),
        (Filter(tags=("y", "z")), "bc"),
        (Filter(since="2024"), "abd"),
        (Filter(since="2024-05-01"), "abd"),  # as far as is known, b and d are of that day, too
        (Filter(since="2024-05-02"), "bd"),
        (Filter(since="2024-06"), "b"),
        (Filter(until="2024"), "abcd"),
        (Filter(until="2024-04"), "bc"),
        (Filter(until="2023"), "c"),
        (Filter(since="2024-01-01", until="2024-12-31"), "abd"),
        (Filter(unlinked_by="c"), "bce"),
        (Filter(unlinked_by="nowhere"), "abcde"),
        (Filter(words="é", sources=("s1", "s2"), tags=("x",), until="2024-04", unlinked_by="c"), "b"),
        (Filter(words="nothing like it"), ""),
    ],
)
def test_a_filter_leaves(library, among, ids):
    put(library, FILTERED)
    assert [listing.id for listing in library.listings(among)] == list(ids)
    expected = [n for id in ids for n in sorted(numbers_of(library, id).values())]
    assert library.numbers(among).tolist() == expected


def test_the_values_to_filter_by_are_counted(library):
    put(library, [*FILTERED, EVERY_FIELD])
    assert list(library.values("tag", 9).items()) == [("x", 2), ("tag", 1), ("y", 1), ("z", 1), ("标签", 1)]
    assert list(library.values("source", 2).items()) == [("s1", 2), ("a.zip/b.html", 1)]
    assert library.values("author", 9) == {"乙": 1, "作者": 1, "甲": 1}
    assert list(library.values("language", 9).items()) == [("zh", 2), ("en", 1)]


def test_the_pages_that_list_an_article_are_known(library):
    put(library, [OTHER, PAGE, *PIECES])
    assert [listing.id for listing in library.pages_of("piece-1")] == ["other", "page"]
    assert library.pages_of("page") == []


def test_filters_see_what_has_changed(library, open_library, encoder):
    put(library, FILTERED)
    assert len(library.numbers(Filter(tags=("x",)))) == 3
    another = open_library(encoder)
    put(another, [replace(FILTERED[1], tags=())])
    another.remove(["e"])
    put(another, [essay("f", "七")])
    assert library.numbers(Filter(tags=("x",))).tolist() == list(numbers_of(library, "a").values())
    assert library.numbers(Filter()).tolist() == library.matrix().numbers.tolist()


# --- titles, and pairs that are no reposts ---


def test_titles_have_vectors_of_their_own_that_follow_them(library, open_library, encoder):
    put(library, [PAGE, *PIECES, essay("silent", "文字", title="！")])
    owners = library.owners(["silent", "piece-1", "page"])
    numbers = np.array([owners["silent"], 999, owners["page"], owners["piece-1"], owners["page"]])
    expected = WordEncoder().encode(["", "", "范文", "甲", "范文"], "passage")
    assert (library.titles(numbers) == expected).all()
    assert library.titles(numbers[:0]).shape == (0, WordEncoder.dimensions)
    put(library, [replace(PAGE, title="新题")])
    assert (library.titles(numbers[[2]]) == WordEncoder().encode(["新题"], "passage")).all()
    assert library.known_vectors(["范文", "新题"]).keys() == {"范文", "新题"}
    library.vacuum()  # which keeps what is a title, and no old one
    assert library.known_vectors(["范文", "新题", "甲"]).keys() == {"新题", "甲"}
    assert (open_library(encoder).titles(numbers[[2]]) == WordEncoder().encode(["新题"], "passage")).all()
    library.remove(["page"])
    assert not library.titles(numbers[[2]]).any()
    assert library.check() == []


def test_a_title_that_is_a_passage_elsewhere_is_one_text(library):
    put(library, [essay("a", "甲乙", title="同文"), essay("b", "同文", title="甲乙")])
    library.remove(["a"])
    library.vacuum()
    assert library.known_vectors(["同文", "甲乙"]).keys() == {"同文", "甲乙"}
    assert library.check() == []


def test_ids_come_in_the_order_of_the_numbers(library):
    put(library, [essay(id, "文字") for id in "cab"])
    numbers = library.owners("abc")
    assert library.ids(np.array([numbers["b"], numbers["c"], numbers["b"]])) == ["b", "c", "b"]
    assert library.ids(np.array([], np.int64)) == []
    with pytest.raises(KeyError):
        library.ids(np.array([99]))


def test_pairs_are_kept_apart_until_that_is_taken_back(library, open_library, encoder):
    put(library, [essay(id, "文字") for id in "abcd"])
    library.put_apart("b", ["a", "c", "a"])
    library.put_apart("a", ["b"])  # the same pair
    assert open_library(encoder).apart("abcd") == {("a", "b"), ("b", "c")}
    assert library.apart("bca") == {("a", "b"), ("b", "c")}
    assert library.apart("ac") == library.apart("b") == library.apart([]) == set()
    library.put_apart("a", ["b", "d"], apart=False)
    assert library.apart("abcd") == {("b", "c")}


def test_what_an_editor_said_outlives_changes_removal_and_the_vacuum(library):
    put(library, [essay(id, "文字") for id in "ab"])
    library.put_apart("a", ["b"])
    put(library, [essay("a", "改过的文字")])
    gone = library.remove(["b"])
    library.vacuum()
    put(library, gone)
    assert library.apart("ab") == {("a", "b")}
    assert library.check() == []


def test_more_ids_than_fit_into_one_question_can_be_kept_apart(library):
    every = [f"a{n}" for n in range(1203)]
    library.put_apart("a0", every[1:])
    assert len(library.apart(every)) == 1202


# --- rules ---


def test_rules_are_kept_in_order_and_replaced_by_their_text_kind_and_scope(library, open_library, encoder):
    rules = [Rule("版权", "paragraph", "a", 3), Rule("版权", "phrase", "a", 4), Rule("广告", "paragraph")]
    library.put_rules(rules)
    library.put_rules([replace(rules[0], count=5, state="approved"), Rule("新", "phrase", state="rejected")])
    expected = [replace(rules[0], count=5, state="approved"), *rules[1:], Rule("新", "phrase", state="rejected")]
    assert library.rules() == open_library(encoder).rules() == expected


# --- whole or not at all ---


def too_few(articles, passages, vectors):
    return articles, passages, vectors[:-1]


def too_many(articles, passages, vectors):
    return articles, passages[:-1], vectors


def twice(articles, passages, vectors):
    return [*articles, articles[0]], passages, vectors


def no_such_article(articles, passages, vectors):
    return articles, [*passages[:-1], replace(passages[-1], article_id="nowhere")], vectors


def another_place(articles, passages, vectors):
    return articles, [*passages[:-1], replace(passages[-1], start=passages[-1].start + 1)], vectors


def another_dimension(articles, passages, vectors):
    return articles, passages, vectors[:, :-1]


def no_numbers(articles, passages, vectors):
    return articles, passages, vectors * np.float32("nan")


@pytest.mark.parametrize(
    "spoil", [too_few, too_many, twice, no_such_article, another_place, another_dimension, no_numbers]
)
def test_a_put_that_fails_leaves_the_library_as_it_was(library, open_library, encoder, spoil):
    put(library, [PAGE, *PIECES])
    before = snapshot(library)
    articles = [replace(PAGE, title="改过的题目", links=("piece-1",)), essay("new", "新的一段。", "又一段。")]
    passages = [passage for article in articles for passage in segment(article)]
    vectors, titles = (encoder.encode([t.text for t in passages], "passage"), encoder.encode(["a", "b"], "passage"))
    with pytest.raises(ValueError):  # noqa: PT011
        library.put(*spoil(articles, passages, vectors), titles)
    for spoiled in (titles[:1], titles[:, 1:], titles * np.float32("nan")):
        with pytest.raises(ValueError):  # noqa: PT011
            library.put(articles, passages, vectors, spoiled)
    assert snapshot(library) == snapshot(open_library(encoder)) == before
    assert library.known_vectors(["新的一段。"]) == {}
    library.put(articles, passages, vectors, titles)  # and it can be used on
    assert [a.id for a in stored(library)] == ["page", "piece-1", "new"]

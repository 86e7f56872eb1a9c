"""Word search gives what BM25 by definition gives, of what the library has now, for any query and in bounded time."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from conftest import WordEncoder, essay
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import put

from recommender.library import words
from recommender.library.sqlite import SqliteLibrary
from recommender.search import top_k
from recommender.terms import terms
from recommender.types import Filter

TITLE, K1, B = 3.0, 1.2, 0.75


def found(library, *texts, **options):
    """The ids that word search finds, best first, and their scores."""
    matches = library.by_words(texts, **options)
    best = top_k(matches.scores, len(matches.scores))
    return dict(zip(library.ids(matches.numbers[best]), matches.scores[best].tolist(), strict=True))


def some(*rest, n=9):
    """Articles, and others that share nothing with them, so that no word is in half of all."""
    return [*rest, *(essay(f"other{i}", f"zulu{i} 鼎{i}", title=f"yankee{i}") for i in range(n))]


# --- the definition ---


def bm25(articles, query):
    """BM25 of each article (Robertson and Zaragoza 2009), as a share of the most that there can be."""
    heads, bodies = terms([a.title for a in articles]), terms([a.text for a in articles])
    frequencies = [
        Counter(head + body) + Counter({t: (TITLE - 1) * n for t, n in Counter(head).items()})
        for head, body in zip(heads, bodies, strict=True)
    ]
    lengths = [len(head) + len(body) for head, body in zip(heads, bodies, strict=True)]
    scores, most = np.zeros(len(articles)), 0.0
    for term, times in Counter(term for text in terms(query) for term in text).items():
        holding = sum(term in frequency for frequency in frequencies)
        weight = times * math.log((len(articles) - holding + 0.5) / (holding + 0.5))
        if weight <= 0:
            continue
        most += weight * (K1 + 1)
        for row, frequency in enumerate(frequencies):
            norm = K1 * (1 - B + B * lengths[row] / (sum(lengths) / len(lengths)))
            scores[row] += weight * frequency[term] * (K1 + 1) / (frequency[term] + norm)
    return scores / (most or 1)


planted = st.lists(st.sampled_from(["alpha", "bravo", "张桂梅", "5号", "x86", "2011", "echo"]), max_size=6).map(
    " ".join
)


@settings(max_examples=30)
@given(st.lists(st.tuples(planted, planted), max_size=5), st.lists(planted, max_size=3))
def test_scores_are_bm25_by_definition(tmp_path_factory, made, query):
    library = SqliteLibrary(tmp_path_factory.mktemp("any") / "library.db", WordEncoder())
    articles = some(*(essay(str(row), body, title=title or "none") for row, (title, body) in enumerate(made)))
    put(library, articles)
    scores = found(library, *query)
    expected = {a.id: s for a, s in zip(articles, bm25(articles, query), strict=True) if s > 0}
    assert scores == pytest.approx(expected, abs=1e-6)
    order = sorted(expected, key=lambda id: -np.float32(scores[id]))
    assert [scores[id] for id in scores] == [scores[id] for id in order]
    assert all(0 < score <= 1 for score in scores.values())
    library.close()


# --- what is found ---


def test_articles_come_by_how_much_they_share_and_ties_in_their_order(library):
    put(library, some(essay("b", "alpha"), essay("a", "alpha"), essay("both", "alpha bravo"), essay("no", "golf")))
    assert list(found(library, "alpha bravo")) == ["both", "b", "a"]
    assert found(library, "hotel") == found(library, "") == found(library) == {}


def test_a_word_in_the_title_counts_more_and_a_word_of_the_query_as_often_as_it_stands_there(library):
    put(library, some(essay("body", "alpha kilo", title="lima"), essay("title", "kilo lima", title="alpha")))
    assert list(found(library, "alpha")) == ["title", "body"]
    put(library, some(essay("a", "甲"), essay("b", "乙")))
    assert list(found(library, "甲 乙 乙")) == ["b", "a"]
    assert list(found(library, "甲 乙", "甲")) == ["a", "b"]


def test_the_filter_and_the_own_article_are_kept(library):
    put(library, some(*(essay(id, "alpha") for id in "abcd")))
    numbers = library.owners("abcd")
    assert list(found(library, "alpha")) == ["a", "b", "c", "d"]
    assert list(found(library, "alpha", without=numbers["a"])) == ["b", "c", "d"]
    assert list(found(library, "alpha", among=Filter(ids=("d", "b", "other1")))) == ["b", "d"]
    assert found(library, "alpha", among=Filter(ids=("nowhere",))) == {}


def test_traditional_finds_simplified_and_the_reverse(library):
    put(library, some(essay("s", "钱学森归国"), essay("t", "張桂梅辦學")))
    assert list(found(library, "錢學森")) == ["s"]
    assert list(found(library, "张桂梅办学")) == ["t"]


def test_a_quotation_of_common_words_is_looked_for_as_it_stands(library):
    # Nearly all articles have both words, two of them side by side, one of those in the order of the query.
    apart = [essay(f"apart{n}", "学习要刻苦，国家要强大，学习无止境，强国有方") for n in range(9)]
    put(library, [*apart, essay("reversed", "强国学习，要刻苦无止境"), essay("quoted", "学习强国，要刻苦无止境")])
    first, *_ = found(library, "打开“学习强国”看一看")
    assert first == "quoted"
    assert "quoted" not in found(library, "学习 强国")  # which are words that nearly all have


def test_a_quotation_that_is_repeated_scores_no_more_than_all(library):
    common = [essay(f"c{n}", "学习 强国") for n in range(4)]
    put(library, some(*common, essay("quoted", "学习强国" * 50)))
    assert 0 < found(library, "“学习强国”")["quoted"] <= 1


def test_small_libraries_have_no_words_that_tell_articles_apart(library):
    assert found(library, "alpha") == {}
    put(library, [essay("a", "alpha")])
    assert found(library, "alpha") == {}
    put(library, [essay("b", "bravo"), essay("c", "charlie")])
    assert list(found(library, "alpha")) == ["a"]


# --- what the library has now ---


def test_words_follow_every_change(library, open_library, encoder):
    put(library, some(essay("a", "alpha", title="tango")))
    assert list(found(library, "alpha")) == ["a"]
    assert found(library, "bravo") == {}  # and this is remembered
    put(open_library(encoder), [essay("a", "bravo", title="tango")])
    assert list(found(library, "bravo")) == ["a"]
    assert found(library, "alpha") == {}
    put(library, [essay("a", "bravo", title="uniform")])
    assert list(found(library, "uniform")) == ["a"]
    gone = library.remove(["a"])
    assert found(library, "bravo uniform") == {}
    put(library, gone)
    assert list(found(library, "bravo uniform")) == ["a"]
    library.vacuum()
    assert list(found(library, "bravo")) == list(found(open_library(encoder), "bravo")) == ["a"]
    assert library.check() == []


def test_what_cleaning_took_out_is_no_word_of_an_article(library):
    clean = essay("a", "alpha")
    put(library, some(clean), {"a": replace(clean, title="quebec")})
    assert found(library, "quebec") == {}


# --- any query, in bounded time ---

SYNTAX = [
    '"', '""', '"alpha', "alpha AND", "AND OR NOT", "NEAR(alpha bravo, 2)", "alph*", "^alpha", "title:alpha", "title :",
    "{title body}: alpha", "-alpha", "+", "(", "alpha)", "\0", "alpha\0bravo", "😀", "😀 alpha 🇨🇳", "“", "《》", "。",
    "…", "'", "'; DROP TABLE words; --", "\\", "%", "\ufeff", "\u202e", "a" * 90_000, "“" * 999, "《甲" * 999,
    "5.5.5,5" * 999,
]  # fmt: skip


@pytest.mark.parametrize("query", SYNTAX, ids=range(len(SYNTAX)))
def test_no_query_is_read_as_a_command(library, query):
    put(library, some(essay("a", "alpha 张桂梅")))
    found(library, query)
    assert next(iter(found(library, query + " 张桂梅"))) == "a"
    assert next(iter(found(library, "张桂梅", query))) == "a"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_can_be_asked_and_found(library, query):
    put(library, some(essay("a", "alpha", "\n".join(query).replace("\n", " "))))
    assert set(found(library, *query)) <= {a.id for a in some(essay("a"))}
    rare = [term for text in terms(query) for term in text if not term.isdigit() and len(term) > 2]
    assert "a" in found(library, *query) or not rare or any(t.startswith(("zulu", "yankee")) for t in rare)


@pytest.fixture
def read(library, monkeypatch):
    """Counts what is read of the index: a list with the number of entries for each term that was looked up."""
    counts = []

    def counted(db, asked, look_up=words._scored):
        entries = look_up(db, asked)
        counts.append(len(entries.numbers))
        return entries

    monkeypatch.setattr(words, "_scored", counted)
    return counts


def test_no_more_is_read_than_the_budget_and_rare_words_come_first(library, read, monkeypatch):
    monkeypatch.setattr(words, "POSTINGS", 10 + 2 * words._LOOKUP)
    put(library, some(*(essay(f"a{n}", f"甲 {'乙' * (n < 5)} {'丙' * (n < 3)}") for n in range(8)), n=20))
    assert list(found(library, "甲 乙 丙")) == [f"a{n}" for n in range(5)]
    assert sorted(read) == [3, 5]
    # What no article has costs nothing, and takes no place from what some have.
    read.clear()
    assert len(found(library, "丁 甲", *"天地玄黄宇宙洪荒")) == 8
    assert read == [8]


def test_the_only_word_is_looked_for_whatever_it_costs(library, monkeypatch):
    monkeypatch.setattr(words, "POSTINGS", 1)
    put(library, some(essay("a", "alpha"), essay("b", "alpha")))
    assert list(found(library, "alpha")) == ["a", "b"]


def test_of_a_very_long_query_the_beginning_is_looked_for(library, read):
    put(library, some(essay("first", "甲"), essay("last", "乙")))
    filler = "乾坤" * 1_000_000
    assert list(found(library, "甲 " + filler + " 乙")) == ["first"]
    assert list(found(library, "甲", filler, "乙")) == ["first"]
    assert list(found(library, filler[: words.LONGEST - 2], " 乙")) == ["last"]
    assert len(read) == 2  # what was read once is remembered


def test_what_is_remembered_is_forgotten_when_words_change(library, read, monkeypatch):
    put(library, some(essay("a", "甲"), essay("b", "张")))
    assert [list(found(library, "甲")) for _ in range(3)] == [["a"]] * 3
    assert read == [1]
    put(library, [essay("b", "甲 甲")])
    assert set(found(library, "甲")) == {"a", "b"}
    library.remove(["a"])
    assert list(found(library, "甲")) == ["b"]
    monkeypatch.setattr(words, "_REMEMBERED", 1)
    put(library, [essay("c", "张")])
    assert [list(found(library, "甲 张")) for _ in range(2)] == [["b", "c"]] * 2  # with little room, too


def test_a_word_that_the_query_repeats_is_looked_up_once(library, read):
    put(library, some(essay("a", "甲"), essay("b", "张")))
    assert list(found(library, "甲 " * 45_000)) == ["a"]
    assert list(found(library, "张" * 90_000)) == ["b"]
    assert read == [1, 1]

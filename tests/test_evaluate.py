"""The figures of an order are those that can be computed by hand, and gold that is wrong says where and why."""

from __future__ import annotations

import gzip
import json
from math import isnan, log2, nan

import numpy as np
import pytest
from conftest import essay
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ranking import load, slices, title_matching
from recommender.evaluate import (
    MEASURES,
    article_vectors,
    coverage,
    diversity,
    measure,
    run,
    unlisted,
)
from recommender.evaluate.agreement import overlap, rank_correlation
from recommender.evaluate.gold import GoldError, LeftOut, read_gold, within
from recommender.evaluate.intervals import Estimate, compare, estimate, verdict
from recommender.types import RecommenderError

ids = st.text("abcdefgh文章 /%", min_size=1, max_size=3)
lists = st.lists(ids, unique=True, max_size=10)
gains = st.dictionaries(ids, st.integers(0, 1000), max_size=12).filter(lambda found: any(found.values()))


@pytest.fixture
def gold_file(tmp_path):
    """Writes a file of gold."""

    def write(content):
        path = tmp_path / "gold"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# --- gold ---


def test_both_forms_say_the_same(gold_file):
    trec = "q1 0 a 2\r\nq1\tQ0\t文章.txt#1 1\n\nq2 0 a 1\nq2 0 b 0\nq2 0 junk -2\n"
    lines = [
        {"query": "q1", "relevant": {"a": 2}, "note": "passed over"},
        {"query": "q1", "relevant": ["文章.txt#1"]},
        {"query": "q2", "relevant": {"a": 1, "b": 0, "junk": -1}},
    ]
    expected = {"q1": {"a": 2, "文章.txt#1": 1}, "q2": {"a": 1, "b": 0, "junk": 0}}
    assert read_gold(gold_file(trec)) == expected
    assert read_gold(gold_file("\ufeff" + "\n".join(map(json.dumps, lines)))) == expected


def test_an_id_with_white_space_can_stand_in_json_and_addresses_are_left_as_they_are(gold_file):
    assert read_gold(gold_file('{"query": "my essay.txt", "relevant": ["a b"]}')) == {"my essay.txt": {"a b": 1}}
    assert read_gold(gold_file("http://x/a%20b 0 c 1")) == {"http://x/a%20b": {"c": 1}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("my essay.txt 0 a 1", "5 fields instead of 4; an id with white space in it can stand in JSON only"),
        ("q a 1", "3 fields instead of 4, in 'q a 1'"),
        ("q 0 a much", "the gain 'much', which is no whole number up to 1000"),
        ("q 0 a 1.5", "the gain '1.5'"),
        ("q 0 a 4294967296", "the gain 4294967296"),
        ('{"query": "q", "relevant": ["a"]', "broken JSON (Expecting ',' delimiter"),
        ('{"query": "q"}', 'no "query" that is text with "relevant" articles'),
        ('{"query": 7, "relevant": ["a"]}', 'no "query" that is text'),
        ('{"query": "q", "relevant": [7]}', 'no "query" that is text with "relevant" articles'),
        ('{"query": "q", "relevant": {"a": true}}', "the gain True"),
        ('{"query": "q", "relevant": {"a": 0.5}}', "the gain 0.5"),
        ('{"query": "q", "relevant": {"a": "1"}}', "the gain '1'"),
        ("q1 0 a 2", "'a' has gain 2 for 'q1', and 1 on a line before; leave one of them out"),
        (b"\xb9\xab\xce\xc4 0 a 1", "is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_wrong_line_is_named_with_what_was_seen_and_what_to_do(gold_file, line, said):
    path = gold_file(b"q1 0 a 1\n\n" + (line if isinstance(line, bytes) else line.encode()) + b"\n")
    with pytest.raises(GoldError) as raised:
        read_gold(path)
    assert str(raised.value).startswith(f"{path}, line 3: ")
    assert said in str(raised.value)


def test_a_file_without_gold_is_told_so(gold_file, tmp_path):
    for path, said in (
        (gold_file("\n \n"), "holds no gold: it is empty"),
        (tmp_path / "none", "cannot be read: No such"),
    ):
        with pytest.raises(GoldError, match=f"{path.name} .*{said}"):
            read_gold(path)


def test_what_the_library_does_not_have_is_counted():
    gold = {
        "q1": {"a": 2, "gone": 1, "lost": 1, "q1": 1, "b": 0},
        "q2": {"gone": 1, "a": 0},  # has nothing left that is related
        "q3": {"q3": 1},  # nor has this
        "nobody": {"a": 1},
    }
    usable, left_out = within(gold, {"q1", "q2", "q3", "a", "b"})
    assert usable == {"q1": {"a": 2, "b": 0}}
    assert left_out == LeftOut(queries=1, articles=2, idle=2)


def test_nothing_left_is_an_error():
    with pytest.raises(GoldError, match=r"none of the 2 queries.* such as 'q'.*lacks 1 of them.* the other 1\. .*list"):
        within({"q": {"a": 1}, "b": {"a": 1}}, {"b"})


@given(st.dictionaries(ids, gains, max_size=5), st.sets(ids))
def test_gold_that_is_within_a_library_can_be_measured(gold, held):
    try:
        usable, _ = within(gold, held)
    except GoldError:
        return
    assert all(len(of_query) == len(usable) for of_query in measure({q: [] for q in usable}, usable).values())
    assert within(usable, held) == (usable, LeftOut(0, 0, 0))


# --- running an order ---

ARTICLES = {id_: essay(id_, "text") for id_ in "abcdef"}


def test_an_order_is_asked_for_each_query_and_the_query_itself_does_not_count():
    asked = []

    def order(article, k):
        asked.append((article, k))
        return [article.id, "f", "e"][:k]

    assert run(["b", "a"], order, ARTICLES.__getitem__, k=2) == {"b": ["f"], "a": ["f"]}
    assert asked == [(ARTICLES["b"], 2), (ARTICLES["a"], 2)]


@pytest.mark.parametrize("ids", [["b", "b"], ["b", "c", "d"]])
def test_an_order_that_breaks_its_word_is_refused(ids):
    with pytest.raises(ValueError, match=r"up to 2 articles, each once; for 'a' it listed \['b'"):
        run(["a"], lambda article, k: ids, ARTICLES.__getitem__, k=2)


def test_what_goes_wrong_with_a_query_names_it():
    def order(article, k):
        raise RecommenderError("There is no text.")

    with pytest.raises(RecommenderError, match=r"query 'a': There is no text\."):
        run(["a"], order, ARTICLES.__getitem__)


# --- measuring ---


def test_the_figures_are_those_computed_by_hand():
    gold = {"q": {"a": 3, "b": 1, "c": 1, "n": 0}, "r": {"a": 1}, "s": {"a": 1}}
    listed = {"q": ["n", "b", "x1", "x2", "x3", "a"], "r": ["a"], "s": []}
    found = measure(listed, gold)
    ideal = 3 + 1 / log2(3) + 1 / log2(4)
    assert found["nDCG@5"] == pytest.approx({"q": (1 / log2(3)) / ideal, "r": 1, "s": 0})
    assert found["nDCG@10"] == pytest.approx({"q": (1 / log2(3) + 3 / log2(7)) / ideal, "r": 1, "s": 0})
    assert found["recall@10"] == pytest.approx({"q": 2 / 3, "r": 1, "s": 0})
    assert found["MRR@10"] == pytest.approx({"q": 1 / 2, "r": 1, "s": 0})


def test_what_stands_after_the_tenth_place_does_not_count():
    listed = {"q": [str(n) for n in range(12)]}
    assert {name: found["q"] for name, found in measure(listed, {"q": {"10": 1}}).items()} == dict.fromkeys(MEASURES, 0)
    assert measure(listed, {"q": {"9": 1}})["MRR@10"] == {"q": 0.1}


@given(gains, lists)
def test_figures_lie_between_0_and_1_and_the_perfect_order_reaches_1(of_query, listed):
    found = measure({"q": listed}, {"q": of_query})
    assert all(0 <= figures["q"] <= 1 + 1e-12 for figures in found.values())
    perfect = sorted(of_query, key=of_query.__getitem__, reverse=True)
    best = measure({"q": perfect}, {"q": of_query})
    assert [best[name]["q"] for name in ("nDCG@5", "nDCG@10", "MRR@10")] == pytest.approx([1, 1, 1])
    hits = sum(gain > 0 for gain in of_query.values())
    assert best["recall@10"]["q"] == pytest.approx(min(10, hits) / hits)


@given(st.dictionaries(ids, st.tuples(gains, lists), min_size=2, max_size=8), st.randoms())
def test_the_order_of_the_queries_changes_nothing(judged, random):
    shuffled = random.sample(list(judged.items()), len(judged))
    gold = {query: of_query for query, (of_query, _) in judged.items()}
    one, other = (measure({q: listed for q, (_, listed) in some}, gold) for some in (judged.items(), shuffled))
    assert one == other
    assert estimate(one["nDCG@10"].values()) == estimate(other["nDCG@10"].values())


@pytest.mark.parametrize("gold", [{}, {"q": {}}, {"q": {"a": 0}}])
def test_a_query_to_which_nothing_is_related_is_refused(gold):
    with pytest.raises(ValueError, match="nothing that is related to 'q'"):
        measure({"q": ["a"]}, gold)


def test_coverage_is_the_share_of_the_library_that_is_listed():
    listed = {"a": ["b", "c"], "b": ["c", "elsewhere"]}
    assert unlisted(listed, "abcd") == ["a", "d"]
    assert coverage(listed, "abcd") == 0.5
    with pytest.raises(ValueError, match="no ids"):
        coverage(listed, "")


def test_diversity_is_1_minus_the_mean_cosine_of_the_pairs():
    vectors = {"x": [1, 0], "y": [0, 1], "again": [1, 0], "against": [-1, 0], "between": [0.6, 0.8]}
    vectors = {id_: np.array(vector, np.float32) for id_, vector in vectors.items()}
    listed = {
        "same": ["x", "again"],
        "none in common": ["x", "y"],
        "opposite": ["x", "against"],
        "three": ["x", "y", "between"],
        "one": ["x"],
        "one known": ["x", "unknown"],
        "empty": [],
    }
    expected = {"same": 0, "none in common": 1, "opposite": 2, "three": 1 - (0 + 0.6 + 0.8) / 3}
    assert diversity(listed, vectors) == pytest.approx(expected)


@given(st.lists(st.tuples(*[st.floats(-1, 1, width=32)] * 3).filter(any), min_size=2, max_size=10))
def test_diversity_is_what_the_pairs_one_by_one_say(rows):
    units = np.array([np.array(row) / np.linalg.norm(row) for row in rows])
    names = [str(n) for n in range(len(rows))]
    pairs = [units[i] @ units[j] for i in range(len(rows)) for j in range(i)]
    found = diversity({"q": names}, dict(zip(names, units, strict=True)))["q"]
    assert found == pytest.approx(1 - np.mean(pairs), abs=1e-6)


def test_the_same_articles_in_another_order_are_as_diverse():
    vectors = {str(n): row / np.linalg.norm(row) for n, row in enumerate(np.random.default_rng(1).normal(size=(10, 8)))}
    found = diversity({"there": list(vectors), "back": list(vectors)[::-1]}, vectors)
    assert found["there"] == found["back"]


def test_an_article_is_the_mean_of_its_passages(recommender, monkeypatch):
    monkeypatch.setattr("recommender.evaluate._CHUNK", 2)
    long = " ".join(f"word{n}" for n in range(400))
    recommender.put([essay("a", "red"), essay("b", "red blue"), essay("c", long, "red"), essay("empty")])
    vectors = article_vectors(recommender.library, ["c", "b", "nowhere", "a", "empty"])
    assert list(vectors) == ["c", "b", "a"]
    matrix = recommender.library.matrix()
    of_c = matrix.vectors[matrix.owners == recommender.library.owners(["c"])["c"]]
    assert len(of_c) > 1
    np.testing.assert_allclose(vectors["c"], of_c.mean(axis=0) / np.linalg.norm(of_c.mean(axis=0)), atol=1e-6)
    assert np.linalg.norm(list(vectors.values()), axis=1) == pytest.approx([1, 1, 1])


# --- intervals ---


def test_the_interval_is_that_of_the_normal_distribution_where_that_holds():
    figures = np.random.default_rng(5).normal(0.4, 0.2, 4000)
    found = estimate(figures)
    error = 1.96 * figures.std() / np.sqrt(len(figures))
    assert found.mean == pytest.approx(figures.mean())
    assert [found.low, found.high] == pytest.approx([found.mean - error, found.mean + error], abs=error / 10)


def test_too_few_queries_tell_no_interval():
    one, none = estimate([0.25]), estimate([])
    assert one.mean == 0.25 and isnan(none.mean)
    assert all(map(isnan, (one.low, one.high, none.low, none.high)))


def test_a_difference_is_paired_by_query():
    # Queries are hard or easy, and the first order is a little better on every one: unpaired that would be lost.
    hard = {str(n): n / 100 for n in range(50)}
    better = {query: figure + 0.01 for query, figure in reversed(hard.items())} | {"only here": 1.0}
    found = compare(better, hard)
    assert [found.mean, found.low, found.high] == pytest.approx([0.01, 0.01, 0.01])
    assert verdict(found) == "better" and verdict(compare(hard, better)) == "worse"
    assert verdict(compare(hard, hard)) == "the same"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.01, 0.1, "better"),
        (-0.1, -0.01, "worse"),
        (-0.1, 0.1, "not told apart"),
        (0, 0.1, "not told apart"),
        (-0.1, 0, "not told apart"),
        (nan, nan, "not told apart"),
        (0, 0, "the same"),
    ],
)
def test_only_an_interval_clear_of_0_tells_orders_apart(low, high, said):
    assert verdict(Estimate((low + high) / 2, low, high)) == said


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_an_interval_lies_within_the_figures(figures):
    found = estimate(figures)
    ends = [min(figures), found.low, found.high, max(figures)]
    assert ends == pytest.approx(sorted(ends), abs=1e-12)
    assert min(figures) - 1e-12 <= found.mean <= max(figures) + 1e-12


# --- agreement of two lists ---


@pytest.mark.parametrize(
    ("listed", "found", "k", "expected"),
    [
        ("abcd", "badc", 4, 1),
        ("abcd", "badc", 1, 0),
        ("abcd", "axby", 2, 1 / 2),
        ("abc", "abcdef", 3, 1),
        ("abc", "abcdef", 6, 3 / 6),  # the page lists three of the six
        ("abc", "cba", 10, 1),
        ("abc", "xyz", 3, 0),
        ("", "abc", 3, 0),
        ("", "", 3, 0),
    ],
)
def test_overlap_is_what_the_first_k_have_in_common(listed, found, k, expected):
    assert overlap(listed, found, k) == overlap(found, listed, k) == pytest.approx(expected)


def test_overlap_refuses_a_k_below_1():
    with pytest.raises(ValueError, match="got 0"):
        overlap("ab", "ab", 0)


@pytest.mark.parametrize(
    ("listed", "found", "expected"),
    [
        ("abcd", "abcd", 1),
        ("abcd", "dcba", -1),
        ("abc", "acb", 1 / 3),  # two pairs in the same order, one not
        ("axbyc", "zacb", 1 / 3),  # what is in one list only does not count
        ("aab", "abb", 1),
        ("abc", "c", None),
        ("abc", "xyz", None),
        ("", "", None),
    ],
)
def test_rank_correlation_is_about_what_both_list(listed, found, expected):
    assert rank_correlation(listed, found) == pytest.approx(expected)


@given(st.permutations("abcdef"), st.permutations("abcdefgh"))
def test_rank_correlation_is_symmetric_and_turns_with_a_list(listed, found):
    tau = rank_correlation(listed, found)
    assert tau == pytest.approx(rank_correlation(found, listed))
    assert tau == pytest.approx(-rank_correlation(listed[::-1], found))


# --- the benchmark's gold and baseline ---


def test_title_matching_finds_titles_alike_whatever_the_texts_say():
    titles = {"asks": "税收工作之浅见", "alike": "宣传工作之浅见", "other": "月季的养护", "same": "税收工作之浅见"}
    order = title_matching(titles)
    assert order(essay("asks", "月季"), 2) == ["same", "alike"]
    assert order(essay("asks", "月季"), 9) == ["same", "alike", "other"]


@pytest.fixture
def corpus_file(tmp_path):
    def write(rows):
        with gzip.open(tmp_path / "gold.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        return tmp_path / "gold.jsonl.gz"

    return write


def test_pages_are_related_to_what_they_list(corpus_file):
    rows = [
        {"id": "cpp/a", "title": "A", "text": "one\ntwo", "see_also": ["cpp/b"], "is_query": True},
        {"id": "cpp/b", "title": "B", "text": "three", "see_also": [], "is_query": False},
    ]
    found = load(corpus_file(rows))
    assert found.gold == {"cpp/a": {"cpp/b": 1}}
    assert [article.text for article in found.articles.values()] == ["one\ntwo", "three"]


def test_labelled_articles_are_related_to_the_others_of_their_category(corpus_file):
    categories = ["法学", "化学/化学工程", "法学", "未标", "未标", "法学"]
    rows = [{"title": str(n), "paragraphs": ["x" * n], "category": category} for n, category in enumerate(categories)]
    found = load(corpus_file(rows))
    law = ["法学/0", "法学/2", "法学/3"]
    assert list(found.articles) == ["法学/0", "化学/1", "法学/2", "法学/3"]
    assert {query: sorted(gains) for query, gains in found.gold.items() if gains} == {
        query: [other for other in law if other != query] for query in law
    }
    assert slices(found) == {
        "length: 2 and more characters": ["法学/2", "法学/3"],
        "length: up to 1 characters": ["法学/0", "化学/1"],
        "source: all others": [*law, "化学/1"],
    }

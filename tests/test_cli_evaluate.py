"""The command ``evaluate``: what it prints is what the lists of an order are worth."""

from __future__ import annotations

import json
from dataclasses import asdict
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import WordEncoder, articles_of, essay

from recommender.cli.evaluate import evaluate
from recommender.library import EVERYTHING
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.types import Ranking

# Each has more words in common with "asks" than the next one.
ARTICLES = [
    essay("asks", "red green blue white"),
    essay("near", "red green blue"),
    essay("mid", "red green"),
    essay("far", "red"),
]
# What the fake lists first for each.
GOLD = '{"query": "asks", "relevant": ["near"]}\n{"query": "far", "relevant": ["mid"]}\n'
MEASURES = ["nDCG@5", "nDCG@10", "recall@10", "MRR@10", "diversity"]


class Nearest:
    """A fake recommender: all others by cosine, and turned round where words alone count; an order that is worse."""

    def __init__(self, path, encoder):
        self.library, self.encoder = SqliteLibrary(path, encoder), encoder
        self.listings = self.library.listings

    def matches(self, query, k=10, among=EVERYTHING, ranking=Ranking()):  # noqa: B008
        if not 0 <= ranking.words <= 1:
            raise ValueError(f"words is between 0 and 1, got {ranking.words}")
        others = [article for article in articles_of(self) if article.id != query.id]
        scores = self.encoder.encode([other.text for other in others], "passage") @ self._vector(query)
        order = np.argsort(scores if ranking.words == 1 else -scores, kind="stable")
        return [SimpleNamespace(article=others[row]) for row in order[:k]]

    def _vector(self, article):
        return self.encoder.encode([article.text], "query")[0]


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Makes libraries, which the command opens with the fake."""
    encoder = WordEncoder()
    monkeypatch.setattr(Recommender, "open", lambda path, model: Nearest(path, encoder))

    def made(name, articles):
        Recommender(SqliteLibrary(tmp_path / name, encoder), encoder).put(articles)
        return tmp_path / name

    return made


@pytest.fixture
def run(make, tmp_path):
    """Runs the command with gold on a library of the articles."""
    library = make("library.db", ARTICLES)

    def invoke(*arguments, gold=GOLD):
        (tmp_path / "gold.jsonl").write_text(gold, "utf-8")
        given = [str(tmp_path / "gold.jsonl"), "--library", str(library), *map(str, arguments)]
        return CliRunner().invoke(evaluate, given, env={"COLUMNS": "600"})

    return invoke


def report(result):
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def failure(result, code=1):
    assert (result.exit_code, result.stdout) == (code, "")
    assert isinstance(result.exception, SystemExit)  # a message, not a traceback
    return result.stderr


def means(figures):
    return {name: found["mean"] for name, found in figures.items()}


def table(result):
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    rows = [
        [cell.strip() for cell in line.strip("┃│").replace("┃", "│").split("│")] for line in lines if line[0] in "┃│"
    ]
    return rows, [line for line in lines if line[0] not in "┏┃┡│└"]


def test_the_figures_of_an_order(run):
    found = report(run("--json"))
    [order] = found["orders"]
    # s words in common, of m and n: s / sqrt(m * n).
    asks = 1 - np.mean([2 / 6**0.5, 1 / 3**0.5, 1 / 2**0.5])
    far = 1 - np.mean([2 / 6**0.5, 3 / 12**0.5, 2 / 8**0.5])
    expected = [1, 1, 1, 1, (asks + far) / 2]
    assert means(order["measures"]) == pytest.approx(dict(zip(MEASURES, expected, strict=True)), abs=1e-6)
    assert order["measures"]["MRR@10"] == {"mean": 1, "low": 1, "high": 1}
    assert (found["queries"], found["left_out"]) == (2, {"queries": 0, "articles": 0, "idle": 0})
    assert (order["coverage"], order["articles"], order["listed_nowhere"]) == (1, 4, 0)
    assert order["settings"] == json.loads(json.dumps(asdict(Ranking())))
    assert "difference" not in found


def test_two_settings_are_compared_query_by_query(run):
    found = report(run("--json", "--against", "words=1"))
    second = found["orders"][1]
    assert [order["settings"]["words"] for order in found["orders"]] == [Ranking().words, 1]
    assert means(second["measures"])["MRR@10"] == pytest.approx(1 / 3)  # of three, turned round
    difference = found["difference"]
    assert means(difference)["MRR@10"] == pytest.approx(2 / 3)
    assert [difference[name]["verdict"] for name in MEASURES] == ["better", "better", "the same", "better", "the same"]
    turned = report(run("--json", "--setting", "words=1", "--against", "words=0"))
    assert turned["difference"]["MRR@10"]["verdict"] == "worse"
    assert [order["settings"]["words"] for order in turned["orders"]] == [1, 0]


def test_against_changes_only_what_it_names(run):
    found = report(run("--json", "--setting", "half_life=30,collapse=no", "--against", "diversity=0.3"))
    settings = [order["settings"] for order in found["orders"]]
    assert [(s["half_life"], s["collapse"], s["diversity"]) for s in settings] == [(30, False, 0), (30, False, 0.3)]


def test_a_table_for_people(run):
    rows, said = table(run("--setting", "without=linked,author,words=0", "--against", "words=1,collapse=no"))
    first, second = "words=0.0, without=linked,author", "words=1.0, without=linked,author, collapse=no"
    assert rows[0] == ["x 100", first, second, "difference", "the first is"]
    figures = {row[0]: row[1:] for row in rows[1:]}
    assert list(figures) == [*MEASURES, "coverage"]
    one, other, difference, verdict = figures["MRR@10"]
    assert one == "100.0 (100.0 to 100.0)" and other == "33.3 (33.3 to 33.3)"
    assert (difference, verdict) == ("+66.7 (+66.7 to +66.7)", "better")
    assert figures["coverage"][:2] == ["100.0", "100.0"]
    assert f"{first}: 0 of 4 articles are listed nowhere." in said
    assert said[-1].startswith("2 queries. Left out: 0 queries and 0 related articles that are not in the library")


def test_one_query_has_figures_without_intervals(run):
    arguments = {"gold": "asks 0 near 1\n"}
    [order] = report(run("--json", **arguments))["orders"]
    assert order["measures"]["nDCG@5"] == {"mean": 1, "low": None, "high": None}
    rows, said = table(run(**arguments))
    assert rows[1] == ["nDCG@5", "100.0"]
    assert "default settings: 1 of 4 articles are listed nowhere." in said  # the one that asks


def test_lists_without_a_pair_have_no_diversity(run, make, tmp_path):
    library = make("two.db", ARTICLES[:2])
    gold = "asks 0 near 1\n"
    [order] = report(run("--json", "--library", library, gold=gold))["orders"]
    assert order["measures"]["diversity"] == {"mean": None, "low": None, "high": None}
    rows, _ = table(run("--library", library, gold=gold))
    assert rows[5] == ["diversity", "unknown"]


def test_what_the_library_does_not_have_is_told(run):
    gold = GOLD + '{"query": "gone", "relevant": ["near"]}\n{"query": "mid", "relevant": ["lost"]}\n'
    assert report(run("--json", gold=gold))["left_out"] == {"queries": 1, "articles": 1, "idle": 1}
    _, said = table(run(gold=gold))
    assert said[-1] == (
        "2 queries. Left out: 1 queries and 1 related articles that are not in the library, and 1 queries without a "
        "related article in it."
    )


def test_two_libraries_are_compared_on_what_both_have(run, make):
    other = make("other.db", [*ARTICLES[:3], essay("alone", "red green blue white")])
    found = report(run("--json", "--against-library", other))
    first, second = found["orders"]
    assert found["queries"] == 1 and found["left_out"]["queries"] == 1  # "far" is not there
    assert (second["library"], second["articles"], second["listed_nowhere"]) == (str(other), 4, 1)
    assert found["difference"]["MRR@10"]["mean"] == 1 / 2  # "alone" is the nearest of all
    # "alone" has no vector in the first library, by which both are measured.
    assert means(second["measures"])["diversity"] == pytest.approx(1 - 2 / 6**0.5, abs=1e-6)
    rows, _ = table(run("--against-library", other))
    assert rows[0][1:3] == [f"default settings ({order['library']})" for order in (first, second)]


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ("", "gold.jsonl holds no gold: it is empty"),
        ("asks 0 near\n", "gold.jsonl, line 1: 3 fields instead of 4"),
        ("gone 0 near 1\n", "can answer none of the 1 queries of the gold, such as 'gone'"),
    ],
)
def test_gold_that_cannot_be_used_is_one_sentence(run, gold, said):
    message = failure(run(gold=gold))
    assert message.startswith("Error: ") and said in message


def test_a_setting_out_of_its_range_is_one_sentence(run):
    message = failure(run("--setting", "words=2"), code=2)
    assert message.endswith("Invalid value for '--setting': words is between 0 and 1, got 2.0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--setting", "word=1"], "there is no setting 'word'; there are words, diversity, half_life"),
        (["--setting", "words"], "words takes a number, got ''"),
        (["--setting", "words=much"], "words takes a number, got 'much'"),
        (["--setting", "words=nan"], "words takes a number, got 'nan'"),
        (["--against", "diversity=0.1,collapse=2"], "collapse takes yes or no, got '2'"),
        (
            ["--against", "without=author,friends"],
            "without takes one of linked, author, series",
        ),
        (["--against-model", "embedded"], "--against-model is that of --against-library: name one"),
        (["--against-library", "nowhere.db"], "'nowhere.db' does not exist"),
    ],
)
def test_a_wrong_call_is_told_so_before_anything_is_opened(run, arguments, said, monkeypatch):
    monkeypatch.setattr(Recommender, "open", lambda *_: pytest.fail("it was opened"))
    message = failure(run(*arguments), code=2)
    assert said in " ".join(message.split())


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ("words=0.25", "words", 0.25),
        ("collapse=false", "collapse", False),
        ("collapse=yes", "collapse", True),
        ("more=a/1.md,b", "more", ["a/1.md", "b"]),
        ("without=", "without", []),
        ("without=series", "without", ["series"]),
        ("reranker=folder/of=one", "reranker", "folder/of=one"),
    ],
)
def test_every_kind_of_setting_can_be_given(run, given, field, value):
    assert report(run("--json", "--setting", given))["orders"][0]["settings"][field] == value


def test_the_real_recommender_is_asked_with_the_settings(seed_recommender, tmp_path, monkeypatch):
    essay, *pieces = articles_of(seed_recommender)
    gold = {"query": essay.id, "relevant": [pieces[0].id]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold), "utf-8")
    monkeypatch.setattr(Recommender, "open", lambda path, model: seed_recommender)
    ran = CliRunner().invoke(evaluate, [str(tmp_path / "gold.jsonl"), "--json", "--against", "words=1,diversity=0.9"])
    orders = report(ran)["orders"]
    assert len(orders) == 2
    for order, ranking in zip(orders, (Ranking(), Ranking(words=1, diversity=0.9)), strict=True):
        ids = [found.article.id for found in seed_recommender.matches(essay, 10, ranking=ranking)]
        expected = 1 / (ids.index(pieces[0].id) + 1) if pieces[0].id in ids else 0
        assert means(order["measures"])["MRR@10"] == pytest.approx(expected)

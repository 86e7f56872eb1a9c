"""An essay beside its pieces on the command line: the same as the facade says, as JSON and for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import SEEDS, essay

from recommender.cli import main
from recommender.embed import load_encoder
from recommender.recommend import Recommender
from recommender.review import coverage, page_list

ESSAY = "推进工商队伍思想政治工作创新之浅见"
Run = Callable[..., Result]


@pytest.fixture(scope="module", autouse=True)
def models() -> Iterator[None]:
    """The real model, loaded once and not again for every command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.recommend.load_encoder", cache(load_encoder))
        yield


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed page, a page without a list, and one that lists what is not there."""
    path = tmp_path_factory.mktemp("judge") / "library.db"
    recommender = Recommender.open(path)
    assert [report.error for report in recommender.add([SEEDS])] == [""]
    recommender.put(
        [
            essay("plain", "苹果树冬季修剪要疏去过密的枝条。", title="修剪"),
            essay("lost", "把牛肉切成薄片，[red]大火快炒[/red]出锅。", title="[red]炒牛肉", links=["gone", "plain"]),
            essay("other", "牛肉切薄片，大火快炒，马上出锅装盘。", title="[b]快炒牛肉"),
        ]
    )
    return path


@pytest.fixture
def run(library: Path) -> Run:
    """Judges an article of the library."""

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["judge", *arguments], env={"RECOMMENDER_LIBRARY": str(library)})

    return invoke


def test_json_is_what_the_facade_says(run: Run, library: Path) -> None:
    result = run(ESSAY, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    record = json.loads(result.stdout)
    recommender = Recommender.open(library)
    article = recommender.first_article()
    assert article
    judged = page_list(recommender, article)
    covered = coverage(recommender, article, judged.found)
    assert [row["id"] for row in record["listed"]] == list(article.links)
    assert [(row["place"], tuple(row["in_title"]), row["relevance"]) for row in record["listed"]] == [
        (one.place, one.in_title, one.recommendation.relevance) for one in judged.listed
    ]
    assert [row["id"] for row in record["found"]] == [row.article.id for row in judged.found]
    assert [row["paragraph"] and row["paragraph"] - 1 for row in record["found"]] == list(covered.serves)
    assert record["missing"] == [row.article.id for row in judged.missing]
    assert (record["absent"], record["overlap"], record["correlation"]) == (0, judged.overlap, judged.correlation)
    assert (record["paragraphs"], record["bare"]) == (8, [at + 1 for at in covered.bare])


def test_tables_and_sentences_for_people(run: Run) -> None:
    record = json.loads(run(ESSAY, "--json").stdout)
    result = run(ESSAY)
    assert (result.exit_code, result.stderr) == (0, "")
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines() if "│" in line]
    page = [row for row in cells if row[0] and row[-1] in ("", "浅见")][: len(record["listed"])]
    assert [row[1] for row in page] == [row["relevance"] for row in record["listed"]]
    assert [row[2] for row in page] == [str(row["place"] or f"> {len(record['found'])}") for row in record["listed"]]
    related = sum(row["relevance"] != "unrelated" for row in record["listed"])
    alike = sum(bool(row["in_title"]) for row in record["listed"])
    lines = result.stdout.splitlines()
    assert f"Listed on the page: 9; related by their texts: {related}; only by their titles: {alike}." in lines
    assert f"overlap@9: {record['overlap']:.2f}" in lines
    assert f"Kendall's tau: {record['correlation']:.2f}" in lines


def test_what_is_missing_and_what_is_gone(run: Run) -> None:
    """Titles in square brackets are no markup."""
    assert json.loads(run("lost", "--json").stdout)["missing"] == ["other"]
    result = run("lost")
    assert "[b]快炒牛肉" in result.stdout
    lines = result.stdout.splitlines()
    assert "Listed, but not in the library: 1." in lines
    assert "Strong pieces that the page does not list: 1." in lines
    assert "overlap@1: 0.00" in lines
    assert not [line for line in lines if "tau" in line]


def test_a_page_without_a_list(run: Run) -> None:
    result = run("plain")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "The page lists no related articles." in result.stdout
    assert "the page lists " not in result.stdout  # no empty table
    assert "Paragraphs that nothing is about: 1." in result.stdout


def test_an_unknown_article_is_one_sentence(run: Run) -> None:
    result = run("nowhere")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    assert "no articles called 'nowhere'" in result.stderr

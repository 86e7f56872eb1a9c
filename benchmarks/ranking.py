"""How good the order is, stage by stage: ``python -m benchmarks.ranking GOLD.jsonl.gz [...]``.

Gold is gzipped JSON Lines of one of two kinds. Reference pages (id, title, text, see_also, is_query): related is what
a page's own "See also" list has, which was taken out of the text. Labelled articles (title, paragraphs, category):
related are the others of the category. Each file becomes a library of its own, and every query is asked as the page
and the command line ask. A row an order, beside what is to be beaten, titles alike; in brackets 95% bootstrap
intervals over queries. Differences are paired by query, with the better one of words alone and meaning alone.

Then the same with the first passage of each query in place of the whole article, and nDCG@10 in slices: by the length
of the query, and by its source, the first part of its id. The language is that of the file. At the end, how long
ranking takes once search has found its candidates.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import click
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.quality import UNLABELLED, read
from recommender.evaluate import Figures, K, Order, article_vectors, coverage, diversity, measure, run
from recommender.evaluate.gold import Gold, within
from recommender.evaluate.intervals import Estimate, compare, estimate, verdict
from recommender.recommend import Query, Recommender
from recommender.search import hybrid
from recommender.search.hybrid import Found
from recommender.segment import segment
from recommender.types import Article, Paragraph, Ranking

T = TypeVar("T")

TITLES = "titles alike (character TF-IDF)"
WORDS, MEANING, HYBRID, ALL = "words alone (BM25)", "meaning alone", "hybrid", "hybrid, all later stages"
PLAIN = replace(Ranking(), diversity=0.0, half_life=0.0, collapse=False)
RANKINGS: dict[str, Ranking] = {
    WORDS: replace(PLAIN, words=1.0),
    MEANING: replace(PLAIN, words=0.0),
    HYBRID: PLAIN,
    "hybrid, reposts collapsed": replace(PLAIN, collapse=True),
    "hybrid, diversity 0.1": replace(PLAIN, diversity=0.1),
    "hybrid, diversity 0.3": replace(PLAIN, diversity=0.3),
    "hybrid, half-life of a year": replace(PLAIN, half_life=365.0),
    ALL: replace(PLAIN, collapse=True, diversity=0.1, half_life=365.0),
}
SLICED = "nDCG@10"
SMALLEST = 20  # queries of a source that is shown by itself
CANDIDATES, TIMED = 200, 200


@dataclass(frozen=True)
class Collected:
    """The articles of a file, in order, and what is related to what."""

    articles: Mapping[str, Article]
    gold: Gold


def load(path: Path) -> Collected:
    """Read a file of either kind."""
    rows = read(path)
    return _pages(rows) if "see_also" in rows[0] else _labelled(rows)


def _pages(rows: Sequence[Mapping[str, Any]]) -> Collected:
    articles = {row["id"]: Article(row["id"], row["title"], _paragraphs(row["text"].split("\n"))) for row in rows}
    return Collected(articles, {row["id"]: dict.fromkeys(row["see_also"], 1) for row in rows if row["is_query"]})


def _labelled(rows: Sequence[Mapping[str, Any]]) -> Collected:
    labelled = [row for row in rows if row["category"] != UNLABELLED]
    articles, categories = {}, defaultdict(list)
    for number, row in enumerate(labelled):
        id_ = f"{row['category'].split('/')[0]}/{number}"
        articles[id_] = Article(id_, row["title"], _paragraphs(row["paragraphs"]))
        categories[row["category"]].append(id_)
    gold = {id_: {other: 1 for other in ids if other != id_} for ids in categories.values() for id_ in ids}
    return Collected(articles, gold)


def _paragraphs(texts: Sequence[str]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line) for text in texts for line in text.split("\n"))


def title_matching(titles: Mapping[str, str]) -> Order:
    """The order of articles whose titles share character n-grams, weighed by TF-IDF: what is to be beaten."""
    ids = list(titles)
    rows = {id_: row for row, id_ in enumerate(ids)}
    weights = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True).fit_transform(titles.values())

    def order(article: Article, k: int) -> list[str]:
        own = rows[article.id]
        scores = (weights @ weights[own].T).toarray()[:, 0]
        scores[own] = -1
        return [ids[row] for row in np.argsort(-scores, kind="stable")[:k] if row != own]

    return order


def orders_of(recommender: Recommender, ask: Callable[[Article], Query]) -> dict[str, Order]:
    """The orders of ``RANKINGS``, asked with what ``ask`` makes of an article."""

    def by(ranking: Ranking) -> Order:
        return lambda article, k: [m.article.id for m in recommender.matches(ask(article), k, ranking=ranking)]

    return {name: by(ranking) for name, ranking in RANKINGS.items()}


def first_passage(article: Article) -> Query:
    """What stands for a paragraph that a writer asks with."""
    return segment(article)[0]


def measured(collected: Collected, recommender: Recommender, orders: Mapping[str, Order]) -> dict[str, Figures]:
    """The figures of every query by every order; coverage, which is of all queries together, stands under ""."""
    vectors = article_vectors(recommender.library, collected.articles)
    found = {}
    for name, order in orders.items():
        with click.progressbar(collected.gold, label=name, file=sys.stderr) as queries:
            lists = run(queries, order, collected.articles.__getitem__)
        of_lists = {"diversity": diversity(lists, vectors), "coverage": {"": coverage(lists, collected.articles)}}
        found[name] = measure(lists, collected.gold) | of_lists
    return found


def table(found: Mapping[str, Figures]) -> str:
    """A row an order, with the difference to the better one of words alone and meaning alone."""
    best = max((WORDS, MEANING), key=lambda name: estimate(found[name][SLICED].values()).mean)
    lines = [
        ["x 100", *found[best], f"{SLICED} less that of {best}", ""],
        ["---", *["---:"] * len(found[best]), "---", "---"],
    ]
    for name, figures in found.items():
        cells = [_cell(estimate(of_queries.values())) for of_queries in figures.values()]
        lines.append([name, *cells, *_difference(figures[SLICED], found[best][SLICED])])
    return _rendered(lines)


def slices(collected: Collected) -> dict[str, list[str]]:
    """The queries by thirds of length, and by source; sources of few queries together."""
    queries = list(collected.gold)
    lengths = np.array([len(collected.articles[query].text) for query in queries])
    low, high = np.quantile(lengths, [1 / 3, 2 / 3])
    found = defaultdict(list)
    for query, length in zip(queries, lengths, strict=True):
        # Long texts can be cut to one length, which then is that of more than a third.
        third = f"up to {low:.0f}" if length <= low else f"{high:.0f} and more" if length >= high else "between"
        found[f"length: {third} characters"].append(query)
    sources = defaultdict(list)
    for query in queries:
        sources[query.split("/")[0]].append(query)
    for source, of_source in sources.items():
        found[f"source: {source if len(of_source) >= SMALLEST else 'all others'}"] += of_source
    return dict(sorted(found.items()))


def sliced_table(found: Mapping[str, Figures], of_slices: Mapping[str, Sequence[str]]) -> str:
    """A row a slice: the hybrid beside the better one, in this slice, of words alone and meaning alone."""
    lines = [[SLICED, "queries", WORDS, MEANING, HYBRID, "less the better", ""], ["---", *["---:"] * 4, "---", "---"]]
    for name, queries in of_slices.items():
        single = {order: {q: found[order][SLICED][q] for q in queries} for order in (WORDS, MEANING, HYBRID)}
        means = {order: float(np.mean(list(figures.values()))) for order, figures in single.items()}
        best = max((WORDS, MEANING), key=means.__getitem__)
        cells = [f"{100 * mean:.1f}" for mean in means.values()]
        lines.append([name, str(len(queries)), *cells, *_difference(single[HYBRID], single[best])])
    return _rendered(lines)


def _difference(one: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    difference, base = compare(one, other), float(np.mean(list(other.values())))
    share = f", {100 * difference.mean / base:+.1f}%" if base else ""
    return [f"{_cell(difference, '+')}{share}", verdict(difference)]


def _cell(found: Estimate, sign: str = "") -> str:
    interval = "" if np.isnan(found.low) else f" ({100 * found.low:{sign}.1f} to {100 * found.high:{sign}.1f})"
    return f"{100 * found.mean:{sign}.1f}{interval}"


def _rendered(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def drawn(collected: Collected, limit: int | None) -> Collected:
    """No more queries than ``limit``, always the same ones; all articles stay."""
    gold, _ = within(collected.gold, collected.articles)
    if limit is not None and limit < len(gold):
        chosen = np.random.default_rng(0).choice(len(gold), limit, replace=False)
        gold = {query: gold[query] for query in np.array(list(gold))[np.sort(chosen)].tolist()}
    return replace(collected, gold=gold)


def ranking_time(recommender: Recommender, asking: Sequence[Article]) -> str:
    """What ranking takes after search has found ``CANDIDATES`` or more, by default settings."""
    ranker = recommender.ranker
    searching: list[float] = []
    whole: list[float] = []
    found: list[Found] = []

    def timed(function: Callable[..., T], into: list[float]) -> Callable[..., T]:
        def call(*arguments: Any) -> T:
            start = time.perf_counter()
            result = function(*arguments)
            into.append(time.perf_counter() - start)
            return result

        return call

    find = timed(ranker.searcher.find, searching)

    def noted(*arguments: Any) -> Found:
        found.append(find(*arguments))
        return found[-1]

    with (
        mock.patch.object(hybrid, "BY_MEANING", CANDIDATES),
        mock.patch.object(ranker.searcher, "find", noted),
        mock.patch.object(ranker, "matches", timed(ranker.matches, whole)),
    ):
        for article in asking:
            recommender.matches(article, K)
    median = 1000 * np.median(np.array(whole) - searching)
    number = np.median([len(some.articles) for some in found])
    return f"Ranking after search: median {median:.1f} ms for {number:.0f} candidates."


def report(path: Path, limit: int | None) -> None:
    """Measure a file and print its tables."""
    collected = drawn(load(path), limit)
    articles = collected.articles
    with tempfile.TemporaryDirectory() as folder:
        recommender = Recommender.open(Path(folder) / "library.db")
        recommender.put(list(articles.values()))
        titles = {TITLES: title_matching({id_: article.title for id_, article in articles.items()})}
        found = measured(collected, recommender, titles | orders_of(recommender, lambda article: article))
        asked = orders_of(recommender, first_passage)
        by_passage = measured(collected, recommender, {name: asked[name] for name in (WORDS, MEANING, HYBRID, ALL)})
        after_search = ranking_time(recommender, [articles[query] for query in list(collected.gold)[:TIMED]])
    click.echo(f"## {path.name}: {len(articles)} articles, {len(collected.gold)} queries\n\n{table(found)}\n")
    click.echo(f"{sliced_table(found, slices(collected))}\n")
    click.echo(f"The first passage in place of the whole article:\n\n{table(by_passage)}\n\n{after_search}\n")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--queries", type=click.IntRange(min=2), help="Ask only so many queries of each file, drawn once for all."
)
def main(paths: tuple[Path, ...], queries: int | None) -> None:
    """Measure the order on the files at PATHS, and print Markdown tables."""
    for path in paths:
        report(path, queries)


if __name__ == "__main__":
    main()

"""Does an honest "nothing related here" come when it should: ``python -m benchmarks.abstention --data CORPUS``.

Two libraries: reference pages on C++, and Chinese articles of six subjects. On topic are the beginnings of other pages
that editors relate to pages of the first, and paragraphs of other articles of the six subjects; off topic are sentences
of travel, science, politics and sports in English and Chinese, and Chinese news. A query is answered if any row is
more than unrelated. Prints the share that is.

"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.quality import read
from recommender.recommend import Recommender
from recommender.types import Article, Paragraph

CHARACTERS = 300  # of a query
QUERIES = 200
SUBJECTS, ARTICLES = 6, 3_000


def reference_pages(data: Path) -> tuple[list[Article], list[str]]:
    """Pages, and the beginnings of every fourth of those that have gold, which are not among them."""
    pages = read(data / "dev" / "seealso_en_cpp.jsonl.gz")
    asks = [page["is_query"] and number % 4 == 0 for number, page in enumerate(pages)]
    articles = [
        _article(p["id"], p["title"], [p["text"]]) for p, is_asked in zip(pages, asks, strict=True) if not is_asked
    ]
    return articles, [p["text"][:CHARACTERS] for p, is_asked in zip(pages, asks, strict=True) if is_asked]


def labelled_articles(data: Path) -> tuple[list[Article], list[str]]:
    """Articles of the most frequent subjects, and the longest paragraphs of others of them."""
    rows = read(data / "train" / "articles_fudan.jsonl.gz")
    subjects = {subject for subject, _ in Counter(row["category"] for row in rows).most_common(SUBJECTS)}
    chosen = [row for row in rows if row["category"] in subjects]
    random.Random(1).shuffle(chosen)
    asking, held = chosen[:QUERIES], chosen[QUERIES : QUERIES + ARTICLES]
    articles = [_article(str(number), row["title"], row["paragraphs"]) for number, row in enumerate(held)]
    return articles, [_longest(row["paragraphs"]) for row in asking]


def off_topic(data: Path) -> dict[str, list[str]]:
    """Texts on what the libraries are not about, by what they are."""
    sentences = [row["langs"] for row in read(data / "dev" / "flores_sib200.jsonl.gz")]
    news = [_longest(row["paragraphs"]) for row in read(data / "dev" / "zh_cnews.jsonl.gz")]
    return {
        "sentences in English": [languages["en"] for languages in sentences[:QUERIES]],
        "sentences in Chinese": [languages["zh"] for languages in sentences[:QUERIES]],
        "paragraphs of Chinese news": news[:QUERIES],
    }


def answered(recommender: Recommender, queries: Sequence[str]) -> float:
    """The share of the queries for which the library has anything related."""
    found = [recommender.related(query, 1) for query in queries]
    return sum(bool(rows) and rows[0].relevance != "unrelated" for rows in found) / len(queries)


def _article(id_: str, title: str, texts: Sequence[str]) -> Article:
    return Article(id_, title, tuple(Paragraph(line) for text in texts for line in text.split("\n")))


def _longest(paragraphs: Sequence[str]) -> str:
    return max(paragraphs, key=len)[:CHARACTERS]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True, help="The corpus.")
def main(data: Path) -> None:
    """Measure and print."""
    others = off_topic(data)
    # The news has the subjects of the Chinese library, among others, and its sentences those of daily life.
    kinds = {
        "C++ pages": (reference_pages, list(others)),
        "six subjects": (labelled_articles, ["sentences in English"]),
    }
    click.echo("| library | queries | answered |\n| --- | --- | ---: |")
    for name, (load, off) in kinds.items():
        articles, on = load(data)
        with tempfile.TemporaryDirectory() as folder:
            recommender = Recommender.open(Path(folder) / "library.db")
            recommender.put(articles)
            for kind, queries in {"on topic": on[:QUERIES], **{key: others[key] for key in off}}.items():
                click.echo(
                    f"| {name}, {len(articles)} | {kind}, {len(queries)} | {answered(recommender, queries):.1%} |"
                )


if __name__ == "__main__":
    main()

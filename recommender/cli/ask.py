"""Commands that ask a library: what is related, what is there."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, get_args

import click

from recommender.cli.opening import filter_options, library_option, model_option, opened, record
from recommender.cli.settings import changed, setting_option
from recommender.types import Article, Filter, Language, Ranking, Recommendation


@click.command()
@click.argument("article", required=False)
@click.option("--paragraph", type=click.IntRange(min=1), help="Ask with this paragraph of the article, counted from 1.")
@click.option("--text", help="Ask with this text instead of an article.")
@click.option("-k", "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many to give.")
@click.option("--table", is_flag=True, help="A table for people instead of JSON Lines.")
@click.option("--unlinked", is_flag=True, help="Leave out what the article's own page lists already.")
@setting_option
@filter_options
@library_option
@model_option
def related(
    article: str | None,
    paragraph: int | None,
    text: str | None,
    limit: int,
    table: bool,
    unlinked: bool,
    settings: Sequence[dict[str, Any]],
    library: Path,
    model: str,
    **choices: Any,
) -> None:
    """Find the articles related to ARTICLE (an id, a title or a file), to --text, or to standard input.

    Prints one JSON object a line, best first: rank_score is what the order goes by, score the cosine of the best
    passage, word_score the share of the query's words by their weight, why a sentence in Chinese and in English.
    """
    from recommender.explain.summary import sentence, summary

    if article and text is not None:
        raise click.UsageError("give either ARTICLE or --text, not both")
    if paragraph and not article:
        raise click.UsageError("--paragraph counts the paragraphs of ARTICLE: name one")
    if unlinked and not article:
        raise click.UsageError("--unlinked is about the page of ARTICLE: name one")
    if not article and text is None and sys.stdin.isatty():
        raise click.UsageError("give ARTICLE, --text, or a text on standard input")
    among = Filter(**choices)
    with opened(library, model) as recommender:
        asked = recommender.find(article, paragraph) if article else text if text is not None else _standard_input()
        if unlinked and not isinstance(asked, str):
            among = replace(among, unlinked_by=asked.id if isinstance(asked, Article) else asked.article_id)
        found = recommender.related(asked, limit, among, changed(Ranking(), settings))
        reasons = [summary(why) for why in recommender.why(asked, found)]
    if table:
        _print_table(found)
    else:
        for recommendation, reason in zip(found, reasons, strict=True):
            said = {language: sentence(reason, language) for language in get_args(Language)}
            click.echo(json.dumps(_row(recommendation) | {"why": said}, ensure_ascii=False))


@click.command("list")
@filter_options
@library_option
def list_(library: Path, **choices: Any) -> None:
    """List the articles of the library, one JSON object a line, in the order in which they came."""
    with record(library) as opened_record:
        for listing in opened_record.listings(Filter(**choices)):
            click.echo(json.dumps(asdict(listing), ensure_ascii=False))


@click.command()
@library_option
@model_option
def info(library: Path, model: str) -> None:
    """Show what the library holds, as JSON."""
    with opened(library, model) as recommender:
        click.echo(json.dumps(recommender.info(), ensure_ascii=False, indent=2))


def _standard_input() -> str:
    from recommender.sources.encoding import decode

    return decode(sys.stdin.buffer.read(), "standard input")


def _row(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "id": recommendation.article.id,
        "title": recommendation.article.title,
        "relevance": recommendation.relevance,
        "rank_score": round(recommendation.rank_score, 4),
        "score": round(recommendation.score, 4),
        "word_score": round(recommendation.word_score, 4),
        "relations": list(recommendation.relations),
        "reposts": [article.id for article in recommendation.reposts],
        "evidence": [asdict(pair) | {"score": round(pair.score, 4)} for pair in recommendation.evidence],
    }


def _print_table(found: list[Recommendation]) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    rows = Table("", "score", Column("title", overflow="fold"), Column("best matching sentence", overflow="fold"))
    for rank, recommendation in enumerate(found, 1):
        sentence = recommendation.evidence[0].article.text
        rows.add_row(str(rank), f"{recommendation.score:.2f}", recommendation.article.title, sentence)
    Console().print(rows)

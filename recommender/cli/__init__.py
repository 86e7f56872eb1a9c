"""The command line. Every command is one call of the facade, which is imported only when a command runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.types import Recommendation, RecommenderError

if TYPE_CHECKING:
    from recommender.recommend import Recommender

_library = click.option(
    "--library",
    type=click.Path(dir_okay=False, path_type=Path),
    default="library.db",
    envvar="RECOMMENDER_LIBRARY",
    show_default=True,
    show_envvar=True,
    help="The library file.",
)
_model = click.option(
    "--model",
    default="embedded",
    show_default=True,
    help="The model of the library: 'embedded', a folder, or a sentence-transformers name.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Related articles, by what the texts say."""


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_library
@_model
def add(paths: tuple[Path, ...], library: Path, model: str) -> None:
    """Read files and folders into the library.

    Prints one line a file. Exits with 1 if any file could not be read; the others are in the library all the same.
    """
    failed = 0
    with _opened(library, model) as recommender:
        for report in recommender.add(paths):
            if report.error:
                failed += 1
                click.echo(f"failed     {report.error}", err=True)
            else:
                click.echo(
                    f"{report.status:10} {report.path}: {report.articles} articles, {report.embedded} passages embedded"
                )
    sys.exit(1 if failed else 0)


@main.command()
@click.argument("article", required=False)
@click.option("--paragraph", type=click.IntRange(min=1), help="Ask with this paragraph of the article, counted from 1.")
@click.option("--text", help="Ask with this text instead of an article.")
@click.option("-k", "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many to give.")
@click.option("--table", is_flag=True, help="A table for people instead of JSON Lines.")
@_library
@_model
def related(
    article: str | None, paragraph: int | None, text: str | None, limit: int, table: bool, library: Path, model: str
) -> None:
    """Find the articles related to ARTICLE (an id, a title or a file), to --text, or to standard input.

    Prints one JSON object a line: id, score, relevance, title, linked, evidence; best first.
    """
    if article and text is not None:
        raise click.UsageError("give either ARTICLE or --text, not both")
    if paragraph and not article:
        raise click.UsageError("--paragraph counts the paragraphs of ARTICLE: name one")
    if not article and text is None and sys.stdin.isatty():
        raise click.UsageError("give ARTICLE, --text, or a text on standard input")
    with _opened(library, model) as recommender:
        asked = recommender.find(article, paragraph) if article else text if text is not None else _standard_input()
        found = recommender.related(asked, limit)
    if table:
        _print_table(found)
    else:
        for recommendation in found:
            click.echo(json.dumps(_row(recommendation), ensure_ascii=False))


@main.command()
@_library
@_model
def info(library: Path, model: str) -> None:
    """Show what the library holds, as JSON."""
    with _opened(library, model) as recommender:
        click.echo(json.dumps(recommender.info(), ensure_ascii=False, indent=2))


@contextmanager
def _opened(library: Path, model: str) -> Iterator[Recommender]:
    """The library's recommender; what goes wrong with it becomes one sentence on standard error and exit code 1."""
    from recommender.recommend import Recommender

    try:
        if sys.stderr.isatty():
            click.echo("Loading the model ...", err=True)
        yield Recommender.open(library, model)
    except RecommenderError as error:
        raise click.ClickException(str(error)) from error


def _standard_input() -> str:
    from recommender.sources.encoding import decode

    return decode(sys.stdin.buffer.read(), "standard input")


def _row(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "id": recommendation.article.id,
        "score": round(recommendation.score, 4),
        "relevance": recommendation.relevance,
        "title": recommendation.article.title,
        "linked": recommendation.linked,
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

"""The command that measures an order against gold, and against another order."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli import lists
from recommender.cli.figures import cell, plain
from recommender.cli.opening import library_option, model_option, opened
from recommender.cli.settings import Settings, changed, setting_option
from recommender.types import Article, Ranking, RecommenderError

if TYPE_CHECKING:
    from recommender.evaluate import Run
    from recommender.evaluate.decisions import Publication, Span
    from recommender.evaluate.gold import Gold
    from recommender.recommend import Recommender

Report = dict[str, Any]


@click.command()
@click.argument("gold", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decisions", is_flag=True, help="Measure against what editors decided, in place of GOLD.")
@click.option(
    "--by",
    type=click.Choice(["month", "week", "day"]),
    default="month",
    show_default=True,
    help="With --decisions: the times for which lists are counted.",
)
@setting_option
@click.option("--against", type=Settings(), multiple=True, help="Compare with the same order but for these settings.")
@click.option(
    "--against-library",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with another library that has the same articles, such as one of another model.",
)
@click.option("--against-model", help="The model of that library, if it is not the embedded one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with figures from 0 to 1, instead of a table.")
@library_option
@model_option
def evaluate(
    gold: Path | None,
    decisions: bool,
    by: Span,
    settings: Sequence[dict[str, Any]],
    against: Sequence[dict[str, Any]],
    against_library: Path | None,
    against_model: str | None,
    as_json: bool,
    library: Path,
    model: str,
) -> None:
    """Measure the order of related articles against GOLD, a file that says which articles are related to which.

    A line of GOLD is {"query": id, "relevant": [ids]}, or with {id: gain} for the ids, or TREC's: query 0 id gain.
    Prints the figures with their 95% intervals, and with --against the difference, paired by query.

    With --decisions the last published list of each essay is the gold: what is pinned gains 2, the other pieces gain 1,
    what was hidden or passed over gains nothing. Also says how much of what was offered editors kept, and how many
    edits a list took. Editors saw an order while they decided, and these figures favour that.
    """
    from recommender.evaluate.decisions import gold as gold_of
    from recommender.evaluate.gold import read_gold
    from recommender.recommend import Recommender

    if decisions == bool(gold):
        raise click.UsageError("name a file GOLD, or give --decisions: the one or the other")
    if against_model and not against_library:
        raise click.UsageError("--against-model is that of --against-library: name one")
    ranking = changed(Ranking(), settings)
    with opened(library, model) as recommender:
        sides = [(recommender, ranking)]
        if against_library:
            recommender = Recommender.open(against_library, against_model or "embedded")
        if against or against_library:
            sides.append((recommender, changed(ranking, against)))
        published = _published(sides[0][0]) if decisions else []
        report: Report = {"gold": str(gold or "decisions")} | _report(
            read_gold(gold) if gold else gold_of(published), sides
        )
        if decisions:
            report["lists"] = lists.report(published, by)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_table(report)
        if decisions:
            lists.print_table(report["lists"])


def _published(recommender: Recommender) -> list[Publication]:
    from recommender.evaluate.decisions import publications

    if found := list(publications(recommender.library.decisions)):
        return found
    raise RecommenderError(
        f"{recommender.library.name} has no published list yet, so there are no decisions to measure by. Publish lists "
        "first, or name a file GOLD."
    )


def _report(asked: Gold, sides: Sequence[tuple[Recommender, Ranking]]) -> Report:
    """The figures of one or two orders on the queries that all libraries can answer."""
    from recommender import evaluate as measures
    from recommender.evaluate.gold import within
    from recommender.evaluate.intervals import compare, estimate, verdict

    held = [[listing.id for listing in recommender.listings()] for recommender, _ in sides]
    gold, left_out = within(asked, set(held[0]).intersection(*held))
    runs = [_run(gold, *side) for side in sides]
    # By the vectors of one model: what is near to one model may be far to another.
    vectors = measures.article_vectors(
        sides[0][0].library, {id_ for run in runs for ids in run.values() for id_ in ids}
    )
    figures = [measures.measure(run, gold) | {"diversity": measures.diversity(run, vectors)} for run in runs]
    orders = [
        {
            "library": recommender.library.name,
            "model": recommender.encoder.name,
            "settings": asdict(ranking),
            "measures": {name: plain(asdict(estimate(of_queries.values()))) for name, of_queries in found.items()},
            "coverage": measures.coverage(run, ids),
            "articles": len(ids),
            "listed_nowhere": len(measures.unlisted(run, ids)),
        }
        for (recommender, ranking), ids, run, found in zip(sides, held, runs, figures, strict=True)
    ]
    report = {"queries": len(gold), "left_out": asdict(left_out), "orders": orders}
    if len(sides) == 2:
        differences = {name: compare(figures[0][name], figures[1][name]) for name in figures[0]}
        report["difference"] = {
            name: plain(asdict(found)) | {"verdict": verdict(found)} for name, found in differences.items()
        }
    return report


def _run(gold: Gold, recommender: Recommender, ranking: Ranking) -> Run:
    """What a recommender lists, with a bar if a person looks at it."""
    from recommender.evaluate import run

    def order(article: Article, k: int) -> list[str]:
        return [found.article.id for found in recommender.matches(article, k, ranking=ranking)]

    with click.progressbar(gold, label="Ranking", file=sys.stderr, hidden=not sys.stderr.isatty()) as queries:
        return run(queries, order, lambda id_: recommender.library.articles([id_])[id_])


def _print_table(report: Report) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    orders, differences = report["orders"], report.get("difference", {})
    names = [_label(order, orders) for order in orders] + (["difference", "the first is"] if differences else [])
    table = Table("x 100", *(Column(name, overflow="fold") for name in names))
    for measure in orders[0]["measures"]:
        cells = [cell(order["measures"][measure]) for order in orders]
        if found := differences.get(measure):
            cells += [cell(found, sign="+"), found["verdict"]]
        table.add_row(measure, *cells)
    table.add_row("coverage", *(f"{100 * order['coverage']:.1f}" for order in orders))
    Console().print(table)
    click.echo(
        "In brackets: 95% intervals over queries. Higher is better; diversity and coverage are no quality alone."
    )
    for order, name in zip(orders, names, strict=False):
        click.echo(f"{name}: {order['listed_nowhere']} of {order['articles']} articles are listed nowhere.")
    left_out = report["left_out"]
    click.echo(
        f"{report['queries']} queries. Left out: {left_out['queries']} queries and {left_out['articles']} related "
        f"articles that are not in the library, and {left_out['idle']} queries without a related article in it."
    )


def _label(order: Report, orders: Sequence[Report]) -> str:
    """What sets an order apart: its settings, and its library if there are two."""
    name = _changes(Ranking(**order["settings"]))
    return name if order["library"] == orders[0]["library"] == orders[-1]["library"] else f"{name} ({order['library']})"


def _changes(ranking: Ranking) -> str:
    """The settings that are no defaults, as they are given."""
    changed = {name: value for name, value in asdict(ranking).items() if value != getattr(Ranking(), name)}
    return ", ".join(f"{name}={_shown(value)}" for name, value in changed.items()) or "default settings"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(value) if isinstance(value, tuple) else str(value)

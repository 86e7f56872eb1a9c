"""What the record of decisions says of the lists that were published: kept of what was offered, and edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.figures import cell, plain

if TYPE_CHECKING:
    from recommender.evaluate.decisions import Publication, Span

FAVOURS = (
    "Editors saw an order while they decided, and what it has first is kept more easily: figures by their decisions "
    "favour that order over any other."
)


def report(found: Sequence[Publication], by: Span) -> dict[str, Any]:
    """The figures of all lists, and of those of each month, week or day."""
    from recommender.evaluate.decisions import over_time, period

    return {
        "by": by,
        "essays": len({one.essay for one in found}),
        "all": plain(asdict(period("all", found))),
        "periods": [plain(asdict(one)) for one in over_time(found, by)],
        "remark": FAVOURS,
    }


def print_table(report: dict[str, Any]) -> None:
    """The same for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(f"by {report['by']}", "lists", "kept of what was offered, x 100", "edits a list")
    for row in (*report["periods"], report["all"]):
        table.add_row(row["name"], str(row["lists"]), cell(row["acceptance"]), cell(row["edits"], times=1, decimals=2))
    Console().print(table)
    click.echo(
        f"Lists were published for {report['essays']} essays. Offered is what the ranking had for a list's places; an "
        "edit is a decision since the list before that was not undone, notes apart. Days are those of UTC."
    )
    click.echo(report["remark"])

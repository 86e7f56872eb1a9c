"""The command that fits the words for how related to what editors decided."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from recommender.cli.figures import cell, plain
from recommender.cli.opening import library_option, record

Report = dict[str, Any]

_FORECASTS = {
    "share": "the share kept",
    "now": "the words in force",
    "fitted": "the words as fitted",
    "curve": "the fitted curve",
}
_SCORES = {"log_loss": "log loss", "brier": "Brier score", "calibration_error": "calibration error"}


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Put the fitted words in force, if they are better.")
@click.option("--reset", is_flag=True, help="Put the built-in words in force again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@library_option
def calibrate(is_applied: bool, reset: bool, as_json: bool, library: Path) -> None:
    """Fit where the words strong, medium and weak begin to what editors kept of what they were offered.

    A fitted word says how often editors keep such a piece: strong 90% and more, medium two of three and more, weak one
    of three and more, unrelated less. Uses the lists that were published by the model in use, and prints how right the
    words are and would be, on essays that they were not fitted to. Changes nothing without --apply or --reset.
    """
    from recommender.fit import apply as fits

    if is_applied and reset:
        raise click.UsageError("--apply puts fitted words in force, --reset the built-in ones: choose one")
    with record(library) as kept:
        if reset:
            click.echo(f"The built-in words are in force {'again' if fits.reset(kept) else 'already'}.")
            return
        found = fits.proposed(kept)
        figures = plain(asdict(found)) | {"objection": found.objection}
        if as_json:
            click.echo(json.dumps(figures, indent=2))
        else:
            print_tables(figures)
        if is_applied:
            fits.apply(kept, found, figures)
    said = (
        "--apply puts the fitted words in force." if not found.objection else f"--apply would refuse: {found.objection}"
    )
    click.echo("The fitted words are in force." if is_applied else f"Nothing was changed. {said}", err=as_json)


def print_tables(figures: Report) -> None:
    """The figures for people."""
    from rich.console import Console

    click.echo(
        f"Editors kept {cell(figures['kept'])}% of {figures['pieces']} pieces that were offered for {figures['lists']} "
        f"lists. Fitted: the {figures['method']} curve."
    )
    console = Console()
    for table in (_scores(figures), *(_words(figures, side) for side in ("now", "fitted"))):
        console.print(table)
    click.echo(
        "What is fitted is measured on essays that it was not fitted to; in brackets: 95% intervals over essays. Lower "
        "scores are better, and a word is right if what is kept is what it promises."
    )


def _scores(figures: Report) -> Any:
    from rich.table import Table

    table = Table("forecast by", *_SCORES.values())
    for name, label in _FORECASTS.items():
        table.add_row(label, *(cell(figures["scores"][name][score], times=1, decimals=3) for score in _SCORES))
    return table


def _words(figures: Report, side: str) -> Any:
    from rich.table import Table

    from recommender.fit import PROMISED

    begins = figures["now" if side == "now" else "bands"]
    table = Table(_FORECASTS[side], "begin at", "said of", "kept, x 100", "promise, x 100")
    for word, (low, high) in zip(PROMISED, pairwise((*PROMISED.values(), 1)), strict=True):
        said = figures["said"][side][word]
        promise = f"{100 * low:.0f} to {100 * high:.0f}"
        table.add_row(word, _begins(begins.get(word, 0)), str(said["pieces"]), cell(said["kept"]), promise)
    return table


def _begins(closeness: float | None) -> str:
    return "never" if closeness is None else f"{closeness:.3f}"

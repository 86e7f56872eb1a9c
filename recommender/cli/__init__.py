"""The command line. Every command is one call of the facade, which is imported only when a command runs."""

from __future__ import annotations

import click

from recommender.cli import ask, calibrate, decisions, evaluate, judge, keep, map, publish, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Related articles, by what the texts say."""


for command in (
    keep.add,
    ask.related,
    ask.list_,
    ask.info,
    judge.judge,
    evaluate.evaluate,
    calibrate.calibrate,
    map.map_,
    keep.remove,
    keep.boilerplate,
    keep.reembed,
    keep.check,
    keep.vacuum,
    publish.export,
    keep.backup,
    keep.restore,
    decisions.decisions,
    serve.serve,
):
    main.add_command(command)

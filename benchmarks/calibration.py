"""Words fitted to decisions, by simulated editors only: ``python -m benchmarks.calibration [GOLD.jsonl.gz ...]``.

How many decisions it takes: in simulated libraries a piece is kept with a known chance, for some essays more easily
than for others. Prints how far the chance at which fitted words begin is from what they promise, at most, in 90% of the
libraries, and in how many of them the fitted words would be applied. Where the built-in words keep their promises, or
closeness tells nothing, they should not be.

Then, for each file of gold as ``benchmarks.ranking`` reads it, a library whose editor hides what the gold does not
relate to an essay, and publishes: all through the real desk. Prints what the command ``calibrate`` does.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, astuple
from pathlib import Path
from unittest import mock

import click
import numpy as np

from benchmarks.ranking import Collected, drawn, load
from recommender.calibrate import BUILT_IN, WEAK
from recommender.cli.calibrate import print_tables
from recommender.cli.figures import plain
from recommender.desk import Desk
from recommender.fit import GRID, PROMISED, Numbers, Sample, in_words
from recommender.fit import assess as assessing
from recommender.fit.apply import proposed
from recommender.recommend import Recommender
from recommender.types import Change

LIBRARIES = 100
LENGTH = 10  # of a list
# Of what is offered for articles on C++ pages half is closer than 0.35, for Chinese news than 0.18: this is between.
CLOSENESS = (1.6, 4.0)
LENIENCE = 0.5  # standard deviation between essays, in logits


def _logistic(logits: Numbers) -> Numbers:
    chances: Numbers = 1 / (1 + np.exp(-logits))
    return chances


TRUTHS: dict[str, Callable[[Numbers], Numbers]] = {
    "strict": lambda x: _logistic(-2 + 8 * x),
    "between": lambda x: _logistic(-1 + 6 * x),
    "easy": lambda x: _logistic(1 + 3 * x),
}
# Of these nothing is to be made. The first jumps where words begin, and the second promises nothing.
UNFIT: dict[str, Callable[[Numbers], Numbers]] = {
    "as the built-in words promise": lambda x: in_words(x, BUILT_IN),
    "alike for all": lambda x: np.full_like(x, 0.75),
}


def simulated(truth: Callable[[Numbers], Numbers], lists: int, rng: np.random.Generator) -> Sample:
    """What editors keep in so many lists."""
    closeness = np.maximum(rng.beta(*CLOSENESS, (lists, LENGTH)), WEAK)
    kept = rng.random((lists, LENGTH)) < _eased(truth(closeness), rng.normal(0, LENIENCE, (lists, 1)))
    return Sample(closeness.ravel(), kept.ravel().astype(np.float64), np.repeat(np.arange(lists), LENGTH))


def _eased(chances: Numbers, logits: Numbers) -> Numbers:
    return _logistic(np.log(chances / (1 - chances)) + logits)


def miss(begins: tuple[float, ...], truth: Numbers) -> float:
    """How far the chance (on ``GRID``) where words begin is from what they promise, at most.

    A word that cannot begin earlier, or that no piece reaches, is passed over; nan if they all are.
    """
    promised = list(PROMISED.values())[1:]
    off = [abs(np.interp(at, GRID, truth) - due) for at, due in zip(begins, promised, strict=True) if WEAK < at <= 1]
    return float(max(off, default=np.nan))


def simulation(name: str, lists: int) -> str:
    """A row of the table."""
    truth, noise = (TRUTHS | UNFIT)[name], np.random.default_rng(0).normal(0, LENIENCE, (4_000, 1))
    overall = _eased(truth(GRID), noise).mean(axis=0)
    samples = [simulated(truth, lists, np.random.default_rng(seed)) for seed in range(LIBRARIES)]
    with mock.patch.multiple(assessing, LISTS=0, EACH=0):
        found = [assessing.assess(sample, BUILT_IN) for sample in samples]
    off = [miss(astuple(one.bands), overall) for one in found]
    refused = np.mean([(sample.kept == 0).sum() for sample in samples])
    applied = sum(not one.objection for one in found)
    far = "" if name in UNFIT else f"{np.nanquantile(off, 0.9):.3f}"
    return f"| {name} | {lists} | {refused:.0f} of {lists * LENGTH} | {far} | {applied / LIBRARIES:.0%} |"


def edited(collected: Collected, recommender: Recommender) -> None:
    """Let an editor hide what the gold does not relate to each essay, and publish."""
    desk = Desk(recommender)
    with click.progressbar(collected.gold.items(), label="Deciding", file=sys.stderr) as essays:
        for essay, gains in essays:
            draft = desk.open(collected.articles[essay])
            wrong = [entry.piece for entry in draft.list.entries if not gains.get(entry.piece)]
            desk.decide(draft, [*(Change("hide", piece) for piece in wrong), Change("publish")], "gold")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--queries", type=click.IntRange(min=2), default=400, show_default=True, help="Essays of a file.")
def main(paths: tuple[Path, ...], queries: int) -> None:
    """Measure and print."""
    click.echo("| editors keep | lists | not kept | off in 90% | applied |\n| --- | ---: | ---: | ---: | ---: |")
    for name in TRUTHS | UNFIT:
        for lists in (50, 100, 200):
            click.echo(simulation(name, lists))
    for path in paths:
        collected = drawn(load(path), queries)
        with tempfile.TemporaryDirectory() as folder:
            recommender = Recommender.open(Path(folder) / "library.db")
            recommender.put(list(collected.articles.values()))
            edited(collected, recommender)
            found = proposed(recommender.library)
        click.echo(f"\n## {path.name}\n")
        print_tables(plain(asdict(found)))
        click.echo(found.objection)


if __name__ == "__main__":
    main()

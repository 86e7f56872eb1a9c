"""The commands about what editors have decided: look at it, and carry it from library to library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from recommender.cli.opening import library_option, record, write
from recommender.types import Change, Decision, Filter, RecommenderError

if TYPE_CHECKING:
    from recommender.library import Library

_BATCH = 500  # articles looked up at once


@click.group()
def decisions() -> None:
    """What editors have decided: show it, and carry it from library to library."""


@decisions.command("list")
@click.option("--essay", default="", metavar="ID", help="Only what holds for the list of this essay; its id or title.")
@click.option("--table", is_flag=True, help="A table for people instead of JSON Lines.")
@library_option
def list_(essay: str, table: bool, library: Path) -> None:
    """Show the record of decisions in order: who decided what, when and why.

    One JSON object a line; in_effect is false for what was undone. What was decided on another essay and holds
    everywhere holds for an essay's list, too.
    """
    from recommender.curate import in_effect

    with record(library) as kept:
        found = kept.decisions.of(_ids(kept, essay)) if essay else kept.decisions.after(0)
        holding = {d.uid for d in [*in_effect(found), *(d for d in found if d.change.of)]}
        if table:
            _print_table(found, holding, kept)
        else:
            _print_lines(found, holding)


@decisions.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default="-")
@library_option
def export(file: Path, library: Path) -> None:
    """Write all decisions, with what was proposed then, as JSON Lines to FILE or standard output."""
    from recommender.library.exchange import export as lines

    with record(library) as kept:
        write(lines(kept), file)


@decisions.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@library_option
def import_(file: IO[str], library: Path) -> None:
    """Take over what `decisions export` wrote, after the decisions that there are; all of it or nothing.

    Decisions that are there already are passed over. Lists become those that the decisions of both make.
    """
    from recommender.library.exchange import read

    with record(library) as kept:
        added = read(kept, file)
    click.echo(f"{added} decisions imported")


def _ids(kept: Library, name: str) -> list[str]:
    """The ids that an essay with this id or title has or had."""
    titled = [listing.id for listing in kept.listings(Filter(words=name)) if listing.title == name]
    known = {decision.essay for decision in kept.decisions.of([name])} | kept.owners([name]).keys()
    found = [name] if name in known else titled
    if not found:
        raise RecommenderError(f"{kept.name} has no essay called {name!r}; give an id or a title as `list` prints them")
    return found


def _print_lines(found: Iterable[Decision], holding: set[str]) -> None:
    from recommender.library.decision_forms import decision_fields

    for decision in found:
        values = decision_fields(decision) | {"in_effect": decision.uid in holding}
        click.echo(json.dumps(values, ensure_ascii=False))


def _print_table(found: Sequence[Decision], holding: set[str], kept: Library) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    titles = _titles(kept, sorted({name for d in found for name in (d.essay, d.change.piece, d.change.instead)}))
    numbers = {decision.uid: str(decision.number) for decision in found}
    fold = [Column(name, overflow="fold") for name in ("essay", "decision", "why")]
    rows = Table("", "when (UTC)", "by", *fold)
    for d in found:
        what = _said(d.change, titles, numbers) + ("" if d.uid in holding else " (undone)")
        rows.add_row(
            str(d.number), d.at[:16].replace("T", " "), d.by, titles.get(d.essay, d.essay), what, d.change.text
        )
    Console(markup=False, emoji=False, highlight=False).print(rows)


def _titles(kept: Library, ids: Sequence[str]) -> dict[str, str]:
    """What articles are called, as far as the library has them."""
    batches = (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
    return {one.id: one.title for batch in batches for one in kept.listings(Filter(ids=tuple(batch)))}


def _said(change: Change, titles: Mapping[str, str], numbers: Mapping[str, str]) -> str:
    """What was decided, in a few words."""
    parts = [change.action, titles.get(change.piece, change.piece)]
    parts += [f"at {change.place}"] if change.action == "pin" else [str(change.place)] if change.place else []
    parts += [f"instead of {titles.get(change.instead, change.instead)}"] if change.instead else []
    parts += ["everywhere"] if change.everywhere else []
    parts += [f"decision {numbers.get(change.of, change.of)}"] if change.of else []
    return " ".join(filter(None, parts))

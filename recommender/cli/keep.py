"""Commands that keep a library: fill it, clean it, check it, carry it elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from recommender.cli.opening import library_option, model_option, opened, record, sentences, write
from recommender.types import RecommenderError, Rule

if TYPE_CHECKING:
    from recommender.ingest import FileReport, Progress


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@library_option
@model_option
def add(paths: tuple[Path, ...], library: Path, model: str) -> None:
    """Read files and folders into the library.

    Prints a line a file, with remarks below it, and a sum. Exits with 1 if any file could not be read; the others are
    in the library all the same.
    """
    files = failed = articles = 0
    with opened(library, model) as recommender, _progress() as watch:
        for report in recommender.add(paths, watch):
            files += 1
            failed += bool(report.error)
            articles += report.articles
            click.echo(_line(report), err=bool(report.error))
            for remark in report.remarks:
                click.echo(f"           {remark}", err=bool(report.error))
        recommender.prepare()
    if files > 1:
        click.echo(f"{files} files, {articles} articles, {failed} failed")
    sys.exit(1 if failed else 0)


def _line(report: FileReport) -> str:
    if report.error:
        return f"failed     {report.error}" + (f" ({report.articles} articles before that)" if report.articles else "")
    counts = {
        "duplicates": report.duplicates,
        "removed": report.removed,
        "skipped": report.skipped,
    }
    rest = "".join(f", {count} {name}" for name, count in counts.items() if count)
    return f"{report.status:10} {report.path}: {report.articles} articles, {report.embedded} passages embedded{rest}"


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error if a person looks at it."""
    from rich import progress as bars
    from rich.console import Console

    columns = (bars.BarColumn(), bars.TextColumn("{task.description}"), bars.TimeRemainingColumn())
    with bars.Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=1.0)

        def watch(progress: Progress) -> None:
            rate = progress.articles / max(progress.seconds, 1e-9)
            text = f"{progress.articles} articles, {progress.passages} passages, {rate:.0f} articles a second"
            bar.update(task, completed=progress.share, description=text)

        yield watch


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@library_option
def remove(ids: tuple[str, ...], library: Path) -> None:
    """Take articles out of the library, by their ids, as `list` prints them."""
    with record(library) as kept:
        if unknown := [id_ for id_ in ids if id_ not in kept.articles(ids)]:
            raise RecommenderError(f"{library} has no article {unknown[0]!r}; nothing was removed")
        gone = kept.remove(ids)
    click.echo(f"removed {len(gone)} articles")


@click.command()
@click.option("--approve-all", is_flag=True, help="Approve every proposal without asking.")
@click.option("--list", "only_list", is_flag=True, help="Only show the rules that there are, and the proposals.")
@library_option
@model_option
def boilerplate(approve_all: bool, only_list: bool, library: Path, model: str) -> None:
    """Find texts that the articles of a source repeat: footers, disclaimers, navigation.

    Each is shown and asked about; what is approved is left out of all articles, now and when they are added again.
    """
    with opened(library, model) as recommender:
        proposed = recommender.proposed_rules()
        if only_list:
            for rule in [*recommender.library.rules(), *proposed]:
                click.echo(f"{rule.state:10}{_shown(rule)}")
            return
        decided = [_decide(rule, approve_all) for rule in proposed]
        _run(recommender.decide([rule for rule in decided if rule.state != "proposed"]), "Cleaning")
    approved = sum(rule.state == "approved" for rule in decided)
    click.echo(f"{len(proposed)} proposed, {approved} approved")


def _shown(rule: Rule) -> str:
    return f"{rule.kind} in {rule.count} articles of {rule.scope or 'all sources'}: {rule.text}"


def _decide(rule: Rule, approve: bool) -> Rule:
    click.echo(_shown(rule))
    if approve or click.confirm("Leave this out?", default=False):
        return replace(rule, state="approved")
    return replace(rule, state="rejected")


@click.command()
@click.option("--model", required=True, help="The model to go over to: 'embedded', a folder, or a name.")
@library_option
def reembed(model: str, library: Path) -> None:
    """Embed all articles by another model, and then search by it.

    Until that is done the library is searched by the model that it has; interrupted, it goes on where it was.
    """
    from recommender.embed import load_encoder
    from recommender.renew import reembed as renewed

    with record(library) as kept:
        _run(renewed(kept, load_encoder(model)), "Embedding")
    click.echo(f"{library} is searched by {model} now")


@click.command()
@library_option
def check(library: Path) -> None:
    """Verify everything that must hold of a library. Prints a sentence a problem, and exits with 1 if there is any."""
    with record(library) as kept:
        problems = kept.check()
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)
    click.echo(f"{library} is sound")


@click.command()
@library_option
def vacuum(library: Path) -> None:
    """Give back the room of what is not used any more: texts that are gone, vectors of other models."""
    with record(library) as kept:
        before = _bytes(library)
        kept.vacuum()
    click.echo(f"{before} bytes before, {_bytes(library)} after")


def _bytes(library: Path) -> int:
    """The size of a library, its write-ahead log included."""
    return sum(file.stat().st_size for file in (library, Path(f"{library}-wal")) if file.exists())


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default="-")
@library_option
def backup(file: Path, library: Path) -> None:
    """Write the whole library as JSON Lines to FILE or standard output: vectors, rules and decisions included."""
    from recommender.library.transfer import backup as lines

    with record(library) as kept:
        write(lines(kept), file)


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@library_option
def restore(file: IO[str], library: Path) -> None:
    """Make a new library from what `backup` wrote. A library that is there is never overwritten."""
    from recommender.library.transfer import restore as read_back

    with sentences():
        counts = read_back(file, library).counts()
    click.echo(f"{library}: {counts.articles} articles, {counts.passages} passages")


def _run(shares: Iterable[float], label: str) -> None:
    """Do what yields the share that is done, with a bar if a person looks at it."""
    with click.progressbar(length=1000, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for share in shares:
            bar.update(round(share * 1000) - bar.pos)

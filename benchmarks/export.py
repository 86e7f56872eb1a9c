"""How long a site's nightly export takes: ``python -m benchmarks.export``.

A library of so many essays, each with a published list: 20 proposals with their reasons, a piece pinned, one hidden,
and a few hidden everywhere. The command runs as cron runs it, in a process of its own: first into an empty place, then
again when nothing has changed, then when one list has. Prints a Markdown table beside the floor, a bare read of the
record.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import numpy as np

from recommender.embed import Role, Vectors
from recommender.export import FORMATS
from recommender.library import Recorded
from recommender.library.sqlite import SqliteLibrary
from recommender.published import published_lists
from recommender.segment import segment
from recommender.types import Article, Change, Decision, Paragraph, Proposal, Proposals, Ranking

PROPOSED = 20
EVERYWHERE = 20  # pieces that are hidden in all lists
# What was done, seconds, seconds of the processor, peak memory in MB, and what the command said.
Row = tuple[str, float, float, float, str]
_AT = "2026-01-02T03:04:05+00:00"
_BATCH = 500


class Fake:
    """A model that costs nothing: what is exported was decided on by others."""

    name, revision = "fake", "1"

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """Unit vectors (n, 8) by the lengths of texts."""
        return np.eye(8, dtype=np.float32)[[len(text) % 8 for text in texts]]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--essays", default=10_000, show_default=True, help="How many have a published list.")
def main(essays: int) -> None:
    """Measure, and print a Markdown table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "library.db"
        library = SqliteLibrary(path, Fake())
        _fill(library, essays)
        rows = [("a bare read of the record, the floor", *_timed(lambda: _bare_read(library)), "")]
        rows.append(("its published lists, in memory", *_timed(lambda: sum(1 for _ in published_lists(library))), ""))
        for form, output in (("json", "all.json"), ("csv", "all.csv"), ("wordpress", "all.xml")):
            rows += _exports(library, form, folder / output)
        for form in ("json", "html", "front-matter"):
            rows += _exports(library, form, folder / form, "/")
        _print(rows)


def _fill(library: SqliteLibrary, count: int) -> None:
    articles = [_article(n) for n in range(count)]
    for start in range(0, count, _BATCH):
        some = articles[start : start + _BATCH]
        passages = [passage for article in some for passage in segment(article)]
        texts = ([passage.text for passage in passages], [article.title for article in some])
        vectors, titles = (Fake().encode(of, "passage") for of in texts)
        library.put(some, passages, vectors, titles)
    library.decisions.merge(_record([article.id for article in articles]))


def _article(n: int) -> Article:
    address = f"https://example.com/{2000 + n % 25}/{n}.html"
    text = Paragraph(f"第{n}篇的正文，谈税收征管、工商登记与市场监督。")
    return Article(
        address, f"关于第{n}号文件的几点思考", (text,), "site", url=address, date="2024-05-01", author=f"作者{n % 99}"
    )


def _record(ids: Sequence[str]) -> Iterator[Recorded]:
    chance = random.Random(0)
    for number, essay in enumerate(ids, 1):
        pieces = [piece for piece in chance.sample(ids, PROPOSED + 1) if piece != essay][:PROPOSED]
        yield number, Proposals(essay, "digest", "fake", "1", Ranking(), tuple(map(_proposal, pieces)))
        changes = [Change("pin", pieces[7], 2), Change("hide", pieces[3]), Change("publish")]
        if number <= EVERYWHERE:
            changes.insert(0, Change("hide", pieces[9], everywhere=True))
        for place, change in enumerate(changes):
            yield Decision(0, f"{number}-{place}", essay, "编辑", _AT, number, change)


def _proposal(piece: str) -> Proposal:
    zh, en = "因为两文都谈“税收”和“征管”。", "Because both are about “税收” and “征管”."
    return Proposal(piece, (), 0.4321, "medium", zh, en)


def _bare_read(library: SqliteLibrary) -> int:
    """Every row that the lists depend on, as it is stored."""
    tables = ("decisions", "proposals", "articles")
    with library.connections.reading() as db:
        return sum(len(db.execute(f"SELECT * FROM {table}").fetchall()) for table in tables)


def _timed(what: Callable[[], object]) -> tuple[float, float, float]:
    """The seconds that it takes, and those of the processor; its memory is that of this process, and not told."""
    start, began = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - start, time.process_time() - began, 0.0


def _exports(library: SqliteLibrary, form: str, output: Path, end: str = "") -> Iterator[Row]:
    """The first export, one when nothing has changed, and one when a list has."""
    kind = "a folder of files" if FORMATS[form].one and end else "one file"
    yield f"`export --format {form}`, {kind}", *_run(library.path, form, f"{output}{end}")
    yield "again, nothing changed", *_run(library.path, form, f"{output}{end}")
    [essay] = library.decisions.published(limit=1)
    [shown] = published_lists(library, [essay])
    _publish(library, essay, shown.pieces[-1].article.id)
    yield "again, one list changed", *_run(library.path, form, f"{output}{end}")


def _publish(library: SqliteLibrary, essay: str, piece: str) -> None:
    """Hide a piece of a list, and publish that."""
    own = [decision for decision in library.decisions.of([essay]) if decision.essay == essay]
    proposals = library.decisions.proposals([own[-1].proposals])[own[-1].proposals]
    fresh = [
        Decision(0, f"{own[-1].number}-{change.action}", essay, "编辑", _AT, 0, change)
        for change in (Change("hide", piece), Change("publish"))
    ]
    library.decisions.put(fresh, proposals, own[-1].number)


_MEASURED = """
import atexit, re, sys, time
start = time.perf_counter()
from recommender.cli import main
def told():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1e3
    print("measured", time.perf_counter() - start, time.process_time(), peak)
atexit.register(told)
main(sys.argv[1:])
"""


def _run(library: Path, form: str, output: str) -> tuple[float, float, float, str]:
    """Seconds, those of the processor, and peak memory in MB of the command, and what it said."""
    command = [
        sys.executable,
        "-c",
        _MEASURED,
        "export",
        "--format",
        form,
        "--output",
        output,
        "--library",
        str(library),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    [measured] = re.findall(r"^measured (\S+) (\S+) (\S+)$", done.stdout, re.MULTILINE)
    seconds, processor, peak = map(float, measured)
    said = done.stdout.splitlines()[0].removeprefix(f"{output.rstrip('/')}: ")
    return seconds, processor, peak, said


def _print(rows: Sequence[Row]) -> None:
    floor = rows[0][2]
    click.echo("| | seconds | of processor time | times the floor | peak MB | it says |")
    click.echo("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, seconds, processor, peak, said in rows:
        memory = f"{peak:.0f}" if peak else ""
        click.echo(f"| {name} | {seconds:.1f} | {processor:.2f} | {processor / floor:.1f} | {memory} | {said} |")


if __name__ == "__main__":
    main()

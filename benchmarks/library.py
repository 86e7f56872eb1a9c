"""How fast articles come in and answers go out: ``python -m benchmarks.library --data ../shared/corpus``.

Real articles of the corpus as JSON Lines. First each stage of ingestion alone over the same articles, then all of them
as ``add`` runs them, and its peak memory for a quarter of the articles and for all. Then, in a library with so many
passages, the time from a paragraph to recommendations with their evidence, warm. Prints Markdown tables.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click
import numpy as np

from recommender import sources
from recommender.clean import clean
from recommender.embed import load_encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.renew import CHUNK
from recommender.segment import paragraphs, segment
from recommender.types import Article
from training import corpus

T = TypeVar("T")
QUERIES = 200


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Corpus.")
@click.option("--articles", default=10_000, show_default=True, help="How many to ingest.")
@click.option("--passages", multiple=True, default=(50_000,), show_default=True, help="Sizes to ask at; repeatable.")
def main(data: Path, articles: int, passages: tuple[int, ...]) -> None:
    """Measure, and print Markdown tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if articles:
            _ingest(data, articles, folder)
        for size in sorted(passages):
            _ask(data, size, folder)


def _ingest(data: Path, count: int, folder: Path) -> None:
    files = {n: _written(data, n, folder / f"{n}.jsonl") for n in (count // 4, count)}
    megabytes = files[count].stat().st_size / 1e6
    seconds = _stages(files[count], folder)
    slowest = max(seconds.values())
    whole, peak, passages, size = _whole(files[count], folder / "whole.db")
    _, smaller, _, _ = _whole(files[count // 4], folder / "quarter.db")
    click.echo("| stage | articles a second | MB a second | times the slowest stage |\n| --- | ---: | ---: | ---: |")
    for stage, taken in {**seconds, "all, as `add` runs them": whole}.items():
        click.echo(f"| {stage} | {count / taken:,.0f} | {megabytes / taken:.1f} | {taken / slowest:.2f} |")
    click.echo(
        f"\n{count:,} articles, {passages:,} passages, {size / passages:,.0f} bytes a passage on disk. ", nl=False
    )
    click.echo(f"Peak memory {peak:,.0f} MB, for a quarter of the articles {smaller:,.0f} MB.\n")


def _articles(data: Path) -> Iterator[dict[str, object]]:
    """Articles of all sources, taken in turns, so that any number has a share of each."""
    iterators = [corpus.rows(path) for path in corpus.sources(data, "articles")]
    for turn in itertools.zip_longest(*iterators):
        yield from (row for row in turn if row)


def _written(data: Path, count: int, path: Path) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for row in itertools.islice(_articles(data), count):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def _stages(file: Path, folder: Path) -> dict[str, float]:
    """The seconds of each stage alone; what the next one needs is made outside of its time."""
    read, seconds = _timed(lambda: [a for a in sources.read(file, "key") if isinstance(a, Article)])
    taken = {"reading": seconds}
    cleaned, taken["cleaning"] = _timed(lambda: [clean(article) for article in read])
    cut, taken["cutting into passages"] = _timed(lambda: [segment(article) for article in cleaned])
    encoder = load_encoder()
    chunks = [range(at, min(at + CHUNK, len(cut))) for at in range(0, len(cut), CHUNK)]
    passages = [[p for i in chunk for p in cut[i]] for chunk in chunks]
    texts = [
        [*(p.text for p in some), *(cleaned[i].title for i in chunk)]
        for some, chunk in zip(passages, chunks, strict=True)
    ]
    vectors, taken["embedding"] = _timed(lambda: [encoder.encode(some, "passage") for some in texts])
    library = SqliteLibrary(folder / "stages.db", encoder)

    def write() -> None:
        for chunk, some, own in zip(chunks, passages, vectors, strict=True):
            library.put([cleaned[i] for i in chunk], some, own[: len(some)], own[len(some) :])

    _, taken["writing"] = _timed(write)
    library.close()
    return taken


def _timed(what: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = what()
    return result, time.perf_counter() - start


_WHOLE = """
import re, sys, time
from recommender.recommend import Recommender
recommender = Recommender.open(sys.argv[2])
recommender.encoder.encode(["warm"], "passage")
start = time.perf_counter()
[report] = recommender.add([sys.argv[1]])
assert not report.error, report.error
seconds = time.perf_counter() - start
# Not getrusage, whose peak begins with that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1e3
print(seconds, peak, recommender.info()["passages"])
"""


def _whole(file: Path, library: Path) -> tuple[float, float, int, int]:
    """Seconds, peak memory in MB, passages and bytes of ingestion in a process of its own."""
    command = [sys.executable, "-c", _WHOLE, str(file), str(library)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."})
    seconds, peak, passages = done.stdout.split()
    return float(seconds), float(peak), int(passages), library.stat().st_size


def _ask(data: Path, size: int, folder: Path) -> None:
    recommender = Recommender.open(folder / f"asked{size}.db")
    rows = _articles(data)
    file = folder / "more.jsonl"
    while (missing := size - int(recommender.info()["passages"])) > 0:
        some = list(itertools.islice(rows, missing // 6 + 1))
        if not some:
            break  # the corpus has no more
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some), encoding="utf-8")
        # A file of its own each time: what a file no longer has would go.
        list(recommender.add([file.rename(folder / f"{missing}.jsonl")]))
    recommender.prepare()
    rng = np.random.default_rng(0)
    listed = recommender.listings()
    asked = [paragraphs(recommender.article(listed[i].id))[0] for i in rng.choice(len(listed), QUERIES)]
    for query in asked[:20]:
        recommender.related(query)
    times = [_timed(lambda query=query: recommender.related(query))[1] * 1e3 for query in asked]
    p50, p95 = np.percentile(times, [50, 95])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    click.echo(
        f"At {recommender.info()['passages']:,} passages: {p50:.1f} ms, p95 {p95:.1f} ms; {memory:,.0f} MB at most."
    )


if __name__ == "__main__":
    main()

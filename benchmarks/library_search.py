"""How fast the nearest passages are found: ``python -m benchmarks.library_search [--data ../shared/corpus/train]``.

A library of each size, in a file, of clustered synthetic vectors or of the paragraphs of a corpus by the embedded
model, is asked for the ten nearest of vectors that are not in it, one at a time, after a warm-up: by comparing all in
memory, and by its index with exact scoring from the file. Beside them stand the time to read the vectors once in
memory, which no exact search can beat, and those peers that are installed: faiss' flat index, usearch, LanceDB and
sqlite-vec (through apsw). What else the machine does falls on the reading, too, which is measured before and after
each way; and of every question and reading the best of several turns counts. Prints a Markdown table a size.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple, cast

import click
import numpy as np

from benchmarks.peers import PEERS
from recommender.embed import Encoder, Vectors, load_encoder
from recommender.library import EVERYTHING, Matrix
from recommender.library.sqlite import SqliteLibrary
from recommender.search import best_of
from recommender.search.searcher import Searcher
from recommender.segment import paragraphs
from recommender.types import Article, Paragraph

SIZES = (10_000, 100_000, 1_000_000)
DIMENSION = 256
QUERIES = 200
K = 10
WARM_UP = 20
TURNS = 5
AT_MOST_SECONDS = 15.0  # of one turn, for one way
READS = 10
CLUSTERED = 1_000  # vectors a cluster
SPREAD = 1.0  # the length of a vector's way from its centre, which is 1 long: cosines to the centre are about 0.7
SHORTEST = 20  # characters of a paragraph
_A_PAGE, _AT_ONCE = 10, 1_000  # passages an article, articles a put


class Way(NamedTuple):
    """A way to search that is ready: what it took to get there, and ``ask``, the rows nearest to a vector (1, d)."""

    name: str
    ask: Callable[[Vectors], object]
    seconds: float = 0.0
    bytes_each: float = 0.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Articles, *.jsonl.gz.")
@click.option("--size", "sizes", type=int, multiple=True, default=SIZES, show_default=True, help="Passages.")
@click.option("--peer", "peers", type=click.Choice(list(PEERS)), multiple=True, default=list(PEERS), show_default=True)
def main(data: Path | None, sizes: tuple[int, ...], peers: tuple[str, ...]) -> None:
    """Measure, and print a Markdown table a size."""
    every = _real(data, max(sizes) + QUERIES) if data else None
    for size in sizes:
        vectors = every[: size + QUERIES] if every is not None else _clustered(size + QUERIES)
        with tempfile.TemporaryDirectory() as folder:
            _table("real" if data else "synthetic", vectors[QUERIES:], vectors[:QUERIES], Path(folder), peers)


def _table(kind: str, vectors: Vectors, queries: Vectors, folder: Path, peers: Sequence[str]) -> None:
    what = f"{len(vectors):,} {kind} x {vectors.shape[1]}"
    click.echo(f"\n| {what} | p50 ms | p95 ms | of one reading | recall@10 | bytes a passage | built in s |")
    click.echo("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    click.echo(f"| reading the vectors once | {_row(_reading(vectors))} | 1 | | {4 * vectors.shape[1]} | |")
    truth = best_of(queries, [Matrix(np.arange(len(vectors)), np.zeros(len(vectors), np.int64), vectors)], K).numbers
    for way in _ways(vectors, folder, peers):
        before = _reading(vectors)
        found, times = _asked(way, queries)
        floor = np.median(before + _reading(vectors))
        recall = np.mean([len(np.intersect1d(f, t)) / K for f, t in zip(found, truth, strict=False)])
        click.echo(
            f"| {way.name} | {_row(times)} | {np.median(times) / floor:.4f} | {recall:.3f} | {way.bytes_each:.0f} | "
            f"{way.seconds:.0f} |"
        )


def _row(seconds: list[float]) -> str:
    p50, p95 = 1000 * np.percentile(seconds, [50, 95])
    return f"{p50:.2f} | {p95:.2f}"


def _reading(vectors: Vectors) -> list[float]:
    """Seconds to find the highest of all numbers, the fastest pass over them that numpy has."""
    flat = vectors.ravel()
    return [min(_timed(lambda: np.maximum.reduce(flat))[1] for _ in range(TURNS)) for _ in range(READS)]


def _timed(action: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def _ways(vectors: Vectors, folder: Path, peers: Sequence[str]) -> Iterator[Way]:
    """One way after the other, so that only one is in memory."""
    start = time.perf_counter()
    library = _library(vectors, folder / "library.db")
    filled = time.perf_counter() - start
    exact = Searcher(library, exact=len(vectors))
    yield Way("all in memory", lambda query: exact.nearest(query, K).numbers[0] - 1, filled, 4 * vectors.shape[1])
    library.close()
    library = SqliteLibrary(folder / "library.db", _named())  # anew, without the vectors in memory
    by_index = Searcher(library, exact=0)
    start = time.perf_counter()
    by_index.keeper.build()
    built = time.perf_counter() - start
    size = by_index.keeper.path.stat().st_size / len(vectors)
    yield Way("by the index", lambda query: by_index.nearest(query, K).numbers[0] - 1, built, size)
    library.close()
    for name in peers:
        module, prepare = PEERS[name]
        if find_spec(module):
            start = time.perf_counter()
            ask, size = prepare(vectors, folder, K)
            yield Way(name, ask, time.perf_counter() - start, size / len(vectors))


def _asked(way: Way, queries: Vectors) -> tuple[list[object], list[float]]:
    """What is found for each query, as far as the time goes, and the seconds each took.

    A turn asks all of them once, so that no query finds its own part of memory still in the cache.
    """
    _turn(way, queries[:WARM_UP])
    turns = [_turn(way, queries) for _ in range(TURNS)]
    return [found for found, _ in turns[0]], [
        min(times) for times in zip(*[[s for _, s in t] for t in turns], strict=False)
    ]


def _turn(way: Way, queries: Vectors) -> list[tuple[object, float]]:
    results: list[tuple[object, float]] = []
    for query in queries:
        results.append(_timed(lambda query=query: way.ask(query[np.newaxis])))
        if sum(seconds for _, seconds in results) > AT_MOST_SECONDS:
            break
    return results


def _library(vectors: Vectors, path: Path) -> SqliteLibrary:
    """A library whose passage n + 1 has the n-th vector; its texts are only numbers."""
    library = SqliteLibrary(path, _named())
    step = _A_PAGE * _AT_ONCE
    for start in range(0, len(vectors), step):
        end = min(start + step, len(vectors))
        articles = [
            Article(str(first), "", tuple(Paragraph(str(row)) for row in range(first, first + _A_PAGE)[: end - first]))
            for first in range(start, end, _A_PAGE)
        ]
        passages = [passage for article in articles for passage in paragraphs(article)]
        library.put(articles, passages, vectors[start:end], np.zeros((len(articles), vectors.shape[1]), np.float32))
    assert (library.numbers(EVERYTHING) == np.arange(1, len(vectors) + 1)).all()
    return library


def _named() -> Encoder:
    return cast(Encoder, SimpleNamespace(name="benchmark", revision="1"))


def _clustered(rows: int) -> Vectors:
    """Unit rows around random centres."""
    random = np.random.default_rng(0)
    centres = _unit(random.standard_normal((max(rows // CLUSTERED, 1), DIMENSION), np.float32))
    vectors = centres[random.integers(len(centres), size=rows)]
    for start in range(0, rows, 50_000):
        block = vectors[start : start + 50_000]
        block += np.float32(SPREAD / DIMENSION**0.5) * random.standard_normal(block.shape, np.float32)
        block[:] = _unit(block)
    return vectors


def _real(data: Path, rows: int) -> Vectors:
    """The different paragraphs of a corpus in random order, by the embedded model."""
    texts = set()
    for path in sorted(data.glob("articles_*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts |= {text for line in lines for text in json.loads(line)["paragraphs"] if len(text) >= SHORTEST}
    chosen = np.random.default_rng(0).permutation(sorted(texts))[:rows].tolist()
    return load_encoder().encode(chosen, "passage")


def _unit(rows: Vectors) -> Vectors:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


if __name__ == "__main__":
    main()

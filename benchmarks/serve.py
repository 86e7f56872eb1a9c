"""How many answers a second a site gets, and how late: ``python -m benchmarks.serve --data ../shared/corpus``.

A real server over a library of so many passages, with rate limit, figures and ETags as it always has them, is asked for
what is related to 200 articles, again and again, by 50 connections at once (wrk, Debian's package of that name). Beside
it, turn by turn in the same run, stand a bare FastAPI endpoint that returns a constant of the same size, and uvicorn
alone with that constant, which nothing that uvicorn serves can beat. wrk has its share of the machine's cores, too.
CPU time is that of the server's process: unlike the rest it depends little on what else the machine does. Prints a
Markdown table; of times the best turn and the median.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import click
from fastapi import FastAPI, Response
from starlette.types import Receive, Scope, Send

from recommender.recommend import Recommender
from recommender.types import Article, Paragraph
from training import corpus

ASKED = 200  # articles
CONNECTIONS = 50
BATCH = 250
OURS, BARE, ALONE = "`GET /articles/{id}/related`", "bare FastAPI endpoint", "uvicorn alone"
_SIZE = "BENCHMARK_SIZE"
_SCRIPT = """
paths, n = {PATHS}, 0
request = function() n = n % #paths + 1; return wrk.format("GET", paths[n]) end
done = function(all, latency)
  local wrong = all.errors.connect + all.errors.read + all.errors.write + all.errors.status + all.errors.timeout
  print(all.requests, all.duration, latency:percentile(50), latency:percentile(99), wrong)
end
"""


class Turn(NamedTuple):
    """One turn of wrk against a server: answers a second, milliseconds, and CPU microseconds an answer."""

    rate: float
    p50: float
    p99: float
    cpu: float


class Server(NamedTuple):
    """A server that runs, and the paths that it is asked for."""

    address: str
    pid: int
    paths: Path


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Corpus, to make a library."
)
@click.option("--library", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Or a library as it is.")
@click.option("--passages", default=50_000, show_default=True, help="How large a library to make.")
@click.option("--turns", default=5, show_default=True, help="How often each server is asked.")
@click.option("--seconds", default=10, show_default=True, help="How long each time.")
def main(data: Path | None, library: Path | None, passages: int, turns: int, seconds: int) -> None:
    """Measure, and print a Markdown table."""
    if not shutil.which("wrk"):
        raise click.ClickException("wrk is not here: apt-get install wrk")
    if not (data or library):
        raise click.UsageError("give --data or --library")
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        servers = _servers(library or _made(data, passages, folder / "library.db"), folder, running)
        found: dict[str, list[Turn]] = {name: [] for name in servers}
        for _ in range(turns):
            for name, server in servers.items():
                found[name].append(_asked(server, seconds))
    _print(found)


def _made(data: Path, passages: int, path: Path) -> Path:
    """A library of articles of all sources of the corpus."""
    recommender = Recommender.open(path)
    in_turns = zip_longest(*(corpus.rows(source) for source in corpus.sources(data, "articles")))
    rows = enumerate(row for row in chain.from_iterable(in_turns) if row)
    while int(recommender.info()["passages"]) < passages and (some := list(islice(rows, BATCH))):
        recommender.put([_article(number, row) for number, row in some])
    return path


def _article(number: int, row: corpus.Row) -> Article:
    body = tuple(Paragraph(line) for text in row["paragraphs"] for line in text.splitlines())
    return Article(f"articles/{number}.html", row["title"], body)


def _servers(library: Path, folder: Path, running: ExitStack) -> dict[str, Server]:
    """The three servers by their names; ours has answered once all that it will be asked for."""
    command = ["recommender", "serve", "--library", str(library), "--rate", "1000000000/second"]
    address, pid = running.enter_context(_running(command))
    ids = [article["id"] for article in json.loads(_got(f"{address}/articles?limit=100"))["articles"]]
    ids += [article["id"] for article in json.loads(_got(f"{address}/articles?limit=100&offset=100"))["articles"]]
    paths = [f"/articles/{quote(id_, safe='')}/related" for id_ in ids[:ASKED]]
    start = time.perf_counter()
    size = statistics.mean(len(_got(address + path)) for path in paths)
    cold = (time.perf_counter() - start) / len(paths)
    articles, passages = (json.loads(_got(f"{address}/ready"))[name] for name in ("articles", "passages"))
    click.echo(
        f"{articles:,} articles, {passages:,} passages. {len(paths)} articles asked, {size:,.0f} bytes an answer; "
        f"the first answer, which is not ready yet, takes {1e3 * cold:.0f} ms.\n"
    )
    servers = {OURS: Server(address, pid, _script(folder / "ours.lua", paths))}
    constant = _script(folder / "constant.lua", ["/constant"])
    os.environ[_SIZE] = f"{size:.0f}"
    usual = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-server-header"]
    for name, app in ((BARE, "bare"), (ALONE, "alone")):
        command = ["uvicorn", f"benchmarks.serve:{app}", *usual, "--factory"]
        servers[name] = Server(*running.enter_context(_running(command)), constant)
    return servers


def _constant() -> bytes:
    return b'{"pieces":"%s"}' % (b"x" * (int(os.environ[_SIZE]) - 13))


def bare() -> FastAPI:
    """An app of one endpoint that does nothing."""
    app, content = FastAPI(), _constant()

    @app.get("/constant")
    async def constant() -> Response:
        return Response(content, media_type="application/json")

    return app


def alone() -> object:
    """An app without a framework."""
    content = _constant()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": content})

    return app


@contextmanager
def _running(command: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The address and process of a server that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", *command, "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        while not _listens(port):
            if process.poll() is not None:
                raise click.ClickException(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _got(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        content: bytes = answer.read()
        return content


def _script(file: Path, paths: Sequence[str]) -> Path:
    """What tells wrk to ask for paths one after the other, and what to say at the end."""
    listed = ", ".join(json.dumps(path) for path in paths)
    file.write_text(_SCRIPT.replace("PATHS", listed))
    return file


def _asked(server: Server, seconds: int) -> Turn:
    before = _cpu(server.pid)
    options = ["--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s"]
    command = ["wrk", *options, "--script", str(server.paths), server.address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cpu = _cpu(server.pid) - before
    answers, lasted, p50, p99, errors = map(float, said.splitlines()[-1].split())
    if errors:
        raise click.ClickException(f"{errors:.0f} of {answers:.0f} answers were errors")
    return Turn(1e6 * answers / lasted, p50 / 1e3, p99 / 1e3, 1e6 * cpu / answers)


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _print(found: dict[str, list[Turn]]) -> None:
    click.echo("| best / median of the turns | answers a second | times the bare endpoint | p50 ms | p99 ms | CPU µs |")
    click.echo("| --- | ---: | ---: | ---: | ---: | ---: |")
    best = {name: max(turn.rate for turn in turns) for name, turns in found.items()}
    usual = {name: statistics.median(turn.rate for turn in turns) for name, turns in found.items()}
    for name, turns in found.items():
        cells = [f"{best[name]:,.0f} / {usual[name]:,.0f}"]
        cells.append(f"{best[name] / best[BARE]:.2f} / {usual[name] / usual[BARE]:.2f}")
        for part, digits in (("p50", 1), ("p99", 1), ("cpu", 0)):
            values = [getattr(turn, part) for turn in turns]
            cells.append(f"{min(values):.{digits}f} / {statistics.median(values):.{digits}f}")
        click.echo(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()

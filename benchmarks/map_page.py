"""How the map's plane does in a browser: ``python -m benchmarks.map_page --data ../shared/corpus --keep FOLDER``.

Libraries of so many articles of the corpus (title and beginning), their maps drawn, a real server and headless
Chromium, whose WebGL is software where there is no graphics card. Measures the time from navigation to the first frame,
with an empty page of Streamlit's for comparison, the bytes that are sent for it and again after a click, and frames a
second while it is moved, zoomed and pointed at. The machine is shared, so the best of seven turns
counts. Libraries are kept in the folder and used again. Prints a Markdown table.
"""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.articles import articles
from recommender.cartographer import Cartographer
from recommender.recommend import Recommender

ROOT = Path(__file__).parent.parent
TURNS = 7
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
EMPTY = "import streamlit as st\nst.markdown('<b class=\"empty\">.</b>', unsafe_allow_html=True)\n"
DRAWN = ".atlas-stage[data-drawn]"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Corpus.")
@click.option(
    "--articles", "sizes", multiple=True, default=(10_000, 100_000), show_default=True, help="Sizes; repeatable."
)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where libraries are.")
def main(data: Path, sizes: tuple[int, ...], keep: Path) -> None:
    """Measure, and print a Markdown table."""
    keep.mkdir(parents=True, exist_ok=True)
    empty = keep / "empty.py"
    empty.write_text(EMPTY, "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            args=FLAGS, executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium")
        )
        with _serving(empty, keep / "none.db") as address:
            floor = min(_first(browser, address, ".empty")[0] for _ in range(TURNS))
        click.echo(f"An empty page of Streamlit's: {floor:.1f} s\n")
        click.echo("| articles | first frame | sent for it | after a click | moved | zoomed | pointed at |")
        click.echo("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for count in sizes:
            library = _library(data, count, keep / f"{count}.db")
            with _serving(ROOT / "app.py", library) as address:
                click.echo(f"| {count:,} | {_measured(browser, f'{address}/?view=map')} |")


def _library(data: Path, count: int, path: Path) -> Path:
    """A library of so many articles with its map; made if it is not there."""
    recommender = Recommender.open(path)
    if not recommender.info()["articles"]:
        some = itertools.islice(articles(data), count)
        while block := list(itertools.islice(some, 2000)):
            recommender.put(block)
    cartographer = Cartographer(recommender)
    if cartographer.is_due():
        cartographer.draw()
    recommender.library.close()
    return path


@contextmanager
def _serving(app: Path, library: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless=true", f"--server.port={port}"]
    environment = os.environ | {"RECOMMENDER_LIBRARY": str(library)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"no server at {address}")


@dataclass
class Sent:
    """How many bytes have come over a page's connection to Streamlit."""

    bytes: int = 0

    def count(self, page: Page) -> None:
        """Count from now on."""
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self._add(len(frame))))

    def _add(self, more: int) -> None:
        self.bytes += more


def _first(browser: Browser, address: str, shown: str) -> tuple[float, Page, Sent]:
    """Open a page in a window that has seen nothing yet; the seconds until something is shown, and what was sent."""
    page, sent = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page(), Sent()
    page.set_default_timeout(120_000)
    sent.count(page)
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(shown)
    return time.perf_counter() - start, page, sent


def _measured(browser: Browser, address: str) -> str:
    _first(browser, address, DRAWN)[1].context.close()  # the server loads its model
    times = []
    for _ in range(TURNS):
        seconds, page, sent = _first(browser, address, DRAWN)
        times.append(seconds)
        page.wait_for_timeout(3000)
        first = sent.bytes
        if len(times) < TURNS:
            page.context.close()
    box = page.locator(".atlas-stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    moved = _frames(page, lambda i: page.mouse.move(x + 3 * (i % 50), y + 2 * (i % 40)))
    page.mouse.up()
    zoomed = _frames(page, lambda i: page.mouse.wheel(0, -60 if i % 60 < 30 else 60))
    page.locator(".atlas-home").click()
    pointed = _frames(page, lambda i: page.mouse.move(x - 150 + (7 * i) % 300, y - 100 + (5 * i) % 200))
    sent.bytes = 0
    nearest = page.locator(".atlas-over .mark").first.bounding_box()
    assert nearest
    page.mouse.click(nearest["x"] + nearest["width"] / 2, nearest["y"] + nearest["height"] / 2)
    page.wait_for_timeout(3000)
    page.context.close()
    rates = " | ".join(f"{rate:.0f} frames/s" for rate in (moved, zoomed, pointed))
    return f"{min(times):.1f} s | {first / 1000:,.0f} kB | {sent.bytes / 1000:,.0f} kB | {rates}"


def _frames(page: Page, act: Callable[[int], None], seconds: float = 4) -> float:
    """Frames a second that the browser comes to while something is done as often as possible."""
    page.evaluate(
        "() => { frames = 0; const next = () => { frames += 1; again = requestAnimationFrame(next); }; next(); }"
    )
    start = time.perf_counter()
    for i in itertools.count():
        act(i)
        if (passed := time.perf_counter() - start) > seconds:
            return float(page.evaluate("() => { cancelAnimationFrame(again); return frames; }")) / passed
    raise AssertionError


if __name__ == "__main__":
    main()

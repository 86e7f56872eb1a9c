"""A real server, a real browser, and what the tests of both share. Screenshots go to artefacts/."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARTEFACTS = ROOT / "artefacts"
# Without these, Chromium asks its makers for updates; QUIC and the sandbox do not work in every container.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

Opened = Callable[..., Page]
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium fonts-noto-cjk")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """The address of a real server over a library of its own in ``folder``, with these options of Streamlit."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    command += options
    environment = os.environ | {"RECOMMENDER_LIBRARY": str(folder / "library.db")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield _when_up(f"http://127.0.0.1:{port}", process, folder / "server.log")
    finally:
        process.terminate()
        process.wait(10)


def _when_up(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return address
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
    raise AssertionError(log.read_text())


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The browser, with more of its flags."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield started
        started.close()


@contextmanager
def windows(server: str, browser: Browser, *others: str) -> Iterator[Opened]:
    """Opens the page in a window of its own; afterwards nothing may have gone wrong or left for another server.

    The addresses of ``others`` are also allowed.
    """
    faults: list[str] = []
    allowed = (server, *others, "data:", "blob:")
    contexts = []

    def window(address: str = "", width: int = 1440, height: int = 900, **options: str) -> Page:
        options = {"locale": "zh-CN", "color_scheme": "light"} | options
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: faults.append(r.url) if not r.url.startswith(allowed) else None)
        page.goto(f"{server}/{address}")
        # The first page of a new server loads the model.
        expect(page.locator(_ready(address)).first).to_be_visible(timeout=90_000)
        settle(page)
        return page

    yield window
    for context in contexts:
        context.close()
    assert [fault for fault in faults if not fault.startswith("ws://")] == []


def _ready(address: str) -> str:
    if "view=library" in address:
        return ".stMain h3"
    if "view=desk" in address:
        return ".desk-row" if "article=" in address else ".st-key-rows button"
    return ".atlas-stage[data-drawn], .vega-embed svg, table" if "view=map" in address else ".st-key-related .card-head"


def settle(page: Page) -> None:
    """Wait for the page to be drawn to its end: before that, what is to be clicked may still move away."""
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_visible(timeout=30_000)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=30_000)


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the window."""
    page.wait_for_timeout(500)  # for what fades in
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


def words_in_sight(page: Page) -> set[str]:
    """The Latin words that a reader sees."""
    visible = page.locator("body").inner_text()
    # Material icons are ligatures: the name of the icon is the text that the font draws as a picture.
    icons = page.locator('[data-testid="stIconMaterial"], [data-testid="stExpanderIcon"]').all_inner_texts()
    # Streamlit's link for keyboards and its uploader's button are in the text, and replaced by our words.
    visible = visible.replace("Skip to main content", "").replace("Upload", "")
    return set(re.findall("[A-Za-z_]{2,}", visible)) - {*icons, "English"}

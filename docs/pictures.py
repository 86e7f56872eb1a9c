"""The pictures of README.md, of the real app: ``python docs/pictures.py``, as the tests need a Chromium for."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from browsers import Opened, chromium, serving, settle, windows  # noqa: E402
from desks import planted  # noqa: E402
from playwright.sync_api import Page, expect  # noqa: E402

from recommender.desk import Desk  # noqa: E402
from recommender.recommend import Recommender  # noqa: E402
from recommender.types import Change  # noqa: E402

SIZE = {"width": 1440, "height": 900}
ESSAY = "图书馆/0"


def main() -> None:
    """Make all of them."""
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        sample, desk = (Path(folder, name) for name in ("sample", "desk"))
        sample.mkdir()
        with serving(sample) as server, windows(server, browser) as opened:
            _reading(opened)
        library = planted(desk / "library.db")
        with serving(desk) as server, windows(server, browser) as opened:
            _editing(opened, library)


def _reading(opened: Opened) -> None:
    page = opened("", **SIZE)
    page.locator(".essay .paragraph p").first.click()
    expect(page.locator(".essay .number").first).to_have_attribute("aria-pressed", "true")
    _keep(page, "page")


def _editing(opened: Opened, library: Recommender) -> None:
    desk = Desk(library)
    done = library.library.articles(["税务/1", "税务/2", "税务/3"])
    for essay in done.values():
        desk.decide(desk.open(essay), [Change("publish")], "editor")
    library.put([replace(done["税务/1"], paragraphs=done["税务/1"].paragraphs[:1])])
    library.remove([desk.open(done["税务/2"]).list.entries[-1].piece])
    page = opened("?view=desk", **SIZE)
    _keep(page, "desk-queue")
    page = opened(f"?view=desk&article={quote(ESSAY, safe='')}", **SIZE)
    for key in ("p", "j", "x"):
        page.keyboard.press(key)
    page.keyboard.press("k")
    expect(page.locator(".desk-said")).to_contain_text("隐藏")
    _keep(page, "desk")
    page.keyboard.press("a")
    page.keyboard.type("减税")
    expect(page.locator(".desk-dialog [role=option]").first).to_be_visible()
    _keep(page, "desk-add")
    page.keyboard.press("Escape")
    other = opened(f"?view=desk&article={quote(ESSAY, safe='')}", **SIZE)
    other.keyboard.press("x")
    expect(other.locator(".desk-said")).to_contain_text("隐藏")
    page.keyboard.press("p")
    expect(page.locator(".st-key-desk_conflict")).to_be_visible()
    _keep(page, "desk-conflict")


def _keep(page: Page, name: str) -> None:
    settle(page)
    page.locator(".stMain").evaluate("main => main.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)  # for what fades in
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()

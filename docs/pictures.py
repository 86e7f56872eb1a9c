"""The pictures of README.md, of the real app: ``python docs/pictures.py``, as the tests need a Chromium for."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from browsers import Opened, chromium, serving, settle, windows  # noqa: E402
from desks import planted  # noqa: E402
from playwright.sync_api import Page, expect  # noqa: E402

SIZE = {"width": 1440, "height": 900}
ESSAY = "图书馆/0"


def main() -> None:
    """Make all of them."""
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        for name, draw in {"sample": _reading, "desk": _editing}.items():
            path = Path(folder) / name
            path.mkdir()
            if draw is _editing:
                planted(path / "library.db")
            with serving(path) as server, windows(server, browser) as opened:
                draw(opened)


def _reading(opened: Opened) -> None:
    page = opened("", **SIZE)
    page.locator(".essay .paragraph p").first.click()
    expect(page.locator(".essay .number").first).to_have_attribute("aria-pressed", "true")
    _keep(page, "page")


def _editing(opened: Opened) -> None:
    for title in ("小微企业减税在临江怎样落地", "柳河税务所的一天"):
        page = opened(f"?view=desk&find={quote(title)}", **SIZE)
        page.locator(".st-key-rows button").first.click()
        page.locator(".desk-row").first.click()
        page.keyboard.press("Enter")
        expect(page.get_by_text("这一轮编完了。")).to_be_visible()
    page = opened("?view=desk", **SIZE)
    _keep(page, "desk-queue")
    page = opened(f"?view=desk&article={quote(ESSAY, safe='')}", **SIZE)
    for key in ("p", "j", "x"):
        page.keyboard.press(key)
    page.keyboard.press("k")
    expect(page.locator(".desk-said")).to_contain_text("隐藏")
    page.evaluate("document.querySelector('.desk').scrollIntoView()")
    _keep(page, "desk")
    page.keyboard.press("a")
    page.keyboard.type("减税")
    expect(page.locator(".desk-dialog [role=option]")).to_have_count(5)
    _keep(page, "desk-add")
    page.keyboard.press("Escape")
    other = opened(f"?view=desk&article={quote(ESSAY, safe='')}", **SIZE)
    other.keyboard.press("x")
    expect(other.locator(".desk-said")).to_contain_text("隐藏")
    page.keyboard.press("p")
    expect(page.locator(".st-key-desk_conflict")).to_be_visible()
    page.evaluate("document.querySelector('.st-key-desk_conflict').scrollIntoView()")
    _keep(page, "desk-conflict")


def _keep(page: Page, name: str) -> None:
    settle(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)  # for what fades in
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()

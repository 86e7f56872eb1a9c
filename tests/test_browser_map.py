"""The picture of the plane in a real browser: pointing, picking, drawing around, filters, keys, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from browsers import Opened, chromium, needs_chromium, serving, settle, shoot, windows
from maps import EACH, SUBJECTS, articles, planted
from playwright.sync_api import Browser, Locator, Page, expect

from recommender.cartographer import Cartographer
from recommender.embed import Encoder
from recommender.recommend import Recommender
from recommender.types import Article, Filter, Passage

ALL = EACH * len(SUBJECTS)
HERE = "?view=map&article=税收-3"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def recommender(folder: Path, embedded: Encoder) -> Recommender:
    """The library of the server, with its map."""
    made = planted(folder / "library.db", embedded)
    Cartographer(made).draw()
    return made


@pytest.fixture(scope="module")
def server(folder: Path, recommender: Recommender) -> Iterator[str]:
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(server: str, browser: Browser) -> Iterator[Opened]:
    with windows(server, browser) as window:
        yield window


def _ring(page: Page, title: str) -> Locator:
    """The ring around an article that is one of the nearest, or picked."""
    return page.locator(f'.atlas-over .mark[aria-label^="{title}"]')


def _middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _boxes(page: Page, names: str) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.locator(f".atlas-over {names}").evaluate_all(
        "(nodes) => nodes.map((node) => { const { x, y, width, height } = node.getBoundingClientRect();"
        " return { x, y, width, height }; })"
    )
    return found


def _nearest(recommender: Recommender) -> list[str]:
    article = recommender.find("税收第3讲")
    assert isinstance(article, Article)
    whole = Passage(0, len(article.text), article.text, article.id)
    found = Cartographer(recommender).nearest(article, whole, 10)
    return [a.title for a in recommender.library.articles(near.id for near in found).values()]


def test_pointing_and_picking(opened: Opened, recommender: Recommender) -> None:
    page = opened(HERE)
    best = _nearest(recommender)[0]
    expect(_ring(page, best)).to_have_attribute("aria-label", re.compile("第 1 近，余弦 0"))
    page.mouse.move(*_middle(_ring(page, best)))
    tip = page.locator(".atlas-tip")
    expect(tip).to_contain_text(best)
    expect(tip).to_contain_text("最近的 10 篇里有")
    [found] = recommender.related(recommender.find("税收第3讲"), 1, Filter(ids=(recommender.find(best).id,)))
    expect(tip.locator("q")).to_have_text(found.evidence[0].article.text)
    shoot(page, "plane")
    page.mouse.click(*_middle(_ring(page, best)))
    expect(page.locator(".card-head h3")).to_have_text(best)
    expect(page.locator(".card-facts .score")).to_have_text(f"{found.closeness:.2f}")
    expect(_ring(page, best)).to_have_attribute("aria-pressed", "true")
    settle(page)
    # A paragraph: the lines are its own then, and it is picked in the reader, too.
    page.locator('.atlas-over .mark[aria-label^="第 2 段"]').click()
    expect(page.get_by_text("与第 2 段相关")).to_be_visible()
    settle(page)
    # A second click on an article opens it in the reader.
    page.mouse.click(*_middle(_ring(page, best)))
    expect(page.locator(".essay h1")).to_have_text(best)


def test_what_is_large_is_sent_once(opened: Opened, recommender: Recommender) -> None:
    page = opened(HERE)
    settle(page)
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    page.reload()
    expect(page.locator(".atlas-stage[data-drawn]")).to_be_visible()
    settle(page)
    assert max(frames) > 50_000
    frames.clear()
    page.mouse.click(*_middle(_ring(page, _nearest(recommender)[1])))
    expect(page.locator(".card-head h3")).to_have_text(_nearest(recommender)[1])
    settle(page)
    assert sum(frames) < 50_000


def test_a_lasso(opened: Opened, recommender: Recommender) -> None:
    page = opened(HERE)
    best, last = _nearest(recommender)[0], "天文第14讲"
    x, y = _middle(_ring(page, best))
    page.get_by_role("button", name="圈选").click()
    page.mouse.move(x - 6, y - 6)
    page.mouse.down()
    for dx, dy in ((6, -6), (6, 6), (-6, 6)):
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    expect(page.locator(".atlas-status")).to_contain_text(re.compile(r"选出 \d 篇"))
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载清单").click()
    listed = Path(download.value.path()).read_text("utf-8")
    assert best in listed and last not in listed
    page.get_by_role("button", name="取消选择").click()
    expect(page.locator(".atlas-status")).to_be_empty()


def test_a_box_around_everything_is_what_the_list_is_chosen_from(opened: Opened) -> None:
    page = opened(HERE)
    box = page.locator(".atlas-stage").bounding_box()
    assert box
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.locator(".atlas-status")).to_contain_text(f"选出 {ALL} 篇")
    page.get_by_role("button", name="只在其中找相关文章").click()
    expect(page.get_by_text(f"只在地图上选出的 {ALL} 篇里找")).to_be_visible()


def test_the_legend_filters(opened: Opened, recommender: Recommender) -> None:
    page = opened(HERE)
    first = page.locator(".atlas-chip.broad").first
    size = int(first.inner_text().split()[-1])
    first.focus()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"theme=\d+"))
    settle(page)
    expect(first).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="选出这个主题").click()
    expect(page.locator(".atlas-status")).to_contain_text(f"选出 {size} 篇")
    expect(page.get_by_text(f"在图上选出了 {size} 篇")).to_be_visible()


def test_words_of_titles_are_found(opened: Opened) -> None:
    page = opened(HERE)
    page.get_by_role("textbox", name="在图上找标题").fill("第1讲")
    expect(page.locator(".atlas-status")).to_contain_text(f"标题里有这些字的：{len(SUBJECTS)} 篇")
    assert "look=" in page.url
    shoot(page, "plane-found")


def test_names_lie_over_no_others_at_any_zoom(opened: Opened) -> None:
    page = opened(HERE)
    seen = set()
    for _ in range(4):
        page.wait_for_timeout(400)  # titles come when nothing moves
        boxes = _boxes(page, "text:is(.broad, .fine, .title)")
        assert boxes
        for a, b in combinations(boxes, 2):
            apart = (
                a["x"] + a["width"] <= b["x"] + 1
                or b["x"] + b["width"] <= a["x"] + 1
                or a["y"] + a["height"] <= b["y"] + 1
                or b["y"] + b["height"] <= a["y"] + 1
            )
            assert apart, (a, b)
        seen |= set(page.locator(".atlas-over text:is(.broad, .fine)").all_text_contents())
        page.get_by_role("button", name="放大").click()
    assert len(seen) > 1


def test_by_keyboard(opened: Opened, recommender: Recommender) -> None:
    page = opened(HERE)
    stage = page.locator(".atlas-stage")
    ring = _ring(page, _nearest(recommender)[0])
    stage.focus()
    before = _middle(ring)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "(x) => document.querySelector('.atlas-over .mark').getBoundingClientRect().x < x - 30", arg=before[0]
    )
    page.keyboard.press("0")
    page.keyboard.press("Tab")
    expect(ring).to_be_focused()
    expect(page.locator(".atlas-tip")).to_contain_text(_nearest(recommender)[0])
    page.keyboard.press("Enter")
    expect(page.locator(".card-head h3")).to_have_text(_nearest(recommender)[0])
    expect(ring).to_be_focused()


def test_the_picture_as_files(opened: Opened, browser: Browser, tmp_path: Path) -> None:
    page = opened(HERE)
    page.wait_for_timeout(500)  # for the titles
    files = {}
    for name in ("存成矢量图", "存成图片", "存成网页"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).first.click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    drawn = files["存成矢量图"].read_text("utf-8")
    assert drawn.count("<circle cx=") == ALL
    assert all(article.title in drawn for article in articles())
    assert files["存成图片"].read_bytes().startswith(b"\x89PNG") and files["存成图片"].stat().st_size > 20_000
    # The web page does without a network.
    with browser.new_context(offline=True, viewport={"width": 900, "height": 700}) as context:
        alone = context.new_page()
        asked: list[str] = []
        alone.on("request", lambda request: asked.append(request.url))
        alone.goto(files["存成网页"].as_uri())
        alone.mouse.move(*_middle(_ring(alone, "税收").first))
        expect(alone.locator(".atlas-tip")).to_contain_text("税收第")
        assert asked == [files["存成网页"].as_uri()]
        alone.get_by_role("button", name="放大").click()
        expect(alone.locator(".atlas-over text").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(opened: Opened, scheme: str) -> None:
    page = opened(HERE, width=390, height=844, color_scheme=scheme)
    page.locator(".atlas-stage").scroll_into_view_if_needed()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    shoot(page, f"plane-many-390-{scheme}")
    paper = page.evaluate(
        "() => getComputedStyle(document.querySelector('.atlas')).getPropertyValue('--st-background-color')"
    )
    assert (paper.strip() == "#17181b") == (scheme == "dark")

"""Clicks in the heatmap and in the picture of sentences, and themes over time, in a real browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import Opened, chromium, needs_chromium, serving, settle, shoot, windows, words_in_sight
from conftest import essay
from maps import EACH, SUBJECTS, articles
from playwright.sync_api import Browser, Page, expect

from recommender.embed import Encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender

pytestmark = needs_chromium
SAYS = [
    "税务机关要规范增值税发票的征收管理。",
    "守门员扑出了点球，球员庆祝联赛冠军。",
    "望远镜看到了星系里的黑洞和行星的轨道。",
    "面粉和酱油放进烤箱以前先要看火候。",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedded: Encoder) -> Path:
    """Planted articles of one year each subject, and two essays: the second says all of the first but a sentence."""
    folder = tmp_path_factory.mktemp("heatmap")
    recommender = Recommender(SqliteLibrary(folder / "library.db", embedded), embedded)
    years = {subject: str(2011 + n) for n, subject in enumerate(SUBJECTS)}
    essays = [
        essay("one", SAYS[0] + SAYS[1], SAYS[2] + SAYS[3], "外婆把猫抱到窗台上，毛线球滚下楼梯。", title="甲文"),
        essay("two", "这里先有一句引子。" + SAYS[0], SAYS[2], SAYS[3], title="乙文"),
    ]
    recommender.put([*essays, *(replace(a, date=years[a.title[:2]]) for a in articles())])
    return folder


@pytest.fixture(scope="module")
def server(library: Path) -> Iterator[str]:
    with serving(library) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(server: str, browser: Browser) -> Iterator[Opened]:
    with windows(server, browser) as window:
        yield window


def _texts(page: Page) -> list[str]:
    return page.locator(".vega-embed svg text").all_text_contents()


def test_a_click_shows_both_sentences(opened: Opened) -> None:
    page = opened("?view=map&chart=heatmap&against=heat_sentences&article=one&why=two")
    cells = page.locator('.vega-embed path[aria-roledescription="rect mark"]')
    expect(cells).to_have_count(5 * 4)
    # The third sentence here is the third there: one of either is left out before it.
    page.locator('.vega-embed path[aria-label^="3 × 3 · 1.00"]').click()
    pair = page.locator(".pair")
    expect(pair).to_contain_text("1.00")
    assert pair.locator("span").all_inner_texts()[:2] == [SAYS[2], SAYS[2]]
    assert "there=" in page.url
    expect(page.locator('.vega-embed path[aria-roledescription="point"]')).to_have_count(0)  # marks are for the eye
    shoot(page, "parallel")
    # What is picked is in the address: someone else sees it, too.
    other = opened(page.url[page.url.index("?") :], width=390, height=844, color_scheme="dark")
    expect(other.locator(".pair")).to_contain_text("1.00")
    assert other.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    shoot(other, "parallel-390-dark")


def test_the_heatmap_has_its_summaries(opened: Opened) -> None:
    page = opened("?view=map&chart=heatmap&article=one")
    texts = _texts(page)
    assert any(text.startswith("段3 ○") for text in texts)
    assert "对应" in "".join(texts)
    rows = [text for text in texts if re.match("段[123]", text) and len(text) > 4]
    assert any("守门员" in row or "点球" in row or "发票" in row or "增值税" in row for row in rows)
    page.get_by_text("相近的排在一起").click()
    expect(page).to_have_url(re.compile("order=heat_clustered"))
    settle(page)
    assert words_in_sight(page) == set()
    shoot(page, "heatmap-clustered")
    phone = opened("?view=map&chart=heatmap&article=one", width=390, height=844)
    assert all(len(text) < 8 for text in _texts(phone))  # no room for words beside the rows


def test_themes_over_time(opened: Opened) -> None:
    page = opened("?view=map&chart=time&article=one")
    bars = page.locator('.vega-embed path[aria-roledescription="bar"]')
    expect(bars).not_to_have_count(0)
    counts: Counter[str] = Counter()
    for bar in bars.all():
        year, count = re.findall(r"(\d{4}) · .*：(\d+) 篇", bar.get_attribute("aria-label") or "")[0]
        counts[year] += int(count)
    assert counts == dict.fromkeys(("2011", "2012", "2013", "2014"), EACH)
    expect(page.get_by_text("2 篇（3%）没有日期，不在图里。")).to_be_visible()
    shoot(page, "time")
    bar = bars.first
    name = (bar.get_attribute("aria-label") or "").replace(" · ", "、")
    bar.click()
    settle(page)
    expect(page.locator(".st-key-time_chosen")).to_contain_text(name.replace(" 篇", ""))
    faint = page.locator('.vega-embed path[aria-roledescription="bar"][opacity="0.2"]')
    assert faint.count() == bars.count() - 1
    shoot(page, "time-chosen")
    # The legend lets a theme go.
    page.locator(".st-key-time_legend button[aria-checked=true]").click()
    expect(faint).to_have_count(bars.count() - sum("2011" in (b.get_attribute("aria-label") or "") for b in bars.all()))
    expect(page).not_to_have_url(re.compile("theme="))
    phone = opened("?view=map&chart=time&article=one", width=390, height=844, color_scheme="dark")
    assert phone.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    shoot(phone, "time-390-dark")

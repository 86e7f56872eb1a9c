"""What only a browser can see: a real server, real clicks, selections and keys. Screenshots go to artefacts/."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from browsers import Opened, chromium, needs_chromium, serving, settle, shoot, windows, words_in_sight
from playwright.sync_api import Browser, Locator, Page, expect

from recommender.recommend import Recommender
from recommender.segment import paragraphs
from recommender.types import Article, Filter
from recommender.ui.words import Words

BEST = "做好新时期企业宣传工作之浅见"
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(server: str, browser: Browser) -> Iterator[Opened]:
    with windows(server, browser) as window:
        yield window


@pytest.fixture(scope="session")
def first(seed_recommender: Recommender) -> Article:
    """The essay of the sample."""
    article = seed_recommender.first_article()
    assert article
    return article


def _heading(page: Page) -> Locator:
    return page.locator(".st-key-related h3").first


def _titles(page: Page) -> list[str]:
    return page.locator(".st-key-related .card-head h3").all_inner_texts()


def _select(page: Page, text: str) -> None:
    """Select this text of the essay with the mouse, as a reader does."""
    expect(page.locator(".essay")).to_contain_text(text)
    box = page.evaluate(
        """(text) => {
            for (const p of document.querySelectorAll(".essay [data-start]")) {
                const node = [...p.childNodes].find((n) => n.textContent.includes(text));
                if (!node) continue;
                const inner = node.firstChild ?? node;
                const at = inner.textContent.indexOf(text);
                const range = document.createRange();
                range.setStart(inner, at);
                range.setEnd(inner, at + text.length);
                p.scrollIntoView({ block: "center" });
                const [first] = range.getClientRects();
                const last = [...range.getClientRects()].at(-1);
                return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
            }
        }""",
        text,
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move((box[0] + box[2]) / 2, box[3], steps=4)
    page.mouse.move(box[2], box[3], steps=4)
    page.mouse.up()


def test_a_click_on_a_paragraph_changes_the_list(opened: Opened, seed_recommender: Recommender, first: Article) -> None:
    page = opened()
    expect(_heading(page)).to_have_text("与全文相关")
    expect(page.locator(".card-head")).to_have_count(9)
    before = _titles(page)
    shoot(page, "read")
    seventh = paragraphs(first)[6]
    page.locator(".essay .paragraph p").nth(6).click()
    expect(_heading(page)).to_have_text("与第 7 段相关")
    expect(page.locator(".essay .number").nth(6)).to_have_attribute("aria-pressed", "true")
    titles = [r.article.title for r in seed_recommender.related(seventh, 9)]
    expect(page.locator(".card-head h3")).to_have_text(titles)
    assert titles != before
    assert f"at={seventh.start}-{seventh.end}" in page.url
    # A second click lets it go, and the browser's own way back leads back.
    page.locator(".essay .paragraph p").nth(6).click()
    expect(_heading(page)).to_have_text("与全文相关")
    page.go_back()
    expect(_heading(page)).to_have_text("与第 7 段相关")


def test_a_paragraph_by_keyboard(opened: Opened) -> None:
    page = opened()
    number = page.get_by_role("button", name=Words("zh")("paragraph_button", n=2))
    number.focus()
    page.keyboard.press("Enter")
    expect(_heading(page)).to_have_text("与第 2 段相关")
    expect(number).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(_heading(page)).to_have_text("与第 3 段相关")


def test_a_selection(opened: Opened, first: Article) -> None:
    page = opened()
    wanted = "建立和完善思想政治工作效益评估标准"
    _select(page, wanted)
    page.get_by_role("button", name="查找所选文字的相关文章").click()
    expect(_heading(page)).to_have_text("与所选文字相关")
    start = first.text.index(wanted)
    assert f"at={start}-{start + len(wanted)}" in page.url
    expect(page.locator(".essay .chosen")).to_have_text(wanted)
    shoot(page, "selection")


def test_a_selection_counts_characters_as_python_does(opened: Opened) -> None:
    text = "😀😀税收征管要规范。思想政治工作要创新。"
    page = opened(f"?text={text}")
    _select(page, "思想政治工作")
    page.get_by_role("button", name="查找所选文字的相关文章").click()
    expect(_heading(page)).to_have_text("与所选文字相关")
    start = text.index("思想")
    assert f"at={start}-{start + 6}" in page.url
    expect(page.locator(".essay .chosen")).to_have_text("思想政治工作")


def test_the_reasons_are_marked_in_both_texts(opened: Opened) -> None:
    page = opened()
    page.locator(".essay .paragraph p").first.click()
    expect(_heading(page)).to_have_text("与第 1 段相关")
    expect(page.locator(".essay mark")).to_have_count(0)
    page.get_by_role("button", name="看依据").first.click()
    expect(page.locator(".pair").nth(1)).to_be_visible()
    quoted = page.locator(".pair span:nth-of-type(1)").all_inner_texts()
    marked = "".join(page.locator(".essay .evidence").all_inner_texts())
    assert all(sentence in marked for sentence in quoted)
    shoot(page, "why")


def test_the_bars_of_the_words_end_where_the_sum_ends(opened: Opened) -> None:
    page = opened()
    page.get_by_role("button", name="看依据").first.click()
    expect(page.locator(".shares")).to_be_visible()
    boxes = [bar.bounding_box() for bar in page.locator(".shares i").all()]
    *shares, rest, total = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert all(after[0] == pytest.approx(before[1], abs=3) for before, after in pairwise([*shares, rest]))
    assert rest[1] == pytest.approx(total[1], abs=3)
    assert total[0] == pytest.approx(shares[0][0], abs=3)
    shoot(page, "words")


def test_the_order_by_keyboard(opened: Opened) -> None:
    page = opened()
    page.locator(".st-key-order summary").click()
    share = page.get_by_role("slider", name="意思与用词")
    share.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".changes")).to_have_text("用词占 55%")
    expect(share).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".changes")).to_have_text("用词占 50%")
    assert "words=50" in page.url
    shoot(page, "order")
    page.get_by_role("button", name="恢复默认").click()
    expect(page.locator(".changes")).to_have_count(0)
    assert "words" not in page.url
    expect(page.get_by_role("slider", name="意思与用词")).to_have_attribute("aria-valuetext", "用词占 60%")


def test_open_a_piece_and_read_on(opened: Opened) -> None:
    page = opened()
    page.get_by_role("button", name="打开").first.click()
    expect(page.locator(".essay h1")).to_have_text(BEST)
    expect(page.locator(".essay .about")).to_contain_text("出自《推进工商队伍思想政治工作创新之浅见》")
    settle(page)
    page.get_by_role("button", name="← 回到").click()
    expect(page.locator(".essay h1")).to_have_text("推进工商队伍思想政治工作创新之浅见")


def test_paste(opened: Opened) -> None:
    page = opened()
    page.get_by_text("粘贴一段文字来查找").click()
    page.get_by_role("textbox", name="粘贴的文字").fill("Prison inmates after release need help to return to society")
    page.get_by_role("button", name="查找相关文章", exact=True).click()
    expect(_heading(page)).to_have_text("与粘贴的文字相关")
    assert _titles(page)[0] == "社区矫正与安置帮教一体化新机制浅见"


def test_markup_in_a_pasted_text_is_text(opened: Opened) -> None:
    text = "<img src=x onerror=console.error(1)><b>规范税收执法行为，加强税收征管</b>"
    page = opened(f"?text={text}")
    expect(page.locator(".essay p").last).to_have_text(text)
    expect(page.locator(".essay img")).to_have_count(0)


def test_the_heatmap(opened: Opened, seed_recommender: Recommender, first: Article) -> None:
    page = opened("?view=map&chart=heatmap")
    cells = page.locator('.vega-embed path[aria-roledescription="rect mark"]')
    expect(cells).to_have_count(72)
    tax = seed_recommender.find("对规范税收执法行为之浅见")
    [found] = seed_recommender.related(paragraphs(first)[4], 1, Filter(ids=(tax.id,)))
    page.locator(f'.vega-embed path[aria-label^="第 5 段"][aria-label*="{tax.title[:6]}"]').click()
    expect(page.locator(".card-head h3")).to_have_text(tax.title)
    expect(page.locator(".pair").first).to_contain_text(found.evidence[0].article.text)
    expect(page.locator(".card-facts .score")).to_have_text(f"{found.closeness:.2f}")
    shoot(page, "heatmap")


def test_the_table(opened: Opened) -> None:
    page = opened("?view=map&chart=table")
    expect(page.locator("table").first.locator("tbody tr")).to_have_count(8)
    shoot(page, "table")


def test_a_link_shows_the_same_to_someone_else(opened: Opened) -> None:
    page = opened()
    page.locator(".essay .paragraph p").nth(2).click()
    expect(_heading(page)).to_have_text("与第 3 段相关")
    page.get_by_role("button", name="看依据").nth(1).click()
    expect(page.locator(".pair").first).to_be_visible()
    other = opened(page.url.partition("?")[1] + page.url.partition("?")[2])
    expect(_heading(other)).to_have_text("与第 3 段相关")
    assert _titles(other) == _titles(page)
    expect(other.locator(".pair")).to_have_count(page.locator(".pair").count())


@pytest.mark.parametrize(
    ("locale", "heading", "lang"),
    [
        ("en-GB", "Related to the whole article", "en"),
        ("zh-TW", "与全文相关", "zh-CN"),
        ("fr-FR", "与全文相关", "zh-CN"),
    ],
)
def test_the_language_of_the_browser(opened: Opened, locale: str, heading: str, lang: str) -> None:
    page = opened(locale=locale)
    expect(_heading(page)).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", lang)


def test_the_language_switch(opened: Opened) -> None:
    page = opened()
    page.get_by_role("radio", name="English").click()
    expect(_heading(page)).to_have_text("Related to the whole article")
    assert "lang=en" in page.url
    shoot(page, "english")


def test_no_english_on_the_chinese_page(opened: Opened) -> None:
    for address in ("", "?view=map", "?view=map&chart=heatmap", "?view=map&chart=table"):
        page = opened(address)
        page.wait_for_timeout(1000)
        assert words_in_sight(page) <= {"XX"}, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["read", "plane", "heatmap", "table"])
def test_on_a_phone_nothing_is_wider_than_the_screen(opened: Opened, view: str, scheme: str) -> None:
    page = opened("" if view == "read" else f"?view=map&chart={view}", width=390, height=844, color_scheme=scheme)
    page.wait_for_timeout(1000)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    shoot(page, f"{view}-390-{scheme}")


def test_on_a_phone_an_opened_piece_is_read_from_its_beginning(opened: Opened) -> None:
    page = opened(width=390, height=844)
    page.get_by_role("button", name="打开").nth(3).click()
    expect(page.locator(".essay h1")).not_to_have_text("推进工商队伍思想政治工作创新之浅见")
    expect(page.locator(".essay h1")).to_be_in_viewport()


def test_a_new_list_is_read_from_its_beginning(opened: Opened) -> None:
    page = opened()
    page.locator(".card-head").last.scroll_into_view_if_needed()
    expect(_heading(page)).not_to_be_in_viewport()
    page.locator(".essay .paragraph p").first.click()
    expect(_heading(page)).to_have_text("与第 1 段相关")
    expect(_heading(page)).to_be_in_viewport()


def test_on_a_phone_a_click_brings_the_list_into_view(opened: Opened) -> None:
    page = opened(width=390, height=844)
    page.locator(".essay .paragraph p").nth(4).click()
    expect(_heading(page)).to_have_text("与第 5 段相关")
    expect(_heading(page)).to_be_in_viewport()
    page.get_by_role("link", name="↑ 回到正文").click()
    expect(page.locator("#picked")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_stays_in_view_beside_a_long_text(opened: Opened, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.locator(".essay .paragraph").nth(7).scroll_into_view_if_needed()
    expect(page.locator(".card-head").first).to_be_in_viewport()
    shoot(page, f"read-1440-{scheme}")

"""The library's view in a browser: real files, dropped, read, found, removed. Screenshots go to artefacts/."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from browsers import Opened, chromium, needs_chromium, serving, settle, shoot, windows, words_in_sight
from conftest import ROOT
from playwright.sync_api import Browser, FilePayload, Page, expect

pytestmark = needs_chromium

TOPICS = ("税收", "矫正", "德育", "金融", "交通", "医院", "图书", "环保", "培训", "规划", "食品", "卫生")
# What the page says of formats, the names of files, and what an article of ours is called.
LATIN = {
    "html",
    "Word",
    "docx",
    "PDF",
    "EPUB",
    "xlsx",
    "csv",
    "tsv",
    "JSON",
    "Lines",
    "WordPress",
    "xml",
    "RSS",
    "Atom",
}
LATIN |= {"Markdown", "zip", "MB", "KB", "pdf", "txt", "uploads", "seeds", "tmp", "eebcd", "db"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
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


def _page(topic: str, number: int) -> FilePayload:
    """A web page with a script, an event handler, and the footer that all pages of this site have."""
    body = "".join(
        f"<p>{topic}工作的第{n}个问题，{other}部门也遇到过，办法却各有不同。</p>" for n, other in enumerate(TOPICS)
    )
    footer = f"<p>扫描二维码关注基层之声公众号，本期为第{number}期，欢迎转发。</p>"
    attack = '<script>console.error("ran")</script><img src=x onerror=console.error("ran")>'
    html = (
        f"<html lang=zh><head><title>{topic}工作谈</title></head><body><article>{body}{attack}{footer}</article></body>"
    )
    return {"name": f"{topic}.html", "mimeType": "text/html", "buffer": html.encode()}


def _document() -> FilePayload:
    """A Word document."""
    document = docx.Document()
    document.core_properties.author = "李明"
    document.add_heading("夜市摊位怎样管", 0)
    document.add_paragraph("夜市要管，也要放。划出地段、定下时间，摊主心里有数，居民也能安睡。")
    stream = io.BytesIO()
    document.save(stream)
    return {"name": "夜市.docx", "mimeType": "application/octet-stream", "buffer": stream.getvalue()}


def _drop(page: Page, *files: FilePayload) -> None:
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').set_input_files(list(files))
    expect(page.locator(".st-key-report")).to_be_visible(timeout=60_000)
    settle(page)


def test_drop_read_open_remove_undo(opened: Opened, folder: Path) -> None:
    page = opened("?view=library")
    broken: FilePayload = {"name": "坏<b>.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    _drop(page, _document(), broken)
    expect(page.locator(".st-key-report")).to_contain_text("读了 2 个文件，共 1 篇文章；1 个文件没有读入。")
    expect(page.locator(".file.failed")).to_contain_text("不是能读的 PDF 文件")
    assert (folder / "uploads" / "夜市.docx").is_file()
    shoot(page, "library-report")
    # Found by its title, and opened.
    page.get_by_role("textbox", name="标题里的字").fill("夜市")
    expect(page.locator('[class*="st-key-row-"]')).to_have_count(1)
    expect(page.locator(".row-facts")).to_contain_text("李明")
    settle(page)
    page.get_by_role("button", name="夜市摊位怎样管").click()
    expect(page.locator(".essay h1")).to_have_text("夜市摊位怎样管")
    settle(page)
    page.get_by_role("button", name="← 回到文库").click()
    expect(page.locator('[class*="st-key-row-"]')).to_have_count(1)
    # The report is still there; so is, after a removal and a look elsewhere, the way back.
    expect(page.locator(".st-key-report")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="移出", exact=True).click()
    expect(page.get_by_text("没有符合条件的文章。")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="问题").click()
    expect(page.locator(".file.failed")).to_contain_text("坏_b_.pdf")
    settle(page)
    page.get_by_role("radio", name="文章", exact=True).click()
    settle(page)
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("button", name="夜市摊位怎样管")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="收起").click()
    expect(page.locator(".st-key-report")).to_have_count(0)


def test_a_footer_of_a_site_is_found_and_left_out(opened: Opened) -> None:
    page = opened("?view=library")
    _drop(page, *(_page(topic, number) for number, topic in enumerate(TOPICS, 1)))
    expect(page.locator(".st-key-report")).to_contain_text("读了 12 个文件，共 12 篇文章。")
    page.get_by_role("radio", name="重复文字").click()
    settle(page)
    page.get_by_role("button", name="查找重复文字").click()
    expect(page.locator(".rule q").first).to_contain_text("扫描二维码关注基层之声公众号")
    settle(page)
    shoot(page, "library-boilerplate")
    page.get_by_role("button", name="全部删去").click()
    settle(page)
    page.get_by_role("button", name="应用这").click()
    expect(page.get_by_text("没有新的重复文字。")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="文章", exact=True).click()
    settle(page)
    page.get_by_role("textbox", name="标题里的字").fill("税收工作谈")
    expect(page.locator('[class*="st-key-row-"]')).to_have_count(1)
    settle(page)
    page.get_by_role("button", name="税收工作谈").click()
    expect(page.locator(".essay h1")).to_have_text("税收工作谈")
    expect(page.locator(".essay")).not_to_contain_text("二维码")


def test_a_day_that_is_none_is_refused(opened: Opened) -> None:
    page = opened("?view=library")
    box = page.get_by_role("textbox", name="起始日期")
    box.fill("去年")
    box.press("Enter")
    expect(page.get_by_text("请写成 2024、2024-05 或 2024-05-01")).to_be_visible()
    assert "since" not in page.url


def test_no_english_on_the_chinese_page(opened: Opened) -> None:
    folder = set(
        re.findall("[A-Za-z_]{2,}", ROOT.as_posix())
    )  # the sample's file is named by its path from the library
    for part in ("articles", "boilerplate", "problems"):
        page = opened(f"?view=library&part={part}")
        assert words_in_sight(page) <= LATIN | folder, part


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("part", ["articles", "boilerplate", "problems"])
def test_on_a_phone_nothing_is_wider_than_the_screen(opened: Opened, part: str, scheme: str) -> None:
    page = opened(f"?view=library&part={part}", width=390, height=844, color_scheme=scheme)
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
    shoot(page, f"library-{part}-390-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list(opened: Opened, scheme: str) -> None:
    page = opened("?view=library", color_scheme=scheme)
    expect(page.locator('[class*="st-key-row-"]').first).to_be_visible()
    shoot(page, f"library-1440-{scheme}")

"""A page of the web, or of a saved site -> its article, and a piece for each link of its list of related articles."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from recommender.sources import address, dates, markup, related
from recommender.sources.charset import decoded
from recommender.sources.language import belied
from recommender.sources.limits import refusing, whole
from recommender.sources.markup import plain
from recommender.sources.reader import Remark
from recommender.sources.text import article
from recommender.types import Article, Paragraph

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_AUTHORS = ("author", "article:author", "dc.creator", "og:article:author", "byl")
_DATES = ("article:published_time", "datepublished", "pubdate", "publishdate", "date", "dc.date", "og:published_time")
# A line below the title of a Chinese page: 2011年11月15日 09:30　来源：江城日报　作者：罗云芳
_ABOUT = re.compile(r"发布|发表|时间|日期|来源|發佈|發布|發表|時間|來源|posted|published|date", re.IGNORECASE)
_ONLY_DATE = re.compile(r"[\d\s年月日:：/.T+-]+")
_BY = re.compile(r"(?:作者|撰文|文)\s*[:：]\s*([\u3400-\u9fff·]{2,10}|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3})")
_LONGEST_ABOUT = 100
# The way to the page (首页 > 国内 > 正文) and the like stand before the title, and are so many paragraphs.
_ABOVE_TITLE = 3
_BETWEEN_TAGS = re.compile(r"[,，;；、|]")
_SITE = re.compile(r"\s*[_|｜].*|\s+[-–—]\s+.*", re.DOTALL)


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The article of a page, found by trafilatura, then a piece for each article that its related list links.

    The article's id is the page's canonical address, if it declares one, else ``key``; a piece's is the address or the
    file that its link leads to, so that the article itself can take its place.
    Raises SourceError for what is no page and for one without an article.
    """
    page = markup.parsed(decoded(whole(file, name), name), name)
    with refusing(name, "HTML page", "save the text of the page as .txt"):
        url = _canonical(page)
        links = _links(page, url, key)
        essay = _article(page, key, name)
    yield replace(essay, id=url or key, url=url, links=tuple(links))
    for target, title in links.items():
        yield _piece(target, title, key, url or key)


def _links(page: HtmlElement, url: str, key: str) -> dict[str, str]:
    """What the page's related list links, but for the page itself: the title of each by its id. The list is cut out."""
    declared = page.find(".//base[@href]")
    base = (url and declared is not None and address.resolved(declared.get("href"), url, key)) or url
    links: dict[str, str] = {}
    for link in related.cut(page):
        target = address.resolved(link.href, base, key)
        if target and target not in (url, key):
            links.setdefault(target, link.title)
    return links


def _piece(target: str, title: str, key: str, page: str) -> Article:
    return Article(target, title, (Paragraph(title),), source=key, page=page, truncated=True, url=address.web(target))


def _canonical(page: HtmlElement) -> str:
    """The address that the page declares as its own; that of a site's front page is a template's mistake."""
    declared = [link.get("href", "") for link in page.iter("link") if link.get("rel", "").lower() == "canonical"]
    for url in map(address.web, [*declared, _meta(page, "og:url")]):
        if urlsplit(url).path.strip("/") or urlsplit(url).query:
            return url
    return ""


def _article(page: HtmlElement, key: str, name: str) -> Article:
    document = _extracted(page)
    body = markup.read(document.body) if document else []
    title = _title(page, document) or PurePath(name).stem
    if (at := next((at for at, p in enumerate(body[:_ABOVE_TITLE]) if p.text == title), None)) is not None:
        del body[: at + 1]
    found = article(key, title, body, name)
    return replace(
        found,
        date=_date(page) or dates.day(document.date if document else ""),
        author=_author(page) or plain((document and document.author) or ""),
        language="" if belied(lang := page.get("lang", ""), found.text) else lang,
        tags=_tags(document),
    )


def _extracted(page: HtmlElement) -> Document | None:
    import trafilatura

    # It reports on the console what it cannot read; this reader's errors say that.
    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).addHandler(logging.NullHandler())
    document = trafilatura.bare_extraction(
        page,
        fast=True,
        include_comments=False,
        with_metadata=True,
        # Without this it takes any year on the page, that of the copyright for one.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    return document if isinstance(document, trafilatura.settings.Document) else None


def _title(page: HtmlElement, document: Document | None) -> str:
    """The heading that the page's title begins with, else that title without the name of the site."""
    element = page.find(".//title")
    declared = plain(element.text_content()) if element is not None else ""
    found = plain((document and document.title) or "") or declared
    headings = [text for heading in page.iter("h1", "h2", "h3") if (text := plain(heading.text_content()))]
    for title in (declared, found):
        if heading := next(filter(title.startswith, headings), ""):
            return heading
    return _SITE.sub("", found) or found


def _meta(page: HtmlElement, *names: str) -> str:
    """What the first of the page's <meta> elements with one of these names says."""
    for meta in page.iter("meta"):
        called = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if called.lower() in names and (content := plain(meta.get("content", ""))):
            return content
    return ""


def _author(page: HtmlElement) -> str:
    declared = _meta(page, *_AUTHORS)
    if declared and "://" not in declared:
        return declared
    return next((found[1] for text in _short(page) if (found := _BY.search(text))), "")


def _date(page: HtmlElement) -> str:
    declared = dates.day(_meta(page, *_DATES))
    told = (dates.day(text) for text in _short(page) if _ABOUT.search(text) or _ONLY_DATE.fullmatch(text))
    return declared or next((day for day in told if len(day) == len("2011-11-15")), "")


def _short(page: HtmlElement) -> Iterator[str]:
    """The short texts of the page, from its first main heading on, if it has one."""
    begun = page.find(".//h1") is None
    for element in page.iter():
        begun = begun or element.tag == "h1"
        if begun and element.tag not in ("script", "style"):
            yield from (text for text in (element.text, element.tail) if text and len(text) <= _LONGEST_ABOUT)


def _tags(document: Document | None) -> tuple[str, ...]:
    found = [*(document.categories or ()), *(document.tags or ())] if document else []
    tags = (plain(part) for tag in found for part in _BETWEEN_TAGS.split(tag))
    return tuple(dict.fromkeys(filter(None, tags)))

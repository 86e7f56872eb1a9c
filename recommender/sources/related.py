"""The list of related articles of a web page: found by its heading, read link by link, and taken out of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from recommender.sources.markup import plain
from recommender.sources.page import heads_list

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Beside those of page.py: headings that mean such a list only where links follow.
_HEADING = re.compile(
    r"[【\[「■]?(?:相关(?:新闻|链接|内容)|相關(?:新聞|連結|內容)|延伸(?:阅读|閱讀)"
    r"|related\s+(?:articles?|posts?|stories|reading|content)|you\s+(?:may|might)\s+also\s+like"
    r"|recommended\s+(?:reading|articles|posts))[】\]」]?\s*[:：]?",
    re.IGNORECASE,
)
_LONGEST_HEADING = 40
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "legend", "summary", "strong", "b")
_MORE = re.compile(
    r"[\s\[【(（]*(?:查看|阅读|閱讀|浏览)?(?:更多|全部|more|view all|see all|换一[批换組组])[^\w]*", re.IGNORECASE
)
_CUT = re.compile(r"\s*(?:\.{3,}|…+|⋯+)\s*\Z")
_WORDS = re.compile(r"[^\W\d_].*[^\W\d_]")
_NO_ARTICLE = {"tag", "category", "author", "search"}
_ROWS = ("li", "dd", "tr", "p", "a")
_LISTS = ("ul", "ol", "dl", "table", "tbody")
# An abstract beside a link has up to so many characters; running text with a link in it has more.
_LONGEST_ABSTRACT = 200
# Pages have one to three; looking on costs the more the more there are.
_MOST_LISTS = 20


class Link(NamedTuple):
    """A line of a related list: what it says, and where it leads as the page writes it."""

    title: str
    href: str


def cut(page: HtmlElement) -> list[Link]:
    """The links of the page's related lists, in its order. The lists and their headings are taken out of the tree."""
    links: list[Link] = []
    for heading, where in list(islice(_headings(page), _MOST_LISTS)):
        if page not in heading.iterancestors():
            continue  # it went with a list before it
        top = _top(heading) if where == "whole" else heading
        taken = list(_taken(list(top) if where == "text" else list(top.itersiblings()), heading.tag))
        found = [link for element in taken for link in _links(element)]
        if found:
            links += found
            _take_out(top, where, taken)
    return links


def _headings(page: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The elements that a list's heading stands in: as "whole", as its "text" before its children, or as its "tail"."""
    for element in page.iter():
        if _heads(element.tail or ""):
            yield element, "tail"
        begins = _heads(element.text or "")
        if begins and len(element):
            yield element, "text"
        if (begins or element.tag in _HEADING_TAGS) and _heads_alone(element) and not _in_menu(element):
            yield element, "whole"


def _heads(text: str) -> bool:
    text = text.strip()
    return 0 < len(text) <= _LONGEST_HEADING and (heads_list(text) or _HEADING.fullmatch(text) is not None)


def _heads_alone(element: HtmlElement) -> bool:
    """Whether an element holds the heading and nothing else but a link to more of the kind."""
    text = _beginning(element)
    ends = (plain(anchor.text_content()) for anchor in element.iter("a"))
    return any(_heads(text.removesuffix(end)) for end in ("", *filter(_MORE.fullmatch, ends)))


def _beginning(element: HtmlElement) -> str:
    """The text of an element; of a long one no more than shows that it is no heading."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > 10 * _LONGEST_HEADING:
            break
    return plain("".join(parts))


def _in_menu(element: HtmlElement) -> bool:
    """Whether it is itself a link, or in the site's menu: then what follows are other parts of the site."""
    around = [ancestor.tag for ancestor in element.iterancestors()]
    is_link = (element.tag == "a" or "a" in around) and not set(_HEADING_TAGS[:9]) & {element.tag, *around}
    return is_link or "nav" in around


def _top(heading: HtmlElement) -> HtmlElement:
    """The outermost element that holds nothing but the heading: the list stands beside it."""
    while (parent := heading.getparent()) is not None and parent.tag != "body" and _heads_alone(parent):
        heading = parent
    return heading


def _taken(siblings: list[HtmlElement], heading: str) -> Iterator[HtmlElement]:
    """Those of the elements after a heading that are its list: the first with links, and what is like it after it."""
    first: HtmlElement | None = None
    for element in siblings:
        text = plain(element.text_content())
        links = _links(element)
        if text and not _MORE.fullmatch(text):
            if element.tag in _HEADING_TAGS[:6] or element.tag == heading == "dt" or not _is_list(element, text, links):
                return
            if first is not None and not _alike(first, element):
                return
            first = element if first is None else first
        yield element
        if len(plain(element.tail or "")) > _LONGEST_HEADING:
            return


def _is_list(element: HtmlElement, text: str, links: list[Link]) -> bool:
    beside = len(text) - sum(len(link.title) for link in links)
    if not links or element.tag == "p":
        return bool(links) and 2 * beside <= len(text)
    return element.tag in _LISTS or 2 * beside <= len(text) or beside <= _LONGEST_ABSTRACT * len(links)


def _alike(first: HtmlElement, other: HtmlElement) -> bool:
    classes, others = (set(element.get("class", "").split()) for element in (first, other))
    return bool(first.tag == other.tag and (first.tag in _ROWS or classes & others or classes == others))


def _links(element: HtmlElement) -> list[Link]:
    found = (Link(_title(anchor), anchor.get("href", "").strip()) for anchor in element.iter("a"))
    return [link for link in found if link.href and _WORDS.search(link.title) and not _MORE.fullmatch(link.title)]


def _title(anchor: HtmlElement) -> str:
    """What a link says: the heading in it if it is a card with picture and abstract, its tooltip where it is cut."""
    if _NO_ARTICLE & set(anchor.get("rel", "").lower().split()):
        return ""
    heading = next(anchor.iter(*_HEADING_TAGS[:6]), anchor)
    text, tooltip = plain(heading.text_content()), plain(anchor.get("title", ""))
    if not text:
        return tooltip or next((plain(image.get("alt", "")) for image in anchor.iter("img")), "")
    shown = _CUT.sub("", text)
    return tooltip if shown != text and tooltip.startswith(shown) else text


def _take_out(top: HtmlElement, where: str, taken: list[HtmlElement]) -> None:
    for element in taken:
        if len(plain(element.tail or "")) <= _LONGEST_HEADING:
            element.tail = None
        element.drop_tree()
    if where == "text":
        top.text = None
    elif where == "tail":
        top.tail = None
    else:
        top.drop_tree()

"""HTML -> tree -> paragraphs of plain text: what pages, feeds and exports of blogs share."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from recommender.sources.encoding import SourceError
from recommender.sources.limits import refusing
from recommender.sources.text import CJK, heading_level, paragraphs
from recommender.types import Paragraph

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# An article of 20,000 paragraphs, the most there can be, has half as many. These take up to half a minute.
MOST_TAGS = 100_000
# What is shown by something else than the browser, or instead of it.
_FOREIGN = (
    *("iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math", "canvas", "audio", "video"),
    *("noscript", "noframes", "template", "style"),
)
_NO_PROSE = frozenset(
    (
        *("script", "title", "meta", "link", "base", "textarea", "select", "button", "option", "input"),
        *("rt", "rp", "map", "graphic"),
    )
)
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "hi"),
        *("i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "ref", "ruby", "rb", "s", "samp", "small", "span"),
        *("strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
_CELLS = ("td", "th", "cell")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CODE = re.compile(r"\bcode|highlight|language-|brush|syntax", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\v\f\x1c-\x1f]+")
_WRAPPED = re.compile(rf"(?<={CJK})[ \t]*\n[ \t\n]*(?={CJK})")
# Half characters and control characters are no text; soft hyphens and zero-width spaces only hide words from search.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """The text in one line, without what is no text and with one space for any white space."""
    return " ".join(_NO_TEXT.sub("", text).split())


def parsed(text: str, name: str) -> HtmlElement:
    """The tree of a page or a part of one, line ends being white space as HTML has it. Scripts are never run.

    Raises SourceError for what is no HTML, and for HTML too large or nested too deeply to be an article.
    """
    from lxml.html import HTMLParser, document_fromstring

    if (tags := text.count("<")) > MOST_TAGS:
        raise SourceError(f"{name}: the HTML has {tags:,} tags, and up to {MOST_TAGS:,} are read; split it")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    with refusing(name, "HTML page", "save the page again, or its text as .txt"):
        tree = document_fromstring(_NO_TEXT.sub("", text).encode(), parser=parser)
        if parser.error_log.filter_from_fatals():  # libxml2 has stopped there, and gives what it has
            raise SourceError(
                f"{name}: the HTML is nested too deeply, or has a piece of over 10 MB; save its text as .txt"
            )
        _strip(tree)
        _unwrap(tree)
    return tree


def fragment(html: str, name: str) -> list[Paragraph]:
    """The paragraphs of a piece of HTML, as feeds and exports have it. Raises SourceError as ``parsed`` does."""
    if not html.strip():
        return []
    if "<" not in html and "&" not in html:  # as most titles are, and a parser for each takes the most time of a feed
        return [Paragraph(text, heading_level(text))] if (text := plain(html)) else []
    with refusing(name, "HTML", "save the page again, or its text as .txt"):
        return read(parsed(f"<div>{html}</div>", name))


def read(element: HtmlElement) -> list[Paragraph]:
    """The paragraphs and headings of a tree of HTML, or of trafilatura's, in order; a row of a table is one.

    Left out are scripts, styles, frames, forms' fields, hidden elements and blocks of code.
    """
    blocks = _Blocks()
    _walk(element, blocks, 0)
    blocks.close(0)
    return blocks.found


class _Blocks:
    """The paragraphs found so far, and the running text that is not yet one."""

    def __init__(self) -> None:
        self.found: list[Paragraph] = []
        self._running: list[str] = []

    def add(self, text: str | None) -> None:
        if text:
            self._running.append(text)

    def close(self, level: int) -> None:
        """The running text becomes paragraphs, one for each line."""
        for line in "".join(self._running).split("\n"):
            if text := plain(line):
                self.found.append(Paragraph(text, level or heading_level(text)))
        self._running = []


def _walk(element: HtmlElement, blocks: _Blocks, level: int) -> None:
    tag = element.tag
    if not isinstance(tag, str) or _left_out(element, tag):
        return
    if tag in ("br", "lb"):
        blocks.add("\n")
    elif tag in ("tr", "row"):
        blocks.close(level)
        blocks.found += _row(element, level)
    elif tag in _INLINE or ":" in tag:
        _inside(element, blocks, level)
    else:
        blocks.close(level)
        _inside(element, blocks, own := _level(element, tag) or level)
        blocks.close(own)


def _inside(element: HtmlElement, blocks: _Blocks, level: int) -> None:
    blocks.add(element.text)
    for child in element:
        _walk(child, blocks, level)
        blocks.add(child.tail)


def _row(row: HtmlElement, level: int) -> list[Paragraph]:
    """The cells as one paragraph, or all that stands in them where the table only lays out the page."""
    cells = []
    for cell in row.iterchildren(*_CELLS):
        blocks = _Blocks()
        _inside(cell, blocks, level)
        blocks.close(level)
        cells.append(blocks.found)
    if any(len(cell) > 1 for cell in cells):
        return [paragraph for cell in cells for paragraph in cell]
    text = " ".join(cell[0].text for cell in cells if cell)
    return [Paragraph(text, level or heading_level(text))] if text else []


def _level(element: HtmlElement, tag: str) -> int:
    """The level of a heading, that of the title and of the highest sections being 1; 0 for what is none."""
    name = element.get("rend", "") if tag == "head" else tag
    return max(1, int(name[1]) - 1) if re.fullmatch("h[1-6]", name) else 0


def _left_out(element: HtmlElement, tag: str) -> bool:
    if tag in _NO_PROSE or (tag == "head" and not element.get("rend")):
        return True
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or bool(_HIDDEN.search(element.get("style", "")))


def _strip(tree: HtmlElement) -> None:
    """Take out what is no text, so that no text of an element has it. Data on the page goes to its end."""
    from lxml.etree import strip_elements

    strip_elements(tree, *_FOREIGN, with_tail=False)
    for script in list(tree.iter("script")):
        script.drop_tree()
        if script.get("type", "").lower() == "application/ld+json":
            tree.append(script)


def _unwrap(tree: HtmlElement) -> None:
    """Make line ends white space, none between Chinese characters, and <pre> what it stands for."""
    for pre in list(tree.iter("pre")):
        if _is_code(pre):
            pre.drop_tree()
        else:
            _to_paragraphs(pre)
    for element in tree.iter():
        element.text = _spaced(element.text)
        element.tail = _spaced(element.tail)


def _is_code(pre: HtmlElement) -> bool:
    around = [pre, *islice(pre.iterancestors(), 4)]  # highlighters lay it out in a table within a figure
    return pre.find(".//code") is not None or any(_CODE.search(element.get("class", "")) for element in around)


def _spaced(text: str | None) -> str | None:
    return _SPACE.sub(" ", _WRAPPED.sub("", _NO_TEXT.sub("", text))) if text else text


def _to_paragraphs(pre: HtmlElement) -> None:
    """Prose that someone has put into <pre>: its hard-wrapped lines are joined again."""
    from lxml.etree import SubElement

    lines = pre.text_content().split("\n")
    pre.clear(keep_tail=True)
    pre.tag = "div"
    for paragraph in paragraphs(lines):
        SubElement(pre, "p").text = paragraph.text

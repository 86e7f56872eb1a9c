"""WordPress exports (WXR) -> an article for each published post and page, read one item at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import Element

from recommender.sources import address, dates, markup
from recommender.sources.encoding import SourceError
from recommender.sources.limits import MAX_DOCUMENT, MEBI, refusing
from recommender.sources.markup import plain
from recommender.sources.reader import Remark
from recommender.types import Article, Paragraph

if TYPE_CHECKING:
    from _typeshed import SupportsRead

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
# An item with ten thousand comments; they take some 100 MB.
_MOST_ELEMENTS = 200_000
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_UNCATEGORISED = {"uncategorized", "未分类", "未分類"}
# Shortcodes of WordPress and of its commonest plugins; others are told by an attribute or a closing tag.
_SHORTCODES = {"caption", "wp_caption", "gallery", "playlist", "audio", "video", "embed", "more", "nextpage", "toc"}
_SHORTCODE = re.compile(r"\[(/?)([a-zA-Z][\w-]*)((?:[\s=][^\[\]]{0,2000})?)\]")
_NO_PROSE = re.compile(
    r"\[(embed|audio|video|code|sourcecode)\b[^\]]{0,2000}\](?:(?!\[/?\1).)*\[/\1\]", re.DOTALL | re.I
)


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The published posts and pages of an export; of the rest, one remark says what it was.

    Memory is that of one item, whatever the size of the file. Raises SourceError for what is no such export, and where
    it breaks off.
    """
    site = _Site(key, name)
    with refusing(name, "WordPress export", "export it again, or repair it in an editor that checks XML"):
        for element in _items(file, name):
            site.learn(element)
            if element.tag == "item" and (found := site.article(element)):
                yield found
    if not site.items:
        raise SourceError(f"{name}: the export holds no items; export the posts with their content")
    if site.left_out:
        told = ", ".join(f"{count} {kind}" for kind, count in site.left_out.most_common())
        yield Remark(f"items other than published posts and pages were left out: {told}", site.left_out.total())


class _Stream:
    """The file without control characters, which XML forbids and WordPress writes; bounded between two items."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        self.since = 0

    def read(self, size: int = -1, /) -> bytes:
        while data := self._file.read(size):
            self.since += len(data)
            if self.since > MAX_DOCUMENT:
                raise SourceError(f"{self._name}: an item has over {MAX_DOCUMENT // MEBI} MiB; take it out of the file")
            if kept := data.translate(None, _CONTROL):
                return kept
        return b""


def _items(file: BinaryIO, name: str) -> Iterator[Element]:
    """The children of the channel, each gone from memory when the next is read."""
    stream = _Stream(file, name)
    open_elements: list[Element] = []
    elements = 0
    for event, element in _events(stream):
        elements += 1
        if elements > _MOST_ELEMENTS:
            raise SourceError(f"{name}: one item has over {_MOST_ELEMENTS:,} elements; take it out of the export")
        if event == "start":
            open_elements.append(element)
            continue
        open_elements.pop()
        if len(open_elements) == 2:
            yield element
            open_elements[-1].clear()
            stream.since = elements = 0


def _events(stream: SupportsRead[bytes]) -> Iterator[tuple[str, Element]]:
    from defusedxml.ElementTree import iterparse

    events: Iterator[tuple[str, Element]] = iterparse(stream, events=("start", "end"), forbid_dtd=True)
    return events


@dataclass
class _Site:
    """What the head of the export says of all its items, and what was left out so far."""

    key: str
    name: str
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    items: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def learn(self, element: Element) -> None:
        """Take note of the site's language, or of the name of one of its authors."""
        if element.tag == "language":
            self.language = plain(element.text or "")
        elif _local(element) == "author":
            self.authors[_text(element, "author_login")] = _text(element, "author_display_name")

    def article(self, item: Element) -> Article | Remark | None:
        self.items += 1
        if kind := _unpublished(item):
            self.left_out[kind] += 1
            return None
        title = plain(_text(item, "title"))
        try:
            body = _body(item.findtext(_CONTENT) or "", self.name)
        except SourceError as error:
            return Remark(f"{title!r} was left out: {error}", skipped=1)
        if not body:
            self.left_out["without text"] += 1
            return None
        url = address.web(_text(item, "link"))
        login = plain(item.findtext(_CREATOR) or "")
        return Article(
            id=url or f"{self.key}#{plain(_text(item, 'post_id'))}",
            title=title or body[0].text[:40],
            paragraphs=tuple(body),
            source=self.key,
            url=url,
            date=dates.day(_text(item, "post_date")) or dates.day(_text(item, "pubDate")),
            author=self.authors.get(login) or login,
            language=self.language,
            tags=_tags(item),
        )


def _unpublished(item: Element) -> str:
    """What kind of item it is that no reader of the site sees as an article; "" for a published post or page."""
    kind, status = _text(item, "post_type") or "post", _text(item, "status") or "publish"
    if kind not in ("post", "page"):
        return kind
    if status != "publish":
        return status
    return "with a password" if _text(item, "post_password") else ""


def _tags(item: Element) -> tuple[str, ...]:
    terms = (plain(e.text or "") for e in item.iter("category") if e.get("domain") in ("category", "post_tag"))
    return tuple(dict.fromkeys(term for term in terms if term and term.lower() not in _UNCATEGORISED))


def _body(content: str, name: str) -> list[Paragraph]:
    """The paragraphs of a post. In one made before there were blocks, line ends are breaks."""
    html = _without_shortcodes(content)
    return markup.fragment(html if "<!-- wp:" in content else html.replace("\n", "<br>"), name)


def _without_shortcodes(content: str) -> str:
    content = _NO_PROSE.sub("", content)
    known = _SHORTCODES | {found[2].lower() for found in _SHORTCODE.finditer(content) if found[1]}

    def shown(found: re.Match[str]) -> str:
        return "" if found[2].lower() in known or "=" in found[3] else found[0]

    return _SHORTCODE.sub(shown, content)


def _text(element: Element, name: str) -> str:
    """The text of a child by its name without namespace: that has the version of the export in it."""
    return next((child.text or "" for child in element if _local(child) == name), "").strip()


def _local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]

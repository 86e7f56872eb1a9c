"""EPUB -> an article a chapter: what the book's reading order lists, as far as it has text (EPUB 3.3)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote
from zipfile import ZipFile

from recommender.sources import dates, markup, zips
from recommender.sources.charset import decoded
from recommender.sources.encoding import SourceError
from recommender.sources.limits import refusing, within
from recommender.sources.reader import Remark
from recommender.types import Article

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CONTAINER = "META-INF/container.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_REMEDY = "open it in an e-book editor and save it again"
# XHTML closes elements that HTML does not: read as HTML, <title/> would take the page with it.
_CLOSED = re.compile(r"<(?!(?:br|hr|img|meta|link|input|col|area|base|wbr)\b)([a-zA-Z][\w:.-]*)((?:\s[^<>]*)?)/>", re.I)


@dataclass(frozen=True)
class _Book:
    title: str
    author: str
    language: str
    date: str
    tags: tuple[str, ...]
    chapters: tuple[str, ...]


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The chapters of a book, their ids ``key#`` and the chapter's file, their titles with the book's before them.

    A chapter that cannot be read is a remark. Raises SourceError for a file that is no EPUB, or a broken one.
    """
    within(file, name)
    package = zips.document(file, name)
    with refusing(name, "EPUB", _REMEDY):
        book = _book(package, PurePath(name).stem)
    headings = 0
    for number, chapter in enumerate(book.chapters, start=1):
        try:
            article = _chapter(package, chapter, number, book, key)
        except SourceError as error:
            yield Remark(str(error), skipped=1)
            continue
        if article and all(paragraph.level for paragraph in article.paragraphs):
            headings += 1
        elif article:
            yield article
    if headings:
        yield Remark(f"{headings} pages of the book have a heading alone and were left out")


def _book(package: ZipFile, name: str) -> _Book:
    container = _xml(package, _CONTAINER)
    path = next(element.get("full-path", "") for element in container.iter() if element.tag.endswith("}rootfile"))
    book = _xml(package, path)
    items = {item.get("id", ""): item for item in book.iter() if item.tag.endswith("}item")}
    spine = [items.get(ref.get("idref", "")) for ref in book.iter() if ref.tag.endswith("}itemref")]
    return _Book(
        title=next(_stated(book, "title"), name),
        author="、".join(_stated(book, "creator")),
        language=next(_stated(book, "language"), ""),
        date=next(filter(None, map(dates.day, _stated(book, "date"))), ""),
        tags=tuple(_stated(book, "subject")),
        chapters=tuple(_inside(path, item) for item in spine if item is not None and "nav" not in _kinds(item)),
    )


def _kinds(item: Element) -> list[str]:
    return item.get("properties", "").split()


def _inside(path: str, item: Element) -> str:
    """The name in the package of what an item's link leads to; one that leads out of it is in no package."""
    href = unquote(item.get("href", "").split("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), href))


def _stated(book: Element, field: str) -> Iterator[str]:
    return (text for element in book.iter(f"{_DC}{field}") if (text := markup.plain("".join(element.itertext()))))


def _xml(package: ZipFile, path: str) -> Element:
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(package.read(path))
    return root


def _chapter(package: ZipFile, path: str, number: int, book: _Book, key: str) -> Article | None:
    """A chapter; None for a page without text, such as the cover. Raises SourceError where it cannot be read."""
    if path not in package.NameToInfo:
        raise SourceError(f"chapter {path}: the book lists it and does not hold it; {_REMEDY}")
    with refusing(f"chapter {path}", "page of a book", _REMEDY):
        text = _CLOSED.sub(r"<\1\2></\1>", decoded(package.read(path), path))
        body = markup.read(markup.parsed(text, path)) if text.strip() else []
    if not body:
        return None
    heading = body.pop(0).text if body[0].level and len(body) > 1 else f"{number}"
    return Article(
        id=f"{key}#{path}",
        title=f"{book.title} · {heading}" if len(book.chapters) > 1 else book.title,
        paragraphs=tuple(body),
        source=key,
        date=book.date,
        author=book.author,
        language=book.language,
        tags=book.tags,
    )

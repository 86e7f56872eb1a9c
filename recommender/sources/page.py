"""A page of a 范文 site -> the essay and the pieces that its 相关文章 list shows the beginnings of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from recommender.sources.encoding import SourceError
from recommender.sources.text import article, heading_level, joined
from recommender.types import Article, Paragraph

_BULLET = (
    r"(?:[•·・･‧∙⋅●○◉◦◆◇■□▪▫◼◻★☆▲△►▶▷➤➢‣⁃»※]"
    r"|[*＊](?![*＊])"  # ** opens Markdown's bold
    r"|[-–—－](?![-–—－\d]))"  # —— is the Chinese dash, -3 a number
)
_BULLETED = re.compile(rf"\s*{_BULLET}(?P<gap>\s*)(?P<text>.*)")
_HEADING = re.compile(  # of a line without its white space
    rf"{_BULLET}?[【\[「『〖《<＜(（]?"
    r"(?:相关文章|相关阅读|相关推荐|推荐阅读|相關文章|相關閱讀|相關推薦|推薦閱讀)"
    r"[:：]?[】\]」』〗》>＞)）]?[:：]?"
)
_FOOTER = re.compile(r"\s*(?:©|\(c\)|copyright|版权所有)", re.IGNORECASE)
_CUT = ("...", "…", "⋯", "．．．")
_WIDE_GAP = re.compile(r"\s{2,}|\u3000")
_ABSTRACT_LENGTH = 60


class _Item(NamedTuple):
    """A bulleted line, the white space after its bullet, and the lines without a bullet directly below it."""

    gap: str
    lines: list[str]


class _Entry(NamedTuple):
    """A title of the list, the white space after its bullet, and the paragraphs of its abstract, if it has one."""

    title: str
    gap: str
    abstract: list[str]


def is_page(text: str) -> bool:
    """Whether a line of the text heads a list of related articles."""
    return any(map(heads_list, text.split("\n")))


def heads_list(line: str) -> bool:
    """Whether the line is nothing but the heading of a list of related articles."""
    return _HEADING.fullmatch("".join(line.split())) is not None


def read(text: str, key: str, name: str) -> list[Article]:
    """The essay, then the pieces of its related list in the page's order, each once.

    The pieces' ids depend on their content alone, so two pages that list the same piece name the same article.
    Raises SourceError for a page without title or body.
    """
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if heads_list(line)), len(lines))
    essay = [line.strip() for line in lines[:at] if line.strip()]
    if not essay:
        raise SourceError(f"{name}: no title was found above the related list; put title and text before it")
    pieces = {piece.id: piece for piece in (_piece(entry, key) for entry in _entries(lines[at:]))}
    body = (Paragraph(line, heading_level(line)) for line in essay[1:])
    return [article(key, essay[0], body, name, links=tuple(pieces)), *pieces.values()]


def _entries(lines: Iterable[str]) -> list[_Entry]:
    blocks = list(_blocks(lines))
    return [entry for block in blocks for entry in _block_entries(block, alone=len(blocks) == 1)]


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """The stretches of lines without a blank between them that begin with a bullet: anything else is no entry."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip() and not heads_list(line) and not _FOOTER.match(line):
            block.append(line)
            continue
        if block and _BULLETED.fullmatch(block[0]):
            yield block
        block = []


def _block_entries(block: list[str], alone: bool) -> list[_Entry]:
    """The entries of a block. Two bulleted items set off by blanks are title and abstract; else they must tell."""
    items = _items(block)
    pair = not alone and len(items) == 2
    entries: list[_Entry] = []
    for item in items:
        if entries and not entries[-1].abstract and (pair or _is_abstract(item, entries[-1])):
            entries[-1].abstract.extend(_joined(item.lines))
        else:
            entries.append(_Entry(item.lines[0], item.gap, _joined(item.lines[1:])))
    return entries


def _items(block: list[str]) -> list[_Item]:
    items: list[_Item] = []
    for line in block:
        bulleted = _BULLETED.fullmatch(line)
        if bulleted and bulleted["text"].strip():
            items.append(_Item(bulleted["gap"], [bulleted["text"].strip()]))
        elif bulleted is None and items:
            items[-1].lines.append(line)
    return items


def _is_abstract(item: _Item, entry: _Entry) -> bool:
    text = "".join(item.lines).strip()
    indented = _WIDE_GAP.search(item.gap) is not None and item.gap != entry.gap
    return indented or len(text) > _ABSTRACT_LENGTH or text.endswith(("。", *_CUT))


def _joined(lines: list[str]) -> list[str]:
    """The paragraphs of an item's lines: a line indented by U+3000 opens one; plain spaces are the list's own."""
    paragraphs: list[str] = []
    for line in lines:
        if paragraphs and not line.lstrip(" \t").startswith("\u3000"):
            paragraphs[-1] = joined(paragraphs[-1], line.strip())
        else:
            paragraphs.append(line.strip())
    return paragraphs


def _piece(entry: _Entry, key: str) -> Article:
    kept = "  ".join(entry.abstract).rstrip()
    truncated = kept.endswith(_CUT)
    if truncated:
        kept = kept.rstrip(kept[-1])
    texts = [text.strip() for text in re.split(r"\s{2,}|\u3000", kept) if text.strip()] or [entry.title]
    digest = hashlib.sha256("\n".join([entry.title, *texts]).encode()).hexdigest()
    return Article(
        id=f"piece-{digest[:12]}",
        title=entry.title,
        paragraphs=tuple(map(Paragraph, texts)),
        source=key,
        page=key,
        truncated=truncated,
    )

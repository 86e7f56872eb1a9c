"""The body of a Word document -> its paragraphs, as a reader sees them (WordprocessingML, ECMA-376 part 1, 17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from recommender.sources.encoding import SourceError
from recommender.sources.text import heading_level

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What was deleted or moved with changes tracked, codes of fields, readings above characters, properties; and the copies
# of text boxes for old programs.
_NOT_SHOWN = {f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "delText", "rt", "rPr", "pPr", "sdtPr")}
_NOT_SHOWN.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_MARKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}p": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
# Word stores its own styles under English names in every language; WPS and older files have Chinese ones.
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.I)
_TITLE = re.compile(r"title|标题|標題", re.I)
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*(?:[1-9]|heading|标题)", re.I)
# Each takes some fifty microseconds, whether it has text or not; the longest books have a tenth of these.
MOST_PARAGRAPHS = 100_000
# Styles build on others; a chain longer than this is a loop.
_LONGEST_CHAIN = 10


class Block(NamedTuple):
    """A paragraph or a table's row: its text, its heading level (0: none), and whether it is the document's title."""

    text: str
    level: int = 0
    title: bool = False


class _Style(NamedTuple):
    name: str
    base: str | None
    outline: int


def blocks(document: Document, name: str) -> Iterator[Block]:
    """The paragraphs and rows of the document's body that have text, without its table of contents.

    Those in content controls and tracked insertions are among them; hidden and deleted text is not. Raises SourceError
    for a document of more than MOST_PARAGRAPHS.
    """
    count = sum(1 for _ in document.element.body.iter(f"{_W}p"))
    if count > MOST_PARAGRAPHS:
        raise SourceError(
            f"{name}: the document has {count:,} paragraphs, at most {MOST_PARAGRAPHS:,} are read; split it"
        )
    yield from _inside(document.element.body, _styles(document))


def _styles(document: Document) -> dict[str, _Style]:
    return {
        style.style_id: _Style(style.name or "", style.element.basedOn_val, _outline(style.element))
        for style in document.styles
        if style.style_id
    }


def _outline(element: Any) -> int:
    """The heading level that the properties of a paragraph or style state, else 0."""
    stated = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = stated.get(f"{_W}val", "") if stated is not None else ""
    return int(value) + 1 if value in tuple("012345678") else 0


def _inside(element: Any, styles: dict[str, _Style]) -> Iterator[Block]:
    for child in element:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, styles)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                if next(row.iterancestors(f"{_W}tbl")) is child:  # the rows of tables within cells come with the cell
                    yield from _row(row, styles)
        elif isinstance(child.tag, str) and child.tag not in _NOT_SHOWN:
            yield from _inside(child, styles)


def _paragraph(element: Any, styles: dict[str, _Style]) -> Iterator[Block]:
    """The lines of a paragraph: texts pasted from the web have line breaks where paragraphs end."""
    stated = element.find(f"{_W}pPr/{_W}pStyle")
    chain = list(_chain(stated.get(f"{_W}val") if stated is not None else None, styles))
    if any(_CONTENTS.fullmatch(style.name) for style in chain):
        return
    level = _outline(element) or next(filter(None, map(_level, chain)), 0)
    title = bool(chain) and _TITLE.fullmatch(chain[0].name) is not None
    for line in "".join(_texts(element)).split("\n"):
        if text := " ".join(line.split()):
            yield Block(text, level or heading_level(text), title)


def _chain(style_id: str | None, styles: dict[str, _Style]) -> Iterator[_Style]:
    for _ in range(_LONGEST_CHAIN):
        if style_id is None or style_id not in styles:
            return
        yield styles[style_id]
        style_id = styles[style_id].base


def _level(style: _Style) -> int:
    found = _HEADING.fullmatch(style.name.strip())
    return int(found[1]) if found else style.outline


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_SHOWN or not isinstance(child.tag, str) or _hidden(child):
            continue
        if child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag.endswith("}t"):
            yield child.text or ""
        yield from _texts(child)


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off")


def _row(row: Any, styles: dict[str, _Style]) -> Iterator[Block]:
    """A row as one block, or all that stands in its cells where the table only lays out the page.

    A cell that is merged with the one above has been read there.
    """
    cells = []
    for cell in row.iter(f"{_W}tc"):
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        own = next(cell.iterancestors(f"{_W}tr")) is row
        if own and (merged is None or merged.get(f"{_W}val") == "restart"):
            cells.append(list(_inside(cell, styles)))
    if any(len(cell) > 1 for cell in cells):
        yield from (block for cell in cells for block in cell)
    elif text := " ".join(cell[0].text for cell in cells if cell):
        yield Block(text, 0)

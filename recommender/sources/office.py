"""DOCX -> Article, by python-docx. Macros, linked files and embedded objects are never opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from recommender.sources import dates, properties, values, wordml, zips
from recommender.sources.limits import refusing, within
from recommender.sources.reader import Remark
from recommender.sources.wordml import Block
from recommender.types import Article, Paragraph

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.coreprops import CoreProperties

# The day on which python-docx's own template was made.
_TEMPLATE_DAY = "2013-12-23"


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The one article of a document. A row of a table is a paragraph.

    The title is the paragraph in the style Title, else that of the document's properties, else a heading that stands
    first or a short first line, else the file's name. Raises SourceError for a file that is no DOCX, or a broken one.
    """
    from docx import Document

    within(file, name)
    zips.document(file, name)
    with refusing(name, "Word document", "open it and save it again as .docx"):
        file.seek(0)
        document = Document(file)
        blocks = list(wordml.blocks(document, name))
        stated = _properties(document)
        title, body = _titled(blocks, stated.title if stated else "", PurePath(name).stem)
        article = Article(id=key, title=title, paragraphs=tuple(body), source=key)
        yield _labelled(article, stated) if stated else article


def _labelled(article: Article, stated: CoreProperties) -> Article:
    return replace(
        article,
        date=_day(stated),
        author=properties.author(stated.author),
        language=stated.language,
        tags=tuple(values.tags(stated.keywords) + values.tags(stated.category)),
    )


def _properties(document: Document) -> CoreProperties | None:
    """The document's properties; None where it has none, for which python-docx would make some up."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    relations = document.part.package.rels.values()
    known = any(relation.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for relation in relations)
    return document.core_properties if known else None


def _titled(blocks: Sequence[Block], stated: str, name: str) -> tuple[str, Sequence[Paragraph]]:
    """What stands in the style Title is what a reader sees; what the properties say can be the template's."""
    styled = next((block for block in blocks if block.title), None)
    body = [Paragraph(block.text, block.level) for block in blocks if block is not styled]
    return (styled.text, body) if styled else properties.titled(stated, body, name)


def _day(stated: CoreProperties) -> str:
    days = (dates.day(moment) for moment in (stated.created, stated.modified) if moment)
    return next((day for day in days if day and day != _TEMPLATE_DAY), "")

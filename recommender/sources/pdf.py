"""PDF -> Article, by pypdf (BSD-3-Clause). What stands in pictures is not read; nothing in a document is run."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from recommender.sources import dates, properties, typeset, values
from recommender.sources.encoding import SourceError
from recommender.sources.limits import MAX_CHARACTERS, refusing, within
from recommender.sources.reader import Remark
from recommender.types import Article, Paragraph

if TYPE_CHECKING:
    from pypdf import PdfReader

# A page takes some hundredths of a second. What is longer than this is a collection, and no article.
MAX_PAGES = 2000
_DATE = re.compile(r"D?:?\s*(\d{4})(\d\d)?(\d\d)?")
_REMEDY = "open it and print it to a new PDF, or save its text as .txt"


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The one article of a document; its headers, footers and page numbers are left out.

    The title is that of the document's properties, else a short first line, else the file's name. Raises SourceError
    for a broken file, one that needs a password, and one whose pages are pictures.
    """
    within(file, name)
    # It warns of each fault that it mends, on the error stream; what it cannot mend it raises.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with refusing(name, "PDF", _REMEDY):
        reader = _opened(file, name)
        count = len(reader.pages)
        pages = list(_pages(reader, name))
        if count > MAX_PAGES:
            yield Remark(f"only the first {MAX_PAGES:,} of {count:,} pages were read; split the document", skipped=1)
        body = typeset.paragraphs(pages)
        if not body:
            raise SourceError(
                f"{name}: no text was found on its {count:,} pages (they have no text layer); "
                "run OCR on it first and add the result"
            )
        yield _article(reader, body, key, PurePath(name).stem, truncated=count > MAX_PAGES)


def _opened(file: BinaryIO, name: str) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(file)
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError(f"{name}: the PDF needs a password; open it with that and print it to a new PDF")
    except DependencyError as error:
        raise SourceError(f"{name}: the PDF is encrypted with AES; open it and print it to a new PDF") from error
    return reader


def _pages(reader: PdfReader, name: str) -> Iterator[list[str]]:
    length = 0
    for number, page in enumerate(reader.pages):
        if number == MAX_PAGES:
            return
        lines = [typeset.characters(line) for line in page.extract_text().splitlines()]
        length += sum(map(len, lines))
        if length > MAX_CHARACTERS:
            raise SourceError(
                f"{name}: the PDF has more than {MAX_CHARACTERS:,} characters by page {number + 1:,}; split it"
            )
        yield lines


def _article(reader: PdfReader, paragraphs: list[Paragraph], key: str, name: str, truncated: bool) -> Article:
    about = {field: str(value) for field, value in (reader.metadata or {}).items() if isinstance(value, str)}
    title, body = properties.titled(about.get("/Title", ""), paragraphs, name)
    return Article(
        id=key,
        title=title,
        paragraphs=tuple(body),
        source=key,
        truncated=truncated,
        date=_day(about.get("/CreationDate", "")) or _day(about.get("/ModDate", "")),
        author=properties.author(about.get("/Author", "")),
        tags=tuple(values.tags(about.get("/Keywords", ""))),
    )


def _day(stated: str) -> str:
    """The day of a date as PDF writes it, D:20240501120000+08'00' (ISO 32000-1, 7.9.4), or as anyone does."""
    found = _DATE.match(stated)
    return dates.day("-".join(part for part in found.groups() if part) if found else stated)

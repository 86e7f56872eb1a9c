"""An open file -> the reader of its kind -> articles that are fit to be stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import BinaryIO, cast

from recommender.sources.encoding import SourceError
from recommender.sources.finish import finished
from recommender.sources.reader import Reader, Remark
from recommender.types import Article

# The module of this package that reads each kind of file. They are imported when such a file comes: most of them
# import a library that takes its time.
_MODULES = {
    ".txt": "prose",
    ".md": "prose",
    ".markdown": "prose",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "office",
    ".pdf": "pdf",
    ".epub": "epub",
    ".csv": "table",
    ".tsv": "table",
    ".xlsx": "table",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".xml": "xml",
    ".rss": "xml",
    ".atom": "xml",
    ".zip": "zip",
}
SUFFIXES = tuple(_MODULES)
_HEAD = 8192  # the comments at the head of a WordPress export are 1,500 bytes long
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S)
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_WORDPRESS = b"wordpress.org/export"
# What a zip file is by the members that only this kind has.
_PACKAGES = {"word/document.xml": "office", "xl/workbook.xml": "table", "META-INF/container.xml": "epub"}


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The articles of one file, which ``finished`` has seen, and remarks. ``name`` is what errors call the file.

    Raises SourceError, which names the file, what was seen and what to do, for a file that holds no article.
    """
    found = False
    remark = "nothing in it is text"
    for item in reader(file, name)(file, key, name):
        seen = finished(item) if isinstance(item, Article) else item
        found = found or isinstance(seen, Article)
        remark = seen.text if isinstance(seen, Remark) else remark
        yield seen
    if not found:
        raise SourceError(f"{name}: no article was found ({remark}); mend the file or leave it out")


def reader(file: BinaryIO, name: str) -> Reader:
    """The reader of a file by its content where that is certain, else by the suffix of its name.

    Raises SourceError for a kind that is not read.
    """
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    ending = suffix(name)
    module = _by_content(head, file, name) or _MODULES.get(ending)
    if module is None:
        seen = f"{ending!r} files are" if ending else "files without a suffix are"
        raise SourceError(f"{name}: {seen} not read; save it as one of {', '.join(SUFFIXES)}")
    if module == "xml":
        module = _xml(head, name)
    return cast(Reader, import_module(f"recommender.sources.{'archive' if module == 'zip' else module}").read)


def suffix(name: str) -> str:
    """The suffix of a file's name in small letters, with its dot, or ""."""
    base = re.split(r"[/\\]", name)[-1].lstrip(".")
    return f".{base.rsplit('.', 1)[1]}".lower() if "." in base else ""


def _by_content(head: bytes, file: BinaryIO, name: str) -> str | None:
    if head.startswith(_OLE):
        raise SourceError(
            f"{name}: this is an old Office document (.doc, .xls) or one with a password; "
            "open it and save it as .docx or .xlsx without a password"
        )
    if head.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _package(file, name)
    if suffix(name) in (".txt", "") and _WEB_PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return None


def _package(file: BinaryIO, name: str) -> str | None:
    from recommender.sources import zips

    try:
        members = zips.opened(file, name).NameToInfo
    except SourceError:
        return None  # what its suffix says decides what the error says
    return next((module for member, module in _PACKAGES.items() if member in members), "zip")


def _xml(head: bytes, name: str) -> str:
    head = head.replace(b"\0", b"")  # UTF-16
    if _WORDPRESS in head:
        return "wordpress"
    if _FEED.search(head):
        return "feed"
    if _WEB_PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    raise SourceError(
        f"{name}: this XML is neither RSS, Atom nor a WordPress export; "
        f"save what it holds as one of {', '.join(SUFFIXES)}"
    )

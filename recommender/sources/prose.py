"""Files of text -> articles: Markdown by the suffix of its name, a page of a 范文 site by its list, else plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from recommender.sources import page, text
from recommender.sources.encoding import SourceError, decode
from recommender.sources.limits import whole
from recommender.sources.reader import Remark
from recommender.types import Article

_MARKDOWN = (".md", ".markdown")


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The essay, whose id is ``key``, and then the pieces that its page lists.

    Raises SourceError for a file that is no text, is empty, or has no title or body.
    """
    content = decode(whole(file, name), name)
    if not content.strip():
        raise SourceError(f"{name}: the file is empty; write a title and text into it or leave it out")
    if name.lower().endswith(_MARKDOWN):
        yield from text.read_markdown(content, key, name)
    else:
        yield from (page.read if page.is_page(content) else text.read_plain)(content, key, name)

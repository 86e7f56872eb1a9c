"""Published lists in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from recommender.export.text import HEADING, address, line
from recommender.types import Language

if TYPE_CHECKING:
    from recommender.library import Listing
    from recommender.published import PublishedList

# What Markdown, or a template that the page goes through, takes for more than text; some of it only in places.
_MARKS = re.compile(r"[\\`*_{}\[\]<>&!|~$#]|^[-+=:%]|(?<=\d)[.)](?=\s|$)")


def of_one(of_list: PublishedList, language: Language) -> str:
    """A list under its heading, as it can stand below the essay; nothing for one without pieces."""
    if not of_list.pieces:
        return ""
    items = "".join(f"{place}. {_item(piece.article)}\n" for place, piece in enumerate(of_list.pieces, 1))
    return f"## {HEADING[language]}\n\n{items}"


def document(lists: Iterable[PublishedList], language: Language) -> Iterator[str]:
    """Lists one after another, each under the title of its essay."""
    before = ""
    for of_list in lists:
        yield f"{before}# {_escaped(of_list.essay.title)}\n\n{of_one(of_list, language)}"
        before = "\n"


def _item(article: Listing) -> str:
    title, url = _escaped(article.title), address(article.url)
    link = f"[{title}](<{url.replace('&', '&amp;')}>)" if url else title
    about = ", ".join(filter(None, (_escaped(article.author), _escaped(article.date))))
    return link + (f" ({about})" if about else "")


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", line(text))

"""Published lists as fragments of HTML, with what search engines read of them (schema.org/ItemList)."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from recommender.export.text import HEADING, address, line
from recommender.types import Language

if TYPE_CHECKING:
    from recommender.library import Listing
    from recommender.published import PublishedList

CLASS = "related-articles"
# What could end a script or begin a comment in it; in JSON each can be written as its number.
_NOT_IN_SCRIPTS = re.compile("[<>&\u2028\u2029]")


def of_one(of_list: PublishedList, language: Language) -> str:
    """A list and its data for search engines; nothing for one without pieces."""
    data = json.dumps(_item_list(of_list), ensure_ascii=False)
    data = _NOT_IN_SCRIPTS.sub(lambda found: f"\\u{ord(found[0]):04x}", data)
    script = f'<script type="application/ld+json">{data}</script>\n'
    return section(of_list, language, script) if of_list.pieces else ""


def section(of_list: PublishedList, language: Language, last: str = "") -> str:
    """A list under its heading, every element with a class; ``last`` is HTML that stands at its end."""
    items = "".join(_item(piece.article) for piece in of_list.pieces)
    return (
        f'<section class="{CLASS}" lang="{language}" data-essay="{escape(line(of_list.essay.id))}">\n'
        f'<h2 class="{CLASS}__heading">{HEADING[language]}</h2>\n'
        f'<ol class="{CLASS}__list">\n{items}</ol>\n{last}</section>\n'
    )


def _item(article: Listing) -> str:
    title, author, day = (escape(line(text)) for text in (article.title, article.author, article.date))
    url = escape(address(article.url))
    # Text that runs from right to left stays within its own element.
    tag, href = ("a", f' href="{url}"') if url else ("span", "")
    parts = [f'<{tag} class="{CLASS}__link" dir="auto"{href}>{title}</{tag}>']
    if author:
        parts.append(f'<span class="{CLASS}__author" dir="auto">{author}</span>')
    if day:
        parts.append(f'<time class="{CLASS}__date" datetime="{day}">{day}</time>')
    return f'<li class="{CLASS}__item">' + "\n".join(parts) + "</li>\n"


def _item_list(of_list: PublishedList) -> dict[str, Any]:
    elements = [
        {"@type": "ListItem", "position": place, "item": _article(piece.article)}
        for place, piece in enumerate(of_list.pieces, 1)
    ]
    head = {"@context": "https://schema.org", "@type": "ItemList", "numberOfItems": len(elements)}
    return head | {"itemListElement": elements}


def _article(article: Listing) -> dict[str, Any]:
    author = {"@type": "Person", "name": line(article.author)} if article.author else None
    known = {"name": line(article.title), "url": address(article.url), "datePublished": article.date, "author": author}
    return {"@type": "Article"} | {name: value for name, value in known.items() if value}

"""Published lists for WordPress, as the meta ``related_articles`` of posts: a text that is a JSON array.

An export file (WXR) is for Tools → Import, once: WordPress finds the posts by their titles and adds the meta to what
they have; a title that it does not know becomes a draft. To bring lists up to date, use requests: they replace the
meta, if the site has made it known by ``register_post_meta("post", "related_articles", ["type" => "string",
"single" => true, "show_in_rest" => true])``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from recommender.export.html import section
from recommender.export.records import row
from recommender.export.text import HEADING, address, line
from recommender.types import Language

if TYPE_CHECKING:
    from recommender.library import Listing
    from recommender.published import PublishedList

META = "related_articles"
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>{title}</title>
<link></link>
<description></description>
<language>{language}</language>
<wp:wxr_version>1.2</wp:wxr_version>
"""
_TAIL = "</channel>\n</rss>\n"
# The number of a post: as WordPress has it in plain permalinks, and our reader in the id of a post without address.
_NUMBER = re.compile(r"[?&]p=(\d+)(?:&|$)|#(\d+)$")


def export_file(lists: Iterable[PublishedList], language: Language) -> Iterator[str]:
    """Lists as an export of WordPress."""
    yield _HEAD.format(title=HEADING[language], language=language)
    for of_list in lists:
        yield _item(of_list, language)
    yield _TAIL


def request(of_list: PublishedList, language: Language) -> str:
    """A list as JSON on one line: for which post, and the body for ``POST /wp/v2/posts/<id>``.

    Where the id is not known it is null, and ``GET /wp/v2/posts?slug=<slug>`` says it.
    """
    essay = of_list.essay
    post = {"id": _number(essay), "slug": _slug(essay.url), "link": essay.url, "title": essay.title}
    return json.dumps({"post": post, "body": {"meta": {META: _meta(of_list, language)}}}, ensure_ascii=False) + "\n"


def _meta(of_list: PublishedList, language: Language) -> str:
    rows = [{name: line(text) for name, text in row(piece, language).items()} for piece in of_list.pieces]
    return json.dumps(rows, ensure_ascii=False)  # older importers take the backslashes away of what is escaped


def _item(of_list: PublishedList, language: Language) -> str:
    essay = of_list.essay
    values = {
        "title": line(essay.title),
        "link": address(essay.url),
        "pubDate": _published(essay.date),
        "dc:creator": line(essay.author),
        "content:encoded": section(of_list, language),
        "wp:post_type": "post",
        "wp:status": "draft",
    }
    guid = f'<guid isPermaLink="false">{escape(line(essay.id), quote=False)}</guid>\n'
    elements = guid + "".join(_element(name, value) for name, value in values.items() if value)
    meta = _element("wp:meta_key", META) + _element("wp:meta_value", _meta(of_list, language))
    return f"<item>\n{elements}<wp:postmeta>\n{meta}</wp:postmeta>\n</item>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False)}</{name}>\n"


def _published(day: str) -> str:
    """A day as RSS has it; "" for one that is not wholly known."""
    from email.utils import format_datetime

    try:
        return format_datetime(datetime.combine(date.fromisoformat(day), time(), UTC))
    except ValueError:
        return ""


def _number(essay: Listing) -> int | None:
    found = _NUMBER.search(essay.url or essay.id)
    return int(found[1] or found[2]) if found else None


def _slug(url: str) -> str:
    """The last part of an address, which names the post in most permalinks."""
    path = re.split("[?#]", address(url))[0].rstrip("/").split("/")[3:]
    return unquote(path[-1].removesuffix(".html")) if path else ""

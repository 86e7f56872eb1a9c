"""RSS and Atom files -> an article for each entry."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from recommender.sources import address, dates, markup
from recommender.sources.charset import decoded
from recommender.sources.encoding import SourceError
from recommender.sources.limits import refusing, whole
from recommender.sources.markup import plain
from recommender.sources.reader import Remark
from recommender.sources.text import paragraphs
from recommender.types import Article, Paragraph

Entry = dict[str, Any]

_REMEDY = "save the feed again, or its articles as .html"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_PROLOG = 1 << 16
_NO_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\][^>]*)?>", re.IGNORECASE)
_READ_ON = re.compile(
    r"[\s\[【(（]*(?:(?:阅读|閱讀|查看|繼續|继续)(?:全文|更多|原文|阅读|閱讀)|全文阅读"
    r"|continue reading\b.{0,200}|read (?:more|the rest)\b.{0,200})[\s\]】)）»>→….]*\Z",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*[\[(（]?\s*(?:\.{3,}|…+|⋯+)\s*[\])）]?\Z")
# What WordPress puts below each entry of a feed.
_APPEARED = re.compile(r"The post .{1,300} (?:appeared first on|first appeared on) .{1,200}")
_GLOBAL = re.compile(r"(?:tag|urn):\S+")
_LONGEST_TITLE = 40


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """An article for each entry of a feed; nothing is fetched, and no entity of the file's own is expanded.

    An entry's id is its address, else its guid, else made from ``key`` and its title. One that gives only the beginning
    of its article is truncated. Raises SourceError for what is no feed, and for one without entries.
    """
    parsed = _parsed(decoded(whole(file, name), name), name)
    entries: Sequence[Entry] = parsed["entries"]
    if not entries:
        seen = "a feed without entries" if parsed.get("version") else "neither RSS nor Atom"
        raise SourceError(f"{name}: this is {seen}; {_REMEDY}")
    addresses = Counter(address.web(_value(entry, "link")) for entry in entries)
    for entry in entries:
        yield _read(entry, parsed["feed"], addresses, key, name)


def _read(entry: Entry, feed: Entry, addresses: Counter[str], key: str, name: str) -> Article | Remark:
    try:
        with refusing(name, "entry of a feed", _REMEDY):
            return _article(entry, feed, addresses, key, name)
    except SourceError as error:
        return Remark(str(error), skipped=1)


def _value(of: Entry, called: str) -> str:
    """A text of feedparser's, which can be None. dict's own way to it: feedparser's takes one for another."""
    value = dict.get(of, called)
    return value if isinstance(value, str) else ""


def _parsed(text: str, name: str) -> Entry:
    from xml.sax import ContentHandler, SAXException

    import feedparser
    from defusedxml import DefusedXmlException
    from defusedxml.sax import parseString

    prolog = _DECLARATION.sub("", text[:_PROLOG], count=1)
    rest = text[_PROLOG:]
    try:  # a reference to a DTD elsewhere is harmless without it
        parseString((_NO_SUBSET.sub("", prolog, count=1) + rest).encode("utf-8", "replace"), ContentHandler())
    except DefusedXmlException as error:
        raise SourceError(f"{name}: the feed declares entities ({error}); {_REMEDY}") from error
    except (SAXException, ValueError):
        pass  # not well-formed: feedparser reads it all the same, and by itself expands no entities then
    data = (_DOCTYPE.sub("", prolog, count=1) + rest).encode("utf-8", "replace")
    with refusing(name, "RSS or Atom feed", _REMEDY):
        # A stream, as it takes text for the name of a file or an address. The type says which encoding it is in.
        found: Entry = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,  # only the text of its HTML is used
            sanitize_html=False,
        )
    return found


def _article(entry: Entry, feed: Entry, addresses: Counter[str], key: str, name: str) -> Article:
    link = address.web(_value(entry, "link"))
    url = link if addresses[link] == 1 else ""  # what several entries share is the address of the site
    title = " ".join(p.text for p in markup.fragment(_value(entry, "title"), name))
    body, truncated = _body(entry, name)
    if not body:
        raise SourceError(f"{name}: the entry {title[:_LONGEST_TITLE]!r} has no text")
    article = Article(
        id=url or _id(entry, title, key),
        title=title or body[0].text[:_LONGEST_TITLE],
        paragraphs=tuple(body),
        source=key,
        truncated=truncated,
    )
    return replace(
        article,
        url=url,
        date=_date(entry),
        author=_author(entry) or _author(feed),
        language=plain(_value(feed, "language")),
        tags=tuple(dict.fromkeys(filter(None, (plain(_value(tag, "term")) for tag in entry.get("tags", ()))))),
    )


def _id(entry: Entry, title: str, key: str) -> str:
    """The id of an entry without an address of its own."""
    guid = plain(_value(entry, "id"))
    if (url := address.web(guid)) and url != address.web(_value(entry, "link")):
        return url
    if guid and not url:
        return guid if _GLOBAL.fullmatch(guid) else f"{key}#{guid}"
    digest = hashlib.sha256(f"{title}\n{_value(entry, 'published')}".encode(errors="replace")).hexdigest()
    return f"{key}#{digest[:12]}"


def _body(entry: Entry, name: str) -> tuple[list[Paragraph], bool]:
    """The paragraphs of an entry, and whether they are only the beginning of its text."""
    contents = [part for part in entry.get("content", ()) if _value(part, "value").strip()]
    summary = {**entry.get("summary_detail", {}), "value": _value(entry, "summary")}
    part = max(contents, key=lambda content: len(_value(content, "value")), default=summary)
    body = _paragraphs(part, name)
    if body and _APPEARED.fullmatch(body[-1].text):
        del body[-1]
    marks = [_READ_ON] if contents else [_READ_ON, _CUT]
    truncated = False
    for mark in marks:
        if body and (shown := mark.sub("", body[-1].text)) != body[-1].text:
            truncated = True
            body[-1:] = [Paragraph(shown, body[-1].level)] if shown else []
    return body, truncated


def _paragraphs(part: Entry, name: str) -> list[Paragraph]:
    if part.get("type") == "text/plain" and "<" not in part["value"]:
        lines = paragraphs(part["value"].split("\n"))
        return [Paragraph(text, p.level) for p in lines if (text := plain(p.text))]
    return markup.fragment(part["value"], name)


def _author(of: Entry) -> str:
    return plain(_value(of.get("author_detail", {}), "name") or _value(of, "author"))


def _date(entry: Entry) -> str:
    """The day of publication in the time zone of the feed; feedparser's own would be that of Greenwich."""
    days = (dates.day(_value(entry, called)) for called in ("published", "created", "updated"))
    return next(filter(None, days), "")

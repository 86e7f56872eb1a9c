"""Published lists -> the forms that sites take them in. Same lists, same text: nothing in it says when it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recommender.export import data, front, html, markdown, wordpress
from recommender.types import Language

if TYPE_CHECKING:
    from recommender.published import PublishedList

_One = Callable[["PublishedList", Language], str]
_Many = Callable[[Iterable["PublishedList"], Language], Iterator[str]]


@dataclass(frozen=True)
class Form:
    """A form of export: how a name of its files ends, its media type, and how lists are written in it.

    ``many`` gives the text of any number of lists, piece by piece. ``one`` is that of a single list, for a file of its
    own; None where a file always is for all essays.
    """

    suffix: str
    media_type: str
    many: _Many
    one: _One | None = None


def _each(one: _One) -> _Many:
    """Lists one after another."""
    return lambda lists, language: (one(of_list, language) for of_list in lists)


FORMATS: Mapping[str, Form] = {
    "json": Form(".json", "application/json", data.array, data.of_one),
    "csv": Form(".csv", "text/csv", data.table),
    "markdown": Form(".md", "text/markdown", markdown.document, markdown.of_one),
    "html": Form(".html", "text/html", _each(html.of_one), html.of_one),
    "wordpress": Form(".xml", "application/rss+xml", wordpress.export_file),
    "wordpress-rest": Form(".jsonl", "application/jsonl", _each(wordpress.request), wordpress.request),
    "front-matter": Form(".md", "text/markdown", _each(front.of_one), front.of_one),
}


def render(lists: Iterable[PublishedList], form: str, language: Language) -> str:
    """The text of any number of lists in a form of FORMATS, its sentences in a language."""
    return "".join(FORMATS[form].many(lists, language))


def render_one(of_list: PublishedList, form: str, language: Language) -> str:
    """The text of a single list, for a file of its own or to be pasted, without what parts it from others."""
    one = FORMATS[form].one
    return one(of_list, language) if one else render([of_list], form, language)

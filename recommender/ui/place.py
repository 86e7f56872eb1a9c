"""Where the reader is: kept in the address, so that a view can be shared and the browser's back button works."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from recommender.recommend import Query, Recommender
from recommender.segment import paragraphs
from recommender.types import Article, Paragraph, Passage

Offsets = tuple[int, int]

# An address with more Chinese than this, at nine bytes a character, is refused by some servers.
LONGEST_SHARED_TEXT = 600
_LONG_TEXT = "long_text"
_TRAIL = "trail"


@dataclass(frozen=True)
class Place:
    """The open article or the pasted text, the stretch of it that is picked, and the piece whose reasons are shown."""

    article: str = ""
    text: str = ""
    at: Offsets | None = None
    why: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether the address carries all of the place; a long text it does not."""
        return len(self.text) <= LONGEST_SHARED_TEXT


@dataclass(frozen=True)
class Step:
    """Where the reader was when an article was opened: the view, and the place in it."""

    view: str
    place: Place


@dataclass(frozen=True)
class Asked:
    """What a place means in a library. ``shift`` takes offsets in the query to offsets in ``shown``.

    ``notices`` names the strings that tell the reader what the address asked for and could not be had.
    """

    shown: Article
    query: Query
    picked: Offsets | None = None
    shift: int = 0
    notices: tuple[str, ...] = ()

    @property
    def paragraph(self) -> int | None:
        """The number, from 1, of the paragraph that is picked; None if something else is, or nothing."""
        if self.picked is None:
            return None
        start, end = self.picked
        picked = self.shown.text[start:end].strip()
        for number, p in enumerate(paragraphs(self.shown), 1):
            if start <= p.start and p.end <= end and p.text == picked:
                return number
        return None


def current() -> Place:
    """The place that the address names."""
    params = st.query_params
    at = re.fullmatch(r"(\d{1,9})-(\d{1,9})", params.get("at", ""))
    return Place(
        article=params.get("article", ""),
        text=params.get("text", "") or st.session_state.get(_LONG_TEXT, ""),
        at=(int(at[1]), int(at[2])) if at else None,
        why=params.get("why", ""),
    )


def go(place: Place) -> None:
    """Make ``place`` the current one. To be called in a callback, before the page is drawn."""
    st.session_state[_LONG_TEXT] = "" if place.is_shared else place.text
    put_in_address(
        {
            "article": place.article,
            "text": place.text if place.is_shared else "",
            "at": "{}-{}".format(*place.at) if place.at else "",
            "why": place.why,
        }
    )


def put_in_address(values: Mapping[str, str]) -> None:
    """Keep these values in the address; an empty one is taken out of it."""
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def in_address(name: str, options: Sequence[str], default: str) -> tuple[str, dict[str, Any]]:
    """A choice that is kept in the address under ``name``: its value, and what ties a choice widget to it.

    Streamlit's own ``bind`` writes the labels, which differ from language to language.
    """
    value = st.query_params.get(name, default)
    value = value if value in options else default
    return value, tied(name, value)


def tied(name: str, value: str | None, *over: str) -> dict[str, Any]:
    """What ties a widget that shows ``value`` to the address; a choice takes the names ``over`` out of the address."""
    key = key_for(f"choice_{name}", value)
    return {"key": key, "on_change": _to_address, "args": (name, key, *over)}


def _to_address(name: str, key: str, *over: str) -> None:
    put_in_address({name: st.session_state[key] or "", **dict.fromkeys(over, "")})


def key_for(widget: str, value: object) -> str:
    """The key of a choice widget that is to show ``value``: a new one when the widget that is there holds another.

    With every click a browser sends what its widgets hold. Were the value of a widget set from here, a browser that has
    not drawn that yet would send the old value, which looks like a choice of the reader and undoes the change. A
    widget under a new key, with ``value`` as its default, has no old value that could be sent.
    """
    number = f"{widget}_number"
    key = f"{widget}-{st.session_state.setdefault(number, 0)}"
    if st.session_state.get(key, value) == value:
        return key
    st.session_state[number] += 1
    return f"{widget}-{st.session_state[number]}"


def open_article(article: str) -> None:
    """Open an article to read on from there, remembering where the reader came from."""
    st.session_state.setdefault(_TRAIL, []).append(Step(st.query_params.get("view", "read"), current()))
    st.query_params["view"] = "read"
    go(Place(article=article))


def came_from() -> Step | None:
    """Where the reader was before the last article was opened from a list."""
    trail: list[Step] = st.session_state.get(_TRAIL, [])
    return trail[-1] if trail else None


def go_back() -> None:
    """Return to where the reader came from."""
    step: Step = st.session_state[_TRAIL].pop()
    st.query_params["view"] = step.view
    go(step.place)


def resolve(place: Place, recommender: Recommender, title: str) -> Asked:
    """What to show and to ask at a place. ``title`` heads a pasted text.

    Raises LookupError if there is no pasted text and the library has no article.
    """
    if place.text.strip():
        pasted = Article("", title, tuple(Paragraph(line) for line in place.text.split("\n")))
        picked, notices = _valid(place.at, pasted)
        if picked is None:
            return Asked(pasted, place.text, notices=notices)
        return Asked(pasted, place.text[slice(*picked)], picked, picked[0], notices)
    there = recommender.article(place.article) if place.article else None
    gone = ("article_gone",) if place.article and not there else ()
    shown = there or recommender.first_article()
    if shown is None:
        raise LookupError(f"{recommender.library.name} has no article to show")
    picked, notices = _valid(None if gone else place.at, shown)
    query: Query = shown if picked is None else Passage(*picked, shown.text[slice(*picked)], shown.id)
    return Asked(shown, query, picked, notices=(*gone, *notices))


def _valid(at: Offsets | None, shown: Article) -> tuple[Offsets | None, tuple[str, ...]]:
    if at is None:
        return None, ()
    start, end = at
    if end <= len(shown.text) and shown.text[start:end].strip():
        return at, ()
    return None, ("span_gone",)

"""Which articles are listed: a row of boxes, kept in the address."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args

import streamlit as st

from recommender.library import Part
from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui.place import put_in_address, tied
from recommender.ui.words import Words

PARTS: tuple[Part, ...] = get_args(Part)
_DAY = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_DAYS = ("since", "until")
# Pixels: the boxes stand in one row beside the choices, and two by two on a phone.
_PART_WIDTH, _DAY_WIDTH = 128, 104
NAMES = ("title", *PARTS, *_DAYS)


def current() -> Filter:
    """The filter that the address names; what is no day there is passed over."""
    at = {name: st.query_params.get(name, "") for name in NAMES}
    since, until = (at[name] if re.fullmatch(_DAY, at[name]) else "" for name in _DAYS)
    some = {name: (at[name],) if at[name] else () for name in PARTS}
    return Filter(
        words=at["title"].strip(),
        sources=some["source"],
        languages=some["language"],
        tags=some["tag"],
        authors=some["author"],
        since=since,
        until=until,
    )


def only(**values: str) -> None:
    """Filter by these values and nothing else, from the first page on. To be called in a callback."""
    put_in_address(dict.fromkeys((*NAMES, "page"), "") | values)


def show(recommender: Recommender, words: Words) -> None:
    """The row of boxes; what no article has is not asked for."""
    with st.container(key="filters", horizontal=True, gap="xsmall"):
        _show_text("title", words, "stretch", icon=":material/search:", live=True)
        for part in PARTS:
            _show_part(recommender, part, words)
        for name in _DAYS:
            _show_text(name, words, _DAY_WIDTH, validate=(f"^({_DAY})?$", words("day_wrong")))
        if any(name in st.query_params for name in NAMES):
            st.button(words("no_filter"), key="no_filter", on_click=only, type="tertiary")


def _show_text(name: str, words: Words, width: int | Literal["stretch"], **options: Any) -> None:
    value, label = st.query_params.get(name, ""), words(f"filter_{name}")
    st.text_input(
        label,
        value,
        placeholder=label,
        label_visibility="collapsed",
        width=width,
        **tied(name, value, "page"),
        **options,
    )


def _show_part(recommender: Recommender, part: Part, words: Words) -> None:
    """A choice among the values that articles have, frequent ones first."""
    value = st.query_params.get(part) or None
    counts = recommender.values(part)
    options = list(counts) if value is None or value in counts else [value, *counts]
    if not options:
        return

    def label(name: str) -> str:
        called = {"language": words.language_of, "source": short}.get(part, str)(name)
        return f"{called} ({counts[name]:,})" if name in counts else called

    st.selectbox(
        words(f"filter_{part}"),
        options,
        options.index(value) if value else None,
        format_func=label,
        placeholder=words(f"filter_{part}"),
        label_visibility="collapsed",
        width=_PART_WIDTH,
        **tied(part, value, "page"),
    )


def short(source: str) -> str:
    """A file's key without the way up to where it lies, which says nothing to a reader."""
    return source.removeprefix("../" * source.count("../"))

"""排序: the settings of the order, and what of them differs from the default."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import streamlit as st

from recommender.types import Article
from recommender.ui import access
from recommender.ui.order import DAY, DEFAULTS, HALF_LIVES, PERCENTS, RELATIONS, day_before, settings
from recommender.ui.place import key_for, put_in_address
from recommender.ui.words import Words


def show(shown: Article, words: Words) -> None:
    """The settings, closed, and below them what differs from the default, with a way back to it."""
    at = settings()
    with st.expander(words("order"), icon=":material/tune:", key="order"):
        _show_settings(at, shown, words)
    if changed := _changes(at, shown, words):
        with st.container(key="order_changes", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<span class="changes">{escape(" · ".join(changed))}</span>', width="content")
            st.button(words("default_order"), key="default_order", on_click=_reset, type="tertiary")


def _show_settings(at: dict[str, Any], shown: Article, words: Words) -> None:
    for column, name in zip(st.columns(2, gap="medium"), PERCENTS, strict=True):
        column.select_slider(
            words(f"order_{name}"),
            PERCENTS[name],
            at[name],
            format_func=partial(_percent, name, words),
            help=words(f"order_{name}_help"),
            **_tied(name, at[name]),
        )
    half_life, since, until = st.columns([2, 1, 1], gap="small")
    half_life.selectbox(
        words("order_half_life"),
        HALF_LIVES,
        HALF_LIVES.index(at["half_life"]),
        format_func=lambda days: words(f"half_{days}"),
        help=words("order_half_life_help"),
        **_tied("half_life", at["half_life"]),
    )
    for column, name in ((since, "from"), (until, "to")):
        valid = (f"^({DAY})?$", words("day_wrong"))
        column.text_input(words(f"order_{name}"), at[name], validate=valid, **_tied(name, at[name]))
    st.pills(
        words("order_without"),
        RELATIONS,
        selection_mode="multi",
        default=at["without"],
        format_func=lambda relation: words(f"is_{relation}"),
        **_tied("without", at["without"]),
    )
    with st.container(horizontal=True, gap="medium"):
        st.toggle(words("order_collapse"), at["collapse"], **_tied("collapse", at["collapse"]))
        if day_before(shown.date):
            st.toggle(words("order_earlier"), at["earlier"], **_tied("earlier", at["earlier"]))
    if access.editor():
        st.text_input(
            words("order_reranker"),
            at["reranker"],
            placeholder=words("no_reranker"),
            help=words("order_reranker_help"),
            **_tied("reranker", at["reranker"]),
        )


def _percent(name: str, words: Words, value: int) -> str:
    """What a slider says at ``value``; at its ends, in words."""
    return words({0: f"no_{name}", 100: f"only_{name}"}.get(value, f"share_of_{name}"), percent=value)


def _changes(at: dict[str, Any], shown: Article, words: Words) -> list[str]:
    """What differs from the default, each in a few words."""
    relations = (", " if words.language == "en" else "、").join(words(f"is_{name}").lower() for name in at["without"])
    said = {
        "words": _percent("words", words, at["words"]),
        "diversity": _percent("diversity", words, at["diversity"]),
        "half_life": words(f"half_{at['half_life']}"),
        "from": words("since_day", day=at["from"]),
        "to": words("until_day", day=at["to"]),
        "earlier": words("order_earlier") if day_before(shown.date) else "",
        "without": words("left_out", relations=relations),
        "collapse": words("reposts_apart"),
        "reranker": words("reranked_by", name=at["reranker"]),
    }
    return [said[name] for name, default in DEFAULTS.items() if at[name] != default and said[name]]


def _tied(name: str, value: object) -> dict[str, Any]:
    """What ties the widget of a setting to the address."""
    key = key_for(f"order_{name}", value)
    return {"key": key, "on_change": _keep, "args": (name, key)}


def _keep(name: str, key: str) -> None:
    value = st.session_state[key]
    put_in_address({name: "" if value == DEFAULTS[name] else _written(value)})


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(value) if isinstance(value, list) else str(value).strip()


def _reset() -> None:
    put_in_address(dict.fromkeys(DEFAULTS, ""))

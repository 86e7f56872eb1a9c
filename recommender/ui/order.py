"""排序: how the list is put in order. Kept in the address, as far as it differs from what measured best."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Any, get_args

import streamlit as st

from recommender.types import Article, Filter, Ranking, Relation
from recommender.ui.place import key_for, put_in_address
from recommender.ui.words import Words

RELATIONS: tuple[Relation, ...] = get_args(Relation)
HALF_LIVES = (0, 30, 180, 365, 1095)
# Percent: what a slider gives is exact, and short in the address.
_PERCENTS = {"words": range(0, 101, 5), "diversity": range(0, 101, 10)}
_DAY = r"\d{4}(-\d\d){0,2}"
_PLAIN = Ranking()
_DEFAULTS: dict[str, Any] = {
    "words": round(100 * _PLAIN.words),
    "diversity": round(100 * _PLAIN.diversity),
    "half_life": round(_PLAIN.half_life),
    "from": "",
    "to": "",
    "earlier": False,
    "without": list(_PLAIN.without),
    "collapse": _PLAIN.collapse,
    "reranker": _PLAIN.reranker,
}


@dataclass(frozen=True)
class Order:
    """How the list of an article is put in order, and which pieces it is chosen from."""

    ranking: Ranking
    among: Filter


def current(shown: Article) -> Order:
    """The order that the address names for the article that is shown; what makes no sense there is passed over."""
    at = _settings()
    limits = [at["to"], _day_before(shown.date) if at["earlier"] else ""]
    ranking = Ranking(
        words=at["words"] / 100,
        diversity=at["diversity"] / 100,
        half_life=at["half_life"],
        without=tuple(at["without"]),
        collapse=at["collapse"],
        reranker=at["reranker"],
    )
    return Order(ranking, Filter(since=at["from"], until=min((day for day in limits if day), default="")))


def _settings() -> dict[str, Any]:
    """The value of every setting."""
    readers: dict[str, Callable[[str], Any]] = {
        "words": lambda text: _one_of(_PERCENTS["words"], text),
        "diversity": lambda text: _one_of(_PERCENTS["diversity"], text),
        "half_life": lambda text: _one_of(HALF_LIVES, text),
        "from": lambda text: text if _first_day(text) else None,
        "to": lambda text: text if _first_day(text) else None,
        "earlier": {"1": True}.get,
        "without": lambda text: [relation for relation in dict.fromkeys(text.split(",")) if relation in RELATIONS],
        "collapse": {"0": False}.get,
        "reranker": str.strip,
    }
    read = {name: readers[name](st.query_params.get(name, "")) for name in _DEFAULTS}
    return {name: default if read[name] is None else read[name] for name, default in _DEFAULTS.items()}


def _one_of(values: range | tuple[int, ...], text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) and int(text) in values else None


def _first_day(text: str) -> date | None:
    """The first day of a day, a month or a year; None for what is none of these."""
    if not re.fullmatch(_DAY, text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return None


def _day_before(text: str) -> str:
    """The last day that lies before all of a day, a month or a year; "" if there is none."""
    first = _first_day(text)
    return (first - timedelta(1)).isoformat() if first and first > date.min else ""


def show(shown: Article, words: Words) -> None:
    """The settings, closed, and below them what differs from the default, with a way back to it."""
    at = _settings()
    with st.expander(words("order"), icon=":material/tune:", key="order"):
        _show_settings(at, shown, words)
    if changed := _changes(at, shown, words):
        with st.container(key="order_changes", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<span class="changes">{escape(" · ".join(changed))}</span>', width="content")
            st.button(words("default_order"), key="default_order", on_click=_reset, type="tertiary")


def _show_settings(at: dict[str, Any], shown: Article, words: Words) -> None:
    for column, name in zip(st.columns(2, gap="medium"), _PERCENTS, strict=True):
        column.select_slider(
            words(f"order_{name}"),
            _PERCENTS[name],
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
        valid = (f"^({_DAY})?$", words("day_wrong"))
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
        if _day_before(shown.date):
            st.toggle(words("order_earlier"), at["earlier"], **_tied("earlier", at["earlier"]))
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
        "earlier": words("order_earlier") if _day_before(shown.date) else "",
        "without": words("left_out", relations=relations),
        "collapse": words("reposts_apart"),
        "reranker": words("reranked_by", name=at["reranker"]),
    }
    return [said[name] for name, default in _DEFAULTS.items() if at[name] != default and said[name]]


def _tied(name: str, value: object) -> dict[str, Any]:
    """What ties the widget of a setting to the address."""
    key = key_for(f"order_{name}", value)
    return {"key": key, "on_change": _keep, "args": (name, key)}


def _keep(name: str, key: str) -> None:
    value = st.session_state[key]
    put_in_address({name: "" if value == _DEFAULTS[name] else _written(value)})


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(value) if isinstance(value, list) else str(value).strip()


def _reset() -> None:
    put_in_address(dict.fromkeys(_DEFAULTS, ""))

"""How the list is put in order: kept in the address, as far as it differs from what measured best."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

import streamlit as st

from recommender.types import Article, Filter, Ranking, Relation

RELATIONS: tuple[Relation, ...] = get_args(Relation)
HALF_LIVES = (0, 30, 180, 365, 1095)
# Percent: what a slider gives is exact, and short in the address.
PERCENTS = {"words": range(0, 101, 5), "diversity": range(0, 101, 10)}
DAY = r"\d{4}(-\d\d){0,2}"
_PLAIN = Ranking()
DEFAULTS: dict[str, Any] = {
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
    at = settings()
    limits = [day for day in (at["to"], day_before(shown.date) if at["earlier"] else "") if day]
    ranking = Ranking(
        words=at["words"] / 100,
        diversity=at["diversity"] / 100,
        half_life=at["half_life"],
        without=tuple(at["without"]),
        collapse=at["collapse"],
        reranker=at["reranker"],
    )
    return Order(ranking, Filter(since=at["from"], until=min(limits, key=_last_day, default="")))


def settings() -> dict[str, Any]:
    """The value of every setting."""
    readers: dict[str, Callable[[str], Any]] = {
        "words": lambda text: _one_of(PERCENTS["words"], text),
        "diversity": lambda text: _one_of(PERCENTS["diversity"], text),
        "half_life": lambda text: _one_of(HALF_LIVES, text),
        "from": lambda text: text if _first_day(text) else None,
        "to": lambda text: text if _first_day(text) else None,
        "earlier": {"1": True}.get,
        "without": lambda text: [relation for relation in dict.fromkeys(text.split(",")) if relation in RELATIONS],
        "collapse": {"0": False}.get,
        "reranker": str.strip,
    }
    read = {name: readers[name](st.query_params.get(name, "")) for name in DEFAULTS}
    return {name: default if read[name] is None else read[name] for name, default in DEFAULTS.items()}


def _one_of(values: range | tuple[int, ...], text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) and int(text) in values else None


def _first_day(text: str) -> date | None:
    """The first day of a day, a month or a year; None for what is none of these."""
    if not re.fullmatch(DAY, text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return None


def _last_day(text: str) -> str:
    """The last day of a day, a month or a year, as it is compared: none ends after the 31st."""
    return text + "-12-31"[len(text) - 4 :]


def day_before(text: str) -> str:
    """The last day that lies before all of a day, a month or a year; "" if there is none."""
    first = _first_day(text)
    return (first - timedelta(1)).isoformat() if first and first > date.min else ""

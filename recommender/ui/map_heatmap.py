"""The paragraphs of an essay against the articles nearest to any of them, as a heatmap and as a table."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from recommender.grid import Grid, Order, clustered, grid
from recommender.recommend import Recommender
from recommender.types import Article, Passage
from recommender.ui import map_parallel, map_picked
from recommender.ui.charts import Row, heatmap_chart
from recommender.ui.coverage import Written, written
from recommender.ui.place import Asked, Place, go, in_address
from recommender.ui.words import Words

AGAINST = ("heat_pieces", "heat_sentences")
ORDERS = ("heat_reading", "heat_clustered")
_KEY = "map"
_PARALLEL_HELP = {"heatmap": "parallel_help", "table": "parallel_table_help"}


@dataclass(frozen=True)
class _Shown:
    """What is drawn: the grid, and the positions of its rows and of its columns in the order that is chosen."""

    grid: Grid
    rows: Order
    columns: Order


def show(recommender: Recommender, asked: Asked, place: Place, limit: int, words: Words) -> None:
    """Draw the heatmap, and beside it what is picked in it."""
    order = _show_choices(words)
    if order is None:
        map_parallel.show(recommender, asked, place, limit, words)
        return
    shown = _ordered(recommender, asked.shown, limit, order, words)
    left, right = st.columns([13, 7], gap="large")
    with left:
        _show_heatmap(shown, asked, place, words)
        _show_summaries(shown.grid, words)
    with right:
        map_picked.show_reasons(recommender, asked, place, words)
        with st.expander(words("by_list")):
            map_picked.show_paragraphs(shown.grid.paragraphs, asked, place, words)
            map_picked.show_articles(shown.grid.pieces, place, words)


def show_table(recommender: Recommender, asked: Asked, place: Place, limit: int, words: Words) -> None:
    """The numbers of the heatmap, with its summaries."""
    order = _show_choices(words)
    if order is None:
        map_parallel.show_table(recommender, asked, place, limit, words)
        return
    shown = _ordered(recommender, asked.shown, limit, order, words)
    titles = [shown.grid.pieces[j].title for j in shown.columns]
    scores = shown.grid.scores[list(shown.rows)][:, list(shown.columns)]
    st.table(pd.DataFrame(scores, _paragraphs_index(shown, words), titles).map("{:.2f}".format))
    serves = [_served(shown.grid.serves[j], words) for j in shown.columns]
    st.table(pd.DataFrame({words("article"): titles, words("heat_serves"): serves}).set_index(words("article")))


def help_of(chart: str) -> str:
    """The name of the string that says how the chart is read."""
    is_parallel = st.query_params.get("against") == "heat_sentences"
    return _PARALLEL_HELP.get(chart, f"{chart}_help") if is_parallel else f"{chart}_help"


def _show_choices(words: Words) -> str | None:
    """What is compared, and in which order; None for sentences, which stand in reading order."""
    with st.container(horizontal=True):
        if _choose("against", AGAINST, "heat_against", words) == "heat_sentences":
            return None
        return _choose("order", ORDERS, "heat_order", words)


def _choose(name: str, options: Sequence[str], label: str, words: Words) -> str:
    value, tied = in_address(name, options, options[0])
    st.segmented_control(
        words(label),
        options,
        default=value,
        format_func=words,
        **tied,
        required=True,
        label_visibility="collapsed",
    )
    return value


def _ordered(recommender: Recommender, shown: Article, limit: int, order: str, words: Words) -> _Shown:
    with st.spinner(words("map_small")):
        found = _grid(recommender, written(recommender), shown, limit)
    if order == "heat_clustered":
        return _Shown(found, clustered(found.scores), clustered(found.scores.T))
    return _Shown(found, tuple(range(len(found.paragraphs))), tuple(range(len(found.pieces))))


@st.cache_data(show_spinner=False, max_entries=64)
def _grid(_recommender: Recommender, written: Written, shown: Article, limit: int) -> Grid:
    """Found once for each essay and state of the library: what nothing covers takes as long as many a search."""
    return grid(_recommender, shown, limit)


def _show_heatmap(shown: _Shown, asked: Asked, place: Place, words: Words) -> None:
    pieces, paragraphs = shown.grid.pieces, shown.grid.paragraphs
    heads = [_column_head(n, article.title) for n, article in enumerate(pieces, 1)]
    sides = [_row_head(at, shown.grid, words) for at in range(len(paragraphs))]
    rows: list[Row] = []
    for i, p in enumerate(paragraphs):
        for j, article in enumerate(pieces):
            score = float(shown.grid.scores[i, j])
            title = f"{words('paragraph_n', n=i + 1)} · {article.title} · {score:.2f}"
            about = words("heat_between").join(shown.grid.words[i])
            rows.append(
                {
                    "paragraph": sides[i],
                    "article": heads[j],
                    "score": score,
                    "title": "\n".join([*textwrap.wrap(title, 20), *textwrap.wrap(about, 20)]),
                    "at": f"{p.start}-{p.end}",
                    "id": article.id,
                    "picked": asked.paragraph == i + 1 and place.why == article.id,
                }
            )
    foot = [
        {
            "paragraph": words("heat_foot"),
            "article": head,
            "said": words("heat_serves_none") if at is None else str(at + 1),
        }
        for head, at in zip(heads, shown.grid.serves, strict=True)
    ]
    across, down = [heads[j] for j in shown.columns], [sides[i] for i in shown.rows]
    theme = "dark" if st.context.theme.type == "dark" else "light"
    chart = heatmap_chart(rows, across, down, foot, theme)
    st.altair_chart(chart, key=_KEY, on_select=lambda: _clicked(place), selection_mode="pick")


def _show_summaries(found: Grid, words: Words) -> None:
    """What the signs in the heatmap mean."""
    bare = [words("heat_bare_help", n=len(found.bare))] if found.bare else []
    st.caption("  \n".join([words("heat_serves_help"), *bare]))


def _column_head(number: int, title: str) -> str:
    """A number and four short lines of a title; Latin letters are half as wide as Chinese characters."""
    return "\n".join([str(number), *textwrap.wrap(title, 8 if title.isascii() else 4)[:4]])


def _row_head(at: int, found: Grid, words: Words) -> str:
    """The number of a paragraph, whether nothing covers it, and on a line of its own what it is about."""
    name = words("heat_bare_mark" if at in found.bare else "paragraph_short", n=at + 1)
    return f"{name}\n{_beside(found.words[at], words('heat_between'))}"


def _beside(told: Sequence[str], between: str) -> str:
    """The first words of a paragraph, as many as have room beside its row."""
    joined = [between.join(told[:n]) for n in range(1, len(told) + 1)]
    fitting = [text for text in joined if len(text) <= (18 if text.isascii() else 9)]
    return fitting[-1] if fitting else "".join(told[:1])[:9]


def _served(at: int | None, words: Words) -> str:
    return words("heat_serves_none") if at is None else words("paragraph_n", n=at + 1)


def _paragraphs_index(shown: _Shown, words: Words) -> pd.MultiIndex:
    """The rows of the table: paragraphs, what each is about, and whether anything is related to it."""
    between, grid_ = words("heat_between"), shown.grid
    rows = [
        (
            _paragraph(i, grid_.paragraphs[i], words),
            between.join(grid_.words[i]),
            words("heat_bare" if i in grid_.bare else "heat_has"),
        )
        for i in shown.rows
    ]
    return pd.MultiIndex.from_tuples(rows, names=[words("pick_paragraph"), words("heat_about"), words("heat_covered")])


def _paragraph(at: int, paragraph: Passage, words: Words) -> str:
    return f"{words('paragraph_n', n=at + 1)} {paragraph.text[:12]}…"


def _clicked(place: Place) -> None:
    """What a click on a cell picks: a paragraph and a piece."""
    for pick in st.session_state[_KEY]["selection"]["pick"][-1:]:
        start, _, end = pick["at"].partition("-")
        go(replace(place, at=(int(start), int(end)), why=pick["id"]))

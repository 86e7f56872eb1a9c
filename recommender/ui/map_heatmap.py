"""The paragraphs of an essay against the articles nearest to any of them, as a heatmap and as a table."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pandas as pd
import streamlit as st

from recommender.recommend import Recommender, Similarities
from recommender.types import Passage
from recommender.ui import map_picked
from recommender.ui.charts import Row, heatmap_chart
from recommender.ui.place import Asked, Place, go
from recommender.ui.words import Words

_KEY = "map"


def show(recommender: Recommender, asked: Asked, place: Place, limit: int, words: Words) -> None:
    """Draw the heatmap, and beside it what is picked in it."""
    similarities = recommender.similarities(asked.shown, limit)
    left, right = st.columns([13, 7], gap="large")
    with left:
        _show_heatmap(similarities, asked, place, words)
    with right:
        map_picked.show_reasons(recommender, asked, place, words)
        with st.expander(words("by_list")):
            map_picked.show_paragraphs(similarities.paragraphs, asked, place, words)
            map_picked.show_articles(similarities.articles, place, words)


def show_table(recommender: Recommender, asked: Asked, limit: int, words: Words) -> None:
    """The numbers of the heatmap."""
    similarities = recommender.similarities(asked.shown, limit)
    titles = [article.title for article in similarities.articles]
    names = [f"{words('paragraph_n', n=n)} {p.text[:12]}…" for n, p in enumerate(similarities.paragraphs, 1)]
    st.table(pd.DataFrame(similarities.scores, names, titles).map("{:.2f}".format))


def _show_heatmap(similarities: Similarities, asked: Asked, place: Place, words: Words) -> None:
    titles = [_column_head(n, article.title) for n, article in enumerate(similarities.articles, 1)]
    names = [words("paragraph_short", n=n) for n in range(1, len(similarities.paragraphs) + 1)]
    rows: list[Row] = []
    for i, p in enumerate(similarities.paragraphs):
        for j, article in enumerate(similarities.articles):
            score = float(similarities.scores[i, j])
            picked = asked.paragraph == i + 1 and place.why == article.id
            title = f"{words('paragraph_n', n=i + 1)} · {article.title} · {score:.2f}"
            rows.append(
                {
                    "paragraph": names[i],
                    "article": titles[j],
                    "score": score,
                    "title": _wrapped(title),
                    "at": _at(p),
                    "id": article.id,
                    "picked": picked,
                }
            )
    theme = "dark" if st.context.theme.type == "dark" else "light"
    chart = heatmap_chart(rows, titles, names, theme)
    st.altair_chart(chart, key=_KEY, on_select=lambda: _clicked(place), selection_mode="pick")


def _wrapped(text: str) -> str:
    """Text for a tooltip: lines of a width that can be read."""
    return "\n".join(textwrap.wrap(text, 20))


def _column_head(number: int, title: str) -> str:
    """A number and three short lines of a title; Latin letters are half as wide as Chinese characters."""
    return "\n".join([str(number), *textwrap.wrap(title, 10 if title.isascii() else 5)[:3]])


def _clicked(place: Place) -> None:
    """What a click on a cell picks: a paragraph and a piece."""
    for pick in st.session_state[_KEY]["selection"]["pick"][-1:]:
        start, _, end = pick["at"].partition("-")
        go(replace(place, at=(int(start), int(end)), why=pick["id"]))


def _at(passage: Passage) -> str:
    return f"{passage.start}-{passage.end}"

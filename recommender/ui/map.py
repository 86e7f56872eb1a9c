"""相似度地图: where the paragraphs of an essay stand among all articles, as a plane, a heatmap and a table."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from recommender.atlas.plane import plane
from recommender.recommend import Points, Recommender, Similarities
from recommender.types import Article, Filter, Passage
from recommender.ui.cards import show_card
from recommender.ui.charts import Row, clear_labels, heatmap_chart, plane_chart
from recommender.ui.place import Asked, Place, go, in_address, key_for, resolve
from recommender.ui.read import heading
from recommender.ui.words import Words, literal

CHARTS = ("plane", "heatmap", "table")
_KEY = "map"


def show(recommender: Recommender, place: Place, limit: int, words: Words) -> None:
    """Draw the view."""
    asked = resolve(place, recommender, words("pasted"))
    st.subheader(literal(asked.shown.title), anchor=False)
    chart, tied = in_address("chart", CHARTS, "plane")
    st.segmented_control(
        words("chart"),
        CHARTS,
        default=chart,
        format_func=words,
        **tied,
        required=True,
        label_visibility="collapsed",
    )
    st.caption(words(f"{chart}_help"))
    similarities = recommender.similarities(asked.shown, limit)
    if not similarities.articles:
        st.info(words("alone"))
    elif chart == "table":
        _show_table(similarities, words)
    else:
        left, right = st.columns([13, 7], gap="large")
        with left:
            if chart == "plane":
                numbered = _show_plane(recommender.points(asked.shown), asked, place, words)
            else:
                numbered = _show_heatmap(similarities, asked, place, words)
        with right:
            _show_reasons(recommender, asked, place, words)
            _show_lists(similarities.paragraphs, numbered, asked, place, words)


_plane = st.cache_data(show_spinner=False, max_entries=64)(plane)


def _show_plane(points: Points, asked: Asked, place: Place, words: Words) -> list[Article]:
    """Draw the plane; returns the articles in the order of their numbers."""
    kinds = [words("kind_paragraph"), words("kind_article"), words("kind_this")]
    with st.spinner(words("placing")):
        xy = _plane(points.vectors)
    rows: list[Row] = []
    for n, p in enumerate(points.paragraphs, 1):
        title = _wrapped(words("paragraph_n", n=n), p.text[:80])
        rows.append(_point(kinds[0], str(n), title, picked=n == asked.paragraph, at=_at(p)))
    numbered = [article for article in points.articles if article.id != asked.shown.id]
    for article in points.articles:
        title = _wrapped(article.title)
        if article.id == asked.shown.id:
            rows.append(_point(kinds[2], "", title))
        else:
            label = str(numbered.index(article) + 1)
            rows.append(_point(kinds[1], label, title, article.title, article.id == place.why, id_=article.id))
    for row, (x, y), is_clear in zip(rows, xy.tolist(), clear_labels(xy), strict=True):
        row.update(x=x, y=y, short=row["short"] if is_clear else "")
    chart = plane_chart(rows, kinds, _theme())
    st.altair_chart(chart, key=_KEY, on_select=lambda: _clicked(place), selection_mode="pick")
    return numbered


def _point(
    kind: str, label: str, title: str, short: str = "", picked: bool = False, at: str = "", id_: str = ""
) -> Row:
    return {"kind": kind, "label": label, "title": title, "short": short, "picked": picked, "at": at, "id": id_}


def _wrapped(*lines: str) -> str:
    """Text for a tooltip: lines of a width that can be read."""
    return "\n".join(part for line in lines for part in textwrap.wrap(line, 20))


def _show_heatmap(similarities: Similarities, asked: Asked, place: Place, words: Words) -> list[Article]:
    """Draw the heatmap; returns the articles in the order of their numbers."""
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
    chart = heatmap_chart(rows, titles, names, _theme())
    st.altair_chart(chart, key=_KEY, on_select=lambda: _clicked(place), selection_mode="pick")
    return list(similarities.articles)


def _column_head(number: int, title: str) -> str:
    """A number and three short lines of a title; Latin letters are half as wide as Chinese characters."""
    return "\n".join([str(number), *textwrap.wrap(title, 10 if title.isascii() else 5)[:3]])


def _show_table(similarities: Similarities, words: Words) -> None:
    titles = [article.title for article in similarities.articles]
    names = [f"{words('paragraph_n', n=n)} {p.text[:12]}…" for n, p in enumerate(similarities.paragraphs, 1)]
    st.table(pd.DataFrame(similarities.scores, names, titles).map("{:.2f}".format))


def _show_reasons(recommender: Recommender, asked: Asked, place: Place, words: Words) -> None:
    """The piece that is picked, and why."""
    st.markdown(f"**{heading(asked, words)}**")
    found = recommender.related(asked.query, 1, Filter(ids=(place.why,))) if place.why else []
    for recommendation, why in zip(found, recommender.why(asked.query, found), strict=True):
        show_card("", recommendation, place, words, why)
    if not found:
        st.caption(words("no_selection"))
    if asked.picked:
        st.button(words("read_here"), on_click=_read, args=(place,), key="read_here")


def _show_lists(
    paragraphs: Sequence[Passage], numbered: Sequence[Article], asked: Asked, place: Place, words: Words
) -> None:
    """The same picks as in the chart, with its numbers, for those who cannot use it."""
    with st.expander(words("by_list")):
        spans = [None, *paragraphs]
        picked = asked.paragraph or 0
        key = key_for("paragraph", spans[picked])
        st.selectbox(
            words("pick_paragraph"),
            spans,
            picked,
            format_func=lambda p: f"{spans.index(p)} · {p.text[:20]}…" if p else words("whole_option"),
            on_change=_choose_paragraph,
            args=(place, key),
            key=key,
        )
        titles = {article.id: f"{n} · {article.title}" for n, article in enumerate(numbered, 1)}
        why = place.why if place.why in titles else None
        key = key_for("piece", why)
        st.selectbox(
            words("article"),
            titles,
            list(titles).index(why) if why else None,
            format_func=titles.__getitem__,
            placeholder=words("pick_article"),
            on_change=_choose_article,
            args=(place, key),
            key=key,
        )


def _choose_paragraph(place: Place, key: str) -> None:
    chosen: Passage | None = st.session_state[key]
    go(replace(place, at=(chosen.start, chosen.end) if chosen else None))


def _choose_article(place: Place, key: str) -> None:
    go(replace(place, why=st.session_state[key] or ""))


def _clicked(place: Place) -> None:
    """What a click on a point or a cell picks: a paragraph, a piece, or both."""
    for pick in st.session_state[_KEY]["selection"]["pick"][-1:]:
        start, _, end = pick["at"].partition("-")
        at = (int(start), int(end)) if end else place.at
        go(replace(place, at=at, why=pick["id"] or place.why))


def _read(place: Place) -> None:
    st.query_params["view"] = "read"
    go(place)


def _at(passage: Passage) -> str:
    return f"{passage.start}-{passage.end}"


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"

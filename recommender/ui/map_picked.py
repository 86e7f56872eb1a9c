"""Beside a picture: the piece that is picked in it, why it is related, and the same choice from lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from recommender.recommend import Recommender
from recommender.types import Article, Filter, Passage
from recommender.ui.cards import show_card
from recommender.ui.place import Asked, Place, go, key_for
from recommender.ui.read import heading
from recommender.ui.words import Words


def show_reasons(recommender: Recommender, asked: Asked, place: Place, words: Words) -> None:
    """The piece that is picked, and why."""
    st.markdown(f"**{heading(asked, words)}**")
    is_asked = place.why and asked.shown.text.strip()
    found = recommender.related(asked.query, 1, Filter(ids=(place.why,))) if is_asked else []
    for recommendation in found:
        [why] = recommender.why(asked.query, found)
        show_card("", recommendation, place, words, why)
    if not found:
        st.caption(words("no_selection"))
    if asked.picked:
        st.button(words("read_here"), on_click=_read, args=(place,), key="read_here")


def show_paragraphs(paragraphs: Sequence[Passage], asked: Asked, place: Place, words: Words) -> None:
    """The choice of a paragraph, for those who cannot use the picture."""
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


def show_articles(numbered: Sequence[Article], place: Place, words: Words) -> None:
    """The choice of a piece by the numbers that a picture gives, for those who cannot use it."""
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


def _read(place: Place) -> None:
    st.query_params["view"] = "read"
    go(place)

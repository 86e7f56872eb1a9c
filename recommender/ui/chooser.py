"""The choice of an article by its title, in a library of any size."""

from __future__ import annotations

import streamlit as st

from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui.place import current, key_for, open_article, resolve
from recommender.ui.words import Words

# More titles than anybody reads; a word more narrows them.
MOST_TITLES = 50


def show_chooser(recommender: Recommender, words: Words) -> None:
    """A box for words of a title, and the articles with such titles; the one that is shown is always among them."""
    typed = st.text_input(
        words("article"), placeholder=words("find_title"), icon=":material/search:", live=True, key="find_title"
    ).strip()
    titles = {listing.id: listing.title for listing in recommender.listings(Filter(words=typed), MOST_TITLES)}
    if not titles:
        st.caption(words("no_title"))
    shown = resolve(current(), recommender, "").shown
    if shown.id:
        titles = {shown.id: shown.title} | titles
    key = key_for("article_choice", shown.id or None)
    st.selectbox(
        words("choose_article"),
        titles,
        0 if shown.id else None,
        format_func=lambda id_: titles.get(id_, id_),
        placeholder=words("pick_article"),
        key=key,
        on_change=lambda: open_article(st.session_state[key]),
        label_visibility="collapsed",
    )

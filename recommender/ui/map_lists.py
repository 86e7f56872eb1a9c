"""The map without the picture: the themes with their articles, and what is nearest, as lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from recommender.atlas import NONE, Atlas, Theme
from recommender.library import Listing
from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui.place import Place, go, put_in_address, tied
from recommender.ui.words import Words, literal

_MOST = 20


def find() -> str:
    """The words of titles that the address names."""
    return st.query_params.get("look", "").strip()


def theme(atlas: Atlas) -> int | None:
    """The theme that the address names, ``NONE`` for articles without one; None if it names none that there is."""
    asked = st.query_params.get("theme", "")
    known = {str(NONE), *(str(theme.number) for theme in atlas.themes)}
    return int(asked) if asked in known else None


def go_to_theme(number: int | None) -> None:
    """Look at one theme only, or at all. To be called in a callback."""
    put_in_address({"theme": "" if number is None else str(number)})


def show(recommender: Recommender, atlas: Atlas, place: Place, words: Words) -> None:
    """The lists, closed; they are read when they are opened."""
    panel = st.expander(words("map_lists"), icon=":material/list:", key="map_lists", on_change="rerun")
    if not panel.open:
        return
    with panel:
        number = theme(atlas)
        _show_choice(atlas, number, words)
        if number is None and not find():
            st.table(_themes(atlas, words))
        else:
            _show_articles(_articles(recommender, atlas, number), place, words)


def _show_choice(atlas: Atlas, number: int | None, words: Words) -> None:
    names = {"": words("map_all_themes"), **{str(t.number): _name(atlas, t, words) for t in _ordered(atlas)}}
    without = int((atlas.broad == NONE).sum())
    if without:
        names[str(NONE)] = f"{words('map_none')} ({without:,})"
    value = "" if number is None else str(number)
    st.selectbox(
        words("map_theme"),
        names,
        list(names).index(value) if value in names else 0,
        format_func=names.__getitem__,
        **tied("theme", value),
    )


def _ordered(atlas: Atlas) -> list[Theme]:
    """The broad themes, the largest first, each before its fine ones."""
    by_size = sorted(atlas.themes, key=lambda theme: -theme.size)
    broad = [theme for theme in by_size if theme.parent == NONE]
    return [each for top in broad for each in (top, *(t for t in by_size if t.parent == top.number))]


def _name(atlas: Atlas, of: Theme, words: Words) -> str:
    return f"{'' if of.parent == NONE else '— '}{words('map_between').join(of.words)} ({of.size:,})"


def _themes(atlas: Atlas, words: Words) -> pd.DataFrame:
    between = words("map_between")
    rows = [
        {
            words("map_theme"): between.join(top.words),
            words("map_articles"): f"{top.size:,}",
            words("map_inner"): " / ".join(between.join(t.words[:2]) for t in atlas.themes if t.parent == top.number),
        }
        for top in _ordered(atlas)
        if top.parent == NONE
    ]
    return pd.DataFrame(rows).set_index(words("map_theme")) if rows else pd.DataFrame()


def _articles(recommender: Recommender, atlas: Atlas, number: int | None) -> list[Listing]:
    """The articles of a theme whose titles have these words, in the order in which they came."""
    if number is None:
        return recommender.listings(Filter(words=find()))
    inside = (atlas.broad == number) | ((atlas.fine == number) & (number != NONE))
    ids = recommender.library.ids(atlas.owners[inside])
    return recommender.listings(Filter(ids=tuple(ids), words=find())) if ids else []


def _show_articles(found: Sequence[Listing], place: Place, words: Words) -> None:
    if not found:
        st.caption(words("map_none_here"))
    with st.container(key="map_articles", gap=None):
        show_first(found, "listed", lambda row: go(replace(place, why=row.id)), words)


def show_first(found: Sequence[Listing], where: str, act: Callable[[Listing], None], words: Words) -> None:
    """The first of many articles, in the list that is called ``where``, and how many more there are."""
    for row in found[:_MOST]:
        _show(where, row.id, row.title, row.date, partial(act, row))
    if len(found) > _MOST:
        st.caption(words("map_more", n=f"{len(found) - _MOST:,}"))


def show_row(where: str, id_: str, title: str, said: str, place: Place) -> None:
    """An article that can be picked, in the list that is called ``where``, and what is to be said of it."""
    _show(where, id_, title, said, lambda: go(replace(place, why=id_)))


def _show(where: str, id_: str, title: str, said: str, act: Callable[[], None]) -> None:
    with st.container(key=f"map-row-{where}-{id_}", gap=None):
        st.button(literal(title), key=f"map-{where}-{id_}", on_click=act, type="tertiary", wrap=True)
        st.html(f'<div class="row-facts"><span>{escape(said)}</span></div>')

"""The plane: all articles as points, the essay's paragraphs among them, and what is truly nearest to what is picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from recommender.atlas import Atlas
from recommender.recommend import Recommender
from recommender.segment import paragraphs
from recommender.types import Language
from recommender.ui import map_alone, map_chosen, map_drawing, map_lists, map_nearest, map_packed, map_picked
from recommender.ui.coverage import Written, written
from recommender.ui.map_nearest import Nearest
from recommender.ui.place import Asked, Place, go, open_article, tied
from recommender.ui.words import Words

_KEY = "map_picture"
_POINTED = "map_pointed"


def show(recommender: Recommender, asked: Asked, place: Place, words: Words) -> None:
    """Draw the plane, what is picked beside it, and all of it as lists below."""
    atlas = map_drawing.current(recommender, words)
    if atlas is None:
        return
    if not len(atlas.owners):
        st.info(words("alone"))
        return
    left, right = st.columns([13, 7], gap="large")
    with left:
        tools = st.container(key="map_tools", horizontal=True, vertical_alignment="center")
        # Before all that has to be looked up, so that it is on its way meanwhile.
        _show_picture(recommender, atlas, place, words)
    nearest = map_nearest.nearest(recommender, atlas, asked)
    now = map_nearest.now(recommender, atlas, asked, place, nearest, words)
    with tools:
        _show_tools(recommender, atlas, asked, now, words)
    with left:
        _post(recommender, atlas, asked, now)
        map_chosen.show(recommender, atlas, words)
    with right:
        map_picked.show_reasons(recommender, asked, place, words)
        map_picked.show_paragraphs(paragraphs(asked.shown), asked, place, words)
        _show_nearest(nearest, place, words)
    map_lists.show(recommender, atlas, place, words)


@st.cache_resource(show_spinner=False, max_entries=8)
def _picture(stamp: str, language: Language, _atlas: Atlas) -> bytes:
    return map_packed.packed_picture(_atlas, stamp, Words(language))


@st.cache_resource(show_spinner=False, max_entries=8)
def _titles(stamp: str, written: Written, _recommender: Recommender, _atlas: Atlas) -> bytes:
    return map_packed.packed_titles(_recommender, _atlas.owners, stamp)


def _show_tools(recommender: Recommender, atlas: Atlas, asked: Asked, now: Mapping[str, Any], words: Words) -> None:
    """Words to look for, and the picture as a page of its own."""

    def alone() -> str:
        of = map_packed.stamp(recommender)
        titles = _titles(of, written(recommender), recommender, atlas)
        title = f"{words('map')} · {asked.shown.title}"
        return map_alone.page(title, _picture(of, words.language, atlas), titles, now, words.language)

    st.text_input(
        words("map_search"),
        map_lists.find(),
        placeholder=words("map_search"),
        icon=":material/search:",
        live=True,
        label_visibility="collapsed",
        **tied("look", map_lists.find()),
    )
    label, name, tip = words("map_html"), f"{words('map_file')}.html", words("map_html_help")
    st.download_button(label, alone, name, "text/html", help=tip, on_click="ignore", key="map_html")


def _show_picture(recommender: Recommender, atlas: Atlas, place: Place, words: Words) -> None:
    of = map_packed.stamp(recommender)
    map_packed.picture(
        key=_KEY,
        data=_picture(of, words.language, atlas),
        on_picked_change=lambda: _pick(recommender, place, st.session_state[_KEY]["picked"]),
        on_chosen_change=lambda: map_chosen.choose(recommender, st.session_state[_KEY]["chosen"]),
        on_only_change=lambda: map_lists.go_to_theme(st.session_state[_KEY]["only"]["theme"]),
    )


def _post(recommender: Recommender, atlas: Atlas, asked: Asked, now: Mapping[str, Any]) -> None:
    """What changes while the picture stays, each part by itself."""
    numbers = map_chosen.numbers(map_chosen.current()).astype("u4")
    with st.container(key="map_posts"):
        map_packed.post(key="map_now", data=now)
        map_packed.post(key="map_chosen_post", data=map_packed.pack({"part": "chosen"}, numbers=numbers))
        of = map_packed.stamp(recommender)
        map_packed.post(key="map_titles", data=_titles(of, written(recommender), recommender, atlas))
        _post_sentence(recommender, asked)


@st.fragment
def _post_sentence(recommender: Recommender, asked: Asked) -> None:
    """The sentence for the article that is pointed at: found when it is asked for, as each takes a search."""

    def keep() -> None:
        st.session_state[_POINTED] = st.session_state["map_sentence"]["pointed"]

    number = st.session_state.get(_POINTED)
    text = map_nearest.sentence(recommender, asked, number) if number is not None else ""
    data = {"part": "sentence", "number": number, "text": text}
    map_packed.post(key="map_sentence", data=data, on_pointed_change=keep)


def _pick(recommender: Recommender, place: Place, mark: Mapping[str, Any]) -> None:
    """What a click in the picture picks: a paragraph, which a second click lets go, or an article, which that opens."""
    if "at" in mark:
        start, _, end = str(mark["at"]).partition("-")
        at = (int(start), int(end))
        go(replace(place, at=None if at == place.at else at))
        return
    for id_ in map_nearest.ids_of(recommender, int(mark["number"])):
        if id_ == place.why:
            open_article(id_)
        else:
            go(replace(place, why=id_))


def _show_nearest(nearest: Nearest, place: Place, words: Words) -> None:
    """What is nearest in the full space with its cosines, and how much of that the plane shows."""
    n, near = len(nearest.near), sum(nearest.looks_near)
    if not n:
        return
    st.markdown(f"**{words('map_near', n=n)}**")
    if n == map_nearest.NEAREST:  # of fewer articles all are nearest, here as there
        st.caption(words("map_near_all", n=n) if near == n else words("map_near_help", n=n, near=near, far=n - near))
    with st.container(key="map_nearest", gap=None):
        for title, each, looks_near in zip(nearest.titles, nearest.near, nearest.looks_near, strict=True):
            said = words("map_looks_near" if looks_near else "map_looks_far")
            map_lists.show_row("near", each.id, title, f"{each.score:.2f} · {said}", place)

"""The plane: all articles as points, the essay's paragraphs among them, and what is truly nearest to what is picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from recommender.atlas import Atlas, Places
from recommender.cartographer import Cartographer, Near
from recommender.recommend import Recommender
from recommender.segment import paragraphs, sentences
from recommender.types import Article, Filter, Language, Passage
from recommender.ui import map_alone, map_chosen, map_drawing, map_lists, map_packed, map_picked
from recommender.ui.coverage import Written, written
from recommender.ui.place import Asked, Place, go, tied
from recommender.ui.read import heading
from recommender.ui.words import Words

NEAREST = 10
_KEY = "map_picture"
_POINTED = "map_pointed"


@dataclass(frozen=True)
class Nearest:
    """What is nearest in the full space to what is asked, and which of it looks near on the plane, too.

    ``numbers`` and ``titles`` are those of the articles, ``xy`` (2,) is where what is asked lies.
    """

    near: tuple[Near, ...]
    titles: tuple[str, ...]
    numbers: tuple[int, ...]
    looks_near: tuple[bool, ...]
    xy: Places


def show(recommender: Recommender, asked: Asked, place: Place, words: Words) -> None:
    """Draw the plane, what is picked beside it, and all of it as lists below."""
    atlas = map_drawing.current(recommender, words)
    if atlas is None:
        return
    if not len(atlas.owners):
        st.info(words("alone"))
        return
    nearest = _nearest(recommender, atlas, asked)
    now = _now(recommender, atlas, asked, place, nearest, words)
    left, right = st.columns([13, 7], gap="large")
    with left:
        _show_tools(recommender, atlas, asked, now, words)
        _show_picture(recommender, atlas, place, words)
        _post(recommender, atlas, asked, now)
        map_chosen.show(recommender, atlas, words)
    with right:
        map_picked.show_reasons(recommender, asked, place, words)
        map_picked.show_paragraphs(paragraphs(asked.shown), asked, place, words)
        _show_nearest(nearest, place, words)
    map_lists.show(recommender, atlas, place, find(), words)


def _nearest(recommender: Recommender, atlas: Atlas, asked: Asked) -> Nearest:
    start, end = asked.picked or (0, len(asked.shown.text))
    passage = Passage(start, end, asked.shown.text[start:end], asked.shown.id)
    found = map_drawing.cartographer(recommender).nearest(asked.shown, passage, NEAREST)
    owners = recommender.library.owners(each.id for each in found)
    names = {row.id: row.title for row in recommender.listings(Filter(ids=tuple(owners)))} if owners else {}
    near = tuple(each for each in found if each.id in names)
    numbers = tuple(owners[each.id] for each in near)
    own = recommender.library.owners([asked.shown.id]).get(asked.shown.id)
    xy = _place(recommender, atlas, asked, own, numbers)
    seen = map_lists.nearest_on_plane(atlas, xy, len(near), own)
    titles = tuple(names[each.id] for each in near)
    return Nearest(near, titles, numbers, tuple(number in seen for number in numbers), xy)


def _place(recommender: Recommender, atlas: Atlas, asked: Asked, own: int | None, numbers: tuple[int, ...]) -> Places:
    """Where what is asked lies (2,): an article at its point, a paragraph and any other text amidst its nearest."""
    if asked.paragraph:
        of_paragraph: Places = _places(recommender, asked)[asked.paragraph - 1]
        return of_paragraph
    rows = _rows(atlas, numbers if asked.picked or own is None else (own,))
    middle: Places = np.median(atlas.xy[rows if len(rows) else slice(None)], axis=0)
    return middle


def _places(recommender: Recommender, asked: Asked) -> Places:
    return _placed(map_packed.stamp(recommender), asked.shown, map_drawing.cartographer(recommender))


@st.cache_data(show_spinner=False, max_entries=64)
def _placed(stamp: str, shown: Article, _cartographer: Cartographer) -> Places:
    """Where the paragraphs of an article lie (m, 2): found once for each map, as it asks for what is near to each."""
    return _cartographer.place(shown)


def _rows(atlas: Atlas, numbers: Sequence[int]) -> NDArray[np.intp]:
    """The rows of those of the articles that are on the map."""
    return np.flatnonzero(np.isin(atlas.owners, np.array(numbers, np.int64)))


# -- what the picture is told -----------------------------------------------------------------------------------------


def _now(
    recommender: Recommender, atlas: Atlas, asked: Asked, place: Place, nearest: Nearest, words: Words
) -> dict[str, Any]:
    """What is open and picked, for the picture: places in units of its grid, articles by their numbers."""
    grid = map_packed.Grid(atlas.xy)
    places = grid.on(_places(recommender, asked)).tolist()
    own = recommender.library.owners([asked.shown.id]).get(asked.shown.id)
    rows = _rows(atlas, () if own is None else (own,))
    is_essay = len(rows) == 1 and (asked.picked is None or asked.paragraph is not None)
    x, y = grid.on(atlas.xy[rows] if is_essay else nearest.xy[np.newaxis]).tolist()[0]
    title = asked.shown.title if is_essay else heading(asked, words)
    return {
        "part": "now",
        "picked": recommender.library.owners([place.why]).get(place.why) if place.why else None,
        "own": {"title": title, "x": x, "y": y},
        "paragraphs": [
            {"n": n, "x": x, "y": y, "at": f"{p.start}-{p.end}", "text": p.text[:80], "picked": n == asked.paragraph}
            for n, (p, (x, y)) in enumerate(zip(paragraphs(asked.shown), places, strict=True), 1)
        ],
        "near": [
            {"number": number, "score": near.score, "far": not looks_near}
            for near, number, looks_near in zip(nearest.near, nearest.numbers, nearest.looks_near, strict=True)
        ],
        "find": find(),
        "only": map_lists.theme(atlas),
    }


def find() -> str:
    """The words of titles that the address names."""
    return st.query_params.get("look", "").strip()


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

    with st.container(key="map_tools", horizontal=True, vertical_alignment="center"):
        st.text_input(
            words("map_search"),
            find(),
            placeholder=words("map_search"),
            icon=":material/search:",
            live=True,
            label_visibility="collapsed",
            **tied("look", find()),
        )
        st.download_button(
            words("map_html"),
            alone,
            f"{words('map_file')}.html",
            "text/html",
            help=words("map_html_help"),
            on_click="ignore",
            key="map_html",
        )


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
    text = _sentence(recommender, asked, number) if number is not None else ""
    data = {"part": "sentence", "number": number, "text": text}
    map_packed.post(key="map_sentence", data=data, on_pointed_change=keep)


def _sentence(recommender: Recommender, asked: Asked, number: int) -> str:
    """The best sentence of an article for what is asked; its first where none is compared, as in the essay itself."""
    ids = _ids(recommender, number)
    is_asked = ids and asked.shown.text.strip()
    found = recommender.related(asked.query, 1, Filter(ids=ids)) if is_asked else []
    if found:
        return found[0].evidence[0].article.text
    article = recommender.article(ids[0]) if ids else None
    return next((sentences(p)[0].text for p in paragraphs(article)), "") if article else ""


def _ids(recommender: Recommender, number: int) -> tuple[str, ...]:
    """The id of the article with a number; empty if it is gone."""
    try:
        return tuple(recommender.library.ids(np.array([number], np.int64)))
    except KeyError:
        return ()


def _pick(recommender: Recommender, place: Place, mark: Mapping[str, Any]) -> None:
    """What a click in the picture picks: a paragraph, or an article, which a second click lets go."""
    if "at" in mark:
        start, _, end = str(mark["at"]).partition("-")
        at = (int(start), int(end))
        go(replace(place, at=None if at == place.at else at))
        return
    for id_ in _ids(recommender, int(mark["number"])):
        go(replace(place, why="" if id_ == place.why else id_))


def _show_nearest(nearest: Nearest, place: Place, words: Words) -> None:
    """What is nearest in the full space with its cosines, and how much of that the plane shows."""
    n, near = len(nearest.near), sum(nearest.looks_near)
    if not n:
        return
    st.markdown(f"**{words('map_near', n=n)}**")
    if n == NEAREST:  # of fewer articles all are nearest, here as there
        st.caption(words("map_near_all", n=n) if near == n else words("map_near_help", n=n, near=near, far=n - near))
    with st.container(key="map_nearest", gap=None):
        for title, each, looks_near in zip(nearest.titles, nearest.near, nearest.looks_near, strict=True):
            said = words("map_looks_near" if looks_near else "map_looks_far")
            map_lists.show_row("near", each.id, title, f"{each.score:.2f} · {said}", place)

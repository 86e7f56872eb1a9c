"""What the plane is asked about: the essay's place and its paragraphs', and what is nearest in the full space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from recommender.atlas import Atlas, Places
from recommender.cartographer import Cartographer, Near
from recommender.recommend import Recommender
from recommender.segment import paragraphs, sentences
from recommender.types import Article, Filter, Passage
from recommender.ui import map_drawing, map_lists, map_packed
from recommender.ui.place import Asked, Place
from recommender.ui.read import heading
from recommender.ui.words import Words

NEAREST = 10


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


def nearest(recommender: Recommender, atlas: Atlas, asked: Asked) -> Nearest:
    """What is nearest to what is asked."""
    start, end = asked.picked or (0, len(asked.shown.text))
    passage = Passage(start, end, asked.shown.text[start:end], asked.shown.id)
    found = map_drawing.cartographer(recommender).nearest(asked.shown, passage, NEAREST)
    owners = recommender.library.owners(each.id for each in found)
    names = {row.id: row.title for row in recommender.listings(Filter(ids=tuple(owners)))} if owners else {}
    near = tuple(each for each in found if each.id in names)
    numbers = tuple(owners[each.id] for each in near)
    own = recommender.library.owners([asked.shown.id]).get(asked.shown.id)
    xy = _place(recommender, atlas, asked, own, numbers)
    seen = _nearest_on_plane(atlas, xy, len(near), own)
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


def _nearest_on_plane(atlas: Atlas, xy: Places, k: int, without: int | None) -> set[int]:
    """The numbers of the k articles that lie nearest to a place (2,) on the plane, one left out."""
    far = np.linalg.norm(atlas.xy - xy, axis=1)
    if without is not None:
        far[atlas.owners == without] = np.inf
    return set(atlas.owners[np.argsort(far, kind="stable")[:k]].tolist())


def _places(recommender: Recommender, asked: Asked) -> Places:
    return _placed(map_packed.stamp(recommender), asked.shown, map_drawing.cartographer(recommender))


@st.cache_data(show_spinner=False, max_entries=64)
def _placed(stamp: str, shown: Article, _cartographer: Cartographer) -> Places:
    """Where the paragraphs of an article lie (m, 2): found once for each map, as it asks for what is near to each."""
    return _cartographer.place(shown)


def _rows(atlas: Atlas, numbers: Sequence[int]) -> NDArray[np.intp]:
    """The rows of those of the articles that are on the map."""
    return np.flatnonzero(np.isin(atlas.owners, np.array(numbers, np.int64)))


def now(
    recommender: Recommender, atlas: Atlas, asked: Asked, place: Place, found: Nearest, words: Words
) -> dict[str, Any]:
    """What is open and picked, for the picture: places in units of its grid, articles by their numbers."""
    grid = map_packed.Grid(atlas.xy)
    places = grid.on(_places(recommender, asked)).tolist()
    own = recommender.library.owners([asked.shown.id]).get(asked.shown.id)
    rows = _rows(atlas, () if own is None else (own,))
    is_essay = len(rows) == 1 and (asked.picked is None or asked.paragraph is not None)
    x, y = grid.on(atlas.xy[rows] if is_essay else found.xy[np.newaxis]).tolist()[0]
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
            for near, number, looks_near in zip(found.near, found.numbers, found.looks_near, strict=True)
        ],
        "find": map_lists.find(),
        "only": map_lists.theme(atlas),
    }


def sentence(recommender: Recommender, asked: Asked, number: int) -> str:
    """The best sentence of an article for what is asked; its first where none is compared, as in the essay itself."""
    ids = ids_of(recommender, number)
    is_asked = ids and asked.shown.text.strip()
    found = recommender.related(asked.query, 1, Filter(ids=ids)) if is_asked else []
    if found:
        return found[0].evidence[0].article.text
    article = recommender.article(ids[0]) if ids else None
    return next((sentences(p)[0].text for p in paragraphs(article)), "") if article else ""


def ids_of(recommender: Recommender, number: int) -> tuple[str, ...]:
    """The id of the article with a number; empty if it is gone."""
    try:
        return tuple(recommender.library.ids(np.array([number], np.int64)))
    except KeyError:
        return ()

"""The map for the browser: numbers packed as bytes, and the components that take them. See atlas/packed.js."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from recommender.atlas import Atlas, Numbers, Places
from recommender.recommend import Recommender
from recommender.ui.words import Words

_HERE = Path(__file__).parent / "atlas"
_SCRIPTS = (
    *("packed", "picture", "points", "labels", "overlay", "selecting", "legend", "tip", "marks", "view", "atlas"),
    *("exports",),
)
# The words of the picture, each a string "map_..." of the page.
LABELS = (
    *(
        "stage",
        "between",
        "none",
        "themes",
        "signs",
        "paragraph",
        "this",
        "line",
        "line_far",
        "hollow",
        "trust",
        "file",
    ),
    *(
        "paragraph_n",
        "near_near",
        "near_far",
        "zoom_in",
        "zoom_out",
        "reset",
        "move",
        "box",
        "lasso",
        "found",
        "chosen",
    ),
    *("choose_found", "choose_theme", "svg", "png", "no_webgl"),
)
# Places are sent as whole numbers up to this: on a stage of a thousand pixels one shows from sixtyfold zoom on.
_GRID = 65535


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


@cache
def scripts() -> str:
    """All that draws, the libraries first."""
    return "\n".join(_read(f"{name}.js") for name in ("libraries", *_SCRIPTS))


def style() -> str:
    """The style of the picture."""
    return _read("atlas.css")


picture = st.components.v2.component(
    "recommender.atlas", css=style(), js=scripts() + _read("page.js"), isolate_styles=False
)
post = st.components.v2.component(
    "recommender.atlas_post", js=_read("packed.js") + _read("post.js"), isolate_styles=False
)


class Grid:
    """Takes places to the grid on which they are sent: whole numbers, as fine on both axes."""

    def __init__(self, xy: Places) -> None:
        self._first = xy.min(axis=0)
        self._step = max(float(np.ptp(xy, axis=0).max()), 1e-9) / _GRID

    def on(self, xy: Places) -> NDArray[np.float64]:
        """Places (n, 2) in units of the grid."""
        return np.asarray((xy - self._first) / self._step, np.float64)


def pack(header: dict[str, Any], **arrays: NDArray[Any]) -> bytes:
    """A header and arrays of whole numbers: 13 bytes an article for a map, where JSON takes about a hundred."""
    kinds = [[name, array.dtype.str[1:], len(array)] for name, array in arrays.items()]
    written = json.dumps(header | {"arrays": kinds}, ensure_ascii=False).encode()
    parts = [written, *(array.tobytes() for array in arrays.values())]
    parts = [part + b" " * (-len(part) % 4) for part in parts]
    return b"".join([np.uint32(len(parts[0])).tobytes(), *parts])


@cache
def shuffled(n: int) -> NDArray[np.intp]:
    """The order in which n articles are sent: by chance, so that the first of them are a fair sample."""
    return np.random.default_rng(0).permutation(n)


def packed_picture(atlas: Atlas, stamp: str, words: Words) -> bytes:
    """The points, the themes and the words of the picture; ``stamp`` tells it from other pictures."""
    grid, order = Grid(atlas.xy), shuffled(len(atlas.owners))
    marks = grid.on(np.array([(theme.x, theme.y) for theme in atlas.themes], np.float32).reshape(-1, 2))
    themes = [
        {"number": t.number, "parent": t.parent, "words": t.words, "size": t.size, "x": round(x), "y": round(y)}
        for t, (x, y) in zip(atlas.themes, marks.tolist(), strict=True)
    ]
    places = grid.on(atlas.xy[order]).round().astype("u2")
    return pack(
        {
            "stamp": stamp,
            "themes": themes,
            "labels": {name: words(f"map_{name}", n="{n}", score="{score}") for name in LABELS},
        },
        x=places[:, 0],
        y=places[:, 1],
        number=atlas.owners[order].astype("u4"),
        broad=atlas.broad[order].astype("i2"),
        fine=atlas.fine[order].astype("i2"),
        trust=(255 * np.nan_to_num(atlas.trust[order])).round().astype("u1"),
    )


def packed_titles(recommender: Recommender, owners: Numbers, stamp: str) -> bytes:
    """The titles and dates of the articles of a picture, in its order."""
    listings = {listing.id: listing for listing in recommender.listings()}
    ids = recommender.library.ids(owners[shuffled(len(owners))])
    rows = [listings.get(id_) for id_ in ids]
    titles, dates = ([getattr(row, name, "") for row in rows] for name in ("title", "date"))
    return pack({"part": "titles", "of": stamp}, titles=_zipped(titles), dates=_zipped(dates))


def _zipped(lines: Sequence[str]) -> NDArray[np.uint8]:
    text = "\n".join(line.replace("\n", " ") for line in lines)
    return np.frombuffer(gzip.compress(text.encode(), 1, mtime=0), np.uint8)


def stamp(recommender: Recommender) -> str:
    """A word that is another one whenever the map is."""
    library = recommender.library
    return "-".join(map(str, (library.identity, *library.atlases.state())))

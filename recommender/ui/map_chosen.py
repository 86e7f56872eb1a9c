"""The articles that were chosen on the map: to look among, to edit, to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from recommender.atlas import Atlas, Numbers
from recommender.export.data import BYTE_ORDER_MARK, csv_row
from recommender.library import Listing
from recommender.recommend import Recommender
from recommender.types import Filter
from recommender.ui import access, desk_bulk, map_drawing
from recommender.ui.order import Order
from recommender.ui.place import put_in_address
from recommender.ui.words import Words

_CHOSEN, _AMONG = "map_chosen", "map_among"
_COLUMNS = ("id", "title", "url", "date", "author", "source", "theme", "inner_theme")


@dataclass(frozen=True)
class Chosen:
    """Articles that were chosen: their numbers and their ids, in the same order."""

    numbers: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()


def current() -> Chosen:
    """What is chosen in this window; it is not in the address, which it would not fit."""
    found: Chosen = st.session_state.setdefault(_CHOSEN, Chosen())
    return found


def choose(recommender: Recommender, numbers: Sequence[int]) -> None:
    """Choose these articles and no others; those that are gone are passed over. To be called in a callback."""
    atlas = map_drawing.cartographer(recommender).stored()
    wanted = np.array(numbers, np.int64)
    known = atlas.owners[np.isin(atlas.owners, wanted)] if atlas else wanted[:0]
    st.session_state[_CHOSEN] = Chosen(tuple(known.tolist()), tuple(recommender.library.ids(known)))
    if not len(known):
        st.session_state[_AMONG] = False


def narrowed(order: Order) -> Order:
    """The order of a list, only among what is chosen if the reader said so."""
    if not st.session_state.get(_AMONG):
        return order
    return replace(order, among=replace(order.among, ids=current().ids))


def show_among(words: Words) -> None:
    """Above a list that is only among what is chosen: say so, with a way out."""
    if st.session_state.get(_AMONG):
        with st.container(key="map_among_line", horizontal=True, vertical_alignment="center"):
            st.caption(words("map_among", n=len(current().ids)), width="content")
            st.button(words("map_among_all"), key="map_among_all", on_click=_look_among, args=(False,), type="tertiary")


def show(recommender: Recommender, atlas: Atlas, words: Words) -> None:
    """What can be done with what is chosen, below the picture."""
    chosen = current()
    if not chosen.ids:
        return

    def written() -> str:
        return "".join(table(recommender, atlas, chosen, words))

    with st.container(key="map_chosen_bar", horizontal=True, border=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{words('map_chosen_n', n=f'{len(chosen.ids):,}')}**", width="content")
        st.button(words("map_read_among"), key="map_read_among", on_click=_read_among)
        if access.editor():
            st.button(words("map_to_desk"), key="map_to_desk", on_click=_to_desk, args=(recommender, chosen))
        name = f"{words('map_file')}.csv"
        st.download_button(words("map_csv"), written, name, "text/csv", on_click="ignore", key="map_csv")
        st.button(words("map_let_go"), key="map_let_go", on_click=choose, args=(recommender, ()), type="tertiary")


def table(recommender: Recommender, atlas: Atlas, chosen: Chosen, words: Words) -> Iterator[str]:
    """The chosen articles as CSV with their themes, a line each; no cell is run by a spreadsheet."""
    names = {theme.number: words("map_between").join(theme.words) for theme in atlas.themes}
    listings = {listing.id: listing for listing in recommender.listings(Filter(ids=chosen.ids))}
    yield BYTE_ORDER_MARK + csv_row(_COLUMNS)
    for number, id_ in zip(chosen.numbers, chosen.ids, strict=True):
        if row := listings.get(id_):
            at = int(np.searchsorted(atlas.owners, number))
            is_there = at < len(atlas.owners) and atlas.owners[at] == number
            of = (int(atlas.broad[at]), int(atlas.fine[at])) if is_there else (-1, -1)
            yield csv_row([*_facts(row), *(names.get(theme, "") for theme in of)])


def numbers(chosen: Chosen) -> Numbers:
    """Those of what is chosen (n,)."""
    return np.array(chosen.numbers, np.int64)


def _facts(row: Listing) -> list[str]:
    return [row.id, row.title, row.url, row.date, row.author, row.source]


def _look_among(is_among: bool) -> None:
    st.session_state[_AMONG] = is_among


def _read_among() -> None:
    _look_among(True)
    put_in_address({"view": "read"})


def _to_desk(recommender: Recommender, chosen: Chosen) -> None:
    """Select what is chosen in the editors' queue, too; pieces that only stand on a page have no list to edit."""
    listings = recommender.listings(Filter(ids=chosen.ids))
    desk_bulk.pick({listing.id: listing.title for listing in listings if not listing.page})
    put_in_address({"view": "desk", "article": ""})

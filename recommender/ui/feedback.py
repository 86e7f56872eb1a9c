"""多一些这样的, 少一些这样的: pieces that the list comes nearer to, and turns away from. Kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import streamlit as st

from recommender.recommend import Recommender
from recommender.types import Article, Filter, Ranking
from recommender.ui.words import Words, literal

Wish = Literal["more", "less"]
WISHES: tuple[Wish, ...] = ("more", "less")
# An address does not grow without end; the latest wishes are kept.
MOST = 8
_TITLE = 14  # characters of a title in a chip


def wished(ranking: Ranking, shown: Article) -> Ranking:
    """A ranking with the reader's wishes for the text that is shown; those for another text do not count."""
    return replace(ranking, more=_ids("more", shown), less=_ids("less", shown))


def show_buttons(id_: str, shown: Article, words: Words) -> None:
    """Two small buttons that wish for more, or less, like a piece, and take the wish back."""
    for wish in WISHES:
        st.button(
            words(wish),
            help=words(f"{wish}_help"),
            key=f"{wish}-{id_}",
            on_click=_toggle,
            args=(wish, id_, shown),
            type="secondary" if id_ in _ids(wish, shown) else "tertiary",
        )


def show_chips(recommender: Recommender, shown: Article, words: Words) -> None:
    """The wishes, each with a click to take it back; a piece that is gone is not mentioned."""
    ids = {id_: wish for wish in WISHES for id_ in _ids(wish, shown)}
    titles = {listing.id: listing.title for listing in recommender.listings(Filter(ids=tuple(ids)))} if ids else {}
    if not titles:
        return
    with st.container(key="wishes", horizontal=True, gap="xsmall"):
        for id_, wish in ids.items():
            if id_ in titles:
                label = words(f"{wish}_chip", title=literal(_short(titles[id_])))
                st.button(label, key=f"wish-{id_}", on_click=_toggle, args=(wish, id_, shown))


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[:_TITLE] + "…"


def _ids(wish: Wish, shown: Article) -> tuple[str, ...]:
    if st.query_params.get("for", "") != _name(shown):
        return ()
    return tuple(dict.fromkeys(st.query_params.get_all(wish)))[-MOST:]


def _name(shown: Article) -> str:
    """What wishes are for: an article, or whatever text is pasted."""
    return shown.id or "text"


def _toggle(wish: Wish, id_: str, shown: Article) -> None:
    """Wish for more or less like a piece, or take that back. No piece is wished for in both ways."""
    had = {name: _ids(name, shown) for name in WISHES}
    kept = {name: [other for other in ids if other != id_] for name, ids in had.items()}
    if id_ not in had[wish]:
        kept[wish] = [*kept[wish], id_][-MOST:]
    for name, ids in kept.items():
        _put(name, ids)
    _put("for", [_name(shown)] if any(kept.values()) else [])


def _put(name: str, values: Sequence[str]) -> None:
    if values:
        st.query_params[name] = list(values)
    else:
        st.query_params.pop(name, None)

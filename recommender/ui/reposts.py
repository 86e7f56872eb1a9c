"""+N 转载: the reposts that share a row, and the editor's word that a piece is none."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from recommender.recommend import Recommender
from recommender.types import Article, Recommendation
from recommender.ui import access
from recommender.ui.place import open_article
from recommender.ui.problems import refusals
from recommender.ui.words import Words, literal

_SPLIT = "reposts_split"


def show(recommender: Recommender, found: Recommendation, words: Words) -> None:
    """The reposts of a row, behind a button: to open, and to be given rows of their own."""
    if not found.reposts:
        return
    row = [found.article, *found.reposts]
    with st.popover(words("reposts", n=len(found.reposts)), type="tertiary", key=f"reposts-{found.article.id}"):
        for piece in found.reposts:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.button(
                    literal(piece.title),
                    key=f"open-repost-{piece.id}",
                    on_click=open_article,
                    args=(piece.id,),
                    type="tertiary",
                    wrap=True,
                )
                others = [other.id for other in row if other != piece]
                _show_split(recommender, "not_repost", piece, others, words)


def show_verdict(
    recommender: Recommender, found: Recommendation, own: Article, apart: Sequence[str], words: Words
) -> None:
    """For a piece that has the text of the one that asks: that it is none. For one set ``apart``: that it is one."""
    if "repost" in found.relations:
        _show_split(recommender, "not_same", found.article, [own.id], words)
    if apart and access.editor():
        key, args = f"rejoin-{found.article.id}", (recommender, found.article.id, apart, words)
        st.button(words("repost_after_all"), key=key, on_click=_rejoin, args=args, type="tertiary")


def apart_from(recommender: Recommender, own: Article, found: Sequence[Recommendation]) -> dict[str, list[str]]:
    """For each piece, those of the others and of the article that asks that an editor has said it is no repost of."""
    ids = [own.id, *(recommendation.article.id for recommendation in found)]
    pairs = recommender.library.apart(ids)
    return {id_: [other for other in ids if {(id_, other), (other, id_)} & pairs] for id_ in ids}


def show_undo(recommender: Recommender, words: Words) -> None:
    """Say what was set apart last, with a way to take it back."""
    if access.editor() and (split := st.session_state.get(_SPLIT)):
        id_, others, title = split
        with st.container(key="undo", horizontal=True, border=True, vertical_alignment="center"):
            st.markdown(words("set_apart", title=literal(title)), width="content")
            st.button(words("undo"), key="undo_split", on_click=_rejoin, args=(recommender, id_, others, words))


def _show_split(recommender: Recommender, label: str, piece: Article, others: Sequence[str], words: Words) -> None:
    if access.editor():
        args = (recommender, piece, others, words)
        st.button(words(label), key=f"{label}-{piece.id}", on_click=_split, args=args, type="tertiary")


def _split(recommender: Recommender, piece: Article, others: Sequence[str], words: Words) -> None:
    with refusals(recommender, words):
        recommender.set_apart(piece.id, others)
        st.session_state[_SPLIT] = (piece.id, others, piece.title)


def _rejoin(recommender: Recommender, id_: str, others: Sequence[str], words: Words) -> None:
    with refusals(recommender, words):
        recommender.set_apart(id_, others, apart=False)
        st.session_state.pop(_SPLIT, None)

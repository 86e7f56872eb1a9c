"""The articles of the library, a page at a time: to find, to open, to take out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from recommender.library import EVERYTHING, Listing
from recommender.recommend import Recommender
from recommender.ui import access, filters, removal
from recommender.ui.place import open_article, put_in_address
from recommender.ui.words import Words, literal

PAGE = 20
_MOST_TAGS = 6


def show(recommender: Recommender, words: Words) -> None:
    """Draw the filters and the list."""
    may_edit = bool(access.editor())
    if may_edit:
        removal.show_undo(recommender, words)
    if not recommender.info()["articles"]:
        st.info(words("nothing_yet" if may_edit else "empty_read"), icon=":material/upload_file:")
        return
    filters.show(recommender, words)
    among = filters.current()
    number = _number()
    # One more than is shown tells whether there is another page.
    found = recommender.listings(among, PAGE + 1, (number - 1) * PAGE)
    if not found:
        st.info(words("none_left" if among != EVERYTHING else "no_such_page"), icon=":material/search_off:")
        if number > 1:
            st.button(words("first_page"), key="first_page", on_click=_turn, args=(1,))
        return
    rows = found[:PAGE]
    if may_edit:
        _show_selection(recommender, [row.id for row in rows], words)
    with st.container(key="rows", gap=None):
        for at, row in enumerate(rows):
            _show_row(recommender, at, row, may_edit, words)
    _show_pages(number, len(found) > PAGE, words)


def _number() -> int:
    """The number of the page that the address names, 1 for what is none."""
    asked = st.query_params.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:9]) == int(asked) else 1


def _turn(number: int) -> None:
    put_in_address({"page": str(number) if number > 1 else ""})


def _show_selection(recommender: Recommender, ids: Sequence[str], words: Words) -> None:
    """Select a whole page, and take out all that is selected, on other pages too."""
    picked = removal.picked()
    key = removal.box_key("pick_all")
    with st.container(key="selection", horizontal=True, vertical_alignment="center"):
        st.checkbox(words("pick_page"), picked.issuperset(ids), key=key, on_change=removal.pick_all, args=(ids, key))
        if picked:
            st.button(
                words("remove_picked", n=len(picked)),
                key="remove_picked",
                on_click=removal.remove,
                args=(recommender, sorted(picked), words),
            )


def _show_row(recommender: Recommender, at: int, row: Listing, may_edit: bool, words: Words) -> None:
    with st.container(key=f"row-{at}", horizontal=True, wrap=False, gap="small"):
        if may_edit:
            _show_box(row, words)
        with st.container(gap=None):
            st.button(
                literal(row.title),
                key=f"open-{row.id}",
                on_click=open_article,
                args=(row.id,),
                type="tertiary",
                wrap=True,
            )
            st.html(_facts(row, words))
        if may_edit:
            st.button(
                words("remove"),
                key=f"remove-{row.id}",
                on_click=removal.remove,
                args=(recommender, [row.id], words),
                type="tertiary",
            )


def _show_box(row: Listing, words: Words) -> None:
    key = removal.box_key(f"pick-{row.id}")
    st.checkbox(
        words("pick", title=literal(row.title)),
        row.id in removal.picked(),
        key=key,
        on_change=removal.pick,
        args=(row.id, key),
        label_visibility="collapsed",
    )


def _facts(row: Listing, words: Words) -> str:
    """What is known of an article, in one line; what is not known is not mentioned."""
    language = words.language_of(row.language) if row.language else ""
    facts = [row.date, row.author, language, words("length", n=f"{row.length:,}"), filters.short(row.source)]
    tags = [*row.tags[:_MOST_TAGS], *([f"+{len(row.tags) - _MOST_TAGS}"] if len(row.tags) > _MOST_TAGS else [])]
    marks = [words("only_beginning")] if row.truncated else []
    return (
        '<div class="row-facts">'
        + "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
        + "".join(f'<span class="tag">{escape(tag)}</span>' for tag in (*marks, *tags))
        + "</div>"
    )


def _show_pages(number: int, has_next: bool, words: Words) -> None:
    if number == 1 and not has_next:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button(words("previous"), key="previous", on_click=_turn, args=(number - 1,), disabled=number == 1)
        st.markdown(words("page_n", n=number), width="content")
        st.button(words("next"), key="next", on_click=_turn, args=(number + 1,), disabled=not has_next)

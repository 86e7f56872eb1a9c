"""阅读: the text as it reads, and beside it the related articles for what is picked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from recommender.explain import Why
from recommender.recommend import Recommender
from recommender.types import Article, Recommendation, Span
from recommender.ui import coverage, feedback, map_chosen, order, order_panel, page_list, reposts, reranking
from recommender.ui.cards import show_card
from recommender.ui.essay import show_essay
from recommender.ui.place import Asked, Offsets, Place, Step, came_from, go, go_back, resolve
from recommender.ui.problems import show_refusal
from recommender.ui.words import Words, literal

# A piece that a whole site lists would fill the line below its title.
_MOST_PAGES = 3


@dataclass(frozen=True)
class _Rows:
    """The list, the piece beyond it whose reasons are open, if any, and the reasons of all by their ids."""

    found: list[Recommendation]
    beyond: list[Recommendation]
    reasons: Mapping[str, Why]


def show(recommender: Recommender, place: Place, limit: int, words: Words) -> None:
    """Draw the view."""
    asked = resolve(place, recommender, words("pasted"))
    for notice in asked.notices:
        st.info(words(notice), icon=":material/info:")
    rows = _found(recommender, asked, place, limit)
    left, right = st.columns([11, 9], gap="large")
    with left:
        _show_ways(recommender, place, words)
        show_essay(
            asked.shown,
            _about(recommender, asked.shown, words),
            asked.picked,
            _marks([*rows.found, *rows.beyond], place, asked.shift),
            words,
            lambda span: _pick(place, asked.picked, span),
        )
    with right, st.container(key="related"):
        _show_list(recommender, asked, rows, place, words)


def _found(recommender: Recommender, asked: Asked, place: Place, limit: int) -> _Rows:
    """What is related, in the order that the address names, and why."""
    chosen = map_chosen.narrowed(order.current(asked.shown))
    ranking = feedback.wished(chosen.ranking, asked.shown)
    found, ranking = reranking.related(recommender, asked.query, limit, chosen.among, ranking)
    is_beyond = place.why and all(r.article.id != place.why for r in found)
    only = replace(chosen.among, ids=(place.why,))
    beyond = recommender.related(asked.query, 1, only, ranking) if is_beyond else []
    ids = [recommendation.article.id for recommendation in (*found, *beyond)]
    reasons = recommender.why(asked.query, [*found, *beyond])
    return _Rows(found, beyond, dict(zip(ids, reasons, strict=True)))


def _show_ways(recommender: Recommender, place: Place, words: Words) -> None:
    """The ways to other texts: back, and a text of one's own."""
    if before := came_from():
        st.button(_way_back(recommender, before, words), key="back", on_click=go_back, type="tertiary")
    if place.text:
        st.button(words("leave_text"), key="leave", on_click=go, args=(Place(place.article),), type="tertiary")
        if not place.is_shared:
            st.caption(words("too_long"))
    with st.expander(words("paste"), icon=":material/content_paste:"), st.form("paste", border=False):
        st.text_area(words("paste_label"), key="pasted", placeholder=words("paste_hint"), label_visibility="collapsed")
        st.form_submit_button(words("find"), type="primary", on_click=_paste, args=(place,))


def _way_back(recommender: Recommender, before: Step, words: Words) -> str:
    if before.view == "library":
        return words("back_to_library")
    title = resolve(before.place, recommender, words("pasted")).shown.title
    return words("back_to", title=literal(title))


def _paste(place: Place) -> None:
    if text := st.session_state["pasted"].strip():
        go(Place(place.article, text))


def _pick(place: Place, picked: Offsets | None, span: Offsets) -> None:
    """Pick a stretch; what is picked already is let go."""
    go(replace(place, at=None if span == picked else span, why=""))


def _about(recommender: Recommender, shown: Article, words: Words) -> str:
    """The line below the title: what to do here, and what is known of the text."""
    pages = recommender.pages_of(shown.id)
    listed = [words("listed_by", title=page.title) for page in pages[:_MOST_PAGES]]
    more = [words("listed_by_more", count=len(pages) - _MOST_PAGES)] if len(pages) > _MOST_PAGES else []
    return " · ".join([*listed, *more, *([words("only_beginning")] if shown.truncated else []), words("hint")])


def _marks(found: list[Recommendation], place: Place, shift: int) -> list[Span]:
    """The sentences of the text that match the piece whose reasons are open."""
    pairs = next((r.evidence for r in found if r.article.id == place.why), ())
    return [Span(pair.query.start + shift, pair.query.end + shift, pair.query.text) for pair in pairs]


def _show_list(recommender: Recommender, asked: Asked, rows: _Rows, place: Place, words: Words) -> None:
    st.subheader(heading(asked, words), anchor=False)
    if asked.picked:
        whole = words("whole_text" if place.text else "whole_article")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(whole, key="whole", on_click=go, args=(replace(place, at=None, why=""),), type="tertiary")
            # Shown on a phone only, where the list stands below the text.
            st.html(f'<a class="to-text" href="#picked">{words("to_paragraph")}</a>', width="content")
    map_chosen.show_among(words)
    order_panel.show(asked.shown, words)
    feedback.show_chips(recommender, asked.shown, words)
    reranking.show_failure(order.current(asked.shown).ranking.reranker, words)
    show_refusal()
    reposts.show_undo(recommender, words)
    essay = asked.query if isinstance(asked.query, Article) else None
    if essay:
        coverage.show(recommender, essay, rows.found, place, words)
    _show_cards(recommender, asked, rows, place, words)
    if essay and essay.links:
        judged = st.expander(words("judge_page"), key="judged", on_change="rerun")
        if judged.open:  # it takes as long as the list, and is looked at now and then
            with judged:
                page_list.show(recommender, essay, place, words)


def _show_cards(recommender: Recommender, asked: Asked, rows: _Rows, place: Place, words: Words) -> None:
    apart = reposts.apart_from(recommender, asked.shown, rows.found)

    def show_one(rank: str, found: Recommendation) -> None:
        def show_more() -> None:
            reposts.show(recommender, found, words)
            if place.why == found.article.id:
                reposts.show_verdict(recommender, found, asked.shown, apart.get(found.article.id, []), words)
            feedback.show_buttons(found.article.id, asked.shown, words)

        show_card(rank, found, place, words, rows.reasons[found.article.id], show_more)

    with _frame(recommender, asked, rows, place, words):
        for rank, recommendation in enumerate(rows.found, 1):
            show_one(str(rank), recommendation)
    for recommendation in rows.beyond:
        st.caption(words("beyond_list", k=len(rows.found)))
        show_one("·", recommendation)


def _frame(
    recommender: Recommender, asked: Asked, rows: _Rows, place: Place, words: Words
) -> AbstractContextManager[Any]:
    """What the cards stand in. Where nothing is related, that is said, and they are put away as merely the nearest."""
    if not rows.found:
        is_alone = recommender.info()["articles"] == 1
        st.info(words("alone" if is_alone and asked.shown.id else "none_in_order"))
    elif all(r.relevance == "unrelated" for r in rows.found):
        st.info(words("nothing_related"), icon=":material/search_off:")
        is_picked = any(r.article.id == place.why for r in rows.found)
        return st.expander(words("nearest"), is_picked, key="nearest", on_change="rerun")
    return nullcontext()


def heading(asked: Asked, words: Words) -> str:
    """What the list is related to."""
    if asked.paragraph:
        return words("related_to_paragraph", n=asked.paragraph)
    if asked.picked:
        return words("related_to_selection")
    return words("related_to_all" if asked.shown.id else "related_to_text")

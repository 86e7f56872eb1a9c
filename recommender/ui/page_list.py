"""The related list of an essay's own page, judged: what the page shows beside what the texts say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from recommender import review
from recommender.recommend import Recommender
from recommender.review import Listed, PageList
from recommender.types import Article, Recommendation
from recommender.ui.coverage import STYLE, Written, written
from recommender.ui.place import Place, go, open_article
from recommender.ui.words import Words, literal

# Words of titles that the sum names; each row has its own.
_MOST_NAMED = 3


def show(recommender: Recommender, article: Article, place: Place, words: Words) -> None:
    """Say how far the page and the texts agree, then both lists side by side. Nothing for a page without a list."""
    if not article.links:
        return
    judged = _judged(recommender, written(recommender), article)
    st.html(STYLE)
    with st.container(key="page_list", gap="small"):
        st.html(f'<p class="page-sum">{escape(_sum(judged, words))}</p>')
        if judged.listed:
            with st.container(key="page_list-sides", horizontal=True, gap="large"):
                _show_page(judged, place, words)
                _show_texts(judged, place, words)
            st.html(f'<p class="page-figures">{_figures(judged, words)}</p>')


@st.cache_data(show_spinner=False, max_entries=64)
def _judged(_recommender: Recommender, written: Written, article: Article) -> PageList:
    """Found once for each essay and state of the library: it takes as long as two searches."""
    return review.page_list(_recommender, article)


def _sum(judged: PageList, words: Words) -> str:
    """How far the page and the texts agree, in plain words."""
    listed = judged.listed
    count, alike = len(listed), [one.in_title for one in listed if one.in_title]
    related = sum(one.recommendation.relevance != "unrelated" for one in listed)
    said = []
    if listed:
        how = "page_none" if not related else "page_all" if related == count else "page_some"
        said.append(words(how, n=count, related=related))
    if alike:
        said.append(words("page_titles", n=len(alike), shared=_quoted(_most_common(alike), words)))
    if judged.absent:
        said.append(words("page_absent", n=judged.absent))
    if listed and judged.overlap is None:
        said.append(words("page_only"))
    if judged.missing:
        said.append(words("page_missing", n=len(judged.missing)))
    return (" " if words.language == "en" else "").join(said)


def _most_common(groups: Sequence[Sequence[str]]) -> list[str]:
    """The words that come in most of the groups."""
    return [word for word, _ in Counter(word for group in groups for word in group).most_common(_MOST_NAMED)]


def _quoted(shared: Sequence[str], words: Words) -> str:
    return ("" if words.language == "zh" else ", ").join(words("quoted", text=text) for text in shared)


def _show_page(judged: PageList, place: Place, words: Words) -> None:
    """What the page lists, in its order."""
    with st.container(gap=None):
        st.html(f'<p class="page-side">{escape(words("by_page"))}</p>')
        for rank, one in enumerate(judged.listed, 1):
            where = words("place_by_texts", n=one.place) if one.place else words("place_beyond", n=len(judged.found))
            common = words("only_title", shared=_quoted(one.in_title, words)) if one.in_title else ""
            _show_row("page", rank, one.recommendation, [where], _tag(common), place, words)


def _show_texts(judged: PageList, place: Place, words: Words) -> None:
    """What the texts say: as many as the page has, and all strong pieces that it has not."""
    on_page = _places_on_page(judged.listed)
    missing = {piece.article.id for piece in judged.missing}
    with st.container(gap=None):
        st.html(f'<p class="page-side">{escape(words("by_texts"))}</p>')
        for rank, piece in enumerate(judged.found, 1):
            if rank <= len(judged.listed) or piece.article.id in missing:
                where = [words("place_on_page", n=on_page[rank])] if rank in on_page else []
                tag = "" if where else _tag(words("not_on_page"), "missing" if piece.article.id in missing else "")
                _show_row("texts", rank, piece, where, tag, place, words)


def _places_on_page(listed: Sequence[Listed]) -> dict[int, int]:
    """By the row of the texts' order, the first place on the page that stands in it."""
    places: dict[int, int] = {}
    for rank, one in enumerate(listed, 1):
        if one.place:
            places.setdefault(one.place, rank)
    return places


def _show_row(
    side: str, rank: int, piece: Recommendation, facts: Sequence[str], tag: str, place: Place, words: Words
) -> None:
    """A piece: to open, with its reasons a click away."""
    id_ = piece.article.id
    is_open = place.why == id_
    with st.container(key=f"page_list-row-{side}-{rank}", horizontal=True, wrap=False, gap="small"):
        st.html(f'<span class="rank">{rank}</span>', width="content")
        with st.container(gap=None):
            st.button(
                literal(piece.article.title),
                key=f"page_list-open-{side}-{rank}",
                on_click=open_article,
                args=(id_,),
                type="tertiary",
                wrap=True,
            )
            key = f"page_list-facts-{side}-{rank}"
            with st.container(key=key, horizontal=True, gap="xsmall", vertical_alignment="center"):
                shown = f"{_band(piece, words)}{_spans(facts)}{tag}"
                st.html(f'<div class="row-facts">{shown}</div>', width="content")
                st.button(
                    words("why_less" if is_open else "why"),
                    key=f"page_list-why-{side}-{rank}",
                    on_click=go,
                    args=(replace(place, at=None, why="" if is_open else id_),),
                    type="tertiary",
                )


def _band(piece: Recommendation, words: Words) -> str:
    return f'<span class="related {piece.relevance}"><b>{escape(words(piece.relevance))}</b></span>'


def _spans(facts: Sequence[str]) -> str:
    return "".join(f"<span>{escape(fact)}</span>" for fact in facts)


def _tag(text: str, kind: str = "") -> str:
    return f'<span class="tag {kind}">{escape(text)}</span>' if text else ""


def _figures(judged: PageList, words: Words) -> str:
    """Overlap and correlation: what they mean, and as figures."""
    said = []
    if judged.overlap is not None:
        k = len(judged.listed)
        text = words("page_overlap", k=k, n=round(judged.overlap * k))
        said.append((text, f"overlap@{k} = {judged.overlap:.2f}"))
    if judged.correlation is not None:
        # Kendall's tau is the share of pairs in the same order less that of the others.
        text = words("page_pairs", percent=round(50 * (1 + judged.correlation)))
        said.append((text, f"Kendall τ = {judged.correlation:.2f}".replace("-", "−")))
    return "<br>".join(
        words("page_figures", said=escape(text), figure=f'<span class="score">{figure}</span>') for text, figure in said
    )

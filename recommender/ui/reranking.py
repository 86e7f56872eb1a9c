"""Related articles by a cross-encoder that may not be there: then without it, and that is said."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from recommender.embed import ModelError
from recommender.recommend import Query, Recommender
from recommender.types import Filter, Ranking, Recommendation
from recommender.ui import access
from recommender.ui.words import Words, literal

_FAILED = "rerankers_failed"


def related(
    recommender: Recommender, query: Query, k: int, among: Filter, ranking: Ranking
) -> tuple[list[Recommendation], Ranking]:
    """What is related, and the ranking that it was had by: without a cross-encoder that cannot be had.

    One that failed is not tried again in this session, which may take seconds; a reload of the page tries it. Only for
    editors is one loaded at all: an address can name any, and it would be fetched.
    """
    failed: set[str] = st.session_state.setdefault(_FAILED, set())
    if not ranking.reranker or (access.editor() and ranking.reranker not in failed):
        try:
            return recommender.related(query, k, among, ranking), ranking
        except ModelError as error:
            if not ranking.reranker or error.name != ranking.reranker:
                raise
            failed.add(error.name)
    ranking = replace(ranking, reranker="")
    return recommender.related(query, k, among, ranking), ranking


def show_failure(name: str, words: Words) -> None:
    """Say that this cross-encoder cannot be had, if so."""
    if name and not access.editor():
        st.warning(words("only_editors_rerank", name=literal(name)))
    elif name in st.session_state.get(_FAILED, ()):
        st.warning(words("reranker_failed", name=name))

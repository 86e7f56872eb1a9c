"""编辑: the queue of essays, and for one of them the list that editors make of what is proposed."""

from __future__ import annotations

import streamlit as st

from recommender.recommend import Recommender
from recommender.ui import desk_essay, desk_events, desk_presence, desk_queue, desk_window
from recommender.ui.words import Words


def show(recommender: Recommender, words: Words) -> None:
    """Draw the view: the article that the address names, or the queue."""
    desk_events.go_on(desk_window.current())  # where the run that was to go there was cut short
    asked = st.query_params.get("article", "")
    essay = recommender.article(asked) if asked else None
    if essay:
        desk_essay.show(recommender, essay, words)
        return
    if asked:
        st.info(words("essay_gone"), icon=":material/info:")
    desk_presence.leave()
    desk_queue.show(recommender, words)

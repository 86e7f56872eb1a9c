"""相似度地图: where an essay and its paragraphs stand among all articles, as pictures and tables."""

from __future__ import annotations

import streamlit as st

from recommender.recommend import Recommender
from recommender.ui import map_heatmap, map_plane, map_time
from recommender.ui.place import Place, in_address, resolve
from recommender.ui.words import Words, literal

CHARTS = ("plane", "heatmap", "time", "table")


def show(recommender: Recommender, place: Place, limit: int, words: Words) -> None:
    """Draw the view."""
    asked = resolve(place, recommender, words("pasted"))
    st.subheader(literal(asked.shown.title), anchor=False)
    chart, tied = in_address("chart", CHARTS, "plane")
    st.segmented_control(
        words("chart"),
        CHARTS,
        default=chart,
        format_func=words,
        **tied,
        required=True,
        label_visibility="collapsed",
    )
    st.caption(words(map_heatmap.help_of(chart)))
    is_alone = recommender.info()["articles"] == 1 and recommender.article(asked.shown.id) is not None
    if is_alone:
        st.info(words("alone"))
    elif chart == "plane":
        map_plane.show(recommender, asked, place, words)
    elif chart == "heatmap":
        map_heatmap.show(recommender, asked, place, limit, words)
    elif chart == "time":
        map_time.show(recommender, words)
    else:
        map_heatmap.show_table(recommender, asked, place, limit, words)

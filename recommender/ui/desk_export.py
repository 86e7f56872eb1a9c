"""Published lists to take along: one essay's to copy, one's or all to download, in every form that sites take."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from recommender.export import FORMATS, render, render_one
from recommender.published import PublishedList, published_lists
from recommender.recommend import Recommender
from recommender.types import Article
from recommender.ui.words import Words

_copy = st.components.v2.component(
    "recommender.desk_copy", js=(Path(__file__).parent / "desk_copy.js").read_text("utf-8"), isolate_styles=False
)
_FILE = "related"


def show(recommender: Recommender, essay: Article, words: Words) -> None:
    """The published list of an essay, closed; it is written when it is opened."""
    panel = st.expander(words("export_one"), icon=":material/content_copy:", key="export_one", on_change="rerun")
    if not panel.open:
        return
    with panel:
        of_list = next(published_lists(recommender.library, [essay.id]), None)
        if of_list is None:
            st.caption(words("export_unpublished"))
            return
        _show_one(of_list, words)


def _show_one(of_list: PublishedList, words: Words) -> None:
    form = _form("export_form", words)
    text = render_one(of_list, form, words.language)
    st.caption(words("export_published"))
    _copy(key="desk_copy", data={"text": text, "copy": words("copy"), "copied": words("copied")})
    kind = FORMATS[form]
    st.download_button(words("download"), text, _FILE + kind.suffix, kind.media_type, on_click="ignore", key="download")


def show_all(recommender: Recommender, words: Words) -> None:
    """All published lists, closed; they are written when they are downloaded."""
    panel = st.expander(words("export_all"), icon=":material/download:", key="export_all", on_change="rerun")
    if not panel.open:
        return
    with panel:
        form = _form("export_all_form", words)

        def written() -> str:
            return render(published_lists(recommender.library), form, words.language)

        kind = FORMATS[form]
        label, name = words("download_all"), _FILE + kind.suffix
        st.download_button(label, written, name, kind.media_type, on_click="ignore", key="download_all")


def _form(key: str, words: Words) -> str:
    form: str = st.segmented_control(
        words("export_in"),
        list(FORMATS),
        default="json",
        format_func=lambda name: words(f"form_{name}"),
        key=key,
        required=True,
    )
    return form

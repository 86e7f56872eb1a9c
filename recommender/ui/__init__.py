"""The page. Nothing here that a notebook could not do without it: the views show what the facade answers."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import streamlit as st

from recommender.embed import ModelError
from recommender.library import LibraryError
from recommender.recommend import Recommender
from recommender.types import Language
from recommender.ui import access, desk, login, models, place, read
from recommender.ui import library as library_view
from recommender.ui import map as map_view
from recommender.ui.chooser import show_chooser
from recommender.ui.words import Words

VIEWS = ("read", "desk", "map", "library")
_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_text("utf-8")


def main(library: Path, seeds: Path) -> None:
    """Draw the page over the library file ``library``; a new library begins with the articles in ``seeds``."""
    words = Words(_language())
    st.set_page_config(words("name"), str(_HERE / "icon.svg"), layout="wide")
    html_language = "zh-CN" if words.language == "zh" else "en"
    own = f":root {{ --choose-files: '{words('choose_files')}'; --drop-here: '{words('drop_here')}'; }}"
    st.html(
        f"<style>{_STYLE}{own}</style><script>document.documentElement.lang = '{html_language}'</script>",
        unsafe_allow_javascript=True,
    )
    view = _show_frame(words)
    login.show_notice(view, words)
    try:
        recommender = access.guarded(models.open_model(library, models.chosen(library, words), seeds, words))
        limit = _show_choices(library, recommender, seeds, words)
        _show_view(view, recommender, limit, library, seeds, words)
    except ModelError as error:
        st.error(words(f"model_{error.cause}", name=error.name))
        st.button(words("use_embedded"), key="use_embedded", on_click=models.use_embedded)
    except LibraryError as error:
        st.error(words(f"library_{error.cause}", path=library))
    except access.NotAllowed:
        st.error(words("may_not_edit"))


def _language() -> Language:
    """The language of the address, else of the browser if that is English, else Chinese."""
    asked = st.query_params.get("lang") or st.context.locale or ""
    return "en" if asked.startswith("en") else "zh"


def _show_frame(words: Words) -> str:
    """The head of the page: its name, the views, the language. Returns the view that is chosen."""
    with st.container(key="frame", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(f'<div class="frame-name">{words("name")}<small>{words("claim")}</small></div>', width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            view, tied = place.in_address("view", VIEWS, "read")
            st.segmented_control(
                words("view"),
                VIEWS,
                default=view,
                format_func=words,
                **tied,
                required=True,
                label_visibility="collapsed",
            )
            language, tied = place.in_address("lang", get_args(Language), words.language)
            st.segmented_control(
                words("language"),
                get_args(Language),
                default=language,
                format_func={"zh": "中文", "en": "English"}.__getitem__,
                **tied,
                required=True,
                label_visibility="collapsed",
            )
            login.show(words)
    return view


def _show_choices(library: Path, recommender: Recommender, seeds: Path, words: Words) -> int:
    """The choices beside the page. Returns how many articles to list."""
    with st.sidebar:
        st.markdown("**" + words("choices") + "**")
        limit = st.slider(words("how_many"), 1, 20, 9, key="k", bind="query-params")
        if recommender.info()["articles"]:
            show_chooser(recommender, words)
        models.show_choice(library, words)
        if access.editor():
            models.show_other(library, seeds, words)
    return limit


def _show_view(view: str, recommender: Recommender, limit: int, library: Path, seeds: Path, words: Words) -> None:
    if view == "library":
        # The first library is the one that is kept: those of other models follow it.
        library_view.show(access.guarded(models.open_first(library, seeds)), words)
    elif not recommender.info()["articles"]:
        _show_empty(recommender, seeds, words)
    elif view == "desk":
        desk.show(access.guarded(models.open_first(library, seeds)), words)  # what is decided is kept there, too
    else:
        (map_view if view == "map" else read).show(recommender, place.current(), limit, words)


def _show_empty(recommender: Recommender, seeds: Path, words: Words) -> None:
    st.subheader(words("empty"), anchor=False)
    if not access.editor():
        st.markdown(words("empty_read"))
        return
    st.markdown(words("empty_help"))
    with st.container(horizontal=True):
        st.button(words("to_library"), type="primary", key="to_library", on_click=_go_to_library)
        if st.button(words("add_sample"), key="add_sample"):
            models.add_sample(recommender, seeds, words)
            st.rerun()


def _go_to_library() -> None:
    place.put_in_address({"view": "library"})

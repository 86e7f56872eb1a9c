"""Opening the library, and choosing the model. Each model has a library file of its own beside the first."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from urllib.parse import quote, unquote

import streamlit as st

from recommender.embed import EMBEDDED, ModelError
from recommender.library import LibraryError
from recommender.recommend import Recommender
from recommender.ui import access
from recommender.ui.place import in_address
from recommender.ui.words import Words

_lock = threading.Lock()
# For a library file and the log of what is not in it yet: when each was changed last, and its size.
_State = tuple[tuple[int, int], ...]


@st.cache_resource(show_spinner=False)
def open_first(library: Path, seeds: Path) -> Recommender:
    """The recommender of the first library, for all sessions of the server; a new one begins with the sample."""
    is_new = not library.exists()
    recommender = Recommender.open(library)
    if is_new:
        list(recommender.add([seeds]))
    _spare_the_collector()
    return recommender


def _spare_the_collector() -> None:
    """Let what is loaded by now be passed over when garbage is looked for.

    Streamlit looks for it after every run, before the page is answered: in half a million objects of libraries and
    models that stay, which takes many times as long as the run.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


@st.cache_resource(show_spinner=False)
def open_other(path: Path, model: str) -> Recommender:
    """The recommender of another model's library, for all sessions of the server."""
    return Recommender.open(path, model)


def _file_of(library: Path, model: str) -> Path:
    """Where the library of another model is: beside the first, with the model in its name."""
    return library.with_name(f"{library.stem}.{quote(model, safe='')}.db")


def models(library: Path) -> list[str]:
    """The models that have a library here, the embedded one first."""
    others = library.parent.glob(f"{library.stem}.*.db")
    return [EMBEDDED, *sorted(unquote(path.name[len(library.stem) + 1 : -len(".db")]) for path in others)]


def chosen(library: Path, words: Words) -> str:
    """The model that the address names if it has a library here, else the embedded one, and then it is said."""
    wanted = st.query_params.get("model", EMBEDDED)
    if wanted in models(library):
        return wanted
    st.warning(words("model_not_here", name=wanted))
    return EMBEDDED


def use_embedded() -> None:
    """Go on with the embedded model."""
    st.query_params.pop("model", None)


def add_sample(recommender: Recommender, seeds: Path, words: Words) -> None:
    """Read the sample articles into a library, saying so; what fails is named."""
    with st.spinner(words("reading_files")), _lock:
        for report in recommender.add([seeds]):
            if report.error:
                st.error(words("file_failed", error=report.error))


def open_model(library: Path, model: str, seeds: Path, words: Words) -> Recommender:
    """The recommender for a model, its library brought up to date with the first one.

    Raises ModelError if the model cannot be had, LibraryError if a library file cannot be used.
    """
    with st.spinner(words("loading_model")):
        first = open_first(library, seeds)
        if model == EMBEDDED:
            return first
        other = open_other(_file_of(library, model), model)
    _bring_up_to_date(first, other, words)
    return other


def _bring_up_to_date(first: Recommender, other: Recommender, words: Words) -> None:
    """Copy what is new in the first library, unless nothing was written since the last time: that reads all of it."""
    state = _state(Path(first.library.name))
    if _copied().get(other.library.name) == state:
        return
    progress = st.progress(0.0)
    with _lock:
        for share in first.copy_into(other):
            progress.progress(share, words("embedding", percent=round(100 * share)))
    progress.empty()
    _copied()[other.library.name] = state


@st.cache_resource(show_spinner=False)
def _copied() -> dict[str, _State]:
    """In which state the first library was when it was last copied into each of the others, by their names."""
    return {}


def _state(library: Path) -> _State:
    files = [file.stat() for name in ("", "-wal") if (file := library.with_name(library.name + name)).exists()]
    return tuple((file.st_mtime_ns, file.st_size) for file in files)


def show_choice(library: Path, words: Words) -> None:
    """The choice of the model."""
    known = models(library)
    model, tied = in_address("model", known, EMBEDDED)
    st.selectbox(
        words("model"),
        known,
        known.index(model),
        format_func=lambda name: words("model_embedded") if name == EMBEDDED else name,
        **tied,
    )


def show_other(library: Path, seeds: Path, words: Words) -> None:
    """A way for editors to bring in another model: it may be fetched, and gets a library of its own."""
    with st.expander(words("other_model")), st.form("other_model", border=False):
        name = st.text_input(words("model_name"), help=words("model_help")).strip()
        if st.form_submit_button(words("use_model")) and name:
            access.require()
            try:
                open_model(library, name, seeds, words)
            except ModelError as error:
                st.error(words(f"model_{error.cause}", name=error.name))
            except LibraryError as error:
                st.error(words(f"library_{error.cause}", path=_file_of(library, name)))
            else:
                st.query_params["model"] = name
                st.rerun()

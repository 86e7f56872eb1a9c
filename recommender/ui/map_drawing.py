"""Drawing the map when it is due: a small one at once, a large one in the background, with the old one in sight."""

from __future__ import annotations

import threading

import streamlit as st

from recommender.atlas import Atlas
from recommender.cartographer import Cartographer
from recommender.recommend import Recommender
from recommender.ui.words import Words

# So many articles are drawn in about a second, and that one waits for.
_AT_ONCE = 500


class Drawing:
    """A map that is being drawn in a thread, or was: how far it is, and what went wrong."""

    def __init__(self) -> None:
        self.share = 0.0
        self.error = ""
        self._tried: tuple[int, ...] = ()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def is_on(self) -> bool:
        """Whether it is being drawn now."""
        return self._thread is not None and self._thread.is_alive()

    def begin(self, cartographer: Cartographer, state: tuple[int, ...]) -> None:
        """Begin, unless it is on; what failed once in a state of the library is not tried again in it."""
        with self._lock:
            if self.is_on or self._tried == state:
                return
            self.share, self.error, self._tried = 0.0, "", state
            self._thread = threading.Thread(target=self._draw, args=(cartographer,), daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Wait for it to be done."""
        if self._thread:
            self._thread.join()

    def _draw(self, cartographer: Cartographer) -> None:
        try:
            cartographer.draw(self._watch)
        except Exception as error:  # it is told on the page, whatever it is
            self.error = str(error)

    def _watch(self, share: float) -> None:
        self.share = share


@st.cache_resource(show_spinner=False)
def _kept(library: str, identity: str, _recommender: Recommender) -> tuple[Cartographer, Drawing]:
    """One of each for a library and its model, for all sessions of the server."""
    return Cartographer(_recommender), Drawing()


def cartographer(recommender: Recommender) -> Cartographer:
    """The cartographer of a library."""
    return _kept(recommender.library.name, recommender.library.identity, recommender)[0]


def current(recommender: Recommender, words: Words) -> Atlas | None:
    """The map as it is stored, None while the first is drawn; a new one is begun when it is due."""
    drawer, drawing = _kept(recommender.library.name, recommender.library.identity, recommender)
    state = recommender.library.atlases.state()
    if _is_due(recommender.library.name, state, drawer):
        drawing.begin(drawer, state)
        if recommender.library.counts().articles <= _AT_ONCE:
            with st.spinner(words("map_small")):
                drawing.finish()
    if drawing.error:
        st.warning(words("map_failed", error=drawing.error), icon=":material/error:")
    atlas = drawer.stored()
    if drawing.is_on:
        _show_progress(drawing, "map_anew" if atlas else "map_first", words)
    return atlas


@st.cache_data(show_spinner=False, max_entries=64)
def _is_due(library: str, state: tuple[int, ...], _cartographer: Cartographer) -> bool:
    """Asked once for each state of the library: it reads all numbers."""
    return _cartographer.is_due()


@st.fragment(run_every=1.0)
def _show_progress(drawing: Drawing, said: str, words: Words) -> None:
    if not drawing.is_on:
        st.rerun()
    st.progress(min(drawing.share, 1.0), words(said, percent=round(100 * drawing.share)))

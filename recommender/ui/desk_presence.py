"""Who else has an essay open now: noted in the server's memory by every window, and gone when a window falls silent."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from html import escape
from uuid import uuid4

import streamlit as st

from recommender.recommend import Recommender
from recommender.ui import access, desk_window
from recommender.ui.words import Words

# Seconds between two signs of life, and after how many a window counts as closed.
EVERY, SILENT = 15, 50
_NAME = "desk_window_name"


@dataclass
class Register:
    """By library and essay, the windows that have it open: whose each is, and when it gave a sign of life."""

    seen: dict[tuple[str, str], dict[str, tuple[str, float]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, place: tuple[str, str], window: str, editor: str, now: float) -> list[str]:
        """Note that a window is at a place, and nowhere else; returns whose others are there, each once."""
        with self.lock:
            for windows in self.seen.values():
                windows.pop(window, None)
            if editor:
                self.seen.setdefault(place, {})[window] = (editor, now)
            self.seen = {
                key: kept
                for key, windows in self.seen.items()
                if (kept := {w: sign for w, sign in windows.items() if now - sign[1] < SILENT})
            }
            return sorted({by for w, (by, _) in self.seen.get(place, {}).items() if w != window})


@st.cache_resource(show_spinner=False)
def register() -> Register:
    """The one of this server."""
    return Register()


def leave() -> None:
    """Note that this window has no essay open."""
    register().note(("", ""), _window(), "", time.monotonic())


@st.fragment(run_every=EVERY)
def show(recommender: Recommender, essay: str, words: Words) -> None:
    """Say who else is here, and if any has decided on the essay since this window last drew it."""
    editor = access.editor()
    others = register().note((recommender.library.name, essay), _window(), editor, time.monotonic())
    names = [words("also_you") if name == editor else escape(name) for name in others]
    if names:
        names_said = ("、" if words.language == "zh" else ", ").join(names)
        st.html(f'<p class="desk-also" role="status">{words("also_here", names=names_said)}</p>')
    if desk_window.current().is_behind(recommender, essay):
        with st.container(key="desk_behind", horizontal=True, vertical_alignment="center"):
            st.markdown(words("behind"), width="content")
            if st.button(words("catch_up"), key="catch_up"):
                st.rerun()


def _window() -> str:
    """A name that no other window has."""
    name: str = st.session_state.setdefault(_NAME, uuid4().hex)
    return name

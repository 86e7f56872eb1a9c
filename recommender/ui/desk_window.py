"""What a window of the desk has open: a list, made once, kept while nobody else writes, and brought on by decisions."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from recommender.desk import Desk, Draft
from recommender.library import Conflict
from recommender.recommend import Recommender
from recommender.types import Article, Change, Decision, Filter, Ranking, Recommendation, RecommenderError
from recommender.ui.coverage import Written, written

_WINDOW = "desk_window"
# Every piece by itself: none in the row of another.
_EACH = Ranking(collapse=False)


@dataclass(frozen=True)
class Opened:
    """A draft, and the state of the library's file that it holds for.

    ``listed`` are the pieces that the essay's own page lists and the library has, judged by their texts, by id.
    """

    draft: Draft
    written: Written
    listed: Mapping[str, Recommendation]


@dataclass(frozen=True)
class Held:
    """What an editor decided while another did: nothing of it is on record. ``others`` is what is."""

    changes: tuple[Change, ...]
    others: tuple[Decision, ...]


@dataclass
class Window:
    """What one window has open, and how far its events are done.

    Streamlit stops a run when the next is asked for, at any use of the session or of the page, and for a moment both
    go on. So what belongs together is done under ``lock``, with neither in between.

    ``held`` is what waits for its editor's word, ``news`` what others have decided on the open list since. ``round``
    are the essays that are gone through; ``is_over`` says that the last of them was just published. ``done`` is the
    number of the last event, ``said`` what was decided last, ``failed`` why the last event was not done, ``find`` the
    words that it searches for, and ``to`` the essay that it leads to, "" for the queue.
    """

    opened: Opened | None = None
    held: Held | None = None
    news: tuple[Decision, ...] = ()
    round: tuple[str, ...] = ()
    is_over: bool = False
    done: int = 0
    said: Mapping[str, Any] | None = None
    failed: str = ""
    find: str | None = None
    to: str | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def open(self, recommender: Recommender, essay: Article, own: str) -> Opened:
        """The list of an essay; what is found for it is found again only if another has written to the library since.

        ``own`` is the editor, whose decisions are no news to them. Raises as ``Desk.open`` does.
        """
        with self.lock:
            now, before = written(recommender), self.opened
            if before and before.draft.essay.id != essay.id:
                before = self.held = None
            if before and before.written == now:
                return before
            draft = Desk(recommender).open(essay)
            seen = draft.seen if before is None or self.held else before.draft.seen
            since = (d for d in draft.decisions if d.number > seen and d.essay == essay.id)
            self.news = tuple(decision for decision in since if decision.by != own)
            self.opened = Opened(draft, now, _listed(recommender, draft))
            return self.opened

    def has_open(self, essay: str) -> bool:
        """Whether it is this essay that is open."""
        return self.opened is not None and self.opened.draft.essay.id == essay

    def draft(self, essay: str) -> Draft:
        """The list of the essay as this window drew it last. Raises LookupError if it is not open here."""
        return self._of(essay).draft

    def decide(self, recommender: Recommender, essay: str, changes: Sequence[Change], by: str) -> bool:
        """Put changes of the open list on record; False if another decided on it first: then they are ``held``.

        Raises NotAllowed for one who may not edit, LibraryError if the library cannot be written.
        """
        with self.lock:
            before = self._of(essay)
            if self.held:
                self.held = replace(self.held, changes=(*self.held.changes, *changes))
                return False
            is_alone = before.written == written(recommender)
            try:
                draft = Desk(recommender).decide(before.draft, changes, by)
            except Conflict as conflict:
                self.held = Held(tuple(changes), conflict.decisions)
                return False
            now = written(recommender) if is_alone else before.written
            self.opened = replace(before, draft=draft, written=now)
            return True

    def again(self, recommender: Recommender, essay: str, by: str) -> None:
        """Decide what is held on top of what another has; if yet another came first, it is held again."""
        with self.lock:
            waiting, self.held = self.held, None
            if waiting is None:
                return
            try:
                self.decide(recommender, essay, waiting.changes, by)
            except RecommenderError:
                self.held = waiting
                raise

    def is_behind(self, recommender: Recommender, essay: str) -> bool:
        """Whether anybody has decided on the essay that is open since it was last looked up."""
        with self.lock:
            if not self.has_open(essay) or self._of(essay).written == written(recommender):
                return False
            decisions = recommender.library.decisions.of([essay])
            return max((d.number for d in decisions if d.essay == essay), default=0) != self.draft(essay).seen

    def _of(self, essay: str) -> Opened:
        if self.opened is None or self.opened.draft.essay.id != essay:
            raise LookupError(f"{essay} is not open in this window")
        return self.opened


def current() -> Window:
    """The one of this session."""
    found: Window = st.session_state.setdefault(_WINDOW, Window())
    return found


def _listed(recommender: Recommender, draft: Draft) -> dict[str, Recommendation]:
    """What the page of the essay lists, judged; what was found for the draft is not asked for again."""
    links = [link for link in dict.fromkeys(draft.essay.links) if link != draft.essay.id]
    known = {link: draft.found[link] for link in links if link in draft.found}
    others = tuple(link for link in links if link not in known)
    more = recommender.related(draft.essay, len(others), Filter(ids=others), _EACH) if others else []
    return known | {row.article.id: row for row in more}

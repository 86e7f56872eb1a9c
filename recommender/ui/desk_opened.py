"""The list that this window has open: made once, kept while nobody else writes, and brought on by each decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from recommender.desk import Desk, Draft
from recommender.library import Conflict
from recommender.recommend import Recommender
from recommender.types import Article, Change, Decision, Filter, Ranking, Recommendation
from recommender.ui import access
from recommender.ui.coverage import Written, written

_OPENED = "desk_opened"
_HELD = "desk_held"
_NEWS = "desk_news"
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
    """What an editor decided on an essay while another did: nothing of it is on record. ``others`` is what is."""

    essay: str
    changes: tuple[Change, ...]
    others: tuple[Decision, ...]


def opened(recommender: Recommender, essay: Article) -> Opened:
    """The list of an essay; what is found for it is found again only if another has written to the library since.

    Raises as ``Desk.open`` does.
    """
    before: Opened | None = st.session_state.get(_OPENED)
    now = written(recommender)
    is_open = before is not None and before.draft.essay.id == essay.id
    if before and is_open and before.written == now:
        return before
    draft = Desk(recommender).open(essay)
    if before and is_open:
        _note_news(draft, before.draft.seen)
    found = Opened(draft, now, _listed(recommender, draft))
    st.session_state[_OPENED] = found
    return found


def current(essay: str) -> Draft:
    """The list of the essay as this window drew it last. Raises LookupError if it is not open here."""
    now: Opened | None = st.session_state.get(_OPENED)
    if now is None or now.draft.essay.id != essay:
        raise LookupError(f"{essay} is not open in this window")
    return now.draft


def decide(recommender: Recommender, essay: str, changes: Sequence[Change]) -> bool:
    """Put changes of the list that is open on record; False if another has decided on it meanwhile: see ``held``.

    Raises NotAllowed for one who may not edit, LibraryError if the library cannot be written.
    """
    by = access.require()
    before: Opened = st.session_state[_OPENED]
    waiting = held(essay)
    if waiting:
        st.session_state[_HELD] = replace(waiting, changes=(*waiting.changes, *changes))
        return False
    is_alone = before.written == written(recommender)
    try:
        draft = Desk(recommender).decide(before.draft, changes, by)
    except Conflict as conflict:
        st.session_state[_HELD] = Held(essay, tuple(changes), conflict.decisions)
        return False
    now = written(recommender) if is_alone else before.written
    st.session_state[_OPENED] = replace(before, draft=draft, written=now)
    return True


def is_behind(recommender: Recommender, essay: str) -> bool:
    """Whether anybody has decided on the essay that is open since it was last looked up."""
    now: Opened | None = st.session_state.get(_OPENED)
    if now is None or now.draft.essay.id != essay or now.written == written(recommender):
        return False
    decisions = recommender.library.decisions.of([essay])
    return max((d.number for d in decisions if d.essay == essay), default=0) != now.draft.seen


def held(essay: str) -> Held | None:
    """What was decided on an essay here and is not on record, as another decided first; None if all is."""
    waiting: Held | None = st.session_state.get(_HELD)
    return waiting if waiting and waiting.essay == essay else None


def let_go() -> Held:
    """Take what is held, so that it is no more: to be done again or dropped."""
    waiting: Held = st.session_state.pop(_HELD)
    return waiting


def news(essay: str) -> list[Decision]:
    """What others have decided on the essay since this window opened it."""
    return [decision for decision in st.session_state.get(_NEWS, []) if decision.essay == essay]


def _note_news(draft: Draft, seen: int) -> None:
    own = access.editor()
    others = [d for d in draft.decisions if d.number > seen and d.essay == draft.essay.id and d.by != own]
    st.session_state[_NEWS] = [] if held(draft.essay.id) else others


def _listed(recommender: Recommender, draft: Draft) -> dict[str, Recommendation]:
    """What the page of the essay lists, judged; what was found for the draft is not asked for again."""
    links = [link for link in dict.fromkeys(draft.essay.links) if link != draft.essay.id]
    known = {link: draft.found[link] for link in links if link in draft.found}
    others = tuple(link for link in links if link not in known)
    more = recommender.related(draft.essay, len(others), Filter(ids=others), _EACH) if others else []
    return known | {row.article.id: row for row in more}

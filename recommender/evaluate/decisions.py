"""The record of editors' decisions -> gold, and figures of how lists came about: what was offered, kept and changed.

Gold made of decisions is not impartial. Editors see an order while they decide, and what stands in its first places is
kept more easily: figures by this gold favour that order over any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from recommender.curate import Curation, curation, in_effect, recalled
from recommender.evaluate.gold import Gold
from recommender.evaluate.intervals import Estimate, estimate, ratio
from recommender.library import Decisions
from recommender.types import Decision, Proposals

Span = Literal["month", "week", "day"]

PINNED, ACCEPTED, REJECTED = 2, 1, 0
_EDITS = ("pin", "free", "hide", "show", "size")
_BATCH = 200  # lists whose proposals are in memory at once


@dataclass(frozen=True)
class Offer:
    """A piece that would have been in a list if nobody had decided on it, and whether it is in the one published.

    It is kept, too, if a piece with nearly its text is.
    """

    piece: str
    closeness: float
    is_kept: bool


@dataclass(frozen=True)
class Publication:
    """A list that was published: for which essay, when (UTC, ISO 8601), and by which revision of a model.

    ``offers`` are the related pieces that the ranking had for its places, best first. ``gains`` are ``PINNED`` and
    ``ACCEPTED`` for its pieces, and ``REJECTED`` for what is hidden and what was offered and is not in it. ``edits``
    counts the decisions since the essay's list before; notes, which change no list, do not count.

    What was hidden everywhere counts as rejected for the essay on which that was decided, and for others as if it had
    not been offered: it is one decision, and says nothing of how related it is to each of them.
    """

    essay: str
    at: str
    revision: str
    offers: tuple[Offer, ...]
    gains: Mapping[str, int]
    edits: int


@dataclass(frozen=True)
class Period:
    """The lists that were published in a time: how many, the share of offers that was kept, and edits a list."""

    name: str
    lists: int
    acceptance: Estimate
    edits: Estimate


@dataclass(frozen=True)
class _Published:
    """A decision to publish, what was decided on the essay by then, and what only decisions on others hide in it."""

    decision: Decision
    decided: Curation
    elsewhere: frozenset[str]
    edits: int


def publications(record: Decisions) -> Iterator[Publication]:
    """All lists that were published and not taken back, essay by essay, each essay's in order.

    Decisions that were undone by then do not count.
    """
    found = list(_published(record.after(0)))
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        proposals = record.proposals(one.decision.proposals for one in batch)
        yield from (_publication(one, proposals[one.decision.proposals]) for one in batch)


def last_of_each(found: Iterable[Publication]) -> list[Publication]:
    """The last list of each essay."""
    return list({one.essay: one for one in found}.values())


def gold(found: Iterable[Publication]) -> Gold:
    """What the last list of each essay says is related to it, and how much."""
    return {one.essay: dict(one.gains) for one in last_of_each(found)}


def period(name: str, found: Sequence[Publication]) -> Period:
    """The figures of some lists, with intervals over lists."""
    kept = np.array([sum(offer.is_kept for offer in one.offers) for one in found])
    offered = np.array([len(one.offers) for one in found])
    return Period(name, len(found), ratio(kept, offered), estimate(one.edits for one in found))


def over_time(found: Iterable[Publication], by: Span = "month") -> list[Period]:
    """The figures of each month, week (ISO 8601, from Monday) or day of UTC in which lists were published; in order."""
    lists: dict[str, list[Publication]] = defaultdict(list)
    for one in found:
        lists[_name(one.at, by)].append(one)
    return [period(name, lists[name]) for name in sorted(lists)]


def _published(decisions: Sequence[Decision]) -> Iterator[_Published]:
    everywhere = {decision.uid for decision in decisions if decision.change.everywhere}
    shared = [d for d in decisions if d.uid in everywhere or d.change.of in everywhere]
    of_essay: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        of_essay[decision.essay].append(decision)
    for essay, own in of_essay.items():
        yield from _of_essay(essay, own, [decision for decision in shared if decision.essay != essay])


def _of_essay(essay: str, own: Sequence[Decision], others: Sequence[Decision]) -> Iterator[_Published]:
    before = 0
    for decision in (d for d in in_effect([*own, *others]) if d.essay == essay and d.change.action == "publish"):
        then = [d for d in own if d.number <= decision.number]
        decided = curation([*then, *(d for d in others if d.number <= decision.number)], essay)
        edits = sum(d.number > before and d.change.action in _EDITS for d in in_effect(then))
        yield _Published(decision, decided, decided.hidden - curation(then, essay).hidden, edits)
        before = decision.number


def _publication(of: _Published, proposals: Proposals) -> Publication:
    entries = recalled(proposals, of.decided).entries
    listed = {entry.piece for entry in entries}
    undecided = recalled(proposals, Curation(hidden=of.elsewhere, size=of.decided.size)).entries
    offers = tuple(
        Offer(row.piece, row.closeness, not listed.isdisjoint((row.piece, *row.reposts)))
        for row in (entry.proposal for entry in undecided)
        if row
    )
    rejected = (of.decided.hidden - of.elsewhere) | {offer.piece for offer in offers if not offer.is_kept}
    gains = dict.fromkeys(sorted(rejected), REJECTED)
    gains |= {entry.piece: PINNED if entry.is_pinned else ACCEPTED for entry in entries}
    return Publication(of.decision.essay, of.decision.at, proposals.revision, offers, gains, of.edits)


def _name(at: str, by: Span) -> str:
    if by == "week":
        year, week, _ = date.fromisoformat(at[:10]).isocalendar()
        return f"{year}-W{week:02}"
    return at[:7] if by == "month" else at[:10]

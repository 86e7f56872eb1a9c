"""The editor's desk: what is proposed for an essay, what is decided on it, and the list that this makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from recommender.curate import (
    CuratedList,
    Curation,
    curated,
    curation,
    in_effect,
    published,
    redoable,
    undoable,
)
from recommender.explain import Why
from recommender.explain.summary import sentence, summary
from recommender.library import Published
from recommender.published import named
from recommender.recommend import PLAIN, Recommender
from recommender.types import Article, Change, Decision, Filter, Proposal, Proposals, Ranking, Recommendation

# Rows beyond the list that an editor sees and that take the places of what is hidden, and the most rows of all.
SPARE, MOST = 10, 60
_DECIMALS = 4
_PENDING = 0  # the number of proposals that are not on record yet
# How many of the essays nearest to a new article are asked whether it belongs in their lists.
ASKED = 20


@dataclass(frozen=True)
class Draft:
    """The list of an essay as an editor has it before them.

    ``found`` and ``reasons`` have what the ranking says of each piece that is proposed or pinned, by id, best first;
    ``decisions`` are those on the essay and those that hold everywhere. ``list`` is what would be published now, and
    ``published`` what readers get, None if nothing is published.
    """

    essay: Article
    proposals: Proposals
    found: Mapping[str, Recommendation]
    reasons: Mapping[str, Why]
    decisions: tuple[Decision, ...]
    decided: Curation
    list: CuratedList
    published: CuratedList | None

    @property
    def seen(self) -> int:
        """The number of the last decision on the essay, 0 for none."""
        return max((d.number for d in self.decisions if d.essay == self.essay.id), default=0)

    @property
    def undoable(self) -> Decision | None:
        """What undo takes back."""
        return undoable(self.decisions, self.essay.id)

    @property
    def redoable(self) -> Decision | None:
        """What redo brings back."""
        return redoable(self.decisions, self.essay.id)

    @property
    def is_changed(self) -> bool:
        """Whether the list is another than the published one."""
        return self.published is None or _pieces(self.list) != _pieces(self.published)


@dataclass(frozen=True)
class Inbound:
    """An older essay whose list a new piece belongs in: at which place, and why."""

    draft: Draft
    place: int
    proposal: Proposal


@dataclass(frozen=True)
class _Now:
    """A published list: by which decision, on which proposals."""

    decision: Decision
    proposals: Proposals
    list: CuratedList


class Desk:
    """The curation of a library's lists."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self.record = recommender.library.decisions

    def open(self, essay: Article, ranking: Ranking = PLAIN) -> Draft:
        """What is proposed for the list of an essay and what is decided on it; writes nothing.

        Raises as ``Recommender.related`` does.
        """
        return self._draft(essay, ranking, self.record.of([essay.id]), {}, {})

    def decide(self, draft: Draft, changes: Sequence[Change], by: str) -> Draft:
        """Put changes by an editor on record, all or none, and return the list as it is then.

        Raises Conflict, and writes nothing, if somebody else has decided on the essay since the draft was made;
        LibraryError if the library cannot be written.
        """
        fresh = _numbered(draft, changes, by)
        seen, decisions = draft.seen, [*draft.decisions, *fresh]
        if any(change.action == "pin" and change.piece not in draft.found for change in changes):
            draft = self._again(draft, decisions)
        listed = _listed(self._published(decisions, draft.essay.id, draft.proposals))
        self.record.put(fresh, draft.proposals, seen, listed)
        return self._again(draft, self.record.of([draft.essay.id]))

    def undo(self, draft: Draft, by: str) -> Draft:
        """Take back the last decision on the essay that is in effect; raises as ``decide`` does."""
        last = draft.undoable
        return self.decide(draft, [Change("undo", of=last.uid)], by) if last else draft

    def redo(self, draft: Draft, by: str) -> Draft:
        """Bring back the decision that was undone last; raises as ``decide`` does."""
        last = draft.redoable
        return self.decide(draft, [Change("redo", of=last.uid)], by) if last else draft

    def decide_all(self, essays: Sequence[str], changes: Sequence[Change], by: str) -> Iterator[Draft]:
        """Put the same changes on record for each of these essays that the library has; yields each list."""
        for essay in self.recommender.library.articles(essays).values():
            yield self.decide(self.open(essay), changes, by)

    def at(self, essay: str, number: int) -> CuratedList:
        """The list of an essay as it was after the decision of this number on it.

        Pieces that have left the library since are in it, too. Raises KeyError if there is no such decision on it.
        """
        decisions = [d for d in self.record.of([essay]) if d.number <= number]
        of_number = {d.number: d.proposals for d in decisions if d.essay == essay}[number]
        rows = self.record.proposals([of_number])[of_number].rows
        decided = curation(decisions, essay)
        return curated(rows, decided, named(rows, decided))

    def inbound(self, piece: Article) -> Iterator[Inbound | None]:
        """The essays whose lists this piece belongs in by their texts and does not stand in yet.

        Yields as often as an essay was looked at, None for those that it does not belong in.
        """
        near = self.recommender.matches(piece, ASKED)
        for essay in (match.article for match in near if not match.article.page and "repost" not in match.relations):
            draft = self.open(essay)
            has = {entry.piece for entry in (draft.published.entries if draft.published else ())} | set(essay.links)
            places = [place for place, entry in enumerate(draft.list.entries, 1) if entry.piece == piece.id]
            proposal = next((row for row in draft.proposals.rows if row.piece == piece.id), None)
            yield Inbound(draft, places[0], proposal) if places and proposal and piece.id not in has else None

    def accept(self, inbound: Inbound, by: str) -> Draft:
        """Pin the piece in the list of the essay, and publish that if a list is published and nothing else has changed.

        Its other pieces stay those that were published. Raises as ``decide`` does.
        """
        draft = inbound.draft
        found = published(draft.decisions, draft.essay.id)
        changes = [Change("pin", inbound.proposal.piece, inbound.place)]
        if found and found[0].number == draft.seen:
            before = self.record.proposals([found[0].proposals])[found[0].proposals]
            rows = [row for row in before.rows if row.piece != inbound.proposal.piece]
            draft = replace(draft, proposals=replace(before, rows=(*rows, inbound.proposal)))
            changes.append(Change("publish"))
        return self.decide(draft, changes, by)

    def merge(self, decisions: Sequence[tuple[Decision, Proposals]]) -> list[Decision]:
        """Take over decisions of another library with what was proposed then; returns those that were not here yet."""
        added = self.record.merge(decisions)
        pending = {proposals.essay: proposals for _, proposals in decisions}
        essays = dict.fromkeys(decision.essay for decision in added)
        now = {essay: self._published(self.record.of([essay]), essay, pending[essay]) for essay in essays}
        self.record.publish({essay: _listed(found) for essay, found in now.items()})
        return added

    def _again(self, draft: Draft, decisions: Sequence[Decision]) -> Draft:
        """A draft with other decisions; what was found for it is found again only if that does not do for them."""
        return self._draft(draft.essay, draft.proposals.ranking, decisions, draft.found, draft.reasons)

    def _draft(
        self,
        essay: Article,
        ranking: Ranking,
        decisions: Sequence[Decision],
        found: Mapping[str, Recommendation],
        reasons: Mapping[str, Why],
    ) -> Draft:
        decided = curation(decisions, essay.id)
        wanted = min(decided.size + SPARE + sum(d.essay == essay.id for d in in_effect(decisions)), MOST)
        if not found or wanted - len(found) >= SPARE:
            found, reasons = self._with(essay, self.recommender.related(essay, wanted, ranking=ranking))
        missing = self.recommender.library.owners(decided.pins.keys() - found.keys())
        if missing:
            alone = replace(ranking, collapse=False)
            more = self.recommender.related(essay, len(missing), Filter(ids=tuple(missing)), alone)
            of_more, why_more = self._with(essay, more)
            found, reasons = {**found, **of_more}, {**reasons, **why_more}
        proposals = self._proposals(essay, ranking, found, reasons)
        list_ = curated(proposals.rows, decided, self._held(proposals.rows, decided))
        now = self._published(decisions, essay.id, proposals)
        return Draft(essay, proposals, found, reasons, tuple(decisions), decided, list_, now.list if now else None)

    def _with(
        self, essay: Article, found: Sequence[Recommendation]
    ) -> tuple[dict[str, Recommendation], dict[str, Why]]:
        """What was found, and why, by the ids of the pieces."""
        reasons = self.recommender.why(essay, found)
        return (
            {row.article.id: row for row in found},
            {row.article.id: why for row, why in zip(found, reasons, strict=True)},
        )

    def _proposals(
        self, essay: Article, ranking: Ranking, found: Mapping[str, Recommendation], reasons: Mapping[str, Why]
    ) -> Proposals:
        rows = []
        for id_, row in found.items():
            said = summary(reasons[id_])
            reposts = tuple(article.id for article in row.reposts)
            closeness = round(row.closeness, _DECIMALS)
            rows.append(Proposal(id_, reposts, closeness, row.relevance, sentence(said, "zh"), sentence(said, "en")))
        encoder, digest = self.recommender.encoder, self.recommender.library.digests([essay.id])[essay.id]
        return Proposals(essay.id, digest, encoder.name, encoder.revision, ranking, tuple(rows))

    def _held(self, rows: Sequence[Proposal], decided: Curation) -> set[str]:
        return set(self.recommender.library.owners(named(rows, decided)))

    def _published(self, decisions: Sequence[Decision], essay: str, pending: Proposals) -> _Now | None:
        """The list that is published by these decisions; those that are not on record yet are on ``pending``."""
        found = published(decisions, essay)
        if found is None:
            return None
        decision, decided = found
        then = self.record.proposals([decision.proposals]).get(decision.proposals, pending)
        return _Now(decision, then, curated(then.rows, decided, self._held(then.rows, decided)))


def _numbered(draft: Draft, changes: Sequence[Change], by: str) -> list[Decision]:
    """Changes as decisions that come after those that are known, and are not on record yet."""
    last, at = max((d.number for d in draft.decisions), default=0), datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Decision(number, uuid4().hex, draft.essay.id, by, at, _PENDING, change)
        for number, change in enumerate(changes, last + 1)
    ]


def _listed(now: _Now | None) -> Published | None:
    """What the queue is to know of a published list."""
    if now is None:
        return None
    pieces = _pieces(now.list)
    known = [entry.proposal.closeness for entry in now.list.entries if entry.proposal]
    strength = sum(known) / len(known) if known else 0.0
    return Published(now.decision.at, now.proposals.digest, pieces, round(strength, _DECIMALS))


def _pieces(of_list: CuratedList) -> tuple[str, ...]:
    return tuple(entry.piece for entry in of_list.entries)

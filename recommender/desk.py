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
    named,
    publication,
    published,
    recalled,
    redoable,
    undoable,
)
from recommender.explain import Why
from recommender.explain.summary import sentence, summary
from recommender.library import EVERYTHING
from recommender.recommend import PLAIN, Recommender
from recommender.types import Article, Change, Decision, Filter, Proposal, Proposals, Ranking, Recommendation

# Rows beyond the list, that an editor sees and that take the places of what is hidden; and the most rows of all.
SPARE, MOST = 10, 60
_DECIMALS = 4
_PENDING = 0  # the number of proposals that are not on record yet
# How many of the essays nearest to a new article are asked whether it belongs in their lists.
ASKED = 20


@dataclass(frozen=True)
class Ranked:
    """A piece as the ranking has it for an essay, and why."""

    proposal: Proposal
    found: Recommendation
    why: Why


@dataclass(frozen=True)
class Answer:
    """What the ranking has for an essay: the ``best``, of as many as were ``asked`` for, and others by their ids.

    The others are pieces that were pinned when a draft was made of it.
    """

    asked: int
    best: tuple[Ranked, ...]
    others: Mapping[str, Ranked]


@dataclass(frozen=True)
class Draft:
    """The list of an essay as an editor has it before them.

    ``found`` and ``reasons`` have what the ranking says of each piece that is proposed or pinned, by id, best first, by
    its ``answer``. ``decisions`` are those on the essay and those that hold everywhere. ``list`` is what would be
    published now, and ``published`` what readers get, None if nothing is published.
    """

    essay: Article
    answer: Answer
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


class Desk:
    """The curation of a library's lists."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self.record = recommender.library.decisions

    def open(self, essay: Article, ranking: Ranking = PLAIN) -> Draft:
        """What is proposed for the list of an essay and what is decided on it; writes nothing.

        Raises as ``Recommender.related`` does.
        """
        encoder, digest = self.recommender.encoder, self.recommender.library.digests([essay.id])[essay.id]
        nothing = Proposals(essay.id, digest, encoder.name, encoder.revision, ranking, ())
        return self._draft(essay, nothing, self.record.of([essay.id]), Answer(0, (), {}))

    def decide(self, draft: Draft, changes: Sequence[Change], by: str) -> Draft:
        """Put changes by an editor on record, all or none, and return the list as it is then.

        Raises Conflict, and writes nothing, if somebody else has decided on the essay since the draft was made;
        LibraryError if the library cannot be written.
        """
        fresh = _numbered(draft, changes, by)
        then = self._again(draft, [*draft.decisions, *fresh])  # what they are on record with has the pieces they need
        return self._put(then, fresh, then.proposals, draft.seen)

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
        return recalled(self.record.proposals([of_number])[of_number], curation(decisions, essay))

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
        draft, proposal = inbound.draft, inbound.proposal
        pin, last = Change("pin", proposal.piece, inbound.place), publication(draft.decisions, draft.essay.id)
        if last is None or last.number != draft.seen:
            return self.decide(draft, [pin], by)
        before = self.record.proposals([last.proposals])[last.proposals]
        rows = (*(row for row in before.rows if row.piece != proposal.piece), proposal)
        then = replace(before, rows=rows, gone=self._gone(rows, draft.decided))
        return self._put(draft, _numbered(draft, [pin, Change("publish")], by), then, draft.seen)

    def _put(self, draft: Draft, fresh: Sequence[Decision], proposals: Proposals, seen: int) -> Draft:
        self.record.put(fresh, proposals, seen)
        return self._again(draft, self.record.of([draft.essay.id]))

    def _again(self, draft: Draft, decisions: Sequence[Decision]) -> Draft:
        """A draft with other decisions; the ranking is asked again only if its answer does not do for them."""
        return self._draft(draft.essay, draft.proposals, decisions, draft.answer)

    def _draft(self, essay: Article, like: Proposals, decisions: Sequence[Decision], answer: Answer) -> Draft:
        """A draft with proposals that are ``like`` others but for the rows."""
        decided = curation(decisions, essay.id)
        wanted = _wanted(decided.size, decisions, essay.id)
        answer = self._enough(essay, like.ranking, decided, answer, wanted)
        best = {ranked.proposal.piece: ranked for ranked in answer.best[:wanted]}
        ranked = best | {id_: answer.others[id_] for id_ in decided.pins if id_ in answer.others and id_ not in best}
        rows = tuple(one.proposal for one in ranked.values())
        proposals = replace(like, rows=rows, gone=self._gone(rows, decided))
        return Draft(
            essay,
            answer,
            proposals,
            {id_: one.found for id_, one in ranked.items()},
            {id_: one.why for id_, one in ranked.items()},
            tuple(decisions),
            decided,
            curated(rows, decided, named(rows, decided) - set(proposals.gone)),
            self._published(decisions, proposals),
        )

    def _enough(self, essay: Article, ranking: Ranking, decided: Curation, answer: Answer, wanted: int) -> Answer:
        """An answer of as many pieces as are wanted, and with those that are pinned, as far as the library has them."""
        if answer.asked < wanted:
            answer = replace(answer, asked=wanted, best=self._ranked(essay, wanted, ranking))
        known = {ranked.proposal.piece for ranked in answer.best[:wanted]} | answer.others.keys()
        missing = self.recommender.library.owners(decided.pins.keys() - known)
        if not missing:
            return answer
        more = self._ranked(essay, len(missing), replace(ranking, collapse=False), Filter(ids=tuple(missing)))
        return replace(answer, others={**answer.others, **{one.proposal.piece: one for one in more}})

    def _ranked(self, essay: Article, k: int, ranking: Ranking, among: Filter = EVERYTHING) -> tuple[Ranked, ...]:
        found = self.recommender.related(essay, k, among, ranking)
        reasons = self.recommender.why(essay, found)
        return tuple(Ranked(_proposal(*both), *both) for both in zip(found, reasons, strict=True))

    def _gone(self, rows: Sequence[Proposal], decided: Curation) -> tuple[str, ...]:
        """The pieces of a list that the library does not have."""
        pieces = named(rows, decided)
        return tuple(sorted(pieces - self.recommender.library.owners(pieces).keys()))

    def _published(self, decisions: Sequence[Decision], pending: Proposals) -> CuratedList | None:
        """The list that is published by these decisions; those that are not on record yet are on ``pending``."""
        found = published(decisions, pending.essay)
        if found is None:
            return None
        decision, decided = found
        rows = self.record.proposals([decision.proposals]).get(decision.proposals, pending).rows
        return curated(rows, decided, named(rows, decided) - set(self._gone(rows, decided)))


def _wanted(size: int, decisions: Sequence[Decision], essay: str) -> int:
    """How many rows an editor has before them: more, by steps, the more pieces they have hidden."""
    own = [d.change for d in in_effect(decisions) if d.essay == essay]
    hidden = sum(change.action == "hide" or bool(change.instead) for change in own)
    return min(size + SPARE + hidden // SPARE * SPARE, MOST)


def _proposal(found: Recommendation, why: Why) -> Proposal:
    said, reposts = summary(why), tuple(article.id for article in found.reposts)
    closeness = round(found.closeness, _DECIMALS)
    return Proposal(found.article.id, reposts, closeness, found.relevance, sentence(said, "zh"), sentence(said, "en"))


def _numbered(draft: Draft, changes: Sequence[Change], by: str) -> list[Decision]:
    """Changes as decisions that come after those that are known, and are not on record yet."""
    last, at = max((d.number for d in draft.decisions), default=0), datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Decision(number, uuid4().hex, draft.essay.id, by, at, _PENDING, change)
        for number, change in enumerate(changes, last + 1)
    ]


def _pieces(of_list: CuratedList) -> tuple[str, ...]:
    return tuple(entry.piece for entry in of_list.entries)

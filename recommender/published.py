"""The lists that are published, out of a library's record: what the site gets. Needs no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recommender.curate import curated, known_to, named, published
from recommender.library import Library, Listing
from recommender.types import Filter, Proposal

_BATCH = 200  # essays read at once
_AT_ONCE = 5_000  # articles named in one query: SQLite takes 32,766


@dataclass(frozen=True)
class Piece:
    """A row of a published list. ``proposal`` is what the ranking said of it, None for what it did not find."""

    article: Listing
    is_pinned: bool
    proposal: Proposal | None


@dataclass(frozen=True)
class PublishedList:
    """The list of an essay as readers get it: who published it, when (UTC, ISO 8601), and its pieces in order.

    ``lost`` are the ids of pinned pieces that the library does not have any more.
    """

    essay: Listing
    by: str
    at: str
    pieces: tuple[Piece, ...]
    lost: tuple[str, ...]


def published_lists(library: Library, essays: Sequence[str] | None = None) -> Iterator[PublishedList]:
    """The published lists of those of the essays that have one, in the order asked for; of all that do, if None.

    What was removed or hidden everywhere since a list was published is not in it; its place goes to what was proposed
    next then.
    """
    asked = library.decisions.published() if essays is None else list(dict.fromkeys(essays))
    for start in range(0, len(asked), _BATCH):
        yield from _some(library, asked[start : start + _BATCH])


def _some(library: Library, essays: Sequence[str]) -> Iterator[PublishedList]:
    record = library.decisions
    found = {essay: published(own, essay) for essay, own in known_to(essays, record.of(essays)).items()}
    lists = {essay: of_list for essay, of_list in found.items() if of_list}
    proposals = record.proposals(decision.proposals for decision, _ in lists.values())
    names = {essay: named(proposals[decision.proposals].rows, decided) for essay, (decision, decided) in lists.items()}
    heads = _heads(library, list({*lists, *set().union(*names.values())}))
    for essay, (decision, decided) in lists.items():
        if essay in heads:
            made = curated(proposals[decision.proposals].rows, decided, names[essay] & heads.keys())
            pieces = (Piece(heads[entry.piece], entry.is_pinned, entry.proposal) for entry in made.entries)
            yield PublishedList(heads[essay], decision.by, decision.at, tuple(pieces), made.lost)


def _heads(library: Library, ids: Sequence[str]) -> dict[str, Listing]:
    """Those of the articles that the library has, without their texts."""
    some = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return {head.id: head for part in some for head in library.listings(Filter(ids=tuple(part)))}

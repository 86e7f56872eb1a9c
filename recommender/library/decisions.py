"""The decisions of editors in the file of a library: the record, and the lists that follow from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from recommender.library import EVERYTHING, Recorded, State, Task, lists, record
from recommender.library.connections import Connections
from recommender.types import Decision, Filter, Proposals


def create(db: sqlite3.Connection) -> None:
    """Make the tables, within a transaction of the caller."""
    record.create(db)
    lists.create(db)


class SqliteDecisions:
    """The decisions in the file of a library; see ``Decisions``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of(self, essays: Sequence[str]) -> list[Decision]:
        """The decisions on these essays, and all that hold everywhere, with what undid them; in order."""
        with self._connections.reading() as db:
            return record.of_essays(db, essays)

    def after(self, number: int, limit: int = -1) -> list[Decision]:
        """The decisions after one, in order."""
        with self._connections.reading() as db:
            return record.after(db, number, limit)

    def every(self) -> Iterator[Recorded]:
        """All of the record in order, as it is at one moment; see ``Decisions.every``."""
        with self._connections.reading() as db:
            yield from record.every(db)

    def put(self, decisions: Sequence[Decision], proposals: Proposals, seen: int) -> list[Decision]:
        """Append decisions on one essay, all or none; see ``Decisions.put``."""
        with self._connections.writing() as db:
            added = record.put(db, decisions, proposals, seen)
            lists.renew(db, [proposals.essay])
            return added

    def merge(self, recorded: Iterable[Recorded]) -> int:
        """Append what another record has, all or nothing; see ``Decisions.merge``."""
        with self._connections.writing() as db:
            essays = record.merge(db, recorded)
            lists.renew(db, dict.fromkeys(essays))
            return len(essays)

    def proposals(self, numbers: Iterable[int]) -> dict[int, Proposals]:
        """What was proposed, by numbers."""
        with self._connections.reading() as db:
            return record.proposals(db, numbers)

    def published(self, limit: int = -1, offset: int = 0) -> list[str]:
        """The essays of the library that have a published list, in the order in which they came."""
        with self._connections.reading() as db:
            return lists.published(db, limit, offset)

    def lists_with(self, piece: str) -> list[str]:
        """The essays whose lists had a piece when they were published."""
        with self._connections.reading() as db:
            return lists.lists_with(db, piece)

    def queue(
        self, state: State | None = None, limit: int = -1, offset: int = 0, among: Filter = EVERYTHING
    ) -> list[Task]:
        """The essays in the order in which editors see to them."""
        with self._connections.reading() as db:
            return lists.queue(db, state, limit, offset, among)

    def states(self) -> dict[State, int]:
        """How many essays are in each state."""
        with self._connections.reading() as db:
            return lists.states(db)

"""The record of editors' decisions in a library's file; see ``Decisions``.

Every function works within a transaction of its caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from recommender.library import Conflict, Published, State, Task
from recommender.library.connections import Connections
from recommender.library.forms import to_json
from recommender.library.reading import rows_in
from recommender.types import Change, Decision, Proposal, Proposals, Ranking

# "lists" and "listed" say of the record what the queue asks; they can be made anew from it.
_TABLES = """
CREATE TABLE proposals (
    number INTEGER PRIMARY KEY AUTOINCREMENT, essay TEXT NOT NULL, digest TEXT NOT NULL, model TEXT NOT NULL,
    revision TEXT NOT NULL, ranking TEXT NOT NULL, rows TEXT NOT NULL
);
CREATE INDEX proposals_essay ON proposals (essay);
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, essay TEXT NOT NULL, editor TEXT NOT NULL,
    at TEXT NOT NULL, proposals INTEGER NOT NULL REFERENCES proposals, everywhere INTEGER NOT NULL, change TEXT NOT NULL
);
CREATE INDEX decisions_essay ON decisions (essay);
CREATE INDEX decisions_everywhere ON decisions (number) WHERE everywhere;
CREATE TABLE lists (
    essay TEXT PRIMARY KEY, at TEXT NOT NULL, digest TEXT NOT NULL, strength REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE listed (
    essay TEXT NOT NULL, position INTEGER NOT NULL, piece TEXT NOT NULL,
    PRIMARY KEY (essay, position)
) WITHOUT ROWID;
CREATE INDEX listed_piece ON listed (piece)
"""
_DECISION = "SELECT number, uid, essay, editor, at, proposals, change FROM decisions"
_PROPOSALS = "SELECT number, essay, digest, model, revision, ranking, rows FROM proposals"
# The states in the order in which editors see to them.
_GONE = "SELECT 1 FROM listed WHERE essay = a.id AND NOT EXISTS (SELECT 1 FROM articles WHERE id = piece)"
_QUEUE = f"""
SELECT id, title, number, at, strength, CASE
    WHEN l.essay IS NULL THEN 'new'
    WHEN l.digest != a.digest THEN 'changed'
    WHEN EXISTS ({_GONE}) THEN 'gone'
    ELSE 'done' END AS state
FROM articles AS a LEFT JOIN lists AS l ON l.essay = a.id WHERE page = ''
"""
_DEFAULTS = {field.name: field.default for field in fields(Change)}


def create(db: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in _TABLES.split(";"):
        db.execute(statement)


def of_essays(db: sqlite3.Connection, essays: Sequence[str]) -> list[Decision]:
    """The decisions on these essays and those that hold everywhere, in order.

    With those come what undid or redid them, which may have been done to another essay's.
    """
    rows = {row[0]: row for row in rows_in(db, f"{_DECISION} WHERE essay IN ({{}})", list(dict.fromkeys(essays)))}
    rows |= {row[0]: row for row in db.execute(f"{_DECISION} WHERE everywhere")}
    return [_decision(rows[number]) for number in sorted(rows)]


def after(db: sqlite3.Connection, number: int, limit: int) -> list[Decision]:
    """The decisions after one, in order."""
    rows = db.execute(f"{_DECISION} WHERE number > ? ORDER BY number LIMIT ?", (number, limit))
    return [_decision(row) for row in rows]


def put(
    db: sqlite3.Connection, decisions: Sequence[Decision], proposals: Proposals, seen: int, listed: Published | None
) -> list[Decision]:
    """Append decisions on one essay to the record; see ``Decisions.put``."""
    essay = proposals.essay
    newer = db.execute(f"{_DECISION} WHERE essay = ? AND number > ? ORDER BY number", (essay, seen)).fetchall()
    if newer:
        raise Conflict([_decision(row) for row in newer])
    added = append(db, [(decision, proposals) for decision in decisions])
    publish(db, {essay: listed})
    return added


def append(db: sqlite3.Connection, decisions: Iterable[tuple[Decision, Proposals]]) -> list[Decision]:
    """Append decisions with what was proposed then; one whose uid is there already is passed over."""
    added = []
    for decision, proposals in decisions:
        values = (decision.uid, decision.essay, decision.by, decision.at, _put_proposals(db, proposals))
        changed = db.execute(
            "INSERT INTO decisions (uid, essay, editor, at, proposals, everywhere, change) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING RETURNING number",
            (*values, _holds_everywhere(db, decision), to_json(_known(decision.change))),
        ).fetchone()
        if changed:
            added.append(Decision(changed[0], *values, decision.change))
    return added


def publish(db: sqlite3.Connection, lists: Mapping[str, Published | None]) -> None:
    """Note the lists that the record says are published, by their essays."""
    for essay, listed in lists.items():
        db.execute("DELETE FROM listed WHERE essay = ?", (essay,))
        db.execute("DELETE FROM lists WHERE essay = ?", (essay,))
        if listed:
            db.execute("INSERT INTO lists VALUES (?, ?, ?, ?)", (essay, listed.at, listed.digest, listed.strength))
            rows = [(essay, position, piece) for position, piece in enumerate(listed.pieces)]
            db.executemany("INSERT INTO listed VALUES (?, ?, ?)", rows)


def _put_proposals(db: sqlite3.Connection, proposals: Proposals) -> int:
    """The number of proposals, which are kept again only if they are others than the essay had last."""
    values = _values(proposals)
    last = db.execute(f"{_PROPOSALS} WHERE essay = ? ORDER BY number DESC LIMIT 1", (proposals.essay,)).fetchone()
    if last and last[1:] == values:
        number: int = last[0]
        return number
    columns = "essay, digest, model, revision, ranking, rows"
    (number,) = db.execute(
        f"INSERT INTO proposals ({columns}) VALUES (?, ?, ?, ?, ?, ?) RETURNING number", values
    ).fetchone()
    return number


def proposals(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Proposals]:
    """What was proposed, by numbers."""
    rows = rows_in(db, f"{_PROPOSALS} WHERE number IN ({{}})", sorted(set(numbers)))
    return {number: _proposals(values) for number, *values in rows}


def published(db: sqlite3.Connection, limit: int, offset: int) -> list[str]:
    """The essays that are in the library and have a list, in the order in which they came."""
    query = "SELECT id FROM articles JOIN lists ON essay = id WHERE page = '' ORDER BY number LIMIT ? OFFSET ?"
    return [id_ for (id_,) in db.execute(query, (limit, offset))]


def lists_with(db: sqlite3.Connection, piece: str) -> list[str]:
    """The essays whose lists have a piece."""
    return [essay for (essay,) in db.execute("SELECT essay FROM listed WHERE piece = ? ORDER BY essay", (piece,))]


def queue(db: sqlite3.Connection, state: State | None, limit: int, offset: int) -> list[Task]:
    """Essays in the order in which editors see to them; of those that are done, the weakest lists first."""
    where, order = ("WHERE state = ?", (state,)) if state else ("", ())
    rows = db.execute(
        f"SELECT id, title, state, at, strength FROM ({_QUEUE}) {where} "
        "ORDER BY instr('new changed gone done', state), strength, number LIMIT ? OFFSET ?",
        (*order, limit, offset),
    )
    return [Task(id_, title, state, at or "", strength or 0.0) for id_, title, state, at, strength in rows]


def states(db: sqlite3.Connection) -> dict[State, int]:
    """How many essays are in each state."""
    return dict(db.execute(f"SELECT state, count(*) FROM ({_QUEUE}) GROUP BY state"))


def _holds_everywhere(db: sqlite3.Connection, decision: Decision) -> bool:
    """Whether other essays are to know of a decision: it hides everywhere, or undoes what does."""
    if not decision.change.of:
        return decision.change.everywhere
    found = db.execute("SELECT everywhere FROM decisions WHERE uid = ?", (decision.change.of,)).fetchone()
    return bool(found and found[0])


def _known(change: Change) -> dict[str, object]:
    return {name: value for name, value in asdict(change).items() if value != _DEFAULTS[name]}


def _decision(row: tuple[Any, ...]) -> Decision:
    number, uid, essay, by, at, proposals, change = row
    return Decision(number, uid, essay, by, at, proposals, Change(**json.loads(change)))


def _values(proposals: Proposals) -> tuple[str, ...]:
    rows = [list(asdict(row).values()) for row in proposals.rows]
    heads = (proposals.essay, proposals.digest, proposals.model, proposals.revision)
    return (*heads, to_json(asdict(proposals.ranking)), to_json(rows))


def _proposals(values: Sequence[Any]) -> Proposals:
    essay, digest, model, revision, ranking, rows = values
    settings: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(ranking).items()
    }
    read = (Proposal(piece, tuple(reposts), *rest) for piece, reposts, *rest in json.loads(rows))
    return Proposals(essay, digest, model, revision, Ranking(**settings), tuple(read))


class SqliteDecisions:
    """The record in the file of a library; see ``Decisions``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def of(self, essays: Sequence[str]) -> list[Decision]:
        """The decisions on these essays, and all that hold everywhere, with what undid them; in order."""
        with self._connections.reading() as db:
            return of_essays(db, essays)

    def after(self, number: int, limit: int = -1) -> list[Decision]:
        """The decisions after one, in order."""
        with self._connections.reading() as db:
            return after(db, number, limit)

    def put(
        self, decisions: Sequence[Decision], proposals: Proposals, seen: int, listed: Published | None
    ) -> list[Decision]:
        """Append decisions on one essay, all or none; see ``Decisions.put``."""
        with self._connections.writing() as db:
            return put(db, decisions, proposals, seen, listed)

    def merge(self, decisions: Sequence[tuple[Decision, Proposals]]) -> list[Decision]:
        """Append decisions of another library; see ``Decisions.merge``."""
        with self._connections.writing() as db:
            return append(db, decisions)

    def publish(self, lists: Mapping[str, Published | None]) -> None:
        """Note which lists the record says are published, by their essays."""
        with self._connections.writing() as db:
            publish(db, lists)

    def proposals(self, numbers: Iterable[int]) -> dict[int, Proposals]:
        """What was proposed, by numbers."""
        with self._connections.reading() as db:
            return proposals(db, numbers)

    def published(self, limit: int = -1, offset: int = 0) -> list[str]:
        """The essays of the library that have a published list, in the order in which they came."""
        with self._connections.reading() as db:
            return published(db, limit, offset)

    def lists_with(self, piece: str) -> list[str]:
        """The essays whose published lists have a piece."""
        with self._connections.reading() as db:
            return lists_with(db, piece)

    def queue(self, state: State | None = None, limit: int = -1, offset: int = 0) -> list[Task]:
        """The essays in the order in which editors see to them."""
        with self._connections.reading() as db:
            return queue(db, state, limit, offset)

    def states(self) -> dict[State, int]:
        """How many essays are in each state."""
        with self._connections.reading() as db:
            return states(db)

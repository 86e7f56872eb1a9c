"""The record of decisions in a library's file: what was decided, and what was proposed then. It only grows.

Every function works within a transaction of its caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from recommender.library import Conflict, Recorded
from recommender.library.decision_forms import decision_of, proposals_of, stored_change, stored_proposals
from recommender.library.reading import rows_in
from recommender.types import Decision, Proposals

_TABLES = """
CREATE TABLE proposals (
    number INTEGER PRIMARY KEY AUTOINCREMENT, essay TEXT NOT NULL, digest TEXT NOT NULL, model TEXT NOT NULL,
    revision TEXT NOT NULL, ranking TEXT NOT NULL, rows TEXT NOT NULL, gone TEXT NOT NULL
);
CREATE INDEX proposals_essay ON proposals (essay);
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, essay TEXT NOT NULL, editor TEXT NOT NULL,
    at TEXT NOT NULL, proposals INTEGER NOT NULL REFERENCES proposals, everywhere INTEGER NOT NULL, change TEXT NOT NULL
);
CREATE INDEX decisions_essay ON decisions (essay);
CREATE INDEX decisions_everywhere ON decisions (number) WHERE everywhere
"""
_COLUMNS = "essay, digest, model, revision, ranking, rows, gone"
# Rows for ``decision_of``, and for ``proposals_of`` with the number before.
DECISION = "SELECT number, uid, essay, editor, at, proposals, change FROM decisions"
PROPOSALS = f"SELECT number, {_COLUMNS} FROM proposals"


def create(db: sqlite3.Connection) -> None:
    """Make the tables, and the triggers that keep what is in them as it is."""
    for statement in _TABLES.split(";"):
        db.execute(statement)
    for table in ("proposals", "decisions"):
        for event in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, "
                "'the record of decisions only grows: to take a decision back, append one that undoes it'); END"
            )


def of_essays(db: sqlite3.Connection, essays: Sequence[str]) -> list[Decision]:
    """The decisions on these essays and those that hold everywhere, in order.

    With those come what undid or redid them, which may have been done to another essay's.
    """
    rows = {row[0]: row for row in rows_in(db, f"{DECISION} WHERE essay IN ({{}})", list(dict.fromkeys(essays)))}
    rows |= {row[0]: row for row in db.execute(f"{DECISION} WHERE everywhere")}
    return [decision_of(rows[number]) for number in sorted(rows)]


def after(db: sqlite3.Connection, number: int, limit: int) -> list[Decision]:
    """The decisions after one, in order."""
    rows = db.execute(f"{DECISION} WHERE number > ? ORDER BY number LIMIT ?", (number, limit))
    return [decision_of(row) for row in rows]


def every(db: sqlite3.Connection) -> Iterator[Recorded]:
    """All of the record in order; what was proposed comes before the first decision that was made on it."""
    seen: set[int] = set()
    for row in db.execute(f"{DECISION} ORDER BY number"):
        decision = decision_of(row)
        if decision.proposals not in seen:
            seen.add(decision.proposals)
            yield decision.proposals, proposals(db, [decision.proposals])[decision.proposals]
        yield decision


def proposals(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Proposals]:
    """What was proposed, by numbers."""
    rows = rows_in(db, f"{PROPOSALS} WHERE number IN ({{}})", sorted(set(numbers)))
    return {number: proposals_of(columns) for number, *columns in rows}


def put(db: sqlite3.Connection, decisions: Sequence[Decision], proposals: Proposals, seen: int) -> list[Decision]:
    """Append decisions on one essay; see ``Decisions.put``."""
    essay = proposals.essay
    newer = db.execute(f"{DECISION} WHERE essay = ? AND number > ? ORDER BY number", (essay, seen)).fetchall()
    if newer:
        raise Conflict([decision_of(row) for row in newer])
    number = _put_proposals(db, proposals)
    return [added for decision in decisions if (added := _append(db, decision, number))]


def merge(db: sqlite3.Connection, recorded: Iterable[Recorded]) -> list[str]:
    """Append what another record has, and return the essay of each decision that is new; see ``Decisions.merge``."""
    numbers: dict[int, int] = {}
    essays = []
    for one in recorded:
        if not isinstance(one, Decision):
            numbers[one[0]] = _put_proposals(db, one[1])
        elif _append(db, one, numbers[one.proposals]):
            essays.append(one.essay)
    return essays


def _append(db: sqlite3.Connection, decision: Decision, proposals: int) -> Decision | None:
    """The decision as it is on record now, None if it was there already."""
    values = (decision.uid, decision.essay, decision.by, decision.at, proposals)
    found = db.execute(
        "INSERT INTO decisions (uid, essay, editor, at, proposals, everywhere, change) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING RETURNING number",
        (*values, _holds_everywhere(db, decision), stored_change(decision.change)),
    ).fetchone()
    return Decision(found[0], *values, decision.change) if found else None


def _holds_everywhere(db: sqlite3.Connection, decision: Decision) -> bool:
    """Whether other essays are to know of a decision: it hides everywhere, or undoes what does.

    Raises ValueError if it undoes what was not decided.
    """
    change = decision.change
    if not change.of:
        return change.everywhere
    found = db.execute("SELECT essay, everywhere, change FROM decisions WHERE uid = ?", (change.of,)).fetchone()
    if not found or json.loads(found[2]).get("of") or not (found[0] == decision.essay or found[1]):
        raise ValueError(f"it would {change.action} {change.of!r}, which is no decision on {decision.essay!r}")
    return bool(found[1])


def _put_proposals(db: sqlite3.Connection, proposals: Proposals) -> int:
    """The number of proposals; the same are kept once."""
    values = stored_proposals(proposals)
    marks = ", ".join("?" * len(values))
    found = db.execute(f"SELECT number FROM proposals WHERE ({_COLUMNS}) = ({marks})", values).fetchone()
    if not found:
        insert = f"INSERT INTO proposals ({_COLUMNS}) VALUES ({marks}) RETURNING number"
        found = db.execute(insert, values).fetchone()
    number: int = found[0]
    return number

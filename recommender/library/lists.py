"""What the record says of each list now, kept in a library's file for the editors' queue, which asks all at once.

Every function works within a transaction of its caller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recommender.curate import curation, known_to, publication, recalled
from recommender.library import State, Task
from recommender.library.filters import condition
from recommender.library.record import of_essays, proposals
from recommender.types import Decision, Filter

_TABLES = """
CREATE TABLE lists (
    essay TEXT PRIMARY KEY, at TEXT NOT NULL, digest TEXT NOT NULL, strength REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE listed (
    essay TEXT NOT NULL, position INTEGER NOT NULL, piece TEXT NOT NULL,
    PRIMARY KEY (essay, position)
) WITHOUT ROWID;
CREATE INDEX listed_piece ON listed (piece)
"""
_DECIMALS = 4
_BATCH = 200  # essays whose decisions are read at once
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


class Published(NamedTuple):
    """A list as it was published: when, from which content of its essay, how strong it is, and its pieces.

    ``strength`` is the mean closeness of its pieces, 0 to 1.
    """

    at: str
    digest: str
    strength: float
    pieces: tuple[str, ...]


def create(db: sqlite3.Connection) -> None:
    """Make the tables."""
    for statement in _TABLES.split(";"):
        db.execute(statement)


def renew(db: sqlite3.Connection, essays: Iterable[str]) -> None:
    """Bring the lists of essays up to what the record says."""
    for essay, made in recorded(db, list(essays)):
        db.execute("DELETE FROM listed WHERE essay = ?", (essay,))
        db.execute("DELETE FROM lists WHERE essay = ?", (essay,))
        if made:
            db.execute("INSERT INTO lists VALUES (?, ?, ?, ?)", (essay, *made[:3]))
            rows = [(essay, position, piece) for position, piece in enumerate(made.pieces)]
            db.executemany("INSERT INTO listed VALUES (?, ?, ?)", rows)


def recorded(db: sqlite3.Connection, essays: Sequence[str]) -> Iterator[tuple[str, Published | None]]:
    """Each of the essays with its list as it was published last by the record, None if it is not published."""
    for start in range(0, len(essays), _BATCH):
        some = essays[start : start + _BATCH]
        for essay, decisions in known_to(some, of_essays(db, some)).items():
            yield essay, _recorded(db, essay, decisions)


def _recorded(db: sqlite3.Connection, essay: str, decisions: Sequence[Decision]) -> Published | None:
    last = publication(decisions, essay)
    if last is None:
        return None
    then = proposals(db, [last.proposals])[last.proposals]
    decided = curation([d for d in decisions if d.number <= last.number], essay)
    entries = recalled(then, decided).entries
    known = [entry.proposal.closeness for entry in entries if entry.proposal]
    strength = round(sum(known) / len(known), _DECIMALS) if known else 0.0
    return Published(last.at, then.digest, strength, tuple(entry.piece for entry in entries))


def kept(db: sqlite3.Connection, essay: str) -> Published | None:
    """The list of an essay as it is kept."""
    head = db.execute("SELECT at, digest, strength FROM lists WHERE essay = ?", (essay,)).fetchone()
    pieces = db.execute("SELECT piece FROM listed WHERE essay = ? ORDER BY position", (essay,)).fetchall()
    if not (head or pieces):
        return None
    at, digest, strength = head or ("", "", 0.0)
    return Published(at, digest, strength, tuple(piece for (piece,) in pieces))


def published(db: sqlite3.Connection, limit: int, offset: int) -> list[str]:
    """The essays that are in the library and have a list, in the order in which they came."""
    query = "SELECT id FROM articles JOIN lists ON essay = id WHERE page = '' ORDER BY number LIMIT ? OFFSET ?"
    return [id_ for (id_,) in db.execute(query, (limit, offset))]


def lists_with(db: sqlite3.Connection, piece: str) -> list[str]:
    """The essays whose lists have a piece."""
    return [essay for (essay,) in db.execute("SELECT essay FROM listed WHERE piece = ? ORDER BY essay", (piece,))]


def queue(db: sqlite3.Connection, state: State | None, limit: int, offset: int, among: Filter) -> list[Task]:
    """Essays in the order in which editors see to them; of those that are done, the weakest lists first."""
    some, values = condition(among)
    where, wanted = ("WHERE state = ?", (state,)) if state else ("", ())
    rows = db.execute(
        f"SELECT id, title, state, at, strength FROM ({_QUEUE} AND {some}) {where} "
        "ORDER BY instr('new changed gone done', state), strength, number LIMIT ? OFFSET ?",
        (*values, *wanted, limit, offset),
    )
    return [Task(id_, title, state, at or "", strength or 0.0) for id_, title, state, at, strength in rows]


def states(db: sqlite3.Connection) -> dict[State, int]:
    """How many essays are in each state."""
    return dict(db.execute(f"SELECT state, count(*) FROM ({_QUEUE}) GROUP BY state"))

"""The record of decisions <-> JSON Lines, from library to library: who, when, what, why, and what was proposed then.

The first line says what follows; then comes a line for each decision, in order, and before the first that was made on
it one for what was proposed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from recommender.library import Recorded, record
from recommender.library.decision_forms import decision_fields, decision_from, proposals_fields, proposals_from
from recommender.library.lines import Reader, line
from recommender.library.sqlite import SqliteLibrary
from recommender.types import Decision

FORMAT = "related-article decisions"
VERSION = 1


def export(library: SqliteLibrary) -> Iterator[str]:
    """The lines of an export, each with its line feed: the record at one moment, whatever is decided meanwhile."""
    with library.connections.reading() as db:
        yield line({"format": FORMAT, "version": VERSION} | counted(db))
        yield from written(db)


def read(library: SqliteLibrary, lines: Iterable[str]) -> int:
    """Append the decisions of an export to a library's record, all or none, and return how many were not there yet.

    Raises LibraryError if a line is missing or damaged.
    """
    reader = Reader(lines, "export", "Nothing was imported")
    with reader.explained():
        head = reader.next()
        if (head["format"], head["version"]) != (FORMAT, VERSION):
            raise ValueError(
                f"it begins {head['format']!r}, version {head['version']}; this program imports {FORMAT!r}, "
                f"version {VERSION}"
            )
        return library.decisions.merge(recorded(reader, head))


def counted(db: sqlite3.Connection) -> dict[str, int]:
    """How many lines of each kind the record takes."""
    decisions, proposals = db.execute("SELECT count(*), count(DISTINCT proposals) FROM decisions").fetchone()
    return {"decisions": decisions, "proposals": proposals}


def written(db: sqlite3.Connection) -> Iterator[str]:
    """The lines of the record."""
    for one in record.every(db):
        if isinstance(one, Decision):
            yield line({"decision": decision_fields(one)})
        else:
            yield line({"proposals": {"number": one[0]} | proposals_fields(one[1])})


def recorded(reader: Reader, head: dict[str, Any]) -> Iterator[Recorded]:
    """What the lines of a record say, which are the last. Raises ValueError and the like for what is damaged."""
    for _ in range(int(head["decisions"]) + int(head["proposals"])):
        values = reader.next()
        if "decision" in values:
            yield decision_from(values["decision"])
        else:
            proposals = values["proposals"]
            yield proposals.pop("number"), proposals_from(proposals)
    reader.end()

"""Is the record of decisions whole, and are the lists that are kept those that it says?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from recommender.library import lists
from recommender.library.decision_forms import decision_of, proposals_of
from recommender.library.record import DECISION, PROPOSALS

_OF = "json_extract({}.change, '$.of')"
# What must not be there, and the rows that are.
_WRONG = {
    "decisions that were not made on what was proposed for their essay": (
        "SELECT d.number FROM decisions AS d LEFT JOIN proposals AS p ON p.number = proposals "
        "WHERE p.essay IS NOT d.essay"
    ),
    "decisions that undo or redo what was not decided before": (
        f"SELECT number FROM decisions AS d WHERE {_OF.format('d')} IS NOT NULL AND NOT EXISTS (SELECT 1 "
        f"FROM decisions AS o WHERE o.uid = {_OF.format('d')} AND {_OF.format('o')} IS NULL "
        "AND (o.essay = d.essay OR o.everywhere) AND o.number < d.number)"
    ),
    "decisions that are known to the wrong essays": (
        "SELECT number FROM decisions AS d WHERE everywhere != coalesce((SELECT everywhere FROM decisions WHERE uid = "
        f"{_OF.format('d')}), json_extract(change, '$.everywhere'), FALSE)"
    ),
}


def wrong(db: sqlite3.Connection) -> dict[str, list[Any]]:
    """Ways in which the record is wrong, each with the decisions, proposals or essays of which that is so."""
    found = {
        "decisions that cannot be read": _unreadable(db, DECISION, decision_of),
        "proposals that cannot be read": _unreadable(db, PROPOSALS, lambda row: proposals_of(row[1:])),
    }
    if not any(found.values()):
        found = {what: [number for (number,) in db.execute(query)] for what, query in _WRONG.items()}
    if not any(found.values()):
        every = db.execute("SELECT essay FROM decisions UNION SELECT essay FROM lists UNION SELECT essay FROM listed")
        essays = [essay for (essay,) in every]
        others = [essay for essay, made in lists.recorded(db, essays) if lists.kept(db, essay) != made]
        found = {"published lists that are not what was decided": others}
    return found


def _unreadable(db: sqlite3.Connection, query: str, read: Callable[[Any], object]) -> list[Any]:
    found = []
    for row in db.execute(query):
        try:
            read(row)
        except (TypeError, ValueError):
            found.append(row[0])
    return found

"""Bands fitted to what editors decided, in a library's file; see ``Fits``."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple
from math import inf
from typing import Any

from recommender.library import Fit
from recommender.library.connections import Connections
from recommender.library.forms import to_json
from recommender.library.reading import current_model
from recommender.types import Bands

# Where words begin is null if the built-in bands were put in force again.
_TABLE = """
CREATE TABLE fits (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, revision TEXT NOT NULL,
    weak REAL, medium REAL, strong REAL, figures TEXT NOT NULL
)
"""
_FIT = "SELECT at, revision, figures, weak, medium, strong FROM fits"


def create(db: sqlite3.Connection) -> None:
    """Make the table, within a transaction of the caller."""
    db.execute(_TABLE)
    db.execute("CREATE INDEX fits_revision ON fits (revision)")


def every(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """All fits in order, as JSON takes them: null is for a word that never begins."""
    return [_fields(_fit(row)) for row in db.execute(f"{_FIT} ORDER BY number")]


def fit_from(values: dict[str, Any]) -> Fit:
    """A fit from what ``every`` gives."""
    begin = values["bands"]
    bands = begin and Bands(*(inf if at is None else float(at) for at in begin))
    return Fit(str(values["at"]), str(values["revision"]), bands, dict(values["figures"]))


def _fields(fit: Fit) -> dict[str, Any]:
    bands = fit.bands and [None if at == inf else at for at in astuple(fit.bands)]
    return {"at": fit.at, "revision": fit.revision, "bands": bands, "figures": fit.figures}


def _fit(row: tuple[Any, ...]) -> Fit:
    at, revision, figures, *begin = row
    return Fit(at, revision, None if None in begin else Bands(*begin), json.loads(figures))


class SqliteFits:
    """The fits in the file of a library; see ``Fits``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @property
    def revision(self) -> str:
        """That of the model that is searched by."""
        with self._connections.reading() as db:
            return current_model(db)[2]

    def now(self) -> Fit | None:
        """The last fit of the model that is searched by."""
        with self._connections.reading() as db:
            last = f"{_FIT} WHERE revision = ? ORDER BY number DESC LIMIT 1"
            found = db.execute(last, (current_model(db)[2],)).fetchone()
        return _fit(found) if found else None

    def put(self, fit: Fit) -> None:
        """Append a fit."""
        begin = astuple(fit.bands) if fit.bands else (None, None, None)
        with self._connections.writing() as db:
            db.execute(
                "INSERT INTO fits (at, revision, weak, medium, strong, figures) VALUES (?, ?, ?, ?, ?, ?)",
                (fit.at, fit.revision, *begin, to_json(fit.figures)),
            )

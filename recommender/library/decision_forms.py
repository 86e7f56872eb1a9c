"""Decisions and proposals in the form in which a library's file keeps them, and in that of its exports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from recommender.library.forms import to_json
from recommender.types import Change, Decision, Proposal, Proposals, Ranking

_DEFAULTS = {field.name: field.default for field in fields(Change)}


def stored_change(change: Change) -> str:
    """A change as JSON of what it says, without what is as usual."""
    return to_json(_told(change))


def decision_of(row: Sequence[Any]) -> Decision:
    """The decision of a row: number, uid, essay, editor, at, proposals and change.

    Raises TypeError or ValueError for a change that is none.
    """
    number, uid, essay, by, at, proposals, change = row
    return Decision(number, uid, essay, by, at, proposals, Change(**json.loads(change)))


def stored_proposals(proposals: Proposals) -> tuple[str, ...]:
    """The columns of proposals, without their number."""
    rows = [list(vars(row).values()) for row in proposals.rows]
    heads = (proposals.essay, proposals.digest, proposals.model, proposals.revision)
    return (*heads, to_json(vars(proposals.ranking)), to_json(rows), to_json(proposals.gone))


def proposals_of(columns: Sequence[str]) -> Proposals:
    """The proposals of such columns. Raises TypeError or ValueError for what is none."""
    essay, digest, model, revision, ranking, rows, gone = columns
    read = (Proposal(piece, tuple(reposts), *rest) for piece, reposts, *rest in json.loads(rows))
    settings = _ranking(json.loads(ranking))
    return Proposals(essay, digest, model, revision, settings, tuple(read), tuple(json.loads(gone)))


def decision_fields(decision: Decision) -> dict[str, Any]:
    """A decision as JSON has it, field by field."""
    return vars(decision) | {"change": _told(decision.change)}


def decision_from(values: Mapping[str, Any]) -> Decision:
    """The decision that ``decision_fields`` wrote. Raises KeyError, TypeError or ValueError for what is none."""
    return Decision(**{**values, "change": Change(**values["change"])})


def proposals_fields(proposals: Proposals) -> dict[str, Any]:
    """Proposals as JSON has them, field by field."""
    return vars(proposals) | {"ranking": vars(proposals.ranking), "rows": [vars(row) for row in proposals.rows]}


def proposals_from(values: Mapping[str, Any]) -> Proposals:
    """The proposals that ``proposals_fields`` wrote. Raises KeyError, TypeError or ValueError for what is none."""
    rows = tuple(Proposal(**{**row, "reposts": tuple(row["reposts"])}) for row in values["rows"])
    return Proposals(**{**values, "ranking": _ranking(values["ranking"]), "rows": rows, "gone": tuple(values["gone"])})


def _told(change: Change) -> dict[str, object]:
    return {name: value for name, value in vars(change).items() if value != _DEFAULTS[name]}


def _ranking(values: Mapping[str, Any]) -> Ranking:
    settings: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Ranking(**settings)

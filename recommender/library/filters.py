"""A Filter -> the SQL condition on articles that it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from recommender.types import Filter

_TAGGED = "number IN (SELECT article FROM tags WHERE tag IN ({}))"
_LINKED = "SELECT piece FROM links JOIN articles AS own ON own.number = links.article WHERE own.id = ?"


def condition(among: Filter) -> tuple[str, list[str]]:
    """What follows WHERE in a query of ``articles``, and its parameters."""
    parts = list(_parts(among))
    return " AND ".join(sql for sql, _ in parts) or "TRUE", [value for _, values in parts for value in values]


def _parts(among: Filter) -> Iterator[tuple[str, tuple[str, ...]]]:
    if among.words:
        # SQLite's own LIKE knows upper and lower case of ASCII only; "folded" is Python's casefold.
        yield "instr(folded(title), ?)", (among.words.casefold(),)
    alternatives = {
        "id IN ({})": among.ids,
        "source IN ({})": among.sources,
        "language IN ({})": among.languages,
        "author IN ({})": among.authors,
        _TAGGED: among.tags,
    }
    for sql, values in alternatives.items():
        if values:
            yield sql.format(",".join("?" * len(values))), values
    # A day may be known to the year or month only: two are compared as far as both are known.
    for limit, sign in ((among.since, ">="), (among.until, "<=")):
        if limit:
            yield f"date != '' AND substr(date, 1, length(?)) {sign} substr(?, 1, length(date))", (limit, limit)
    if among.unlinked_by:
        yield f"id NOT IN ({_LINKED})", (among.unlinked_by,)

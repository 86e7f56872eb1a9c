"""A file -> gold: which articles are related to which, and how much. TREC qrels and JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from recommender.types import RecommenderError

# Query -> article -> gain: 0 is judged and not related, more is better.
Gold = dict[str, dict[str, int]]

# trec_eval keeps a count for every gain up to the highest; one of 2**31 never comes back.
MOST_GAIN = 1_000
_FORMS = 'a line is {"query": id, "relevant": [ids]}, with {id: gain} for gains, or in TREC form: query 0 article gain'


class GoldError(RecommenderError):
    """Gold that cannot be used: the message names the file and line, what was seen and what to do."""


@dataclass(frozen=True)
class LeftOut:
    """What of the gold a library cannot answer.

    ``queries`` and ``articles`` (judged related) are how many it does not have; ``idle`` counts the queries that it
    has, but none of the articles related to them.
    """

    queries: int
    articles: int
    idle: int


def read_gold(path: Path) -> Gold:
    """Read the gold of a UTF-8 file, each line of which has one of two forms.

    JSON: ``{"query": id, "relevant": {id: gain}}``, or ``[ids]``, which gain 1; other keys are passed over. TREC qrels:
    ``query 0 article gain``, where no id can hold white space and nothing stands for it (addresses have %20 of their
    own). A query may take several lines. A gain below 0, TREC's mark for junk, is read as 0.

    Raises GoldError for a file that cannot be read or holds no gold, and for the first line that is wrong.
    """
    gold: Gold = {}
    for where, line in _lines(path):
        query, gains = _parsed_json(line, where) if line.startswith("{") else _parsed_trec(line, where)
        known = gold.setdefault(query, {})
        for article, gain in gains.items():
            if known.setdefault(article, gain) != gain:
                seen = f"{article!r} has gain {gain} for {query!r}, and {known[article]} on a line before"
                raise GoldError(f"{where}: {seen}; leave one of them out")
    if not gold:
        raise GoldError(f"{path} holds no gold: it is empty; {_FORMS}")
    return gold


def within(gold: Gold, ids: Collection[str]) -> tuple[Gold, LeftOut]:
    """The gold that a library with these ids can answer, and how much is left out.

    That an article is related to itself is passed over. Raises GoldError if nothing is left.
    """
    asked = {query: gains for query, gains in gold.items() if query in ids}
    kept = {query: _known(query, gains, ids) for query, gains in asked.items()}
    usable = {query: gains for query, gains in kept.items() if any(gains.values())}
    related = {article for gains in gold.values() for article, gain in gains.items() if gain}
    left_out = LeftOut(len(gold) - len(asked), sum(id_ not in ids for id_ in related), len(asked) - len(usable))
    if not usable:
        why = f"it lacks {left_out.queries} of them, and all that is related to the other {left_out.idle}"
        raise GoldError(
            f"The library can answer none of the {len(gold)} queries of the gold, such as {next(iter(gold), '')!r}: "
            f"{why}. Gold names articles by the ids that python -m recommender list prints"
        )
    return usable, left_out


def _known(query: str, gains: dict[str, int], ids: Collection[str]) -> dict[str, int]:
    return {article: gain for article, gain in gains.items() if article in ids and article != query}


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines that are not empty, each with its place."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                where = f"{path}, line {number}"
                if line := _decoded(raw, where).strip():
                    yield where, line
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}; give a file of gold") from error


def _decoded(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoldError(f"{where}: {raw[error.start :][:8]!r} is not UTF-8; save the file as UTF-8") from error


def _parsed_json(line: str, where: str) -> tuple[str, dict[str, int]]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(where, f"broken JSON ({error})", line) from error
    query, relevant = row.get("query"), row.get("relevant")
    if isinstance(relevant, list) and all(isinstance(article, str) for article in relevant):
        relevant = dict.fromkeys(relevant, 1)
    if not isinstance(query, str) or not isinstance(relevant, dict):
        raise _wrong(where, 'no "query" that is text with "relevant" articles', line)
    return query, {article: _gain(gain, where, line) for article, gain in relevant.items()}


def _parsed_trec(line: str, where: str) -> tuple[str, dict[str, int]]:
    fields = line.split()
    if len(fields) != 4:
        advice = "; an id with white space in it can stand in JSON only" if len(fields) > 4 else ""
        raise _wrong(where, f"{len(fields)} fields instead of 4{advice}", line)
    query, _, article, gain = fields
    try:
        number: object = int(gain)
    except ValueError:
        number = gain
    return query, {article: _gain(number, where, line)}


def _gain(gain: object, where: str, line: str) -> int:
    if not isinstance(gain, int) or isinstance(gain, bool) or gain > MOST_GAIN:
        raise _wrong(where, f"the gain {gain!r}, which is no whole number up to {MOST_GAIN}", line)
    return max(gain, 0)


def _wrong(where: str, seen: str, line: str) -> GoldError:
    shown = line if len(line) <= 80 else f"{line[:80]}..."
    return GoldError(f"{where}: {seen}, in {shown!r}; {_FORMS}")

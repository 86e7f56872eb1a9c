"""JSON Lines, and JSON that is a list of records -> an article a record. The keys are guessed as columns are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from recommender.sources.encoding import UNDECODABLE, SourceError, decode, opened
from recommender.sources.limits import MEBI, size, whole
from recommender.sources.lines import Lines, LineTooLong
from recommender.sources.reader import Remark
from recommender.sources.records import Reading, Record
from recommender.types import Article

# A list is parsed whole, and its objects take ten times its size; what is larger can be JSON Lines, which stream.
_MAX_LIST = 32 * MEBI
_NO_RECORD = "no JSON object"
_HEAD = 1 << 12


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The articles of a file of JSON objects, one a line, or of one list of them, which can be the value of a key.

    Raises SourceError where no key holds a text, and for a list that is too large or broken.
    """
    entries = _entries(file, name)
    if entries is None:
        yield from Reading(key, name, "line").articles(_lines(file, name))
    else:
        yield from Reading(key, name, "entry").articles(entries)


def _entries(file: BinaryIO, name: str) -> list[Record] | None:
    """The records of a file that is one JSON value; None for JSON Lines."""
    with opened(file, name) as text:
        listed = text.read(_HEAD).lstrip().startswith("[")
    if not listed and (not name.lower().endswith(".json") or size(file) > _MAX_LIST):
        return None
    content = decode(whole(file, name, _MAX_LIST), name)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        if isinstance(_parsed(content.lstrip().split("\n", 1)[0]), dict):
            return None
        raise SourceError(f"{name}: the JSON is broken ({error}); mend it, or write one object a line") from error
    return [_record(number, entry) for number, entry in enumerate(_listed(value), start=1)]


def _lines(file: BinaryIO, name: str) -> Iterator[Record]:
    with opened(file, name) as text:
        lines = Lines(text)
        while True:
            try:
                line = next(lines, None)
            except LineTooLong as error:
                yield Record(lines.number, {}, str(error))
                continue
            if line is None:
                return
            if line.strip():
                yield _record(lines.number, _parsed(line), UNDECODABLE in line)


def _record(number: int, value: object, broken: bool = False) -> Record:
    if broken:
        return Record(number, {}, "with bytes that are no text in the file's encoding")
    return Record(number, value) if isinstance(value, dict) else Record(number, {}, _NO_RECORD)


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_record(value: object) -> bool:
    return isinstance(value, dict)


def _listed(value: object) -> list[object]:
    """The records of a JSON value: a list, the longest list of objects in an object, or the object alone."""
    if isinstance(value, Mapping):
        lists = [
            inner for inner in value.values() if isinstance(inner, list) and any(isinstance(e, dict) for e in inner)
        ]
        return max(lists, key=len, default=[value])
    return value if isinstance(value, list) else [value]

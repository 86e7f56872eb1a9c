"""CSV and TSV, in whatever dialect -> rows. Streams: a row at a time is in memory."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import BinaryIO, NamedTuple

from recommender.sources.columns import HEADER_ROWS, named
from recommender.sources.encoding import UNDECODABLE, opened
from recommender.sources.lines import LONGEST_LINE, Lines, LineTooLong

# Chinese Excel exports semicolons where the system's list separator is one; | and full-width commas are typed by hand.
_EXCEL_MARK = "sep="
_DELIMITERS = ",\t;|，"
# Rows from which the delimiter is told, and characters at most that they are looked for in.
_SAMPLE_ROWS = 30
_SAMPLE = 1 << 18


# A cell can hold a whole article; the module's own limit is 131,072 characters.
csv.field_size_limit(LONGEST_LINE)


class Row(NamedTuple):
    """A row's number as spreadsheets count, its cells, or why it cannot be read."""

    number: int
    cells: list[object]
    problem: str = ""


def rows(file: BinaryIO, name: str) -> Iterator[Row]:
    """The rows of a delimited text that are not blank. Raises SourceError for bytes that are no text."""
    with opened(file, name, newline="") as text:
        beginning = text.read(_SAMPLE)
        delimiter = _delimiter(beginning)
        text.seek(0)
        rows = csv.reader(Lines(text), delimiter=delimiter)
        number = 0
        while True:
            number += 1
            row = _row(rows, number)
            if row is None:
                return
            if (row.problem or any(row.cells)) and not (number == 1 and beginning.startswith(_EXCEL_MARK)):
                yield row


def _row(rows: Iterator[list[str]], number: int) -> Row | None:
    try:
        cells = next(rows, None)
    except (LineTooLong, csv.Error) as error:  # a quotation mark that nothing closes ends here, too
        return Row(number, [], f"which cannot be read ({error})")
    if cells is None:
        return None
    broken = any(UNDECODABLE in cell for cell in cells)
    return Row(number, [cell.strip() for cell in cells], "with bytes that are no text in the file's encoding" * broken)


def _delimiter(beginning: str) -> str:
    """The mark that parts the first rows into known columns, or else into as many cells each."""
    if beginning.startswith(_EXCEL_MARK) and len(beginning) > len(_EXCEL_MARK):
        return beginning[len(_EXCEL_MARK)]
    return max(_DELIMITERS, key=lambda delimiter: _fit(beginning, delimiter))


def _fit(beginning: str, delimiter: str) -> tuple[int, float, int]:
    rows = list(islice(_parsed(beginning, delimiter), _SAMPLE_ROWS))
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
    known = max((len(named(row)) for row in rows[:HEADER_ROWS]), default=0)
    return (known, count / len(rows) if width > 1 else 0.0, width)


def _parsed(beginning: str, delimiter: str) -> Iterator[list[str]]:
    """The rows up to where the beginning breaks off, perhaps within a cell."""
    with suppress(csv.Error):
        yield from filter(None, csv.reader(beginning.splitlines(keepends=True), delimiter=delimiter))

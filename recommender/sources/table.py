"""CSV, TSV and XLSX -> an article a row. The columns are guessed, and the first remark shows how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from recommender.sources.columns import HEADER_ROWS, named
from recommender.sources.delimited import Row, rows
from recommender.sources.encoding import SourceError
from recommender.sources.reader import Remark
from recommender.sources.records import Reading, Record
from recommender.types import Article

# Names of columns are short and are no values; a first row of such cells over longer ones is a header.
_LONGEST_NAME = 20
_NO_NAME = re.compile(r"[\d\s.,:/%-]*|https?://.*|.*[。！？!?].*")


def read(file: BinaryIO, key: str, name: str) -> Iterator[Article | Remark]:
    """The articles of a table's rows, or of those of each sheet of a workbook.

    Raises SourceError where no column of any sheet holds a text; it lists those that were seen.
    """
    reading = Reading(key, name, "row")
    file.seek(0)
    packed = file.read(2) == b"PK"
    file.seek(0)
    if not packed:
        yield from _articles(reading, rows(file, name), "", cut=True)
        return
    from recommender.sources import workbook

    problems: list[SourceError] = []
    read_any = False
    for title, sheet in workbook.sheets(file, name):
        try:
            yield from _articles(reading, sheet, f" of sheet {title!r}", cut=False)
            read_any = True
        except SourceError as error:
            problems.append(error)
    if problems and not read_any:
        raise problems[0]
    for problem in problems:
        yield Remark(str(problem).removeprefix(f"{name}: "))


def _articles(reading: Reading, rows: Iterator[Row], of: str, cut: bool) -> Iterator[Article | Remark]:
    """The articles of one table. ``cut`` says that a cell beyond the last column is a text that a delimiter has cut."""
    first = list(islice(rows, HEADER_ROWS + 1))
    at = _header(first)
    width = max((len(row.cells) for row in first), default=0)
    if at is None:
        names, of, at = [f"column {number + 1}" for number in range(width)], f"{of}, which have no names", -1
    else:
        cells = first[at].cells
        names = _distinct(cells if cut else [*cells, *[None] * (width - len(cells))])
        of += f", named in row {first[at].number}" if at else ""
    records = (_record(row, names, cut) for row in chain(first[at + 1 :], rows))
    yield from reading.articles(records, of)


def _header(first: Sequence[Row]) -> int | None:
    """Which of the first rows names the columns: one with known names, else the very first if it looks like names."""
    known = [len(named([str(cell) for cell in row.cells])) for row in first]
    if any(known):
        return known.index(max(known))
    named_so = bool(first) and all(
        0 < len(text := str(cell).strip()) <= _LONGEST_NAME and not _NO_NAME.fullmatch(text) for cell in first[0].cells
    )
    return 0 if named_so and len(first) > 1 else None


def _distinct(cells: Sequence[object]) -> list[str]:
    """The cells of a header as names: those that are blank, or there already, get the column's number."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(str(cell).split()) if cell is not None else ""
        names.append(name if name and name not in names else f"{name} column {number}".strip())
    return names


def _record(row: Row, names: Sequence[str], cut: bool) -> Record:
    beyond = cut and any(row.cells[len(names) :])
    problem = row.problem or "with more cells than columns (quote cells that hold the delimiter)" * beyond
    return Record(row.number, dict(zip(names, row.cells, strict=False)), problem)

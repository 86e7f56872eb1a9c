"""XLSX -> rows of cells, a row at a time, by openpyxl in its read-only mode. Formulas give their last values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from recommender.sources import zips
from recommender.sources.delimited import Row
from recommender.sources.limits import refusing

_REMEDY = "save it again as .xlsx, or as .csv"
# What openpyxl keeps of all the texts in a workbook is in memory; the rows are not.


def sheets(file: BinaryIO, name: str) -> Iterator[tuple[str, Iterator[Row]]]:
    """The title and the rows that are not blank of each sheet that has one. Links to other files are not followed.

    Raises SourceError for a file that is no workbook, or a broken one, and for one that unpacks to too much.
    """
    from openpyxl import load_workbook

    zips.document(file, name)
    with refusing(name, "workbook", _REMEDY):
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    for sheet in workbook.worksheets:
        rows = _rows(sheet, name)
        first = next(rows, None)
        if first:
            yield sheet.title, _after(first, rows)


def _after(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def _rows(sheet: Any, name: str) -> Iterator[Row]:
    with refusing(name, "workbook", _REMEDY):
        sheet.reset_dimensions()  # some programs state a size that is too small, or a million columns
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            values = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
            while values and values[-1] in (None, ""):
                values.pop()
            if values:
                yield Row(number, values)

"""Published lists for programs: JSON, and CSV that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from recommender.export.records import record
from recommender.export.text import line
from recommender.types import Language

if TYPE_CHECKING:
    from recommender.published import PublishedList

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the system's own encoding
COLUMNS = (
    *("essay_id", "essay_title", "essay_url", "published_at", "place", "id", "title", "url", "date", "author"),
    *("relevance", "closeness", "pinned", "why"),
)
# Spreadsheets run what begins like this, white space and quotation marks before it or not. Where the list separator is
# no comma, cells begin after semicolons and tabs, too.
_FORMULA = re.compile(r"(^|[;\t])(?=['\"\s]*[=+\-@＝＋－＠])")


def of_one(of_list: PublishedList, language: Language) -> str:
    """A list as a JSON object, its reasons in both languages."""
    return _json(of_list) + "\n"


def array(lists: Iterable[PublishedList], language: Language) -> Iterator[str]:
    """Lists as a JSON array."""
    before = "[\n"
    for of_list in lists:
        yield before + _json(of_list)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def table(lists: Iterable[PublishedList], language: Language) -> Iterator[str]:
    """Lists as CSV, a row a piece. A cell that a spreadsheet would run has an apostrophe before it."""
    yield BYTE_ORDER_MARK + csv_row(COLUMNS)
    for of_list in lists:
        said = record(of_list)
        essay = [said["essay"][name] for name in ("id", "title", "url")]
        for piece in said["pieces"]:
            values = [piece[name] for name in COLUMNS[4:-1]]
            yield csv_row([*essay, said["published_at"], *values, (piece["why"] or {}).get(language)])


def _json(of_list: PublishedList) -> str:
    return json.dumps(record(of_list), ensure_ascii=False, indent=2)


def csv_row(values: Iterable[object]) -> str:
    """A line of CSV. A cell that a spreadsheet would run has an apostrophe before it."""
    cells = io.StringIO()
    csv.writer(cells, quoting=csv.QUOTE_ALL).writerow([_cell(value) for value in values])
    return cells.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        return _FORMULA.sub(r"\1'", line(value))
    return "" if value is None else str(value).lower()

"""JSON Lines of which each has the CRC-32 of the rest of it, so that damage is found where it is."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from recommender.library import LibraryError
from recommender.library.forms import to_json


def line(values: dict[str, Any]) -> str:
    """A line with its checksum and line feed."""
    return to_json(values | {"crc": _checksum(values)}) + "\n"


class Reader:
    """The objects of such lines, one by one.

    What goes wrong is explained with the number of the line, ``name``, what the lines are, and ``outcome``, what comes
    of it.
    """

    def __init__(self, lines: Iterable[str], name: str, outcome: str) -> None:
        self._lines = iter(lines)
        self._name = name
        self._outcome = outcome
        self._number = 0

    def next(self) -> dict[str, Any]:
        """The next object. Raises ValueError if there is none, or it is damaged."""
        self._number += 1
        text = next(self._lines, None)
        if text is None:
            raise ValueError(f"the {self._name} ends before it, and should not")
        values = json.loads(text)
        if not isinstance(values, dict) or values.pop("crc", None) != _checksum(values):
            raise ValueError("its checksum does not fit")
        return values

    def end(self) -> None:
        """Raises ValueError if there is more."""
        if next(self._lines, "").strip():
            self._number += 1
            raise ValueError("it stands after the end")

    @contextmanager
    def explained(self) -> Iterator[None]:
        """What cannot be read, as LibraryError."""
        try:
            yield
        except (AttributeError, KeyError, TypeError, ValueError, sqlite3.DatabaseError) as error:
            raise LibraryError(
                f"{self._outcome}: line {self._number} of the {self._name} cannot be read ({error}). "
                f"Use another copy of the {self._name}, or make it again from the library that it is of.",
                cause="file",
            ) from error


def _checksum(values: dict[str, Any]) -> int:
    return zlib.crc32(to_json(values).encode("utf-8", "surrogatepass"))

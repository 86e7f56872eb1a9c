"""The lines of a text that may be endless, each no longer than an article needs."""

from __future__ import annotations

from collections.abc import Iterator
from io import TextIOWrapper

from recommender.sources.limits import MAX_CHARACTERS

# A character of the longest article can be written by six, "\u4e00", and its record has more than its text.
LONGEST_LINE = 8 * MAX_CHARACTERS


class LineTooLong(ValueError):
    """A line longer than LONGEST_LINE. Those after it can still be read."""


class Lines(Iterator[str]):
    """The lines of a text with their ends. After LineTooLong the next line follows. ``number`` is that of the last."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self.number = 0

    def __next__(self) -> str:
        """The next line; raises LineTooLong, once it has gone past it, for one that is none."""
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
            return line
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        raise LineTooLong(f"longer than {LONGEST_LINE:,} characters")

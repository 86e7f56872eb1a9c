"""Themes over time: how many articles of each broad theme were published when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.atlas import NONE, Atlas, Labels, Theme

# So many broad themes, the largest, have colours of their own on the map; the others share one.
SHOWN = 8
# Up to so many months are shown one by one, more as years.
_MOST_MONTHS = 24

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2]))?(?:-\d{2})?")


@dataclass(frozen=True, eq=False)
class Timeline:
    """The n articles of a map by the time of their publication and by theme.

    ``times`` (t,) are months (2024-05) or years (2024) without a gap. ``themes`` (g,) are the numbers of the broad
    themes that are shown, the largest first. ``rows`` (n,) are the positions of the articles' times, ``NONE`` for those
    without a date. ``columns`` (n,) are those of their themes, g for all other themes and g + 1 for none.
    """

    times: tuple[str, ...]
    themes: tuple[int, ...]
    rows: NDArray[np.int64]
    columns: NDArray[np.intp]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many articles (t, g + 2) there are of each time and theme."""
        counts = np.zeros((len(self.times), len(self.themes) + 2), np.int64)
        np.add.at(counts, (self.rows[self.rows != NONE], self.columns[self.rows != NONE]), 1)
        return counts

    @property
    def undated(self) -> int:
        """How many articles have no date."""
        return int((self.rows == NONE).sum())

    def chosen(self, row: int | None, column: int | None) -> NDArray[np.intp]:
        """The positions (m,) of the articles with a date of one time and one theme; None stands for any."""
        of_time = self.rows != NONE if row is None else self.rows == row
        return np.flatnonzero(of_time if column is None else of_time & (self.columns == column))


def largest(atlas: Atlas) -> list[Theme]:
    """The broad themes, the largest first."""
    return sorted((theme for theme in atlas.themes if theme.parent == NONE), key=lambda theme: -theme.size)


def timeline(dates: Sequence[str], broad: Labels, themes: Sequence[Theme]) -> Timeline:
    """n articles by their dates (ISO 8601, "" for none) and the numbers of their broad themes (n,).

    ``themes`` are the broad ones, the largest first. By months if all dates have one and they span at most two years.
    """
    read = [_DATE.fullmatch(date) for date in dates]
    dated = np.array([found is not None for found in read], bool)
    found = [match for match in read if match]
    shown = tuple(theme.number for theme in themes[:SHOWN])
    years = np.array([int(match["year"]) for match in found], np.int64)
    months = np.array([12 * int(match["year"]) + int(match["month"] or 0) - 1 for match in found], np.int64)
    by_month = len(found) > 0 and all(match["month"] for match in found) and np.ptp(months) < _MOST_MONTHS
    units = months if by_month else years
    first, past = (int(units.min()), int(units.max()) + 1) if len(found) else (0, 0)
    rows = np.full(len(dates), NONE, np.int64)
    rows[dated] = units - first
    times = tuple(f"{unit // 12:04}-{unit % 12 + 1:02}" if by_month else f"{unit:04}" for unit in range(first, past))
    return Timeline(times, shown, rows, _columns(broad, shown))


def _columns(broad: Labels, shown: Sequence[int]) -> NDArray[np.intp]:
    """The column of each theme number: its place among those shown, else that of the others or of none."""
    places = {number: place for place, number in enumerate(shown)} | {NONE: len(shown) + 1}
    return np.array([places.get(number, len(shown)) for number in broad.tolist()], np.intp)

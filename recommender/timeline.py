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
    """The articles of a map by the time of their publication and by theme.

    ``times`` (t,) are months (2024-05) or years (2024) without a gap. ``themes`` (g,) are the numbers of the broad
    themes that are shown, the largest first. ``counts`` (t, g + 2) has a column for each of these, one for all other
    themes and one for articles without a theme. ``undated`` counts the articles without a date.
    """

    times: tuple[str, ...]
    themes: tuple[int, ...]
    counts: NDArray[np.int64]
    undated: int


def largest(atlas: Atlas) -> list[Theme]:
    """The broad themes, the largest first."""
    return sorted((theme for theme in atlas.themes if theme.parent == NONE), key=lambda theme: -theme.size)


def timeline(dates: Sequence[str], broad: Labels, themes: Sequence[Theme]) -> Timeline:
    """Count n articles by their dates (ISO 8601, "" for none) and the numbers of their broad themes (n,).

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
    counts = np.zeros((past - first, len(shown) + 2), np.int64)
    np.add.at(counts, (units - first, _columns(np.asarray(broad)[dated], shown)), 1)
    times = tuple(f"{unit // 12:04}-{unit % 12 + 1:02}" if by_month else f"{unit:04}" for unit in range(first, past))
    return Timeline(times, shown, counts, int((~dated).sum()))


def _columns(broad: Labels, shown: Sequence[int]) -> NDArray[np.intp]:
    """The column of each theme number: its place among those shown, else that of the others or of none."""
    places = {number: place for place, number in enumerate(shown)} | {NONE: len(shown) + 1}
    return np.array([places.get(number, len(shown)) for number in broad.tolist()], np.intp)

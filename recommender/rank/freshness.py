"""Dates -> how much a piece still counts."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import date as Date

import numpy as np
from numpy.typing import NDArray

from recommender.search import Scores

_DATE = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")


def freshness(ages: NDArray[np.float64], half_life: float) -> Scores:
    """A factor (n,), above 0 and at most 1, for each of n ages in days: 1 when new, 0.5 after ``half_life`` days.

    It is meant for scores that are not negative. A ``half_life`` of 0 is never: all factors are 1. What is dated in the
    future is new. What has no date (NaN) is treated as the middle one of those that have: it gains and loses nothing
    beside a typical piece; where nothing is dated, all factors are 1.

    Raises ValueError for a half-life that is negative or not finite.
    """
    if not 0 <= half_life < np.inf:
        raise ValueError(f"half_life is a number of days, or 0 for never, got {half_life}")
    if half_life == 0:
        return np.ones(len(ages), np.float32)
    known = ages[~np.isnan(ages)]
    filled = np.where(np.isnan(ages), np.median(known) if len(known) else 0, ages)
    with np.errstate(over="ignore"):  # a great age by a short half-life is infinite, which counts as next to nothing
        factors = np.exp2(-np.maximum(filled, 0) / half_life).astype(np.float32)
    return np.maximum(factors, np.finfo(np.float32).tiny)


def age(date: str, today: Date) -> float:
    """How many days before ``today`` a piece is dated: negative if after, NaN if ``date`` is "".

    A month (2024-05) or a year (2024) counts as its middle. Raises ValueError for other than these and 2024-05-01.
    """
    if not date:
        return float("nan")
    try:
        # Python reads other forms of ISO 8601, too, which would be taken for a month or a year here.
        first = Date.fromisoformat(date + "-01-01"[len(date) - 4 :] if _DATE.fullmatch(date) else "")
    except ValueError as error:
        raise ValueError(f"a date is 2024, 2024-05 or 2024-05-01, got {date!r}") from error
    days = {4: 365 + isleap(first.year), 7: monthrange(first.year, first.month)[1], 10: 1}[len(date)]
    return today.toordinal() - (first.toordinal() + (days - 1) / 2)

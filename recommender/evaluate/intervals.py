"""Figures of queries -> their mean, and the difference of two orders, each with its interval.

The bootstrap draws queries with replacement, and so says how far a mean depends on which were asked (Sakai, Evaluating
Evaluation Metrics Based on the Bootstrap, 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

CONFIDENCE = 0.95
# 10,000 move the ends of an interval by a hundredth of its width (5,922 queries), and take five times as long.
RESAMPLES = 2_000
_DRAWN = 1_000_000  # figures drawn at once; bounds the memory

Verdict = Literal["better", "worse", "the same", "not told apart"]


@dataclass(frozen=True)
class Estimate:
    """A mean over queries and its 95% interval; nan is what so few queries do not tell."""

    mean: float
    low: float
    high: float


def estimate(figures: Iterable[float]) -> Estimate:
    """The mean of figures and its interval by percentile bootstrap; always the same for the same figures."""
    # In order of size, so that the draw does not depend on the order of the queries.
    values = np.sort(np.fromiter(figures, np.float64))
    return resampled(lambda rows: values[rows].mean(-1), len(values))


def resampled(figure: Callable[[NDArray[np.intp]], NDArray[np.float64]], count: int) -> Estimate:
    """A figure of ``count`` things that are drawn together, such as lists, and its interval by percentile bootstrap.

    ``figure`` is given rows of them (..., m), m being ``count``, and returns the figure of each draw (...,).
    """
    every = np.arange(count)
    if count < 2:
        return Estimate(float(figure(every)) if count else nan, nan, nan)
    low, high = bootstrap(
        (every,),
        lambda rows, axis: figure(rows),
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=max(1, _DRAWN // count),
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=0,
    ).confidence_interval
    return Estimate(float(figure(every)), float(low), float(high))


def ratio(parts: NDArray[Any], wholes: NDArray[Any]) -> Estimate:
    """The sum of parts (m,) over the sum of wholes (m,), and its interval; where there is no whole nothing counts."""
    some = np.flatnonzero(wholes)
    return resampled(lambda rows: parts[some[rows]].sum(-1) / wholes[some[rows]].sum(-1), len(some))


def compare(one: Mapping[str, float], other: Mapping[str, float]) -> Estimate:
    """How much higher one order's figures are than another's, query by query, over the queries that both have."""
    return estimate(one[query] - other[query] for query in one.keys() & other.keys())


def verdict(difference: Estimate) -> Verdict:
    """What a difference says about the first order: only an interval that is clear of 0 tells them apart."""
    if difference.low > 0:
        return "better"
    if difference.high < 0:
        return "worse"
    return "the same" if difference.low == difference.high == 0 else "not told apart"

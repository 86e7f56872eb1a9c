"""What editors kept of what they were offered -> how likely a piece is kept, and where the words for that begin.

Closeness itself stays as it is: it says how near two texts are, whatever anybody decides. Only where each word begins
is fitted. So what is on record never depends on an earlier fit, and every fit is made from all of it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from recommender.calibrate import WEAK
from recommender.evaluate.decisions import Publication, last_of_each
from recommender.types import Bands

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]

# A word promises that editors keep such a piece at least so often, and less often than the next word does. In the terms
# of climate reports (Mastrandrea et al., Guidance Note on Consistent Treatment of Uncertainties, 2010) strong is "very
# likely", medium "likely", weak "about as likely as not", and unrelated "unlikely".
PROMISED = {"unrelated": 0.0, "weak": 1 / 3, "medium": 2 / 3, "strong": 0.9}
# What a word forecasts is the middle of what it promises. The log loss of these is least if one goes over to the next
# at 0.32, 0.65 and 0.88: which is to say each word about where it promises to be said.
FORECASTS = np.array([(low + high) / 2 for low, high in pairwise([*PROMISED.values(), 1.0])])

GRID = np.linspace(0, 1, 1001)
_FOLDS = 5


@dataclass(frozen=True)
class Sample:
    """n pieces that were offered: their ``closeness`` (n,), whether they were ``kept`` (n,), 0 or 1, and for whom.

    ``essays`` (n,) are numbers that essays have here, from 0.
    """

    closeness: Numbers
    kept: Numbers
    essays: Rows

    def part(self, rows: Rows) -> Sample:
        """Some of the pieces; their essays have the same numbers."""
        return Sample(self.closeness[rows], self.kept[rows], self.essays[rows])


@dataclass(frozen=True)
class Curve:
    """How likely a piece is kept at each closeness of ``GRID``, which never falls, and the ``method`` that says so."""

    method: str
    chances: Numbers

    def at(self, closeness: Numbers) -> Numbers:
        """How likely pieces (n,) are kept."""
        chances: Numbers = np.interp(closeness, GRID, self.chances)
        return chances

    @property
    def bands(self) -> Bands:
        """Where the words begin that promise this.

        What was unrelated was never offered, so that nothing is known of it: it stays so.
        """
        places = np.searchsorted(self.chances, list(PROMISED.values())[1:])
        return Bands(*(max(round(float(GRID[at]), 3), WEAK) if at < len(GRID) else np.inf for at in places))


def sample(published: Iterable[Publication], revision: str) -> Sample:
    """What the last list of each essay says of what a revision of a model had offered for it."""
    lists = last_of_each(one for one in published if one.revision == revision)
    offers = [(offer, essay) for essay, one in enumerate(filter(lambda one: one.offers, lists)) for offer in one.offers]
    return Sample(
        np.array([offer.closeness for offer, _ in offers], np.float64),
        np.array([offer.is_kept for offer, _ in offers], np.float64),
        np.array([essay for _, essay in offers], np.intp),
    )


def isotonic(sample: Sample) -> Curve:
    """The curve of any form that fits best and never falls (Zadrozny and Elkan, 2002)."""
    # As if one more piece had been kept, and one more not: nothing is certain that has only not been seen.
    doubt = 1 / (len(sample.kept) + 2)
    model = IsotonicRegression(y_min=doubt, y_max=1 - doubt, out_of_bounds="clip")
    return Curve("isotonic", model.fit(sample.closeness, sample.kept).predict(GRID))


def logistic(sample: Sample) -> Curve:
    """The logistic curve that fits best (Platt, 1999); where that would fall, as likely everywhere."""
    if sample.kept.min() < sample.kept.max():
        model = LogisticRegression(C=np.inf).fit(sample.closeness[:, np.newaxis], sample.kept)
        if model.coef_[0, 0] > 0:
            return Curve("logistic", model.predict_proba(GRID[:, np.newaxis])[:, 1])
    return Curve("logistic", np.full_like(GRID, sample.kept.mean()))


_METHODS = (isotonic, logistic)


def fitted(sample: Sample) -> Curve:
    """The curve of the method that forecasts better, by log loss, for essays that it was not fitted to."""
    losses = [log_loss(sample.kept, held_out(sample, lambda x, curve: curve.at(x), fit)).sum() for fit in _METHODS]
    return _METHODS[int(np.argmin(losses))](sample)


def held_out(
    sample: Sample, forecast: Callable[[Numbers, Curve], Numbers], fit: Callable[[Sample], Curve] = fitted
) -> Numbers:
    """What is forecast for each piece (n,) by a curve that was fitted to other essays alone."""
    found = np.empty_like(sample.kept)
    for others, rows in GroupKFold(_FOLDS).split(sample.closeness, groups=sample.essays):
        found[rows] = forecast(sample.closeness[rows], fit(sample.part(others)))
    return found


def log_loss(kept: Numbers, chances: Numbers) -> Numbers:
    """The log loss of each forecast (n,), in nats; finite also for one that is certain and wrong."""
    losses: Numbers = -np.log(np.maximum(np.where(kept == 1, chances, 1 - chances), np.finfo(float).eps))
    return losses


def in_words(closeness: Numbers, bands: Bands) -> Numbers:
    """What the words for pieces (n,) forecast."""
    forecasts: Numbers = FORECASTS[np.searchsorted(astuple(bands), closeness, side="right")]
    return forecasts

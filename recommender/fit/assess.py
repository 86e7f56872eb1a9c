"""Is what was fitted to decisions better than what is there? Figures on essays that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.evaluate.intervals import Estimate, ratio, resampled
from recommender.fit import (
    FORECASTS,
    GRID,
    PROMISED,
    Curve,
    Numbers,
    Sample,
    fitted,
    held_out,
    in_words,
    log_loss,
)
from recommender.types import Bands, RecommenderError

# So many lists, and so many pieces that were kept and that were not. With them fitted words begin within 0.05 of the
# chance they promise in 90% of simulated libraries, with half as many within 0.06, and where the words in force mislead
# little they are mended in 76% instead of 16%: python -m benchmarks.calibration.
LISTS, EACH = 100, 100
_BINS = 10


class FitError(RecommenderError):
    """Decisions that bands cannot be fitted to: the message says what is there and what is needed."""


@dataclass(frozen=True)
class Scores:
    """How far forecasts are from what editors did; 0 is best. Intervals are over essays.

    ``log_loss`` is in nats, ``brier`` the mean squared error, and ``calibration_error`` how far, in ten bins of the
    forecast, what was kept is from it on average (Naeini et al., 2015).
    """

    log_loss: Estimate
    brier: Estimate
    calibration_error: Estimate


@dataclass(frozen=True)
class Said:
    """How many pieces a word was said of, and the share of them that was kept."""

    pieces: int
    kept: Estimate


@dataclass(frozen=True)
class Assessment:
    """Bands fitted to decisions, beside those that are in force.

    ``scores`` are those of four forecasts: the share that is kept, alike for all; the words as they are; the words as
    fitted; and the fitted curve. ``said`` has the words as they are and as fitted. ``better`` is how much log loss the
    fitted words save over those that are in force, and ``telling`` how much the curve saves over the share alone.

    What is fitted now is measured on essays that it was not fitted to. What is in force may have been fitted to some of
    them, which speaks for it.
    """

    lists: int
    pieces: int
    kept: Estimate
    method: str
    now: Bands
    bands: Bands
    scores: dict[str, Scores]
    said: dict[str, dict[str, Said]]
    better: Estimate
    telling: Estimate

    @property
    def objection(self) -> str:
        """Why the fitted bands should not be applied, in a sentence; empty if they should."""
        if not self.telling.low > 0:
            return "Closeness does not tell what editors keep better than the share that they keep of all."
        if not self.better.low > 0:
            return "The fitted words are not better, on essays that they were not fitted to, than those in force."
        return ""


def assess(sample: Sample, now: Bands) -> Assessment:
    """Fit bands to what editors kept, and set them beside those that are in force.

    Raises FitError for fewer than ``LISTS`` lists, or fewer than ``EACH`` pieces that were kept or that were not.
    """
    _refuse_few(sample)
    curve = fitted(sample)
    forecasts = {
        "share": held_out(sample, lambda x, other: other.at(x), _share),
        "now": in_words(sample.closeness, now),
        "fitted": held_out(sample, lambda x, other: in_words(x, other.bands)),
        "curve": held_out(sample, lambda x, other: other.at(x)),
    }
    losses = {name: log_loss(sample.kept, chances) for name, chances in forecasts.items()}
    return Assessment(
        lists=len(np.unique(sample.essays)),
        pieces=len(sample.kept),
        kept=_mean(sample, sample.kept),
        method=curve.method,
        now=now,
        bands=curve.bands,
        scores={name: _scores(sample, chances) for name, chances in forecasts.items()},
        said={name: _said(sample, forecasts[name]) for name in ("now", "fitted")},
        better=_mean(sample, losses["now"] - losses["fitted"]),
        telling=_mean(sample, losses["share"] - losses["curve"]),
    )


def _refuse_few(sample: Sample) -> None:
    lists, kept, pieces = len(np.unique(sample.essays)), int(sample.kept.sum()), len(sample.kept)
    if lists < LISTS or min(kept, pieces - kept) < EACH:
        raise FitError(
            f"There are too few decisions to fit by: {lists} published lists, in which {kept} of {pieces} pieces that "
            f"were offered by the model in use were kept. {LISTS} lists are needed, with {EACH} pieces that were kept "
            f"and {EACH} that were not. Publish more lists."
        )


def _share(sample: Sample) -> Curve:
    return Curve("share", np.full_like(GRID, sample.kept.mean()))


def _scores(sample: Sample, chances: Numbers) -> Scores:
    return Scores(
        _mean(sample, log_loss(sample.kept, chances)),
        _mean(sample, (sample.kept - chances) ** 2),
        _calibration_error(sample, chances),
    )


def _calibration_error(sample: Sample, chances: Numbers) -> Estimate:
    pieces = np.bincount(sample.essays)
    gaps = np.zeros((len(pieces), _BINS))
    np.add.at(gaps, (sample.essays, np.minimum(chances * _BINS, _BINS - 1).astype(np.intp)), sample.kept - chances)
    return resampled(lambda rows: np.abs(gaps[rows].sum(-2)).sum(-1) / pieces[rows].sum(-1), len(pieces))


def _said(sample: Sample, chances: Numbers) -> dict[str, Said]:
    of_word = {word: (chances == own).astype(np.float64) for word, own in zip(PROMISED, FORECASTS, strict=True)}
    return {word: Said(int(which.sum()), _mean(sample, sample.kept, which)) for word, which in of_word.items()}


def _mean(sample: Sample, values: Numbers, which: Numbers | float = 1.0) -> Estimate:
    """The mean of values (n,) of the pieces, or of those of ``which`` (n,), 0 or 1; its interval is over essays."""
    parts = np.bincount(sample.essays, values * which)
    return ratio(parts, np.bincount(sample.essays, np.broadcast_to(which, values.shape)))

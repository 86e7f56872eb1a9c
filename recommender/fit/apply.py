"""The bands that are in force: assessed by a library's record, fitted ones put in force, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from recommender.calibrate import in_force
from recommender.evaluate.decisions import publications
from recommender.fit import sample
from recommender.fit.assess import Assessment, FitError, assess
from recommender.library import Fit, Library
from recommender.types import Bands


def proposed(library: Library) -> Assessment:
    """Bands fitted to the lists published by the model in use, beside those in force. Raises as ``assess`` does."""
    fits = library.fits
    return assess(sample(publications(library.decisions), fits.revision), in_force(fits.now()))


def apply(library: Library, found: Assessment, figures: Mapping[str, Any]) -> None:
    """Put fitted bands in force, and keep the figures that speak for them.

    Raises FitError, and changes nothing, if there is an objection; LibraryError if the file cannot be written.
    """
    if found.objection:
        raise FitError(f"{found.objection} Nothing was changed.")
    _put(library, found.bands, figures)


def reset(library: Library) -> bool:
    """Put the built-in bands in force again, and return whether others were. Raises LibraryError as ``apply`` does."""
    now = library.fits.now()
    is_fitted = now is not None and now.bands is not None
    if is_fitted:
        _put(library, None, {})
    return is_fitted


def _put(library: Library, bands: Bands | None, figures: Mapping[str, Any]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    library.fits.put(Fit(at, library.fits.revision, bands, figures))

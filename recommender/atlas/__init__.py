"""Vectors -> a map: a place for each article, themes with names, and how far the picture can be trusted.

Arrays in, arrays out; what is drawn with them is the views' business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Labels = NDArray[np.int32]
Places = NDArray[np.float32]

# The theme of an article that belongs to none.
NONE = -1


@dataclass(frozen=True)
class Theme:
    """A group of articles that are about the same.

    ``number`` is its place among all themes. ``parent`` is the number of the broad theme that a fine one belongs to,
    and ``NONE`` for a broad one. ``words`` are its name, the weightiest first, ``size`` counts its articles, and its
    label stands at ``x``, ``y``, the place of one of them.
    """

    number: int
    parent: int
    words: tuple[str, ...]
    size: int
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class Atlas:
    """A map of n articles.

    ``owners`` (n,) are their numbers in the library, rising. ``versions`` (n,) change with what they say. ``xy`` (n, 2)
    are their places, ``trust`` (n,) how far these can be trusted, 0 to 1: see ``trust.trust``. ``broad`` and ``fine``
    (n,) are the numbers of their themes, ``NONE`` where there is none.
    """

    owners: Numbers
    versions: Numbers
    xy: Places
    trust: Places
    broad: Labels
    fine: Labels
    themes: tuple[Theme, ...]

    def rows(self, owners: Numbers) -> Numbers:
        """Where the articles with these numbers (m,) stand in the map's arrays (m,), -1 for one that it has not."""
        return found(self.owners, owners)

    def unchanged(self, owners: Numbers, versions: Numbers) -> Numbers:
        """As ``rows`` (m,), but -1 also for one whose version (m,) is another than the map's."""
        rows = self.rows(owners)
        same = rows >= 0
        same[same] = self.versions[rows[same]] == versions[same]
        return np.where(same, rows, -1)


def found(among: Numbers, numbers: Numbers) -> Numbers:
    """Where numbers (m,) stand among rising ones (n,), as rows (m,); -1 for one that does not."""
    rows = np.searchsorted(among, numbers)
    there = rows < len(among)
    there[there] = among[rows[there]] == numbers[there]
    return np.where(there, rows, -1)

"""Places on a plane -> how far each point's surroundings there are its true ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.atlas import Places
from recommender.atlas.neighbours import Rows


def trust(rows: Rows, xy: Places) -> NDArray[np.float32]:
    """The share (n,) of the true neighbours (n, k) of each of n points that are among its k nearest places.

    All are trusted where there are none. Above ``neighbours.EXACT`` points one of 25 true neighbours is not known, and
    counts as another.
    """
    from scipy.spatial import KDTree

    n, k = rows.shape
    if not k:
        return np.ones(n, np.float32)
    # One more, as a point finds itself; where others lie on the same place it may be any of those.
    seen = KDTree(xy).query(xy, k + 1)[1]
    hits = (rows[:, :, np.newaxis] == seen[:, np.newaxis]).any(axis=2)
    shares: NDArray[np.float32] = hits.mean(axis=1, dtype=np.float32)
    return shares

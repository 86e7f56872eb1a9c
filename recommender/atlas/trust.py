"""How far a point's surroundings on a plane are its true ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.atlas import Places
from recommender.atlas.neighbours import Rows


def trust(rows: Rows, xy: Places) -> NDArray[np.float32]:
    """For each of n points, the share (n,) of its true neighbours (n, k) that are among its k nearest places."""
    from scipy.spatial import KDTree

    n, k = rows.shape
    if not k:
        return np.ones(n, np.float32)
    seen = KDTree(xy).query(xy, k + 1)[1]
    own = seen == np.arange(n)[:, np.newaxis]
    hits = (rows[:, :, np.newaxis] == np.where(own, -1, seen)[:, np.newaxis]).any(axis=2)
    shares: NDArray[np.float32] = hits.mean(axis=1, dtype=np.float32)
    return shares

"""More like these, less like those: a query that learns from what was shown."""

from __future__ import annotations

import numpy as np

from recommender.embed import Vectors

# How much the query itself, what is wanted and what is not count: usual values (Manning, Raghavan and Schütze 2008,
# Introduction to Information Retrieval, 9.1.1), which trust a "more" further than a "less".
QUERY, MORE, LESS = 1.0, 0.75, 0.15


def rocchio(query: Vectors, more: Vectors, less: Vectors) -> Vectors:
    """A query (d,) moved towards the mean of ``more`` (m, d) and away from that of ``less`` (l, d); a unit row.

    Rocchio (1971, Relevance feedback in information retrieval). All are unit rows; nothing given, it is the query as it
    was. Raises ValueError if the dimensions differ.
    """
    if not query.shape == more.shape[1:] == less.shape[1:]:
        raise ValueError(f"one dimension for all, got {query.shape}, {more.shape} and {less.shape}")
    if not len(more) + len(less):
        return query
    moved = QUERY * query
    moved += MORE * more.mean(axis=0) if len(more) else 0
    moved -= LESS * less.mean(axis=0) if len(less) else 0
    # Not 0 for unit rows, whose multiples cannot cancel out; but a query without a known word is a row of zeros.
    return moved / (np.linalg.norm(moved) or np.float32(1))

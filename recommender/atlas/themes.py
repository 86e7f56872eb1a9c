"""Neighbours -> themes at two levels: communities of the graph that joins near articles (Traag et al., 2019)."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from recommender.atlas import NONE, Labels
from recommender.atlas.neighbours import Rows

# The most themes of a library, and within one of its themes.
BROAD, FINE = 12, 8
# A theme has so many articles, and such a share of those that are divided.
LEAST, SMALLEST = 5, 0.01
# Themes get broader with every step, until there are few enough. What nothing joins stays apart at the last one, too.
_RESOLUTIONS = 2 ** -np.arange(0, 8, 0.5)


def themes(rows: Rows) -> tuple[Labels, Labels]:
    """The broad and the fine themes (n,) of n articles with these neighbours (n, k), the largest first.

    Numbers of fine themes go on where those of broad ones end. ``NONE`` stands for an article of which most neighbours
    are of other themes, and, as its fine theme, where a broad one is not divided.
    """
    graph = joined(rows)
    broad = _communities(graph, BROAD)
    fine = np.full(len(rows), NONE, np.int32)
    last = broad.max(initial=NONE) + 1
    for number in range(last):
        own = np.flatnonzero(broad == number)
        parts = _communities(graph[own][:, own], FINE)
        if parts.max(initial=NONE) > 0:
            fine[own] = np.where(parts == NONE, NONE, parts + last)
            last += parts.max() + 1
    return broad, fine


def joined(rows: Rows) -> sp.csr_matrix:
    """The graph (n, n) of points with these neighbours (n, k): 1 for a neighbour, 2 if both are that to each other."""
    n, k = rows.shape
    graph = sp.csr_matrix((np.ones(n * k), rows.ravel(), np.arange(0, n * k + 1, max(k, 1))[: n + 1]), (n, n))
    return graph + graph.T


def _communities(graph: sp.csr_matrix, most: int) -> Labels:
    """The ``most`` largest communities of a graph (n, n); ``NONE`` for what is in others or has most ties there."""
    from sknetwork.clustering import Leiden

    n = graph.shape[0]
    least = max(LEAST, round(SMALLEST * n))
    if n < 2 * LEAST:
        return np.full(n, NONE, np.int32)
    for resolution in _RESOLUTIONS:
        found = Leiden(resolution, random_state=0).fit_predict(graph)
        if (np.bincount(found) >= least).sum() <= most:
            break
    ties = graph.tocoo()
    own = np.bincount(ties.row, ties.data * (found[ties.row] == found[ties.col]), n)
    is_in = own >= np.bincount(ties.row, ties.data, n) / 2
    sizes = np.bincount(found[is_in], minlength=found.max() + 1)
    order = np.argsort(-sizes, kind="stable")
    kept = order[sizes[order] >= least][:most]
    numbers = np.full(len(sizes), NONE, np.int32)
    numbers[kept] = np.arange(len(kept))
    labels: Labels = np.where(is_in, numbers[found], np.int32(NONE))
    return labels

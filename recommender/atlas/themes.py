"""Neighbours -> themes at two levels: communities (Traag et al., 2019) of the graph that joins near articles."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.atlas import NONE, Labels
from recommender.atlas.neighbours import Rows

# How many themes a library has at the most, and one of them within it.
BROAD, FINE = 12, 8
# The fewest articles of a theme, and the smallest share that it has of those that are divided.
LEAST, SMALLEST = 5, 0.01
# Themes get broader with each of these, until there are few enough. Groups that nothing joins remain, however many.
_RESOLUTIONS = 0.5 ** (np.arange(16) / 2)
# How strongly an article is joined to its theme of before: as to a neighbour that it is a neighbour of, too.
_TIE = 2.0
# What has a smaller share of its neighbours in its theme than this is of none.
_OWN = 0.4


def themes(rows: Rows, before: tuple[Labels, Labels] | None = None) -> tuple[Labels, Labels]:
    """The broad and the fine themes (n,) of n articles with these neighbours (n, k), each kind from the largest.

    Numbers of fine themes go on where those of broad ones end. ``NONE`` is for articles with few neighbours in any
    theme, and for the fine themes of a broad one that has no parts. ``before`` are the themes that the articles had in
    an earlier map, as far as they had any: they remain if they are still as good as others.
    """
    graph = _joined(rows)
    none = np.full(len(rows), NONE, np.int32)
    broad_before, fine_before = before or (none, none)
    broad, fine = _communities(graph, broad_before, BROAD), none.copy()
    end = broad.max(initial=NONE) + 1
    for theme in range(end):
        own = np.flatnonzero(broad == theme)
        parts = _communities(graph[own][:, own], fine_before[own], FINE)
        if parts.max() > 0:
            fine[own] = np.where(parts == NONE, NONE, end + parts)
            end += parts.max() + 1
    return broad, fine


def _joined(rows: Rows) -> sp.csr_matrix:
    """How strongly points with these neighbours (n, k) are joined (n, n): 2 if both are neighbours of each other."""
    n, k = rows.shape
    graph = sp.csr_matrix((np.ones(n * k), rows.ravel(), np.arange(n + 1) * k), (n, n))
    return graph + graph.T


def _tied(graph: sp.csr_matrix, before: Labels) -> sp.csr_matrix:
    """The graph of n articles with one more node for each theme of before (n,), which is joined to its articles."""
    own = np.flatnonzero(before != NONE)
    kinds, at = np.unique(before[own], return_inverse=True)
    ties = sp.csr_matrix((np.full(len(own), _TIE), (own, at)), (len(before), len(kinds)))
    return sp.bmat([[graph, ties], [ties.T, None]], "csr") if len(own) else graph


def _communities(graph: sp.csr_matrix, before: Labels, most: int) -> Labels:
    """The communities (n,) of a graph, from the largest; ``NONE`` for what belongs to none of them.

    Up to ``most``, unless there are more groups that nothing joins.
    """
    from sknetwork.clustering import Leiden

    n = graph.shape[0]
    least = max(LEAST, round(SMALLEST * n))
    if n < 2 * LEAST:  # no two themes
        return np.full(n, NONE, np.int32)
    tied = _tied(graph, before)
    for resolution in _RESOLUTIONS:
        found = Leiden(resolution, random_state=0).fit_predict(tied)[:n]
        if (np.bincount(found) >= least).sum() <= most:
            break
    found[_own(graph, found) < _OWN] = NONE
    sizes = np.bincount(found[found != NONE], minlength=1)
    order = np.argsort(-sizes, kind="stable")[: (sizes >= least).sum()]
    numbers = np.full(len(sizes) + 1, NONE, np.int32)  # what is NONE finds its own number at the end
    numbers[order] = np.arange(len(order))
    labels: Labels = numbers[found]
    return labels


def _own(graph: sp.csr_matrix, found: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much of what joins each point (n,) to others goes to its own community, as a share."""
    pairs = graph.tocoo()
    within = np.bincount(pairs.row, pairs.data * (found[pairs.row] == found[pairs.col]), len(found))
    return np.asarray(within / np.maximum(np.bincount(pairs.row, pairs.data, len(found)), 1))

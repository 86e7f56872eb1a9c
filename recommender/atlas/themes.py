"""Neighbours -> themes at two levels: communities of the graph in which near articles are joined."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.atlas import NONE, Labels
from recommender.atlas.neighbours import Rows


def themes(rows: Rows) -> tuple[Labels, Labels]:
    """The broad and the fine themes (n,) of n articles with these neighbours (n, k), ``NONE`` where there is none."""
    n = len(rows)
    graph = _joined(rows)
    broad = _communities(graph, 1.0, max(5, n // 100))
    fine = np.full(n, NONE, np.int32)
    last = broad.max(initial=NONE) + 1
    for theme in range(last):
        members = np.flatnonzero(broad == theme)
        own = _communities(graph[members][:, members], 1.0, max(5, len(members) // 20))
        if own.max(initial=NONE) < 1:
            continue
        fine[members] = np.where(own == NONE, NONE, own + last)
        last += own.max() + 1
    return broad, fine


def _joined(rows: Rows) -> sp.csr_matrix:
    n, k = rows.shape
    graph = sp.csr_matrix((np.ones(n * k), rows.ravel(), np.arange(n + 1) * k), (n, n))
    return graph.maximum(graph.T)


def _communities(graph: sp.csr_matrix, resolution: float, least: int) -> Labels:
    import random

    import igraph

    igraph.set_random_number_generator(random.Random(0))
    upper = sp.triu(graph, 1).tocoo()
    edges = np.column_stack([upper.row, upper.col])
    network = igraph.Graph(graph.shape[0], edges)
    found = np.array(
        network.community_leiden("modularity", resolution=resolution, n_iterations=-1).membership, np.int32
    ).reshape(-1)
    sizes = np.bincount(found, minlength=1)
    order = np.argsort(-sizes, kind="stable")
    place = np.full(len(sizes), NONE, np.int32)
    kept = order[sizes[order] >= least]
    place[kept] = np.arange(len(kept))
    labels: NDArray[np.int32] = place[found] if len(found) else found
    return labels

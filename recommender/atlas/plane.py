"""Unit vectors and their neighbours -> places on a plane, on which near neighbours stay near."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.atlas import Places
from recommender.atlas.neighbours import NEAR, Rows, Watch, nobody
from recommender.embed import Vectors

# Turns, exaggeration of the attraction, and momentum: first whole groups find their places, then each point within its
# group. With so much momentum at the end it takes half the turns.
_ANEW = ((50, 4.0, 0.8), (50, 2.0, 0.8), (200, 1.0, 0.95))
# From places that are there: new points find their groups, and the rest moves little.
_AGAIN = ((50, 2.0, 0.8), (100, 1.0, 0.8))
# Below this many points a tree is faster than the grid by which the repulsion is computed.
_TREE = 3000
# Cells of the grid, in its own units. 1 keeps a point more of 100 neighbours and takes nearly twice the time.
_CELL = 1.5
_DECIMALS = 5  # of the principal components; the rest depends on the order in which a machine adds up
_FITTED = 10_000
_EVERY = 10  # turns between two looks of who watches
# Points by which the scale of a plane is taken.
_SAMPLE = 1000


def plane(vectors: Vectors, rows: Rows, start: Places | None = None, watch: Watch = nobody) -> Places:
    """Places (n, 2) of unit vectors (n, d) with these neighbours (n, k); the same on every run.

    t-SNE (van der Maaten and Hinton, 2008) as openTSNE has it (Poličar et al., 2024), attracting neighbours alike. It
    begins with the principal components, or with the places ``start`` (n, 2) and then moves these little.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    phases, first = (_ANEW, _components(vectors)) if start is None else (_AGAIN, start.astype(np.float64))
    if not (first != first[:1]).any():  # nothing sets them apart: a method that goes by distances would crash
        return np.column_stack([np.arange(len(vectors)), np.zeros(len(vectors))]).astype(np.float32)
    affinities = PrecomputedAffinities(_joined(rows))
    method = "bh" if len(vectors) < _TREE else "fft"
    embedding = TSNEEmbedding(first, affinities, negative_gradient_method=method, random_state=0)
    turns, done = sum(turns for turns, _, _ in phases), 0
    for some, exaggeration, momentum in phases:
        embedding.optimize(
            some,
            exaggeration=exaggeration,
            momentum=momentum,
            ints_in_interval=_CELL,
            inplace=True,
            callbacks=lambda turn, *_, done=done: watch((done + turn) / turns),
            callbacks_every_iters=_EVERY,
        )
        done += some
    return np.asarray(embedding, np.float32)


def placed(xy: Places, rows: Rows) -> Places:
    """Where points lie (m, 2) that have these neighbours (m, k) among points that have places (n, 2), which stay.

    That is where most of the neighbours are, not between two groups of them: one step of mean shift (Comaniciu and
    Meer, 2002) with the kernel of t-SNE, from the neighbour that has most others around it.
    """
    there = xy[rows].astype(np.float64)
    gaps = np.linalg.norm(there[:, :, np.newaxis] - there[:, np.newaxis], axis=3)
    kernel = 1 / (1 + (gaps / _scale(xy)) ** 2)
    weights = kernel[np.arange(len(rows)), kernel.sum(axis=2).argmax(axis=1)] ** 2
    return np.average(there, axis=1, weights=weights[:, :, np.newaxis] + np.zeros(2)).astype(np.float32)


def _scale(xy: Places) -> float:
    """How far the neighbours of a point are usually away; 1 where all are at one place."""
    from scipy.spatial import KDTree

    some = xy[:: max(1, len(xy) // _SAMPLE)]
    away = KDTree(xy).query(some, min(NEAR, len(xy) - 1) + 1)[0]
    return float(np.median(away.reshape(len(some), -1)[:, -1])) or 1.0


def _components(vectors: Vectors) -> NDArray[np.float64]:
    """The first two principal components (n, 2), as small as t-SNE begins with."""
    from openTSNE.initialization import rescale
    from sklearn.decomposition import PCA

    n, dimension = vectors.shape
    if n < 3:
        return np.zeros((n, 2))
    solver = "covariance_eigh" if n > dimension else "full"  # neither leaves anything to chance
    method = PCA(2, svd_solver=solver).fit(vectors[:: max(1, n // _FITTED)].astype(np.float64))
    parts = [method.transform(vectors[at : at + _FITTED].astype(np.float64)) for at in range(0, n, _FITTED)]
    first = np.round(np.concatenate(parts), _DECIMALS)
    return rescale(first) if first.any() else first


def _joined(rows: Rows) -> sp.csr_matrix:
    """How strongly n points with these neighbours (n, k) attract each other (n, n): alike, adding up to 1."""
    n, k = rows.shape
    graph = sp.csr_matrix((np.ones(n * k), rows.ravel(), np.arange(0, n * k + 1, k)), (n, n))
    graph = graph.maximum(graph.T)
    return graph / graph.sum()

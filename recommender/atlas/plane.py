"""Unit vectors -> places on a plane, on which near neighbours stay near."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from recommender.atlas import Places
from recommender.atlas.neighbours import Rows, among_themselves, nearest
from recommender.embed import Vectors

Watch = Callable[[float], None]


def plane(vectors: Vectors, start: Places | None = None, watch: Watch = lambda share: None) -> Places:
    """Places (n, 2) of unit vectors (n, d), in which near neighbours by cosine stay near; the same on every run."""
    return drawn(vectors, among_themselves(vectors), start, watch)


def drawn(vectors: Vectors, rows: Rows, start: Places | None = None, watch: Watch = lambda share: None) -> Places:
    """``plane`` of vectors whose neighbours (n, k) are known."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities
    from openTSNE.initialization import rescale
    from sklearn.decomposition import PCA

    n = len(vectors)
    if n < 3 or (vectors == vectors[0]).all():
        return np.column_stack([np.arange(n), np.zeros(n)]).astype(np.float32)
    if start is None:
        first = rescale(PCA(2, svd_solver="covariance_eigh").fit_transform(vectors.astype(np.float64)))
    else:
        first = start.astype(np.float64)
    affinities = PrecomputedAffinities(_affinities(rows))
    method = "bh" if n < 3000 else "fft"

    embedding = TSNEEmbedding(first, affinities, negative_gradient_method=method, n_jobs=2, random_state=0)
    if start is None:
        embedding.optimize(100, exaggeration=4, momentum=0.5, inplace=True)
    embedding.optimize(200, exaggeration=1, momentum=0.8, inplace=True)
    return np.asarray(embedding, np.float32)


def placed(vectors: Vectors, xy: Places, new: Vectors) -> Places:
    """Where new vectors (m, d) lie among those (n, d) that have places (n, 2), which stay: (m, 2)."""
    rows, _ = nearest(vectors, new, min(10, len(vectors)))
    return np.median(xy[rows], axis=1)


def _affinities(rows: Rows) -> sp.csr_matrix:
    n, k = rows.shape
    graph = sp.csr_matrix((np.ones(n * k), rows.ravel(), np.arange(n + 1) * k), (n, n))
    graph = graph.maximum(graph.T)
    return graph / graph.sum()

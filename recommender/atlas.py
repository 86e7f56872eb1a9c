"""Vectors -> a plane. Arrays in, arrays out; what is drawn with them is the views' business."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors

SEED = 0


def plane(vectors: Vectors) -> NDArray[np.float32]:
    """Coordinates (n, 2) in which near neighbours by cosine stay near; the same on every run.

    t-SNE (van der Maaten and Hinton, 2008) as scikit-learn has it, started from the principal components. On few
    points it looks at half of them as neighbours: on the 18 of the seed page that kept more true neighbours than
    smaller neighbourhoods or the principal components did.
    """
    from sklearn.manifold import TSNE

    n = len(vectors)
    if n < 3 or (vectors == vectors[0]).all():  # scikit-learn would divide by the spread of one point, and crash
        return np.column_stack([np.arange(n), np.zeros(n)]).astype(np.float32)
    method = TSNE(2, perplexity=min(30.0, n / 2), metric="cosine", init="pca", random_state=SEED)
    return np.asarray(method.fit_transform(vectors), dtype=np.float32)

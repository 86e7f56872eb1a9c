"""A cross-encoder reads the query together with each candidate: slower than any vector, and often better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from recommender.embed import ModelError
from recommender.search import Scores

_INSTEAD = "leave the reranker out"
# A query and m texts -> their scores (m,), higher is better.
Reranker = Callable[[str, Sequence[str]], Scores]


@lru_cache(maxsize=2)
def load_reranker(name: str) -> Reranker:
    """Load a cross-encoder of sentence-transformers: the path of a folder, or a name on the Hugging Face hub.

    Its scores lie between 0 and 1. Raises ModelError if it cannot be had, or gives several scores for a pair.
    """
    import torch
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name, activation_fn=torch.nn.Sigmoid())
    except Exception as error:  # whatever a missing or damaged model makes the loaders raise
        raise ModelError(name, "unreadable" if Path(name).is_dir() else "offline", error, _INSTEAD) from error
    if model.num_labels != 1:
        several = f"it gives {model.num_labels} scores for a pair, a reranker gives one"
        raise ModelError(name, "unreadable", several, _INSTEAD)

    def scores(query: str, texts: Sequence[str]) -> Scores:
        pairs = [(query, text) for text in texts]
        return np.asarray(model.predict(pairs, show_progress_bar=False) if pairs else [], np.float32)

    return scores

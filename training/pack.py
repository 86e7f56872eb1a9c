"""The packed model: a folder that sentence-transformers and model2vec load, with a byte for each number."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.tokenizer import UNKNOWN

_SETTINGS = {
    "model_type": "SentenceTransformer",
    "prompts": {},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def pack(vectors: NDArray[np.float32], tokenizer: Tokenizer, folder: Path) -> None:
    """Write the model to ``folder``: rows of int8, each with the weight that makes the vector of it again.

    The unknown piece has the zero vector, so that texts of which nothing is known are alike to none.
    """
    vectors = vectors.copy()
    vectors[tokenizer.token_to_id(UNKNOWN)] = 0
    weights = np.abs(vectors).max(axis=1) / 127
    rows = np.rint(vectors / np.maximum(weights, np.finfo(np.float32).tiny)[:, None]).astype(np.int8)
    model = StaticModel(rows, tokenizer, weights=weights.astype(np.float32), max_length=None)
    model.save_pretrained(folder)
    (folder / "config_sentence_transformers.json").write_text(json.dumps(_SETTINGS, indent=2) + "\n")

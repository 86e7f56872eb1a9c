"""The weights: a vector a piece, learned so that the means of texts that belong together are alike.

The losses are those of sentence-transformers (MultipleNegativesRankingLoss in both directions, CoSENTLoss,
MatryoshkaLoss); the loop is our own, as a step of its trainer tokenizes the texts anew and updates every vector:
it takes 1.5 to 4.6 times as long on sentences (benchmarks/learning.py).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from torch import Tensor
from tqdm import tqdm

from training.batches import Batch, batches
from training.pairs import Ints, Texts


@dataclass(frozen=True)
class Settings:
    """How long and how fast to learn."""

    dimensions: tuple[int, ...] = (384, 256, 128, 64)
    pairs: int = 2048
    steps: int = 7_000
    rate: float = 0.2
    scale: float = 20.0
    longest: int = 256
    seed: int = 0


# Seconds between two checkpoints.
CHECKPOINT = 120.0
_WARMUP = 0.05
# Of the mean square of the gradients, as Adam has it.
_DECAY = 0.999


def train(texts: Texts, parts: csr_matrix, settings: Settings, folder: Path) -> NDArray[np.float32]:
    """Learn the vectors, (pieces, dimensions[0]), going on from the checkpoint in ``folder`` if there is one.

    ``parts`` (pieces, parts) says what the pieces are made of. An interrupted run that goes on gives what an
    uninterrupted one gives.
    """
    rng = np.random.default_rng(settings.seed)
    learner = _beginning(texts, parts, settings)
    saved = folder / "weights.pt"
    if saved.exists():
        rng.bit_generator.state = learner.restore(torch.load(saved))
    progress = tqdm(total=settings.steps, initial=learner.steps, desc="weights", smoothing=0.02)
    last = time.monotonic()
    for batch in batches(texts, settings.pairs, rng):
        if learner.steps >= settings.steps:
            break
        value = _learn(learner, batch, texts, settings, rng)
        progress.set_postfix_str(f"{batch.kind} {value:.2f}", refresh=False)
        progress.update()
        if time.monotonic() - last > CHECKPOINT:
            _save(learner, rng, saved)
            last = time.monotonic()
    _save(learner, rng, saved)
    return learner.vectors()


def _learn(learner: Learner, batch: Batch, texts: Texts, settings: Settings, rng: np.random.Generator) -> float:
    """One step on one batch, at all dimensions and at one of the fewer ones (MatryoshkaLoss, Kusupati et al. 2022)."""
    sizes = {settings.dimensions[0], rng.choice(settings.dimensions)}
    ids, offsets = slices(batch, texts.pieces, settings.longest)
    loss = _loss(batch, duplicates(ids, offsets), settings.scale)
    done = learner.steps / settings.steps
    rate = settings.rate * min(1.0, (done + 1 / settings.steps) / _WARMUP) * (1 - done)
    return learner.step(ids, offsets, lambda vectors: sum(loss(vectors[:, :size]) for size in sizes), rate)


def _loss(batch: Batch, same: Tensor, scale: float) -> Callable[[Tensor], Tensor]:
    if batch.scores is not None:
        return partial(cosent, scores=torch.from_numpy(batch.scores), scale=scale)
    return partial(contrastive, same=same, scale=scale)


def _beginning(texts: Texts, parts: csr_matrix, settings: Settings) -> Learner:
    """Random vectors, shorter the more frequent the piece or part is (SIF: Arora, Liang and Ma 2017)."""
    generator = torch.Generator().manual_seed(settings.seed)
    counts = np.bincount(texts.pieces, minlength=parts.shape[0])
    tables = []
    for n in (counts, (parts != 0).T @ counts):
        weight = _SIF / (_SIF + n / max(1, counts.sum()))
        vectors = torch.randn(len(n), settings.dimensions[0], generator=generator)
        tables.append(Table(vectors * torch.from_numpy(weight).float()[:, None]))
    return Learner(*tables, parts)


_SIF = 1e-3


def _save(learner: Learner, rng: np.random.Generator, path: Path) -> None:
    torch.save({**learner.state(), "rng": rng.bit_generator.state}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def slices(batch: Batch, pieces: NDArray[np.int32], longest: int) -> tuple[Ints, Ints]:
    """The pieces of a batch's texts, left then right, one after the other, and where each text begins."""
    spans = np.concatenate([batch.left, batch.right])
    lengths = np.minimum(spans[:, 1] - spans[:, 0], longest)
    offsets = np.cumsum(lengths) - lengths
    at = np.repeat(spans[:, 0] - offsets, lengths) + np.arange(lengths.sum())
    return pieces[at].astype(np.int64), offsets


class Table:
    """Vectors, and the mean square of the gradient of each number, updated for a batch's rows only.

    Adam (Kingma and Ba 2015) without its mean of gradients, which would hold back the rows that are seldom seen.
    """

    def __init__(self, vectors: Tensor) -> None:
        self.vectors = vectors
        self.square = torch.zeros_like(vectors)

    def update(self, rows: Tensor, gradient: Tensor, rate: float) -> None:
        """Move the vectors of ``rows`` against their ``gradient``."""
        square = self.square[rows].mul_(_DECAY).addcmul_(gradient, gradient, value=1 - _DECAY)
        self.square[rows] = square
        self.vectors[rows] -= rate * gradient / (square.sqrt_() + 1e-8)


class Learner:
    """The vectors of the pieces and of their parts; a piece is what is its own and what its parts are, added up."""

    def __init__(self, own: Table, shared: Table, parts: csr_matrix) -> None:
        self.own, self.shared = own, shared
        self.steps = 0
        self._parts = parts

    def vectors(self) -> NDArray[np.float32]:
        """The vectors of the pieces (pieces, d)."""
        vectors: NDArray[np.float32] = self.own.vectors.numpy() + self._parts @ self.shared.vectors.numpy()
        return vectors

    def state(self) -> dict[str, object]:
        """What a checkpoint keeps."""
        return {"own": vars(self.own), "shared": vars(self.shared), "steps": self.steps}

    def restore(self, state: dict[str, Any]) -> dict[str, object]:
        """Go on from a checkpoint; returns the state of the random numbers, which it keeps, too."""
        vars(self.own).update(state["own"])
        vars(self.shared).update(state["shared"])
        self.steps = state["steps"]
        rng: dict[str, object] = state["rng"]
        return rng

    def step(self, ids: Ints, offsets: Ints, loss: Callable[[Tensor], Tensor], rate: float) -> float:
        """Learn from the texts of one batch; ``loss`` takes their vectors."""
        rows, place = np.unique(ids, return_inverse=True)
        made_of = self._parts[rows]
        used, made_of.indices = np.unique(made_of.indices, return_inverse=True)
        made_of = csr_matrix((made_of.data, made_of.indices, made_of.indptr), (len(rows), len(used)))
        at, of = torch.from_numpy(rows), torch.from_numpy(used.astype(np.int64))
        table = (self.own.vectors[at] + _product(made_of, self.shared.vectors[of])).requires_grad_()
        value = loss(F.embedding_bag(torch.from_numpy(place), table, torch.from_numpy(offsets), mode="mean"))
        value.backward()
        self.steps += 1
        rate *= math.sqrt(1 - _DECAY**self.steps)
        self.own.update(at, table.grad, rate)
        self.shared.update(of, _product(made_of.tocsc(), table.grad), rate)
        return float(value.detach())


def _product(matrix: csr_matrix | csc_matrix, vectors: Tensor) -> Tensor:
    """``matrix`` times ``vectors``, or its transpose times them if it is stored by columns.

    Ten times as fast as torch's own product of sparse matrices.
    """
    indices, starts = (torch.from_numpy(part.astype(np.int64)) for part in (matrix.indices, matrix.indptr))
    weights = torch.from_numpy(matrix.data)
    return F.embedding_bag(indices, vectors, starts, mode="sum", per_sample_weights=weights, include_last_offset=True)


def contrastive(vectors: Tensor, same: Tensor, scale: float) -> Tensor:
    """Each text shall be most like its partner among all partners: MultipleNegativesRankingLoss in both directions.

    ``vectors`` (2n, d): left texts, then right ones. ``same`` (n, n): pairs that are not negatives, as one of the texts
    is the same. Henderson et al. 2017; in both directions as Yang et al. 2019.
    """
    left, right = F.normalize(vectors, dim=1).chunk(2)
    likeness = (scale * left @ right.T).masked_fill(same, -torch.inf)
    target = torch.arange(len(left))
    return (F.cross_entropy(likeness, target) + F.cross_entropy(likeness.T, target)) / 2


def cosent(vectors: Tensor, scores: Tensor, scale: float) -> Tensor:
    """A pair with a higher score shall have the higher cosine (CoSENT, Su 2022, as in sentence-transformers)."""
    left, right = F.normalize(vectors, dim=1).chunk(2)
    cosine = scale * (left * right).sum(1)
    difference = (cosine[:, None] - cosine[None, :]).masked_fill(scores[:, None] >= scores[None, :], -torch.inf)
    return torch.logsumexp(F.pad(difference.flatten(), (1, 0)), 0)


def duplicates(ids: Ints, offsets: Ints) -> Tensor:
    """(n, n): whether the left or the right texts of two pairs have the same pieces; False on the diagonal."""
    codes = np.add.reduceat(_CODES[ids % len(_CODES)], offsets).view(np.int64)
    left, right = torch.from_numpy(codes).chunk(2)
    same = (left[:, None] == left[None, :]) | (right[:, None] == right[None, :])
    return same.fill_diagonal_(False)


_CODES = np.random.default_rng(0).integers(0, 2**64, 1 << 20, np.uint64)

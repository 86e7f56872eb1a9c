"""Why this pair: the sentences that match, on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.embed import Encoder, Vectors
from recommender.search import cosine
from recommender.segment import sentences
from recommender.types import Evidence, Passage

MAX_PAIRS = 3


def evidence(query: Sequence[Passage], passages: Sequence[Passage], encoder: Encoder) -> list[tuple[Evidence, ...]]:
    """For each passage, its sentences that say the same as a sentence of the query, best first.

    Every sentence serves once, so that MAX_PAIRS pairs show as many different sentences on either side. All texts are
    encoded in two calls, whatever the number of passages.
    """
    if not passages:
        return []
    asked = [s for passage in query for s in sentences(passage)]
    found = [sentences(passage) for passage in passages]
    answers = [s for group in found for s in group]
    similarity = cosine(
        encoder.encode([s.text for s in asked], "query"), encoder.encode([s.text for s in answers], "passage")
    )
    starts = np.cumsum([0, *(len(group) for group in found)])
    return [
        tuple(Evidence(asked[i], group[j], float(part[i, j])) for i, j in best_pairs(part, MAX_PAIRS))
        for group, part in zip(found, np.split(similarity, starts[1:-1], axis=1), strict=True)
    ]


def best_pairs(similarity: Vectors, pairs: int) -> list[tuple[int, int]]:
    """Greedy one-to-one matching: up to ``pairs`` cells of an (m, n) array, highest first, no row or column twice."""
    left = similarity.astype(np.float32, copy=True)
    chosen = []
    for _ in range(min(pairs, *left.shape)):
        row, column = divmod(int(left.argmax()), left.shape[1])
        chosen.append((row, column))
        left[row, :] = left[:, column] = -np.inf
    return chosen

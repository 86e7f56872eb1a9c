"""Words of groups of texts -> a name for each group: class-based TF-IDF (Grootendorst, 2022)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

WORDS = 4


def names(groups: Sequence[Sequence[str]], taken: Sequence[frozenset[str]] | None = None) -> list[tuple[str, ...]]:
    """For each group of words, those that tell it from the others, the weightiest first; none names two groups."""
    counts = [Counter(group) for group in groups]
    everywhere = Counter[str]()
    for count in counts:
        everywhere.update(count)
    mean = sum(everywhere.values()) / max(len(groups), 1)
    weighed: list[tuple[float, int, str]] = []
    for number, count in enumerate(counts):
        total = sum(count.values()) or 1
        for word, times in count.items():
            weighed.append((times / total * float(np.log1p(mean / everywhere[word])), number, word))
    chosen: list[list[str]] = [[] for _ in groups]
    used: set[str] = set()
    for _, number, word in sorted(weighed, key=lambda w: (-w[0], w[1], w[2])):
        if word not in used and len(chosen[number]) < WORDS:
            chosen[number].append(word)
            used.add(word)
    return [tuple(words) for words in chosen]

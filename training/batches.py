"""Batches of pairs for contrastive learning: each of one kind and one pair of languages, kinds in fixed proportions.

Within a batch every other text is a negative. Were the kinds or the languages mixed, most negatives could be told
apart by those, without a look at what the texts are about.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from training.pairs import UNORDERED, Ints, Source, Texts

# The shares of the kinds. Within one, a pair of languages counts by the square root of its rows, and a source too.
SHARES = {
    "general": 0.26,
    "words": 0.10,
    "documentation": 0.10,
    "scripture": 0.04,
    "law": 0.02,
    "neighbours": 0.12,
    "title": 0.07,
    "article": 0.13,
    "answer": 0.03,
    "tags": 0.01,
    "paraphrase": 0.03,
    "similarity": 0.07,
    "question": 0.02,
    "idiom": 0.01,
}
# What the scored pairs of a source are; what is not named is similarity.
SCORED = {"zh_afqmc_train": "question", "zh_cinlid_train": "idiom"}
# Pairs that people give so much of the highest score are paraphrases.
ALIKE = 0.8
# The weight of a pair of languages without English and Chinese: there are many such pairs, and each language is learned
# through the two already.
OTHER_PAIRS = 0.15
# The weight of neighbours in one language, which teach what is related; across languages translations teach more.
SAME = 4.0
# A passage is up to so many consecutive texts.
MOST_TEXTS = 8
# Pools with fewer rows are left out.
SMALLEST = 32

Draw = Callable[[Generator, Source, Ints], tuple[Ints, Ints]]


@dataclass(frozen=True)
class Batch:
    """Texts as slices of the pieces, left[i] = (start, end) paired with right[i].

    ``scores`` has how similar people find the two, (n,), where they were asked.
    """

    kind: str
    left: Ints
    right: Ints
    scores: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Pool:
    """What batches of one kind and one pair of languages are drawn from: sources with their rows."""

    kind: str
    sources: list[tuple[Source, Ints]]
    draw: Draw
    share: float = 1.0

    @property
    def weight(self) -> float:
        """Larger pools come oftener, but less than in proportion."""
        return self.share * float(np.sqrt(sum(len(rows) for _, rows in self.sources)))


def batches(texts: Texts, size: int, rng: Generator) -> Iterator[Batch]:
    """Batches of up to ``size`` pairs without end."""
    pools: dict[str, list[Pool]] = {}
    for pool in filter(_is_large, _pools(texts)):
        pools.setdefault(pool.kind, []).append(pool)
    kinds = [kind for kind in SHARES if kind in pools]
    shares = np.array([SHARES[kind] for kind in kinds])
    while True:
        kind = kinds[rng.choice(len(kinds), p=shares / shares.sum())]
        weights = np.array([pool.weight for pool in pools[kind]])
        yield _batch(texts, pools[kind][rng.choice(len(weights), p=weights / weights.sum())], size, rng)


def _is_large(pool: Pool) -> bool:
    """A handful of pairs are no negatives to one another worth a step."""
    return sum(len(rows) for _, rows in pool.sources) >= SMALLEST


def _batch(texts: Texts, pool: Pool, size: int, rng: Generator) -> Batch:
    weights = np.sqrt([len(rows) for _, rows in pool.sources])
    parts = []
    for (source, rows), n in zip(pool.sources, rng.multinomial(size, weights / weights.sum()), strict=True):
        drawn = rng.choice(rows, min(n, len(rows)), replace=False)
        left, right = (texts.bounds[span] for span in pool.draw(rng, source, drawn))
        # A text of punctuation has no pieces.
        full = (left[:, 0] < left[:, 1]) & (right[:, 0] < right[:, 1])
        parts.append((left[full], right[full], *([] if source.scores is None else [source.scores[drawn[full]]])))
    return Batch(pool.kind, *(np.concatenate(part) for part in zip(*parts, strict=True)))


def _pools(texts: Texts) -> Iterator[Pool]:
    parallel = texts.sources.get("parallel", [])
    ordered = [source for source in parallel if source.name not in UNORDERED]
    articles = [*texts.sources.get("articles", []), *texts.sources.get("titles", [])]
    languages = sorted({language for source in parallel for language in source.first})
    for a, b in itertools.product(languages, repeat=2):
        share = 1.0 if {"en", "zh"} & {a, b} else OTHER_PAIRS
        # The normaliser has made one of the two scripts already.
        if a < b and (a, b) != ("zh", "zh-Hant"):
            for group in sorted({source.group for source in parallel}):
                yield _pool(group, [s for s in parallel if s.group == group], (a, b), _same_row(a, b), share=share)
        yield _pool("neighbours", ordered, (a, b), _next(a, b), share=share * (SAME if a == b else 1.0))
    yield _pool("title", articles, ("title", "paragraph"), _title)
    yield _pool("article", articles, ("paragraph",), _passages, least=2)
    yield _pool("tags", articles, ("title", "tags"), _same_row("title", "tags"))
    yield _pool("answer", texts.sources.get("pairs", []), ("question", "answer"), _same_row("question", "answer"))
    for source in texts.sources.get("scored", []):
        known = sorted({part.split()[1] for part in source.first})
        for a, b in itertools.product(known, repeat=2):
            parts = f"s1 {a}", f"s2 {b}"
            scored = _pool(
                SCORED.get(source.name, "similarity"), [source], parts, _same_row(*parts), share=1 / len(known) ** 2
            )
            yield scored
            yield replace(scored, kind="paraphrase", sources=[_alike(*pair) for pair in scored.sources])


def _alike(source: Source, rows: Ints) -> tuple[Source, Ints]:
    """Those of the pairs that people find alike, without their scores."""
    alike = source.scores[rows] >= ALIKE * source.scores.max()
    return replace(source, scores=None), rows[alike]


def _pool(
    kind: str, sources: list[Source], parts: tuple[str, ...], draw: Draw, least: int = 1, share: float = 1.0
) -> Pool:
    found = [(source, rows) for source in sources if len(rows := source.rows(*parts, least=least))]
    return Pool(kind, found, draw, share)


def _same_row(a: str, b: str) -> Draw:
    def draw(rng: Generator, source: Source, rows: Ints) -> tuple[Ints, Ints]:
        return tuple(np.stack([source.first[part][rows], source.first[part][rows] + 1], 1) for part in (a, b))

    return draw


def _next(a: str, b: str) -> Draw:
    """Some texts in language a, and some in language b that follow them."""

    def draw(rng: Generator, source: Source, rows: Ints) -> tuple[Ints, Ints]:
        n, m = rng.integers(1, MOST_TEXTS + 1, (2, len(rows)))
        last = len(source.first[a]) - 1
        middle, end = np.minimum(rows + n, last - 1), np.minimum(rows + n + m, last)
        return _span(source, a, np.minimum(rows, middle - 1), middle), _span(source, b, middle, end)

    return draw


def _span(source: Source, part: str, start: Ints, end: Ints) -> Ints:
    first = source.first[part]
    return np.stack([first[start], first[end]], 1)


def _title(rng: Generator, source: Source, rows: Ints) -> tuple[Ints, Ints]:
    """The title and a passage of the article."""
    start, end = source.first["paragraph"][rows], source.first["paragraph"][rows + 1]
    return _span(source, "title", rows, rows + 1), _within(rng, start, end)


def _passages(rng: Generator, source: Source, rows: Ints) -> tuple[Ints, Ints]:
    """Two passages of one article that do not overlap."""
    start, end = source.first["paragraph"][rows], source.first["paragraph"][rows + 1]
    middle = start + 1 + (rng.random(len(rows)) * (end - start - 1)).astype(np.int64)
    return _within(rng, start, middle), _within(rng, middle, end)


def _within(rng: Generator, start: Ints, end: Ints) -> Ints:
    """Up to MOST_TEXTS texts from between start and end."""
    length = np.minimum(end - start, 2 ** rng.integers(0, int(np.log2(MOST_TEXTS)) + 1, len(start)))
    first = start + (rng.random(len(start)) * (end - start - length + 1)).astype(np.int64)
    return np.stack([first, first + length], 1)

"""Why this pair: the sentences that match, on both sides, and the words that carry the match."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.embed import Encoder, Transparent, Vectors
from recommender.explain.contributions import Contributions, word_contributions
from recommender.explain.occlusion import sentence_drops
from recommender.explain.why import Mark, Why, WordPair, common_runs
from recommender.search import cosine, top_k
from recommender.segment import sentences
from recommender.types import Evidence, Passage, Span

__all__ = ["ALIKE", "MAX_PAIRS", "MAX_WORDS", "Mark", "Why", "WordPair", "best_pairs", "evidence", "why"]

MAX_PAIRS = 3
# More words than a reader looks at, so that phrases can be put together from them.
MAX_WORDS = 24
# Different words whose vectors are as near as this mean much the same. Of pairs of words that match best in passages of
# zh_csl, zh_cnews and seealso_en_cpp (dev), read in steps of 0.05: 软件 and 管理软件 at 0.40, 锻炼 and 健身 at 0.45.
ALIKE = 0.45


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


def why(query: Sequence[Passage], passages: Sequence[Passage], encoder: Encoder) -> list[Why]:
    """For each passage, what carries its match: words where the model can be taken apart, else sentences.

    The query is all its passages as one, each counting by its length, as the facade asks with them.
    """
    if isinstance(encoder, Transparent):
        return [_by_words(contributions) for contributions in word_contributions(query, passages, encoder)]
    return sentence_drops(query, passages, encoder)


def _by_words(found: Contributions) -> Why:
    # What a model's prompt gives counts, and can be shown nowhere.
    shown = np.ix_(*(np.array([bool(places) for places in side.spans], bool) for side in (found.query, found.article)))
    matrix = np.full_like(found.matrix, -np.inf)
    matrix[shown] = found.matrix[shown]
    cells = [cell for cell in best_pairs(matrix, MAX_WORDS) if matrix[cell] > 0]
    pairs = {cell: _word_pair(found, *cell) for cell in cells}
    same = [cell for cell, pair in pairs.items() if pair.same]
    alike = [cell for cell, pair in pairs.items() if not pair.same and pair.likeness >= ALIKE]
    phrases = [
        tuple(pairs[cells[at]] for at in run)
        for cells in (same, alike)
        for run in common_runs(found.query.line, found.article.line, cells)
    ]
    phrases.sort(key=lambda phrase: -sum(pair.contribution for pair in phrase))
    return Why(
        found.score,
        "words",
        _marks(found.query.spans, found.matrix.sum(axis=1)),
        _marks(found.article.spans, found.matrix.sum(axis=0)),
        tuple(pairs.values()),
        tuple(phrases),
    )


def _word_pair(found: Contributions, query: int, article: int) -> WordPair:
    return WordPair(
        found.query.spans[query],
        found.article.spans[article],
        float(found.matrix[query, article]),
        found.likeness(query, article),
        found.query.forms[query] == found.article.forms[article],
    )


def _marks(spans: Sequence[tuple[Span, ...]], contributions: Vectors) -> tuple[Mark, ...]:
    rows = top_k(contributions, MAX_WORDS)
    return tuple(Mark(spans[row], float(contributions[row])) for row in rows if contributions[row] > 0 and spans[row])

"""Articles that were found -> their order: one score of meaning and words, then what an editor wants beside it."""

from __future__ import annotations

import numpy as np

from recommender.search import Scores

# Chosen on the dev sets seealso_en_cpp, seealso_en, zh_cnews and zh_csl together, with whole pages and with their first
# paragraphs as queries. The title's share in the meaning of an article: passages alone give 0.1 to 1.7 less nDCG@10.
TITLE_SHARE = 0.3
# A match of words that has less of the query's weight than this counts in proportion, so that one word in common is not
# taken for much where none has more. Costs nothing on English pages, and gives 0.5 to 1.2 on the Chinese sets.
ENOUGH_WORDS = 0.25


def meaning(passage_scores: Scores, title_scores: Scores, floor: float) -> Scores:
    """How near articles are in meaning, (n,) in 0..1: their best passages and titles together.

    Both (n,) are cosines; ``floor`` is the cosine of unrelated texts, which counts as 0.
    """
    cosines = (1 - TITLE_SHARE) * passage_scores + TITLE_SHARE * title_scores
    return np.clip((cosines - floor) / (1 - floor), 0, 1).astype(np.float32)


def fused(meaning: Scores, words: Scores, share: float) -> Scores:
    """One score of meaning and of words (n,), both in 0..1, for the order: a weighted sum, each by its highest.

    ``share`` is the weight of the words. On the dev sets above, sums of scores give 0 to 3 points of nDCG@10 more than
    sums of reciprocal ranks (Cormack, Clarke and Büttcher, 2009). Raises ValueError for a share outside 0..1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the share of words is between 0 and 1, got {share}")
    top_meaning, top_words = meaning.max(initial=0), max(words.max(initial=0), ENOUGH_WORDS)
    total: Scores = (1 - share) * meaning / (top_meaning or 1) + share * words / top_words
    return total.astype(np.float32)

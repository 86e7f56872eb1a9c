"""A query -> the articles to be ranked: the nearest in meaning, and those that share its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embed import Vectors
from recommender.library import EVERYTHING, Library, Numbers, WordMatches
from recommender.search import Scores, best_passages, cosine, top_k
from recommender.search.searcher import Searcher
from recommender.types import Filter

# Articles of each kind that are ranked. Twice as many change nDCG@10 by less than 0.2 on seealso_en and seealso_en_cpp.
BY_MEANING, BY_WORDS = 100, 50


@dataclass(frozen=True)
class Asked:
    """A query: its unit vector (d,), that of its title, or again its own where it has none, and its words.

    ``texts`` are searched by words; what stands in several of them counts as often.
    """

    vector: Vectors
    title: Vectors
    texts: Sequence[str]


@dataclass(frozen=True)
class Found:
    """n articles to be ranked, in order of their numbers.

    ``articles`` (n,) are their numbers, ``passages`` (n,) those of the best passage of each. ``passage_scores`` and
    ``title_scores`` (n,) are cosines of these with the query and with its title, ``word_scores`` (n,) those of
    ``Library.by_words``. A title that says nothing to the model scores what the passage does.
    """

    articles: Numbers
    passages: Numbers
    passage_scores: Scores
    title_scores: Scores
    word_scores: Scores


class HybridSearcher:
    """Finds the articles of a library that are to be ranked for a query."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.dense = Searcher(library)

    def find(self, asked: Asked, k: int, among: Filter = EVERYTHING, without: int | None = None) -> Found:
        """The ``BY_MEANING`` nearest articles, or k if that is more, and the ``BY_WORDS`` that share most words.

        ``among`` limits them, and ``without`` is the number of an article that is left out.
        """
        query = asked.vector[np.newaxis]
        numbers = None if among == EVERYTHING else self._library.numbers(among)
        wide = max(k, BY_MEANING)
        near = self.dense.nearest_articles(query, wide, numbers, without)
        worded = self._library.by_words(asked.texts, among, without)
        best_worded = worded.numbers[top_k(worded.scores, max(k, BY_WORDS))]
        rows = best_passages(near.scores[0], near.owners[0], wide)
        held = self.dense.held(self._library.of_articles(np.setdiff1d(best_worded, near.owners[0][rows])))
        numbers = np.append(near.numbers[0][rows], held.numbers)
        owners = np.append(near.owners[0][rows], held.owners)
        scores = np.append(near.scores[0][rows], cosine(query, held.vectors))
        best = best_passages(scores, owners, len(scores))
        best = best[np.argsort(owners[best])]
        return Found(
            owners[best],
            numbers[best],
            scores[best],
            self._title_scores(asked.title, owners[best], scores[best]),
            _placed(worded, owners[best]),
        )

    def _title_scores(self, asked: Vectors, articles: Numbers, otherwise: Scores) -> Scores:
        """The cosines (n,) of the articles' titles; of one that says nothing to the model, what is given instead."""
        titles = self._library.titles(articles)
        return np.where(asked.any() & titles.any(axis=1), cosine(asked[np.newaxis], titles)[0], otherwise)


def _placed(worded: WordMatches, articles: Numbers) -> Scores:
    """The scores of articles (n,) by words, 0 for those that share none."""
    placed = np.zeros(len(articles), np.float32)
    there = np.isin(worded.numbers, articles)
    placed[np.searchsorted(articles, worded.numbers[there])] = worded.scores[there]
    return placed

"""Ways to tell how alike texts are: by the vectors of a model, or by the words and characters that they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

Texts = Sequence[str]
Scores = NDArray[np.floating[Any]]
Encode = Callable[[Texts], Scores]


class Method(Protocol):
    """A way to tell how alike texts are; higher is more alike."""

    def pairs(self, firsts: Texts, seconds: Texts) -> Scores:
        """Give n scores, of each first with its second."""

    def matrix(self, queries: Texts, candidates: Texts) -> Scores:
        """Give (n, m) scores, of each query with each candidate."""


class Meaning:
    """Cosines of a model's vectors. A text is encoded once, however often it is asked for."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._known: dict[str, Scores] = {}

    def pairs(self, firsts: Texts, seconds: Texts) -> Scores:
        """Give n cosines."""
        return np.einsum("nd,nd->n", self._vectors(firsts), self._vectors(seconds))

    def matrix(self, queries: Texts, candidates: Texts) -> Scores:
        """Give (n, m) cosines."""
        return self._vectors(queries) @ self._vectors(candidates).T

    def _vectors(self, texts: Texts) -> Scores:
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(new, self._encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class CharacterTfidf:
    """Cosines of sublinear TF-IDF over the character n-grams of all texts asked for."""

    def __init__(self, analyzer: str, lengths: tuple[int, int]) -> None:
        self._analyzer, self._lengths = analyzer, lengths

    def pairs(self, firsts: Texts, seconds: Texts) -> Scores:
        """Give n cosines."""
        left, right = self._weights(firsts, seconds)
        return np.asarray(left.multiply(right).sum(axis=1)).ravel()

    def matrix(self, queries: Texts, candidates: Texts) -> Scores:
        """Give (n, m) cosines."""
        left, right = self._weights(queries, candidates)
        return (left @ right.T).toarray()

    def _weights(self, *parts: Texts) -> list[Any]:
        model = TfidfVectorizer(analyzer=self._analyzer, ngram_range=self._lengths, sublinear_tf=True, dtype=np.float32)
        model.fit({text: None for part in parts for text in part})
        return [model.transform(part) for part in parts]


class Bm25:
    """BM25 (Robertson and Zaragoza, 2009, in Lucene's variant) over what ``cut`` makes of a text."""

    def __init__(self, cut: Callable[[str], list[str]]) -> None:
        self._cut = cut

    def pairs(self, firsts: Texts, seconds: Texts) -> Scores:
        """Refuse: its score of a pair has no common scale, so it is read only within one query."""
        raise TypeError("BM25 ranks candidates of one query; it does not score pairs")

    def matrix(self, queries: Texts, candidates: Texts) -> Scores:
        """Give (n, m) BM25 scores."""
        index = BM25()
        index.index([self._cut(text) for text in candidates], create_empty_token=False, show_progress=False)
        return np.stack([index.get_scores_from_ids(index.get_tokens_ids(self._cut(query))) for query in queries])

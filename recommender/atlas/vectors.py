"""A library -> a vector for each article: the mean of its passages', weighted by length."""

from __future__ import annotations

import numpy as np

from recommender.atlas import Numbers, found
from recommender.atlas.neighbours import Watch, nobody
from recommender.embed import Vectors, unit
from recommender.library import Library

_CHUNK = 2000  # articles read at once


class ArticleVectors:
    """The vectors of a library's articles, which are read again only where an article has changed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        none = np.empty(0, np.int64)
        # Those that were asked for last: whose model it was, numbers, versions, vectors.
        self._known = ("", none, none, np.empty((0, 0), np.float32))

    def of(self, owners: Numbers, versions: Numbers, watch: Watch = nobody) -> Vectors:
        """The unit vectors (n, d) of articles with these rising numbers and versions (n,).

        Zeros for one that says nothing to the model, or is gone meanwhile.
        """
        identity, dimension = self._library.identity, self._library.counts().dimension
        vectors = np.zeros((len(owners), dimension), np.float32)
        same = np.zeros(len(owners), bool)
        known, of_known, kept = self._known[1:]
        if self._known[0] == identity:
            rows = found(known, owners)
            same[rows >= 0] = of_known[rows[rows >= 0]] == versions[rows >= 0]
            vectors[same] = kept[rows[same]]
        new = np.flatnonzero(~same)
        for start in range(0, len(new), _CHUNK):
            some = new[start : start + _CHUNK]
            vectors[some] = unit(self._library.atlases.sums(owners[some]))
            watch(min(1.0, (start + _CHUNK) / len(new)))
        self._known = identity, owners, versions, vectors
        return vectors

"""The map of a library: drawn when much has changed, kept with it, and where things lie on it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.atlas import Atlas, Places
from recommender.atlas.keeping import changed, from_bytes, moved_to, to_bytes
from recommender.atlas.legend import described
from recommender.atlas.names import Group
from recommender.atlas.neighbours import NEAR, Watch, neighbours, nobody
from recommender.atlas.plane import placed, plane
from recommender.atlas.themes import themes
from recommender.atlas.trust import trust
from recommender.atlas.vectors import ArticleVectors
from recommender.embed import Vectors
from recommender.library import Numbers
from recommender.recommend import Recommender
from recommender.search import best_passages
from recommender.segment import paragraphs, split
from recommender.terms import words
from recommender.types import Article, Passage

# A new map is due when more than this share of the articles has come, changed or gone since.
MOST_CHANGED = 0.1
# It starts from the one before where at least this share of the articles is on that: with less the places get worse.
_KEPT = 0.75
# So many characters of an article are read to name its theme.
_BEGINNING = 1000


@dataclass(frozen=True)
class Near:
    """An article that is near to a passage: its id, and the cosine of its nearest passage."""

    id: str
    score: float


class Cartographer:
    """Draws the map of a recommender's library, and says where things lie on it. Threads may share one."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self._library = recommender.library
        self._seen: tuple[tuple[int, ...], Atlas | None] = ((), None)
        self._vectors = ArticleVectors(recommender.library)

    def stored(self) -> Atlas | None:
        """The map that is kept, whoever drew it, of the articles that there are now; None if there is none.

        Those that have come since are placed without moving the others: see ``moved_to``.
        """
        state = self._library.atlases.state()
        if self._seen[0] != state:
            self._seen = state, self._now()
        return self._seen[1]

    def is_due(self) -> bool:
        """Whether a new map should be drawn: there is none, or more than ``MOST_CHANGED`` of the articles changed."""
        atlas = self._read()
        owners, versions = self._library.atlases.versions()
        return atlas is None or changed(atlas, owners, versions) > MOST_CHANGED * len(owners)

    def draw(self, watch: Watch = nobody) -> Atlas:
        """Draw a new map and keep it. It starts from the one that is kept, so that it stays recognisable.

        ``watch`` is told the share that is done; what it raises ends the drawing, and the old map stays. Raises
        LibraryError if the library cannot be written.
        """
        revision = self.recommender.encoder.revision
        owners, versions = self._library.atlases.versions()
        vectors = self._vectors.of(owners, versions, _part(watch, 0, 0.2))
        says = vectors.any(axis=1)
        rows = neighbours(vectors[says], _part(watch, 0.2, 0.5))
        before = self._before(owners, versions, vectors)
        xy = plane(vectors[says], rows, before.xy[says] if before else None, _part(watch, 0.5, 0.9))
        broad, fine = themes(rows, (before.broad[says], before.fine[says]) if before else None)
        legend = described(xy, broad, fine, lambda some: self._said(owners[says][some]))
        drawn = Atlas(owners[says], versions[says], xy, trust(rows, xy), broad, fine, legend)
        atlas = moved_to(drawn, owners, versions, vectors)
        watch(1)  # before it is kept: whoever ends it here has the one before
        self._library.atlases.put(revision, to_bytes(atlas))
        return atlas

    def place(self, article: Article) -> Places:
        """Where the m paragraphs of an essay lie on the map (m, 2): among the articles nearest to each, without itself.

        The essay need not be in the library. A paragraph that says nothing to the model is in the middle. Raises
        ValueError if there is no map.
        """
        if (atlas := self.stored()) is None:
            raise ValueError("there is no map to place paragraphs on; draw one first")
        found = self._nearest(article, paragraphs(article), NEAR)
        rows = [of[of >= 0] for of in (atlas.rows(near)[scores > 0] for near, scores in found)]
        there = [at for at, of in enumerate(rows) if len(of)]
        xy = np.zeros((len(found), 2), np.float32)
        if there:
            xy[there] = placed(atlas.xy, np.stack([np.resize(rows[at], NEAR) for at in there]))
        return xy

    def nearest(self, article: Article, passage: Passage, k: int = NEAR) -> list[Near]:
        """The k articles nearest to a passage of an article in the full space, best first, without the article itself.

        The article need not be in the library.
        """
        [(owners, scores)] = self._nearest(article, [passage], k)
        return [Near(id_, score) for id_, score in zip(self._library.ids(owners), scores.tolist(), strict=True)]

    def _nearest(self, article: Article, passages: Sequence[Passage], k: int) -> list[tuple[Numbers, Vectors]]:
        """For each passage, the numbers and scores of the k articles that have the nearest passages."""
        # Asked as passages: a model with a prompt for queries would set them apart by that alone.
        vectors = self.recommender.directions("passage", [split(article, passage) for passage in passages])
        without = self._library.owners([article.id]).get(article.id)
        found = self.recommender.ranker.searcher.dense.nearest_articles(vectors, k, without=without)
        best = [best_passages(scores, owners, k) for scores, owners in zip(found.scores, found.owners, strict=True)]
        return [(found.owners[at][rows], found.scores[at][rows]) for at, rows in enumerate(best)]

    def _read(self) -> Atlas | None:
        drawing = self._library.atlases.drawing()
        return from_bytes(drawing) if drawing else None

    def _now(self) -> Atlas | None:
        atlas = self._read()
        owners, versions = self._library.atlases.versions()
        if atlas is None or not changed(atlas, owners, versions):
            return atlas
        return moved_to(atlas, owners, versions, self._vectors.of(owners, versions))

    def _before(self, owners: Numbers, versions: Numbers, vectors: Vectors) -> Atlas | None:
        """The map to start from, with the articles that there are now; None if there is none, or one of others."""
        atlas = self._read()
        if atlas is None or (atlas.unchanged(owners, versions) >= 0).sum() < _KEPT * len(owners):
            return None
        return moved_to(atlas, owners, versions, vectors)

    def _said(self, owners: Numbers) -> Group:
        """The words of the titles of articles and of what they begin with."""
        articles = self._library.articles(self._library.ids(owners)).values()
        return words([f"{article.title}\n{article.text[:_BEGINNING]}" for article in articles])


def _part(watch: Watch, begin: float, end: float) -> Watch:
    """Watches a stage that goes from one share of the whole to another."""
    return lambda share: watch(begin + share * (end - begin))

"""The map of a library: drawn once, kept with it, brought up to date when much has changed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from recommender.atlas import NONE, Atlas, Labels, Places, Theme
from recommender.atlas.names import names
from recommender.atlas.neighbours import among_themselves, nearest
from recommender.atlas.plane import drawn, placed
from recommender.atlas.themes import themes
from recommender.atlas.trust import trust
from recommender.embed import Vectors, unit
from recommender.library import Numbers
from recommender.recommend import Recommender
from recommender.search import best_passages
from recommender.segment import paragraphs, split
from recommender.terms import words
from recommender.types import Article, Passage

Watch = Callable[[float], None]

# A new map is due when more than this share of the articles is new, has changed or has gone since.
MOST_CHANGED = 0.1
# How many of the articles of a theme are read to name it.
_READ = 200
_NEIGHBOURS = 10


@dataclass(frozen=True)
class Near:
    """An article that is near to a passage: its id, and the cosine of its nearest passage."""

    id: str
    score: float


class Cartographer:
    """Draws the map of a recommender's library, and says where things lie on it."""

    def __init__(self, recommender: Recommender) -> None:
        self.recommender = recommender
        self._seen: tuple[tuple[int, ...], Atlas | None] = ((), None)

    def stored(self) -> Atlas | None:
        """The map that is stored for the model: articles that are gone left out, new ones placed. None for none."""
        state = self.recommender.library.atlases.state()
        if self._seen[0] != state:
            self._seen = state, self._brought_up_to_date()
        return self._seen[1]

    def is_due(self) -> bool:
        """Whether a new map should be drawn: there is none, or more than ``MOST_CHANGED`` of the articles changed."""
        atlas = self._read()
        owners, versions = self.recommender.library.atlases.versions()
        if atlas is None:
            return True
        same = len(np.intersect1d(_pairs(owners, versions), _pairs(atlas.owners, atlas.versions)))
        changed = max(len(owners), len(atlas.owners)) - same
        return changed > MOST_CHANGED * len(owners)

    def draw(self, watch: Watch = lambda share: None) -> Atlas:
        """Draw a new map and store it; it starts from the one that is stored, so that it stays recognisable.

        ``watch`` is told the share that is done; what it raises ends the drawing, and nothing is stored.
        """
        library = self.recommender.library
        owners, versions = library.atlases.versions()
        vectors = unit(library.atlases.sums(owners))
        before = self.stored()
        rows = among_themselves(vectors)
        start = before.xy if before is not None and len(before.owners) == len(owners) else None
        xy = drawn(vectors, rows, start, watch)
        broad, fine = themes(rows)
        atlas = Atlas(owners, versions, xy, trust(rows, xy), broad, fine, self._themes(owners, xy, broad, fine))
        watch(1)  # before it is stored: whoever stops it here has the one before
        library.atlases.put(self.recommender.encoder.revision, _to_bytes(atlas))
        return atlas

    def place(self, article: Article) -> Places:
        """Where the m paragraphs of an essay lie on the map that is stored: (m, 2). Raises ValueError without one."""
        atlas = self.stored()
        if atlas is None:
            raise ValueError("there is no map to place paragraphs on; draw one first")
        found = [self._nearest(p, article, _NEIGHBOURS) for p in paragraphs(article)]
        return np.array([_middle(atlas, owners) for owners, _ in found], np.float32).reshape(-1, 2)

    def nearest(self, article: Article, passage: Passage, k: int = 10) -> list[Near]:
        """The k articles of the library nearest to a passage of an article in the full space, best first.

        The article need not be in the library; it is never among them.
        """
        owners, scores = self._nearest(passage, article, k)
        ids = self.recommender.library.ids(owners)
        return [Near(id_, float(score)) for id_, score in zip(ids, scores, strict=True)]

    def _nearest(self, passage: Passage, article: Article, k: int) -> tuple[Numbers, np.ndarray]:
        vector = self.recommender.directions("passage", [split(article, passage)])
        without = self.recommender.library.owners([article.id]).get(article.id)
        found = self.recommender.ranker.searcher.dense.nearest_articles(vector, k, without=without)
        rows = best_passages(found.scores[0], found.owners[0], k)
        return found.owners[0][rows], found.scores[0][rows]

    def _read(self) -> Atlas | None:
        drawing = self.recommender.library.atlases.drawing()
        return _from_bytes(drawing) if drawing else None

    def _brought_up_to_date(self) -> Atlas | None:
        atlas = self._read()
        if atlas is None:
            return None
        owners, versions = self.recommender.library.atlases.versions()
        kept = _rows(atlas, np.isin(atlas.owners, owners))
        is_new = ~np.isin(owners, kept.owners)
        if not (is_new.any() and len(kept.owners)):
            return kept
        vectors = unit(self.recommender.library.atlases.sums(owners))
        return _with_new(kept, owners, versions, is_new, vectors)

    def _themes(self, owners: Numbers, xy: Places, broad: Labels, fine: Labels) -> tuple[Theme, ...]:
        count = int(max(broad.max(initial=NONE), fine.max(initial=NONE))) + 1
        found = []
        for siblings, of in _siblings(broad, fine):
            groups = [owners[of == number] for number in siblings]
            for number, name, group in zip(
                siblings, names([self._words(group) for group in groups]), groups, strict=True
            ):
                places = xy[of == number]
                middle = np.median(places, axis=0)
                x, y = places[np.linalg.norm(places - middle, axis=1).argmin()].tolist()
                parent = NONE if of is broad else int(broad[np.flatnonzero(of == number)[0]])
                found.append(Theme(number, parent, name, len(group), x, y))
        found.sort(key=lambda theme: theme.number)
        assert [theme.number for theme in found] == list(range(count))
        return tuple(found)

    def _words(self, owners: Numbers) -> list[str]:
        some = owners[:: max(1, len(owners) // _READ)][:_READ]
        library = self.recommender.library
        texts = [f"{a.title}\n{a.text}" for a in library.articles(library.ids(some)).values()]
        return [word for of_text in words(texts) for word in of_text]


def _rows(atlas: Atlas, rows: np.ndarray) -> Atlas:
    """The map of some of its articles."""
    return replace(atlas, **{name: getattr(atlas, name)[rows] for name in _ARRAYS})


def _with_new(atlas: Atlas, owners: Numbers, versions: Numbers, is_new: np.ndarray, vectors: Vectors) -> Atlas:
    """A map with articles that came since, among ``owners`` (n,): each has the theme of its nearest, and no trust."""
    rows, _ = nearest(vectors[~is_new], vectors[is_new], 1)
    of_old: dict[str, Any] = {
        "xy": placed(vectors[~is_new], atlas.xy, vectors[is_new]),
        "trust": np.zeros(len(rows), np.float32),
    }
    of_old |= {name: getattr(atlas, name)[rows[:, 0]] for name in ("broad", "fine")}
    place = np.argsort(np.concatenate([atlas.owners, owners[is_new]]))
    arrays: dict[str, Any] = {name: np.concatenate([getattr(atlas, name), of_old[name]])[place] for name in of_old}
    return replace(atlas, owners=owners, versions=versions, **arrays)


def _siblings(broad: Labels, fine: Labels) -> list[tuple[list[int], Labels]]:
    tops = np.unique(broad[broad != NONE])
    found: list[tuple[list[int], Labels]] = [(tops.tolist(), broad)]
    for top in tops:
        inner = np.unique(fine[(broad == top) & (fine != NONE)])
        if len(inner):
            found.append((inner.tolist(), fine))
    return found


def _middle(atlas: Atlas, owners: Numbers) -> Sequence[float]:
    rows = np.searchsorted(atlas.owners, owners)
    rows = rows[np.isin(owners, atlas.owners)]
    middle: list[float] = np.median(atlas.xy[rows], axis=0).tolist() if len(rows) else [0.0, 0.0]
    return middle


def _pairs(owners: Numbers, versions: Numbers) -> np.ndarray:
    return np.array(list(zip(owners.tolist(), versions.tolist(), strict=True)), "i8,i8")


_ARRAYS = ("owners", "versions", "xy", "trust", "broad", "fine")


def _to_bytes(atlas: Atlas) -> bytes:
    file = io.BytesIO()
    listed = json.dumps([asdict(theme) for theme in atlas.themes])
    np.savez(file, themes=np.array(listed), **{name: getattr(atlas, name) for name in _ARRAYS})
    return file.getvalue()


def _from_bytes(drawing: bytes) -> Atlas:
    with np.load(io.BytesIO(drawing)) as arrays:
        listed = json.loads(str(arrays["themes"]))
        themes_ = tuple(Theme(**theme | {"words": tuple(theme["words"])}) for theme in listed)
        return Atlas(**{name: arrays[name] for name in _ARRAYS}, themes=themes_)

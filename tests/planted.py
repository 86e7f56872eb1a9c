"""A desk over a real library, with a ranking that says what was planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from conftest import WordEncoder, essay
from records import put

from recommender.curate import CuratedList
from recommender.desk import Desk, Draft
from recommender.explain import Why
from recommender.library import Library
from recommender.recommend import Recommender
from recommender.types import Article, Change, Filter, Passage, Ranking, Recommendation

EDITOR = "编辑甲"
ESSAYS = ("E", "F")
PIECES = "abcdefghij"


@dataclass
class Planted:
    """Stands for a Recommender: to every essay the same is related, in the same ``order``, as far as it is there.

    ``order`` has the pieces of one text together, as "ab"; those in ``unrelated`` are so.
    """

    library: Library
    order: Sequence[str] = tuple(PIECES)
    unrelated: str = ""
    encoder: WordEncoder = field(default_factory=WordEncoder)
    asked: list[int] = field(default_factory=list)

    def related(self, essay: Article, k: int, among: Filter, ranking: Ranking) -> list[Recommendation]:
        self.asked.append(k)
        groups = self.order if ranking.collapse else tuple("".join(self.order))
        held = self.library.articles("".join(groups))
        rows = [[id_ for id_ in group if id_ in held and (not among.ids or id_ in among.ids)] for group in groups]
        return [self._row([held[id_] for id_ in row]) for row in rows if row][:k]

    def why(self, essay: Article, found: Sequence[Recommendation]) -> list[Why]:
        return [Why(row.score, "words", (), (), (), ()) for row in found]

    def _row(self, articles: list[Article]) -> Recommendation:
        first, *others = articles
        closeness = closeness_of(self.order, first.id)
        scores: Any = dict.fromkeys(("score", "title_score", "word_score", "rank_score", "closeness"), closeness)
        passage = Passage(0, len(first.text), first.text, first.id)
        relevance = "unrelated" if first.id in self.unrelated else "medium"
        return Recommendation(
            first, passage, relations=(), reposts=tuple(others), relevance=relevance, evidence=(), **scores
        )


def closeness_of(order: Sequence[str], piece: str) -> float:
    """The first has 0.9, and each after it a little less."""
    return round(0.9 - 0.05 * next(at for at, group in enumerate(order) if piece in group), 4)


def planted(library: Library, order: Sequence[str] = tuple(PIECES), unrelated: str = "") -> Desk:
    """A desk over a library that has two essays and all pieces; to each essay the pieces are related in this order."""
    put(library, [essay(id_, f"{id_}的文字", title=f"题{id_}") for id_ in (*ESSAYS, *PIECES)])
    return Desk(cast(Recommender, Planted(library, order, unrelated)))


def opened(desk: Desk, id_: str = "E") -> Draft:
    """The list of an essay, by its id."""
    return desk.open(desk.recommender.library.articles([id_])[id_])


def decide(desk: Desk, *changes: Change, on: str = "E", by: str = EDITOR) -> Draft:
    """Decide on an essay as it is now."""
    return desk.decide(opened(desk, on), changes, by)


def pieces(of_list: CuratedList | None) -> str | None:
    """The pieces of a list, which have names of one letter."""
    return of_list and "".join(entry.piece for entry in of_list.entries)

"""A query -> its related articles in order: search, and all that ranking does with what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from math import nan

import numpy as np

from recommender.embed import Vectors, unit
from recommender.library import EVERYTHING, Library, Numbers
from recommender.rank import fused, meaning
from recommender.rank.diversity import mmr
from recommender.rank.feedback import rocchio
from recommender.rank.freshness import age, freshness
from recommender.rank.relations import relations
from recommender.rank.reposts import leaders
from recommender.rank.rerank import Reranker
from recommender.search import Rows, Scores, refuse_negative, top_k
from recommender.search.hybrid import Asked, Found, HybridSearcher
from recommender.shingles import Shingles, shingles, sketch
from recommender.types import Article, Filter, Match, Ranking, Relation

# Candidates that are looked at for reposts, and that diversity and a reranker choose among, for each row that is shown.
_POOL = 3
# Texts of which all shingles are kept for the next query: 30 MB at the most.
_CACHED = 64
_PLAIN = Ranking()


class Ranker:
    """The related articles of a library."""

    def __init__(self, library: Library) -> None:
        self.searcher = HybridSearcher(library)
        self._library = library

    def matches(
        self,
        asked: Asked,
        own: Article | None,
        k: int,
        floor: float,
        among: Filter = EVERYTHING,
        ranking: Ranking = _PLAIN,
        reranker: Reranker | None = None,
    ) -> list[Match]:
        """The k best articles for a query, best first, one row an article; reposts share a row.

        ``own`` is the article that asks: it is left out, by its id. ``floor`` is the cosine of unrelated texts.
        ``reranker`` has the last word on the order. Raises ValueError for a negative k or a setting out of its range.
        """
        refuse_negative(k)
        moved = replace(asked, vector=self._fed_back(asked.vector, ranking))
        without = self._library.owners([own.id]).get(own.id) if own else None
        found = self.searcher.find(moved, k, among, without)
        scores = fused(meaning(found.passage_scores, found.title_scores, floor), found.word_scores, ranking.words)
        if ranking.half_life:
            scores *= self._freshness(found, ranking.half_life)
        order = top_k(scores, len(scores))
        pool = _POOL * k if ranking.diversity or reranker else k
        rows = self._rows(found, scores, order[: _POOL * k], own, ranking, pool)
        if len(rows) < k and _POOL * k < len(order):
            rows = self._rows(found, scores, order, own, ranking, pool)
        if reranker:
            rows = _reranked(rows, asked, reranker)
        return self._diverse(rows, found, ranking.diversity, k)

    def _fed_back(self, query: Vectors, ranking: Ranking) -> Vectors:
        if not (ranking.more or ranking.less):
            return query
        return rocchio(query, self._middles(ranking.more, len(query)), self._middles(ranking.less, len(query)))

    def _middles(self, ids: Sequence[str], dimension: int) -> Vectors:
        """The directions (m, d) of those of the articles that are there: the sums of their passages' vectors."""
        sums = np.zeros((0, dimension), np.float32)
        for owner in self._library.owners(ids).values():
            held = self.searcher.dense.held(self._library.of_articles(np.array([owner])))
            sums = np.vstack([sums, held.vectors.sum(axis=0)])
        return unit(sums)

    def _freshness(self, found: Found, half_life: float) -> Scores:
        ids = self._library.ids(found.articles)
        dates = {listing.id: listing.date for listing in self._library.listings(Filter(ids=tuple(ids)))}
        return freshness(np.array([_age(dates[id_]) for id_ in ids]), half_life)

    def _rows(
        self, found: Found, scores: Scores, order: Rows, own: Article | None, ranking: Ranking, most: int
    ) -> dict[int, Match]:
        """Up to ``most`` rows of the list, best first, by their places: what repeats another stands in its row."""
        groups = self._groups(own, found.articles[order], ranking.collapse)
        if not ranking.without:
            groups = groups[:most]
        used = order[[row for _, rows in groups for row in rows]]
        held = self._library.articles(self._library.ids(found.articles[used]))
        articles = dict(zip(used.tolist(), held.values(), strict=True))
        passages = dict(zip(used.tolist(), self._library.passages(found.passages[used]), strict=True))
        rows: dict[int, Match] = {}
        for repeats_own, (at, *others) in ((repeats, order[rows].tolist()) for repeats, rows in groups):
            connected = _relations(own, articles[at], repeats_own)
            if not set(connected) & set(ranking.without):
                rows[at] = Match(
                    articles[at],
                    passages[at],
                    score=float(found.passage_scores[at]),
                    title_score=float(found.title_scores[at]),
                    word_score=float(found.word_scores[at]),
                    rank_score=float(scores[at]),
                    relations=connected,
                    reposts=tuple(articles[other] for other in others),
                )
        return dict(islice(rows.items(), most))

    def _groups(self, own: Article | None, owners: Numbers, collapse: bool) -> list[tuple[bool, list[int]]]:
        """The rows of articles of one text, group by group, and whether it is the text of the one that asks.

        Without ``collapse`` each is a group of its own.
        """
        if not (collapse or own):
            return [(False, [row]) for row in range(len(owners))]
        asking = own.text if own else ""
        ids = [own.id if own else "", *self._library.ids(owners)]
        place = {id_: row for row, id_ in enumerate(ids)}
        apart = {(place[one], place[other]) for one, other in self._library.apart(ids)}

        @cache
        def shingles_of(row: int) -> Shingles:
            return _shingles(self._library.articles([ids[row]])[ids[row]].text if row else asking)

        first = leaders([sketch(_shingles(asking)), *self._library.sketches(owners)], shingles_of, apart)[1:].tolist()
        if not collapse:
            return [(leader == 0, [row]) for row, leader in enumerate(first)]
        groups: dict[int, list[int]] = {}
        for row, leader in enumerate(first):
            groups.setdefault(leader, []).append(row)
        return [(leader == 0, rows) for leader, rows in groups.items()]

    def _diverse(self, rows: dict[int, Match], found: Found, diversity: float, k: int) -> list[Match]:
        """k of the rows: the first, or such as are also unlike each other."""
        matches = list(rows.values())
        scores = np.array([match.rank_score for match in matches], np.float32)
        numbers = found.passages[list(rows)]
        vectors = np.zeros((len(rows), 0), np.float32)
        if diversity:
            held = self.searcher.dense.held(np.sort(numbers))
            vectors = held.vectors[np.searchsorted(held.numbers, numbers)]
        return [matches[row] for row in mmr(scores, vectors, diversity, k)]


def _age(written: str) -> float:
    """The age of an article in days; of a date in another form than ours nothing is known."""
    try:
        return age(written, date.today())
    except ValueError:
        return nan


@lru_cache(_CACHED)
def _shingles(text: str) -> Shingles:
    return shingles(text)


def _relations(own: Article | None, other: Article, is_repost: bool) -> tuple[Relation, ...]:
    if own is None:
        return ()
    return (*(("repost",) if is_repost else ()), *relations(own, other))


def _reranked(rows: dict[int, Match], asked: Asked, reranker: Reranker) -> dict[int, Match]:
    """The rows in the order that a cross-encoder gives them."""
    texts = [f"{match.article.title}\n{match.passage.text}" for match in rows.values()]
    scores = reranker("\n".join(dict.fromkeys(asked.texts)), texts)
    given = {
        at: replace(match, rank_score=float(score)) for (at, match), score in zip(rows.items(), scores, strict=True)
    }
    return dict(sorted(given.items(), key=lambda row: -row[1].rank_score))

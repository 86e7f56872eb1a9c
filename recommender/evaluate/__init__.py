"""Gold and an order -> how good the order is, query by query.

Gold says which articles are related to which (``gold``). An order lists articles for an article that asks; it is run
on the queries of the gold, and its lists are measured. Means and differences with their intervals are in
``intervals``; how far two lists agree, without gold, in ``agreement``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from recommender.embed import Vectors
from recommender.evaluate.gold import Gold
from recommender.library import Library
from recommender.types import Article, Filter, RecommenderError

# The asking article, and how many to list -> ids, best first.
Order = Callable[[Article, int], list[str]]
# Query -> what an order lists for it.
Run = dict[str, list[str]]
# Measure -> query -> figure.
Figures = dict[str, dict[str, float]]

K = 10
_MEASURES = {nDCG @ 5: "nDCG@5", nDCG @ 10: "nDCG@10", R @ 10: "recall@10", RR @ 10: "MRR@10"}
MEASURES = tuple(_MEASURES.values())
_DECIMALS = 6  # of a mean cosine; the rest is noise of float32, which would tell the same lists apart
_CHUNK = 500  # articles whose passages are in memory at once


def run(queries: Iterable[str], order: Order, article: Callable[[str], Article], k: int = K) -> Run:
    """Ask an order for the k articles of each query. ``article`` gives the article with an id.

    The asking article itself never counts: it is struck out of its list. To show how far it is, give ``queries`` as an
    iterable that does. Raises ValueError for an order that lists more than k or one twice, RecommenderError with the
    query's id where the order does.
    """
    return {query: _listed(order, article(query), k) for query in queries}


def _listed(order: Order, asking: Article, k: int) -> list[str]:
    try:
        ids = order(asking, k)
    except RecommenderError as error:
        raise RecommenderError(f"query {asking.id!r}: {error}") from error
    if len(ids) > k or len(set(ids)) < len(ids):
        raise ValueError(f"an order lists up to {k} articles, each once; for {asking.id!r} it listed {ids}")
    return [id_ for id_ in ids if id_ != asking.id]


def measure(run: Run, gold: Gold) -> Figures:
    """The ``MEASURES`` of each query that was run, 0 to 1, as trec_eval computes them (by ir-measures).

    nDCG (Järvelin and Kekäläinen, 2002) weighs by gain; for recall and MRR, the reciprocal rank of the first hit,
    every gain above 0 is a hit. Raises ValueError for a query to which the gold has nothing related.
    """
    if idle := [query for query in run if not any(gain > 0 for gain in gold.get(query, {}).values())]:
        raise ValueError(f"the gold has nothing that is related to {idle[0]!r}")
    # Scores that fall from place to place: ties would be put in an order of trec_eval's own.
    scores = {query: {id_: -float(place) for place, id_ in enumerate(ids)} for query, ids in run.items()}
    figures: Figures = {name: {} for name in MEASURES}
    for found in ir_measures.iter_calc(list(_MEASURES), {query: gold[query] for query in run}, scores):
        figures[_MEASURES[found.measure]][found.query_id] = found.value
    return figures


def unlisted(run: Run, ids: Iterable[str]) -> list[str]:
    """Those of the ids that no list of the run has."""
    listed = {id_ for ids in run.values() for id_ in ids}
    return [id_ for id_ in ids if id_ not in listed]


def coverage(run: Run, ids: Collection[str]) -> float:
    """The share of a library's ids that some list of the run has. Raises ValueError if there are no ids.

    It has no interval: it is no mean over queries, and a resample, which repeats some, covers less by that alone.
    """
    if not ids:
        raise ValueError("a library without articles has no coverage, got no ids")
    return 1 - len(unlisted(run, ids)) / len(ids)


def diversity(run: Run, vectors: Mapping[str, Vectors]) -> dict[str, float]:
    """How unlike each other the articles of each list are: 1 - the mean cosine of their pairs, 0 to 2.

    ``vectors`` are the articles' unit vectors (d,). An article without one is passed over; a list that has no pair has
    no figure. Intra-list similarity is from Ziegler et al. (2005).
    """
    rows = {query: [vectors[id_] for id_ in ids if id_ in vectors] for query, ids in run.items()}
    return {query: _spread(np.array(of_list, np.float64)) for query, of_list in rows.items() if len(of_list) > 1}


def _spread(rows: Vectors) -> float:
    """1 - the mean cosine of the pairs of unit rows (n, d)."""
    # The cosines of all with all, themselves included, add up to the squared length of the sum.
    n, total = len(rows), rows.sum(axis=0)
    return round(1 - float(total @ total - n) / (n * (n - 1)), _DECIMALS)


def article_vectors(library: Library, ids: Iterable[str]) -> dict[str, Vectors]:
    """The unit vectors (d,) of those of the articles that a library has: the means of their passages'."""
    owners = library.owners(ids)
    asked = list(owners)
    found: dict[str, Vectors] = {}
    for start in range(0, len(asked), _CHUNK):
        found |= _means(library, {id_: owners[id_] for id_ in asked[start : start + _CHUNK]})
    return found


def _means(library: Library, owners: Mapping[str, int]) -> dict[str, Vectors]:
    there = library.vectors(library.numbers(Filter(ids=tuple(owners))))
    numbers, rows = np.unique(there.owners, return_inverse=True)
    sums = np.zeros((len(numbers), there.vectors.shape[1]), np.float32)
    np.add.at(sums, rows, there.vectors)
    lengths = np.linalg.norm(sums, axis=1)
    units = {int(number): row / length for number, row, length in zip(numbers, sums, lengths, strict=True) if length}
    return {id_: units[number] for id_, number in owners.items() if number in units}

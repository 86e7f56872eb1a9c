"""How well the order agrees with people: ``python -m benchmarks.related GOLD.jsonl.gz``.

Gold is JSON Lines with id, title, text, see_also (ids) and is_query: reference pages whose own "See also" list was
taken out of the text. Every query page is asked for its 10 related articles, exactly as the page and the command line
do, beside two baselines: TF-IDF over character n-grams of the titles, which is what title matching does, and of the
whole texts. Prints nDCG@10 with a 95% bootstrap interval over the queries.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.measures import K, ndcg
from benchmarks.quality import read
from recommender.recommend import Recommender
from recommender.types import Article, Paragraph

SAMPLES = 2000


def main(path: Path) -> None:
    """Measure and print."""
    pages = read(path)
    queries = [i for i, page in enumerate(pages) if page["is_query"]]
    ranked = {
        "titles alike (character TF-IDF)": _tfidf([page["title"] for page in pages], queries),
        "texts alike (character TF-IDF)": _tfidf([page["text"] for page in pages], queries),
        "this project, embedded model": _ours(pages, queries),
    }
    print(f"{path.name}: {len(pages)} pages, {len(queries)} queries\n\n| order | nDCG@10 | 95% interval |")
    print("| --- | ---: | ---: |")
    number = {page["id"]: i for i, page in enumerate(pages)}
    relevant = [[number[id] for id in pages[query]["see_also"]] for query in queries]
    for name, lists in ranked.items():
        scores = [ndcg(found, gold) for found, gold in zip(lists, relevant, strict=True)]
        low, high = _interval(scores)
        print(f"| {name} | {np.mean(scores):.1f} | {low:.1f} to {high:.1f} |")


def _tfidf(texts: Sequence[str], queries: Sequence[int]) -> list[list[int]]:
    matrix = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True).fit_transform(texts)
    lists = []
    for query in queries:
        scores = (matrix @ matrix[query].T).toarray()[:, 0]
        scores[query] = -1
        lists.append(np.argsort(-scores, kind="stable")[:K].tolist())
    return lists


def _ours(pages: Sequence[dict[str, Any]], queries: Sequence[int]) -> list[list[int]]:
    number = {str(page["id"]): i for i, page in enumerate(pages)}
    articles = [
        Article(str(page["id"]), page["title"], tuple(map(Paragraph, page["text"].split("\n")))) for page in pages
    ]
    with tempfile.TemporaryDirectory() as folder:
        recommender = Recommender.open(Path(folder) / "library.db")
        recommender.put(articles)
        return [[number[r.article.id] for r in recommender.related(articles[query], K)] for query in queries]


def _interval(scores: Sequence[float]) -> tuple[float, float]:
    samples = np.random.default_rng(0).choice(scores, (SAMPLES, len(scores))).mean(axis=1)
    low, high = np.percentile(samples, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Whether what is shown carries the match: ``python -m benchmarks.evidence --data ../shared/corpus``.

Passages of real articles, or whole articles, ask for the nearest passage of another article by the embedded model. What
the page shows as the reason is taken out of one side, and the pair is scored again: in how many cases the score falls,
and by how much of it, beside taking out as many sentences or words of that side at random.

- first sentence, all sentences: those of the first pair of ``evidence``, and of all its pairs.
- sentence by occlusion: the one that loses most, as is shown for models that cannot be taken apart. It falls whenever
  there is one to show, by construction: what it is there for is by how much.
- 3 words, all words: those of the first pairs of words, and of all that are kept. A word goes from all its places.

Where nothing would be left, as in a passage of one sentence, the whole text is what is shown: those are counted apart,
as "whole", and are no cases.
"""

from __future__ import annotations

import gzip
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import click
import numpy as np
from tqdm import tqdm

from recommender.embed import Encoder, Transparent, Vectors, load_encoder
from recommender.explain import evidence, why
from recommender.explain.contributions import word_contributions
from recommender.explain.occlusion import sentence_drops
from recommender.segment import segment, sentences
from recommender.types import Article, Paragraph, Passage, Span

SETS = (
    *("dev/zh_csl", "dev/zh_cnews", "dev/seealso_en_cpp"),
    *("train/articles_fudan", "train/articles_xwlb", "train/articles_govreport", "train/articles_lctt"),
)
ARTICLES = 400  # of each set
SHORTEST = 60  # characters of a passage that is asked with or found
MARGIN = 1e-6  # what a score falls by is noise up to here

Side = Literal["article", "query"]
Unit = tuple[Span, ...]  # a sentence, or a word with all its places


class Case(NamedTuple):
    """A way of masking one side of a pair; which part of the score goes, or None where nothing would be left."""

    way: str
    side: Side
    shown: float | None
    chance: float = 0.0


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True, help="The corpus' folder.")
@click.option("--queries", default=40, help="How many of each set.")
def main(data: Path, queries: int) -> None:
    """Measure and print."""
    encoder = load_encoder()
    assert isinstance(encoder, Transparent)
    for whole in (False, True):
        found: dict[tuple[str, Side], dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
        for name in SETS:
            rng = np.random.default_rng(0)
            asked = list(pairs(data / f"{name}.jsonl.gz", queries, whole, encoder, rng))
            for query, passage in tqdm(asked, name, disable=None):
                for case in cases(query, passage, encoder, rng):
                    found[case.way, case.side][name].append(case)
        print(f"\n{'Whole articles' if whole else 'Passages'} ask:\n")
        table(found)


def pairs(
    path: Path, queries: int, whole: bool, encoder: Encoder, rng: np.random.Generator
) -> Iterator[tuple[list[Passage], Passage]]:
    """Queries, and for each the nearest passage of another article."""
    articles = list(read(path))
    passages = [(i, p) for i, article in enumerate(articles) for p in segment(article) if len(p.text) >= SHORTEST]
    owners = np.array([i for i, _ in passages])
    vectors = encoder.encode([p.text for _, p in passages], "passage")
    for at in rng.choice(len(passages), min(queries, len(passages)), replace=False):
        query = segment(articles[owners[at]]) if whole else [passages[at][1]]
        scores = vectors @ direction(query, encoder)
        scores[owners == owners[at]] = -1
        yield query, passages[int(scores.argmax())][1]


def read(path: Path) -> Iterator[Article]:
    """The first articles of a file, whichever its fields."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(itertools.islice(lines, ARTICLES)):
            record = json.loads(line)
            texts = record.get("paragraphs") or record["text"].split("\n")
            yield Article(str(number), record["title"], tuple(Paragraph(text.replace("\n", " ")) for text in texts))


def direction(passages: Sequence[Passage], encoder: Encoder) -> Vectors:
    """The unit row (d,) of passages as the facade asks with them; zeros for none."""
    rows = encoder.encode([p.text for p in passages], "query")
    total: Vectors = (rows * np.array([[len(p.text)] for p in passages], np.float32).reshape(-1, 1)).sum(axis=0)
    return total / max(float(np.linalg.norm(total)), 1e-9)


def cases(query: list[Passage], found: Passage, encoder: Transparent, rng: np.random.Generator) -> Iterator[Case]:
    """All ways of masking either side of a pair."""
    (shown,) = evidence(query, [found], encoder)
    (reason,) = why(query, [found], encoder)
    (dropped,) = sentence_drops(query, [found], encoder)
    (words,) = word_contributions(query, [found], encoder)
    sides: tuple[Side, Side] = ("article", "query")
    for side in sides:
        in_pairs: list[Unit] = [(getattr(pair, side),) for pair in shown]
        by_occlusion: list[Unit] = [mark.spans for mark in getattr(dropped, side)]
        of_words: list[Unit] = [getattr(pair, side) for pair in reason.pairs]
        all_sentences: list[Unit] = [(s,) for p in (query if side == "query" else [found]) for s in sentences(p)]
        all_words: list[Unit] = [spans for spans in getattr(words, side).spans if spans]
        for way, units, among in (
            ("first sentence", in_pairs[:1], all_sentences),
            ("all sentences", in_pairs, all_sentences),
            ("sentence by occlusion", by_occlusion[:1], all_sentences),
            ("3 words", of_words[:3], all_words),
            ("all words", of_words, all_words),
        ):
            if len(units) == len(among):
                yield Case(way, side, None)
            elif units:
                chance = [among[i] for i in rng.choice(len(among), len(units), replace=False)]
                yield Case(way, side, *(fall(query, found, side, masked, encoder) for masked in (units, chance)))


def fall(query: list[Passage], found: Passage, side: Side, masked: Iterable[Unit], encoder: Encoder) -> float:
    """Which part of a pair's score goes with what is masked on one side."""
    left = {"query": query, "article": [found]}
    before = direction(left["query"], encoder) @ direction(left["article"], encoder)
    left[side] = without(left[side], [span for unit in masked for span in unit])
    return float(1 - direction(left["query"], encoder) @ direction(left["article"], encoder) / before)


def without(passages: Sequence[Passage], spans: Sequence[Span]) -> list[Passage]:
    """What is left of passages when stretches are taken out."""
    left = []
    for p in passages:
        text = p.text
        for span in sorted(spans, key=lambda span: -span.start):
            if p.start <= span.start and span.end <= p.end:
                text = text[: span.start - p.start] + text[span.end - p.start :]
        if text.strip():
            left.append(Passage(p.start, p.start + len(text), text, p.article_id))
    return left


def table(found: dict[tuple[str, Side], dict[str, list[Case]]]) -> None:
    """Print the share of cases in which the score falls, and the median part of it that goes."""
    print("| masked | of | cases | whole | falls | as many at random | goes | at random | least set |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for (way, side), sets in found.items():
        known = {name: [(c.shown, c.chance) for c in cases if c.shown is not None] for name, cases in sets.items()}
        parts = np.array([case for cases in known.values() for case in cases])
        falls, goes = 100 * (parts > MARGIN).mean(axis=0), 100 * np.median(parts, axis=0)
        share, name = min((100 * (np.array(c)[:, 0] > MARGIN).mean(), name) for name, c in known.items() if c)
        whole = sum(map(len, sets.values())) - len(parts)
        print(
            f"| {way} | {side} | {len(parts)} | {whole} | **{falls[0]:.1f}%** | {falls[1]:.1f}% | {goes[0]:.1f}% "
            f"| {goes[1]:.1f}% | {name.split('/')[1]} {share:.1f}% |"
        )


if __name__ == "__main__":
    main()

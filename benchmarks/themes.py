"""Themes against people's labels: ``python -m benchmarks.themes ../shared/corpus/dev/zh_cnews.jsonl.gz ...``.

Each file has labelled articles: {"title", "text" or "paragraphs", "category"}. Themes are found from one vector for
each article, by ours and by BERTopic as it comes, on the same vectors. Prints for each how many themes there are, the
normalised mutual information with the labels, all articles counted and what is of no theme as one more theme, how many
are of none, the time, and the names. Needs ``pip install -e .[benchmarks]``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import normalized_mutual_info_score

from recommender.atlas import NONE, Labels
from recommender.atlas.legend import described
from recommender.atlas.neighbours import neighbours
from recommender.atlas.plane import plane
from recommender.atlas.themes import themes
from recommender.embed import Vectors, load_encoder
from recommender.terms import words
from training import corpus

# Labels, and names in order of number.
Found = tuple[Labels, list[str]]
_SEEDS = 5


def ours(texts: Sequence[str], x: Vectors, seed: int) -> Found:
    """The broad themes of the map; no seed changes them."""
    rows = neighbours(x)
    broad, fine = themes(rows)
    legend = described(plane(x, rows), broad, fine, lambda some: words([texts[row] for row in some]))
    return broad, ["·".join(theme.words) for theme in legend if theme.parent == NONE]


def ours_fine(texts: Sequence[str], x: Vectors, seed: int) -> Found:
    """The fine themes, and the broad ones that have no parts."""
    broad, fine = themes(neighbours(x))
    return np.where(fine == NONE, broad, fine), []


def bertopic(texts: Sequence[str], x: Vectors, seed: int) -> Found:
    """BERTopic as it comes: UMAP to five dimensions, HDBSCAN, class-based TF-IDF over words between spaces."""
    from bertopic import BERTopic
    from umap import UMAP

    # Its own defaults, but for the seed.
    space = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
    model = BERTopic(umap_model=space)
    found = np.array(model.fit_transform(list(texts), x)[0], np.int32)
    topics = [number for number in sorted(model.get_topics()) if number != NONE]
    return found, ["·".join(word for word, _ in model.get_topic(number)[:4]) for number in topics]


WAYS: dict[str, tuple[Callable[[Sequence[str], Vectors, int], Found], int]] = {
    "ours, broad": (ours, 1),
    "ours, fine": (ours_fine, 1),
    "BERTopic": (bertopic, _SEEDS),
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--names", "is_named", is_flag=True, help="Print the names, too.")
def main(files: tuple[Path, ...], is_named: bool) -> None:
    """Measure, and print a Markdown table for each file."""
    encoder = load_encoder()
    for file in files:
        texts, labels = _labelled(file)
        x = encoder.encode(texts, "passage")
        click.echo(f"\n{corpus.name(file)}: {len(texts):,} articles, {len(set(labels))} labels\n")
        click.echo("| way | themes | NMI | of no theme | time |")
        click.echo("| --- | ---: | ---: | ---: | ---: |")
        for name, (way, seeds) in WAYS.items():
            click.echo(f"| {name} | {_measured(way, seeds, texts, x, labels, is_named)} |")


def _labelled(file: Path) -> tuple[list[str], NDArray[np.intp]]:
    rows = [row for row in corpus.rows(file) if row.get("category")]
    texts = ["\n".join([row.get("title") or "", *(row.get("paragraphs") or [row.get("text") or ""])]) for row in rows]
    return texts, np.unique([row["category"] for row in rows], return_inverse=True)[1]


def _measured(
    way: Callable[[Sequence[str], Vectors, int], Found],
    seeds: int,
    texts: Sequence[str],
    x: Vectors,
    labels: NDArray[np.intp],
    is_named: bool,
) -> str:
    counts, scores, none, times = [], [], [], []
    for seed in range(seeds):
        start = time.perf_counter()
        found, names = way(texts, x, seed)
        times.append(time.perf_counter() - start)
        counts.append(len(np.unique(found[found != NONE])))
        scores.append(normalized_mutual_info_score(labels, found))
        none.append(float((found == NONE).mean()))
        if is_named:
            click.echo("\n".join(names), err=True)
    spread = f" ({min(scores):.3f} to {max(scores):.3f})" if seeds > 1 else ""
    themes_ = f"{min(counts)} to {max(counts)}" if len(set(counts)) > 1 else str(counts[0])
    return f"{themes_} | {np.mean(scores):.3f}{spread} | {np.mean(none):.0%} | {min(times):.1f} s"


if __name__ == "__main__":
    main()

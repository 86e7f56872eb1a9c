"""Methods that place articles on a plane: ``python -m benchmarks.planes --data ../shared/corpus --keep FOLDER``.

For so many articles of the corpus (title and beginning, a vector each): how well the neighbourhoods in the full space
are kept, and what that takes. Each method runs in a process of its own, which has run it on a part of them before, so
that nothing is imported or compiled within the time; its memory is what the process comes to need above that. All
have the two cores, unless a fixed result costs them that. Prints a Markdown table for each size. Needs
``pip install -e .[benchmarks]``.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import faiss
import numpy as np
from scipy.spatial import KDTree
from sklearn.metrics import adjusted_rand_score

from benchmarks.articles import articles
from benchmarks.measures import trustworthiness
from recommender.atlas import NONE, Places
from recommender.atlas.neighbours import NEAR, nearest, neighbours
from recommender.atlas.plane import placed, plane
from recommender.atlas.themes import themes
from recommender.embed import Vectors, load_encoder

_JOBS = 2
# Trustworthiness and continuity need all distances from so many articles.
_SAMPLE = 1000
# Up to so many are run before: UMAP compiles something else for fewer than 4,096.
_WARM = 5000


def pca(x: Vectors) -> Places:
    """scikit-learn's principal components."""
    from sklearn.decomposition import PCA

    return PCA(2, random_state=0).fit_transform(x)


def tsne(x: Vectors) -> Places:
    """scikit-learn's t-SNE."""
    from sklearn.manifold import TSNE

    return TSNE(random_state=0, n_jobs=_JOBS).fit_transform(x)


def opentsne(x: Vectors) -> Places:
    """openTSNE as it comes."""
    from openTSNE import TSNE

    return np.asarray(TSNE(n_jobs=_JOBS, metric="cosine", random_state=0).fit(x))


def umap(x: Vectors) -> Places:
    """UMAP as it comes: each run gives another plane."""
    from umap import UMAP

    return UMAP(metric="cosine", n_jobs=_JOBS).fit_transform(x)


def umap_fixed(x: Vectors) -> Places:
    """UMAP whose result is always the same, which it does with one core."""
    from umap import UMAP

    return UMAP(metric="cosine", random_state=0, n_jobs=1).fit_transform(x)


def pacmap(x: Vectors) -> Places:
    """PaCMAP; unit vectors, so that its distance orders as the cosine does."""
    from pacmap import PaCMAP

    return PaCMAP(random_state=0).fit_transform(x)


def localmap(x: Vectors) -> Places:
    """LocalMAP, of the same authors."""
    from pacmap import LocalMAP

    return LocalMAP(random_state=0).fit_transform(x)


def ours(x: Vectors) -> Places:
    """What the map is drawn by, neighbours included."""
    return plane(x, neighbours(x))


METHODS: dict[str, tuple[str, Callable[[Vectors], Places]]] = {
    "pca": ("PCA (scikit-learn)", pca),
    "tsne": ("t-SNE (scikit-learn)", tsne),
    "opentsne": ("openTSNE", opentsne),
    "umap": ("UMAP", umap),
    "umap_fixed": ("UMAP with a seed", umap_fixed),
    "pacmap": ("PaCMAP", pacmap),
    "localmap": ("LocalMAP", localmap),
    "ours": ("ours", ours),
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Corpus.")
@click.option("--articles", "sizes", multiple=True, type=int, default=(1000, 10_000, 100_000), show_default=True)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where the vectors are.")
@click.option("--method", "names", multiple=True, type=click.Choice(list(METHODS)), help="All, if none is named.")
@click.option("--limit", default=1500, show_default=True, help="Seconds for one method.")
def main(data: Path, sizes: tuple[int, ...], keep: Path, names: tuple[str, ...], limit: int) -> None:
    """Measure, and print Markdown tables."""
    x = _vectors(data, max(sizes), keep)
    for size in sizes:
        click.echo(f"\n{size:,} articles\n")
        click.echo("| method | neighbours kept of 10 | trustworthiness | continuity | time | memory |")
        click.echo("| --- | ---: | ---: | ---: | ---: | ---: |")
        some = x[np.sort(np.random.default_rng(0).permutation(len(x))[:size])]
        true = _without_own(faiss.knn(some, some, NEAR + 1, metric=faiss.METRIC_INNER_PRODUCT)[1])
        for name in names or METHODS:
            click.echo(f"| {METHODS[name][0]} | {_measured(name, some, true, limit)} |")
        click.echo(f"\n{_stability(some)}\n{_placing(some)}")


def _vectors(data: Path, count: int, keep: Path) -> Vectors:
    """The unit vectors of so many articles; made if they are not there."""
    path = keep / f"vectors-{count}.npy"
    if not path.exists():
        keep.mkdir(parents=True, exist_ok=True)
        encoder, some, blocks = load_encoder(), itertools.islice(articles(data), count), []
        while block := [f"{each.title}\n{each.text}" for each in itertools.islice(some, 2000)]:
            blocks.append(encoder.encode(block, "passage"))
        np.save(path, np.concatenate(blocks))
    vectors: Vectors = np.load(path)
    return vectors


def _measured(name: str, x: Vectors, true: np.ndarray, limit: int) -> str:
    with TemporaryDirectory() as folder:
        here = Path(folder)
        np.save(here / "x.npy", x)
        process = get_context("spawn").Process(target=_run, args=(name, here))
        process.start()
        process.join(limit)
        if process.is_alive():
            process.kill()
            return f"| | | over {limit:,} s |"
        cost = json.loads((here / "cost.json").read_text())
        xy = np.load(here / "xy.npy")
    some = np.random.default_rng(1).permutation(len(x))[:_SAMPLE]
    trusted, continuous = trustworthiness(x, xy, some), trustworthiness(xy, x, some)
    kept = _kept(true, xy)
    return f"{kept:.3f} | {trusted:.4f} | {continuous:.4f} | {cost['seconds']:.1f} s | {cost['megabytes']:,.0f} MB"


def _run(name: str, folder: Path) -> None:
    """Run one method on x.npy in a folder; leave xy.npy there, and what it took."""
    method, x = METHODS[name][1], np.load(folder / "x.npy")
    method(x[: min(_WARM, len(x) // 2)].copy())
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before, start = _memory("VmRSS"), time.perf_counter()
    xy = method(x)
    cost = {"seconds": time.perf_counter() - start, "megabytes": _memory("VmHWM") - before}
    np.save(folder / "xy.npy", xy)
    (folder / "cost.json").write_text(json.dumps(cost))


def _memory(kind: str) -> float:
    """The megabytes that this process has (VmRSS), or had at the most (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{kind}:")[2].split()[0]) / 1024


def _without_own(rows: np.ndarray) -> np.ndarray:
    others = rows != np.arange(len(rows))[:, np.newaxis]
    others[others.all(axis=1), -1] = False
    return rows[others].reshape(len(rows), -1)


def _kept(true: np.ndarray, xy: Places) -> float:
    """The share of the ten true neighbours of each point that are among its ten on the plane."""
    seen = _without_own(KDTree(xy).query(xy, NEAR + 1)[1])
    return float((true[:, :, np.newaxis] == seen[:, np.newaxis]).any(axis=2).mean())


def _stability(x: Vectors) -> str:
    """How far points move when a hundredth of the articles is exchanged, and how alike the themes are."""
    new = max(1, len(x) // 100)
    before, after = neighbours(x[:-new]), neighbours(x[new:])
    first = plane(x[:-new], before)
    start = np.concatenate([first[new:], placed(first, nearest(x[:-new], x[-new:], NEAR))])
    moved = [_moved(first[new:], plane(x[new:], after, from_)[:-new]) for from_ in (start, None)]
    themes_before = themes(before)
    known = [np.concatenate([of[new:], np.full(new, NONE, np.int32)]) for of in themes_before]
    alike = [
        adjusted_rand_score(old[new:], now[:-new])
        for found in (themes(after, (known[0], known[1])), themes(after))
        for old, now in zip(themes_before, found, strict=True)
    ]
    return (
        f"A hundredth exchanged: points move {moved[0]} of the width of the picture, drawn anew {moved[1]}. Broad and "
        f"fine themes agree by {alike[0]:.2f} and {alike[1]:.2f}, found anew by {alike[2]:.2f} and {alike[3]:.2f} "
        "(adjusted Rand index)."
    )


def _moved(before: Places, after: Places) -> str:
    """Pictures are as wide as their frame, so only what is left after that has moved."""
    one, other = ((xy - xy.min(axis=0)) / np.linalg.norm(np.ptp(xy, axis=0)) for xy in (before, after))
    far = np.linalg.norm(one - other, axis=1)
    return f"{np.median(far):.1%} (nine of ten up to {np.quantile(far, 0.9):.1%})"


def _placing(x: Vectors) -> str:
    """How many of its true neighbours a point has around it that is placed later, by several ways."""
    held = max(1, min(len(x) // 10, 5000))
    base, later = x[held:], x[:held]
    xy, true = plane(base, neighbours(base)), nearest(base, later, NEAR)
    tree = KDTree(xy)
    ways = {
        "by most of its neighbours (ours)": placed(xy, true),
        "at the nearest": xy[true[:, 0]],
        "at the median": np.median(xy[true], axis=1),
        "at the mean": xy[true].mean(axis=1),
    }
    kept = {
        way: (true[:, :, np.newaxis] == tree.query(places, NEAR)[1][:, np.newaxis]).any(axis=2).mean()
        for way, places in ways.items()
    }
    return "Placed later, of ten neighbours kept: " + ", ".join(f"{way} {share:.3f}" for way, share in kept.items())


if __name__ == "__main__":
    main()

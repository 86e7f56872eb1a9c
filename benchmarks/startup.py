"""From a cold start to the first result, and from a click to the changed list: ``python benchmarks/startup.py``.

Cold phases run in a fresh process each time, so they are read against the time of ``import torch`` alone, which no
program that uses sentence-transformers can beat. A click is one run of the whole page without a browser (AppTest).
Prints a Markdown table; medians.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
COLD_RUNS = 3
WARM_RUNS = 50

COLD = {
    "`import torch`, the floor": "import torch",
    "`import sentence_transformers`": "import sentence_transformers",
    "`python -m recommender --help`": "from recommender.cli import main; main(['--help'], standalone_mode=False)",
    "model loaded": "from recommender.embed import load_encoder; load_encoder()",
    "new library with the seed page, first result": (
        "from recommender.recommend import Recommender; r = Recommender.open({library!r});"
        "list(r.add(['seeds'])); r.related(r.first_article())"
    ),
}


def main() -> None:
    """Measure and print."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: _cold(code, Path(folder)) for name, code in COLD.items()}
        rows |= _warm(Path(folder))
    floor = rows["`import torch`, the floor"]
    print("| phase | median | of the floor |\n| --- | ---: | ---: |")
    for name, seconds in rows.items():
        print(f"| {name} | {_readable(seconds)} | {seconds / floor:.4f} |")


def _cold(code: str, folder: Path) -> float:
    times = []
    for run in range(COLD_RUNS):
        command = [sys.executable, "-c", code.replace("{library!r}", repr(str(folder / f"cold{run}.db")))]
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _warm(folder: Path) -> dict[str, float]:
    from streamlit.testing.v1 import AppTest

    from recommender.recommend import Recommender
    from recommender.segment import paragraphs

    path = folder / "warm.db"
    recommender = Recommender.open(path)
    list(recommender.add(["seeds"]))
    essay = recommender.first_article()
    spans = paragraphs(essay)
    os.environ["RECOMMENDER_LIBRARY"] = str(path)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)

    def click(number: int) -> None:
        span = spans[number % len(spans)]
        page.query_params["at"] = f"{span.start}-{span.end}"
        page.run()

    return {
        "warm: `related` for a paragraph, evidence included": _median(
            lambda n: recommender.related(spans[n % len(spans)])
        ),
        "warm: `related` for the whole essay": _median(lambda n: recommender.related(essay)),
        "warm: a click, server time of the whole page": _median(click),
    }


def _median(action: Callable[[int], object]) -> float:
    action(0)
    times = []
    for run in range(WARM_RUNS):
        start = time.perf_counter()
        action(run)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _readable(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


if __name__ == "__main__":
    main()

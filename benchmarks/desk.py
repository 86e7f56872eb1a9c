"""The editors' desk in a large library, against a plain search: ``python -m benchmarks.desk``.

Planted texts: each article is about one of many subjects, and has words of that and common ones. All times are of the
server, warm, each action on an essay of its own; the page's are those of a whole run without a browser (AppTest).
Prints a Markdown table; medians.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from recommender.desk import Desk, Draft
from recommender.library import Task
from recommender.recommend import Recommender
from recommender.types import Article, Change, Paragraph

ROOT = Path(__file__).parent.parent
PARAGRAPHS, WORDS, SUBJECTS = 5, 60, 50
BATCH = 2000


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--passages", default=50_000, show_default=True, help="About how many the library has.")
@click.option("--essays", default=30, show_default=True, help="How many are measured.")
def main(passages: int, essays: int) -> None:
    """Measure, and print a Markdown table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        recommender = Recommender.open(path)
        articles = _planted(passages // PARAGRAPHS)
        while batch := [article for _, article in zip(range(BATCH), articles, strict=False)]:
            recommender.put(batch)
        held = recommender.info()
        click.echo(f"{held['articles']:,} articles, {held['passages']:,} passages\n")
        tasks = recommender.library.decisions.queue(limit=2 * essays)
        rows = _actions(recommender, tasks[:essays]) | _page(path, [task.essay for task in tasks[essays:]])
    floor = rows["a plain search, ten rows with reasons"]
    click.echo("| action | median | of the search |\n| --- | ---: | ---: |")
    for name, seconds in rows.items():
        click.echo(f"| {name} | {1000 * seconds:.1f} ms | {seconds / floor:.2f} |")


def _planted(count: int) -> Iterator[Article]:
    """Articles whose subject decides a third of their words."""
    chance = random.Random(1)

    def words(n: int) -> list[str]:
        return ["".join(chr(chance.randrange(0x4E00, 0x8000)) for _ in range(2)) for _ in range(n)]

    common, subjects = words(2000), [words(80) for _ in range(SUBJECTS)]
    for number in range(count):
        subject = chance.choice(subjects)
        lines = (
            chance.choices(subject, k=WORDS // 3) + chance.choices(common, k=WORDS * 2 // 3) for _ in range(PARAGRAPHS)
        )
        paragraphs = tuple(Paragraph("，".join(chance.sample(line, len(line))) + "。") for line in lines)
        yield Article(f"article/{number}", "".join(chance.choices(subject, k=4)), paragraphs)


def _actions(recommender: Recommender, tasks: list[Task]) -> dict[str, float]:
    desk, essays = Desk(recommender), list(recommender.library.articles(task.essay for task in tasks).values())
    recommender.related(essays[0])
    rows = {"a plain search, ten rows with reasons": _median(lambda at: recommender.related(essays[at]), len(essays))}
    others = {essay.id: essays[at - 1].id for at, essay in enumerate(essays)}
    drafts = [desk.open(essay) for essay in essays]
    rows["open an essay"] = _median(lambda at: desk.open(essays[at]), len(essays))

    def decided(name: str, change: Callable[[Draft], Change]) -> None:
        def act(at: int) -> None:
            drafts[at] = desk.decide(drafts[at], [change(drafts[at])], "editor")

        rows[name] = _median(act, len(essays))

    decided("pin", lambda draft: Change("pin", draft.list.entries[0].piece, 1, was=1))
    decided("hide", lambda draft: Change("hide", draft.list.entries[1].piece))
    decided("move", lambda draft: Change("pin", draft.list.entries[-1].piece, 2, was=len(draft.list.entries)))
    decided("add a piece that was not proposed", lambda draft: Change("pin", others[draft.essay.id], 5))
    decided("publish", lambda draft: Change("publish"))
    decided("undo", lambda draft: Change("undo", of=draft.undoable.uid if draft.undoable else ""))
    return rows


def _page(path: Path, essays: list[str]) -> dict[str, float]:
    sys.path.insert(0, str(ROOT / "tests"))
    from desks import drawn, send
    from streamlit.testing.v1 import AppTest

    os.environ["RECOMMENDER_LIBRARY"] = str(path)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    page.query_params.update({"view": "desk", "article": essays[0]})
    page.run()

    def pin(_: int) -> None:
        send(page, {"do": "pin", "piece": drawn(page)["list"][-1], "place": 1})

    runs = len(essays)
    rows = {"the page again, nothing decided": _median(lambda _: page.run(), runs)}
    rows["the page after a pin"] = _median(pin, runs)
    rows["the page after publishing: the next essay"] = _median(lambda _: send(page, {"do": "publish"}), runs)
    page.query_params.clear()
    page.query_params["view"] = "desk"
    rows["the page with the queue"] = _median(lambda _: page.run(), runs)
    return rows


def _median(action: Callable[[int], object], runs: int) -> float:
    times = []
    for at in range(runs):
        start = time.perf_counter()
        action(at)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()

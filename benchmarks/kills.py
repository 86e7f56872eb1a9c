"""What survives when a process that writes a library is killed: ``python -m benchmarks.kills``.

Each time a fresh process changes a library of its own, says after each change that it is done, and is killed
(SIGKILL) at a random moment. Then the library is opened as anyone would open it and must pass its check, have all that
was acknowledged, and of the change that was cut off either all or nothing. Prints a Markdown table.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count, islice
from math import ceil
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recommender.embed import Role, Vectors
from recommender.library import LibraryError
from recommender.library.sqlite import SqliteLibrary
from recommender.segment import segment
from recommender.types import Article, Change, Decision, Paragraph, Proposal, Proposals, Ranking

ROOT = Path(__file__).parent.parent
KILLS = 240
PAGES = 300  # in a library that is changed
BATCH = 5  # texts embedded again at once
_DEEDS = 4  # decisions made at once


class Encoder:
    """A model that needs no time: a text's vector is made of its hash."""

    def __init__(self, name: str = "first") -> None:
        self.name = self.revision = name

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """Embed m texts as (m, 16) unit rows."""
        hashes = b"".join(hashlib.blake2b(f"{self.name} {text}".encode(), digest_size=16).digest() for text in texts)
        vectors = np.frombuffer(hashes, np.uint8).reshape(len(texts), 16).astype(np.float32)
        units: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return units


FIRST, SECOND = Encoder("first"), Encoder("second")


class Outcome(NamedTuple):
    """One kill: how many changes were acknowledged, how many of them are lost, and what is wrong with the library."""

    acknowledged: int
    lost: int
    problems: list[str]


class Kind(NamedTuple):
    """A way to change a library: what there is before, the changes, and what it must ``have`` after n of them.

    The kill comes within one of the first ``most`` changes.
    """

    begin: Callable[[Path], None]
    change: Callable[[Path], Iterator[None]]
    after: Callable[[int], Mapping[str, object]]
    most: int = 25
    have: Callable[[SqliteLibrary], Mapping[str, object]] = lambda library: library.articles(
        listing.id for listing in library.listings()
    )


def kill(kind: str, seed: int, folder: Path) -> Outcome:
    """Kill one process while it changes a library in the way ``kind``, and look at what is left."""
    fresh, path = folder / f"{kind}.db", folder / f"{kind}{seed}.db"
    if not fresh.exists():
        KINDS[kind].begin(fresh)
    shutil.copyfile(fresh, path)
    chance = random.Random(f"{kind} {seed}")
    code = f"import sys; from benchmarks import kills; kills.work({kind!r}, sys.argv[1])"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        seen = [process.stdout.readline() for _ in range(chance.randrange(KINDS[kind].most))]
        time.sleep(chance.uniform(0, 1.5 * _seconds(kind, folder)))
        process.kill()
        acknowledged = len(seen + process.stdout.readlines())
    if ready != b"ready\n":
        raise RuntimeError(f"the process that was to be killed did not begin: {kind} {seed}")
    return _outcome(kind, path, acknowledged)


@cache
def _seconds(kind: str, folder: Path) -> float:
    """How long a change takes on this machine, so that kills come while one is made."""
    path = folder / f"{kind} timed.db"
    shutil.copyfile(folder / f"{kind}.db", path)
    start = time.perf_counter()
    changes = len(list(islice(KINDS[kind].change(path), KINDS[kind].most)))
    return (time.perf_counter() - start) / changes


def work(kind: str, path: str) -> None:
    """Change a library and acknowledge each change, until killed."""
    changes = KINDS[kind].change(Path(path))
    print("ready", flush=True)
    for _ in changes:
        print("done", flush=True)
    time.sleep(60)


def write_version_1(path: Path, encoder: Encoder, articles: Sequence[Article]) -> None:
    """A library of format version 1, as the program wrote it: an article's source tells a piece from a page."""
    db = sqlite3.connect(path)
    db.executescript((ROOT / "tests" / "library_v1.sql").read_text("utf-8"))
    db.execute("INSERT INTO model VALUES (?, ?)", (encoder.name, encoder.revision))
    for article in articles:
        paragraphs = json.dumps([[p.level, p.text] for p in article.paragraphs], ensure_ascii=False)
        row = (article.id, article.page or article.source, article.title, paragraphs, article.truncated)
        db.execute("INSERT INTO articles (id, source, title, paragraphs, truncated) VALUES (?, ?, ?, ?, ?)", row)
        for position, p in enumerate(segment(article)):
            key, vector = hashlib.sha256(p.text.encode()).digest(), encoder.encode([p.text], "passage")[0]
            db.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (key, vector.astype("<f4").tobytes()))
            values = (p.article_id, position, p.start, p.end, p.section, key)
            db.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", values)
    for article in articles:
        db.executemany("INSERT INTO links VALUES (?, ?, ?)", [(article.id, *link) for link in enumerate(article.links)])
    db.commit()
    db.close()


def put(library: SqliteLibrary, articles: Sequence[Article]) -> None:
    """Put articles with all their passages."""
    passages = [passage for article in articles for passage in segment(article)]
    vectors = FIRST.encode([p.text for p in passages], "passage")
    library.put(articles, passages, vectors, FIRST.encode([article.title for article in articles], "passage"))


def _group(number: int, version: int = 0) -> list[Article]:
    """A page and the piece that it lists; the next version has other paragraphs and another piece."""
    texts = [f"page {number}", f"version {version}", "the same everywhere", f"one of seven: {(number + version) % 7}"]
    page, piece = f"page-{number}", f"piece-{number}-{version}"
    return [
        Article(page, f"Page {version}", tuple(map(Paragraph, texts)), page, links=(piece,)),
        Article(piece, "Piece", (Paragraph(f"piece {number}"), Paragraph(f"its version {version}")), page, page),
    ]


def _groups(versions: Mapping[int, int]) -> list[Article]:
    return [article for number, version in versions.items() for article in _group(number, version)]


def _named(articles: Sequence[Article]) -> dict[str, Article]:
    return {article.id: article for article in articles}


def _begin_empty(path: Path) -> None:
    SqliteLibrary(path, FIRST).close()


def _begin_full(path: Path) -> None:
    library = SqliteLibrary(path, FIRST)
    put(library, _groups(dict.fromkeys(range(PAGES), 0)))
    library.close()


def _begin_old(path: Path) -> None:
    write_version_1(path, FIRST, _groups(dict.fromkeys(range(PAGES), 0)))


def _add(path: Path) -> Iterator[None]:
    library = SqliteLibrary(path, FIRST)
    for number in count():
        put(library, _group(number))
        yield


def _update(path: Path) -> Iterator[None]:
    library = SqliteLibrary(path, FIRST)
    for number in count():
        put(library, _group(number % PAGES, 1 + number // PAGES))
        yield


def _remove(path: Path) -> Iterator[None]:
    library = SqliteLibrary(path, FIRST)
    for number in range(PAGES):
        if number % 10 == 9:
            library.vacuum()  # which changes nothing that is asked for afterwards
        library.remove([f"page-{number}"])
        yield


def _embed_again(path: Path) -> Iterator[None]:
    library = SqliteLibrary(path, FIRST)
    while texts := library.missing(SECOND, BATCH):
        library.put_vectors(SECOND, texts, SECOND.encode(texts, "passage"))
        yield
    library.switch(SECOND)
    yield


def _decide(path: Path) -> Iterator[None]:
    library = SqliteLibrary(path, FIRST)
    for number in range(PAGES):
        _put_decisions(library, number)
        yield


def _put_decisions(library: SqliteLibrary, number: int) -> None:
    """What an editor does at once to the list of a page."""
    rows = tuple(Proposal(f"piece-{n}-0", (), 0.5, "strong", "因为", "because") for n in range(number, number + 20))
    library.decisions.put(_decided(number), Proposals(f"page-{number}", "", "first", "first", Ranking(), rows), 0)


def _decided(number: int) -> list[Decision]:
    """The same, as it is on record if all before it is."""
    changes = (
        Change("pin", f"piece-{number}-0", 1),
        Change("hide", f"piece-{number + 1}-0", everywhere=number % 3 == 0),
        Change("publish"),
        Change("undo", of=f"{number} 0"),
    )
    first, essay, at = _DEEDS * number + 1, f"page-{number}", "2026-01-01T00:00:00+00:00"
    return [
        Decision(first + n, f"{number} {n}", essay, "editor", at, number + 1, change)
        for n, change in enumerate(changes)
    ]


def _migrate(path: Path) -> Iterator[None]:
    SqliteLibrary(path, FIRST)
    yield


def _after_adding(changes: int) -> dict[str, Article]:
    return _named(_groups(dict.fromkeys(range(changes), 0)))


def _after_updating(changes: int) -> dict[str, Article]:
    return _named(_groups({n: (changes - n + PAGES - 1) // PAGES for n in range(PAGES)}))


def _after_removing(changes: int) -> dict[str, Article]:
    return _named(_groups(dict.fromkeys(range(changes, PAGES), 0)))


def _after_deciding(changes: int) -> dict[str, Decision]:
    return {decision.uid: decision for number in range(changes) for decision in _decided(number)}


def _after_nothing(changes: int) -> dict[str, Article]:
    return _after_adding(PAGES)


KINDS = {
    "add": Kind(_begin_empty, _add, _after_adding),
    "update": Kind(_begin_full, _update, _after_updating),
    "remove": Kind(_begin_full, _remove, _after_removing),
    "embed again": Kind(_begin_full, _embed_again, _after_nothing),
    "decide": Kind(
        _begin_full,
        _decide,
        _after_deciding,
        have=lambda library: {decision.uid: decision for decision in library.decisions.after(0)},
    ),
    "migrate": Kind(_begin_old, _migrate, _after_nothing, most=1),
}


def _outcome(kind: str, path: Path, acknowledged: int) -> Outcome:
    library = _opened(path)
    problems = library.check()
    have = KINDS[kind].have(library)
    wanted, next_ = KINDS[kind].after(acknowledged), KINDS[kind].after(acknowledged + 1)
    lost = 0
    if have not in (wanted, next_):
        lost = len(wanted.items() ^ have.items())
        problems.append(f"There are {len(have)} of them, neither those of before the last change nor those after.")
    if kind == "embed again":
        lost += max(acknowledged - _batches(library), 0)
    _go_on(library)
    problems += library.check()
    library.close()
    return Outcome(acknowledged, lost, problems)


def _opened(path: Path) -> SqliteLibrary:
    try:
        return SqliteLibrary(path, FIRST)
    except LibraryError as error:
        if error.cause != "model":
            raise
        return SqliteLibrary(path, SECOND)


def _batches(library: SqliteLibrary) -> int:
    """How many batches the second model has embedded; the switch to it counts as one more."""
    texts = {passage.text for passage in library.passages(library.matrix().numbers)}
    left = len(library.missing(SECOND, 10 * len(texts)))
    switched = library.identity.endswith("-2")
    return ceil((len(texts) - left) / BATCH) + switched


def _go_on(library: SqliteLibrary) -> None:
    """Do what the killed process might have done next: the library must take it."""
    while texts := library.missing(SECOND, 1000):
        library.put_vectors(SECOND, texts, SECOND.encode(texts, "passage"))
    library.switch(SECOND)
    last = max((decision.number for decision in library.decisions.after(0)), default=0)
    _put_decisions(library, last // _DEEDS)
    library.remove([library.listings(limit=1)[0].id] if library.counts().articles else [])
    library.vacuum()


def main() -> None:
    """Kill, and print the table."""
    kinds = list(KINDS)
    kills, acknowledged, lost, wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(KILLS):
            kind = kinds[seed % len(kinds)]
            outcome = kill(kind, seed, Path(folder))
            kills[kind] += 1
            acknowledged[kind] += outcome.acknowledged
            lost[kind] += outcome.lost
            wrong[kind] += len(outcome.problems)
    print("| change | kills | acknowledged | lost | problems found |\n| --- | ---: | ---: | ---: | ---: |")
    for kind in kinds:
        print(f"| {kind} | {kills[kind]} | {acknowledged[kind]} | {lost[kind]} | {wrong[kind]} |")
    every = (sum(column.values()) for column in (kills, acknowledged, lost, wrong))
    print(f"| all | {' | '.join(map(str, every))} |")


if __name__ == "__main__":
    main()

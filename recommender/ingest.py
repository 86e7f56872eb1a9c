"""Files -> the library: reading, cleaning and cutting, embedding, and writing, each ahead of the next by a few chunks.

Memory is bounded by the chunks under way, whatever the files hold. What a report speaks of is in the library for good.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from recommender import sources
from recommender.ahead import ahead
from recommender.clean import clean
from recommender.embed import Encoder, Vectors
from recommender.library import Library, content_digest
from recommender.segment import segment
from recommender.sources.reader import Remark
from recommender.types import Article, Passage, RecommenderError, Rule

# A chunk is written in one transaction, which waits for the disk once: long enough that this is not what takes
# the time (some 50 articles), short enough that progress is seen and that a few under way are nothing to a machine.
CHUNK_CHARACTERS = 100_000
CHUNKS_AHEAD = 2
# Remarks kept for one file: a table of a million bad rows has the first ones named and the others counted.
MOST_REMARKS = 20

Status = Literal["added", "changed", "unchanged", "failed"]


@dataclass(frozen=True)
class FileReport:
    """What adding one file did.

    ``articles`` counts those that it holds, ``duplicates`` those that were left out as the library has them under
    another id, ``removed`` those that the file no longer has and that went. ``skipped`` counts what in the file could
    not become an article, ``remarks`` say why, and how the file was understood. ``embedded`` counts the passages
    that were new; ``error`` says why the file failed. What was read of a file before it failed is in the library.
    """

    path: Path
    status: Status
    articles: int = 0
    embedded: int = 0
    duplicates: int = 0
    removed: int = 0
    skipped: int = 0
    remarks: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Progress:
    """How far an ingestion is: ``share`` of the bytes of all files are done; ``seconds`` since it began."""

    articles: int
    passages: int
    share: float
    seconds: float


@dataclass
class _File:
    """A file on its way; its report is made when the last chunk that has something of it is written."""

    path: Path
    key: str
    size: int
    passed: int = 0  # bytes
    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    status: Status = "unchanged"
    error: str = ""
    # The ids that the library has of this file and that were not met yet.
    gone: set[str] = field(default_factory=set)

    def advance(self, count: int) -> None:
        """Note how much of it was read."""
        self.passed = min(count, self.size)

    def remark(self, remark: Remark) -> None:
        """Note it, as long as there is room."""
        self.counts["skipped"] += remark.skipped
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append(remark.text)

    def fail(self, error: str) -> None:
        """Note why the file could not be read to its end: then nothing is known of what it no longer has."""
        self.status, self.error = "failed", error
        self.gone.clear()

    def change(self, status: Status) -> None:
        """Note what happened to an article; the first one that changed says whether the file is new."""
        if self.status == "unchanged":
            self.status = status

    def report(self) -> FileReport:
        """What happened."""
        return FileReport(self.path, self.status, **self.counts, remarks=tuple(self.remarks), error=self.error)


@dataclass(frozen=True)
class _Entry:
    """An article as it was read, cleaned, and cut."""

    file: _File
    raw: Article
    article: Article
    passages: list[Passage]
    digest: str


@dataclass
class _Chunk:
    """Articles that are written together, and the files that are done with them.

    ``passed`` counts the bytes of all files that were read when it was filled.
    """

    entries: list[_Entry] = field(default_factory=list)
    done: list[_File] = field(default_factory=list)
    characters: int = 0
    passed: int = 0
    vectors: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))
    titles: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def append(self, entry: _Entry) -> None:
        """Take in one more."""
        self.entries.append(entry)
        self.characters += len(entry.article.text)


def add(
    library: Library,
    encoder: Encoder,
    files: Sequence[Path],
    key: Callable[[Path], str],
    watch: Callable[[Progress], None],
) -> Iterator[FileReport]:
    """Bring the library up to date with files; a report a file, when all of it is written.

    ``key`` gives a file's key; ``watch`` is told after each chunk how far it is. A file that cannot be read is reported
    and does not stop the others. Stopped at any moment, what was written is whole, and the rest can be added later:
    articles that are there already, unchanged, are passed over.
    """
    waiting = [_File(path, key(path), path.stat().st_size) for path in files]
    chunks = ahead(_chunks(waiting, library), CHUNKS_AHEAD)
    progress = _Watch(sum(file.size for file in waiting), watch)
    with closing(ahead(_embedded(chunks, library, encoder), CHUNKS_AHEAD)) as ready:
        for chunk in ready:
            _write(library, chunk)
            progress.tell(chunk)
            yield from (file.report() for file in chunk.done)


def embed(
    library: Library, encoder: Encoder, articles: Sequence[Article], passages: Sequence[Passage]
) -> tuple[Vectors, Vectors, set[str]]:
    """The vectors (p, d) of passages, those (n, d) of titles, and the texts that had to be embedded anew."""
    texts = [*(passage.text for passage in passages), *(article.title for article in articles)]
    known = library.known_vectors(texts)
    new = list(dict.fromkeys(text for text in texts if text not in known))
    if new:
        known |= dict(zip(new, encoder.encode(new, "passage"), strict=True))
    vectors = np.stack([known[text] for text in texts]) if texts else np.empty((0, 0), np.float32)
    return vectors[: len(passages)], vectors[len(passages) :], set(new)


def _chunks(files: Sequence[_File], library: Library) -> Iterator[_Chunk]:
    rules = library.rules()
    chunk, before = _Chunk(), 0
    for file in files:
        for entry in _entries(file, library, rules):
            chunk.append(entry)
            chunk.passed = before + file.passed
            if chunk.characters >= CHUNK_CHARACTERS:
                yield chunk
                chunk = _Chunk()
        before += file.size
        chunk.passed = before
        chunk.done.append(file)
    yield chunk


def _entries(file: _File, library: Library, rules: Sequence[Rule]) -> Iterator[_Entry]:
    """The articles of a file; what goes wrong is noted in it."""
    file.gone = set(library.of_source(file.key))
    try:
        for item in sources.read(file.path, file.key, file.advance):
            if isinstance(item, Remark):
                file.remark(item)
                continue
            article = clean(item, rules)
            if passages := segment(article):
                file.gone.discard(item.id)
                yield _Entry(file, item, article, passages, content_digest(item))
            else:
                file.remark(Remark(f"{item.title!r}: {_NOTHING}", 1))
    except (RecommenderError, OSError) as error:
        file.fail(str(error))


_NOTHING = "only copyright lines, links and the like were found; add the text of the article"


def _embedded(chunks: ahead[_Chunk], library: Library, encoder: Encoder) -> Iterator[_Chunk]:
    """The chunks without what the library has already, and with the vectors of the rest."""
    # What was handed on and may not be written yet.
    on_the_way: deque[dict[str, str]] = deque(maxlen=CHUNKS_AHEAD + 2)
    with closing(chunks):
        for chunk in chunks:
            elsewhere = {digest: id_ for written in on_the_way for digest, id_ in written.items()}
            chunk.entries = _new(chunk.entries, library, elsewhere)
            on_the_way.append({entry.digest: entry.raw.id for entry in chunk.entries if not entry.raw.page})
            articles, passages = [e.article for e in chunk.entries], [p for e in chunk.entries for p in e.passages]
            chunk.vectors, chunk.titles, new = embed(library, encoder, articles, passages)
            for entry in chunk.entries:
                texts = {p.text for p in entry.passages} & new
                entry.file.counts["embedded"] += len(texts)
                new -= texts
            yield chunk


def _new(entries: Sequence[_Entry], library: Library, elsewhere: dict[str, str]) -> list[_Entry]:
    """The entries that change the library, the last of each id; the others are counted as unchanged or duplicates."""
    stored = library.raw(entry.raw.id for entry in entries)
    elsewhere |= library.duplicates(entry.digest for entry in entries)
    new: dict[str, _Entry] = {}
    for entry in entries:
        known, twin = stored.get(entry.raw.id), elsewhere.get(entry.digest, entry.raw.id)
        if not known and not entry.raw.page and twin != entry.raw.id:
            entry.file.counts["duplicates"] += 1
            entry.file.remark(Remark(f"{entry.raw.title!r} is left out: the library has the same text as {twin!r}"))
            continue
        entry.file.counts["articles"] += 1
        if not known or not _is_same(known, entry.raw):
            entry.file.change("changed" if known else "added")
            elsewhere.setdefault(entry.digest, entry.raw.id)
            if not (entry.raw.page and entry.raw.id in new):  # two pages may list the same piece, and the first counts
                new[entry.raw.id] = entry
    return list(new.values())


def _is_same(known: Article, read: Article) -> bool:
    """Whether the library need not change: only the page that listed a piece first can change it."""
    return known == read or (bool(read.page) and known.page != read.page)


def _write(library: Library, chunk: _Chunk) -> None:
    if chunk.entries:
        library.put(
            [entry.article for entry in chunk.entries],
            [passage for entry in chunk.entries for passage in entry.passages],
            chunk.vectors,
            chunk.titles,
            {entry.raw.id: entry.raw for entry in chunk.entries if entry.raw != entry.article},
        )
    for file in chunk.done:
        if not file.counts["articles"] and not file.counts["duplicates"] and not file.error:
            file.fail(f"{file.path}: {file.remarks[0] if file.remarks else _NOTHING}")
        elif file.gone:
            file.counts["removed"] = len(library.remove(file.gone))
            file.change("changed")


class _Watch:
    """Tells how far the ingestion is."""

    def __init__(self, size: int, watch: Callable[[Progress], None]) -> None:
        self._size, self._watch = size, watch
        self._articles = self._passages = 0
        self._began = time.monotonic()

    def tell(self, chunk: _Chunk) -> None:
        self._articles += len(chunk.entries)
        self._passages += len(chunk.vectors)
        share = chunk.passed / self._size if self._size else 1.0
        self._watch(Progress(self._articles, self._passages, share, time.monotonic() - self._began))

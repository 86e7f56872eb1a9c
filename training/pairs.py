"""Pairs of texts that belong together, drawn from the corpus: translation, title, neighbour, answer, similarity score.

The texts are cut into pieces once and lie one after the other, each language of a source in the order of its file. So
a passage of any length is one slice, and the text that follows it, in the same language or in another, is the next.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from training import corpus

Ints = NDArray[np.int64]

# Sources by what they are, as the corpus is skewed towards law and documentation; what is not named is documentation.
GROUPS = {
    "general": ("tatoeba_zh_en", "tatoeba_ko_en", "wmt_news_2021_2024", "stsb_train", "multi30k_train", "tico19"),
    "scripture": ("bible", "quran", "classical_modern_zh"),
    "law": ("tw_laws", "un_sdg"),
    "words": ("cc_cedict", "wiktionary", "omw_lemmas", "omw_gloss", "freedict", "hsk_hanzi", "cldr", "osm_tags"),
}
# Sources whose texts do not follow one upon the other.
UNORDERED = {"freecodecamp_curriculum", "godot_editor", "multi30k_train", "stsb_train", *GROUPS["words"]} | {
    name for name in GROUPS["general"] if name.startswith("tatoeba")
}
# Texts are cut here when the corpus is read, far above the length of a passage.
LONGEST_TEXT = 512


@dataclass
class Source:
    """One file. ``first[l][r]`` is the number of the first text in language l that stands in row r or later.

    Languages of an article are its parts: title and paragraph; of a question, question and answer; of a scored pair,
    s1 and s2 with the language added, and ``scores`` has their similarity by row.
    """

    name: str
    first: dict[str, Ints] = field(default_factory=dict)
    scores: NDArray[np.float32] | None = None

    @property
    def group(self) -> str:
        """What kind of text it is."""
        return next((group for group, names in GROUPS.items() if self.name in names), "documentation")

    def rows(self, *languages: str, least: int = 1) -> Ints:
        """The rows that have at least ``least`` texts in all of ``languages``."""
        if not all(language in self.first for language in languages):
            return np.zeros(0, np.int64)
        has = np.logical_and.reduce([np.diff(self.first[language]) >= least for language in languages])
        return np.flatnonzero(has)


@dataclass
class Texts:
    """All texts as pieces: text t is ``pieces[bounds[t]:bounds[t + 1]]``."""

    pieces: NDArray[np.int32]
    bounds: Ints
    sources: dict[str, list[Source]]


def read(data: Path, tokenizer: Tokenizer, folder: Path) -> Texts:
    """The texts of the corpus, cut into pieces; kept in ``folder``, from where they are read the next time."""
    done = folder / "texts.json"
    if not done.exists():
        _write(data, tokenizer, folder)
    sources: dict[str, list[Source]] = {}
    with np.load(folder / "sources.npz") as arrays:
        for kind, name, languages, scored in json.loads(done.read_text()):
            first = {language: arrays[f"{kind}/{name}/{language}"] for language in languages}
            source = Source(name, first, arrays[f"{kind}/{name}/scores"] if scored else None)
            sources.setdefault(kind, []).append(source)
    return Texts(np.load(folder / "pieces.npy", mmap_mode="r"), np.load(folder / "bounds.npy"), sources)


def _write(data: Path, tokenizer: Tokenizer, folder: Path) -> None:
    pieces: list[NDArray[np.int32]] = []
    lengths: list[int] = []
    arrays: dict[str, NDArray[np.generic]] = {}
    listed = []
    for path in tqdm(corpus.sources(data, ""), "texts to pieces"):
        kind, _, name = corpus.name(path).partition("_")
        columns, scores = _columns(kind, path)
        for language, texts in columns.items():
            counts = np.array([len(row) for row in texts])
            arrays[f"{kind}/{name}/{language}"] = len(lengths) + np.concatenate([[0], np.cumsum(counts)])
            for encoded in _encoded(tokenizer, list(itertools.chain.from_iterable(texts))):
                lengths += map(len, encoded)
                pieces.append(np.fromiter(itertools.chain.from_iterable(encoded), np.int32))
        if scores:
            arrays[f"{kind}/{name}/scores"] = np.array(scores, np.float32)
        listed.append((kind, name, list(columns), bool(scores)))
    np.save(folder / "pieces.npy", np.concatenate(pieces))
    np.save(folder / "bounds.npy", np.concatenate([[0], np.cumsum(lengths)]))
    np.savez(folder / "sources.npz", **arrays)  # type: ignore[arg-type]
    (folder / "texts.json").write_text(json.dumps(listed))


def _encoded(tokenizer: Tokenizer, texts: list[str]) -> Iterator[list[list[int]]]:
    for start in range(0, len(texts), 10_000):
        yield [e.ids[:LONGEST_TEXT] for e in tokenizer.encode_batch_fast(texts[start : start + 10_000])]


def _columns(kind: str, path: Path) -> tuple[dict[str, list[list[str]]], list[float]]:
    """The texts of a file by language or part: for each row a list, empty where the row has none; and the scores."""
    if kind == "scored":
        return _scored(path)
    columns: dict[str, list[list[str]]] = {}
    for number, row in enumerate(corpus.rows(path)):
        for part, texts in _parts(kind, row).items():
            column = columns.setdefault(part, [])
            column += ([] for _ in range(number - len(column)))
            column.append([text for text in texts if text.strip()])
    longest = max(map(len, columns.values()), default=0)
    for column in columns.values():
        column += ([] for _ in range(longest - len(column)))
    return columns, []


def _parts(kind: str, row: corpus.Row) -> dict[str, list[str]]:
    if kind == "parallel":
        return {language: [text] for language, text in row["langs"].items()}
    if kind == "pairs":
        return {"question": [row["question"]], "answer": [row.get("answer") or row["passage"]]}
    return {"title": [row["title"]], "paragraph": row["paragraphs"], "tags": [" ".join(row.get("tags") or [])]}


# The idioms of cinlid are labelled; what does not follow is as far as what contradicts.
_LABELS = {"entailment": 1.0, "neutral": 0.0, "contradiction": 0.0}


def _scored(path: Path) -> tuple[dict[str, list[list[str]]], list[float]]:
    """Scored pairs. A pair that is there in several languages is one row, so that languages can be mixed in it."""
    by_row: dict[int, dict[str, list[str]]] = {}
    scores: dict[int, float] = {}
    for number, row in enumerate(corpus.rows(path)):
        at, language = row.get("i", number), row.get("lang", "zh")
        parts = by_row.setdefault(at, {})
        parts[f"s1 {language}"], parts[f"s2 {language}"] = [row["s1"]], [row["s2"]]
        scores[at] = _LABELS[row["score"]] if isinstance(row["score"], str) else float(row["score"])
    names = sorted({name for parts in by_row.values() for name in parts})
    return {name: [parts.get(name, []) for parts in by_row.values()] for name in names}, list(scores.values())

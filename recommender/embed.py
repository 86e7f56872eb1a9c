"""Texts -> unit vectors, by any sentence-transformers model: the embedded one, a folder, or a name on the hub."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from recommender.types import RecommenderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
Role = Literal["query", "passage"]

EMBEDDED = "embedded"
_EMBEDDED_PATH = Path(__file__).parent / "model"

# Prompts that the authors of these families prescribe in their model cards but leave out of the models' own
# configuration (intfloat/e5, BAAI/bge). The first pattern that is found in the name decides.
_PROMPTS: list[tuple[str, dict[str, str]]] = [
    (
        r"(?<![a-z])e5-.*instruct",
        {"query": "Instruct: Retrieve articles about the same subject.\nQuery: ", "passage": ""},
    ),
    (r"(?<![a-z])e5-", {"query": "query: ", "passage": "passage: "}),
    (r"(?<![a-z])bge-(small|base|large)-zh", {"query": "为这个句子生成表示以用于检索相关文章：", "passage": ""}),
    (
        r"(?<![a-z])bge-(small|base|large)-en",
        {"query": "Represent this sentence for searching relevant passages: ", "passage": ""},
    ),
]


# A transformer fills every text of a batch up to the longest: 64 of 512 tokens and 1,000 sentences take as much memory.
BATCH_TOKENS = 32_768

Cause = Literal["missing", "offline", "unreadable"]
_CAUSES: dict[Cause, str] = {
    "missing": "there is no such folder, and no such model on the hub",
    "offline": "no whole copy of it is on this machine, and the hub cannot be reached",
    "unreadable": "its files cannot be read as a sentence-transformers model",
}


_INSTEAD = f"use the embedded model (--model {EMBEDDED})"


class ModelError(RecommenderError):
    """A model that cannot be had. The message says which, why, and how to go on; ``cause`` says why in one word."""

    def __init__(self, name: str, cause: Cause, detail: object = "", instead: str = _INSTEAD) -> None:
        self.name, self.cause = name, cause
        reason = f"{_CAUSES[cause]}: {lines[0]}" if (lines := str(detail).splitlines()) else _CAUSES[cause]
        super().__init__(
            f"The model {name!r} cannot be had ({reason}). To go on offline, {instead}, or fetch it on a connected "
            "machine and give the path of its folder."
        )


class Model(Protocol):
    """Which model it is: all that a library needs to know of the one that made its vectors."""

    @property
    def name(self) -> str:
        """What to ask ``load_encoder`` for."""

    @property
    def revision(self) -> str:
        """A word that changes whenever the vectors may: vectors of two revisions are never compared."""


class Encoder(Model, Protocol):
    """What the rest of the project needs of a model: who it is, and ``encode``."""

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """Embed m texts as an (m, d) float32 array of unit rows; a text without a known word is a row of zeros."""


@dataclass(frozen=True)
class Parts:
    """The pieces that a model cuts a text into.

    ``spans`` (t, 2) say where each stands, by offsets in the text as it was given; a piece of the model's prompt has an
    empty span. ``vectors`` (t, d) add up to the unit row that ``encode`` gives the text.
    """

    spans: NDArray[np.intp]
    vectors: Vectors


@runtime_checkable
class Transparent(Encoder, Protocol):
    """An Encoder that adds up a vector for each piece of a text, so that a cosine can be taken apart.

    ``isinstance(encoder, Transparent)`` tells whether one does.
    """

    def parts(self, texts: Sequence[str], role: Role) -> list[Parts]:
        """The pieces of each text, in order."""


class SentenceTransformerEncoder:
    """An Encoder over a loaded sentence-transformers model."""

    def __init__(self, name: str, revision: str, model: SentenceTransformer) -> None:
        self.name = name
        self.revision = revision
        self._model = model
        self._prompts = prompts_for(name, model.prompts)

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """Embed m texts as an (m, d) float32 array of unit rows, with the model's prompt for ``role``."""
        if not texts:
            return np.empty((0, self._model.get_embedding_dimension() or 0), np.float32)
        # A static model has no limit, which is said by infinity.
        limit = min(self._model.max_seq_length or BATCH_TOKENS, BATCH_TOKENS)
        sizes = np.array([min(len(text), limit) for text in texts])
        batches = batched(sizes)
        parts = [self._encoded([texts[row] for row in rows], role) for rows in batches]
        vectors = np.empty((len(texts), parts[0].shape[1]), np.float32)
        vectors[np.concatenate(batches)] = np.concatenate(parts)
        vectors[[not text.strip() for text in texts]] = 0  # to a transformer nothing is something, too
        return vectors

    def _encoded(self, batch: list[str], role: Role) -> Vectors:
        vectors = self._model.encode(
            batch,
            prompt=self._prompts[role],
            batch_size=len(batch),
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


class StaticEncoder(SentenceTransformerEncoder):
    """A Transparent encoder over a model whose vectors are the means of their pieces' vectors."""

    @cached_property
    def _static(self) -> tuple[Tokenizer, Vectors]:
        """The tokenizer, and a row for each of its pieces."""
        module = cast("StaticEmbedding", self._model[0])
        return module.tokenizer, module.embedding.weight.detach().float().cpu().numpy()

    def parts(self, texts: Sequence[str], role: Role) -> list[Parts]:
        """The pieces of each text, in order."""
        prompt = self._prompts[role]
        tokenizer, rows = self._static
        encodings = tokenizer.encode_batch([prompt + text for text in texts], add_special_tokens=False)
        return [
            Parts(
                np.clip(np.array(encoding.offsets, np.intp).reshape(-1, 2) - len(prompt), 0, None),
                unit_sum(rows[np.array(encoding.ids, np.intp)]) * np.float32(bool(text.strip())),
            )
            for text, encoding in zip(texts, encodings, strict=True)
        ]


def load_encoder(name: str = EMBEDDED) -> Encoder:
    """Load a model: ``"embedded"``, the path of a folder, or a sentence-transformers name on the Hugging Face hub.

    A model from the hub is downloaded once and then used from the hub's cache, so that it does not change by itself.
    Raises ModelError if it cannot be had; never loads another one instead.
    """
    if name == EMBEDDED:
        return _encoder(name, _content_hash(_EMBEDDED_PATH), _load(name, str(_EMBEDDED_PATH)))
    # os.path answers for names that no folder can have, too, where Path raises.
    if os.path.isdir(folder := os.path.expanduser(name)):
        model = _load(name, folder)  # before the hash: a folder that is no model may hold anything, and much of it
        return _encoder(name, _content_hash(Path(folder)), model)
    return _load_from_hub(name)


def batched(sizes: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The rows of texts of these sizes (m,) in batches, long ones first, of at most BATCH_TOKENS when filled up.

    Characters stand for tokens, as hardly a text has more of these, and counting them takes as long as the embedded
    model takes for all. A text of more is a batch alone.
    """
    order = np.argsort(-sizes, kind="stable")
    batches, start = [], 0
    while start < len(order):
        end = start + max(BATCH_TOKENS // max(int(sizes[order[start]]), 1), 1)
        batches.append(order[start:end])
        start = end
    return batches


def prompts_for(name: str, own: Mapping[str, str | None]) -> dict[Role, str]:
    """The query and passage prompts of a model: its own where it has any, else those its authors prescribe."""
    query = own.get("query") or ""
    passage = next((prompt for key in ("document", "passage", "corpus") if (prompt := own.get(key))), "")
    if not (query or passage):
        own_name = Path(name).name.lower()
        family = next((prompts for pattern, prompts in _PROMPTS if re.search(pattern, own_name)), {})
        query, passage = family.get("query", ""), family.get("passage", "")
    return {"query": query, "passage": passage}


def _encoder(name: str, revision: str, model: SentenceTransformer) -> SentenceTransformerEncoder:
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    first, *rest = model.children()
    static = isinstance(first, StaticEmbedding) and all(isinstance(module, Normalize) for module in rest)
    return (StaticEncoder if static else SentenceTransformerEncoder)(name, revision, model)


def unit(rows: Vectors) -> Vectors:
    """Rows (m, d) scaled to unit length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return units


def unit_sum(rows: Vectors) -> Vectors:
    """Rows (t, d) scaled alike, so that they add up to a row of unit length; none that add up to zero have a share."""
    length = np.linalg.norm(rows.sum(axis=0))
    return rows / length if length > 0 else np.zeros_like(rows)


def _load(name: str, path: str, *, local_only: bool = True) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(path, local_files_only=local_only)
    except Exception as error:  # whatever a damaged file or a foreign format makes the loaders raise
        raise ModelError(name, "unreadable", error) from error


def _load_from_hub(name: str) -> Encoder:
    # The short names of the sentence-transformers documentation stand for their own organisation.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    model = None
    if _cached_revision(repository):
        with suppress(ModelError):  # an interrupted download leaves half a copy: the hub has the rest
            model = _load(name, repository)
    if model is None:
        _ask_hub(name, repository)
        model = _load(name, repository, local_only=False)
    return _encoder(name, _cached_revision(repository), model)


def _ask_hub(name: str, repository: str) -> None:
    """Raise ModelError unless the hub has the model: one question with a time limit.

    The loaders would ask for each of a dozen files and retry for half a minute each.
    """
    import huggingface_hub
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        huggingface_hub.HfApi().model_info(repository, timeout=10)
    except (HFValidationError, RepositoryNotFoundError) as error:
        raise ModelError(name, "missing") from error
    except Exception as error:  # the network's errors are those of whatever client the hub's package uses
        raise ModelError(name, "offline", error) from error


def _cached_revision(repository: str) -> str:
    """The commit of the hub's cached copy, or "" where there is none. modules.json marks a sentence-transformer."""
    import huggingface_hub

    for file in ("modules.json", "config.json"):
        try:
            path = huggingface_hub.try_to_load_from_cache(repository, file)
        except ValueError:  # a name that no repository can have, such as a path that does not exist
            return ""
        if isinstance(path, str):
            return Path(path).parent.name
    return ""


def _content_hash(folder: Path) -> str:
    """The first 16 hex digits of a hash over a model's files; the model card does not count."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md"):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]

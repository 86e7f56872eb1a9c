"""What the tests share: a fake model that is a function of its input, libraries of every engine, and the real model."""

from __future__ import annotations

import os

# Before any import of the hub's package, which reads it once: no test may wait for a network.
os.environ["HF_HUB_OFFLINE"] = "1"

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from recommender.embed import EMBEDDED, Encoder, Role, Vectors, load_encoder
from recommender.library import Library
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.types import Article, Paragraph

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

# Every engine that a library can have; a test that asks for one runs over all of them.
ENGINES: dict[str, Callable[[Path, Encoder], Library]] = {"sqlite": SqliteLibrary}

# No test fails because a machine is slow.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class WordEncoder:
    """A fake model: a text is the words in it, and every Chinese character is a word.

    The cosine of two texts with m and n different words, s of them in both, is s / sqrt(m * n); so right answers follow
    from how texts are made. (One pair of words in 2,048 shares a dimension.) ``encoded`` records what was asked for.
    """

    dimensions = 2048

    def __init__(self, name: str = "words", revision: str = "1") -> None:
        self.name = name
        self.revision = revision
        self.encoded: list[tuple[Role, str]] = []

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        self.encoded += [(role, text) for text in texts]
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[[_number(word) for word in _words(text)]] = 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+|[\u3400-\u9fff]", text.lower()))


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % WordEncoder.dimensions


def essay(id: str, *paragraphs: str, title: str = "", source: str = "", links: Sequence[str] = ()) -> Article:
    """An article in one line; a paragraph that begins with "# " is a heading."""
    body = tuple(Paragraph(text.removeprefix("# "), int(text.startswith("# "))) for text in paragraphs)
    return Article(id, title or f"title of {id}", body, source, links=tuple(links))


def articles_of(recommender: Recommender) -> list[Article]:
    """All articles of a library in the order in which they came."""
    return list(recommender.library.articles(listing.id for listing in recommender.listings()).values())


# The tiny model's words, each with the vector it was given.
TINY = {"[UNK]": (0, 0, 0), "find": (4, 0, 0), "text": (0, 0, 4), "red": (0, 3, 0), "blue": (0, 0, 2)}


def make_model(
    folder: Path, words: Mapping[str, tuple[int, ...]] = TINY, prompts: dict[str, str] | None = None
) -> Path:
    """Save a real sentence-transformers model, whose vectors are the means of its words' vectors."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    module = StaticEmbedding(tokenizer, embedding_weights=np.array(list(words.values()), np.float32))
    SentenceTransformer(modules=[module], prompts=prompts or {}, device="cpu").save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model with prompts of its own; only read from it."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    return make_model(folder, prompts={"query": "find ", "document": "text "})


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture(params=ENGINES.values(), ids=ENGINES)
def open_library(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Library]:
    """Opens this test's library, or another. Each call is a connection of its own, as another process has it."""

    def opened(encoder: Encoder, name: str = "library.db") -> Library:
        return request.param(tmp_path / name, encoder)

    return opened


@pytest.fixture
def library(open_library: Callable[..., Library], encoder: WordEncoder) -> Library:
    """A fresh library of the fake model."""
    return open_library(encoder)


@pytest.fixture
def recommender(library: Library, encoder: WordEncoder) -> Recommender:
    """A recommender over a fresh library of the fake model."""
    return Recommender(library, encoder)


@cache
def _embedded() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def embedded() -> Encoder:
    """The real embedded model."""
    return _embedded()


@pytest.fixture(scope="session", autouse=True)
def _loaded_once() -> Iterator[None]:
    """Recommenders that open the embedded model share one: each is 150 MB, and a page keeps what it opened."""

    def load(name: str = EMBEDDED) -> Encoder:
        return _embedded() if name == EMBEDDED else load_encoder(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.recommend.load_encoder", load)
        yield


@pytest.fixture(scope="session")
def seed_recommender(embedded: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    """The seed page as the real model sees it. Its essay is the first article; only read from it."""
    folder = tmp_path_factory.mktemp("seeded")
    shutil.copytree(SEEDS, folder / "seeds")
    recommender = Recommender(SqliteLibrary(folder / "library.db", embedded), embedded)
    assert [report.error for report in recommender.add([folder / "seeds"])] == [""]
    return recommender

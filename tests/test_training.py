"""The recipe of the embedded model, on a corpus whose right answers follow from how it is made."""

import gzip
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from model2vec import StaticModel
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import CoSENTLoss, MultipleNegativesRankingLoss
from tokenizers import Tokenizer

from training import corpus, weights
from training.__main__ import Recipe, main, make
from training.batches import MOST_TEXTS, batches
from training.normaliser import normaliser
from training.pack import pack
from training.pairs import Texts, read
from training.parts import parts, pieces_of
from training.tokenizer import UNKNOWN, _alphabet, make_tokenizer
from training.weights import Settings, contrastive, cosent, duplicates, slices, train

# Words of three topics in two languages, word n of one the translation of word n of the other.
TOPICS = {
    "law": ("法院 法律 法官 判决 律师 合同 权利 责任", "court law judge verdict lawyer contract right duty"),
    "farm": ("农民 粮食 水稻 土地 种子 丰收 灌溉 牲畜", "farmer grain rice land seed harvest watering cattle"),
    "sky": ("星星 月亮 太阳 行星 银河 望远镜 彗星 宇宙", "star moon sun planet galaxy telescope comet universe"),
}
TRADITIONAL = str.maketrans("农种土丰灌牲畜权责任阳银远镜", "農種土豐灌牲畜權責任陽銀遠鏡")
# No corpus this small has so many, but each language has its share of them.
PIECES = 20_000
RECIPE = Recipe(pieces=PIECES, settings=Settings(dimensions=(32, 16), pairs=64, steps=400, rate=0.1, longest=64))


def write(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    with gzip.open(folder / "train" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in the formats of the real one."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "train").mkdir()
    rng = random.Random(0)

    def drawn(topic: str, language: int, n: int = 6) -> str:
        return ("," if language == 0 else " ").join(rng.choices(TOPICS[topic][language].split(), k=n))

    def both() -> dict[str, str]:
        topic = rng.choice(list(TOPICS))
        chinese, english = (TOPICS[topic][language].split() for language in (0, 1))
        at = rng.sample(range(len(chinese)), 3)
        zh = ",".join(chinese[i] for i in at)
        return {"zh": zh, "zh-Hant": zh.translate(TRADITIONAL), "en": " ".join(english[i] for i in at)}

    topics = [rng.choice(list(TOPICS)) for _ in range(150)]
    write(
        folder,
        "articles_news",
        [{"title": drawn(t, 0, 3), "paragraphs": [drawn(t, 0) for _ in range(4)], "category": t} for t in topics],
    )
    write(folder, "parallel_news", [{"langs": both(), "kind": "sentence"} for _ in range(200)])
    words = [pair for zh, en in TOPICS.values() for pair in zip(zh.split(), en.split(), strict=True)]
    write(folder, "parallel_cc_cedict", [{"langs": {"zh": zh, "en": en}, "kind": "word"} for zh, en in words * 3])
    write(folder, "pairs_zh_qa", [{"question": drawn(t, 0, 3), "answer": drawn(t, 0)} for t in topics])
    write(folder, "titles_zh", [{"title": drawn(t, 0, 3), "paragraphs": [], "tags": [drawn(t, 0, 1)]} for t in topics])
    scored = [(drawn(a, 0), drawn(b, 0), 5.0 if a == b else 0.0) for a, b in itertools.pairwise(topics)]
    write(folder, "scored_zh", [{"s1": a, "s2": b, "score": score} for a, b, score in scored])
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that the whole recipe makes of it."""
    out = tmp_path_factory.mktemp("model")
    make(data, tmp_path_factory.mktemp("work"), out, RECIPE)
    return out


@pytest.fixture(scope="module")
def texts(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Texts:
    return read(data, make_tokenizer(data, PIECES), tmp_path_factory.mktemp("texts"))


def cosine(model: SentenceTransformer, first: str, second: str) -> float:
    left, right = model.encode([first, second], normalize_embeddings=True)
    return float(left @ right)


# -- the model --------------------------------------------------------------------------------------------------------


def translated(model: SentenceTransformer) -> float:
    """The share of the Chinese words whose nearest English word is their translation."""
    chinese, english = ([word for pair in TOPICS.values() for word in pair[at].split()] for at in (0, 1))
    likeness = model.encode(chinese, normalize_embeddings=True) @ model.encode(english, normalize_embeddings=True).T
    return float(np.mean(likeness.argmax(axis=1) == np.arange(len(chinese))))


def test_translations_are_learned(made: Path) -> None:
    assert translated(SentenceTransformer(str(made))) > 0.9


def test_topics_are_learned(made: Path) -> None:
    model = SentenceTransformer(str(made))
    for topic, (chinese, _) in TOPICS.items():
        first, last = chinese.split()[:4], chinese.split()[4:]
        within = cosine(model, "".join(first), "".join(last))
        assert all(within > cosine(model, "".join(first), TOPICS[other][0]) for other in TOPICS.keys() - {topic})


def test_both_scripts_are_one(made: Path) -> None:
    model = SentenceTransformer(str(made))
    for chinese, _ in TOPICS.values():
        assert cosine(model, chinese, chinese.translate(TRADITIONAL)) == pytest.approx(1, abs=1e-6)


def test_model2vec_reads_the_same_model(made: Path) -> None:
    texts = [text for pair in TOPICS.values() for text in pair]
    ours = SentenceTransformer(str(made)).encode(texts, normalize_embeddings=True)
    theirs = StaticModel.from_pretrained(made).encode(texts)
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert np.einsum("nd,nd->n", ours, theirs).min() > 1 - 1e-6


def test_fewer_dimensions_are_the_first_ones_and_good_alone(made: Path) -> None:
    whole, half = SentenceTransformer(str(made)), SentenceTransformer(str(made), truncate_dim=16)
    texts = [text for pair in TOPICS.values() for text in pair]
    assert np.allclose(whole.encode(texts)[:, :16], half.encode(texts))
    assert translated(half) > 0.8


@pytest.mark.parametrize("text", ["", " ", "。!?", "\u0e01\u0e02", "🙂", "<unk>"])
def test_nothing_known_is_no_nan(made: Path, text: str) -> None:
    vectors = SentenceTransformer(str(made)).encode([text, "法院", text], normalize_embeddings=True)
    assert np.isfinite(vectors).all()
    assert np.array_equal(vectors[0], vectors[2])
    assert np.isfinite(SentenceTransformer(str(made)).encode([text])).all()


def test_the_card_says_what_the_model_is(made: Path) -> None:
    card = (made / "README.md").read_text("utf-8")
    pieces = SentenceTransformer(str(made))[0].num_embeddings
    assert f"{pieces:,} pieces, 32 dimensions" in card
    assert "400 steps of up to 64 pairs, texts of up to 64 pieces" in card
    assert "$" not in card


def test_int8_costs_nothing(made: Path, texts: Texts) -> None:
    """A row comes back within half a step of the scale that its largest number sets, but for the unknown piece."""
    rows = np.random.default_rng(0).normal(size=(PIECES, 32)).astype(np.float32)
    rows[3] = 0
    tokenizer = Tokenizer.from_file(str(made / "tokenizer.json"))
    folder = made.parent / "packed"
    pack(rows[: tokenizer.get_vocab_size()], tokenizer, folder)
    back = SentenceTransformer(str(folder))[0].embedding.weight.detach().numpy()
    steps = np.abs(rows[: len(back)]).max(axis=1, keepdims=True) / 127
    assert (np.abs(back - rows[: len(back)]) <= steps / 2 + 1e-6)[1:].all()
    assert tokenizer.id_to_token(0) == UNKNOWN and not back[0].any()


# -- parts ------------------------------------------------------------------------------------------------------------


def shared(pieces: list[str], a: str, b: str) -> float:
    """The cosine of the parts of two pieces."""
    made_of = parts(pieces)
    return float((made_of[pieces.index(a)] @ made_of[pieces.index(b)].T).sum())


def test_pieces_with_the_same_characters_share_parts() -> None:
    pieces = ["矫正", "矫治", "法院", "judges", "judge", "nudge"]
    assert shared(pieces, "矫正", "矫治") == pytest.approx(1)  # 矫 is all that either shares with another piece
    assert shared(pieces, "矫正", "法院") == 0
    assert 0 < shared(pieces, "judges", "nudge") < shared(pieces, "judges", "judge") < 0.99


def test_what_a_piece_has_alone_is_no_part() -> None:
    made_of = parts(["法院", "court", "law"])
    assert made_of.shape == (3, 0)
    assert parts(["一", "一一", "二"]).toarray().tolist() == [[1], [1], [0]]


def test_a_piece_that_is_never_seen_is_learned_from_its_parts(
    texts: Texts, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    """It stands nowhere in the texts, and yet its vector is near that of the word that it shares a character with."""
    pieces = [*pieces_of(tokenizer), "彗星尾", "农民工"]
    vectors = train(texts, parts(pieces), RECIPE.settings, tmp_path)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    comet, farmer = (vectors[pieces.index(word)] for word in ("彗星", "农民"))
    tail, worker = vectors[-2:]
    # Together: threads add up in any order, and so few steps leave each of them near a tie now and then.
    assert tail @ comet + worker @ farmer > tail @ farmer + worker @ comet


# -- interruptions ----------------------------------------------------------------------------------------------------


def test_an_interrupted_run_goes_on_to_the_same_weights(
    texts: Texts, tokenizer: Tokenizer, tmp_path: Path, monkeypatch
) -> None:
    settings = Settings(dimensions=(16, 8), pairs=32, steps=12, rate=0.1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    made_of = parts(pieces_of(tokenizer))
    whole = train(texts, made_of, settings, tmp_path / "a")
    monkeypatch.setattr(weights, "CHECKPOINT", 0.0)
    learn, steps = weights._learn, iter(range(100))

    def interrupted(*args: Any) -> float:
        if next(steps) == 7:
            raise KeyboardInterrupt
        return learn(*args)

    monkeypatch.setattr(weights, "_learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(texts, made_of, settings, tmp_path / "b")
    assert np.allclose(train(texts, made_of, settings, tmp_path / "b"), whole, atol=1e-6)


def test_what_is_done_is_not_done_again(data: Path, made: Path, tmp_path: Path, monkeypatch) -> None:
    recipe = Recipe(PIECES, settings=Settings(dimensions=(16, 8), pairs=32, steps=3))
    make(data, tmp_path / "work", tmp_path / "first", recipe)
    monkeypatch.setattr(weights, "_learn", None)
    monkeypatch.setattr("training.__main__.make_tokenizer", None)
    make(data, tmp_path / "work", tmp_path / "second", recipe)
    first, second = (tmp_path / name / "model.safetensors" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


# -- normaliser and tokenizer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("進一步加強社區矯正工作", "进一步加强社区矫正工作"),
        ("裡面 裏面 爲了", "里面 里面 为了"),
        ("経済と図書館", "经济と图书馆"),
        ("芸能", "芸能"),  # a Simplified character of its own
        ("Ｕｎｉｃｏｄｅ ÉTÉ", "unicode été"),
        ("e\u0301", "é"),
    ],
)
def test_the_normaliser(text: str, same: str) -> None:
    assert normaliser().normalize_str(text) == same


def test_pieces_are_words(data: Path) -> None:
    tokenizer = make_tokenizer(data, PIECES)
    assert tokenizer.encode("望远镜法院, 種子水稻").tokens == ["望远镜", "法院", "种子", "水稻"]
    assert tokenizer.encode("court、galaxy").tokens == ["court", "galaxy"]
    assert tokenizer.get_vocab_size() <= PIECES


# -- pairs ------------------------------------------------------------------------------------------------------------


def words(texts: Texts, tokenizer: Tokenizer, span: np.ndarray) -> list[str]:
    return [tokenizer.id_to_token(piece) for piece in texts.pieces[slice(*span)]]


def span_words(texts: Texts, tokenizer: Tokenizer, spans: np.ndarray) -> list[list[str]]:
    return [words(texts, tokenizer, span) for span in spans]


def drawn(texts: Texts, size: int = 64, n: int = 200) -> dict[str, list[Any]]:
    """Batches by kind."""
    found: dict[str, list[Any]] = {}
    for batch, _ in zip(batches(texts, size, np.random.default_rng(0)), range(n), strict=False):
        found.setdefault(batch.kind, []).append(batch)
    return found


@pytest.fixture(scope="module")
def tokenizer(data: Path) -> Tokenizer:
    return make_tokenizer(data, PIECES)


def topic_of(pieces: list[str]) -> str:
    [topic] = {name for name, pair in TOPICS.items() for piece in pieces if piece in " ".join(pair)}
    return topic


@pytest.mark.parametrize("kind", ["title", "article", "words", "documentation", "paraphrase"])
def test_partners_are_about_the_same(texts: Texts, tokenizer: Tokenizer, kind: str) -> None:
    for batch in drawn(texts)[kind]:
        assert len(batch.left) == len(batch.right)
        for left, right in zip(batch.left, batch.right, strict=True):
            assert topic_of(words(texts, tokenizer, left)) == topic_of(words(texts, tokenizer, right))


def test_passages_of_one_article_do_not_overlap(texts: Texts) -> None:
    [articles] = texts.sources["articles"]
    bounds = texts.bounds[articles.first["paragraph"]]
    for batch in drawn(texts)["article"]:
        for left, right in zip(batch.left, batch.right, strict=True):
            assert left[1] <= right[0]
            assert np.searchsorted(bounds, left[0], "right") == np.searchsorted(bounds, right[0], "right")


def test_neighbours_follow_one_upon_the_other(texts: Texts) -> None:
    news = next(source for source in texts.sources["parallel"] if source.name == "news")
    starts = {
        int(texts.bounds[t]): (language, t - first[0]) for language, first in news.first.items() for t in first[:-1]
    }
    ends = {int(texts.bounds[t]): (language, t - first[0]) for language, first in news.first.items() for t in first[1:]}
    for batch in drawn(texts)["neighbours"]:
        for left, right in zip(batch.left, batch.right, strict=True):
            assert 1 <= ends[left[1]][1] - starts[left[0]][1] <= MOST_TEXTS
            assert ends[left[1]][1] == starts[right[0]][1]


def test_scores_stay_with_their_pairs(texts: Texts, tokenizer: Tokenizer) -> None:
    for batch in drawn(texts)["similarity"]:
        for left, right, score in zip(batch.left, batch.right, batch.scores, strict=True):
            same = topic_of(words(texts, tokenizer, left)) == topic_of(words(texts, tokenizer, right))
            assert score == (5.0 if same else 0.0)


def test_rare_characters_are_no_pieces_of_a_language() -> None:
    words = Counter({"court": 2_000, "law": 2_000, "naïve": 1, "x法": 1})
    assert _alphabet(words) == set("courtlaw")


def test_slices_are_the_texts_cut_at_the_longest(texts: Texts) -> None:
    batch = drawn(texts)["article"][0]
    ids, offsets = slices(batch, texts.pieces, 7)
    found = np.split(ids, offsets[1:])
    for got, (start, end) in zip(found, [*batch.left, *batch.right], strict=True):
        assert got.tolist() == texts.pieces[start:end][:7].tolist()


# -- losses -----------------------------------------------------------------------------------------------------------


def test_the_losses_are_those_of_sentence_transformers() -> None:
    generator = torch.Generator().manual_seed(0)
    vectors = torch.randn(10, 8, generator=generator)
    pair = list(vectors.chunk(2))
    scores = torch.tensor([5.0, 1.0, 3.0, 3.0, 0.0])
    none = torch.zeros(5, 5, dtype=torch.bool)
    mnrl = MultipleNegativesRankingLoss(
        None, scale=20.0, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    assert torch.isclose(contrastive(vectors, none, 20.0), mnrl.compute_loss_from_embeddings(pair, None), atol=1e-5)
    theirs = CoSENTLoss(None, scale=20.0).compute_loss_from_embeddings(pair, scores)
    assert torch.isclose(cosent(vectors, scores, 20.0), theirs, atol=1e-4)


def test_a_repeated_text_is_no_negative() -> None:
    ids, offsets = np.array([1, 2, 3, 4, 2, 1, 5, 6, 7]), np.array([0, 2, 3, 4, 6, 7])
    # Left: {1 2}, {3}, {4}; right: {2 1}, {5}, {6 7}. Nothing is the same on one side.
    assert not duplicates(ids, offsets).any()
    ids[3] = 3
    assert duplicates(ids, offsets).tolist() == [[False] * 3, [False, False, True], [False, True, False]]


# -- bad input --------------------------------------------------------------------------------------------------------


def test_no_corpus_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "--work", str(tmp_path / "w"), "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert f"{tmp_path / 'train'}: no such folder" in result.output


@pytest.mark.parametrize("line", ["{", "[1]"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "articles_x.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.write(f"{{}}\n{line}\n")
    with pytest.raises(ValueError, match=f"{path}, line 2: not"):
        list(corpus.rows(path))

"""A cross-encoder has the last word: a tiny real one, made here, orders by its own scores."""

from pathlib import Path

import numpy as np
import pytest
from conftest import essay

from recommender.embed import ModelError
from recommender.rank.rerank import load_reranker
from recommender.types import Filter, Ranking

CHARACTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def make_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Save a cross-encoder of one layer with random weights, to which every character is a word."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *CHARACTERS]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, num_labels=labels, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(make_cross_encoder(tmp_path_factory.mktemp("rerankers") / "tiny"))


ARTICLES = [essay(f"a{n}", CHARACTERS[n : n + 4], title=CHARACTERS[n]) for n in range(12)]
QUERY = "丙丁戊己"


def test_scores_are_those_of_the_model_itself(model):
    from sentence_transformers import CrossEncoder

    texts = [article.text for article in ARTICLES]
    logits = CrossEncoder(model).model(
        **CrossEncoder(model).tokenizer([QUERY] * len(texts), texts, padding=True, return_tensors="pt")
    ).logits.detach().numpy()[:, 0]  # fmt: skip
    found = load_reranker(model)(QUERY, texts)
    assert found == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-5)
    assert found.dtype == np.float32
    assert len(set(found.tolist())) > 6
    assert load_reranker(model)(QUERY, []).shape == (0,)


def test_it_changes_the_order_to_that_of_its_own_scores(recommender, model):
    recommender.put(ARTICLES)
    plain = recommender.related(QUERY, k=12)
    found = recommender.related(QUERY, k=12, ranking=Ranking(reranker=model))
    scores = load_reranker(model)(QUERY, [f"{r.article.title}\n{r.passage.text}" for r in found])
    assert [r.rank_score for r in found] == pytest.approx(scores.tolist(), abs=1e-5)
    assert [r.rank_score for r in found] == sorted((r.rank_score for r in found), reverse=True)
    assert [r.article.id for r in found] != [r.article.id for r in plain]
    assert {r.article.id: r.closeness for r in found} == {r.article.id: r.closeness for r in plain}


def test_it_chooses_among_more_than_are_shown_and_what_is_left_out_stays_out(recommender, model):
    recommender.put(ARTICLES)
    every = recommender.related(QUERY, k=12, ranking=Ranking(reranker=model))
    plain = [r.article.id for r in recommender.related(QUERY, k=12)]
    shown = recommender.related(QUERY, k=2, ranking=Ranking(reranker=model))
    assert [r.article.id for r in shown] == [r.article.id for r in every if r.article.id in plain[:8]][:2]
    among = Filter(ids=("a1", "a5", "a9"))
    left = recommender.related(ARTICLES[1], among=among, ranking=Ranking(reranker=model))
    assert {r.article.id for r in left} == {"a5", "a9"}


def test_nothing_found_is_nothing_to_rerank(recommender, model):
    assert recommender.related(QUERY, ranking=Ranking(reranker=model)) == []


@pytest.mark.parametrize("name", ["/nowhere/at/all", "nobody/no-such-reranker", "", " ", "\0"])
def test_what_cannot_be_had_is_refused_by_name(name, recommender):
    with pytest.raises(ModelError, match="cannot be had") as caught:
        load_reranker(name)
    assert caught.value.name == name
    assert repr(name) in str(caught.value)
    if name:
        with pytest.raises(ModelError):
            recommender.related(QUERY, ranking=Ranking(reranker=name))


def test_a_folder_that_is_no_cross_encoder_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError):
        load_reranker(str(tmp_path))


def test_a_classifier_of_several_labels_is_no_reranker(tmp_path):
    with pytest.raises(ModelError, match="3 scores for a pair"):
        load_reranker(str(make_cross_encoder(tmp_path / "three", labels=3)))

"""The quality benchmark: figures follow from how the sets are made."""

import gzip
import json
from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import WordEncoder
from sklearn import manifold

from benchmarks import measures, quality
from benchmarks.methods import Bm25, CharacterTfidf
from benchmarks.quality import EMBEDDED, PUBLISHED, SETS, evaluate, load

# Cosines with "a b c d" of 1, 3/4, 2/4, 1/4 and 0.
LESS_AND_LESS = ["a b c d", "a b c e", "a b e f", "a e f g", "e f g h"]


def words(texts: Sequence[str]) -> np.ndarray:
    """The fake model: a text is the words in it."""
    return WordEncoder().encode(texts, "query")


def write(folder: Path, file: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    with gzip.open(folder / f"{file}.jsonl.gz", "wt", encoding="utf-8") as target:
        target.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return folder


def pairs(scores: Sequence[float], **more: str) -> list[dict[str, Any]]:
    return [{"s1": "a b c d", "s2": s2, "score": n, **more} for s2, n in zip(LESS_AND_LESS, scores, strict=True)]


def translated(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"lang": "zh", "i": i, "x": x, "en": en} for i, (x, en) in enumerate(pairs)]


def page(id: str, text: str, *see_also: str) -> dict[str, Any]:
    return {"id": id, "title": "", "text": text, "see_also": see_also, "is_query": bool(see_also)}


def test_agreement_is_100_in_the_same_order_and_minus_100_in_the_reverse(tmp_path):
    write(tmp_path, "zh_stsb_dev", pairs([5, 4, 3, 2, 0.5]))
    write(tmp_path, "zh_bq_dev", pairs([0, 1, 2, 3, 4]))
    found = evaluate(words, tmp_path, {"zh_stsb", "zh_bq"})
    assert found == pytest.approx({"zh_stsb": 100, "zh_bq": -100})


def test_every_language_has_a_row_of_its_own(tmp_path):
    write(tmp_path, "stsb_multi_dev", pairs([5, 4, 3, 2, 1], lang="zh") + pairs([1, 2, 3, 4, 5], lang="en"))
    found = evaluate(words, tmp_path, ["stsb_multi", "stsb_en"])
    assert found == pytest.approx({"stsb_multi zh": 100, "stsb_en": -100})


def test_half_of_the_translations_are_found(tmp_path):
    right, swapped = [("a b", "a b"), ("c d", "c d e")], [("p q", "r s"), ("r s", "p q")]
    write(tmp_path, "tatoeba", translated(*right, *swapped))
    assert evaluate(words, tmp_path, ["tatoeba"]) == {"tatoeba zh": 50, "tatoeba mean": 50}


def test_both_directions_of_translation_count():
    # Both rows are nearest to the first column; each column is nearest to its own row.
    assert measures.translation_accuracy(np.array([[0.9, 0.1], [0.8, 0.2]])) == 75


def test_translations_into_every_language_are_compared_with_chinese(tmp_path):
    langs = [{"zh": "a b", "en": "c d", "ja": "a b"}, {"zh": "c d", "en": "a b", "ja": "c d"}]
    write(tmp_path, "flores_sib200", [{"langs": texts, "topic": "t"} for texts in langs])
    assert evaluate(words, tmp_path, ["flores"]) == {"flores zh-en": 0, "flores zh-others": 50}


def test_only_the_largest_set_of_captions_counts(tmp_path):
    same = {"en": "a", "de": "a", "fr": "a"}
    large = [{"set": "large", "langs": {"en": text, "de": text, "fr": other}} for text, other in ("ab", "ba")]
    write(tmp_path, "multi30k", [{"set": "small", "langs": same}, *large])
    assert evaluate(words, tmp_path, ["multi30k"]) == {"multi30k en-de": 100, "multi30k en-fr": 0}


def test_ndcg_of_a_planted_order(tmp_path):
    # Near, far, nearer: the two that are related come first and third.
    pages = [page("q", "a b c d", "near", "far"), page("near", "a b c d e"), page("other", "a b c"), page("far", "a")]
    write(tmp_path, "seealso_en_cpp", pages)
    most = 1 + 1 / log2(3)
    assert evaluate(words, tmp_path, ["seealso_en_cpp"]) == pytest.approx({"seealso_en_cpp": 100 * 1.5 / most})


def test_only_the_first_ten_count_and_a_long_list_can_be_met(tmp_path):
    others = [str(i) for i in range(12)]
    write(tmp_path, "seealso_en", [page("q", "a", *others), *(page(i, "a") for i in others)])
    assert evaluate(words, tmp_path, ["seealso_en"]) == pytest.approx({"seealso_en": 100})


@pytest.mark.parametrize("copy_first", [True, False])
def test_the_query_is_left_out_but_its_copy_is_not(tmp_path, copy_first):
    query, copy = page("q", "a b", "copy"), page("copy", "a b")
    write(tmp_path, "seealso_en", [copy, query] if copy_first else [query, copy])
    assert evaluate(words, tmp_path, ["seealso_en"]) == pytest.approx({"seealso_en": 100})


def test_the_nearest_others_vote_and_a_text_has_no_vote_on_itself():
    # Five alike of one label, and one of another that stands with them: it is outvoted, they are not.
    scores = np.ones((6, 6))
    assert measures.vote_accuracy(scores, ["a"] * 5 + ["b"]) == pytest.approx(100 * 5 / 6)


def test_a_translation_has_no_vote_on_the_topic(tmp_path):
    # Each Chinese text shares a word with its own translation only; all others are equal, and of the other topic.
    rows = [{"langs": {"zh": f"own{i}", "en": f"own{i}"}, "topic": f"t{i}"} for i in range(6)]
    write(tmp_path, "flores_sib200", rows)
    assert evaluate(words, tmp_path, ["topics"]) == {"topics zh": 0, "topics zh from en": 0}


def test_an_article_is_sought_by_its_title_without_its_title(tmp_path):
    # By what is left when their titles are taken out, the first is less like its own title than the second is.
    texts = [("甲乙", ["甲乙", "丙丁"]), ("辛壬", ["甲庚辛"])]
    texts += [(f"{one}{two}", [f"{two}{one}"]) for one, two in ("子丑", "寅卯", "辰巳", "午未", "申酉", "戌亥")]
    write(tmp_path, "zh_csl", [{"title": title, "paragraphs": body, "category": "all"} for title, body in texts])
    found = evaluate(words, tmp_path, ["zh_csl"])
    assert found == pytest.approx({"zh_csl by title": 100 * (1 / 2 + 7) / 8, "zh_csl category": 100})


def test_rare_categories_and_the_unlabelled_are_left_out(tmp_path):
    labelled = [("a", "甲")] * 6 + [("b", "乙")] * 6 + [("rare", "甲")] * 5 + [("未标", "乙")] * 9
    write(tmp_path, "titles_zh_tnews", [{"title": title, "category": category} for category, title in labelled])
    assert evaluate(words, tmp_path, ["titles_zh_tnews"]) == {"titles_zh_tnews category": 100}


def test_scripts_are_compared_as_translations_and_as_converted(tmp_path):
    langs = [{"zh": "中文", "zh-Hant": "中文"}, {"zh": "汉语", "zh-Hant": "漢語"}]
    write(tmp_path, "flores_sib200", [{"langs": texts} for texts in langs])
    found = evaluate(words, tmp_path, ["scripts"])
    assert found == pytest.approx(
        {"scripts independent, mean": 50, "scripts converted, mean": 50, "scripts converted, least": 0}
    )


def test_a_text_is_encoded_once(tmp_path):
    write(tmp_path, "zh_stsb_dev", pairs([5, 4, 3, 2, 1]))
    asked: list[str] = []
    evaluate(lambda texts: asked.extend(texts) or words(texts), tmp_path, ["zh_stsb"])
    assert sorted(asked) == sorted(LESS_AND_LESS)


def test_texts_without_a_known_word_give_figures_all_the_same(tmp_path):
    texts = ["", " \n", "😀", "中文", "汉语", "日本"]
    encode = load(str(EMBEDDED))
    assert np.isfinite(encode(texts)).all()
    write(tmp_path, "zh_stsb_dev", [{"s1": text, "s2": "中文", "score": i} for i, text in enumerate(texts)])
    write(tmp_path, "tatoeba", translated(*((text, text) for text in texts)))
    assert all(np.isfinite(figure) for figure in evaluate(encode, tmp_path, ["zh_stsb", "tatoeba"]).values())


def test_a_model_can_be_cut_to_its_first_dimensions(tiny_model):
    assert load(str(tiny_model), 2)(["red blue find"]).shape == (1, 2)
    assert np.linalg.norm(load(str(tiny_model), 2)(["red blue find"])) == pytest.approx(1)


def test_words_in_common_count_and_unknown_words_do_not():
    tfidf = CharacterTfidf("char", (1, 3))
    assert tfidf.pairs(["甲乙丙", "甲乙丙"], ["甲乙丙", "丁"]) == pytest.approx([1, 0], abs=1e-6)
    assert tfidf.matrix(["甲乙", "丁戊"], ["丁戊己", "甲乙己"]).argmax(axis=1).tolist() == [1, 0]
    bm25 = Bm25(str.split)
    scores = bm25.matrix(["a", "b c", "z", ""], ["a x", "b c", "c"])
    assert scores.argsort(axis=1)[:2, -1].tolist() == [0, 1]
    assert not scores[2:].any()
    with pytest.raises(TypeError, match="does not score pairs"):
        bm25.pairs(["a"], ["a"])


def test_baselines_are_measured_where_words_can_match(tmp_path):
    write(
        tmp_path, "titles_zh_tnews", [{"title": title, "category": title} for title in ["好书推荐", "读一本小说"] * 6]
    )
    found = quality.baselines(tmp_path, ["titles_zh_tnews", "tatoeba"])
    figures = {name: results for name, results in found.items() if results}
    assert figures == {name: {"titles_zh_tnews category": 100} for name in ("character TF-IDF", "BM25, words")}


def test_every_baseline_and_published_figure_belongs_to_a_set():
    assert {able for _, _, sets in quality.BASELINES for able in sets} <= set(SETS)
    assert {row.split()[0] for figures in PUBLISHED.values() for row in figures} <= set(SETS)


def test_the_command_prints_a_column_a_model_beside_what_was_published(tmp_path, tiny_model):
    scored = [("red", "red", 2), ("red", "red blue", 1), ("red", "blue", 0)]
    write(tmp_path, "zh_stsb_dev", [{"s1": s1, "s2": s2, "score": score} for s1, s2, score in scored])
    json_file = tmp_path / "found.json"
    arguments = [str(tiny_model), "--data", str(tmp_path), "--set", "zh_stsb", "--json", str(json_file)]
    result = CliRunner().invoke(quality.main, arguments, catch_exceptions=False)
    lines = result.stdout.splitlines()
    header, rule, row = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert header == ["x 100", str(tiny_model), *(f"published (test sets): {name}" for name in PUBLISHED)]
    assert rule == ["---", *["---:"] * (len(header) - 1)]
    assert row == ["zh_stsb", "100.0", *(str(figures["zh_stsb"]) for figures in PUBLISHED.values())]
    assert json.loads(json_file.read_text("utf-8")) == {str(tiny_model): pytest.approx({"zh_stsb": 100})}


def test_trustworthiness_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 5)).astype(np.float32)
    y = x[:, :2] + rng.normal(size=(90, 2)).astype(np.float32) / 3
    for one, other in ((x, y), (y, x)):
        expected = manifold.trustworthiness(one, other, n_neighbors=10)
        assert measures.trustworthiness(one, other, np.arange(90)) == pytest.approx(expected)

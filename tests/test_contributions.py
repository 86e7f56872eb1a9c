"""The words that carry a match: they add up to the cosine, and stand where it says."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEncoder, make_model
from hypothesis import given
from hypothesis import strategies as st

from recommender.embed import Transparent, load_encoder
from recommender.explain import MAX_WORDS, why
from recommender.explain.contributions import BREAK, word_contributions
from recommender.explain.why import common_runs
from recommender.segment import sentences
from recommender.types import Passage

WORDS = (
    *("企业", "思想政治工作", "新時期", "的", "監獄", "education", "red", "blue", "text", "find", "Ｐｙｔｈｏｎ"),
    *("2011年", "〔2011〕5号", "😀", "café", "한국어", "ไทย", "ﷺ", "½", "，", "。", "\t"),
)
texts = st.lists(
    st.sampled_from(WORDS) | st.text(max_size=4).filter(lambda t: t.isprintable()), min_size=1, max_size=12
)
passages = st.tuples(texts, st.sampled_from(["", " "]), st.integers(0, 50)).map(
    lambda drawn: passage(drawn[1].join(drawn[0]), drawn[2])
)


@pytest.fixture(scope="session")
def tiny(tiny_model):
    """The tiny model, whose prompts are words that it knows."""
    return load_encoder(str(tiny_model))


def passage(text: str, start: int = 0) -> Passage:
    return Passage(start, start + len(text), text, "a")


def cosine_of(query, answer, encoder):
    """The score of a passage as the facade has it, by encode alone."""
    rows = encoder.encode([p.text for p in query], "query")
    total = (rows * [[len(p.text)] for p in query]).sum(axis=0)
    (row,) = encoder.encode([answer.text], "passage")
    return float(total @ row / max(np.linalg.norm(total), 1e-9))


# --- they add up ---


@given(st.lists(passages, min_size=1, max_size=3), passages)
def test_contributions_of_the_embedded_model_add_up_to_the_cosine(embedded, query, answer):
    (found,) = word_contributions(query, [answer], embedded)
    assert found.matrix.sum() == pytest.approx(cosine_of(query, answer, embedded), abs=1e-4)


@given(st.lists(passages, min_size=1, max_size=3), passages)
def test_contributions_with_prompts_and_few_known_words_add_up_to_the_cosine(tiny, query, answer):
    (found,) = word_contributions(query, [answer], tiny)
    assert found.matrix.sum() == pytest.approx(cosine_of(query, answer, tiny), abs=1e-4)


@given(st.lists(passages, min_size=1, max_size=3), st.lists(passages, max_size=3))
def test_pairs_and_the_rest_add_up_to_the_score(embedded, query, answers):
    for found, answer in zip(why(query, answers, embedded), answers, strict=True):
        assert found.score == pytest.approx(cosine_of(query, answer, embedded), abs=1e-4)
        assert sum(pair.contribution for pair in found.pairs) + found.rest == pytest.approx(found.score)
        contributions = [pair.contribution for pair in found.pairs]
        assert contributions == sorted(contributions, reverse=True) and all(c > 0 for c in contributions)


def test_the_prompt_counts_and_has_no_place(tiny):
    # "find red" is (4, 0, 0) + (0, 3, 0), at unit length; "text red" is (0, 0, 4) + (0, 3, 0).
    (found,) = word_contributions([passage("red")], [passage("red")], tiny)
    assert found.query.forms == found.article.forms == ("", "red")
    assert found.query.spans[0] == ()
    assert np.allclose(found.matrix, [[0, 0], [0, 0.36]])


def test_what_a_prompt_gives_is_in_the_rest(tiny):
    # "find find text" and "text find": (8, 0, 4) and (4, 0, 4), to which the prompts give (4, 0, 0) and (0, 0, 4)
    (found,) = why([passage("find text")], [passage("find")], tiny)
    score = 48 / np.sqrt(80 * 32)
    assert found.score == pytest.approx(score)
    assert [(p.query[0].text, p.contribution) for p in found.pairs] == [("find", pytest.approx(score / 3))]
    assert found.rest == pytest.approx(score * 2 / 3)


def test_each_passage_of_a_query_counts_by_its_length(tmp_path):
    encoder = load_encoder(str(make_model(tmp_path / "plain")))
    query = [passage("red"), passage("text text", 10)]  # 3 to 9
    (found,) = word_contributions(query, [passage("blue red")], encoder)
    # (0, 3, 0) + (0, 0, 9) and (0, 0, 2) + (0, 3, 0), at unit length
    expected = np.array([[0, 3 * 3], [9 * 2, 0]]) / np.sqrt(90 * 13)
    assert found.query.forms == ("red", "text") and found.article.forms == ("blue", "red")
    assert np.allclose(found.matrix, expected)
    assert found.likeness(0, 1) == pytest.approx(1) and found.likeness(0, 0) == 0


def test_words_are_added_up_before_they_are_multiplied(embedded):
    essay = [passage("企业宣传工作要面向基层", 20 * i) for i in range(50)]
    (found,) = word_contributions(essay, [passage("宣传，宣传，宣传工作")], embedded)
    assert found.matrix.shape == (len(set(found.query.forms)), 2)
    assert len(found.query.spans[0]) == 50


def test_nothing_in_common_and_nothing_at_all(embedded):
    assert word_contributions([passage("企业")], [], embedded) == []
    (found,) = word_contributions([passage("。")], [passage("企业")], embedded)
    assert found.score == 0 and found.matrix.shape == (0, 1)
    assert why([passage("。")], [passage("😀")], embedded)[0].pairs == ()


# --- where words stand ---


@given(passages)
def test_words_stand_in_order_and_are_what_their_spans_hold(embedded, query):
    (found,) = word_contributions([query], [passage("企业")], embedded)
    spans = sorted((span for spans in found.query.spans for span in spans), key=lambda span: span.start)
    for span in spans:
        assert span.text == query.text[span.start - query.start : span.end - query.start] == span.text.strip() != ""
    assert all(a.end <= b.start for a, b in pairwise(spans))
    numbers = [number for number in found.query.line if number != BREAK]
    assert len(numbers) == len(spans)
    assert all(span in found.query.spans[number] for number, span in zip(numbers, spans, strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新時期😀的宣傳工作", {"时期": "時期", "宣传": "宣傳", "工作": "工作"}),
        ("👨‍👩‍👧 與ＰＹＴＨＯＮ　學習", {"python": "ＰＹＴＨＯＮ", "学习": "學習"}),
        ("e\u0301cole, ﬁne; ㍿ ½", {"école": "e\u0301cole", "fine": "ﬁne", "株式会社": "㍿"}),
        ("Unbelievable Publicity", {"unbelievable": "Unbelievable", "publicity": "Publicity"}),
        ("한국어 교육", {"한국어": "한국어"}),
        ("浅见", {"浅": "浅", "见": "见"}),
    ],
)  # fmt: skip
def test_words_are_found_under_their_common_form_and_shown_as_they_stand(embedded, text, expected):
    (found,) = word_contributions([passage(text, 7)], [passage("x")], embedded)
    shown = {form: spans[0] for form, spans in zip(found.query.forms, found.query.spans, strict=True) if spans}
    for form, there in expected.items():
        assert shown[form].text == there
        assert text[shown[form].start - 7 : shown[form].end - 7] == there


def test_traditional_and_simplified_wide_and_narrow_are_one_word(embedded):
    (found,) = why([passage("學習ＰＹＴＨＯＮ學習")], [passage("Python的学习")], embedded)
    assert {(p.query[0].text, p.article[0].text, p.same, len(p.query)) for p in found.pairs} == {
        ("學習", "学习", True, 2),
        ("ＰＹＴＨＯＮ", "Python", True, 1),
    }


def test_lines_have_breaks_where_words_are_no_neighbours(embedded):
    (found,) = word_contributions([passage("教育，education policy"), passage("教育", 30)], [passage("x")], embedded)
    assert found.query.forms == ("教育", "education", "policy")
    assert found.query.line == (BREAK, 0, BREAK, 1, 2, BREAK, 0)


# --- phrases ---

lines = st.lists(st.sampled_from([BREAK, 0, 1, 2, 3]), max_size=12)


@given(lines, lines, st.permutations([0, 1, 2, 3]))
def test_a_run_stands_whole_in_both_lines_and_each_pair_of_both_is_in_one(query, article, partners):
    pairs = list(enumerate(partners))[:3]
    runs = common_runs(query, article, pairs)
    for run in runs:
        assert stands([pairs[at][0] for at in run], query)
        assert len(run) == 1 or stands([pairs[at][1] for at in run], article)
    assert {at for run in runs for at in run} == {at for at, (i, _) in enumerate(pairs) if i in query}
    assert len(set(map(tuple, runs))) == len(runs)


def stands(run, line):
    return any(list(line[at : at + len(run)]) == run for at in range(len(line)))


def test_neighbours_on_both_sides_become_a_phrase(embedded):
    query, answer = "浅谈新时期企业思想政治工作", "加强干部队伍建设，做好思想政治工作，是企业党组织的任务。"
    (found,) = why([passage(query)], [passage(answer)], embedded)
    assert [[pair.query[0].text for pair in phrase] for phrase in found.phrases] == [["思想", "政治", "工作"], ["企业"]]


def test_the_same_words_in_another_order_are_no_phrase(embedded):
    (found,) = why([passage("政治思想")], [passage("思想政治")], embedded)
    assert sorted(pair.query[0].text for (pair,) in found.phrases) == ["思想", "政治"]


def test_unlike_words_are_pairs_but_no_phrases(embedded):
    (found,) = why([passage("教师的培训计划")], [passage("老师们吃清蒸鲈鱼")], embedded)
    assert [pair.article[0].text for (pair,) in found.phrases] == ["老师"]
    assert len(found.pairs) > 1 and not found.pairs[0].same and found.pairs[0].likeness > 0.5


def test_no_more_words_are_kept_than_a_reader_wants(embedded):
    text = Path(__file__).read_text("utf-8")[:4000]
    (found,) = why([passage(text)], [passage(text)], embedded)
    assert len(found.pairs) == len(found.query) == len(found.article) == MAX_WORDS
    assert found.score == pytest.approx(1, abs=1e-4)


# --- which models ---


def test_a_static_model_can_be_taken_apart_and_others_cannot(embedded, tiny_model, tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Normalize

    assert isinstance(embedded, Transparent)
    assert not isinstance(WordEncoder(), Transparent)
    (static,) = SentenceTransformer(str(tiny_model)).children()
    for added, expected in ((Normalize(), True), (Dense(3, 3), False)):
        folder = tmp_path / type(added).__name__
        SentenceTransformer(modules=[static, added], device="cpu").save_pretrained(str(folder))
        assert isinstance(load_encoder(str(folder)), Transparent) is expected


# --- sentences, for all other models ---

QUERY = "清晨河边薄雾弥漫。政府采购监管须要加强。孩子喜欢糖果饼干。"
ANSWER = "城墙修筑于明代初年。加强政府采购监管工作。"


def test_the_planted_sentence_loses_most_on_both_sides(encoder):
    (found,) = why([passage(QUERY, 5)], [passage(ANSWER, 9)], encoder)
    # 26 different characters there, 19 here, 8 in both; without the planted sentence of either side none is.
    score = 8 / np.sqrt(26 * 19)
    assert found.method == "sentences" and found.pairs == found.phrases == ()
    assert found.score == pytest.approx(score)
    ((here,), drop), ((there,), loss) = ((mark.spans, mark.contribution) for mark in (found.query[0], found.article[0]))
    assert (here.text, here.start) == ("政府采购监管须要加强。", 5 + 9)
    assert (there.text, there.start) == ("加强政府采购监管工作。", 9 + 10)
    assert (drop, loss) == pytest.approx((score, score))
    assert len(found.query) == len(found.article) == 1  # without another sentence, the score rises


def test_a_query_of_several_passages_is_weighed_by_length(encoder):
    query = [passage("甲乙丙丁戊己庚辛。子丑寅卯辰巳午未。"), passage("天地玄黄宇宙洪荒。", 30)]  # 18 to 9
    (found,) = why(query, [passage("子丑寅卯辰巳午未。天地玄黄宇宙洪荒。")], encoder)
    # Half of the first, and all of the second, is half of the passage.
    score = (18 / 2 + 9 / np.sqrt(2)) / np.hypot(18, 9)
    assert found.score == pytest.approx(score)
    left = {"子丑寅卯辰巳午未。": (9 / np.sqrt(2)) / np.hypot(9, 9), "天地玄黄宇宙洪荒。": 1 / 2}
    drops = {mark.spans[0].text: mark.contribution for mark in found.query}
    assert drops == pytest.approx({text: score - cosine for text, cosine in left.items()})


def test_the_only_sentence_of_a_passage_is_all_there_is(encoder):
    (found,) = why([passage("政府采购监管")], [passage("政府采购监督管理")], encoder)
    assert [mark.contribution for mark in (*found.query, *found.article)] == pytest.approx([found.score] * 2)


def test_all_passages_are_left_out_of_in_two_calls(encoder):
    query, answers = [passage(QUERY)], [passage(ANSWER), passage(QUERY)]
    why(query, answers, encoder)
    assert len(encoder.encoded) == len(query) + len(answers) + sum(len(sentences(p)) for p in (*query, *answers))
    assert [role for role, _ in encoder.encoded] == ["query"] * 4 + ["passage"] * 7
    assert why(query, [], encoder) == []

"""One sentence says why: what both texts are about, what corresponds, or that only the form is alike."""

import pytest
from conftest import WordEncoder
from hypothesis import given
from hypothesis import strategies as st

from recommender.explain import why
from recommender.explain.summary import FLOOR, MOST_NAMED, SENTENCES, Summary, sentence, summary
from recommender.explain.why import Mark, Why, WordPair
from recommender.explain.words import sort_of
from recommender.terms import folded
from recommender.types import Passage, Span


def passage(text: str) -> Passage:
    return Passage(0, len(text), text, "a")


def summed(query, answer, encoder):
    (found,) = why([passage(query)], [passage(answer)], encoder)
    return summary(found)


# --- the embedded model on planted pairs ---


@pytest.mark.parametrize(
    ("query", "answer", "expected"),
    [
        (
            "浅谈新时期企业思想政治工作",
            "加强干部队伍建设，做好思想政治工作，是企业党组织的重要任务。",
            Summary("same", ("思想政治工作", "企业")),
        ),
        ("社區矯正工作的幾點思考", "社区矫正工作若干问题研究", Summary("same", ("社區矯正工作",))),
        (
            "How to improve the education of children",
            "如何提高儿童教育的质量",
            Summary("alike", matched=(("children", "儿童"), ("education", "教育"))),
        ),
        ("学校应当重视教师的培训", "校方必须关注老师的进修", Summary("alike", matched=(("教师", "老师"),))),
        (
            "图书馆里教师的阅读推广",
            "在图书馆和老师一起推广阅读",
            Summary("mixed", ("图书馆", "推广", "阅读"), (("教师", "老师"),)),
        ),
        ("班主任工作浅见", "企业宣传工作之浅见", Summary("form", ("浅见",))),
        ("关于养猪的几点思考", "高校图书馆的几点思考", Summary("form", ("几点", "思考"))),
        ("初探高校图书馆的管理", "养猪场疾病防治初探", Summary("form", ("初探",))),
        ("An introduction to gardening", "An introduction to quantum physics", Summary("form", ("introduction",))),
        ("新时期工作", "厨房里的工作", Summary("general", ("工作",))),
        ("清蒸鲈鱼的做法", "监狱财务管理浅见", Summary("weak")),
        ("2011年的3个", "2011年的3个", Summary("weak")),
        ("。", "企业", Summary("weak")),
    ],
)
def test_what_carries_a_match_is_named(embedded, query, answer, expected):
    assert summed(query, answer, embedded) == expected


def test_both_ways_say_the_same(embedded):
    a, b = "企业宣传工作要面向职工", "向职工做好企业宣传工作"
    assert set(summed(a, b, embedded).shared) == set(summed(b, a, embedded).shared) == {"企业宣传工作", "职工"}


def test_titles_that_share_form_and_a_subject_are_about_the_subject(embedded):
    assert summed("小学语文教学浅见", "中学语文教学浅见", embedded).shared == ("语文教学",)


SUBJECTS = [
    "监狱",
    "思想政治",
    "图书馆",
    "教师",
    "清蒸鲈鱼",
    "quantum physics",
    "library",
    "Python",
    "職工",
    "地震",
    "税",
]
OTHERS = [
    "的",
    "和",
    "工作",
    "研究",
    "浅见",
    "几点",
    "2011",
    "3",
    "与",
    "the",
    "of",
    "is",
    "不",
    "，",
    "思考",
    "我们",
    "发展",
]
written = st.lists(st.sampled_from(SUBJECTS) | st.sampled_from(OTHERS), max_size=10).map(" ".join)


@given(written, written)
def test_only_what_is_there_is_named_and_no_grammar_and_no_numbers(embedded, query, answer):
    found = summed(query, answer, embedded)
    here, there = folded(query).replace(" ", ""), folded(answer).replace(" ", "")
    for phrase in found.shared:
        assert folded(phrase).replace(" ", "") in here and folded(phrase).replace(" ", "") in there
    for a, b in found.matched:
        assert folded(a).replace(" ", "") in here and folded(b).replace(" ", "") in there
    named = [*found.shared, *(word for pair in found.matched for word in pair)]
    assert not {sort_of(word) for phrase in named for word in phrase.split()} & {"grammar"}
    if found.kind in ("same", "alike", "mixed"):
        assert not {sort_of(phrase) for phrase in named} & {"form", "general"}
    assert len(found.shared) <= MOST_NAMED and len(found.matched) <= MOST_NAMED


# --- made contributions ---


def pair(here: str, there: str, contribution: float, start: int = 0) -> WordPair:
    spans = (Span(start, start + len(text), text) for text in (here, there))
    return WordPair(*((span,) for span in spans), contribution, 1.0, here == there)


def reason(*phrases, score=0.5, query=(), article=()) -> Why:
    marks = [tuple(Mark((Span(0, len(w), w),), c) for w, c in side) for side in (query, article)]
    return Why(score, "words", *marks, tuple(p for phrase in phrases for p in phrase), tuple(phrases))


def test_a_phrase_is_cut_at_words_of_grammar_and_of_form():
    words = ["浅谈", "监狱", "财务", "管理", "的", "会计", "对策"]
    found = summary(reason(tuple(pair(w, w, 0.1, 10 * i) for i, w in enumerate(words))))
    assert found == Summary("same", ("监狱财务管理", "会计"))


def test_single_characters_side_by_side_are_one_word():
    name = tuple(pair(c, c, 0.1, i) for i, c in enumerate("李小龙"))
    assert summary(reason((*name, pair("的", "的", 0.1, 9)))) == Summary("same", ("李小龙",))
    assert summary(reason((pair("税", "税", 0.4),))).kind == "weak"


def test_words_of_letters_are_joined_with_spaces():
    words = ["Quantum", "field", "theory", "of", "Gravity"]
    found = summary(reason(tuple(pair(w, w, 0.1, 10 * i) for i, w in enumerate(words))))
    assert found.shared == ("Quantum field theory", "Gravity")


def test_a_word_in_two_phrases_counts_once():
    work = pair("宣传", "宣传", 0.2, 2)
    other = pair("企业", "企业", 0.1)
    assert summary(reason((other, work), (work,))) == Summary("same", ("企业宣传",))


def test_what_gives_little_beside_the_best_is_not_named():
    found = summary(
        reason((pair("地震", "地震", 0.2),), (pair("会计", "会计", 0.051),), (pair("鲈鱼", "鲈鱼", 0.049),))
    )
    assert found.shared == ("地震", "会计")
    assert summary(reason((pair("地震", "地震", FLOOR - 0.001),))).kind == "weak"


def test_many_words_that_give_a_little_are_named_on_each_side():
    marks = {"query": [("高温", 0.04), ("的", 0.04), ("烟气", 0.05)], "article": [("燃气", 0.06), ("预热", 0.03)]}
    assert summary(reason(**marks)) == Summary("near", matched=(("高温", "燃气"), ("烟气", "预热")))
    assert summary(reason(query=marks["query"], article=[("燃气", 0.06)])) == Summary("weak")


def test_form_is_not_blamed_for_a_match_that_rests_on_more():
    assert summary(reason((pair("浅见", "浅见", 0.3),), score=0.5)) == Summary("form", ("浅见",))
    assert summary(reason((pair("浅见", "浅见", 0.2),), score=0.5)) == Summary("weak")


# --- models that cannot be taken apart ---


def test_of_sentences_the_most_telling_ones_are_quoted():
    found = summed(
        "清晨河边薄雾弥漫。政府采购监管须要加强。", "城墙修筑于明代初年。加强政府采购监管工作。", WordEncoder()
    )
    assert found == Summary("sentences", matched=(("政府采购监管须要加强。", "加强政府采购监管工作。"),))
    long = "政府采购监管" * 20
    assert [len(text) for text in summed(long, long, WordEncoder()).matched[0]] == [41, 41]
    assert summed("清晨河边", "城墙修筑", WordEncoder()) == Summary("weak")


@pytest.mark.parametrize(
    ("query", "answer", "expected"),
    [
        ("班主任淺見", "财务浅见", Summary("form", ("淺見",))),
        ("养猪的几点思考", "读书的几点思考", Summary("form", ("几点思考",))),
        ("Introduction to gardening", "Introduction of physics", Summary("form", ("Introduction",))),
        ("监狱财务管理浅见", "监狱财务管理浅见之二", None),  # without it they are as near
        ("监狱研究生", "监狱研究", None),
        ("养猪的几点思考。还有饲料的配制方法。", "读书的几点思考。还有笔记的整理技巧。", None),  # no titles
    ],
)
def test_titles_that_share_only_form_are_told_for_any_model(query, answer, expected):
    simplified = Simplified()
    found = summed(query, answer, simplified)
    assert found == expected if expected else found.kind == "sentences"


class Simplified(WordEncoder):
    """The fake model, for which Traditional and Simplified characters are the same."""

    def encode(self, texts, role):
        return super().encode([folded(text) for text in texts], role)


# --- what is read ---


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (Summary("same", ("监狱",)), "因为两文都谈“监狱”。", "Because both are about “监狱”."),
        (
            Summary("same", ("监狱", "会计", "财务")),
            "因为两文都谈“监狱”、“会计”和“财务”。",
            "Because both are about “监狱”, “会计” and “财务”.",
        ),
        (
            Summary("alike", matched=(("教育", "education"), ("儿童", "children"))),
            "因为本文的“教育”和“儿童”对应该文的“education”和“children”。",
            "Because this text says “教育” and “儿童” where that one says “education” and “children”.",
        ),
        (
            Summary("mixed", ("阅读",), (("教师", "老师"),)),
            "因为两文都谈“阅读”，而且本文的“教师”对应该文的“老师”。",
            "Because both are about “阅读”, and this text says “教师” where that one says “老师”.",
        ),
        (
            Summary("form", ("浅见",)),
            "只是写法相近（都有“浅见”），内容没有共同的话题。",
            "Only the form is alike (both have “浅见”); they have no subject in common.",
        ),
        (
            Summary("near", matched=(("高温", "燃气"), ("烟气", "气化"))),
            "没有突出的共同用词，但本文的“高温”和“烟气”和该文的“燃气”和“气化”意思相近。",
            "No common word stands out, but “高温” and “烟气” in this text and “燃气” and “气化” in that one "
            "are near in meaning.",
        ),
        (Summary("weak"), "没有哪个词足以说明两文相关。", "No single word shows what they have in common."),
    ],
)
def test_sentences_are_plain(found, zh, en):
    assert (sentence(found, "zh"), sentence(found, "en")) == (zh, en)


@pytest.mark.parametrize("kind", SENTENCES)
def test_braces_in_a_text_are_only_text(kind):
    found = Summary(kind, ("{shared}",), (("{here}", "{0}"),))
    for language in ("zh", "en"):
        text = sentence(found, language)
        assert text.endswith(("。", "."))
        assert ("“{shared}”" in text) is ("{shared}" in SENTENCES[kind][0])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("研究 Analysis 几点 幾點 浅见", "form"),
        ("发展 發展 工作 Work", "general"),
        ("the 與 他们 很少 2011 5G ai 税 x 120mg", "grammar"),
        ("AI 税务 學校 C++语言 Ｐｙｔｈｏｎ", "subject"),
    ],
)
def test_words_are_sorted_whatever_their_script_and_case(words, expected):
    assert {word: sort_of(word) for word in words.split()} == dict.fromkeys(words.split(), expected)

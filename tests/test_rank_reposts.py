"""Reposts are planted by known edits, among texts that share a theme, a template or a quotation."""

import random
import string
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.rank import reposts
from recommender.rank.reposts import SHORT
from recommender.shingles import LONGEST, shingles, sketch

# No two sentences share three characters in a row, unless chance has it: texts are as different as texts can be.
HAN = [chr(code) for code in range(0x4E00, 0x9FA5)]
FOOTER = "本站文章由网友上传，浏览1024次，2021年3月5日更新。上一篇：最好的安排。下一篇：生活的意义。"
OTHER_FOOTER = "发布时间：2019-07-13 08:15，责任编辑王小二，阅读2877次，转载请注明出处，谢绝商用。"
BRIEF = (
    "国家卫生健康委今天通报，{}月{}日，31个省报告新增确诊病例{}例，其中境外输入病例{}例，本土病例{}例，"
    "新增治愈出院病例{}例，解除医学观察的密切接触者{}人，重症病例较前一日增加{}例，无新增死亡病例。"
)


def sentence(chance, size=24):
    return "".join(chance.choices(HAN, k=size)) + "。"


def text(seed, sentences=20):
    chance = random.Random(seed)
    return "\n".join(sentence(chance) for _ in range(sentences))


def leaders(bodies, apart=()):
    """By the sketches and shingles of texts."""
    found = [shingles(body) for body in bodies]
    return reposts.leaders([sketch(one) for one in found], found.__getitem__, apart)


def grouped(*bodies, apart=()):
    return leaders(bodies, apart).tolist()


def with_characters_changed(body, share):
    """A run of three is kept if none of its characters is changed."""
    chance = random.Random(1)
    return "".join(chance.choice(HAN) if char in HAN_SET and chance.random() < share else char for char in body)


HAN_SET = set(HAN)
BODY = text(0)
LINES = BODY.split("\n")
REPOSTS = {
    "the same": BODY,
    "characters changed": with_characters_changed(BODY, 0.08),
    "a sentence left out": "\n".join(LINES[:3] + LINES[4:]),
    "a sentence added": "\n".join([*LINES[:3], text(1, 1), *LINES[3:]]),
    "reordered": "\n".join(random.Random(2).sample(LINES, len(LINES))),
    "footer": BODY + "\n" + FOOTER,
    "punctuation and white space": BODY.replace("。", " . \n\n"),
    "abstract": BODY[:100] + "……",
    "short abstract": BODY[:60] + "...",
    "excerpt": BODY[203:403],
    "full width letters": BODY + "\nＡＢＣ",
}


@pytest.mark.parametrize("repost", REPOSTS.values(), ids=REPOSTS)
def test_a_repost_joins_its_original_whichever_comes_first(repost):
    assert grouped(BODY, text(1), repost, text(2)) == [0, 1, 0, 3]
    assert grouped(text(1), repost, text(2), BODY) == [0, 1, 2, 1]


def test_traditional_and_simplified_characters_are_the_same_text():
    simplified = "学习让我们的国家更加强大，图书馆里的人们认真阅读历史，书写时代的华丽乐章，为祖国奋斗终身，无怨无悔。"
    traditional = "學習讓我們的國家更加強大，圖書館裡的人們認真閱讀歷史，書寫時代的華麗樂章，為祖國奮鬥終身，無怨無悔。"
    assert grouped(simplified, traditional) == [0, 0]


def test_english_is_compared_by_words_so_that_common_letters_are_no_repost():
    chance = random.Random(3)
    words = ["".join(chance.choices(string.ascii_lowercase[:8], k=3)) for _ in range(200)]
    one, other = (" ".join(chance.choices(words, k=300)) for _ in range(2))
    assert grouped(one, other, one.upper().replace(" ", "  "), one[:400] + "...") == [0, 1, 0, 0]


def test_two_sites_footers_keep_no_repost_apart_and_one_footer_makes_none():
    assert grouped(BODY + FOOTER, BODY + OTHER_FOOTER) == [0, 0]
    assert grouped(text(1, 6) + FOOTER, text(2, 6) + FOOTER) == [0, 1]


def test_briefs_from_one_template_differ_in_their_numbers():
    chance = random.Random(4)
    briefs = [BRIEF.format(*chance.sample(range(100, 999), 8)) for _ in range(4)]
    assert grouped(*briefs) == [0, 1, 2, 3]
    assert grouped(briefs[0], briefs[1], briefs[0] + FOOTER) == [0, 1, 0]


def test_pages_from_one_template_differ_in_the_name_that_they_repeat():
    page = (
        "The {0} method of the canvas draws a shape at the given place. Call {0} with the place and the size of the "
        "shape; before that, set the style. Like other methods that draw at once, {0} leaves the path alone."
    )
    assert grouped(page.format("strokeRect"), page.format("fillRect")) == [0, 1]
    assert grouped(page.format("fillRect"), page.format("fillRect").replace("shape", "figure", 1)) == [0, 0]


def test_a_shared_quotation_is_no_repost():
    quotation = text(9, 1)
    assert grouped(text(1, 4) + quotation, text(2, 4) + quotation, quotation[:20]) == [0, 1, 2]


def test_short_texts_are_reposts_of_one_another_when_nearly_all_is_the_same():
    short = text(5, 1)
    assert len(short) < SHORT
    assert grouped(short, text(6, 1), short + "！", short[:12] + text(7, 1)) == [0, 1, 0, 3]
    assert grouped("好", "好", "好的", "", "", "。") == [0, 0, 2, 3, 4, 5]


def test_what_repeats_only_another_of_the_group_stays_by_itself():
    # The abstract leads; the full text joins it. The excerpt shares nothing with the abstract.
    assert grouped(BODY[:100], BODY, BODY[300:400]) == [0, 0, 2]
    # A digest of two articles must not make them one.
    one, other = text(1, 8), text(2, 8)
    assert grouped(one, one + other, other) == [0, 0, 2]


def test_a_part_joins_the_text_that_it_repeats_most():
    part = BODY[:120]
    rewritten = with_characters_changed(part, 0.07) + text(8)
    assert grouped(rewritten, part) == [0, 0]
    assert grouped(rewritten, text(1, 12) + part, part) == [0, 1, 1]


def test_pairs_that_an_editor_split_stay_apart_whoever_leads():
    assert grouped(BODY, BODY + FOOTER, apart=[(0, 1)]) == [0, 1]
    assert grouped(BODY, BODY + FOOTER, BODY, apart=[(1, 0)]) == [0, 1, 0]
    # Rows 1 and 2 were split, and both repeat row 0.
    assert grouped(BODY, BODY + FOOTER, BODY, apart=[(2, 1)]) == [0, 0, 2]


@pytest.mark.parametrize("pair", [(0, 2), (-1, 0)])
def test_a_pair_of_rows_that_are_not_there_is_refused(pair):
    with pytest.raises(ValueError, match=rf"below 2, got \[\({pair[0]}, {pair[1]}\)\]"):
        leaders(["a", "b"], [pair])


def test_nothing_has_no_groups():
    assert leaders([]).tolist() == []


def test_of_a_book_the_beginning_counts():
    book = text(6, LONGEST // 20)
    assert grouped(book, book[500:700], book[-200:]) == [0, 0, 2]


def test_many_long_texts_are_sampled_and_short_reposts_found_all_the_same():
    bodies = [text(seed, 150) for seed in range(30)]
    excerpts = [body[1000:1060] for body in bodies]
    assert grouped(*bodies, *excerpts) == [*range(30), *range(30)]


bodies = st.lists(
    st.sampled_from([*REPOSTS.values(), text(1), text(1)[:150], text(1) + text(2), text(2), text(3, 1), "", "好"])
    | st.text(max_size=60).filter(lambda body: body.isprintable()),
    max_size=12,
)


@given(bodies, st.data())
def test_groups_have_a_first_text_above_them_that_stands_for_itself(bodies, data):
    pairs = list(combinations(range(len(bodies)), 2))
    apart = data.draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    found = leaders(bodies, apart)
    assert (found <= np.arange(len(bodies))).all()
    assert (found[found] == found).all()
    assert all(found[one] != found[other] for one, other in apart)
    assert found.tolist() == leaders(list(bodies), apart).tolist()


@given(bodies)
def test_equal_texts_are_one_group_unless_they_are_empty(bodies):
    found = leaders([*bodies, BODY, BODY])
    assert found[-1] == found[-2]

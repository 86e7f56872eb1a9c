"""Offsets hold for every text, and passages end where sentences do."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.segment import MAX_CHARS, MIN_SENTENCE_CHARS, paragraph_starts, segment, sentences, stretch
from recommender.types import Article, Paragraph, Span

pieces = st.sampled_from(
    ["思想政治工作", "创新。", "如何?", "Dr. Smith", " e.g. this.", "\u3000", "“好!”", "3.5", "😀", "…", "\r", "。"]
)
lines = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=60),
    st.lists(pieces, max_size=200).map("".join),
)
paragraphs = st.builds(Paragraph, lines, st.integers(0, 2))
articles = st.lists(paragraphs, max_size=6).map(lambda ps: Article("a", "title", tuple(ps)))


@given(articles)
def test_passages_stand_where_they_say(article):
    passages = segment(article)
    for p in passages:
        assert article.text[p.start : p.end] == p.text == p.text.strip() != ""
    assert all(a.end <= b.start for a, b in pairwise(passages))


@given(articles)
def test_no_passage_is_longer_than_it_may_be(article):
    assert all(len(p.text) <= MAX_CHARS for p in segment(article))


@given(articles)
def test_no_text_is_lost(article):
    body = [p for p in article.paragraphs if not p.level and p.text.strip()]
    expected = "".join("".join(p.text.split()) for p in body or article.paragraphs)
    assert "".join("".join(p.text.split()) for p in segment(article)) == expected


@given(lines, st.integers(0, 1000))
def test_sentences_cover_the_passage_and_keep_its_offsets(text, start):
    found = sentences(Span(start, start + len(text), text))
    for s in found:
        assert text[s.start - start : s.end - start] == s.text == s.text.strip() != ""
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())


@given(lines)
def test_only_a_text_shorter_than_a_sentence_gives_a_fragment(text):
    found = sentences(Span(0, len(text), text))
    assert len(found) <= 1 or all(len(s.text) >= MIN_SENTENCE_CHARS for s in found)


def test_headings_become_the_section_of_what_follows():
    article = Article("a", "t", (Paragraph("前言在此"), Paragraph("一、创新意识", 1), Paragraph("甲"), Paragraph("乙")))
    assert [(p.text, p.section) for p in segment(article)] == [
        ("前言在此", ""),
        ("甲", "一、创新意识"),
        ("乙", "一、创新意识"),
    ]
    assert paragraph_starts(article) == [0, 5, 12, 14]


def test_an_article_of_headings_alone_can_still_be_found():
    article = Article("a", "t", (Paragraph("一、创新意识", 1),))
    assert [p.text for p in segment(article)] == ["一、创新意识"]


def test_a_long_paragraph_is_cut_evenly_at_sentence_ends():
    sentence = "创新思想政治工作的内容和方法是一项重要的任务。"
    passages = segment(Article("a", "t", (Paragraph(sentence * 40),)))
    assert [len(p.text) // len(sentence) for p in passages] == [14, 14, 12]
    assert all(p.text.endswith("。") for p in passages)


def test_a_text_without_punctuation_is_cut_all_the_same():
    passages = segment(Article("a", "t", (Paragraph("字" * 1000),)))
    assert "".join(p.text for p in passages) == "字" * 1000
    assert [len(p.text) for p in passages] == [400, 400, 200]


def test_half_width_full_stops_end_chinese_sentences_and_numbers_do_not():
    text = "社区矫正是安置帮教工作的前期准备.安置帮教的对象是刑满释放人员.2011.11.15 新形势下宣传工作很重要。"
    assert [s.text for s in sentences(Span(0, len(text), text))] == [
        "社区矫正是安置帮教工作的前期准备.",
        "安置帮教的对象是刑满释放人员.2011.11.15 新形势下宣传工作很重要。",
    ]


def test_a_stretch_is_cut_out_of_its_passages():
    article = Article("a", "t", (Paragraph("一、题", 1), Paragraph("甲乙丙丁"), Paragraph("戊己庚辛")))
    assert [(p.text, p.section) for p in stretch(article, 6, 11)] == [("丙丁", "一、题"), ("戊己", "一、题")]
    assert [p.text for p in stretch(article, 0, 3)] == ["一、题"]


@pytest.mark.parametrize(("start", "end"), [(9, 12), (2, 2), (3, 1), (-5, -2)])
def test_a_stretch_of_nothing_is_refused(start, end):
    with pytest.raises(ValueError, match="题目"):
        stretch(Article("a", "题目", (Paragraph("甲乙丙丁"),)), start, end)

"""What the views compute before anything is drawn."""

from __future__ import annotations

from conftest import essay
from hypothesis import given
from hypothesis import strategies as st

from recommender.types import Article, Paragraph, Span
from recommender.ui.essay import blocks

texts = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20)
articles = st.lists(st.builds(Paragraph, texts, st.integers(0, 2)), max_size=4).map(
    lambda ps: Article("a", "", tuple(ps))
)
offsets = st.tuples(st.integers(0, 90), st.integers(0, 90)).map(sorted).map(tuple)


@given(articles, st.none() | offsets, st.lists(offsets, max_size=3))
def test_runs_are_the_text_and_each_character_has_the_kinds_that_hold_there(article, picked, spans):
    marks = [Span(start, end, "") for start, end in spans]
    for block in blocks(article, picked, marks):
        at = block["start"]
        assert "".join(text for text, _ in block["runs"]) == article.text[at : block["end"]]
        for text, kind in block["runs"]:
            for position in range(at, at + len(text)):
                assert ("evidence" in kind) == any(m.start <= position < m.end for m in marks)
            at += len(text)


def test_a_picked_paragraph_is_selected_and_a_picked_stretch_is_chosen_too():
    article = essay("a", "# 题目", "甲乙丙丁", "戊己庚辛")
    whole = blocks(article, (3, 7), [])
    assert [(b["number"], b["level"], b["selected"]) for b in whole] == [
        ("0", 1, False),
        ("1", 0, True),
        ("2", 0, False),
    ]
    assert whole[1]["runs"] == [("甲乙丙丁", "")]
    part = blocks(article, (4, 6), [])
    assert part[1]["runs"] == [("甲", ""), ("乙丙", "chosen"), ("丁", "")]

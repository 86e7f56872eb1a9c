"""An essay beside its pieces, as the page shows it and after clicks: without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from conftest import essay
from pages import own_library, page_at, run
from streamlit.testing.v1 import AppTest

from recommender.embed import Encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.review import coverage, page_list
from recommender.segment import paragraphs
from recommender.types import Article
from recommender.ui.review_words import REVIEW

Shown = Callable[..., AppTest]


def view(recommender, article, language):  # type: ignore[no-untyped-def]  # runs without what is imported above
    """Both views at the place of the address, as a script."""
    from recommender.ui import coverage, page_list
    from recommender.ui.place import current
    from recommender.ui.words import Words

    found = recommender.related(article, 9)
    coverage.show(recommender, article, found, current(), Words(language))
    page_list.show(recommender, article, current(), Words(language))


def shown(recommender: Recommender, article: Article, language: str = "zh", **address: str) -> AppTest:
    st.cache_data.clear()
    page = AppTest.from_function(view, default_timeout=60, args=(recommender, article, language))
    page.query_params.update(address)
    return run(page)


@pytest.fixture
def seed(seed_recommender: Recommender) -> Article:
    """The essay of the seed page."""
    article = seed_recommender.first_article()
    assert article
    return article


@pytest.fixture
def kitchen(embedded: Encoder, tmp_path: Path) -> Recommender:
    """An essay of three paragraphs, of which nothing is about the last, on a page that lists the wrong pieces."""
    recommender = Recommender(SqliteLibrary(tmp_path / "library.db", embedded), embedded)
    links = ["ball", "gone", "beef"]
    recommender.put(
        [
            essay(
                "essay", BEEF, "番茄焯水去皮，切块炒出汁，加糖调味。", "台风登陆，渔船回港。", title=TITLE, links=links
            ),
            essay("ball", "球队在最后一分钟踢进点球，客队一分也没有拿到。", title="<b>点球</b>之浅见"),
            essay("beef", "牛肉切薄片，料酒淀粉腌制，大火快炒。", title="炒牛肉"),
            essay("tomato", "番茄去皮切块，炒出汁，加糖调味。" * 2, title="番茄 *汁*"),
            essay("tree", "苹果树冬季修剪要疏去过密的枝条。", title="修剪"),
        ]
    )
    return recommender


BEEF = "把牛肉切成薄片，加入料酒和淀粉腌制，大火快炒至变色即可出锅。"
TITLE = "家常菜之浅见"


def kitchen_essay(recommender: Recommender) -> Article:
    article = recommender.article("essay")
    assert article
    return article


def sentences(page: AppTest) -> str:
    return next(unescape(re.sub("<.*?>", "", html.value)) for html in page.html if "page-sum" in html.value)


def facts(page: AppTest) -> list[str]:
    """What is said of each row, the page's first, with a bar between two things."""
    rows = [html.value for html in page.html if "row-facts" in html.value]
    return ["|".join(part for part in re.split(r"<.*?>", row) if part.strip()) for row in rows]


def titles(page: AppTest, side: str) -> list[str]:
    return [str(b.label) for b in page.button if str(b.key).startswith(f"page_list-open-{side}-")]


# --- which paragraph each piece serves ---


def test_a_chip_for_each_piece_that_serves_a_paragraph(seed_recommender: Recommender, seed: Article) -> None:
    page = shown(seed_recommender, seed)
    found = seed_recommender.related(seed, 9)
    expected = {
        f"serves-{rank}": f"{rank} · 对应第 {at + 1} 段"
        for rank, at in enumerate(coverage(seed_recommender, seed, found).serves, 1)
        if at is not None
    }
    assert expected
    assert {b.key: b.label for b in page.button if str(b.key).startswith("serves-")} == expected


def test_a_chip_picks_its_paragraph(kitchen: Recommender) -> None:
    article = kitchen_essay(kitchen)
    page = shown(kitchen, article, why="beef")
    ranks = {row.article.id: rank for rank, row in enumerate(kitchen.related(article, 9), 1)}
    assert page.button(key=f"serves-{ranks['beef']}").label.endswith("对应第 1 段")
    run(page.button(key=f"serves-{ranks['tomato']}").click())
    second = paragraphs(article)[1]
    assert page.query_params["at"] == f"{second.start}-{second.end}"
    assert "why" not in page.query_params


def test_bare_paragraphs_are_named_and_picked(kitchen: Recommender) -> None:
    article = kitchen_essay(kitchen)
    page = shown(kitchen, article)
    assert "没有相关文章的段落" in [caption.value for caption in page.caption]
    assert [b.label for b in page.button if str(b.key).startswith("bare-")] == ["第 3 段"]
    run(page.button(key="bare-3").click())
    third = paragraphs(article)[2]
    assert page.query_params["at"] == f"{third.start}-{third.end}"


def test_nothing_is_said_where_every_paragraph_is_covered(kitchen: Recommender) -> None:
    kitchen.put([essay("storm", "台风登陆之前，渔船都要回港。", title="台风")])
    page = shown(kitchen, kitchen_essay(kitchen))
    assert "没有相关文章的段落" not in [caption.value for caption in page.caption]
    assert not [b.key for b in page.button if str(b.key).startswith("bare-")]


def test_nothing_is_said_of_a_single_paragraph(kitchen: Recommender) -> None:
    article = kitchen.article("tree")
    assert article
    assert not [*shown(kitchen, article).button]


def test_all_bare(kitchen: Recommender) -> None:
    article = essay("", "Blue whales sing.", "Old violins crack.")
    assert [caption.value for caption in shown(kitchen, article).caption] == ["文库里没有与其中任何一段相关的文章。"]


# --- the page's own list ---


def test_the_sample_page_is_judged(seed_recommender: Recommender, seed: Article) -> None:
    page = shown(seed_recommender, seed)
    judged = page_list(seed_recommender, seed)
    related = sum(one.recommendation.relevance != "unrelated" for one in judged.listed)
    alike = sum(bool(one.in_title) for one in judged.listed)
    assert sentences(page) == (
        f"本页列出的 9 篇里，有 {related} 篇从内容看与本文相关。{alike} 篇只是标题都有“浅见”。"
        "文库里没有别的文章，看不出本页漏了什么。"
    )
    assert titles(page, "page")[0] == "现代企业制度下的传播关系之浅见"
    assert titles(page, "texts")[0] == "做好新时期企业宣传工作之浅见"
    assert sorted(titles(page, "page")) == sorted(titles(page, "texts"))
    assert "浅见" not in facts(page)[titles(page, "page").index("社区后备干部外出考察学习体会")]
    figures = next(html.value for html in page.html if "page-figures" in html.value)
    assert "overlap" not in figures
    assert f"Kendall τ = {judged.correlation:.2f}" in figures
    assert f"占 {round(50 * (1 + (judged.correlation or 0)))}%" in figures


def test_what_the_page_shows_beside_what_the_texts_say(kitchen: Recommender) -> None:
    page = shown(kitchen, kitchen_essay(kitchen))
    assert sentences(page).startswith("本页列出的 2 篇里，有 1 篇从内容看与本文相关。1 篇只是标题都有“浅见”。")
    assert "另有 1 篇文库里没有，无从比较。" in sentences(page)
    assert titles(page, "page") == [r"\<b\>点球\</b\>之浅见", "炒牛肉"]
    judged = page_list(kitchen, kitchen_essay(kitchen))
    first, second = judged.listed
    ball, beef, *_ = facts(page)
    assert ball == f"不相关|按内容排第 {first.place}|只是标题都有“浅见”"
    assert beef.endswith(f"|按内容排第 {second.place}")
    assert {"番茄 \\*汁\\*", "炒牛肉"} == set(titles(page, "texts")[:2])
    tomato = facts(page)[2 + titles(page, "texts").index("番茄 \\*汁\\*")]
    assert tomato.endswith("本页没有列出")
    figures = next(html.value for html in page.html if "page-figures" in html.value)
    assert "按内容排在最前的 2 篇里，本页列出了 1 篇" in figures
    assert "overlap@2 = 0.50" in figures
    assert "占 0%" in figures
    assert "τ = −1.00" in figures


def test_a_row_opens_its_piece_or_its_reasons(kitchen: Recommender) -> None:
    page = shown(kitchen, kitchen_essay(kitchen), at="0-5")
    run(page.button(key="page_list-why-page-1").click())
    assert page.query_params["why"] == "ball"
    assert "at" not in page.query_params  # the reasons are those for the whole essay
    assert page.button(key="page_list-why-page-1").label == "收起依据"
    run(page.button(key="page_list-why-page-1").click())
    assert "why" not in page.query_params
    run(page.button(key="page_list-open-page-2").click())
    assert page.query_params["article"] == "beef"


def test_markup_is_shown_as_text(kitchen: Recommender) -> None:
    kitchen.put(
        [essay("ball", "球队踢进点球。", title="<b>点球</b>"), essay("essay", BEEF, title="<b>", links=["ball"])]
    )
    page = shown(kitchen, kitchen_essay(kitchen))
    assert not [html.value for html in page.html if "<b>点" in html.value or "“<b>”" in html.value]


def test_what_is_written_later_is_seen(kitchen: Recommender) -> None:
    page = shown(kitchen, kitchen_essay(kitchen))
    kitchen.put([essay("gone", BEEF + "撒葱花。", title="葱爆牛肉")])
    run(page)
    assert sentences(page).startswith("本页列出的 3 篇里")
    assert "文库里没有，" not in sentences(page)


def test_a_page_without_a_list_says_nothing(kitchen: Recommender) -> None:
    article = kitchen.article("beef")
    assert article
    assert not [html for html in shown(kitchen, article).html if "page-sum" in html.value]


def test_a_list_of_what_is_gone(kitchen: Recommender) -> None:
    article = essay("lost", BEEF, title="x", links=["gone", "lost too"])
    page = shown(kitchen, article)
    assert sentences(page).startswith("另有 2 篇文库里没有，无从比较。")
    assert titles(page, "page") == titles(page, "texts") == []


def test_english(kitchen: Recommender) -> None:
    page = shown(kitchen, kitchen_essay(kitchen), "en")
    assert sentences(page).startswith(
        "Of the 2 pieces on this page, the texts bear out 1. In 1, only the title is alike"
    )
    said = " ".join([*map(str, (b.label for b in page.button)), *facts(page), sentences(page)])
    own = said
    for chinese in ("之浅见", "点球", "炒牛肉", "番茄", "汁", "浅见", "修剪"):
        own = own.replace(chinese, "")
    assert not re.findall(r"[\u3400-\u9fff]", own)
    assert all(len(pair) == 2 and all(pair) for pair in REVIEW.values())


# --- in the page ---


def test_the_page_has_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_library(tmp_path, monkeypatch)
    page = page_at()
    chip = next(b for b in page.button if str(b.key).startswith("serves-"))
    number = re.findall(r"\d+", str(chip.label))[-1]
    run(chip.click())
    assert str(page.subheader[0].value) == f"与第 {number} 段相关"
    assert not [b for b in page.button if str(b.key).startswith("serves-")]

"""What the page shows after a click, a paste, a model that is missing, an empty library: without a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
import streamlit as st
from conftest import ROOT, WordEncoder, essay
from pages import own_library, own_strings, page_at, run
from streamlit.testing.v1 import AppTest

from recommender.embed import Encoder
from recommender.export import FORMATS
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.segment import paragraphs
from recommender.types import Article, Filter
from recommender.ui import desk_bulk, desk_round, desk_words, feedback, filters, map_packed, order
from recommender.ui.decision_words import DECISIONS
from recommender.ui.place import LONGEST_SHARED_TEXT
from recommender.ui.words import WORDS

BEST = "做好新时期企业宣传工作之浅见"
ESSAY = "推进工商队伍思想政治工作创新之浅见"
Opened = Callable[..., AppTest]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library file of this test's page; there is none yet."""
    return own_library(tmp_path, monkeypatch)


@pytest.fixture
def opened(library: Path) -> Opened:
    """Opens the page at an address."""
    return page_at


def _first(recommender: Recommender) -> Article:
    first = recommender.first_article()
    assert first
    return first


def _cards(page: AppTest) -> list[str]:
    """The titles of the cards, in order."""
    return [title for html in page.html for title in re.findall(r"<h3>(.*?)</h3>", html.value)]


def _pairs(page: AppTest) -> int:
    return sum(html.value.count('class="pair"') for html in page.html)


def _heading(page: AppTest) -> str:
    return str(page.subheader[0].value)


def _essay(page: AppTest) -> str:
    """What the essay component is given to draw, as text."""
    return json.dumps(json.loads(page.get("bidi_component")[0].proto.json), ensure_ascii=False)


# --- reading ---


def test_a_new_library_begins_with_the_sample(opened: Opened) -> None:
    page = opened()
    assert _heading(page) == "与全文相关"
    assert _cards(page)[0] == BEST
    assert len(_cards(page)) == 9
    assert sum(html.value.count("本页已列出") for html in page.html) == 9
    assert not page.error


def test_a_picked_paragraph_is_ranked_as_the_facade_ranks_it(opened: Opened, seed_recommender: Recommender) -> None:
    article = _first(seed_recommender)
    for number, paragraph in enumerate(paragraphs(article), 1):
        page = opened(at=f"{paragraph.start}-{paragraph.end}")
        assert _heading(page) == f"与第 {number} 段相关"
        assert _cards(page) == [r.article.title.replace('"', "&quot;") for r in seed_recommender.related(paragraph, 9)]


def test_a_picked_stretch_that_is_no_paragraph(opened: Opened) -> None:
    page = opened(at="30-90")
    assert _heading(page) == "与所选文字相关"
    run(page.button(key="whole").click())
    assert _heading(page) == "与全文相关"
    assert "at" not in page.query_params


def test_how_many(opened: Opened) -> None:
    page = opened()
    run(page.slider(key="k").set_value(3))
    assert len(_cards(page)) == 3


def test_why_opens_and_closes(opened: Opened, seed_recommender: Recommender) -> None:
    best = seed_recommender.related(_first(seed_recommender), 1)[0]
    page = opened()
    assert _pairs(page) == 0
    run(page.button(key=f"why-{best.article.id}").click())
    assert page.query_params["why"] == best.article.id
    assert _pairs(page) == len(best.evidence) == 3
    shown = "".join(html.value for html in page.html)
    assert best.evidence[0].query.text.replace('"', "&quot;") in shown
    run(page.button(key=f"why-{best.article.id}").click())
    assert _pairs(page) == 0


def test_reasons_of_a_piece_beyond_the_list(opened: Opened, seed_recommender: Recommender) -> None:
    last = seed_recommender.related(_first(seed_recommender), 9)[-1].article
    page = opened(why=last.id, k="1")
    assert _cards(page) == [BEST, last.title.replace('"', "&quot;")]
    assert "不在前 1 篇之内" in [caption.value for caption in page.caption]
    assert '"evidence"' in _essay(page)


def test_open_a_piece_and_come_back(opened: Opened) -> None:
    page = opened(at="30-90")
    key = next(button.key for button in page.button if str(button.key).startswith("open-"))
    run(page.button(key=key).click())
    assert page.query_params["article"] == key.removeprefix("open-")
    assert "at" not in page.query_params
    assert BEST in _essay(page)
    assert ESSAY in _cards(page)
    assert page.button(key="back").label == f"← 回到《{ESSAY}》"
    run(page.button(key="back").click())
    assert _heading(page) == "与所选文字相关"
    assert page.query_params["at"] == "30-90"


def test_choose_an_article(opened: Opened, seed_recommender: Recommender) -> None:
    tax = seed_recommender.find("对规范税收执法行为之浅见")
    page = opened()
    assert len(page.selectbox(key="article_choice-0").options) == 10
    run(page.text_input(key="find_title").input("税收"))
    # What is shown is among the choices whatever is typed.
    assert page.selectbox(key="article_choice-0").options == [ESSAY, tax.title]
    run(page.selectbox(key="article_choice-0").select(tax.id))
    assert page.query_params["article"] == tax.id
    assert f"出自《{ESSAY}》的相关文章列表" in _essay(page)


# --- a text of one's own ---


def _paste(page: AppTest, text: str) -> AppTest:
    page.text_area(key="pasted").input(text)
    return run(next(button for button in page.button if button.label == "查找相关文章").click())


def test_paste_in_another_language(opened: Opened) -> None:
    page = _paste(opened(), "Prison inmates after release need help to return to society")
    assert _heading(page) == "与粘贴的文字相关"
    assert _cards(page)[0] == "社区矫正与安置帮教一体化新机制浅见"
    assert page.query_params["text"].startswith("Prison inmates")
    run(page.button(key="leave").click())
    assert _heading(page) == "与全文相关"


def test_paste_nothing(opened: Opened) -> None:
    page = _paste(opened(), " \n ")
    assert _heading(page) == "与全文相关"


def test_a_long_text_works_but_is_not_in_the_address(opened: Opened) -> None:
    text = "规范税收执法行为,加强税收征管。" * (LONGEST_SHARED_TEXT // 10)
    page = _paste(opened(), text)
    assert _cards(page)[0] == "对规范税收执法行为之浅见"
    assert "text" not in page.query_params
    assert any("没有写进网址" in caption.value for caption in page.caption)


def test_off_topic_is_said_honestly(opened: Opened) -> None:
    page = opened(text="The striker scored twice as the team won the cup final")
    assert [info.value for info in page.info] == ["文库里没有与此相关的文章。"]
    assert [box.label for box in page.expander if box.label == "最接近的"] == ["最接近的"]


def test_markup_in_a_text_is_shown_as_text(opened: Opened) -> None:
    page = opened(text="<img src=x onerror=alert(1)>税收", why="piece-43f3f621effb")
    shown = "".join(html.value for html in page.html)
    assert "<img" not in shown
    assert "&lt;img src=x" in shown


# --- addresses that cannot be had ---


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ({"article": "no-such"}, "链接里的文章不在这个文库里"),
        ({"at": "99990-99999"}, "链接里选中的文字已经不在文章里"),
        ({"article": "no-such", "at": "0-10"}, "链接里的文章不在这个文库里"),
    ],
)
def test_what_is_gone_is_said(opened: Opened, address: dict[str, str], notice: str) -> None:
    page = opened(**address)
    assert [notice in info.value for info in page.info] == [True]
    assert _heading(page) == "与全文相关"


@pytest.mark.parametrize("at", ["", "-", "a-b", "5", "-3-9", "9-3", "1-2-3", "²-³", "1-" + "9" * 5000])
def test_a_malformed_address_shows_the_whole_article(opened: Opened, at: str) -> None:
    assert _heading(opened(at=at)) == "与全文相关"


@pytest.mark.parametrize("name", ["view", "chart", "lang", "k"])
def test_an_unknown_choice_in_the_address_is_ignored(opened: Opened, name: str) -> None:
    assert _heading(opened(**{name: "nonsense"})) == "与全文相关"


# --- models ---


def _use_model(page: AppTest, name: str) -> AppTest:
    next(box for box in page.text_input if box.label == "模型名称或文件夹路径").input(name)
    return run(next(button for button in page.button if button.label == "换用").click())


def test_a_missing_model_is_said_and_nothing_changes(opened: Opened, library: Path) -> None:
    page = _use_model(opened(), "/no/such/model")
    assert [error.value for error in page.error] == [WORDS["model_missing"][0].format(name="/no/such/model")]
    assert _cards(page)[0] == BEST
    assert [path.name for path in library.parent.glob("*.db")] == ["library.db"]


def test_a_model_that_only_the_hub_has_is_said_to_need_it(opened: Opened) -> None:
    page = _use_model(opened(), "intfloat/multilingual-e5-small")
    assert [error.value for error in page.error] == [
        WORDS["model_offline"][0].format(name="intfloat/multilingual-e5-small")
    ]


def test_another_model_gets_a_library_of_its_own(opened: Opened, library: Path, tiny_model: Path) -> None:
    page = _use_model(opened(), str(tiny_model))
    assert not page.error
    assert page.query_params["model"] == str(tiny_model)
    assert page.selectbox(key="choice_model-1").value == str(tiny_model)
    assert len(list(library.parent.glob("library*.db"))) == 2
    # Every word of the page is unknown to the tiny model: the words that both have decide.
    assert [info.value for info in page.info] == []
    run(page.selectbox(key="choice_model-1").select("embedded"))
    assert _cards(page)[0] == BEST


def test_articles_added_later_are_there_under_the_other_model_too(
    opened: Opened, library: Path, tiny_model: Path, embedded: Encoder
) -> None:
    _use_model(opened(), str(tiny_model))
    Recommender(SqliteLibrary(library, embedded), embedded).put([essay("later", "red blue", title="Later")])
    page = opened(model=str(tiny_model), text="red blue")
    assert _cards(page)[0] == "Later"


def test_a_model_that_has_gone_is_said_and_the_embedded_one_offered(
    opened: Opened, library: Path, tiny_model: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_model, tmp_path / "gone")
    _use_model(opened(), str(tmp_path / "gone"))
    shutil.rmtree(tmp_path / "gone")
    st.cache_resource.clear()
    page = opened(model=str(tmp_path / "gone"))
    assert [error.value for error in page.error] == [WORDS["model_missing"][0].format(name=tmp_path / "gone")]
    assert not _cards(page)
    run(page.button(key="use_embedded").click())
    assert _cards(page)[0] == BEST


def test_a_link_with_a_model_that_is_not_here_loads_nothing(opened: Opened, library: Path) -> None:
    page = opened(model="someone/else")
    assert [warning.value for warning in page.warning] == [WORDS["model_not_here"][0].format(name="someone/else")]
    assert _cards(page)[0] == BEST


# --- libraries ---


def test_an_empty_library_offers_the_sample(opened: Opened, library: Path, embedded: Encoder) -> None:
    SqliteLibrary(library, embedded).close()
    page = opened()
    assert _heading(page) == "文库里还没有文章"
    assert not _cards(page)
    run(page.button(key="to_library").click())
    assert page.query_params["view"] == "library"
    assert len(page.file_uploader) == 1
    page = opened()
    run(page.button(key="add_sample").click())
    assert _cards(page)[0] == BEST


def test_a_lone_article_has_nothing_to_recommend(opened: Opened, library: Path, embedded: Encoder) -> None:
    Recommender(SqliteLibrary(library, embedded), embedded).put([essay("a", "只有这一篇文章。", title="独篇")])
    page = opened()
    assert [info.value for info in page.info] == ["文库里没有别的文章可以推荐。"]
    for chart in ("plane", "heatmap", "table"):
        page = opened(view="map", chart=chart)
        assert [info.value for info in page.info] == ["文库里没有别的文章可以推荐。"]


def test_a_library_of_another_model_is_refused(opened: Opened, library: Path) -> None:
    SqliteLibrary(library, WordEncoder()).close()
    assert [error.value for error in opened().error] == [WORDS["library_model"][0].format(path=library)]


def test_a_file_that_is_no_library_is_refused(opened: Opened, library: Path) -> None:
    library.write_text("not a library")
    assert [error.value for error in opened().error] == [WORDS["library_file"][0].format(path=library)]
    assert library.read_text() == "not a library"


# --- the map ---


def test_the_table_has_the_numbers(opened: Opened, seed_recommender: Recommender) -> None:
    page = opened(view="map", chart="table")
    expected = seed_recommender.similarities(_first(seed_recommender), 9)
    table = page.table[0].value
    assert table.shape == expected.scores.shape == (8, 9)
    assert list(table.columns) == [article.title for article in expected.articles]
    assert table.iloc[0, 0] == f"{expected.scores[0, 0]:.2f}"


def test_the_heatmap_by_keyboard(opened: Opened, seed_recommender: Recommender) -> None:
    article = _first(seed_recommender)
    third = paragraphs(article)[2]
    tax = seed_recommender.find("对规范税收执法行为之浅见")
    page = opened(view="map", chart="heatmap")
    assert not _cards(page)
    run(page.selectbox(key="paragraph-0").select_index(3))
    options = page.selectbox(key="piece-0").options
    at = next(at for at, option in enumerate(options) if tax.title in option)
    assert options[at] == f"{at + 1} · {tax.title}"
    run(page.selectbox(key="piece-0").select_index(at))
    assert page.query_params["at"] == f"{third.start}-{third.end}"
    assert _cards(page) == [tax.title]
    [found] = seed_recommender.related(third, 1, Filter(ids=(tax.id,)))
    assert any(f"{found.closeness:.2f}" in html.value for html in page.html)
    # What is picked elsewhere, as in the chart, is picked in the lists too.
    fifth = paragraphs(article)[4]
    page.query_params["at"] = f"{fifth.start}-{fifth.end}"
    run(page)
    assert page.selectbox(key="paragraph-1").value.text == fifth.text
    assert page.selectbox(key="piece-0").value == tax.id
    page.query_params["at"] = f"{third.start}-{third.end}"
    run(page)
    run(page.button(key="read_here").click())
    assert _heading(page) == "与第 3 段相关"
    assert page.query_params["why"] == tax.id


def test_the_map_of_a_pasted_text(opened: Opened) -> None:
    page = opened(view="map", chart="table", text="税收征管要规范。\n企业宣传工作要创新。")
    assert page.table[0].value.shape == (2, 9)


# --- languages ---


@pytest.mark.parametrize("view", ["read", "map"])
def test_no_english_on_the_chinese_page(opened: Opened, view: str) -> None:
    strings = own_strings(opened(view=view))
    assert len(strings) > 8
    assert [s for s in strings if re.search("[A-Za-z]{2}", s) and s != "English"] == []


@pytest.mark.parametrize("view", ["read", "map"])
def test_no_chinese_of_ours_on_the_english_page(opened: Opened, view: str, seed_recommender: Recommender) -> None:
    titles = [listing.title for listing in seed_recommender.listings()]
    strings = own_strings(opened(view=view, lang="en"))
    ours = [s for s in strings if not any(title in s for title in titles)]
    assert [s for s in ours if re.search(r"[\u3400-\u9fff]", s) and s != "中文"] == []


def test_the_language_switch(opened: Opened) -> None:
    page = opened()
    run(page.get("button_group")[1].set_value("en"))
    assert page.query_params["lang"] == "en"
    assert _heading(page) == "Related to the whole article"


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_have_the_same_blanks(key: str) -> None:
    zh, en = (set(re.findall(r"{(\w+)}", text)) for text in WORDS[key])
    assert zh == en


def test_every_string_is_used() -> None:
    files = (path for path in (ROOT / "recommender" / "ui").glob("*.py") if not path.stem.endswith("words"))
    code = "".join(path.read_text("utf-8") for path in files)
    # Names that are put together from parts.
    built = {f"{a}_{b}" for a in ("choice", "all", "rules", "withdraw") for b in ("approved", "rejected")}
    built |= {f"filter_{name}" for name in filters.NAMES} | {
        "rule_paragraph",
        "rule_phrase",
        "added",
        "changed",
        "unchanged",
    }
    built |= {"count_embedded", "count_duplicates", "count_removed", "count_skipped"}
    built |= {"model_missing", "model_offline", "model_unreadable", "library_model", "library_file", "library_write"}
    built |= {"strong", "medium", "weak", "unrelated", "plane_help", "heatmap_help", "time_help", "table_help"}
    built |= {f"is_{relation}" for relation in order.RELATIONS} | {f"half_{days}" for days in order.HALF_LIVES}
    built |= {f"{a}_{b}" for a in ("order", "no", "only", "share_of") for b in ("words", "diversity")}
    built |= {f"order_{name}" for name in ("words_help", "diversity_help", "from", "to")}
    built |= {f"{wish}_{part}" for wish in feedback.WISHES for part in ("help", "chip")}
    built |= {f"map_{name}" for name in map_packed.LABELS}
    built |= {*desk_words.LABELS, *DECISIONS} | {f"form_{name}" for name in FORMATS}
    built |= {f"queue_{part}" for part in desk_round.PARTS} | {f"bulk_{name}" for name in get_args(desk_bulk.Bulk)}
    built |= {"carried_by_words", "carried_by_sentences", "only_visitor", "only_stranger", "only_closed"}
    assert [key for key in WORDS if not re.search(f"[\"']{key}[\"']", code) and key not in built] == []


def test_a_title_is_shown_as_it_is_written(opened: Opened, library: Path, embedded: Encoder) -> None:
    title = "**a** [b](c) :red[d] $e$ <i>f</i> # g"
    articles = [essay("x", "第一篇的文字。", title=title), essay("y", "第二篇的文字。")]
    Recommender(SqliteLibrary(library, embedded), embedded).put(articles)
    escaped = re.sub(r"([*\[\]$<>:#])", r"\\\1", title)
    assert opened(view="map", article="x").subheader[0].value == escaped
    page = opened(article="x")
    run(page.button(key="open-y").click())
    assert page.button(key="back").label == f"← 回到《{escaped}》"
    assert "**a** [b](c) :red[d] $e$ &lt;i&gt;f&lt;/i&gt; # g" in _cards(page)

"""The heatmap, sentences side by side and themes over time, without a browser: numbers, summaries, choices."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import essay
from maps import SUBJECTS, articles
from pages import own_library, own_strings, page_at, run
from streamlit.testing.v1 import AppTest

from recommender.cartographer import Cartographer
from recommender.embed import Encoder
from recommender.grid import clustered, grid, parallel
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.ui import map_heatmap, map_parallel

TAX = "税务机关要规范增值税发票的征收管理。"
FOOTBALL = "守门员扑出了点球，球员庆祝联赛冠军。"
STARS = "望远镜看到了星系里的黑洞和行星的轨道。"


@pytest.fixture
def recommender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: Encoder) -> Recommender:
    """An essay whose first paragraph a piece says again; nothing is about its second; another piece is about all."""
    library = own_library(tmp_path, monkeypatch)
    recommender = Recommender(SqliteLibrary(library, embedded), embedded)
    recommender.put(
        [
            essay("essay", TAX, FOOTBALL, STARS, title="三段"),
            essay("tax", TAX, title="税"),
            essay("stars", "另有一句引子在前面。" + STARS, title="星"),
        ]
    )
    return recommender


def _map(chart: str, **address: str) -> AppTest:
    return page_at(view="map", chart=chart, article="essay", **address)


# --- paragraphs against pieces ---


def test_the_table_says_what_rows_and_columns_are_about(recommender: Recommender) -> None:
    article = recommender.article("essay")
    assert article
    found = grid(recommender, article, 9)
    numbers, served = (table.value for table in _map("table").table)
    assert numbers.to_numpy().tolist() == [[f"{score:.2f}" for score in row] for row in found.scores.tolist()]
    _, about, covered = zip(*numbers.index, strict=True)
    assert about == tuple("、".join(words) for words in found.words)
    assert covered == ("有", "没有", "有")
    assert dict(served["对应"]) == {"税": "第 1 段", "星": "第 3 段"}


def test_the_order_of_the_table_can_be_chosen(recommender: Recommender) -> None:
    recommender.put([essay("more", FOOTBALL, title="球"), essay("both", TAX + STARS, title="税与星")])
    article = recommender.article("essay")
    assert article
    found = grid(recommender, article, 9)
    page = _map("table")
    assert list(page.table[0].value.columns) == [piece.title for piece in found.pieces]
    run(page.get("button_group")[4].set_value("heat_clustered"))
    assert page.query_params["order"] == "heat_clustered"
    expected = [found.pieces[j].title for j in clustered(found.scores.T)]
    assert list(page.table[0].value.columns) == expected
    rows = [int(re.findall(r"\d", name)[0]) - 1 for name, _, _ in page.table[0].value.index]
    assert rows == list(clustered(found.scores))


def test_a_paragraph_that_nothing_covers_is_marked(recommender: Recommender) -> None:
    assert any("○ 这一段文库里没有相关的文章（共 1 段）。" in caption.value for caption in _map("heatmap").caption)
    recommender.put([essay("football", FOOTBALL, title="球")])
    assert not any("○" in caption.value for caption in _map("heatmap").caption)


def test_the_words_beside_a_row_are_whole() -> None:
    assert map_heatmap._beside(("税务机关", "发票", "增值税"), "、") == "税务机关、发票"
    assert map_heatmap._beside(("harbour", "sailor", "anchor"), ", ") == "harbour, sailor"
    assert map_heatmap._beside((), "、") == ""


# --- sentences side by side ---


def test_each_sentence_stands_beside_the_nearest(recommender: Recommender) -> None:
    article, other = recommender.article("essay"), recommender.article("stars")
    assert article
    assert other
    found = parallel(recommender, article, other)
    table = _map("table", against="heat_sentences", why="stars").table[0].value
    assert list(table.index) == [f"1 · {TAX}", f"2 · {FOOTBALL}", f"3 · {STARS}"]
    assert table.loc[f"3 · {STARS}", "该文的句子"] == f"2 · {STARS}"
    assert table.loc[f"3 · {STARS}", "余弦"] == "1.00，互为最近"
    assert table.loc[f"1 · {TAX}", "余弦"].startswith(f"{found.scores[0].max():.2f}")


def test_two_sentences_are_picked_by_keyboard(recommender: Recommender) -> None:
    page = _map("heatmap", against="heat_sentences")
    run(page.selectbox(key="piece-0").set_value("stars"))
    run(page.selectbox(key="sentence_here-0").select_index(2))
    assert not any('class="pair"' in html.value for html in page.html)
    run(page.selectbox(key="sentence_there-0").select_index(1))
    [pair] = [html.value for html in page.html if 'class="pair"' in html.value]
    assert pair.count(STARS) == 2
    assert "1.00" in pair
    # What is picked in the address is picked in the lists, too, and an address that fits no sentence picks none.
    shared = dict(page.query_params)
    again = page_at(**{name: value[0] if isinstance(value, list) else value for name, value in shared.items()})
    assert again.selectbox(key="sentence_there-0").value == 1
    odd = _map("heatmap", against="heat_sentences", there="5-x")
    assert odd.selectbox(key="sentence_there-0").value is None


def test_a_piece_beyond_the_list_can_be_compared(recommender: Recommender) -> None:
    page = _map("heatmap", against="heat_sentences", why="stars", k="1")
    assert len(page.selectbox(key="piece-0").options) == 2
    assert page.selectbox(key="piece-0").value == "stars"


def test_all_numbers_of_the_sentences_can_be_taken_along(recommender: Recommender) -> None:
    here, there = (recommender.article(id_) for id_ in ("essay", "stars"))
    assert here and there
    found = parallel(recommender, here, there)
    head, *lines = csv.reader("".join(map_parallel.matrix(found)).removeprefix("\ufeff").splitlines())
    assert head == ["", *(sentence.text for sentence in found.there)]
    assert [line[0] for line in lines] == [sentence.text for sentence in found.here]
    assert np.allclose([[float(cell) for cell in line[1:]] for line in lines], found.scores, atol=6e-4)


# --- themes over time ---


def _dated(recommender: Recommender) -> dict[str, str]:
    """Planted articles of four subjects, each of one year, and some without a date; returns subjects by years."""
    years = {subject: str(2011 + n) for n, subject in enumerate(SUBJECTS)}
    planted = [replace(a, date=years[a.title[:2]] if n >= len(SUBJECTS) else "") for n, a in enumerate(articles())]
    recommender.remove(["essay", "tax", "stars"])
    recommender.put(planted)
    return {year: subject for subject, year in years.items()}


def test_each_theme_is_counted_in_its_year(recommender: Recommender) -> None:
    subjects = _dated(recommender)
    page = page_at(view="map", chart="time")
    table = page.table[0].value
    assert list(table.index) == list(subjects)
    every = Counter(subjects[a.date] for a in map(recommender.article, _ids(recommender)) if a and a.date)
    assert [int(count) for count in table["合计"]] == [every[subject] for subject in subjects.values()]
    assert [caption.value for caption in page.caption][-1] == "4 篇（7%）没有日期，不在图里。"
    run(page.get("button_group")[3].set_value("time_share"))
    assert page.query_params["measure"] == "time_share"
    assert any("占比看不出篇数" in caption.value for caption in page.caption)


def _ids(recommender: Recommender) -> list[str]:
    return [listing.id for listing in recommender.listings()]


def test_without_dates_the_page_says_so(recommender: Recommender) -> None:
    page = _map("time")
    assert [info.value[:16] for info in page.info] == ["文库里的文章都没有发表日期，画不"]
    assert not page.table


def test_a_time_and_a_theme_show_their_articles(recommender: Recommender) -> None:
    subjects = _dated(recommender)
    page = page_at(view="map", chart="time")
    assert not _listed(page)
    run(_labelled(page.selectbox, "时间").set_value("2012"))
    of_year = {id_ for id_ in _ids(recommender) if (a := recommender.article(id_)) and a.date == "2012"}
    assert _listed(page) == of_year
    theme, other = (_theme_of(recommender, subjects[year]) for year in ("2012", "2011"))
    run(_labelled(page.get("button_group"), "主题").set_value(str(theme)))
    assert _listed(page) == of_year
    run(page.button(key="time_on_plane").click())
    assert (page.query_params["chart"], page.query_params["theme"]) == ("plane", str(theme))
    page = page_at(view="map", chart="time", time="2012", theme=str(other))
    assert not _listed(page)
    assert any("2012、" in m.value and "：0 篇" in m.value for m in page.markdown)
    page = page_at(view="map", chart="time", time="2012")
    run(page.button(key=f"map-timed-{min(of_year)}").click())
    assert (page.query_params["view"], page.query_params["article"]) == ("read", min(of_year))


def test_what_the_address_names_and_is_not_there_is_passed_over(recommender: Recommender) -> None:
    _dated(recommender)
    page = page_at(view="map", chart="time", time="1066", theme="99")
    assert not _listed(page)
    assert page.table


def _labelled(elements: Any, label: str) -> Any:
    [found] = [element for element in elements if element.label == label]
    return found


def _listed(page: AppTest) -> set[str]:
    keys = [button.key for button in page.button if button.key]
    return {key.removeprefix("map-timed-") for key in keys if key.startswith("map-timed-")}


def _theme_of(recommender: Recommender, subject: str) -> int:
    """The broad theme of the articles of a subject."""
    atlas = Cartographer(recommender).stored()
    assert atlas
    ids = recommender.library.ids(atlas.owners)
    [theme] = {int(theme) for id_, theme in zip(ids, atlas.broad, strict=True) if id_.startswith(subject)}
    return theme


# --- languages ---


@pytest.mark.parametrize("against", map_heatmap.AGAINST)
@pytest.mark.parametrize("chart", ["heatmap", "table", "time"])
def test_no_english_on_the_chinese_page(recommender: Recommender, chart: str, against: str) -> None:
    strings = own_strings(_map(chart, against=against))
    assert [s for s in strings if re.search("[A-Za-z]{2}", s) and s != "English"] == []

"""Themes over time: every article is counted once, in its month or year and its theme, or as one without a date."""

from __future__ import annotations

import re

import numpy as np
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from recommender.atlas import NONE, Theme
from recommender.timeline import SHOWN, timeline
from recommender.ui.charts import PALETTES

THEMES = [Theme(7, NONE, ("ships",), 5, 0, 0), Theme(2, NONE, ("bread",), 3, 0, 0)]


def test_articles_are_counted_by_year_and_theme() -> None:
    dates = ["2019-05-01", "2021", "2021-03", "", "2021-03-04", "not a day"]
    found = timeline(dates, np.array([7, 7, 2, 2, NONE, 7], np.int32), THEMES)
    assert found.times == ("2019", "2020", "2021")
    assert found.themes == (7, 2)
    assert found.counts.tolist() == [[1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 1]]
    assert found.undated == 2
    assert found.chosen(2, None).tolist() == [1, 2, 4]
    assert found.chosen(None, 0).tolist() == [0, 1]
    assert found.chosen(2, 1).tolist() == [2]


def test_two_years_are_shown_by_month_and_more_are_not() -> None:
    broad = np.array([7, 2], np.int32)
    found = timeline(["2020-11-30", "2021-02"], broad, THEMES)
    assert found.times == ("2020-11", "2020-12", "2021-01", "2021-02")
    assert found.counts[[0, 3]].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert timeline(["2020-01", "2021-12"], broad, THEMES).times[-1] == "2021-12"
    assert timeline(["2020-01", "2022-01"], broad, THEMES).times == ("2020", "2021", "2022")
    assert timeline(["2020-01", "2020"], broad, THEMES).times == ("2020",)  # of one no month is known


def test_small_themes_are_counted_together() -> None:
    many = [Theme(n, NONE, (f"word{n}",), 20 - n, 0, 0) for n in range(SHOWN + 3)]
    found = timeline(["2020"] * len(many), np.arange(len(many), dtype=np.int32), many)
    assert found.themes == tuple(range(SHOWN))
    assert found.counts.tolist() == [[*[1] * SHOWN, 3, 0]]


def test_without_dates_there_is_no_time() -> None:
    found = timeline(["", ""], np.array([7, NONE], np.int32), THEMES)
    assert (found.times, found.counts.shape, found.undated) == ((), (0, 4), 2)


dates = st.one_of(st.just(""), st.dates().map(lambda day: f"{day:%Y-%m-%d}".rjust(10, "0")))


@given(st.lists(st.tuples(dates, st.sampled_from([7, 2, 5, NONE])), max_size=12))
def test_every_article_is_counted_once(articles: list[tuple[str, int]]) -> None:
    found = timeline([date for date, _ in articles], np.array([n for _, n in articles], np.int32), THEMES)
    assert found.counts.sum() + found.undated == len(articles)
    assert len(found.times) == len(found.counts)
    assert list(found.times) == sorted(set(found.times))
    cells = [len(found.chosen(row, column)) for row, counts in enumerate(found.counts) for column in range(len(counts))]
    assert cells == found.counts.ravel().tolist()
    assert len(found.chosen(None, None)) == found.counts.sum()


def test_the_colours_are_those_of_the_plane() -> None:
    script = (ROOT / "recommender" / "ui" / "atlas" / "picture.js").read_text("utf-8")
    for theme, palette in PALETTES.items():
        [listed] = re.findall(rf"^  {theme}: \[(.*)\],$", script, re.MULTILINE)
        assert tuple(re.findall("#[0-9a-f]{6}", listed)) == palette
        assert len(palette) == SHOWN + 2

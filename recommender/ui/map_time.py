"""Themes over time: when the articles of each broad theme of the map were published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd
import streamlit as st

from recommender.atlas import Atlas
from recommender.recommend import Recommender
from recommender.timeline import SHOWN, Timeline, largest, timeline
from recommender.ui import map_drawing, map_packed
from recommender.ui.charts import PALETTES, Row, timeline_chart
from recommender.ui.coverage import Written, written
from recommender.ui.place import in_address
from recommender.ui.words import Words

MEASURES = ("time_count", "time_share")
# The words of a theme's name, as in the legend of the plane.
_NAMED = 3


def show(recommender: Recommender, words: Words) -> None:
    """Draw the view."""
    atlas = map_drawing.current(recommender, words)
    if atlas is None or not len(atlas.owners):
        return
    found = _timeline(map_packed.stamp(recommender), written(recommender), recommender, atlas)
    if not found.times:
        st.info(words("time_none"), icon=":material/event_busy:")
        return
    names = _names(atlas, found, words)
    measure, tied = in_address("measure", MEASURES, MEASURES[0])
    st.segmented_control(words("time_measure"), MEASURES, default=measure, format_func=words, required=True, **tied)
    shown = [column for column in range(len(names)) if found.counts[:, column].any()]
    _show_picture(found, names, shown, measure == "time_share", words)
    if measure == "time_share":
        st.caption(words("time_share_help"))
    _show_undated(found, len(atlas.owners), words)
    with st.expander(words("time_table"), icon=":material/table:"):
        st.table(_table(found, names, shown, words))


@st.cache_data(show_spinner=False, max_entries=8)
def _timeline(stamp: str, written: Written, _recommender: Recommender, _atlas: Atlas) -> Timeline:
    """Counted once for each map and state of the library: it reads all dates."""
    dates = {listing.id: listing.date for listing in _recommender.listings()}
    ids = _recommender.library.ids(_atlas.owners)
    return timeline([dates.get(id_, "") for id_ in ids], _atlas.broad, largest(_atlas))


def _names(atlas: Atlas, found: Timeline, words: Words) -> list[str]:
    """The names of the columns."""
    between = words("map_between")
    by_number = {theme.number: between.join(theme.words[:_NAMED]) for theme in atlas.themes}
    return [*(by_number[number] for number in found.themes), words("time_others"), words("map_none")]


def _hue(column: int, found: Timeline) -> int:
    """The place of a column's colour in the palette: the last two columns have the last two, however few themes."""
    return column if column < len(found.themes) else SHOWN + column - len(found.themes)


def _show_picture(found: Timeline, names: Sequence[str], shown: Sequence[int], is_share: bool, words: Words) -> None:
    rows: list[Row] = [
        {
            "time": time,
            "theme": names[column],
            "place": place,
            "count": count,
            "title": words("time_bar", time=time, theme=names[column], n=count),
        }
        for time, counts in zip(found.times, found.counts.tolist(), strict=True)
        for place, column in enumerate(shown)
        if (count := counts[column])
    ]
    theme = "dark" if st.context.theme.type == "dark" else "light"
    hues = [_hue(column, found) for column in shown]
    st.altair_chart(timeline_chart(rows, found.times, [names[column] for column in shown], hues, is_share, theme))
    st.html(_legend([(names[column], PALETTES[theme][_hue(column, found)]) for column in shown]))


def _legend(entries: Iterable[tuple[str, str]]) -> str:
    """The names of themes with their colours, which wrap where a chart's own legend would be cut off."""
    items = (
        f'<span role="listitem"><i style="background:{colour}"></i>{escape(name)}</span>' for name, colour in entries
    )
    return f'<div class="time-legend" role="list">{"".join(items)}</div>'


def _show_undated(found: Timeline, every: int, words: Words) -> None:
    if found.undated:
        percent = f"{100 * found.undated / every:.0f}"
        st.caption(words("time_undated", n=f"{found.undated:,}", percent=percent))
    else:
        st.caption(words("time_all_dated", n=f"{every:,}"))


def _table(found: Timeline, names: Sequence[str], shown: Sequence[int], words: Words) -> pd.DataFrame:
    counts = found.counts[:, list(shown)]
    table = pd.DataFrame(counts, pd.Index(found.times, name=words("time_when")), [names[column] for column in shown])
    table[words("time_sum")] = counts.sum(axis=1)
    return table.map("{:,}".format)

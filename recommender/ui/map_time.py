"""Themes over time: when the articles of each broad theme of the map were published, and which these are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from recommender.atlas import NONE, Atlas
from recommender.recommend import Recommender
from recommender.timeline import SHOWN, Timeline, largest, timeline
from recommender.types import Filter
from recommender.ui import map_drawing, map_lists, map_packed
from recommender.ui.charts import PALETTES, Row, timeline_chart
from recommender.ui.coverage import Written, written
from recommender.ui.place import in_address, open_article, put_in_address
from recommender.ui.words import Words, literal

MEASURES = ("time_count", "time_share")
_KEY = "map_time"
# The words of a theme's name, as in the legend of the plane.
_NAMED = 3


@dataclass(frozen=True)
class _Column:
    """A theme, all others or none: its place in the timeline, its name in the address, and how it is shown."""

    at: int
    key: str
    name: str
    hue: int


def show(recommender: Recommender, words: Words) -> None:
    """Draw the view."""
    atlas = map_drawing.current(recommender, words)
    if atlas is None or not len(atlas.owners):
        return
    found = _timeline(map_packed.stamp(recommender), written(recommender), recommender, atlas)
    if not found.times:
        st.info(words("time_none"), icon=":material/event_busy:")
        return
    measure, tied = in_address("measure", MEASURES, MEASURES[0])
    st.segmented_control(words("time_measure"), MEASURES, default=measure, format_func=words, required=True, **tied)
    columns = _columns(atlas, found, words)
    picture = st.container()
    time, theme = _show_choice(found, columns, words)
    with picture:
        _show_picture(found, columns, time, theme, measure == "time_share", words)
    if measure == "time_share":
        st.caption(words("time_share_help"))
    _show_undated(found, words)
    if time or theme:
        _show_articles(recommender, atlas, found, time, theme, words)
    with st.expander(words("time_table"), icon=":material/table:"):
        st.table(_table(found, columns, words))


@st.cache_data(show_spinner=False, max_entries=8)
def _timeline(stamp: str, written: Written, _recommender: Recommender, _atlas: Atlas) -> Timeline:
    """Counted once for each map and state of the library: it reads all dates."""
    dates = {listing.id: listing.date for listing in _recommender.listings()}
    ids = _recommender.library.ids(_atlas.owners)
    return timeline([dates.get(id_, "") for id_ in ids], _atlas.broad, largest(_atlas))


def _columns(atlas: Atlas, found: Timeline, words: Words) -> list[_Column]:
    """The columns in which anything is counted."""
    between = words("map_between")
    by_number = {theme.number: between.join(theme.words[:_NAMED]) for theme in atlas.themes}
    names = [*(by_number[number] for number in found.themes), words("time_others"), words("map_none")]
    keys = [*map(str, found.themes), "others", str(NONE)]
    # The last two have the last two colours, however few themes there are.
    hues = [*range(len(found.themes)), SHOWN, SHOWN + 1]
    every = [_Column(at, *column) for at, column in enumerate(zip(keys, names, hues, strict=True))]
    return [column for column in every if (found.columns[found.rows != NONE] == column.at).any()]


def _show_choice(found: Timeline, columns: Sequence[_Column], words: Words) -> tuple[str, _Column | None]:
    """The legend, by which a theme is chosen, and the choice of a time; what is chosen, "" and None for all."""
    palette, by_key = PALETTES[_theme()], {column.key: column for column in columns}

    def named(key: str) -> str:
        return f':color[●]{{foreground="{palette[by_key[key].hue]}"}} {literal(by_key[key].name)}'

    key, tied = in_address("theme", list(by_key), "")
    with st.container(key="time_legend"):
        st.pills(words("map_theme"), list(by_key), default=key or None, format_func=named, **tied)
    times = ["", *found.times]
    time, tied = in_address("time", times, "")
    st.selectbox(
        words("time_when"),
        times,
        times.index(time),
        format_func=lambda each: each or words("time_any"),
        width=220,
        **tied,
    )
    return time, by_key.get(key)


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


def _show_picture(
    found: Timeline, columns: Sequence[_Column], time: str, theme: _Column | None, is_share: bool, words: Words
) -> None:
    rows: list[Row] = [
        {
            "time": each,
            "theme": column.name,
            "key": column.key,
            "place": place,
            "count": count,
            "title": words("time_bar", time=each, theme=column.name, n=count),
            "faint": (time not in ("", each)) or (theme not in (None, column)),
        }
        for each, counts in zip(found.times, found.counts.tolist(), strict=True)
        for place, column in enumerate(columns)
        if (count := counts[column.at])
    ]
    names, hues = [column.name for column in columns], [column.hue for column in columns]
    chart = timeline_chart(rows, found.times, names, hues, is_share, _theme())
    st.altair_chart(chart, key=_KEY, on_select=_clicked, selection_mode="pick")


def _clicked() -> None:
    """What a click on a part of a bar chooses: its time and its theme. The legend and the list of times let them go."""
    for pick in st.session_state[_KEY]["selection"]["pick"][-1:]:
        put_in_address({"time": pick["time"], "theme": pick["key"]})


def _show_articles(
    recommender: Recommender, atlas: Atlas, found: Timeline, time: str, theme: _Column | None, words: Words
) -> None:
    """The articles of a time and a theme, the newest first, and the way to the plane."""
    at = found.chosen(found.times.index(time) if time else None, theme.at if theme else None)
    ids = recommender.library.ids(atlas.owners[at])
    listed = recommender.listings(Filter(ids=tuple(ids))) if ids else []
    listed.sort(key=lambda row: row.date, reverse=True)
    with st.container(key="time_chosen", horizontal=True, vertical_alignment="center"):
        name = words("heat_between").join([*([time] if time else []), *([literal(theme.name)] if theme else [])])
        st.markdown(f"**{words('time_chosen', name=name, n=f'{len(listed):,}')}**", width="content")
        if theme and theme.key != "others":
            to_plane = {"chart": "plane"}
            st.button(words("time_on_plane"), key="time_on_plane", on_click=put_in_address, args=(to_plane,))
    with st.container(key="time_articles", gap=None):
        map_lists.show_first(listed, "timed", lambda row: open_article(row.id), words)


def _show_undated(found: Timeline, words: Words) -> None:
    every = len(found.rows)
    if found.undated:
        percent = f"{100 * found.undated / every:.0f}"
        st.caption(words("time_undated", n=f"{found.undated:,}", percent=percent))
    else:
        st.caption(words("time_all_dated", n=f"{every:,}"))


def _table(found: Timeline, columns: Sequence[_Column], words: Words) -> pd.DataFrame:
    counts = found.counts[:, [column.at for column in columns]]
    names = [column.name for column in columns]
    table = pd.DataFrame(counts, pd.Index(found.times, name=words("time_when")), names)
    table[words("time_sum")] = counts.sum(axis=1)
    return table.map("{:,}".format)

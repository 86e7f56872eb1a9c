"""Arrays -> Altair charts. Colours are given, so that a chart fits the light and the dark page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

Row = dict[str, Any]
Chart = alt.Chart | alt.LayerChart
_FONT = "Noto Sans SC, Source Han Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
_COLOURS = {
    "light": {"ink": "#23211d", "paper": "#fcfaf5", "accent": "#a63d2a"},
    "dark": {"ink": "#ebe6dc", "paper": "#17181b", "accent": "#e08568"},
}
# Those of the map's legend, in atlas/picture.js: eight themes, the largest first, then all others and none.
PALETTES = {
    "light": (
        *("#0f92f7", "#be3122", "#037465", "#7541b8", "#d35bb1", "#849b11", "#5e2903", "#0f3778"),
        *("#8d8880", "#b9b4aa"),
    ),
    "dark": (
        *("#76bafe", "#be3122", "#76fef6", "#3678e6", "#db6ea5", "#8da523", "#fbb49b", "#edee45"),
        *("#878b93", "#63666d"),
    ),
}
# Pixels that a number needs in its cell, a row with what it is about, and the heads of columns.
_NUMBER, _ROW, _TOP = 34, 40, 90
# Where the chart is narrower, rows have their first line only; columns that are narrower have theirs.
_ROOM, _HEAD = 540, 47


def heatmap_chart(
    rows: Sequence[Row], across: Sequence[str], down: Sequence[str], foot: Sequence[Row], theme: str
) -> Chart:
    """Paragraphs against articles. A row has paragraph, article, score, title, at, id and picked.

    ``across`` and ``down`` are the articles and the paragraphs in their order; each has one line that always shows, and
    more that show where there is room. ``foot`` has a row for each article, with paragraph, article and said.
    A click selects ``at`` and ``id`` of the cell, under the name "pick".
    """
    colours = _COLOURS[theme]
    x = alt.X("article:N", scale=alt.Scale(domain=list(across)), axis=_heads(len(across)))
    y = alt.Y("paragraph:N", scale=alt.Scale(domain=[*down, *dict.fromkeys(r["paragraph"] for r in foot)]), axis=_SIDE)
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(x=x, y=y)
    top = max((row["score"] for row in rows), default=1.0)
    cells = (
        base.mark_rect(cursor="pointer", cornerRadius=3)
        .encode(
            color=_shade(top, colours),
            stroke=alt.condition("datum.picked", alt.value(colours["ink"]), alt.value(colours["paper"])),
            strokeWidth=alt.condition("datum.picked", alt.value(2.5), alt.value(1)),
            tooltip=[alt.Tooltip("title:N", title=" ")],
            description=alt.Description("title:N"),
        )
        .add_params(alt.selection_point(name="pick", fields=["at", "id"], on="click", clear=False))
    )
    has_room = f"width < {_NUMBER * len(across)} ? 0 : 1"
    numbers = base.mark_text(fontSize=12, opacity=alt.ExprRef(has_room)).encode(
        text=alt.Text("score:Q", format=".2f"),
        color=alt.condition(f"datum.score > {0.62 * top}", alt.value(colours["paper"]), alt.value(colours["ink"])),
    )
    said = (
        alt.Chart(alt.InlineData(values=list(foot)))
        .mark_text(fontSize=12, color=colours["ink"])
        .encode(x=x, y=y, text="said:N")
    )
    return _framed(cells + numbers + said, _TOP + _ROW * (len(down) + 1), colours)


def parallel_chart(
    rows: Sequence[Row], here: Sequence[Row], there: Sequence[Row], axes: tuple[str, str], theme: str
) -> Chart:
    """Sentences against sentences, in reading order. A row has i, j, score, nearest and picked.

    ``here`` and ``there`` have the sentences: i or j, from 1, and the text that is shown when a cell is pointed at;
    ``axes`` name the two sides. What is nearest is marked. A click selects ``i`` and ``j``, under the name "pick".
    """
    colours = _COLOURS[theme]
    m, n = len(here), len(there)
    base = (
        alt.Chart(alt.InlineData(values=list(rows)))
        .transform_lookup(lookup="i", from_=alt.LookupData(alt.InlineData(values=list(here)), "i", ["here"]))
        .transform_lookup(lookup="j", from_=alt.LookupData(alt.InlineData(values=list(there)), "j", ["there"]))
        .transform_calculate(title="datum.i + ' × ' + datum.j + ' · ' + format(datum.score, '.2f')")
        .transform_calculate(title=r"datum.title + '\n' + datum.here + '\n—\n' + datum.there")
        .encode(
            x=alt.X("j:O", scale=alt.Scale(paddingInner=0), axis=_counted(n, axes[1], orient="top", labelAngle=0)),
            y=alt.Y("i:O", scale=alt.Scale(paddingInner=0), axis=_counted(m, axes[0])),
        )
    )
    top = max((row["score"] for row in rows), default=1.0)
    cells = (
        base.mark_rect(cursor="pointer")
        .encode(
            color=_shade(top, colours),
            stroke=alt.condition("datum.picked", alt.value(colours["ink"]), alt.value(None)),
            strokeWidth=alt.condition("datum.picked", alt.value(2.5), alt.value(0)),
            tooltip=[alt.Tooltip("title:N", title=" ")],
            description=alt.Description("title:N"),
        )
        .add_params(alt.selection_point(name="pick", fields=["i", "j"], on="click", clear=False))
    )
    marks = (
        base.transform_filter("datum.nearest")
        .mark_point(
            filled=True,
            size=max(7, min(22, 600 // max(m, n, 1))),
            opacity=1,
            stroke=colours["paper"],
            strokeWidth=1,
            aria=False,
        )
        .encode(color=alt.value(colours["ink"]))
    )
    return _framed(cells + marks, _TOP + m * max(9, min(30, 560 // max(m, 1))), colours)


def timeline_chart(
    rows: Sequence[Row], times: Sequence[str], names: Sequence[str], hues: Sequence[int], is_share: bool, theme: str
) -> Chart:
    """Articles by theme over time, as bars: between two times nothing is known.

    A row has time, theme, key, place, count, title and whether it is faint. ``times`` and ``names`` of themes stand in
    their order, and ``hues`` are the places of their colours in the palette. With ``is_share`` every bar is as high as
    another, and shows shares. A click selects ``time`` and ``key``, under the name "pick".
    """
    colours, palette = _COLOURS[theme], PALETTES[theme]
    bars = (
        alt.Chart(alt.InlineData(values=list(rows)))
        .mark_bar(stroke=colours["paper"], strokeWidth=0.5, cursor="pointer")
        .encode(
            x=alt.X(
                "time:O",
                scale=alt.Scale(domain=list(times), paddingInner=0.12),
                axis=alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", labelSeparation=8, ticks=False),
            ),
            y=alt.Y(
                "count:Q",
                stack="normalize" if is_share else "zero",
                axis=alt.Axis(
                    title=None, format="%" if is_share else "d", tickMinStep=0 if is_share else 1, tickCount=5
                ),
            ),
            color=alt.Color(
                "theme:N",
                scale=alt.Scale(domain=list(names), range=[palette[hue] for hue in hues]),
                legend=None,
            ),
            opacity=alt.condition("datum.faint", alt.value(0.2), alt.value(1)),
            order=alt.Order("place:Q"),
            tooltip=[alt.Tooltip("title:N", title=" ")],
            description=alt.Description("title:N"),
        )
        .add_params(alt.selection_point(name="pick", fields=["time", "key"], on="click", clear=False))
    )
    return _framed(bars, 320, colours)


def _shade(top: float, colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=[0, top], range=[colours["paper"], colours["accent"]], clamp=True)
    return alt.Color("score:Q", scale=scale, legend=None)


_LINES = r"split(datum.label, '\n')"
_IS_WIDE = f"width > 0 && containerSize()[0] > {_ROOM}"
_SIDE = alt.Axis(
    title=None,
    ticks=False,
    domain=False,
    labelExpr=f"{_IS_WIDE} ? {_LINES} : {_LINES}[0]",
    labelOffset=alt.ExprRef(f"{_IS_WIDE} ? -7 : 0"),
    labelLimit=0,
    labelLineHeight=15,
    labelOverlap=False,
    labelFlush=False,
)


def _heads(n: int) -> alt.Axis:
    """The heads of n columns: where these are wide enough with all lines, on a phone the first alone."""
    narrow = f"width < {_HEAD * n}"
    return alt.Axis(
        orient="top",
        title=None,
        labelAngle=0,
        labelExpr=f"{narrow} ? {_LINES}[0] : {_LINES}",
        labelPadding=alt.ExprRef(f"{narrow} ? 6 : 64"),
        labelFontSize=11,
        labelLineHeight=14,
        labelLimit=0,
        labelOverlap=False,
        labelFlush=False,
        ticks=False,
        domain=False,
    )


def _counted(n: int, title: str, **more: Any) -> alt.Axis:
    """An axis of n things with every fifth number, or all of a few."""
    shown = [at for at in range(1, n + 1) if n <= 12 or at == 1 or at % 5 == 0]
    return alt.Axis(
        title=title, values=shown, ticks=False, domain=False, labelOverlap="greedy", labelFlush=False, **more
    )


def _framed(chart: Chart, height: int, colours: dict[str, str]) -> Chart:
    framed: Chart = (
        chart.properties(height=height, width="container")
        .configure(font=_FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=colours["ink"],
            labelFontSize=12,
            titleColor=colours["ink"],
            titleFontWeight="normal",
            gridColor=colours["ink"],
            gridOpacity=0.12,
            domainColor=colours["ink"],
            domainOpacity=0.3,
        )
    )
    return framed

"""Arrays -> Altair charts. Colours are given, so that a chart fits the light and the dark page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]
_FONT = "Noto Sans SC, Source Han Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
# Blue and orange of Okabe and Ito's palette for colour-blind readers, in a shade for either page.
_COLOURS = {
    "light": {
        "ink": "#23211d",
        "paper": "#fcfaf5",
        "article": "#0b66a0",
        "paragraph": "#c85a11",
        "accent": "#a63d2a",
    },
    "dark": {
        "ink": "#ebe6dc",
        "paper": "#17181b",
        "article": "#6db6e8",
        "paragraph": "#f0a35c",
        "accent": "#e08568",
    },
}


def plane_chart(rows: Sequence[Row], kinds: Sequence[str], theme: str) -> alt.LayerChart:
    """Points on a plane. A row has x, y, kind, label, short, title, picked, at and id; ``kinds`` are three.

    A click selects ``at`` and ``id`` of the point, under the name "pick".
    """
    colours = _COLOURS[theme]
    empty = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        x=alt.X("x:Q", axis=empty, scale=alt.Scale(zero=False, nice=False, padding=34)),
        y=alt.Y("y:Q", axis=empty, scale=alt.Scale(zero=False, nice=False, padding=34)),
    )
    points = (
        base.mark_point(filled=True, size=520, opacity=0.95, cursor="pointer")
        .encode(
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(
                    domain=list(kinds), range=[colours["paragraph"], colours["article"], colours["accent"]]
                ),
                legend=alt.Legend(title=None, orient="top", symbolSize=160, labelLimit=0),
            ),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(kinds), range=["square", "circle", "diamond"])),
            stroke=alt.condition("datum.picked", alt.value(colours["ink"]), alt.value(colours["paper"])),
            strokeWidth=alt.condition("datum.picked", alt.value(3), alt.value(1)),
            tooltip=[alt.Tooltip("title:N", title=" ")],
            description=alt.Description("title:N"),
        )
        .add_params(alt.selection_point(name="pick", fields=["at", "id"], on="click", clear=False))
    )
    labels = base.mark_text(fontSize=11, fontWeight="bold", color=colours["paper"]).encode(text="label:N")
    # Titles below the points where there is room for them; a phone has the numbers and the list.
    titles = base.mark_text(
        fontSize=11, dy=20, color=colours["ink"], limit=110, opacity=alt.ExprRef("width < 560 ? 0 : 0.8")
    ).encode(text="short:N")
    return _framed(points + labels + titles, 460, colours)


def clear_labels(xy: NDArray[np.float32]) -> list[bool]:
    """Which of the points (n, 2) can have a label below them that lies over no other point and no earlier label."""
    scaled = (xy - xy.min(axis=0)) / np.maximum(np.ptp(xy, axis=0), 1e-9)
    # The room of a label and of a point, as shares of the chart at its usual size.
    width, height, below = 0.2, 0.06, 0.055
    taken = [(x, y) for x, y in scaled.tolist()]
    clear = []
    for x, y in scaled.tolist():
        label = (x, y - below)
        clear.append(all(abs(label[0] - a) > width * 0.6 or abs(label[1] - b) > height * 0.6 for a, b in taken))
        if clear[-1]:
            taken += [(label[0] - width * 0.4, label[1]), label, (label[0] + width * 0.4, label[1])]
    return clear


def heatmap_chart(rows: Sequence[Row], titles: Sequence[str], paragraphs: Sequence[str], theme: str) -> alt.LayerChart:
    """Paragraphs against articles. A row has paragraph, article, score, title, at, id and picked; an article is
    its number and, on lines of their own, the beginning of its title.

    A click selects ``at`` and ``id`` of the cell, under the name "pick".
    """
    colours = _COLOURS[theme]
    # Where columns are wide enough the beginning of the title fits; on a phone the number must do.
    narrow = f"width < {58 * len(titles)}"
    lines = r"split(datum.label, '\n')"
    base = alt.Chart(alt.InlineData(values=list(rows))).encode(
        x=alt.X(
            "article:N",
            sort=list(titles),
            axis=alt.Axis(
                orient="top",
                title=None,
                labelAngle=0,
                labelExpr=f"{narrow} ? {lines}[0] : {lines}",
                labelPadding=alt.ExprRef(f"{narrow} ? 6 : 50"),
                labelFontSize=11,
                labelLineHeight=14,
                labelLimit=0,
                labelOverlap=False,
                labelFlush=False,
                ticks=False,
                domain=False,
            ),
        ),
        y=alt.Y("paragraph:N", sort=list(paragraphs), axis=alt.Axis(title=None, ticks=False, domain=False)),
    )
    top = max((row["score"] for row in rows), default=1.0)
    cells = (
        base.mark_rect(cursor="pointer", cornerRadius=3)
        .encode(
            color=alt.Color(
                "score:Q",
                scale=alt.Scale(domain=[0, top], range=[colours["paper"], colours["accent"]], clamp=True),
                legend=None,
            ),
            stroke=alt.condition("datum.picked", alt.value(colours["ink"]), alt.value(colours["paper"])),
            strokeWidth=alt.condition("datum.picked", alt.value(2.5), alt.value(1)),
            tooltip=[alt.Tooltip("title:N", title=" ")],
            description=alt.Description("title:N"),
        )
        .add_params(alt.selection_point(name="pick", fields=["at", "id"], on="click", clear=False))
    )
    numbers = base.mark_text(fontSize=12).encode(
        text=alt.Text("score:Q", format=".2f"),
        color=alt.condition(f"datum.score > {0.62 * top}", alt.value(colours["paper"]), alt.value(colours["ink"])),
    )
    return _framed(cells + numbers, 40 * len(paragraphs), colours)


def _framed(chart: alt.LayerChart, height: int, colours: dict[str, str]) -> alt.LayerChart:
    framed: alt.LayerChart = (
        chart.properties(height=height, width="container")
        .configure(font=_FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours["ink"], labelFontSize=12)
        .configure_legend(labelColor=colours["ink"], labelFontSize=13)
    )
    return framed

"""The text as it reads: a component in the page itself, so that a click or a selection asks for what is related."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import streamlit as st

from recommender.segment import paragraph_starts
from recommender.types import Article, Span
from recommender.ui.place import Offsets
from recommender.ui.words import Words

_HERE = Path(__file__).parent
_essay = st.components.v2.component(
    "recommender.essay",
    css=(_HERE / "essay.css").read_text("utf-8"),
    js=(_HERE / "essay.js").read_text("utf-8"),
    isolate_styles=False,  # a selection inside a shadow root cannot be read in every browser
)
_KEY = "essay"


def show_essay(
    article: Article,
    about: str,
    picked: Offsets | None,
    marks: Sequence[Span],
    words: Words,
    on_pick: Callable[[Offsets], None],
) -> None:
    """Show an article with ``picked`` selected and ``marks`` highlighted; ``on_pick`` gets what the reader picks."""

    def send() -> None:
        start, end = st.session_state[_KEY]["picked"]
        on_pick((int(start), int(end)))

    _essay(
        key=_KEY,
        data={
            "article": article.id,
            "title": article.title,
            "about": about,
            "lang": "zh-CN" if words.language == "zh" else "en",
            "blocks": blocks(article, picked, marks),
            "labels": {
                "paragraph": words("paragraph_button", n="{n}"),
                "selection": words("selection_button"),
            },
        },
        on_picked_change=send,
    )


def blocks(article: Article, picked: Offsets | None, marks: Iterable[Span]) -> list[dict[str, Any]]:
    """What the component draws: headings and numbered paragraphs, each cut into runs of text of one kind."""
    kinds = [(mark.start, mark.end, "evidence") for mark in marks]
    found: list[dict[str, Any]] = []
    number = 0
    for paragraph, start in zip(article.paragraphs, paragraph_starts(article), strict=True):
        end = start + len(paragraph.text)
        if not paragraph.text.strip():
            continue
        number += paragraph.level == 0
        whole = picked is not None and picked[0] <= start and end <= picked[1]
        chosen = [(*picked, "chosen")] if picked and not whole else []
        found.append(
            {
                "level": paragraph.level,
                "number": str(number),
                "start": start,
                "end": end,
                "selected": picked is not None and start < picked[1] and picked[0] < end,
                "runs": _runs(paragraph.text, start, [*kinds, *chosen]),
            }
        )
    return found


def _runs(text: str, start: int, kinds: Sequence[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """``text``, which begins at ``start``, cut wherever a stretch begins or ends, with the kinds that hold there."""
    inner = {at - start for a, b, _ in kinds for at in (a, b) if start < at < start + len(text)}
    cuts = sorted({0, len(text), *inner})
    return [
        (text[a:b], " ".join(kind for s, e, kind in kinds if s < start + b and start + a < e))
        for a, b in pairwise(cuts)
    ]

"""Which paragraph of an essay each piece serves, and which nothing in the library covers; a click picks one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from recommender import review
from recommender.recommend import Recommender
from recommender.review import Coverage
from recommender.segment import paragraphs
from recommender.types import Article, Passage, Recommendation
from recommender.ui.place import Place, go
from recommender.ui.words import Words, literal

Written = tuple[str | tuple[int, int], ...]
STYLE = Path(__file__).parent / "review.css"


def show(
    recommender: Recommender, article: Article, found: Sequence[Recommendation], place: Place, words: Words
) -> None:
    """The paragraph of each piece that serves one, by its place in the list, and the bare paragraphs.

    Says nothing of an essay of one paragraph: what is related to it is what the list says.
    """
    if len(paragraphs(article)) < 2:
        return
    covered = _coverage(recommender, written(recommender), article, found, [(p.article.id, p.relevance) for p in found])
    st.html(STYLE)
    with st.container(key="coverage", gap="small"):
        _show_served(covered, found, place, words)
        _show_bare(covered, place, words)


@st.cache_data(show_spinner=False, max_entries=64)
def _coverage(
    _recommender: Recommender,
    written: Written,
    article: Article,
    _found: Sequence[Recommendation],
    rows: Sequence[tuple[str, str]],
) -> Coverage:
    """Found once for each essay, list of pieces and state of the library: it takes as long as many a search."""
    return review.coverage(_recommender, article, _found)


def written(recommender: Recommender) -> Written:
    """Changes whenever the library's file is written to: what was made of it is good as long as this is the same."""
    path = Path(recommender.library.name)
    files = [file.stat() for name in ("", "-wal") if (file := path.with_name(path.name + name)).exists()]
    return str(path), *((file.st_mtime_ns, file.st_size) for file in files)


def _show_served(covered: Coverage, found: Sequence[Recommendation], place: Place, words: Words) -> None:
    """A chip for each piece that serves a paragraph, in the order of the list."""
    served = [
        (rank, piece, covered.paragraphs[at])
        for rank, (piece, at) in enumerate(zip(found, covered.serves, strict=True), 1)
        if at is not None
    ]
    if served:
        with _line("serves", words("coverage")):
            for rank, piece, paragraph in served:
                label = words("serves", rank=rank, n=covered.paragraphs.index(paragraph) + 1)
                _show_chip(label, f"serves-{rank}", paragraph, place, literal(piece.article.title))


def _show_bare(covered: Coverage, place: Place, words: Words) -> None:
    """A line of the paragraphs that nothing is related to; no line if there are none."""
    if len(covered.bare) == len(covered.paragraphs):
        st.caption(words("bare_all"))
    elif covered.bare:
        with _line("bare", words("bare")):
            for at in covered.bare:
                _show_chip(words("paragraph_n", n=at + 1), f"bare-{at + 1}", covered.paragraphs[at], place)


def _line(name: str, label: str) -> DeltaGenerator:
    """A line that wraps, with a label before what is put in it."""
    line = st.container(key=f"coverage-{name}", horizontal=True, vertical_alignment="center", gap="xsmall")
    line.caption(label, width="content")
    return line


def _show_chip(label: str, key: str, paragraph: Passage, place: Place, tip: str | None = None) -> None:
    """A button that picks a paragraph."""
    picked = replace(place, at=(paragraph.start, paragraph.end), why="")
    st.button(label, key=key, help=tip, on_click=go, args=(picked,))

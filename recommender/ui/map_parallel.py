"""An essay and one other piece, sentence by sentence: where they run parallel."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from recommender.export.data import BYTE_ORDER_MARK, csv_row
from recommender.grid import MOST_SENTENCES, Parallel, parallel
from recommender.recommend import Recommender
from recommender.types import Article, Evidence, Span
from recommender.ui import map_picked
from recommender.ui.cards import side_by_side
from recommender.ui.charts import Row, parallel_chart
from recommender.ui.place import Asked, Place, go, key_for, put_in_address
from recommender.ui.words import Words, literal

_KEY = "map_parallel"
# The name in the address of the sentence that is picked in the other piece.
_THERE = "there"


@dataclass(frozen=True)
class _Picked:
    """The positions of the sentences that are picked, here and there; None where none is."""

    here: int | None
    there: int | None


def show(recommender: Recommender, asked: Asked, place: Place, limit: int, words: Words) -> None:
    """Draw the sentences as a picture, and beside it the two that are picked."""
    other = _show_choice(recommender, asked, place, limit, words)
    found = _parallel(recommender.library.identity, asked.shown, other, recommender)
    picked = _Picked(_at(found.here, asked.picked), _at(found.there, _offsets(st.query_params.get(_THERE, ""))))
    place = replace(place, why=other.id)
    left, right = st.columns([13, 7], gap="large")
    with left:
        _show_picture(found, picked, place, words)
        _show_counts(found, words)
    with right:
        _show_pair(found, picked, other, words)
        with st.expander(words("by_list")):
            _show_sentences("here", found.here, picked.here, lambda span: _pick_here(place, span), words)
            _show_sentences("there", found.there, picked.there, lambda span: _pick_there(place, span), words)


def show_table(recommender: Recommender, asked: Asked, place: Place, limit: int, words: Words) -> None:
    """For each sentence here the nearest one there."""
    other = _show_choice(recommender, asked, place, limit, words)
    found = _parallel(recommender.library.identity, asked.shown, other, recommender)
    _show_counts(found, words)
    columns = found.scores.argmax(axis=1).tolist() if found.scores.size else []
    rows = [
        {
            words("parallel_here"): f"{i + 1} · {found.here[i].text}",
            words("parallel_there"): f"{j + 1} · {found.there[j].text}",
            words("parallel_cosine"): _cosine(found, i, j, words),
        }
        for i, j in enumerate(columns)
    ]
    if rows:
        st.table(pd.DataFrame(rows).set_index(words("parallel_here")))
        name = f"{words('heat_sentences')}.csv"
        every = "".join(matrix(found))
        st.download_button(words("parallel_csv"), every, name, "text/csv", on_click="ignore", key="parallel_csv")


def matrix(found: Parallel) -> Iterator[str]:
    """All cosines as CSV, a line for each sentence here and a column for each there."""
    yield BYTE_ORDER_MARK + csv_row(["", *(sentence.text for sentence in found.there)])
    for sentence, scores in zip(found.here, found.scores.tolist(), strict=True):
        yield csv_row([sentence.text, *(round(score, 3) for score in scores)])


def _cosine(found: Parallel, i: int, j: int, words: Words) -> str:
    score = f"{found.scores[i, j]:.2f}"
    return words("parallel_mutual", score=score) if (i, j) in found.pairs else score


@st.cache_data(show_spinner=False, max_entries=64)
def _parallel(identity: str, shown: Article, other: Article, _recommender: Recommender) -> Parallel:
    return parallel(_recommender, shown, other)


def _show_choice(recommender: Recommender, asked: Asked, place: Place, limit: int, words: Words) -> Article:
    """The choice of the other piece, the nearest first; also the one that is picked, if it is none of those."""
    pieces = list(recommender.similarities(asked.shown, limit).articles)
    if place.why not in [piece.id for piece in pieces] and (beyond := recommender.article(place.why)):
        pieces.append(beyond)
    other = next((piece for piece in pieces if piece.id == place.why), pieces[0])
    map_picked.show_articles(pieces, replace(place, why=other.id), words)
    return other


def _show_picture(found: Parallel, picked: _Picked, place: Place, words: Words) -> None:
    pairs = set(found.pairs)
    rows: list[Row] = [
        {
            "i": i + 1,
            "j": j + 1,
            "score": round(score, 3),
            "nearest": (i, j) in pairs,
            "picked": (i, j) == (picked.here, picked.there),
        }
        for i, row in enumerate(found.scores.tolist())
        for j, score in enumerate(row)
    ]
    here = [{"i": n, "here": _wrapped(s.text)} for n, s in enumerate(found.here, 1)]
    there = [{"j": n, "there": _wrapped(s.text)} for n, s in enumerate(found.there, 1)]
    axes = (words("parallel_here"), words("parallel_there"))
    theme = "dark" if st.context.theme.type == "dark" else "light"
    chart = parallel_chart(rows, here, there, axes, theme)
    st.altair_chart(chart, key=_KEY, on_select=lambda: _clicked(found, place), selection_mode="pick")


def _wrapped(text: str) -> str:
    """Text for a tooltip: lines of a width that can be read, and no more of them than fit on the page."""
    lines = textwrap.wrap(text, 48 if text.isascii() else 24)
    return "\n".join([*lines[:4], *(["…"] if len(lines) > 4 else [])])


def _show_counts(found: Parallel, words: Words) -> None:
    m, n = len(found.here), len(found.there)
    st.caption(words("parallel_pairs", m=m, n=n, pairs=len(found.pairs)))
    if any(found.left_out):
        here, there = found.left_out
        st.caption(words("parallel_cut", most=MOST_SENTENCES, here=here, there=there))


def _show_pair(found: Parallel, picked: _Picked, other: Article, words: Words) -> None:
    """The two sentences that are picked, with their cosine."""
    st.markdown(f"**{literal(other.title)}**")
    if picked.here is None or picked.there is None:
        st.caption(words("parallel_none"))
        return
    here, there = found.here[picked.here], found.there[picked.there]
    st.html(side_by_side(Evidence(here, there, float(found.scores[picked.here, picked.there])), words))


def _show_sentences(
    side: str, sentences: Sequence[Span], picked: int | None, pick: Callable[[Span], None], words: Words
) -> None:
    """The choice of a sentence, for those who cannot use the picture."""
    key = key_for(f"sentence_{side}", picked)

    def choose() -> None:
        pick(sentences[st.session_state[key]])

    st.selectbox(
        words(f"parallel_{side}"),
        range(len(sentences)),
        picked,
        format_func=lambda at: f"{at + 1} · {sentences[at].text[:30]}",
        placeholder=words("parallel_choose"),
        on_change=choose,
        key=key,
    )


def _clicked(found: Parallel, place: Place) -> None:
    """What a click on a cell picks: a sentence on either side."""
    for pick in st.session_state[_KEY]["selection"]["pick"][-1:]:
        _pick_here(place, found.here[pick["i"] - 1])
        _pick_there(place, found.there[pick["j"] - 1])


def _pick_here(place: Place, span: Span) -> None:
    go(replace(place, at=(span.start, span.end)))


def _pick_there(place: Place, span: Span) -> None:
    put_in_address({"why": place.why, _THERE: f"{span.start}-{span.end}"})


def _offsets(text: str) -> tuple[int, int] | None:
    start, dash, end = text.partition("-")
    return (int(start), int(end)) if dash and start.isdecimal() and end.isdecimal() else None


def _at(sentences: Sequence[Span], picked: tuple[int, int] | None) -> int | None:
    """The position of the sentence that is picked; None if something else is, or nothing."""
    return next((at for at, s in enumerate(sentences) if (s.start, s.end) == picked), None)

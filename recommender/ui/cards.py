"""Recommendations as cards: how related, why, and where to read on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from recommender.explain import Why
from recommender.types import Evidence, Passage, Recommendation, Span
from recommender.ui.because import because, carried_by
from recommender.ui.place import Place, go, open_article
from recommender.ui.words import Words

# How much of a passage stands before and after its best sentence; a card has room for three lines of both.
_BEFORE, _AFTER = 20, 40


def show_card(
    rank: str,
    found: Recommendation,
    place: Place,
    words: Words,
    why: Why,
    show_more: Callable[[], None] = lambda: None,
) -> None:
    """One recommendation at ``place``; its reasons are open if the place says so.

    ``why`` is what carries the match, and ``show_more`` draws what stands beside the buttons, where that is known.
    """
    is_open = place.why == found.article.id
    with st.container(key=f"card-{found.article.id}", border=True, gap="small"):
        st.html(_summary(rank, found, why, words))
        if is_open:
            st.html(reasons(found, why, words))
        with st.container(key=f"tools-{found.article.id}", horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.button(
                words("why_less") if is_open else words("why"),
                key=f"why-{found.article.id}",
                on_click=go,
                args=(replace(place, why="" if is_open else found.article.id),),
            )
            st.button(words("open"), key=f"open-{found.article.id}", on_click=open_article, args=(found.article.id,))
            show_more()


def reasons(found: Recommendation, why: Why, words: Words) -> str:
    """The sentences that match, on both sides, and what carries the match, in HTML."""
    return "".join(side_by_side(pair, words) for pair in found.evidence) + carried_by(why, words)


def quote(found: Recommendation) -> str:
    """The best sentence of the piece, marked, with a little of what stands around it, in HTML."""
    return f'<p class="quote">{_quote(found.passage, found.evidence[0].article)}</p>'


def tags(found: Recommendation, words: Words) -> list[str]:
    """What else is known of a piece: how it is connected with the essay, and that it is but a beginning."""
    known = [words(f"is_{relation}") for relation in found.relations]
    return [*known, words("only_beginning")] if found.article.truncated else known


def _summary(rank: str, found: Recommendation, why: Why, words: Words) -> str:
    return f"""
      <div class="card-head"><span class="rank">{escape(rank)}</span><h3>{escape(found.article.title)}</h3></div>
      {because(why, words)}
      <div class="card-facts">
        {_relatedness(found, why.score, words)}
        {"".join(f'<span class="tag">{escape(tag)}</span>' for tag in tags(found, words))}
      </div>
      {quote(found)}"""


def _relatedness(found: Recommendation, cosine: float, words: Words) -> str:
    """How close a piece is, as a bar, a word and a figure; what the figure is made of is said to those who ask."""
    word, closeness = words(found.relevance), f"{found.closeness:.2f}"
    figures = {"cosine": f"{cosine:.2f}", "words": f"{found.word_score:.0%}"}
    label = escape(words("relatedness", word=word, closeness=closeness, **figures))
    return f"""<span class="related {found.relevance}" role="img" aria-label="{label}" title="{label}">
          <span class="bar"><i style="width:{found.closeness:.0%}"></i></span>
          <b>{escape(word)}</b> <span class="score">{closeness}</span>
        </span>"""


def _quote(passage: Passage, sentence: Span) -> str:
    """The best sentence, marked, with a little of what stands around it."""
    at, end = sentence.start - passage.start, sentence.end - passage.start
    before, after = passage.text[:at], passage.text[end:]
    left = ("…" if len(before) > _BEFORE else "") + before[-_BEFORE:]
    right = after[:_AFTER] + ("…" if len(after) > _AFTER else "")
    return f"{escape(left)}<mark>{escape(sentence.text)}</mark>{escape(right)}"


def side_by_side(pair: Evidence, words: Words) -> str:
    """A sentence here and one there, with their cosine."""
    return f"""
      <div class="pair">
        <b>{escape(words("here"))}</b><span>{escape(pair.query.text)}</span>
        <b>{escape(words("there"))}</b><span>{escape(pair.article.text)}</span>
        <span class="score">{pair.score:.2f}</span>
      </div>"""

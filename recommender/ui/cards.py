"""Recommendations as cards: how related, why, and where to read on."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from recommender.types import Evidence, Passage, Recommendation, Span
from recommender.ui.place import Place, go, open_article
from recommender.ui.words import Words

# How much of a passage stands around its best sentence: about three lines of a card.
_CONTEXT = 40


def show_card(rank: str, found: Recommendation, place: Place, words: Words) -> None:
    """One recommendation at ``place``; its reasons are open if the place says so."""
    is_open = place.why == found.article.id
    with st.container(key=f"card-{found.article.id}", border=True, gap="small"):
        st.html(_summary(rank, found, words))
        if is_open:
            st.html("".join(_pair(pair, words) for pair in found.evidence))
        with st.container(horizontal=True, gap="small"):
            st.button(
                words("why_less") if is_open else words("why"),
                key=f"why-{found.article.id}",
                on_click=go,
                args=(replace(place, why="" if is_open else found.article.id),),
            )
            st.button(words("open"), key=f"open-{found.article.id}", on_click=open_article, args=(found.article.id,))


def _summary(rank: str, found: Recommendation, words: Words) -> str:
    word, score = words(found.relevance), f"{found.score:.2f}"
    tags = [
        words(name)
        for name, holds in (("linked", "linked" in found.relations), ("only_beginning", found.article.truncated))
        if holds
    ]
    label = words("relatedness", word=word, score=score)
    return f"""
      <div class="card-head"><span class="rank">{escape(rank)}</span><h3>{escape(found.article.title)}</h3></div>
      <div class="card-facts">
        <span class="related {found.relevance}" role="img" aria-label="{escape(label)}">
          <span class="bar"><i style="width:{found.closeness:.0%}"></i></span>
          <b>{escape(word)}</b> <span class="score">{score}</span>
        </span>
        {"".join(f'<span class="tag">{escape(tag)}</span>' for tag in tags)}
      </div>
      <p class="quote">{_quote(found.passage, found.evidence[0].article)}</p>"""


def _quote(passage: Passage, sentence: Span) -> str:
    """The best sentence, marked, with a little of what stands around it."""
    at, end = sentence.start - passage.start, sentence.end - passage.start
    before, after = passage.text[:at], passage.text[end:]
    left = ("…" if len(before) > _CONTEXT else "") + before[-_CONTEXT:]
    right = after[:_CONTEXT] + ("…" if len(after) > _CONTEXT else "")
    return f"{escape(left)}<mark>{escape(sentence.text)}</mark>{escape(right)}"


def _pair(pair: Evidence, words: Words) -> str:
    return f"""
      <div class="pair">
        <b>{escape(words("here"))}</b><span>{escape(pair.query.text)}</span>
        <b>{escape(words("there"))}</b><span>{escape(pair.article.text)}</span>
        <span class="score">{pair.score:.2f}</span>
      </div>"""

"""What each sentence gives to a cosine, for any model: what is lost when it is left out and the text is embedded again.

Occlusion as in Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), with sentences for
patches. Unlike the contributions of words, losses do not add up to the score: two sentences that say the same hide each
other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recommender.embed import Encoder, Role, Vectors, unit
from recommender.explain.why import Mark, Why
from recommender.explain.words import form_in
from recommender.search import top_k
from recommender.segment import sentences
from recommender.types import Passage, Span


def sentence_drops(query: Sequence[Passage], passages: Sequence[Passage], encoder: Encoder) -> list[Why]:
    """For each passage, what its cosine with the query loses without each sentence of either, best first.

    The query is all its passages as one, each counting by its length. Nothing is like nothing: without its only
    sentence a text has the cosine 0. All texts are encoded in two calls.
    """
    if not passages:
        return []
    asked, answers = [_without_each(passage) for passage in query], [_without_each(passage) for passage in passages]
    whole, rests = _encoded(query, asked, "query", encoder)
    total = whole.sum(axis=0)
    queries = unit(
        np.array([total, *(total - row + part for row, own in zip(whole, rests, strict=True) for part in own)])
    )
    spans = [span for left_out in asked for span, _ in left_out]
    rows, rests = _encoded(passages, answers, "passage", encoder)
    found = []
    for passage, left_out, row, own in zip(passages, answers, rows, rests, strict=True):
        articles = unit(np.concatenate([row[np.newaxis], own]))
        score, *there = queries @ articles[0]
        here = (articles @ queries[0])[1:]
        titles = len(spans) == len(left_out) == 1
        found.append(
            Why(
                float(score),
                "sentences",
                _marks(spans, score - np.array(there)),
                _marks([span for span, _ in left_out], score - here),
                form=_form(float(score), query[0], passage, encoder) if titles else None,
            )
        )
    return found


def _form(score: float, query: Passage, passage: Passage, encoder: Encoder) -> Mark | None:
    """The words of form that two titles share, with what their cosine loses without them on both sides."""
    there, here = form_in(query.text), form_in(passage.text)
    shared = [word for word in there if word in here]
    if not shared:
        return None
    left = [_without(text, places, shared) for text, places in ((query.text, there), (passage.text, here))]
    rows = np.concatenate([encoder.encode(left[:1], "query"), encoder.encode(left[1:], "passage")])
    rest = float(rows[0] @ rows[1]) if all(left) else 0.0
    places = [place for word in shared for place in there[word]]
    spans = tuple(Span(query.start + a, query.start + b, query.text[a:b]) for a, b in places)
    return Mark(spans, score - rest)


def _without(text: str, places: Mapping[str, Sequence[tuple[int, int]]], words: Sequence[str]) -> str:
    """A text without some words, by their places in it."""
    for start, end in sorted((place for word in words for place in places[word]), reverse=True):
        text = text[:start] + text[end:]
    return text.strip()


def _without_each(passage: Passage) -> list[tuple[Span, str]]:
    """The sentences of a passage, each with what is left without it."""
    return [
        (s, (passage.text[: s.start - passage.start] + passage.text[s.end - passage.start :]).strip())
        for s in sentences(passage)
    ]


def _encoded(
    passages: Sequence[Passage], left_out: Sequence[Sequence[tuple[Span, str]]], role: Role, encoder: Encoder
) -> tuple[Vectors, list[Vectors]]:
    """Rows times lengths: of the passages (p, d), and for each of what is left without its sentences (s, d)."""
    texts = [passage.text for passage in passages] + [rest for own in left_out for _, rest in own]
    rows = encoder.encode(texts, role) * np.array([[len(text)] for text in texts], np.float32)
    whole, *rests = np.split(rows, np.cumsum([len(passages), *map(len, left_out[:-1])]))
    return whole, rests


def _marks(spans: Sequence[Span], drops: Vectors) -> tuple[Mark, ...]:
    order = top_k(drops, len(drops))
    return tuple(Mark((spans[row],), float(drops[row])) for row in order if drops[row] > 0)

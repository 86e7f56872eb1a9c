"""Why a piece is there, in HTML: one sentence, and what the cosine is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from recommender.explain import MAX_PAIRS, Mark, Why
from recommender.explain.summary import sentence, summary
from recommender.ui.words import Words

MOST_WORDS = 8


def because(why: Why, words: Words) -> str:
    """One plain sentence."""
    return f'<p class="because">{escape(sentence(summary(why), words.language))}</p>'


def carried_by(why: Why, words: Words) -> str:
    """The words, or the sentences, that carry the match."""
    content = _words(why, words) if why.method == "words" else _sentences(why, words)
    return f'<h4 class="carried">{escape(words(f"carried_by_{why.method}"))}</h4>{content}'


def _words(why: Why, words: Words) -> str:
    """The pairs of words that give most, all others as one, and their sum.

    Each bar begins where the one above it ends, so that the last one is seen to be their sum. Figures are rounded
    before they are added up, and the rest is what they leave: so they add up, too.
    """
    total = round(why.score, 3)
    given = [round(pair.contribution, 3) for pair in why.pairs[:MOST_WORDS]]
    rest = round(total - sum(given), 3)
    names = [(pair.query[0].text, pair.article[0].text) for pair in why.pairs[:MOST_WORDS]]
    longest = max(0.001, total, sum(given))
    rows, end = [], 0.0
    for (here, there), share in zip(names, given, strict=True):
        rows.append(_row(f"<td>{escape(here)}</td><td>{escape(there)}</td>", end / longest, share / longest, share))
        end += share
    at = max(min(end, total), 0.0)
    rows.append(_row(_wide(words("all_else")), at / longest, abs(end - max(total, 0)) / longest, rest, "rest"))
    rows.append(_row(_wide(words("cosine")), 0, max(total, 0) / longest, total, "sum"))
    heads = "".join(f"<th>{escape(words(name))}</th>" for name in ("here", "there"))
    return f'<table class="shares"><tr>{heads}<th></th><th></th></tr>{"".join(rows)}</table>'


def _wide(text: str) -> str:
    return f'<td colspan="2">{escape(text)}</td>'


def _row(names: str, start: float, width: float, share: float, kind: str = "") -> str:
    """A row of the table. ``start`` and ``width`` are parts of the longest bar."""
    bar = f'<i style="margin-left:{start:.1%};width:{width:.1%}"></i>'
    return f'<tr class="{kind}">{names}<td class="share">{bar}</td><td class="score">{_figure(share)}</td></tr>'


def _figure(share: float) -> str:
    return f"{share:.3f}".replace("-", "−")


def _sentences(why: Why, words: Words) -> str:
    return "".join(_side(why.query, words("here"))) + "".join(_side(why.article, words("there")))


def _side(marks: Sequence[Mark], name: str) -> Iterator[str]:
    for mark in marks[:MAX_PAIRS]:
        text, drop = escape(mark.spans[0].text), _figure(-mark.contribution)
        yield f'<div class="pair"><b>{escape(name)}</b><span>{text}</span><span class="score">{drop}</span></div>'

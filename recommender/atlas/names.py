"""The words of articles, group by group -> a name for each group: class-based TF-IDF (Grootendorst, 2022)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.atlas.stop_words import stop_words
from recommender.terms import folded

# Of each article, its words as they are written, as often as they stand there.
Group = Sequence[Sequence[str]]

# The most words of a name.
WORDS = 4
_SHORTEST = 3  # of words of letters; Chinese ones have two characters and more
_LONGEST = 20
# What fewer articles of a group have is no name for it, unless it has no more.
_LEAST = 2


def names(groups: Sequence[Group]) -> list[tuple[str, ...]]:
    """A name of up to ``WORDS`` words for each of sibling groups, the weightiest first; none has a word of another.

    A word weighs in a group what it weighs in one of its articles, the logarithm of how often it is there, times the
    logarithm of how much more that is than in the siblings. Words are compared folded and given as most articles write
    them. A group whose articles have no words of their own has an empty name.
    """
    counted = [_counted(group) for group in groups]
    forms = sorted({form for weights in counted for form in weights})
    weights = np.array([[found.get(form, 0.0) for form in forms] for found in counted]).reshape(len(groups), len(forms))
    chosen: list[list[str]] = [[] for _ in groups]
    for group, form in _ranked(weights, forms):
        taken = chosen[group]
        # A word within another, or around it, says nothing new.
        is_new = not any(form in other or other in form for other in taken)
        if len(taken) < WORDS and is_new and not any(form in others for others in chosen):
            taken.append(form)
    written = _spellings(groups)
    return [tuple(written[form] for form in forms) for forms in chosen]


def _ranked(weights: NDArray[np.float64], forms: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Groups and words (g, w), the weightiest first. A group without siblings goes by what its words weigh alone."""
    means = weights.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.where(weights > 0, np.log(weights / means), 0)
    values = weights * more if len(weights) > 1 else weights
    for at in np.argsort(-values, axis=None, kind="stable").tolist():
        group, word = divmod(at, len(forms))
        if values[group, word] <= 0:
            return
        yield group, forms[word]


def _counted(group: Group) -> dict[str, float]:
    """What each word of a group weighs in one of its articles, on average."""
    articles = [Counter(map(_form, words)) for words in group]
    having = Counter(form for article in articles for form in article)
    weights: defaultdict[str, float] = defaultdict(float)
    for article in articles:
        for form, times in article.items():
            if having[form] >= min(_LEAST, len(articles)) and _is_name(form):
                weights[form] += float(np.log1p(times)) / len(articles)
    return weights


def _spellings(groups: Sequence[Group]) -> dict[str, str]:
    """The most frequent way in which each word is written."""
    times = Counter(word for group in groups for article in group for word in article)
    return {_form(word): word for word, _ in sorted(times.items(), key=lambda pair: (pair[1], pair[0]))}


@lru_cache(100_000)
def _form(word: str) -> str:
    return folded(word)


def _is_name(form: str) -> bool:
    if form in stop_words() or not form.isalpha() or len(form) > _LONGEST:
        return False
    return len(form) >= _SHORTEST or not form.isascii()

"""The themes of a map with their names, their sizes, and where their labels stand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np

from recommender.atlas import NONE, Labels, Numbers, Places, Theme
from recommender.atlas.names import Group, names

# How many articles of each theme are read to name it.
_READ = 60


def described(xy: Places, broad: Labels, fine: Labels, said: Callable[[Numbers], Group]) -> tuple[Theme, ...]:
    """The themes of n points with these places (n, 2), broad and fine themes (n,), in order of number.

    ``said`` gives the words of the articles in some rows. A theme is named by the words that tell it from the others of
    its kind; a broad one that has parts by what these say.
    """
    parents = {part: int(broad[fine == part][0]) for part in _numbers(fine)}
    texts = {part: said(_sample(fine == part)) for part in parents}
    for number in _numbers(broad):
        parts = [texts[part] for part, parent in parents.items() if parent == number]
        texts[number] = list(chain.from_iterable(parts)) if parts else said(_sample(broad == number))
    parents |= dict.fromkeys(_numbers(broad), NONE)
    named: dict[int, tuple[str, ...]] = {}
    for parent in set(parents.values()):
        siblings = [number for number, of in parents.items() if of == parent]
        named |= zip(siblings, names([texts[number] for number in siblings]), strict=True)
    return tuple(
        _theme(number, parents[number], named[number], xy[(broad == number) | (fine == number)])
        for number in sorted(parents)
    )


def _numbers(labels: Labels) -> list[int]:
    return [int(number) for number in np.unique(labels[labels != NONE])]


def _sample(own: Labels) -> Numbers:
    """Rows of the points that are among these (n,), evenly taken if they are many."""
    rows = np.flatnonzero(own)
    return rows[:: max(1, len(rows) // _READ)][:_READ]


def _theme(number: int, parent: int, words: tuple[str, ...], xy: Places) -> Theme:
    """A theme whose points have these places (m, 2): its label stands at the one in the middle."""
    x, y = xy[np.linalg.norm(xy - np.median(xy, axis=0), axis=1).argmin()].tolist()
    return Theme(number, parent, words, len(xy), x, y)

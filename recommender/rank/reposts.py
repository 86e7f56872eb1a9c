"""Texts -> which of them are reposts of one another, by the words that they share, in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.search import Rows
from recommender.shingles import SKETCHED, Hashes, Shingles

# Chosen, unless it is said, on the first, third, ... of the 23 sources of the training corpus in order of name, with
# planted edits. python -m benchmarks.reposts prints what they reach on the other sources.
LEAST = 0.6
# A text that is MUCH shorter than another is told by fewer runs, and chance finds more of them in the longer one: an
# abstract must share more. Raised when the openings of government reports, one of the other sources, all agreed.
MUCH, LEAST_OF_PART = 3, 0.7
# Pages of a reference in letters are written alike: with 0.6, on seealso_en_cpp (dev), twice as many share a row.
LEAST_OF_LETTERS = 0.75
# A smaller set counts as this large, unless the other is small, too: a line that many texts quote is no repost of them.
SHORT = 40
# Daily briefs, court records and references are made from templates: they share their words, and differ in numbers and
# names. Texts run side by side where PARALLEL of the WINDOW runs before or after a word are shared. AGREEING of the
# numbers with such runs before and after them must be shared, and all words in letters that stand beside such runs
# REPEATED times; the last was chosen on the dev set seealso_en_cpp.
WINDOW, PARALLEL = 16, 0.3
AGREEING, FEWEST_NUMBERS = 0.6, 3
REPEATED = 3

# Pairs are worth a close look if their sketches share what they must, less so many standard deviations of what chance
# leaves in a sample, or are too small to tell.
_DEVIATIONS = 3
_FEW = 10


def leaders(
    sketches: Sequence[Hashes], shingles_of: Callable[[int], Shingles], apart: Collection[tuple[int, int]] = ()
) -> Rows:
    """For each of n texts the row (n,) of the first text of its group: its own, if it repeats none above it.

    ``sketches`` are those of the texts, in order of rank, and ``shingles_of`` gives all shingles of a row, for which it
    is asked seldom. Reposts are the same text but for light edits, sentences that were added, left out or put
    elsewhere, Traditional or Simplified characters; and a part of a text, its abstract or an excerpt. A text joins the
    group whose first text it repeats most; that it repeats another of the group is not enough. ``apart`` are pairs of
    rows that must not be in one group. Empty texts repeat nothing.

    Raises ValueError for a pair of rows that are not there.
    """
    if any(not 0 <= row < len(sketches) for pair in apart for row in pair):
        raise ValueError(f"apart holds pairs of rows below {len(sketches)}, got {sorted(apart)}")
    split = np.zeros((len(sketches), len(sketches)), bool)
    for one, other in apart:
        split[one, other] = split[other, one] = True
    worth = np.tril(_worth_a_look(sketches), -1)
    found = np.arange(len(sketches))
    for row in np.flatnonzero(worth.any(axis=1)).tolist():
        firsts = [
            at for at in np.flatnonzero(worth[row]).tolist() if found[at] == at and not split[row, found == at].any()
        ]
        shares = [_repeated(shingles_of(row), shingles_of(at)) for at in firsts]
        if max(shares, default=0) >= 1:
            found[row] = firsts[int(np.argmax(shares))]
    return found


def _worth_a_look(sketches: Sequence[Hashes]) -> NDArray[np.bool_]:
    """Which pairs (n, n) of texts may share enough: two sketches are compared as far as both go.

    What one has up to there is a fair sample of its text (Bar-Yossef et al. 2002, Counting distinct elements in a data
    stream, whose k minimum values also tell how large the text is).
    """
    ends = np.array([own[-1] if len(own) == SKETCHED else np.iinfo(np.uint32).max for own in sketches], np.uint32)
    sizes = np.array([len(own) for own in sketches]) / ((ends + 1.0) / 2**32)
    owners = np.repeat(np.arange(len(sketches)), [len(own) for own in sketches])
    _, columns = np.unique(np.concatenate([np.empty(0, np.uint32), *sketches]), return_inverse=True)
    has = csr_array((np.ones(len(owners), np.int32), (owners, columns)), shape=(len(sketches), len(owners)))
    compared = np.array(
        [np.searchsorted(own, np.minimum(ends, end), "right") for own, end in zip(sketches, ends, strict=True)]
    )
    compared = compared.reshape(len(sketches), len(sketches))
    small = np.where(sizes[:, np.newaxis] <= sizes, compared, compared.T)  # of the smaller of two texts
    spread = np.sqrt(small * LEAST * (1 - LEAST))
    likely = (has @ has.T).toarray() >= LEAST * small - _DEVIATIONS * spread
    least = np.minimum.outer(sizes, sizes)
    worth: NDArray[np.bool_] = (likely | (small < _FEW)) & (least >= 1)
    return worth & (least >= LEAST * _counted(least, np.maximum.outer(sizes, sizes)))


def _counted(small: NDArray[np.float64], large: NDArray[np.float64]) -> NDArray[np.float64]:
    """As how large the smaller of two texts counts."""
    return np.minimum(np.maximum(small, SHORT), large)


def _repeated(one: Shingles, other: Shingles) -> float:
    """How many runs two texts share, of those needed: 1 or more for a repost, 0 if numbers or names deny it."""
    small, large = sorted((one, other), key=lambda own: len(own.distinct))
    if not len(small.distinct):
        return 0.0
    shared = np.isin(small.distinct, large.distinct, assume_unique=True).sum()
    counted = _counted(*(np.array(len(own.distinct), np.float64) for own in (small, large)))
    repeated = float(shared / (_least(small, large) * counted))
    return repeated if repeated < 1 or _tells_the_same(small, large) else 0.0


def _least(small: Shingles, large: Shingles) -> float:
    """The share of its runs that the smaller of two texts must share."""
    whole = LEAST_OF_LETTERS if small.in_letters or large.in_letters else LEAST
    return max(whole, LEAST_OF_PART) if len(large.distinct) > MUCH * len(small.distinct) else whole


def _tells_the_same(small: Shingles, large: Shingles) -> bool:
    """Whether the numbers and repeated names in what two texts share stand in both.

    The date and the visitors in the foot of a page are beside what one text has alone: no reason to doubt.
    """
    hits = np.cumsum([0, *np.isin(small.runs, large.distinct)])
    places = np.arange(len(small.runs))
    before = hits[places] - hits[np.maximum(places - WINDOW, 0)]
    after = hits[np.minimum(places + WINDOW, len(places))] - hits[places]
    within, beside = (side(before, after) >= PARALLEL * WINDOW for side in (np.minimum, np.maximum))
    names, counts = np.unique(small.names[beside & (small.names > 0)], return_counts=True)
    if (counts[~np.isin(names, large.names)] >= REPEATED).any():
        return False
    numbers = np.unique(small.numbers[within & (small.numbers > 0)])
    return len(numbers) < FEWEST_NUMBERS or bool(np.isin(numbers, large.numbers).mean() >= AGREEING)

"""Texts -> which of them are reposts of one another, by the words that they share, in whatever order.

A text is the set of its runs of three words (shingles; a Chinese character is a word). The share of the smaller set
that stands in the larger one (containment; Broder 1997, On the resemblance and containment of documents) is near 1 for
an abstract and its full text, too, where the share of the union is near 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.search import Rows
from recommender.terms import folded

Hashes = NDArray[np.uint32]

# Chosen, unless it is said, on the first, third, ... of the 23 sources of the training corpus in order of name, with
# planted edits. python -m benchmarks.reposts prints what they reach on the other sources.
RUN = 3
LEAST = 0.6
# A text that is MUCH shorter than another is told by fewer runs, and chance finds more of them in the longer one: an
# abstract must share more. Raised when the openings of government reports, one of the other sources, all agreed.
MUCH, LEAST_OF_PART = 3, 0.7
# A smaller set counts as this large, unless the other is small, too: a line that many texts quote is no repost of them.
SHORT = 40
# Daily briefs and court records are made from templates: they share their words, and differ in their numbers. Of the
# numbers with PARALLEL of the WINDOW runs before them shared, and of those after them, AGREEING must be shared.
WINDOW, PARALLEL = 16, 0.3
AGREEING, FEWEST_NUMBERS = 0.6, 3

# Of a book only the beginning counts, which is where its abstracts come from; so the cache holds 100 MB at the most.
LONGEST = 30_000
_CACHED = 256
# Pairs are worth a close look if they share _WORTH of what they must in a sample of all hashes, or have fewer than _FEW
# in it. It has about _SAMPLED hashes, which takes half a millisecond, but is no smaller or larger share than _SHARES.
_WORTH = 1 / 3
_FEW = 10
_SAMPLED, _SHARES = 15_000, (0.25, 1.0)

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
# Longer words are told apart by their beginnings alone, which for runs of three is enough.
_LETTERS = 8
_ZERO, _NINE = ord("0"), ord("9")
# Multilinear hashing (Lemire and Kaser 2014, Strongly universal string hashing is fast): the high half of a sum of
# random multiples, modulo 2**64. Hashes of equal texts are equal in every process, so that results are, too.
_MULTIPLES = np.random.default_rng(1997).integers(2**64, size=_LETTERS + 1, dtype=np.uint64)

_NONE = np.empty(0, np.uint32)


@dataclass(frozen=True)
class _Print:
    """The fingerprint of a text: its m runs in order, the same sorted and without doubles, and the numbers in it.

    ``numbers`` (m,) has the hash of the word that each run begins with if that is a number, else 0.
    """

    runs: Hashes
    distinct: Hashes
    numbers: Hashes


def leaders(bodies: Sequence[str], apart: Collection[tuple[int, int]] = ()) -> Rows:
    """For each of n texts the row (n,) of the first text of its group: its own, if it repeats none above it.

    ``bodies`` are in order of rank. Reposts are the same text but for light edits, sentences that were added, left out
    or put elsewhere, Traditional or Simplified characters; and a part of a text, its abstract or an excerpt. A text
    joins the group whose first text it repeats most; that it repeats another of the group is not enough. ``apart`` are
    pairs of rows that must not be in one group. Empty texts repeat nothing.

    Raises ValueError for a pair of rows that are not there.
    """
    if any(not 0 <= row < len(bodies) for pair in apart for row in pair):
        raise ValueError(f"apart holds pairs of rows below {len(bodies)}, got {sorted(apart)}")
    prints = [_print(body[:LONGEST]) for body in bodies]
    split = np.zeros((len(bodies), len(bodies)), bool)
    for one, other in apart:
        split[one, other] = split[other, one] = True
    worth = np.tril(_worth_a_look([own.distinct for own in prints]), -1)
    found = np.arange(len(bodies))
    for row in np.flatnonzero(worth.any(axis=1)):
        firsts = [at for at in np.flatnonzero(worth[row]) if found[at] == at and not split[row, found == at].any()]
        shares = [_repeated(prints[row], prints[at]) for at in firsts]
        if max(shares, default=0) >= 1:
            found[row] = firsts[int(np.argmax(shares))]
    return found


def _worth_a_look(hashes: Sequence[Hashes]) -> NDArray[np.bool_]:
    """Which pairs (n, n) of texts may share enough, by those of each text's sorted hashes that lie below a limit."""
    sizes = np.array([len(own) for own in hashes], np.intp)
    share = float(np.clip(_SAMPLED / max(sizes.sum(), 1), *_SHARES))
    samples = [own[: np.searchsorted(own, np.uint32(share * (2**32 - 1)), "right")] for own in hashes]
    owners = np.repeat(np.arange(len(sizes)), [len(sample) for sample in samples])
    _, columns = np.unique(np.concatenate([_NONE, *samples]), return_inverse=True)
    has = csr_array((np.ones(len(owners), np.int32), (owners, columns)), shape=(len(sizes), len(owners)))
    needed = _needed(sizes[:, np.newaxis], sizes)
    likely = (has @ has.T).toarray() >= _WORTH * share * needed
    small = np.minimum.outer(sizes, sizes)
    worth: NDArray[np.bool_] = (likely | (small * share < _FEW)) & (small >= np.maximum(needed, 1))
    return worth


def _repeated(one: _Print, other: _Print) -> float:
    """How many runs two texts share, of those needed: 1 or more for a repost, 0 if their numbers deny it."""
    small, large = sorted((one, other), key=lambda own: len(own.distinct))
    shared = np.isin(small.distinct, large.distinct, assume_unique=True).sum()
    repeated = float(shared / _needed(np.array(len(small.distinct)), np.array(len(large.distinct))))
    return repeated if repeated < 1 or _numbers_agree(small, large) else 0.0


def _needed(one: Rows, other: Rows) -> NDArray[np.float64]:
    """How many runs texts of two sizes must share."""
    small, large = np.minimum(one, other), np.maximum(one, other)
    counted = np.minimum(np.maximum(small, SHORT), large)
    return np.where(large > MUCH * small, LEAST_OF_PART, LEAST) * counted


def _numbers_agree(small: _Print, large: _Print) -> bool:
    """Whether the numbers in what the texts share stand in both; too few of them say nothing.

    The date and the visitors in the foot of a page are beside what one text has alone: no reason to doubt.
    """
    hits = np.cumsum([0, *np.isin(small.runs, large.distinct)])
    places = np.flatnonzero(small.numbers)
    before = hits[places] - hits[np.maximum(places - WINDOW, 0)]
    after = hits[np.minimum(places + WINDOW, len(small.runs))] - hits[places]
    numbers = np.unique(small.numbers[places[np.minimum(before, after) >= PARALLEL * WINDOW]])
    return len(numbers) < FEWEST_NUMBERS or bool(np.isin(numbers, large.numbers).mean() >= AGREEING)


@lru_cache(_CACHED)
def _print(body: str) -> _Print:
    words = _WORD.findall(folded(body))
    if not words:
        return _Print(_NONE, _NONE, _NONE)
    # A text of fewer words than a run has is one run, filled up with empty words.
    words += [""] * (RUN - len(words))
    letters = np.array(words, f"U{_LETTERS}").view(np.uint32).reshape(len(words), _LETTERS)
    hashes = _hashed(letters)
    runs = _hashed(np.lib.stride_tricks.sliding_window_view(hashes, RUN))
    is_number = (letters[:, 0] >= _ZERO) & (letters[:, 0] <= _NINE)
    return _Print(runs, np.unique(runs), np.where(is_number, hashes, np.uint32(0))[: len(runs)])


def _hashed(rows: Hashes) -> Hashes:
    """A hash (n,) of each row of an (n, w) array."""
    sums: NDArray[np.uint64] = (rows * _MULTIPLES[: rows.shape[1]]).sum(axis=1) + _MULTIPLES[-1]
    return (sums >> np.uint64(32)).astype(np.uint32)

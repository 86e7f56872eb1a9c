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
from zlib import crc32

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

# Of a book only the beginning counts, which is where its abstracts come from; so the cache holds 160 MB at the most.
LONGEST = 30_000
_CACHED = 256
# Pairs are worth a close look if they share _WORTH of what they must in a sample of all hashes, or have fewer than _FEW
# in it. It has about _SAMPLED hashes, which takes half a millisecond, but is no smaller or larger share than _SHARES.
_WORTH = 1 / 3
_FEW = 10
_SAMPLED, _SHARES = 15_000, (0.25, 1.0)

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
# Multilinear hashing (Lemire and Kaser 2014, Strongly universal string hashing is fast): the high half of a sum of
# random multiples, modulo 2**64. Hashes of equal texts are equal in every process, so that results are, too.
_MULTIPLES = np.random.default_rng(1997).integers(2**64, size=RUN + 1, dtype=np.uint64)

_NONE = np.empty(0, np.uint32)


@dataclass(frozen=True)
class _Print:
    """The fingerprint of a text: its m runs in order, the same sorted and without doubles, and what it tells of.

    ``least`` is the share of its runs that a repost of it has. ``numbers`` and ``names`` (m,) have the hash of the word
    that each run begins with, if that is a number or a word of letters from a to z, else 0.
    """

    runs: Hashes
    distinct: Hashes
    numbers: Hashes
    names: Hashes
    least: float


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
    worth = np.tril(_worth_a_look(prints), -1)
    found = np.arange(len(bodies))
    for row in np.flatnonzero(worth.any(axis=1)):
        firsts = [at for at in np.flatnonzero(worth[row]) if found[at] == at and not split[row, found == at].any()]
        shares = [_repeated(prints[row], prints[at]) for at in firsts]
        if max(shares, default=0) >= 1:
            found[row] = firsts[int(np.argmax(shares))]
    return found


def _worth_a_look(prints: Sequence[_Print]) -> NDArray[np.bool_]:
    """Which pairs (n, n) of texts may share enough, by those of each text's sorted hashes that lie below a limit."""
    hashes = [own.distinct for own in prints]
    sizes, least = np.array([len(own) for own in hashes], np.intp), np.array([own.least for own in prints])
    share = float(np.clip(_SAMPLED / max(sizes.sum(), 1), *_SHARES))
    samples = [own[: np.searchsorted(own, np.uint32(share * (2**32 - 1)), "right")] for own in hashes]
    owners = np.repeat(np.arange(len(sizes)), [len(sample) for sample in samples])
    _, columns = np.unique(np.concatenate([_NONE, *samples]), return_inverse=True)
    has = csr_array((np.ones(len(owners), np.int32), (owners, columns)), shape=(len(sizes), len(owners)))
    needed = _needed(sizes[:, np.newaxis], sizes, np.maximum.outer(least, least))
    likely = (has @ has.T).toarray() >= _WORTH * share * needed
    small = np.minimum.outer(sizes, sizes)
    worth: NDArray[np.bool_] = (likely | (small * share < _FEW)) & (small >= np.maximum(needed, 1))
    return worth


def _repeated(one: _Print, other: _Print) -> float:
    """How many runs two texts share, of those needed: 1 or more for a repost, 0 if numbers or names deny it."""
    small, large = sorted((one, other), key=lambda own: len(own.distinct))
    shared = np.isin(small.distinct, large.distinct, assume_unique=True).sum()
    least = np.array(max(small.least, large.least))
    repeated = float(shared / _needed(np.array(len(small.distinct)), np.array(len(large.distinct)), least))
    return repeated if repeated < 1 or _tells_the_same(small, large) else 0.0


def _needed(one: Rows, other: Rows, least: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many runs texts of two sizes must share, which is at least so large a share of the smaller size."""
    small, large = np.minimum(one, other), np.maximum(one, other)
    counted = np.minimum(np.maximum(small, SHORT), large)
    return np.where(large > MUCH * small, np.maximum(least, LEAST_OF_PART), least) * counted


def _tells_the_same(small: _Print, large: _Print) -> bool:
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


@lru_cache(_CACHED)
def _print(body: str) -> _Print:
    words = _WORD.findall(folded(body))
    if not words:
        return _Print(_NONE, _NONE, _NONE, _NONE, LEAST)
    # A text of fewer words than a run has is one run, filled up with empty words.
    words += [""] * (RUN - len(words))
    codes = {word: crc32(word.encode()) for word in set(words)}
    numbers = {word: code for word, code in codes.items() if word[:1].isdigit()}
    names = {word: code for word, code in codes.items() if word.isascii() and word.isalpha()}
    hashes, number, name = (
        np.array([kind.get(word, 0) for word in words], np.uint32) for kind in (codes, numbers, names)
    )
    sums: NDArray[np.uint64] = (np.lib.stride_tricks.sliding_window_view(hashes, RUN) * _MULTIPLES[:RUN]).sum(axis=1)
    runs = ((sums + _MULTIPLES[RUN]) >> np.uint64(32)).astype(np.uint32)
    least = LEAST_OF_LETTERS if np.count_nonzero(name) > len(words) / 2 else LEAST
    return _Print(runs, np.unique(runs), number[: len(runs)], name[: len(runs)], least)

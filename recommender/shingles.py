"""Texts -> what near-duplicates share: their runs of three words, as numbers.

A text is the set of its runs of three words (shingles; a Chinese character is a word). The share of the smaller set
that stands in the larger one (containment; Broder 1997, On the resemblance and containment of documents) is near 1 for
an abstract and its full text, too, where the share of the union is near 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.terms import folded

Hashes = NDArray[np.uint32]

# Chosen, with the constants of rank/reposts.py, by python -m benchmarks.reposts.
RUN = 3
# Of a book only the beginning counts, which is where its abstracts come from.
LONGEST = 30_000
# A sketch is the lowest hashes of a text's runs, as many as this: of 5,000 runs a fifth, 4 KB.
SKETCHED = 1_024

# Multilinear hashing (Lemire and Kaser 2014, Strongly universal string hashing is fast): the high half of a sum of
# random multiples, modulo 2**64. Hashes of equal texts are equal in every process, so that they can be kept.
_MULTIPLES = np.random.default_rng(1997).integers(2**64, size=64, dtype=np.uint64)
_HIGH = np.uint64(32)
_NONE = np.empty(0, np.uint32)
_OTHER, _LETTER, _FIGURE, _ALPHABET, _HAN = range(5)  # a letter of the alphabet from a to z is told from other letters


@dataclass(frozen=True)
class Shingles:
    """The runs of a text: all m in order, the same sorted and without doubles, and what they tell of.

    ``numbers`` and ``names`` (m,) have the hash of the word that each run begins with, if that is a number or a word of
    letters from a to z, else 0. ``in_letters`` says that such words are more than half of the text.
    """

    runs: Hashes
    distinct: Hashes
    numbers: Hashes
    names: Hashes
    in_letters: bool


def shingles(text: str) -> Shingles:
    """The runs of a text, or of its first ``LONGEST`` characters, whatever their case, width and kind of Chinese."""
    codes, kinds = _characters(folded(text[:LONGEST]))
    if not len(codes):
        return Shingles(_NONE, _NONE, _NONE, _NONE, False)
    starts = _word_starts(codes, kinds)
    codes, kinds = codes[kinds != _OTHER], kinds[kinds != _OTHER]
    words = _hashes(codes, starts)
    numbers = np.where(kinds[starts] == _FIGURE, words, 0)
    names = np.where(np.logical_and.reduceat(kinds == _ALPHABET, starts), words, 0)
    # A text of fewer words than a run has is one run, filled up with empty words.
    filled = np.concatenate([words, np.zeros(max(RUN - len(words), 0), np.uint32)])
    sums = np.lib.stride_tricks.sliding_window_view(filled, RUN) @ _MULTIPLES[:RUN]
    runs = (sums >> _HIGH).astype(np.uint32)
    in_letters = bool(np.count_nonzero(names) > len(words) / 2)
    return Shingles(runs, np.unique(runs), numbers[: len(runs)], names[: len(runs)], in_letters)


def sketch(found: Shingles) -> Hashes:
    """The lowest hashes (at most ``SKETCHED``) of a text's runs, rising."""
    return found.distinct[:SKETCHED]


def _characters(form: str) -> tuple[NDArray[np.uint32], NDArray[np.int8]]:
    """The code points of a text, and the kind of each."""
    codes = np.frombuffer(form.encode("utf-32-le", "surrogatepass"), "<u4")
    different, places = np.unique(codes, return_inverse=True)
    return codes, np.array([_kind(chr(code)) for code in different.tolist()], np.int8)[places]


@lru_cache(20_000)
def _kind(character: str) -> int:
    if "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff":
        return _HAN
    if character.isdigit():
        return _FIGURE
    if character.isalnum():
        return _ALPHABET if character.isascii() else _LETTER
    return _OTHER


def _word_starts(codes: NDArray[np.uint32], kinds: NDArray[np.int8]) -> NDArray[np.intp]:
    """Where words begin among the characters that are in words."""
    inside = kinds != _OTHER
    goes_on = inside & (kinds != _HAN)
    begins = inside.copy()
    begins[1:] &= ~(goes_on[1:] & goes_on[:-1])
    return np.flatnonzero(begins[inside])


def _hashes(codes: NDArray[np.uint32], starts: NDArray[np.intp]) -> Hashes:
    """The hash of each word, never 0; of one that has more than some dozens of characters, of those."""
    lengths = np.diff(starts, append=len(codes))
    places = np.arange(len(codes)) - np.repeat(starts, lengths)
    terms = np.where(places < len(_MULTIPLES) - 1, codes * _MULTIPLES[1:][np.minimum(places, len(_MULTIPLES) - 2)], 0)
    sums = np.add.reduceat(terms + (places == 0) * _MULTIPLES[0], starts)
    return np.maximum((sums >> _HIGH).astype(np.uint32), 1)

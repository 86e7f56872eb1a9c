"""The parts of the pieces: their characters' n-grams, whose vectors are learned with those of the pieces.

The vector of a piece is its own plus those of its parts (Bojanowski et al. 2017, fastText): what is learned of 矫正
helps 矫治, and of one form of a word the others. As the pieces are known beforehand, the sums are made once when all is
learned, and the model that is packed is a plain table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags
from tokenizers import Tokenizer

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002a6df]")
# A Chinese character means something; of letters it takes more. As in fastText, "<" and ">" are the ends of a word.
_CHINESE, _LETTERS = (1, 2), (3, 4, 5, 6)


def pieces_of(tokenizer: Tokenizer) -> list[str]:
    """The pieces of a tokenizer in the order of their numbers."""
    return [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]


def parts(pieces: Sequence[str]) -> csr_matrix:
    """Which parts each piece has: (pieces, parts), each row of unit length, or of zeros for a piece that shares none.

    Only parts that at least two pieces have are kept: what a piece has alone is its own.
    """
    found = [_ngrams(piece) for piece in pieces]
    counts = Counter(part for of_piece in found for part in of_piece)
    number = {part: i for i, part in enumerate(part for part, count in counts.items() if count > 1)}
    columns = [sorted(number[part] for part in of_piece if part in number) for of_piece in found]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((column for row in columns for column in row), np.int64)
    lengths = np.maximum(np.diff(ends), 1)
    matrix = csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=(len(pieces), len(number)))
    return csr_matrix(diags((1 / np.sqrt(lengths)).astype(np.float32)) @ matrix)


def _ngrams(piece: str) -> set[str]:
    word, sizes = (piece, _CHINESE) if _HAN.search(piece) else (f"<{piece}>", _LETTERS)
    return {word[at : at + size] for size in sizes for at in range(len(word) - size + 1)}

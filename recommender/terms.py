"""Texts -> the terms that word search knows them by, whatever the model of a library: no second segmenter is needed.

Terms are the pieces of the embedded model's tokenizer, of which most are words, and what those lose: numbers, which the
model does not read, words of letters that are cut into several pieces, and pairs of neighbours, which is what rare
Chinese names and the numbers of documents are cut into. Traditional and Simplified Chinese, upper and lower case, full
and half width give the same terms.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

TOKENIZER = Path(__file__).parent / "model" / "tokenizer.json"
# Between the two of a pair; no piece has it, as the tokenizer cuts there.
JOINT = "·"

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
# Kinds of pieces. Numbers, and characters that stand for themselves, are known by their neighbours.
_WORD, _CHARACTER, _LETTERS, _NUMBER = range(4)


def folded(text: str) -> str:
    """A text in the one form in which texts are compared: half width, lower case, Simplified characters."""
    form: str = _tokenizer().normalizer.normalize_str(text)
    return form


def terms(texts: Sequence[str]) -> list[list[str]]:
    """The terms of each text, as often as they stand there: pieces and numbers in order, pairs, then whole words."""
    return [
        [*cut.pieces, *_pairs(cut), *_whole_words(form, cut)]
        for form, cut in ((form, _cut(form, encoding)) for form, encoding in _encoded(texts))
    ]


def pieces(texts: Sequence[str]) -> list[list[str]]:
    """The pieces and numbers of each text in the order in which they stand, with which its terms begin."""
    return [_cut(form, encoding).pieces for form, encoding in _encoded(texts)]


def words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text as they are written there, Chinese ones first: what a person would call a word.

    Those are the Chinese pieces of two characters and more, and words of letters, whole. Numbers are none.
    """
    cuts = zip(texts, _tokenizer().encode_batch(texts, add_special_tokens=False), strict=True)
    return [list(_written(text, encoding)) for text, encoding in cuts]


@cache
def revision() -> str:
    """A word that changes whenever terms, or shingles, may: 16 hex digits of a hash of the tokenizer and the code."""
    files = (TOKENIZER, Path(__file__), Path(__file__).with_name("shingles.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    return digest.hexdigest()[:16]


class _Cut(NamedTuple):
    """A text cut into m pieces, with their kinds (m,), and where they begin and end in the folded text (m, 2)."""

    pieces: list[str]
    kinds: NDArray[np.int8]
    spans: NDArray[np.intp]


def _encoded(texts: Sequence[str]) -> Iterator[tuple[str, Encoding]]:
    forms = [folded(text) for text in texts]
    return zip(forms, _tokenizer().encode_batch(forms, add_special_tokens=False), strict=True)


def _cut(form: str, encoding: Encoding) -> _Cut:
    """The pieces of a folded text; the numbers are taken from the text, as the tokenizer cuts some and drops others."""
    kinds = _kinds()[np.array(encoding.ids, np.intp)]
    read = kinds != _NUMBER
    numbers = np.array([found.span() for found in _DIGITS.finditer(form)], np.intp).reshape(-1, 2)
    spans = np.concatenate([np.array(encoding.offsets, np.intp).reshape(-1, 2)[read], numbers])
    kinds = np.concatenate([kinds[read], np.full(len(numbers), _NUMBER, np.int8)])
    order = np.argsort(spans[:, 0], kind="stable")
    kinds, spans = kinds[order], spans[order]
    return _Cut([form[a:b].replace(",", JOINT).replace(".", JOINT) for a, b in spans.tolist()], kinds, spans)


def _pairs(cut: _Cut) -> list[str]:
    """Pairs of characters side by side. A number counts as one, and a bracket may stand beside it: 国发〔2011〕5号."""
    gaps = cut.spans[1:, 0] - cut.spans[:-1, 1]
    number = cut.kinds == _NUMBER
    lone = number | (cut.kinds == _CHARACTER)
    are = lone[:-1] & lone[1:] & (gaps <= (number[:-1] | number[1:]))
    return [f"{cut.pieces[i]}{JOINT}{cut.pieces[i + 1]}" for i in np.flatnonzero(are).tolist()]


def _whole_words(form: str, cut: _Cut) -> list[str]:
    """The words of letters that were cut into several pieces."""
    goes_on = _go_on(cut.kinds, cut.spans)
    edges = np.flatnonzero(np.diff(goes_on, prepend=False, append=False)).reshape(-1, 2)
    return [form[cut.spans[first, 0] : cut.spans[last, 1]] for first, last in edges.tolist()]


def _go_on(kinds: NDArray[np.int8], spans: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which pieces (m - 1,) go on in the next one, as both are of letters and nothing is between them."""
    letters = kinds == _LETTERS
    together: NDArray[np.bool_] = letters[:-1] & letters[1:] & (spans[:-1, 1] == spans[1:, 0])
    return together


def _written(text: str, encoding: Encoding) -> Iterator[str]:
    """The words of a text in its own characters; the encoding is that of the text as it is, not folded."""
    kinds, spans = _kinds()[np.array(encoding.ids, np.intp)], np.array(encoding.offsets, np.intp).reshape(-1, 2)
    for a, b in spans[kinds == _WORD].tolist():
        yield text[a:b]
    goes_on = _go_on(kinds, spans)
    letters = kinds == _LETTERS
    starts = letters & ~np.concatenate([[False], goes_on])[: len(kinds)]
    ends = letters & ~np.concatenate([goes_on, [False]])[: len(kinds)]
    for a, b in zip(spans[starts, 0].tolist(), spans[ends, 1].tolist(), strict=True):
        yield text[a:b]


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(TOKENIZER))


@cache
def _kinds() -> NDArray[np.int8]:
    """The kind of every piece, by its number."""
    tokenizer = _tokenizer()
    kinds = np.empty(tokenizer.get_vocab_size(), np.int8)
    for piece, number in tokenizer.get_vocab().items():
        kinds[number] = _kind(piece)
    return kinds


def _kind(piece: str) -> int:
    if piece.isdigit():
        return _NUMBER
    if not _HAN.search(piece):
        return _LETTERS
    return _CHARACTER if len(piece) == 1 else _WORD

"""The cosine of a query and a passage, taken apart exactly into what each word there gives with each word here.

Where the vector of a text is the sum of its pieces' vectors, the product of two such sums is the sum of the products.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from recommender.embed import Parts, Transparent, Vectors, unit_sum
from recommender.terms import folded
from recommender.types import Passage, Span

# Scripts that leave no space between words, where a piece is a word: Thai, Lao, Burmese, Khmer, kana and Chinese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
# Between the words of a line, where they are not neighbours.
BREAK = -1


@dataclass(frozen=True)
class Words:
    """The different words of some passages, in order of their first places.

    Words that differ only in case, width or Traditional against Simplified characters are one. ``spans`` has all places
    of each, by offsets in the passages' article. ``line`` has their numbers in order of the text, and BREAK where more
    than white space stands between two. ``vectors`` (w, d) add up to the passages' unit row. The word "", if there is
    one, is what the model reads and does not stand in the text, such as a prompt; it has no places.
    """

    forms: tuple[str, ...]
    spans: tuple[tuple[Span, ...], ...]
    line: tuple[int, ...]
    vectors: Vectors


@dataclass(frozen=True)
class Contributions:
    """What the words of a query and of a passage give to their cosine: ``matrix`` (m, n) adds up to it."""

    query: Words
    article: Words
    matrix: Vectors

    @property
    def score(self) -> float:
        """The cosine."""
        return float(self.matrix.sum())

    def likeness(self, query: int, article: int) -> float:
        """The cosine of two words, by their positions; 0 where one has no meaning to the model."""
        a, b = self.query.vectors[query], self.article.vectors[article]
        lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
        return float(self.matrix[query, article]) / lengths if lengths else 0.0


def word_contributions(
    query: Sequence[Passage], passages: Sequence[Passage], encoder: Transparent
) -> list[Contributions]:
    """For each passage, what each of its words gives with each word of the query to the cosine of both.

    The query is all its passages as one, each counting by its length. Its words are added up before they are
    multiplied, so that an essay of many pages is no more work than its vocabulary.
    """
    if not passages:
        return []
    lengths = np.array([len(passage.text) for passage in query], np.float32)
    asked = _words(query, encoder.parts([p.text for p in query], "query"), lengths)
    answers = encoder.parts([p.text for p in passages], "passage")
    found = [_words([p], [parts], np.ones(1, np.float32)) for p, parts in zip(passages, answers, strict=True)]
    products = asked.vectors @ np.concatenate([words.vectors for words in found]).T
    ends = np.cumsum([len(words.forms) for words in found])
    return [Contributions(asked, *both) for both in zip(found, np.split(products, ends[:-1], axis=1), strict=True)]


def _words(passages: Sequence[Passage], parts: Sequence[Parts], weights: Vectors) -> Words:
    """The different words of weighted passages, with vectors that add up to one unit row."""
    numbers: dict[str, int] = {}
    places: list[list[Span]] = []
    line: list[int] = []
    owners: list[int] = []
    for passage, own in zip(passages, parts, strict=True):
        text, before = passage.text, 0
        line.append(BREAK)
        for start, end, pieces in _runs(text, own.spans.tolist()):
            number = numbers.setdefault(_form(text[start:end]), len(numbers))
            owners += [number] * pieces
            if number == len(places):
                places.append([])
            if start < end:
                places[number].append(Span(passage.start + start, passage.start + end, text[start:end]))
                line += [BREAK, number] if text[before:start].strip() else [number]
                before = end
    vectors = np.concatenate([weight * own.vectors for weight, own in zip(weights, parts, strict=True)])
    order = np.argsort(owners, kind="stable")
    firsts = np.searchsorted(np.array(owners, np.intp)[order], np.arange(len(numbers)))
    sums = unit_sum(np.add.reduceat(vectors[order], firsts))
    return Words(tuple(numbers), tuple(map(tuple, places)), tuple(line), sums)


# Words come again and again.
_form = lru_cache(1 << 16)(folded)


def _runs(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """The words that pieces make up: start, end and number of pieces of each.

    Some tokenizers count the space before a word to it: white space at the ends is left out.
    """
    start = end = pieces = 0
    for first, last in spans:
        piece = text[first:last]
        last = first + len(piece.rstrip())
        first = min(first + len(piece) - len(piece.lstrip()), last)
        if pieces and _joined(text, start, end, first, last):
            end, pieces = max(end, last), pieces + 1
            continue
        if pieces:
            yield start, end, pieces
        start, end, pieces = first, last, 1
    if pieces:
        yield start, end, pieces


def _joined(text: str, start: int, end: int, first: int, last: int) -> bool:
    """Whether the piece ``text[first:last]`` goes on with the word ``text[start:end]``.

    It does where both are of one character that was taken apart, or touch within a run of letters.
    """
    if start == end or first == last:
        return start == end == first == last
    return first < end or (first == end and spelled(text[end - 1]) and spelled(text[first]))


@cache
def spelled(character: str) -> bool:
    """Whether a character is a letter, mark or digit of a script that leaves spaces between words."""
    return unicodedata.category(character)[0] in "LMN" and not _UNSPACED.match(character)

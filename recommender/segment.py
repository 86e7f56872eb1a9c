"""Article -> Passages, and any stretch of text -> sentences. Offsets always hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

import sentencex

from recommender.types import Article, Passage, Span

# Long enough for a whole paragraph of most essays, short enough for the 512 tokens that most transformers read.
MAX_CHARS = 400
# "Dr.", "一." and "2011.11.15" end like sentences and say nothing alone: such fragments join what follows.
MIN_SENTENCE_CHARS = 8

_SEMICOLON = re.compile(r"[;；]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def segment(article: Article) -> list[Passage]:
    """Cut an article into the passages that are embedded.

    A passage is a paragraph, or a part of one longer than ``MAX_CHARS`` characters, cut at sentence ends into parts
    of similar length. ``article.text[p.start:p.end] == p.text`` for every passage.
    """
    return [part for whole in paragraphs(article) for part in split(article, whole)]


def split(article: Article, whole: Passage) -> list[Passage]:
    """The passages of one paragraph of an article, each of at most ``MAX_CHARS`` characters."""
    return [Passage(part.start, part.end, part.text, article.id, whole.section) for part in _parts(article.text, whole)]


def paragraphs(article: Article) -> list[Passage]:
    """The paragraphs of an article, each whole; the heading above becomes their section.

    An article of headings alone has those as its paragraphs, so that it can still be found.
    """
    body: list[Passage] = []
    headings: list[Passage] = []
    section = ""
    for paragraph, start in zip(article.paragraphs, paragraph_starts(article), strict=True):
        whole = _strip(article.text, start, start + len(paragraph.text))
        if whole.text and paragraph.level:
            section = whole.text
            headings.append(Passage(whole.start, whole.end, whole.text, article.id, section))
        elif whole.text:
            body.append(Passage(whole.start, whole.end, whole.text, article.id, section))
    return body or headings


def paragraph_starts(article: Article) -> list[int]:
    """The offset in ``article.text`` at which each paragraph, headings included, begins."""
    starts, position = [], 0
    for paragraph in article.paragraphs:
        starts.append(position)
        position += len(paragraph.text) + 1
    return starts


def stretch(article: Article, start: int, end: int) -> list[Passage]:
    """The passages of ``article`` within ``[start:end)``, cut to it; a heading only where nothing else is within.

    Raises ValueError if no text stands there.
    """
    start, end = max(start, 0), max(end, 0)
    heading = _strip(article.text, start, end)
    cut = [
        Passage(s.start, s.end, s.text, article.id, p.section)
        for p in segment(article)
        if (s := _strip(article.text, max(p.start, start), min(p.end, end))).text
    ]
    if not heading.text:
        raise ValueError(f"{article.title!r} has {len(article.text)} characters and no text at [{start}:{end}]")
    return cut or [Passage(heading.start, heading.end, heading.text, article.id)]


def sentences(passage: Span) -> list[Span]:
    """The sentences of a passage in order, with offsets in the same text as the passage's own.

    Boundaries are those of the sentencex package (Wikimedia), and in Chinese also semicolons, which part what other
    languages write as sentences; fragments under ``MIN_SENTENCE_CHARS`` characters are joined to the sentence that
    follows, the last to the one before. The spans cover all but white space. Raises UnicodeEncodeError for half a
    character (a lone surrogate), which the facade refuses before it gets here.
    """
    spans: list[Span] = []
    start = 0
    for end in (*_sentence_ends(passage.text), len(passage.text)):
        sentence = _strip(passage.text, start, end)
        if len(sentence.text) >= MIN_SENTENCE_CHARS:
            spans.append(sentence)
            start = end
    if (rest := _strip(passage.text, start, len(passage.text))).text:
        start = spans.pop().start if spans else rest.start
        spans.append(_strip(passage.text, start, rest.end))
    return [Span(passage.start + s.start, passage.start + s.end, s.text) for s in spans]


def is_chinese(text: str) -> bool:
    """Whether at least a quarter of a text is Chinese characters; Japanese counts too where they abound."""
    return 4 * len(_HAN.findall(text)) >= max(len(text), 1)


def _sentence_ends(text: str) -> Iterator[int]:
    chinese = is_chinese(text)
    position = 0
    for piece in sentencex.segment("zh" if chinese else "en", text):
        start = text.index(piece, position)
        position = start + len(piece)
        if chinese:
            yield from (start + clause.end() for clause in _SEMICOLON.finditer(piece) if clause.end() < len(piece))
        yield position


def _parts(text: str, whole: Span) -> Iterator[Span]:
    """``whole`` cut at the sentence ends that follow an even share, or sooner where MAX_CHARS would be passed."""
    if len(whole.text) <= MAX_CHARS:
        yield whole
        return
    share = len(whole.text) / ceil(len(whole.text) / MAX_CHARS)
    start = before = whole.start
    for end in _cuts(whole):
        if end - start > MAX_CHARS and before > start:
            yield _strip(text, start, before)
            start = before
        if end - start >= share or end == whole.end:
            yield _strip(text, start, end)
            start = end
        before = end


def _cuts(whole: Span) -> Iterator[int]:
    """Where a paragraph can be cut: at sentence ends, and within a list or a text without punctuation anywhere."""
    for sentence in sentences(whole):
        yield from range(sentence.start + MAX_CHARS, sentence.end, MAX_CHARS)
        yield sentence.end


def _strip(text: str, start: int, end: int) -> Span:
    """``text[start:end]`` without the white space at its ends."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return Span(start, start + len(piece), piece)

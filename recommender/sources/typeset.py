"""Lines as they stand on pages -> paragraphs: what repeats on the pages left out, wrapped lines joined again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import quantiles

from recommender.sources.text import heading_level, joined
from recommender.types import Paragraph

# Running heads, page numbers and footnote rules stand within so many lines of a page's top and bottom.
_EDGE = 2
# A line at the edge is a running head if a third of the pages have it, as those of left and right pages differ,
# and at least so many.
_FEWEST = 3
_NUMBER = re.compile(r"[\d０-９]+|(?<![A-Za-z])[ivxlc]+(?![A-Za-z])", re.I)
_PAGE_NUMBER = re.compile(
    r"[-–—·•/|第共页頁\s]*(?:page)?\s*#\s*(?:(?:/|of|页|頁|,|，|共|第)\s*#?\s*)*[-–—·•|页頁\s]*", re.I
)
_SENTENCE_END = re.compile(r"[。！？!?…．.：:；;][”’\"」』）)]*$")
# A line is full, and says nothing of where its paragraph ends, from this share of the usual width on.
_FULL = 0.9
# A line that ends in no mark and is shorter than this is one of a list, a table or a verse.
_SHORT = 0.6
_INDENT = re.compile(r"\u3000|\s{2,}")
_HYPHENATED = re.compile(r"[a-z]-$|\xad$")
_WIDE = "WF"
# Fonts whose tables name radicals or ligatures instead of the characters that are meant: ⼯ for 工, ﬁ for fi.
_STAND_IN = re.compile(r"[\u2f00-\u2fdf\ufb00-\ufb06]")
# Justified Chinese has gaps between characters that are no spaces.
_GAP = re.compile(r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])")


def paragraphs(pages: Sequence[Sequence[str]]) -> list[Paragraph]:
    """The paragraphs of a text from the lines of its pages."""
    repeated = _repeated(pages)
    lines = [line for page in pages for line in _without(page, repeated)]
    full = _FULL * _usual_width(lines)
    found: list[tuple[list[str], int]] = []
    goes_on = False
    for line in lines:
        text = line.strip()
        level = heading_level(text)
        if goes_on and text and not level and not _INDENT.match(line):
            found[-1][0].append(text)
        elif text:
            found.append(([text], level))
        goes_on = bool(text) and not level and not _ends(text, full)
    return [Paragraph(_run_on(texts), level) for texts, level in found]


def characters(line: str) -> str:
    """The line with the characters that are meant where a font names others."""
    return _GAP.sub("", _STAND_IN.sub(lambda found: unicodedata.normalize("NFKC", found[0]), line))


def _ends(text: str, full: float) -> bool:
    """Whether a paragraph ends with this line: it stops short of the margin, and does so after a sentence or early."""
    width = _width(text)
    return width < full and (_SENTENCE_END.search(text) is not None or width < full * _SHORT)


def _run_on(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one, put together at once: one after the other takes the square of their number."""
    parts = [lines[0]]
    for line in lines[1:]:
        before = parts[-1]
        if _HYPHENATED.search(before) and line[:1].islower():
            parts[-1:] = [before[:-1], line]
        else:
            parts.append(joined(before, line)[len(before) :])
    return "".join(parts)


def _usual_width(lines: Sequence[str]) -> float:
    widths = [_width(line.strip()) for line in lines if line.strip()]
    return quantiles(widths, n=10)[-1] if len(widths) > 1 else 0.0


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text)


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """What stands at the edges of many pages, numbers aside."""
    counts = Counter(form for page in pages for form in {_form(page[at]) for at in _edges(page)})
    most = max(_FEWEST, len(pages) / 3)
    return {form for form, count in counts.items() if count >= most or (count > 1 and _PAGE_NUMBER.fullmatch(form))}


def _without(page: Sequence[str], repeated: set[str]) -> Iterator[str]:
    edges = set(_edges(page))
    return (line for at, line in enumerate(page) if at not in edges or _form(line) not in repeated)


def _edges(page: Sequence[str]) -> Iterator[int]:
    written = [at for at, line in enumerate(page) if line.strip()]
    yield from dict.fromkeys(written[:_EDGE] + written[-_EDGE:])


def _form(line: str) -> str:
    return _NUMBER.sub("#", "".join(line.split()).casefold())

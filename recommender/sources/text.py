"""Plain text and Markdown -> Article, and what the two share with pages: headings and lines joined again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from recommender.sources import dates, front
from recommender.sources.encoding import SourceError
from recommender.sources.reader import Remark
from recommender.types import Article, Paragraph

LONGEST_TITLE = 80
LONGEST_HEADING = 40
# The parser keeps some kilobytes for each line that is a block of its own; the longest books have 20,000 lines.
MOST_LINES = 100_000
_NUMERAL = "[一二三四五六七八九十百零〇]+"
_LEVELS = (
    (re.compile(rf"第(?:{_NUMERAL}|\d+)(?:部分|[章节節编編篇讲講])\s*\S"), 1),
    (re.compile(rf"{_NUMERAL}\s*[、.．]\s*\S"), 1),
    (re.compile(r"\d{1,2}\s*(?:、|[.．](?!\d))\s*\S"), 1),
    (re.compile(rf"[(（]\s*(?:{_NUMERAL}|\d{{1,2}})\s*[)）]\s*\S"), 2),
)
_SENTENCE_END = re.compile(r"[。！？!?…．.；;，,][”’\"」』）)]*$")
_LINE_COMPLETE = re.compile(r"(?:[。！？!?…．.：:][）)]*|[”’\"」』])$")
# What runs on over the end of a line, as a regular expression.
CJK = r"[\u2014\u2018-\u201d\u2026\u2e80-\u30ff\u31c0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_CJK = re.compile(CJK)
_ASCII_MARKS = ",.;:!?()[]\"'-%"
# What Hexo, Hugo and Jekyll put the parts of a page in for: no prose, and code between two of them is none either.
_TEMPLATE = re.compile(
    r"\{% *(highlight|codeblock|raw)\b[^%]*%\}.*?\{% *end\1 *%\}|\{%[^%\n]*%\}|\{\{[^{}\n]*\}\}|^\{:[^{}\n]*\}$",
    re.DOTALL | re.MULTILINE,
)
_POST = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(.+)")  # how Jekyll names the file of a post


def heading_level(line: str) -> int:
    """1 or 2 for a section heading ("一、…", "第一章 …", "1. …"; "(一)…"), 0 for running text.

    A numbered line that is long or holds a whole sentence is a paragraph that begins with a number.
    """
    line = line.strip()
    if len(line) > LONGEST_HEADING or "。" in line or _SENTENCE_END.search(line):
        return 0
    return next((level for pattern, level in _LEVELS if pattern.match(line)), 0)


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph as one: Chinese runs on, anything else gets a space."""
    left, right = before.rstrip(_ASCII_MARKS)[-1:] or before[-1:], after.lstrip(_ASCII_MARKS)[:1] or after[:1]
    return before + ("" if _CJK.match(left) and _CJK.match(right) else " ") + after


def article(key: str, title: str, paragraphs: Iterable[Paragraph], name: str, links: tuple[str, ...] = ()) -> Article:
    """The article a file holds. Raises SourceError for one without a paragraph."""
    body = tuple(paragraphs)
    if not body:
        raise SourceError(f"{name}: only the title {title[:40]!r} was found; add the text of the article below it")
    return Article(id=key, title=title, paragraphs=body, source=key, links=links)


def read_plain(text: str, key: str, name: str) -> list[Article]:
    """The one article of a plain text: the first line is its title if it is short and no sentence.

    Hard-wrapped lines are joined again. Raises SourceError for a text without body.
    """
    lines = text.strip().split("\n")
    title = lines[0].strip()
    if not title or len(title) > LONGEST_TITLE or title.endswith("。"):
        return [article(key, Path(name).stem, paragraphs(lines), name)]
    return [article(key, title, paragraphs(lines[1:]), name)]


def paragraphs(lines: Iterable[str]) -> list[Paragraph]:
    """The paragraphs and headings of lines of which some are hard-wrapped: those are joined again."""
    found: list[tuple[list[str], int]] = []
    unfinished = False
    for line in lines:
        text = line.strip()
        level = heading_level(text)
        if text and unfinished and not level and not line[0].isspace():
            found[-1][0].append(text)
        elif text:
            found.append(([text], level))
        unfinished = bool(text) and not level and not _LINE_COMPLETE.search(text)
    return [Paragraph(_run_on(texts), level) for texts, level in found]


def _run_on(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one, put together at once: one after the other takes the square of their number."""
    return lines[0] + "".join(joined(before, line)[len(before) :] for before, line in pairwise(lines))


def read_markdown(text: str, key: str, name: str) -> list[Article | Remark]:
    """The one article of a CommonMark text with tables: prose without markup, code and HTML.

    The title is the only level-one heading, else the front matter's, else the first such heading, else the file's name.
    A draft gives a remark. Raises SourceError for a text without body, for broken front matter, and for one longer than
    any book.
    """
    if (count := text.count("\n")) > MOST_LINES:
        raise SourceError(f"{name}: it has {count:,} lines, and Markdown is read up to {MOST_LINES:,}; split it")
    said, rest = front.parted(text, name)
    if said.draft:
        return [Remark("left out: draft", skipped=1)]
    blocks = list(_blocks(rest if said == front.Front() else _TEMPLATE.sub("", rest)))
    tops = [at for at, (tag, _) in enumerate(blocks) if tag == "h1"]
    post = _POST.fullmatch(Path(name).stem)
    title = said.title or (post[2] if post else Path(name).stem)
    if tops and not (said.title and len(tops) > 1):  # with a title above them, several are sections
        _, title = blocks.pop(tops[0])
    found = article(key, title, (Paragraph(text, _depth(tag)) for tag, text in blocks), name)
    return [
        replace(
            found,
            id=said.url or key,
            url=said.url,
            date=said.date or dates.day(post[1] if post else ""),
            author=said.author,
            language=said.language,
            tags=said.tags,
        )
    ]


def _depth(tag: str) -> int:
    return max(1, int(tag[1]) - 1) if tag else 0


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(tag of the heading or "", text) of each block; a table's row is one block."""
    tag, row = "", None
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            row = list[str]()
        elif token.type == "heading_open":
            tag = token.tag
        elif token.type == "inline" and row is not None:
            row.append(_inline(token.children or []))
        elif token.type == "inline" or (token.type == "tr_close" and row is not None):
            line = _inline(token.children or []) if row is None else " ".join(filter(None, row))
            if line:
                yield tag, line
            tag, row = "", None


def _inline(tokens: Iterable[Token]) -> str:
    line, broken = "", False
    for token in tokens:
        if token.type in ("softbreak", "hardbreak") or token.content.lower().startswith("<br"):
            broken = True
        piece = _inline(token.children or []) if token.type == "image" else token.content
        if token.type in ("text", "text_special", "code_inline", "image") and piece:
            line = joined(line.rstrip(), piece.lstrip()) if broken and line.strip() else line + piece
            broken = False
    return line.replace("\n", " ").strip()

"""Plain text and Markdown -> Article, and what the two share with pages: headings and lines joined again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from recommender.sources.encoding import SourceError
from recommender.types import Article, Paragraph

LONGEST_TITLE = 80
LONGEST_HEADING = 40
_NUMERAL = "[一二三四五六七八九十百零〇]+"
_LEVELS = (
    (re.compile(rf"第(?:{_NUMERAL}|\d+)(?:部分|[章节節编編篇讲講])\s*\S"), 1),
    (re.compile(rf"{_NUMERAL}\s*[、.．]\s*\S"), 1),
    (re.compile(r"\d{1,2}\s*(?:、|[.．](?!\d))\s*\S"), 1),
    (re.compile(rf"[(（]\s*(?:{_NUMERAL}|\d{{1,2}})\s*[)）]\s*\S"), 2),
)
_SENTENCE_END = re.compile(r"[。！？!?…．.；;，,][”’\"」』）)]*$")
_LINE_COMPLETE = re.compile(r"(?:[。！？!?…．.：:][）)]*|[”’\"」』])$")
_CJK = re.compile(
    r"[\u2014\u2018-\u201d\u2026\u2e80-\u30ff\u31c0-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_ASCII_MARKS = ",.;:!?()[]\"'-%"
_FRONT_MATTER = re.compile(r"\A---\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_TITLE = re.compile(r"^title:[ \t]*(?P<quote>[\"']?)(?P<title>.+?)(?P=quote)[ \t]*$", re.MULTILINE)


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
    lines = text.strip("\n").split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    title = lines[0].strip() if lines else ""
    if not title or len(title) > LONGEST_TITLE or title.endswith("。"):
        return [article(key, Path(name).stem, _paragraphs(lines), name)]
    return [article(key, title, _paragraphs(lines[1:]), name)]


def _paragraphs(lines: Iterable[str]) -> list[Paragraph]:
    found: list[Paragraph] = []
    unfinished = False
    for line in lines:
        text = line.strip()
        level = heading_level(text)
        if text and unfinished and not level and not line[0].isspace():
            found[-1] = Paragraph(joined(found[-1].text, text))
        elif text:
            found.append(Paragraph(text, level))
        unfinished = bool(text) and not level and not _LINE_COMPLETE.search(text)
    return found


def read_markdown(text: str, key: str, name: str) -> list[Article]:
    """The one article of a CommonMark text with tables: prose without markup, code and HTML.

    The title is the first level-one heading, else the front matter's, else the file's name.
    Raises SourceError for a text without body.
    """
    front = _FRONT_MATTER.match(text)
    named = _FRONT_TITLE.search(front[1]) if front else None
    blocks = list(_blocks(text[front.end() :] if front else text))
    at = next((at for at, (tag, _) in enumerate(blocks) if tag == "h1"), None)
    title = named["title"] if named else Path(name).stem
    if at is not None:
        _, title = blocks.pop(at)
    return [article(key, title, (Paragraph(text, _depth(tag)) for tag, text in blocks), name)]


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

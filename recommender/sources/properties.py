"""What a document states of itself: its title and author, where they are not what a program has put there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recommender.sources.text import LONGEST_TITLE
from recommender.types import Paragraph

# What word processors call documents that nobody has named, and PDF printers the file that was printed.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\s*-.*|powerpoint.*|(?:word )?document\s*\d*|文档\s*\d*|新建.*文档.*|untitled.*"
    r"|无标题.*|默认标题|幻灯片\s*\d*|title|.*\.(?:docx?|pdf|wps|indd|tex|dvi|qxd))",
    re.I,
)
_NO_AUTHOR = re.compile(
    r"python-docx|微软用户|微软中国|microsoft(?: office)? user|users?|admin\w*|administrator|作者|pc", re.I
)
# A line that goes on after its end is no title.
_GOES_ON = ("。", "，", ",", "；", ";", "、")


def author(stated: str) -> str:
    """The author that a document states; "" for a user's or a program's name that says nothing."""
    return "" if _NO_AUTHOR.fullmatch(stated.strip()) else stated.strip()


def titled(stated: str, body: Sequence[Paragraph], name: str) -> tuple[str, Sequence[Paragraph]]:
    """The title of a document and the paragraphs below it: what it states, else a short first line, else ``name``."""
    first = body[0].text if body else ""
    stated = "" if _NO_TITLE.fullmatch(stated.strip()) else stated.strip()
    if stated:
        return stated, body[1:] if len(body) > 1 and first == stated else body
    if len(body) > 1 and len(first) <= LONGEST_TITLE and not first.endswith(_GOES_ON):
        return first, body[1:]
    return name, body

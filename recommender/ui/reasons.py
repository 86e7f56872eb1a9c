"""What the readers and the library's check say, in Chinese. They speak English, in sentences of known forms."""

from __future__ import annotations

import re

from recommender.ui.reason_forms import FORMS
from recommender.ui.words import Words

_COMPILED = [(re.compile(form, re.DOTALL), said) for form, said in FORMS]
_NAMES = {
    "RSS or Atom feed": " RSS 或 Atom 文件",
    "HTML page": "网页",
    "HTML": "网页",
    "page of a book": "书页",
    "Word document": " Word 文档",
    "workbook": " Excel 工作簿",
    "EPUB": " EPUB 电子书",
    "PDF": " PDF 文件",
    "WordPress export": " WordPress 导出文件",
    "entry of a feed": "订阅条目",
    "title": "标题",
    "text": "正文",
    "abstract": "摘要",
    "date": "日期",
    "author": "作者",
    "tags": "标签",
    "url": "链接",
    "id": "编号",
    "language": "语言",
}
_COLUMNS = re.compile(r"columns[^:]*: (.*?)(?:; not used: (.*))?", re.DOTALL)
_COLUMN = re.compile(r"(.+?) as (\w+)(?:, |$)")


def reason(text: str, words: Words) -> str:
    """What a reader or a check said, in the language of the page; a sentence of no known form stays English."""
    if words.language == "en":
        return text
    return _said(text) or words("in_english", text=text)


def _said(text: str) -> str:
    """The sentence in Chinese, or "" if it has no known form."""
    if columns := _COLUMNS.fullmatch(text):
        return _columns(columns[1], columns[2] or "")
    for form, said in _COMPILED:
        if match := form.fullmatch(text):
            named = {name: _part(name, value) for name, value in match.groupdict().items()}
            return said.format(*match.groups(), **named)
    # "archive member: sentence"
    place, colon, rest = text.partition(": ")
    inner = _said(rest) if colon else ""
    return f"{place}：{inner}" if inner else ""


def _part(name: str, value: str) -> str:
    return _NAMES.get(value, value) if name == "kind" else _said(value) or f"{value}。"


def _columns(used: str, unused: str) -> str:
    """How the columns of a table were understood."""
    said = "，".join(f"“{column}”是{_NAMES.get(field, field)}" for column, field in _COLUMN.findall(used))
    return f"各列的含义：{said or '不明'}" + (f"；没有用到：{unused.replace(', ', '、')}。" if unused else "。")

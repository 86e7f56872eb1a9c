"""Which column of a table, or key of a record, holds what: guessed by name, else by the shape of what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

# Each field's names, the surest first: what editors call their columns, and what WordPress, Hexo, schema.org and
# scrapers call theirs. Compared without case, white space, marks and what stands in brackets.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("标题", "题目", "文章标题", "文章题目", "標題", "題目", "文章標題", "title", "headline", "post_title"),
    "text": (
        *(
            "正文",
            "全文",
            "内容",
            "文章内容",
            "文章正文",
            "正文内容",
            "文本",
            "內容",
            "文章內容",
            "paragraphs",
            "content",
        ),
        *("body", "text", "post_content", "article_body", "full_text", "article", "content_html", "content_text"),
    ),
    "abstract": (
        *("摘要", "文章摘要", "内容摘要", "简介", "内容简介", "导语", "概要", "簡介", "abstract", "summary", "excerpt"),
        *("description", "post_excerpt", "digest"),
    ),
    "date": (
        *("发布时间", "发布日期", "发表时间", "发表日期", "日期", "时间", "發布時間", "發佈時間", "發表時間", "時間"),
        *(
            "date",
            "published",
            "pubdate",
            "published_at",
            "publish_date",
            "publish_time",
            "date_published",
            "post_date",
        ),
        *("created", "created_at", "create_time", "datetime", "time"),
    ),
    "author": ("作者", "文章作者", "撰稿人", "撰稿", "author", "authors", "by", "byline", "writer", "creator"),
    "tags": (
        *("标签", "关键词", "关键字", "分类", "栏目", "类别", "文章分类", "所属栏目", "標籤", "關鍵詞", "分類", "欄目"),
        *("tags", "tag", "keywords", "keyword", "categories", "category", "section", "channel"),
    ),
    "url": ("链接", "网址", "文章链接", "原文链接", "鏈接", "連結", "網址", "url", "link", "permalink", "href"),
    "id": ("id", "编号", "文章编号", "文章id", "編號", "article_id", "post_id", "guid"),
    "language": ("语言", "語言", "language", "lang"),
}
# Above the names of the columns can stand the table's own title, and whose it is; not more.
HEADER_ROWS = 5
# A column in which half the cells are this long holds text; titles and addresses of places stay below.
_SHORTEST_TEXT = 40
_LONGEST_TITLE = 80
_BRACKETED = re.compile(r"[(（\[【].*?[)）\]】]")
_LETTER = re.compile(r"[^\W\d_]")
_MOST = 0.8
_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Columns:
    """The columns that hold each field, and those that nothing is read from.

    A field has one column, tags all that name some; the text can be in two, the second for records that lack the first.
    """

    fields: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    @property
    def readable(self) -> bool:
        """Whether a text, or at least its abstract, can be read."""
        return "text" in self.fields or "abstract" in self.fields

    def __str__(self) -> str:
        """How the columns were understood, for the report."""
        used = ", ".join(f"{' and '.join(names)} as {field}" for field, names in self.fields.items())
        return (used or "none") + (f"; not used: {', '.join(self.unused)}" if self.unused else "")


def guessed(names: Sequence[str], sample: Sequence[Mapping[str, object]]) -> Columns:
    """The columns of records that have these ``names``, by name, and what the names do not tell by the ``sample``."""
    fields = named(names)
    free = [name for name in names if not any(name in columns for columns in fields.values())]
    if "text" not in fields and "abstract" not in fields:
        fields |= _shaped(free, fields, {name: _cells(name, sample) for name in free})
    ordered = {field: fields[field] for field in NAMES if field in fields}
    used = {name for columns in ordered.values() for name in columns}
    return Columns(ordered, tuple(name for name in names if name not in used))


def named(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns whose names are known, or end in one that is ("新闻标题") where no other is."""
    by_name: dict[str, str] = {}
    for name in names:
        by_name.setdefault(_plain(name), name)
    fields: dict[str, tuple[str, ...]] = {}
    for field, known in NAMES.items():
        exact = tuple(by_name[_plain(name)] for name in known if _plain(name) in by_name)
        if exact:
            fields[field] = exact if field in ("tags", "text") else exact[:1]
    taken = {name for columns in fields.values() for name in columns}
    for field in [field for field in NAMES if field not in fields and field not in ("id", "language")]:
        for plain, name in by_name.items():
            if name not in taken and plain.endswith(tuple(_plain(n) for n in NAMES[field] if _tells(n))):
                fields[field] = (name,)
                taken.add(name)
                break
    return fields


def _tells(name: str) -> bool:
    """Whether a name says what it says at the end of a longer one, too: "post_title", but not "context"."""
    return not name.isascii() or name in ("title", "headline", "content", "body", "author", "abstract", "summary")


def _plain(name: str) -> str:
    name = unicodedata.normalize("NFKC", _BRACKETED.sub("", name)).casefold()
    return "".join(character for character in name if character.isalnum())


def _cells(name: str, sample: Sequence[Mapping[str, object]]) -> list[str]:
    return [str(value).strip() for record in sample if (value := record.get(name)) not in (None, "")]


def _shaped(
    free: Sequence[str], known: Mapping[str, tuple[str, ...]], cells: Mapping[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    """The longest column as text, if it is long; then what the others hold, the first of each kind."""
    lengths = {name: median(map(len, cells[name])) if cells[name] else 0 for name in free}
    text = max(free, key=lambda name: lengths[name], default="")
    if not text or lengths[text] < _SHORTEST_TEXT or _share(cells[text], _URL.fullmatch) > 0.5:
        return {}
    found: dict[str, tuple[str, ...]] = {"text": (text,)}
    for name in free:
        field = _shape(cells[name]) if name != text else ""
        if field and field not in known:
            found.setdefault(field, (name,))
    return found


def _shape(cells: Sequence[str]) -> str:
    """What short cells hold: addresses, days, or titles, which are words and differ from one another."""
    from recommender.sources import dates

    if _share(cells, _URL.fullmatch) > _MOST:
        return "url"
    if _share(cells, dates.day) > _MOST:
        return "date"
    various = 2 * len(set(cells)) > len(cells)
    words = _share(cells, lambda cell: _LETTER.search(cell) and len(cell) <= _LONGEST_TITLE)
    return "title" if various and words > _MOST else ""


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / max(len(cells), 1)

"""A planted library for the tests of the map: four subjects, each with words of its own."""

from __future__ import annotations

from pathlib import Path

from conftest import essay

from recommender.embed import Encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.types import Article

EACH = 15
SUBJECTS = {
    "税收": ("税务机关", "征收管理", "纳税人", "发票", "增值税", "稽查", "退税", "税率"),
    "足球": ("球员", "射门", "联赛", "守门员", "教练", "点球", "后卫", "进球"),
    "烹饪": ("面粉", "酱油", "炖煮", "食谱", "烤箱", "调料", "切丝", "火候"),
    "天文": ("望远镜", "星系", "黑洞", "行星", "轨道", "彗星", "恒星", "光谱"),
}


def articles() -> list[Article]:
    """Articles of each subject in turn; the title begins with the subject and has a number."""
    return [_article(subject, number) for number in range(EACH) for subject in SUBJECTS]


def _article(subject: str, number: int) -> Article:
    words = SUBJECTS[subject]
    stride = 1 if number < len(words) else 3  # no two articles have the same words
    some = [words[(number + stride * step) % len(words)] for step in range(5)]
    first = f"谈到{subject}，先说{some[0]}和{some[1]}，再说{some[2]}。"
    return essay(
        f"{subject}-{number}", first, f"{some[3]}与{some[4]}是{subject}的要点。", title=f"{subject}第{number}讲"
    )


def planted(path: Path, encoder: Encoder) -> Recommender:
    """A new library with these articles."""
    recommender = Recommender(SqliteLibrary(path, encoder), encoder)
    recommender.put(articles())
    return recommender

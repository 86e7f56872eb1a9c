"""Articles without the site's own words: what goes, and what looks alike and stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.clean import clean, holds, numberless, spaced
from recommender.sources import read
from recommender.types import Article, Paragraph, Rule

SEED = Path(__file__).parent.parent / "seeds" / "000_37eebcd41856c7db.txt"
PROSE = "正文留下。"


def article(*texts: str, title: str = "题目") -> Article:
    return Article("k", title, tuple(map(Paragraph, texts)), source="s", truncated=True, links=("a",))


def cleaned(text: str) -> str:
    return clean(article(PROSE, text)).paragraphs[1].text


def test_seed() -> None:
    articles = [clean(article) for article in read(SEED, "seed") if isinstance(article, Article)]
    everything = "\n".join(article.text for article in articles)
    assert "原创文秘" not in everything and ".com网" not in everything
    assert "实干的良好局面,以进一步凝聚合力。思想政治工作要有长远规划" in everything


def test_seed_loses_nothing_else() -> None:
    before = [article for article in read(SEED, "seed") if isinstance(article, Article)]
    watermark = "原创文秘材料,尽在网络络.com网。"
    assert [clean(article).text for article in before] == [article.text.replace(watermark, "") for article in before]


WATERMARKS = [
    ("良好局面，原创文秘材料,尽在网络络.com网。以进一步", "良好局面，以进一步"),
    ("良好局面,原创文秘材料，尽在网络络．ＣＯＭ网。".replace("ＣＯＭ", "COM"), "良好局面。"),
    ("领导原创文秘材料尽在www.abc.com网推动工作。", "领导推动工作。"),
    ("第一句。更多精品范文尽在第一范文网!第二句。", "第一句。第二句。"),
    ("第一句。更多范文请访问www.abc.com。第二句。", "第一句。第二句。"),
    ("第一句，更多资料，敬请登录公文网（www.abc.com.cn）。", "第一句。"),
    ("第一句。欢迎访问中国范文网", "第一句。"),
    ("第一句（本文来自第一范文网www.abc.com整理）。第二句。", "第一句。第二句。"),
    ("【来源:某某网(www.abc.com)】第一句。", "第一句。"),
    ("第一句。文章来源：http://www.abc.com/a/1.html", "第一句。"),
    ("第一句。转载请注明来源:某某网(www.abc.com)。", "第一句。"),
    ("本文转自文秘中心。第一句。", "第一句。"),
    ("第一句。更多课件请访问 w.abc . com", "第一句。"),
]


@pytest.mark.parametrize(("text", "kept"), WATERMARKS)
def test_watermarks_go(text: str, kept: str) -> None:
    assert cleaned(text) == kept


GENUINE = [
    "从领导、干部、网络，从制度、保障等因素与环节掌握思想政治工作薄弱点;",
    "网页上写着更多信息请访问，却没有地址。",
    "想了解更多信息请访问我们的网站，或者来电话。",
    "请登录www.12306.cn购票。",
    "更多信息请登录www.moe.gov.cn查询。",
    "城市美景尽在眼前。网络把人们连在一起。",
    "据新华网报道，本文来自一次调查。",
    "资料来源：中国互联网络信息中心(www.cnnic.net.cn)。",
    "权力来自于人民，内容来自于生活，范文网络课程受到欢迎。",
    "文章来源于生活。作者访问了www.abc.com。",
    "The text is at www.example.com, see there.",
    "这份文件规定，网站的版权所有者可以要求删除，版权所有的说明应当清楚。",
    "联系我们的工作实际，谈三点体会。",
    "版权所有者的权利",
    "上一篇文章讲到了制度。",
    "首页设计的三个原则",
    "编辑工作要抓好质量。",
    "点击下载按钮之后，程序开始安装。",
    "立即下载支持Ubuntu的源代码包",
    "Copyright law protects authors in China.",
    "分享到的经验很多。",
    "版权所有 " + "长" * 100,
]


@pytest.mark.parametrize("text", GENUINE)
def test_genuine_prose_stays(text: str) -> None:
    assert clean(article(text)).text == text


FURNITURE = [
    "© 2024 范文中心 | 联系我们 webmaster# onjobs.com.cn",
    "版权所有 某某网 2003-2020",
    "Copyright © 2010-2020 All Rights Reserved",
    "Copyright 2019 abc.com",
    "京ICP备12345678号-1",
    "京公网安备 11010802020088号",
    "联系我们",
    "关于我们 | 联系我们 | 网站地图",
    "邮箱：someone@abc.com",
    "webmaster# onjobs.com.cn",
    "上一篇：怎样写总结",
    "下一篇 没有了",
    "上一篇下一篇",
    "[返回顶部]",
    "当前位置: 首页 > 范文 > 总结",
    "首页 > 范文 > 总结",
    "首页|范文|总结",
    "点击下载本文",
    "点击下载",
    "责任编辑:张三",
    "(责任编辑：李四)",
    "分享到:微信 微博",
    "【打印本页】【关闭窗口】",
    "浏览次数:123",
    "扫描二维码关注公众号",
    "推荐阅读：",
]


@pytest.mark.parametrize("text", FURNITURE)
def test_furniture_goes(text: str) -> None:
    assert clean(article(PROSE, text, PROSE)).text == f"{PROSE}\n{PROSE}"


def test_a_paragraph_that_was_all_watermark_goes() -> None:
    assert clean(article(PROSE, "本文来自第一范文网", "  ")).text == PROSE


def test_the_rest_of_the_article_stays() -> None:
    before = Article(
        "k", "题目", (Paragraph("一、开头", 1), Paragraph(PROSE)), source="s", truncated=True, links=("a",)
    )
    assert clean(before) == before


def test_title() -> None:
    assert clean(article(PROSE, title="工作总结(来源:www.abc.com)")).title == "工作总结"
    assert clean(article(PROSE, title="欢迎访问范文网")).title == "欢迎访问范文网"


def test_only_furniture_leaves_nothing() -> None:
    assert clean(article(*FURNITURE)).paragraphs == ()
    assert clean(article()).paragraphs == ()


def test_only_watermarks_stay_as_they_were() -> None:
    before = article("本文来自第一范文网", "返回顶部")
    assert clean(before) == before


def test_long_white_space_and_long_text_are_quick() -> None:
    assert cleaned("a." + " " * 50_000 + "更多") and cleaned("更多范文网" * 10_000)


FRAGMENTS = st.sampled_from(
    [part for text, _ in WATERMARKS for part in (text, text[: len(text) // 2], text[len(text) // 2 :])]
    + [
        *FURNITURE,
        *GENUINE,
        "原创文秘材料,",
        "尽在",
        "网络络",
        ".com",
        "网",
        "(",
        ")",
        "。",
        "，",
        " ",
        "来源:",
        "更多",
        "请访问",
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=8).map("".join)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_cleaning_twice_is_cleaning_once(title: str, texts: list[str]) -> None:
    once = clean(article(*texts, title=title))
    assert clean(once) == once


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_nothing_is_added_and_nothing_kept_is_empty(texts: list[str]) -> None:
    before = article(*texts)
    after = clean(before)
    assert len(after.text) <= len(before.text)
    assert after == before or all(paragraph.text for paragraph in after.paragraphs)


def rule(text: str, kind: Literal["paragraph", "phrase"] = "paragraph", scope: str = "") -> Rule:
    return Rule(text, kind, scope, 3, "approved")


def kept(rules: Sequence[Rule], *texts: str, source: str = "a/b.txt") -> list[str]:
    before = Article("k", "题目", tuple(map(Paragraph, texts)), source)
    return [paragraph.text for paragraph in clean(before, rules).paragraphs]


def test_a_paragraph_rule_takes_that_paragraph_alone() -> None:
    assert kept([rule("青石书屋出品")], PROSE, "青石书屋出品", "青石书屋出品。", PROSE) == [
        PROSE,
        "青石书屋出品。",
        PROSE,
    ]
    assert kept([rule("青石  书屋")], PROSE, " 青石 \u3000 书屋 ") == [PROSE]


def test_a_zero_alone_is_any_number_and_other_numbers_are_themselves() -> None:
    views, year = rule("热度：0 次"), rule("青石书屋 2024")
    assert kept([views], PROSE, "热度：1,234 次", "热度：0 次", "热度：多次") == [PROSE, "热度：多次"]
    assert kept([year], PROSE, "青石书屋 2024", "青石书屋 2023") == [PROSE, "青石书屋 2023"]
    assert kept([rule("山海报0月0日电", "phrase")], "山海报12月3日电 正文。", "山海报某月0日电") == [
        "正文。",
        "山海报某月0日电",
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("第一句，青石书屋出品。第二句。", "第一句，第二句。"),
        ("第一句。青石书屋出品。第二句。", "第一句。第二句。"),
        ("第一句（青石书屋出品）。", "第一句。"),
        ("第一青石书屋出品句。", "第一句。"),
        ("青石书屋出品：第一句。", "：第一句。"),
        ("第一句，青石书屋出品", "第一句"),
        ("青石书屋出品青石书屋出品。第一句。", "第一句。"),
        ("青石青石书屋出品书屋出品第一句。", "第一句。"),
    ],
)
def test_a_phrase_goes_and_one_mark_stays(text: str, left: str) -> None:
    assert kept([rule("青石书屋出品", "phrase")], PROSE, text) == [PROSE, left]


def test_a_paragraph_that_a_phrase_empties_goes() -> None:
    assert kept([rule("青石书屋出品", "phrase")], PROSE, "（青石书屋出品）", "——青石书屋出品——", "——") == [PROSE, "——"]


def test_a_phrase_is_not_looked_for_within_words() -> None:
    assert kept([rule("read on", "phrase")], "We read only. We read on", "bread on") == ["We read only. We", "bread on"]


def test_a_part_of_a_phrase_leaves_no_rest_of_it() -> None:
    rules = [rule("青石书屋", "phrase"), rule("青石书屋手机版", "phrase")]
    assert kept(rules, "第一句，青石书屋手机版。") == kept(rules[::-1], "第一句，青石书屋手机版。") == ["第一句。"]


def test_marks_of_regular_expressions_are_themselves() -> None:
    assert kept([rule("*.+(青石)?", "phrase")], "第一句*.+(青石)?。", "青石") == ["第一句。", "青石"]


def test_a_rule_counts_in_its_scope_when_it_is_approved() -> None:
    assert [holds("a", source) for source in ("a", "a/b.txt", "a/b/c.txt", "ab.txt", "b/a", "")] == [True] * 3 + [
        False
    ] * 3
    assert holds("", "") and holds("", "a") and holds("a.zip/b", "a.zip/b/c.txt")
    here, there = rule("青石书屋出品", scope="a"), rule("青石书屋出品", scope="ab.txt")
    assert kept([here], PROSE, "青石书屋出品") == [PROSE]
    assert kept([there], PROSE, "青石书屋出品") == [PROSE, "青石书屋出品"]
    for state in ("proposed", "rejected"):
        assert kept([replace(here, state=state)], PROSE, "青石书屋出品") == [PROSE, "青石书屋出品"]


def test_an_article_of_nothing_but_what_rules_name_stays_as_it_was() -> None:
    rules = [rule("青石书屋出品"), rule("云帆读书", "phrase")]
    assert kept(rules, "青石书屋出品", "云帆读书。", "返回顶部") == ["青石书屋出品", "云帆读书。", "返回顶部"]


def test_titles_are_left_to_the_site_words_alone() -> None:
    before = Article("k", "政府工作报告", (Paragraph(PROSE),), "a")
    assert clean(before, [rule("工作报告", "phrase"), rule("政府工作报告")]) == before


@pytest.mark.parametrize("text", ["", "  ", "0", "12 0"])
def test_a_phrase_of_no_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="more than white space and numbers"):
        clean(article(PROSE), [rule(text, "phrase")])


def test_many_rules_are_compiled_once_and_long_texts_are_quick() -> None:
    rules = [rule(f"第{chr(0x4E00 + n)}家书屋出品{n}", "phrase" if n % 2 else "paragraph") for n in range(50)]
    before = article(*[f"{PROSE}{n}" for n in range(20)])
    assert all(clean(before, rules) == before for _ in range(500))
    assert kept([rule("青 石", "phrase")], "青" + " " * 50_000 + "书") and kept([rule("青青", "phrase")], "青" * 50_001)


RULE_TEXTS = ["青石书屋出品", "青石", "书屋", "（云帆）", "热度0次", "a 0", "，。", "出品。", *FURNITURE[:3]]
RULES = st.lists(
    st.builds(
        Rule,
        st.sampled_from(RULE_TEXTS),
        st.sampled_from(["paragraph", "phrase"]),
        st.sampled_from(["", "s", "s/t", "other"]),
        st.just(3),
        st.sampled_from(["approved", "approved", "rejected"]),
    ),
    max_size=5,
)
PIECES = st.sampled_from(
    [*RULE_TEXTS, "热度1,234次", "a 12", "前文", "后文", "，", "。", "（", "）", " ", *GENUINE[:3]]
)
BODIES = st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=5)


@settings(max_examples=150, deadline=None)
@given(BODIES, RULES)
def test_rules_applied_twice_are_rules_applied_once(texts: list[str], rules: list[Rule]) -> None:
    once = clean(article(*texts), rules)
    assert clean(once, rules) == once


@settings(max_examples=150, deadline=None)
@given(BODIES, RULES)
def test_no_paragraph_is_lost_that_no_rule_names_and_the_order_stays(texts: list[str], rules: list[Rule]) -> None:
    """Characters are only taken out, and a paragraph that holds the text of no rule is as it is without rules."""
    before = article(*texts)
    after = [paragraph.text for paragraph in clean(before, rules).paragraphs]
    rest = iter(before.text)
    assert all(character in rest for character in "".join(after))
    approved = [r for r in rules if r.state == "approved" and holds(r.scope, "s")]
    untouched = [
        p.text
        for p in clean(before).paragraphs
        if not any(numberless(r.text) in numberless(p.text) or spaced(r.text) in spaced(p.text) for r in approved)
    ]
    following = iter(after)
    assert all(text in following for text in untouched)


@settings(max_examples=50, deadline=None)
@given(BODIES, RULES)
def test_rules_of_another_scope_do_nothing(texts: list[str], rules: list[Rule]) -> None:
    elsewhere = [replace(r, scope="other/s") for r in rules]
    assert clean(article(*texts), elsewhere) == clean(article(*texts))

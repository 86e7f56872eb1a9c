"""Boilerplate that was planted is found, word for word; what authors repeat is left alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.boilerplate import propose
from recommender.boilerplate.scopes import Scopes, at_least
from recommender.clean import clean
from recommender.types import Article, Paragraph, Rule

SUBJECTS = ["思想政治工作", "农村教育", "城市交通", "基层治理", "青年就业", "生态保护", "企业管理", "文化遗产"]
VERBS = ["推进", "落实", "加强", "改善", "研究", "探索", "完善", "规范", "支持", "带动"]
OBJECTS = ["制度建设", "队伍培养", "资源配置", "服务质量", "创新机制", "安全责任", "信息公开", "群众参与", "监督考核"]
LINKS = ["同时，", "因此，", "改革开放以来，", "综上所述，", "党的十八大以来，", "总的来看，", "从实际出发，"]


def prose(chance: random.Random) -> str:
    """A paragraph that reads like an essay's, set expressions included."""
    return "".join(
        f"{chance.choice(LINKS)}{chance.choice(SUBJECTS)}要{chance.choice(VERBS)}{chance.choice(OBJECTS)}，"
        f"并在{chance.randrange(1950, 2024)}年的经验上{chance.choice(VERBS)}{chance.choice(SUBJECTS)}的"
        f"{chance.choice(OBJECTS)}。"
        for _ in range(chance.randrange(2, 6))
    )


def site(
    source: str, count: int, seed: int = 1, *, above: Sequence[str] = (), below: Sequence[str] = (), within: str = ""
) -> list[Article]:
    """Essays of a source; in each the planted texts, "{n}" a number of its own. A source with "{n}" is many files."""
    chance, other = random.Random(seed), random.Random(-seed)  # so that planting leaves the essays the same
    articles = []
    for number in range(count):
        body = [prose(chance) for _ in range(chance.randrange(3, 7))]
        if within:
            at = other.randrange(len(body))
            clauses = body[at].split("，")
            clauses.insert(other.randrange(1, len(clauses)), within)
            body[at] = "，".join(clauses)
        texts = [
            *(text.format(n=other.randrange(10_000)) for text in above),
            "前言",
            "一、指导思想和总体要求",
            *body,
            "参考文献",
            *(text.format(n=other.randrange(10_000)) for text in below),
        ]
        key = source.format(n=number)
        articles.append(Article(f"{source}#{number}", f"论文{number}", tuple(map(Paragraph, texts)), key))
    return articles


def planted(*expected: tuple[str, str, str, int]) -> set[tuple[str, str, str, int]]:
    return set(expected)


def shown(rules: Sequence[Rule]) -> set[tuple[str, str, str, int]]:
    return {(rule.kind, rule.text, rule.scope, rule.count) for rule in rules}


def approved(rules: Sequence[Rule]) -> list[Rule]:
    return [replace(rule, state="approved") for rule in rules]


def plain(articles: Sequence[Article]) -> list[str]:
    return [article.text for article in articles]


FOOTER = ("本站文章由网友分享，版权归原作者。", "青石书屋：陪你读懂每一天", "热度{n}，收藏{n}")
WATERMARK = "更多好文章尽在青石书屋手机版"


def test_nothing_is_proposed_for_essays_alone() -> None:
    assert propose(site("a/{n}.txt", 60) + site("table.csv", 60, 2)) == []


def test_what_was_planted_is_found_and_nothing_else() -> None:
    articles = site("a/{n}.txt", 40, above=["首页 > 范文 > 总结"], below=FOOTER, within=WATERMARK)
    assert shown(propose(articles)) == planted(
        ("paragraph", FOOTER[0], "a", 40),
        ("paragraph", FOOTER[1], "a", 40),
        ("paragraph", "热度0，收藏0", "a", 40),
        ("phrase", WATERMARK, "a", 40),
    )


def test_approved_proposals_give_the_articles_back() -> None:
    articles = site("a/{n}.txt", 40, below=FOOTER, within=WATERMARK)
    cleaned = [clean(article, approved(propose(articles))) for article in articles]
    assert plain(cleaned) == plain(site("a/{n}.txt", 40))


def test_proposing_again_proposes_nothing() -> None:
    articles = site("a/{n}.txt", 40, below=FOOTER, within=WATERMARK)
    rules = propose(articles)
    assert propose(articles, rules) == []
    assert propose([clean(article, approved(rules)) for article in articles]) == []


@pytest.mark.parametrize("state", ["proposed", "approved", "rejected"])
def test_a_known_rule_is_not_proposed_again_nor_its_parts(state: str) -> None:
    articles = site("a/{n}.txt", 40, below=FOOTER)
    known = [replace(rule, state=state) for rule in propose(articles) if rule.text == FOOTER[0]]  # type: ignore[arg-type]
    assert len(known) == 1
    assert {rule.text for rule in propose(articles, known)} == {FOOTER[1], "热度0，收藏0"}


def test_the_scope_is_the_file_of_many_articles_or_the_folder() -> None:
    bare = site("plain/{n}.txt", 30, 3)
    articles = site("x/table.csv", 20, below=FOOTER[:1]) + site("x/folder/{n}.txt", 20, 2, below=FOOTER[1:2]) + bare
    assert shown(propose(articles)) == planted(
        ("paragraph", FOOTER[0], "x/table.csv", 20), ("paragraph", FOOTER[1], "x/folder", 20)
    )


def test_the_scope_is_the_widest_in_which_it_recurs() -> None:
    articles = [a for n in range(12) for a in site(f"blog/{n}/{{n}}.md", 2, n, below=FOOTER[:1])]
    articles += site("essays/{n}.txt", 30, 99)
    assert shown(propose(articles)) == planted(("paragraph", FOOTER[0], "blog", 24))


def test_the_phrase_is_proposed_whole_and_up_to_the_edges_of_words() -> None:
    articles = site("a.csv", 30, within="本文转自青石书屋会员区（QS-001），请勿抄袭")
    assert [rule.text for rule in propose(articles)] == ["本文转自青石书屋会员区（QS-001），请勿抄袭"]


def test_a_prefix_of_all_articles_is_found() -> None:
    articles = site("news.csv", 30)
    marked = [
        replace(
            a,
            paragraphs=(
                replace(a.paragraphs[0], text=f"山海观察（{n}月{n}日刊）：{prose(random.Random(n))}"),
                *a.paragraphs,
            ),
        )
        for n, a in enumerate(articles)
    ]
    assert [(rule.kind, rule.text) for rule in propose(marked)] == [("phrase", "山海观察（0月0日刊）：")]


@pytest.mark.parametrize(
    "text",
    ["改革开放以来", "以习近平同志为核心的党中央坚强领导下", "综上所述", "全面建成小康社会的奋斗目标"],
)
def test_set_expressions_within_paragraphs_are_the_authors(text: str) -> None:
    assert propose(site("a/{n}.txt", 40, within=text)) == []


@pytest.mark.parametrize(
    "text", ["谢谢大家！", "各位代表：", "摘要", "2. 研究方法与数据来源说明", "第三章 研究设计与研究方法"]
)
def test_lines_of_the_genre_are_the_authors(text: str) -> None:
    assert propose(site("a/{n}.txt", 40, above=[text])) == []


def test_headings_are_the_authors() -> None:
    articles = site("a/{n}.txt", 40)
    headed = [replace(a, paragraphs=(Paragraph("本文的来源与编辑说明", 2), *a.paragraphs)) for a in articles]
    assert propose(headed) == []


def test_versions_and_copies_of_one_text_do_not_count() -> None:
    first = site("a/{n}.txt", 1)[0]
    copies = [replace(first, id=str(n), source=f"a/{n}.txt") for n in range(20)]
    chance = random.Random(7)
    versions = [
        replace(first, id=str(n), source=f"b/{n}.txt", paragraphs=(Paragraph(prose(chance)), *first.paragraphs * 2))
        for n in range(20)
    ]
    assert propose(copies) == propose(versions) == []


def test_two_documents_are_not_enough() -> None:
    assert propose(site("a/{n}.txt", 2, below=FOOTER, within=WATERMARK)) == []


def test_pieces_of_other_pages_lists_do_not_count() -> None:
    articles = [replace(a, page="list.txt") for a in site("list.txt", 20, below=FOOTER)]
    assert propose(articles) == []


def test_the_order_of_the_articles_does_not_matter() -> None:
    articles = site("a/{n}.txt", 30, below=FOOTER, within=WATERMARK) + site("b.csv", 30, 2, below=FOOTER[1:])
    shuffled = articles[:]
    random.Random(5).shuffle(shuffled)
    assert propose(articles) == propose(shuffled) == propose(tuple(articles))


def test_an_iterator_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="give a list"):
        propose(iter(site("a/{n}.txt", 3)))


def test_no_articles() -> None:
    assert propose([]) == []
    assert propose([Article("k", "t", ())] * 5) == []


def test_precision_and_recall_over_many_sites() -> None:
    right = proposed = 0
    for seed in range(8):
        name = f"{SUBJECTS[seed]}在线"
        texts = [f"{name}版权所有，未经授权不得转载", f"{name}，与您一路同行", "第{n}次被人读到，编号{n}"]
        mark = f"想读更多相关文章请搜{name}"
        rules = propose(site(f"s{seed}/{{n}}.html", 20 + 10 * seed, seed, below=texts, within=mark))
        expected = {*texts[:2], "第0次被人读到，编号0", mark}
        right += len({rule.text for rule in rules} & expected)
        proposed += len(rules)
    assert (right, proposed) == (32, 32)


PARAGRAPHS = st.lists(
    st.sampled_from([*FOOTER, WATERMARK, f"前文，{WATERMARK}。后文", "短句。", "一段自己的话，讲一件事。", "", "2019"]),
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a/1.txt", "a/2.txt", "b.csv", ""]), PARAGRAPHS), max_size=12))
def test_proposals_are_new_stable_and_exhaust_what_there_is(drawn: list[tuple[str, list[str]]]) -> None:
    articles = [
        Article(str(n), "t", tuple(Paragraph(text) for text in [f"{chr(0x4E00 + n) * 30}。", *texts]), source)
        for n, (source, texts) in enumerate(drawn)
    ]
    rules = propose(articles)
    assert all(rule.state == "proposed" and rule.count >= 3 for rule in rules)
    assert len({(rule.text, rule.kind, rule.scope) for rule in rules}) == len(rules)
    assert propose(articles, rules) == []
    assert propose([clean(article, approved(rules)) for article in articles], rules) == []


def test_scopes() -> None:
    scopes = Scopes([f"a/b/{n}.txt" for n in range(12)] + ["a/t.csv"] * 12 + ["c.txt"])
    assert [scopes.group(s) for s in ("a/b/1.txt", "a/t.csv", "c.txt")] == ["a/b", "a/t.csv", ""]
    assert scopes.widest({"a/t.csv": 12}, at_least(0.5)) == [("a/t.csv", 12)]
    assert scopes.widest({"a/t.csv": 12, "c.txt": 1}, at_least(0.5)) == [("a/t.csv", 12)]
    assert scopes.widest({f"a/b/{n}.txt": 1 for n in range(12)} | {"a/t.csv": 12}, at_least(0.5)) == [("a", 24)]
    assert scopes.widest({"a/t.csv": 4, **{f"a/b/{n}.txt": 1 for n in range(5)}}, at_least(0.4)) == [("a/b", 5)]
    assert Scopes(["/".join("a" * 5000)] * 12).widest({"/".join("a" * 5000): 12}, at_least(0.5))[0][1] == 12

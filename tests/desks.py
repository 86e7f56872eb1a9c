"""Essays for the editors' desk: ten and more of each subject, so that every one has a list; and the desk's events."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest

from recommender.recommend import Recommender
from recommender.types import Article, Paragraph

PLACES = (
    "青山",
    "临江",
    "柳河",
    "安平",
    "东湖",
    "石桥",
    "新港",
    "白塔",
    "长岭",
    "南浦",
    "云溪",
    "古城",
    "北关",
    "沙洲",
)
WRITERS = ("陈静", "李明", "周海", "吴敏")
TITLES = {
    "图书馆": ("{place}图书馆夜间开放一年记", "把书架搬到{place}的街角", "{place}：读者为什么愿意再来"),
    "税务": ("{place}办税窗口如何少跑一趟", "小微企业减税在{place}怎样落地", "{place}税务所的一天"),
    "篮球": ("{place}青年队逆转夺冠", "{place}主场的最后十秒", "从替补到主力：{place}后卫这一年"),
}
# Each essay has four of these sentences, no two essays more than two of the same, with names and figures of their own.
SENTENCES = {
    "图书馆": (
        "{place}图书馆把闭馆时间推迟到晚上{a}点，下班的读者也赶得上借书。",
        "馆员{who}说，夜里来的多半是学生和夜班工人，自习区的{b}个座位常常坐满。",
        "{place}的流动书车每周开进{a}个社区，老人在楼下就能还书。",
        "去年{place}新办读者证{b}张，其中三成是第一次走进图书馆的孩子。",
        "有读者在意见簿上写道，{place}的旧报纸合订本应当数字化，{who}已着手扫描前{a}卷。",
        "绘本区由志愿者{who}轮值，每逢周六给{b}个孩子讲故事。",
        "{place}图书馆与{a}家书店合作，读者挑中的新书由馆里付钱。",
        "盲文书架只有{a}排，{who}却坚持每月更新，借阅量反而涨了{b}册。",
        "采编部把采购预算的{a}成留给读者荐购，{place}的书目因此少了冷门，多了常用。",
        "{who}整理的地方文献目录收书{b}种，研究者从外省写信来借。",
    ),
    "税务": (
        "{place}税务所把{a}项申报合成一张表，纳税人少填{b}个空。",
        "会计{who}说，从前报增值税要排队半天，如今{a}分钟就能办完。",
        "{place}给{b}家小微企业退了税，最小的一笔只有{a}百元。",
        "征管员{who}每月上门{a}次，教个体户开电子发票。",
        "{place}公布了减免税的名单，{b}户企业对照着补报了材料。",
        "税收政策改了{a}回，{who}把要点印成小册子放在窗口。",
        "稽查科在{place}抽查{b}本账册，发现漏报的多是不懂申报的新店。",
        "纳税服务热线由{who}值守，一天接{b}个电话，问得最多的是个税扣除。",
        "{place}开通了跨区缴税，货车司机不必再绕路{a}公里。",
        "税务所长{who}说，执法要有依据，{place}去年撤回了{a}份处罚决定。",
    ),
    "篮球": (
        "{place}队第四节打出{b}比{a}的高潮，主场球迷全场起立。",
        "后卫{who}在最后{a}秒命中三分，把比赛拖入加时。",
        "{place}队的篮板球多出对手{a}个，教练说这是防守赢来的。",
        "中锋{who}伤愈复出，上场{b}分钟抢下{a}个篮板。",
        "替补席为{place}队贡献了{b}分，轮换阵容终于磨合好了。",
        "主教练{who}半场换了联防，对手连续{a}个回合没有得分。",
        "{place}体育馆涌进{b}百名观众，季后赛门票一小时售完。",
        "前锋{who}三分球{a}投全中，追平了队史纪录。",
        "{place}青年队从选秀里挑了{a}名后卫，联赛里个个能上场。",
        "助教{who}把对手的战术剪成{b}段录像，球员赛前看了三遍。",
    ),
}


LINKS = ("税务/1", "图书馆/3", "篮球/2", "图书馆/10", "no/longer")


def essays() -> list[Article]:
    """Fourteen essays of each subject, the last a repost of the seventh. The page of the first essay has a list."""
    made = {article.id: article for number in range(len(PLACES)) for article in map(partial(_essay, number), SENTENCES)}
    for subject in SENTENCES:
        made[f"{subject}/13"] = replace(made[f"{subject}/13"], paragraphs=made[f"{subject}/6"].paragraphs)
    made["图书馆/0"] = replace(made["图书馆/0"], links=LINKS)
    return list(made.values())


def _choices() -> list[tuple[int, ...]]:
    """Which sentences each essay has."""
    found: list[tuple[int, ...]] = []
    for some in combinations(range(10), 4):
        if all(len({*some} & {*other}) <= 2 for other in found):
            found.append(some)
    return found


def _essay(number: int, subject: str) -> Article:
    place = PLACES[number]
    names = [
        {
            "place": place,
            "who": WRITERS[(number + at) % 4],
            "a": 2 + (number * 3 + at) % 7,
            "b": 11 + number * 5 + at * 3,
        }
        for at in range(4)
    ]
    chosen = [SENTENCES[subject][at] for at in _choices()[number]]
    lines = [sentence.format(**name) for sentence, name in zip(chosen, names, strict=True)]
    return Article(
        f"{subject}/{number}",
        TITLES[subject][number % 3].format(place=place),
        (Paragraph("".join(lines[:2])), Paragraph("".join(lines[2:]))),
        date=f"2026-{1 + number % 9:02}-{10 + number}",
        author=WRITERS[number % 4],
    )


def planted(path: Path) -> Recommender:
    """A library of these essays."""
    recommender = Recommender.open(path)
    recommender.put(essays())
    return recommender


def drawn(page: AppTest) -> dict[str, Any]:
    """What the desk's component is given to draw."""
    [desk] = [c.proto for c in page.get("bidi_component") if c.proto.component_name == "recommender.desk"]
    found: dict[str, Any] = json.loads(desk.json or desk.mixed.json)
    return found


def send(page: AppTest, *events: dict[str, Any]) -> AppTest:
    """The page after its component has sent events, as a browser sends them: those that are new have numbers."""
    [desk] = [c.proto for c in page.get("bidi_component") if c.proto.component_name == "recommender.desk"]
    now = drawn(page)
    numbered = [{"n": now["done"] + at, "essay": now["essay"], **event} for at, event in enumerate(events, 1)]
    states = page._tree.get_widget_states()
    trigger = states.widgets.add()
    trigger.id = _make_trigger_id(desk.id, "events")
    trigger.json_trigger_value = json.dumps([{"event": "events", "value": numbered}])
    page._run(states)
    assert not page.exception
    return page

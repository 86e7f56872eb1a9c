"""What the editors' desk does after a key, a click, a choice: the queue, one essay, many at once; without a browser."""

from __future__ import annotations

import gc
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from desks import drawn, essays, planted, send
from pages import own_library, own_strings, page_at, page_for, run
from streamlit.testing.v1 import AppTest

from recommender.curate import SIZE
from recommender.desk import Desk
from recommender.export import FORMATS
from recommender.recommend import Recommender
from recommender.types import Article, Change, Decision, Paragraph
from recommender.ui import access, desk_events
from recommender.ui.desk_acts import LONGEST, act
from recommender.ui.desk_presence import SILENT, Register
from recommender.ui.desk_window import Window
from recommender.ui.desk_words import LABELS
from recommender.ui.words import Words

FIRST = "图书馆/0"
# The essays that have 减税 in their titles.
CUTS = {f"税务/{number}" for number in (1, 4, 7, 10, 13)}
NEW = (
    Paragraph(
        "云溪图书馆把闭馆时间推迟到晚上8点，下班的读者也赶得上借书。流动书车每周开进6个社区，老人在楼下就能还书。"
    ),
    Paragraph("绘本区由志愿者轮值，每逢周六给孩子讲故事。采编部把采购预算的三成留给读者荐购，借阅量涨了。"),
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recommender:
    """The library of this test's page, with essays; nothing is decided yet."""
    return planted(own_library(tmp_path, monkeypatch))


def _desk(**address: str) -> AppTest:
    return page_at(view="desk", **address)


def _essay(library: Recommender, id_: str = FIRST) -> Article:
    found = library.article(id_)
    assert found
    return found


def _list(library: Recommender, essay: str = FIRST) -> list[str]:
    return [entry.piece for entry in Desk(library).open(_essay(library, essay)).list.entries]


def _own(library: Recommender, essay: str = FIRST) -> list[Decision]:
    return [decision for decision in library.library.decisions.of([essay]) if decision.essay == essay]


def _decide(library: Recommender, by: str, *changes: Change, essay: str = FIRST) -> None:
    desk = Desk(library)
    desk.decide(desk.open(_essay(library, essay)), changes, by)


def _queue(page: AppTest) -> list[str]:
    """The essays that are shown in the queue, in order."""
    return [str(button.key).removeprefix("open-") for button in page.button if str(button.key).startswith("open-")]


def _choice(page: AppTest, option: str) -> Any:
    """The choice that has an option of this name."""
    return next(group for group in page.get("button_group") if option in group.options)


def _choose_piece(page: AppTest, what: str, value: str, piece: Article) -> None:
    """Choose what to do to the lists of many essays, and with which piece."""
    run(_choice(page, what).set_value(value))
    assert page.button(key="bulk_apply").disabled
    run(page.text_input(key="bulk_find").input(piece.title))
    run(next(box for box in page.selectbox if box.label == "哪一篇").select(piece.id))


def _opened(panel: str, **address: str) -> AppTest:
    """The page with a panel open."""
    page = _desk(**address)
    page.session_state[panel] = True
    return run(page)


def _pins(library: Recommender, essay: str) -> set[str]:
    return set(Desk(library).open(_essay(library, essay)).decided.pins)


def _text(page: AppTest) -> str:
    """All that the page says by itself in HTML and in notices."""
    return "\n".join(str(e.value) for e in (*page.html, *page.markdown, *page.info, *page.success, *page.caption))


# --- what an event means ---


def test_an_event_changes_the_list_as_it_says(library: Recommender) -> None:
    desk = Desk(library)

    def after(*events: dict[str, Any]) -> list[str]:
        draft = desk.open(_essay(library))
        for event in events:
            draft = desk.decide(draft, act(event, draft), "李")
        return [entry.piece for entry in draft.list.entries]

    proposed = _list(library)
    first, second, third, *_ = proposed
    unlisted = next(row.piece for row in desk.open(_essay(library)).proposals.rows if row.piece not in proposed)
    assert len(proposed) == SIZE
    assert after({"do": "pin", "piece": third, "place": 1})[:3] == [third, first, second]
    assert after({"do": "undo"}) == proposed
    assert after({"do": "redo"})[:1] == [third]
    assert after({"do": "pin", "piece": unlisted})[-1] == unlisted
    assert after({"do": "pin", "piece": "税务/9", "place": 2, "instead": first})[:3] == [third, "税务/9", second]
    assert after({"do": "hide", "piece": second})[2] == proposed[3]
    assert second in after({"do": "show", "piece": second})
    assert after({"do": "free", "piece": third})[0] != third
    assert len(after({"do": "size", "place": 3})) == 3
    assert after({"do": "size", "place": LONGEST + 9}) and Desk(library).open(_essay(library)).decided.size == LONGEST
    draft = desk.open(_essay(library))
    draft = desk.decide(draft, act({"do": "note", "piece": third, "text": " 问过作者 "}, draft), "李")
    assert draft.decided.notes == {third: "问过作者"}
    draft = desk.decide(draft, act({"do": "hide", "piece": third, "everywhere": True, "text": "旧"}, draft), "李")
    assert draft.decisions[-1].change == Change("hide", third, everywhere=True, text="旧")
    assert third not in _list(library, "图书馆/6")
    draft = desk.decide(draft, act({"do": "publish"}, draft), "李")
    assert draft.published == draft.list


def test_an_event_that_would_change_nothing_is_no_decision(library: Recommender) -> None:
    draft = Desk(library).open(_essay(library))
    first = draft.list.entries[0].piece
    draft = Desk(library).decide(draft, [Change("pin", first, 1, was=1)], "李")
    nothing = [
        {"do": "pin", "piece": first},
        {"do": "pin", "piece": first, "place": 1},
        {"do": "pin", "piece": FIRST, "place": 1},
        {"do": "free", "piece": draft.list.entries[1].piece},
        {"do": "show", "piece": first},
        {"do": "note", "piece": first, "text": " "},
        {"do": "size", "place": SIZE},
        {"do": "redo"},
    ]
    assert [act(event, draft) for event in nothing] == [[]] * len(nothing)
    with pytest.raises(KeyError):
        act({"do": "delete"}, draft)


def test_a_piece_stands_where_it_was_put(library: Recommender) -> None:
    desk = Desk(library)
    draft = desk.open(_essay(library))
    for place in range(1, SIZE + 1):
        for piece in (draft.list.entries[0].piece, draft.list.entries[-1].piece, "税务/9"):
            after = desk.decide(draft, act({"do": "pin", "piece": piece, "place": place}, draft), "李")
            assert after.list.entries[place - 1].piece == piece
            assert len(after.list.entries) == SIZE
            draft = desk.undo(after, "李")


# --- one essay ---


def test_the_list_is_drawn_with_reasons_and_what_the_page_lists(library: Recommender) -> None:
    shown = drawn(_desk(article=FIRST))
    assert shown["list"] == _list(library)
    assert (shown["state"], shown["stand"]["n"], shown["stand"]["of"]) == ("new", 1, 42)
    rows = {row["id"]: row for row in shown["rows"]}
    proposals = Desk(library).open(_essay(library)).proposals.rows
    assert [rows[p.piece]["why"] for p in proposals] == [p.why_zh for p in proposals]
    unrelated = [p.piece for p in proposals if p.relevance == "unrelated"]
    assert unrelated and all(rows[piece]["word"] == "不相关" for piece in unrelated)
    assert any("+1 转载" in row["tags"] for row in rows.values())
    first = library.related(_essay(library), 1)[0]
    assert first.evidence[0].article.text in rows[first.article.id]["reasons"]
    page_lists = {piece["id"]: piece for piece in shown["page"]}
    assert list(page_lists) == list(_essay(library).links)
    assert page_lists["税务/1"]["band"] == "unrelated"
    assert [id_ for id_, piece in page_lists.items() if piece["gone"]] == ["no/longer"]
    assert shown["published"] is None


def test_what_is_sent_is_done_once_and_in_order(library: Recommender) -> None:
    page = _desk(article=FIRST)
    first, second, third, *_ = drawn(page)["list"]
    hide, pin = {"do": "hide", "piece": first}, {"do": "pin", "piece": third, "place": 1}
    send(page, hide, pin)
    assert drawn(page)["done"] == 2
    assert drawn(page)["list"][:2] == [third, second]
    assert "到第 1 位" in drawn(page)["said"]["text"]
    send(page, hide | {"n": 1}, pin | {"n": 2}, {"n": 3, "do": "undo"})
    assert [decision.change.action for decision in _own(library)] == ["hide", "pin", "undo"]
    assert drawn(page)["list"][0] == second
    assert drawn(page)["said"]["piece"] == third


def test_runs_that_overlap_do_each_event_once(library: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    # A key that is pressed while a run goes on begins another, with all that was not answered; both go on for a moment.
    monkeypatch.setattr(access, "editor", lambda: "李")
    window, essay, pieces = Window(), _essay(library), _list(library)[:4]
    window.open(library, essay, "李")
    events = [{"n": n, "essay": FIRST, "do": "hide", "piece": piece} for n, piece in enumerate(pieces, 1)]

    def take(known: int) -> None:
        desk_events.take(window, library, essay, events[:known], Words("zh"))

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(take, (1, 2, 3, 4, 4)))
    assert [decision.change.piece for decision in _own(library)] == pieces
    assert window.held is None


def test_nothing_is_searched_again_while_one_decides(library: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _desk(article=FIRST)
    asked, related = [], Recommender.related

    def counted(*args: Any, **named: Any) -> Any:
        asked.append(args)
        return related(*args, **named)

    monkeypatch.setattr(Recommender, "related", counted)
    first, second, *_ = drawn(page)["list"]
    send(page, {"do": "pin", "piece": second, "place": 1})
    send(page, {"do": "hide", "piece": first})
    send(page, {"do": "search", "text": "税务"})
    run(page)
    assert asked == []
    library.remove(["图书馆/9"])
    run(page)
    assert asked
    assert "图书馆/9" not in drawn(page)["list"]


def test_a_search_by_title_finds_pieces_to_add(library: Recommender) -> None:
    page = send(_desk(article=FIRST), {"do": "search", "text": "减税"})
    found = drawn(page)["found"]
    assert found["find"] == "减税"
    assert {row["id"] for row in found["rows"]} == CUTS
    send(page, {"do": "pin", "piece": "税务/4", "place": 2})
    assert drawn(page)["found"] is None
    assert drawn(page)["list"][1] == "税务/4"


def test_publishing_goes_on_to_the_next_essay(library: Recommender) -> None:
    page = send(_desk(article=FIRST), {"do": "publish"})
    shown = drawn(page)
    assert shown["essay"] == "税务/0"
    assert shown["stand"] == {"n": 2, "of": 42, "before": FIRST, "after": "篮球/0"}
    assert shown["said"]["text"] == f"已发布《{_essay(library).title}》。"
    assert library.library.decisions.published() == [FIRST]
    # What was typed before it came was for the essay that is published.
    send(page, {"do": "hide", "piece": shown["list"][0], "essay": FIRST})
    assert [decision.change.action for decision in library.library.decisions.after(0)] == ["publish"]
    assert drawn(send(page, {"do": "open", "to": FIRST}))["state"] == "done"


def test_what_readers_get_is_beside_the_list_as_long_as_it_is_another(library: Recommender) -> None:
    page = send(_desk(article=FIRST), {"do": "publish"})
    send(page, {"do": "open", "to": FIRST})
    before = drawn(page)["list"]
    send(page, {"do": "hide", "piece": before[0]})
    assert [piece["id"] for piece in drawn(page)["published"]] == before
    send(page, {"do": "undo"})
    assert drawn(page)["published"] is None


def test_after_the_last_essay_comes_the_queue(library: Recommender) -> None:
    page = _desk(article="篮球/13")
    assert drawn(page)["stand"]["after"] == ""
    send(page, {"do": "publish"})
    assert "article" not in page.query_params
    assert "这一轮编完了。" in _text(page)


def test_a_pinned_piece_that_left_the_library_is_reported(library: Recommender) -> None:
    page = send(_desk(article=FIRST), {"do": "pin", "piece": "税务/9", "place": 1})
    library.remove(["税务/9"])
    assert drawn(run(page))["lost"] == ["税务/9"]


def test_an_article_without_text_has_no_list(library: Recommender) -> None:
    library.put([Article("empty", "空", ())])
    assert "这篇文章没有正文" in _text(_desk(article="empty"))


def test_a_piece_of_another_list_has_none_of_its_own(library: Recommender) -> None:
    library.put([Article("page", "页面", NEW, links=("piece",)), Article("piece", "只在列表里", NEW, page="page")])
    page = _desk(article="piece")
    assert "自己没有列表可编" in _text(page)
    assert page.button(key="find_inbound")
    assert "piece" not in {task.essay for task in library.library.decisions.queue()}


def test_garbage_is_not_looked_for_in_what_stays(library: Recommender) -> None:
    _desk()
    assert gc.get_freeze_count()  # else Streamlit goes through half a million objects after each key


def test_an_article_that_is_gone_is_said_to_be(library: Recommender) -> None:
    page = _desk(article="nothing there")
    assert "链接里的文章不在这个文库里。" in _text(page)
    assert len(_queue(page)) == 20


# --- two editors ---


def test_what_another_decided_first_is_not_written_over(library: Recommender) -> None:
    page = _desk(article=FIRST)
    _, second, third, *_ = drawn(page)["list"]
    _decide(library, "王编辑", Change("hide", second))
    send(page, {"do": "pin", "piece": third, "place": 1})
    assert [decision.by for decision in _own(library)] == ["王编辑"]
    assert "你的改动没有写入" in _text(page)
    assert "王编辑" in _text(page)
    assert not drawn(page)["mayEdit"]
    assert second not in drawn(page)["list"]
    run(page.button(key="conflict_again").click())
    assert drawn(page)["list"][0] == third
    assert second not in drawn(page)["list"]
    assert [decision.by for decision in _own(library)] == ["王编辑", access.editor()]
    assert drawn(page)["mayEdit"]
    assert "你的改动没有写入" not in _text(page)


def test_ones_own_change_can_be_dropped(library: Recommender) -> None:
    page = _desk(article=FIRST)
    first, second, *_ = drawn(page)["list"]
    _decide(library, "王编辑", Change("hide", second))
    send(page, {"do": "hide", "piece": first}, {"do": "publish"})
    assert drawn(page)["essay"] == FIRST
    run(page.button(key="conflict_drop").click())
    assert [decision.by for decision in _own(library)] == ["王编辑"]
    assert drawn(page)["list"][0] == first
    assert drawn(page)["mayEdit"]


def test_what_another_decides_meanwhile_is_told(library: Recommender) -> None:
    page = _desk(article=FIRST)
    _decide(library, "王编辑", Change("note", text="等消息"))
    run(page)
    assert "别人改了列表" in _text(page)
    assert "给列表写备注：等消息" in _text(page)


def test_who_else_is_here_is_known_until_they_fall_silent() -> None:
    register, here = Register(), ("library", FIRST)
    assert register.note(here, "a", "李", 0) == []
    assert register.note(here, "b", "王", 1) == ["李"]
    assert register.note(here, "c", "王", 2) == ["李", "王"]
    assert register.note(("library", "other"), "b", "王", 3) == []
    assert register.note(here, "a", "李", SILENT + 1) == ["王"]
    assert register.note(here, "a", "李", SILENT + 2) == []
    assert register.note(here, "reader", "", SILENT + 2) == ["李"]
    assert register.note(here, "a", "李", SILENT + 2) == []


# --- who may not edit ---


def test_who_may_not_edit_sees_all_and_changes_nothing(library: Recommender) -> None:
    _decide(library, "王编辑", Change("publish"))
    page = page_for("", "li@example.org", view="desk", article=FIRST)
    assert not drawn(page)["mayEdit"]
    assert drawn(page)["list"] == _list(library)
    send(page, {"do": "hide", "piece": drawn(page)["list"][0]})
    assert [decision.by for decision in _own(library)] == ["王编辑"]
    assert any("只有编辑才能修改" in str(error.value) for error in page.error)
    queue = page_for("", "li@example.org", view="desk")
    assert len(_queue(queue)) == 20
    assert not queue.checkbox


def test_the_editor_who_is_logged_in_is_named(library: Recommender) -> None:
    page = page_for("li@example.org", "li@example.org", view="desk", article=FIRST)
    send(page, {"do": "publish"})
    assert [decision.by for decision in _own(library)] == ["li@example.org"]


# --- the queue ---


def test_the_queue_says_what_is_to_do(library: Recommender) -> None:
    _decide(library, "王", Change("publish"))
    _decide(library, "王", Change("publish"), essay="税务/0")
    library.put([replace(_essay(library, "税务/0"), title="改了标题")])
    page = _desk()
    assert _choice(page, "待编 41").options == ["待编 41", "未编 40", "内容有变 1", "有失效 0", "已发布 1"]
    assert FIRST not in _queue(page)
    page = _desk(queue="changed")
    assert _queue(page) == ["税务/0"]
    run(page.button(key="open-税务/0").click())
    assert drawn(page)["stand"] == {"n": 1, "of": 1, "before": "", "after": ""}
    done = _desk(queue="done")
    assert _queue(done) == [FIRST]
    assert "平均相关度" in _text(done)


def test_pages_and_words_of_titles(library: Recommender) -> None:
    page = _desk()
    first = _queue(page)
    run(page.button(key="next").click())
    assert "第 2 页，共 3 页" in _text(page)
    assert not set(first) & set(_queue(page))
    page = _desk(find="减税")
    assert set(_queue(page)) == CUTS
    run(page.button(key="open-税务/4").click())
    assert (drawn(page)["stand"]["n"], drawn(page)["stand"]["of"]) == (2, 5)
    assert "这里没有标题含有这些字的文章。" in _text(_desk(find="没有这样的标题"))


def test_many_are_published_at_once(library: Recommender) -> None:
    page = _desk(find="减税")
    run(page.checkbox(key="desk_pick_page-0").check())
    assert "已选 5 篇" in _text(page)
    run(page.button(key="bulk_apply").click())
    assert set(library.library.decisions.published()) == CUTS
    assert "完成 5 篇。" in _text(page)
    assert "已选" not in _text(page)
    run(page.button(key="dismiss_report").click())
    assert "完成" not in _text(page)


def test_all_of_a_state_are_selected_across_pages(library: Recommender) -> None:
    page = _desk()
    run(page.button(key="pick_found").click())
    assert "已选 42 篇" in _text(page)
    assert all(box.value for box in page.checkbox)
    run(page.checkbox(key=f"desk_pick-{FIRST}-1").uncheck())
    assert "已选 41 篇" in _text(page)
    run(page.button(key="pick_none").click())
    assert not any(box.value for box in page.checkbox)


def test_a_piece_is_pinned_in_many(library: Recommender) -> None:
    page = _desk(find="图书馆")
    chosen = _queue(page)
    run(page.checkbox(key="desk_pick_page-0").check())
    _choose_piece(page, "固定一篇", "pin", _essay(library, "税务/2"))
    run(page.number_input(key="bulk_place").set_value(3))
    run(page.button(key="bulk_apply").click())
    assert {_list(library, essay)[2] for essay in chosen} == {"税务/2"}


def test_a_piece_that_is_hidden_everywhere_is_decided_on_once(library: Recommender) -> None:
    gone = _list(library)[0]
    page = _desk()
    run(page.button(key="pick_found").click())
    _choose_piece(page, "处处隐藏一篇", "hide_everywhere", _essay(library, gone))
    run(page.button(key="bulk_apply").click())
    [decision] = library.library.decisions.after(0)
    assert decision.change == Change("hide", gone, everywhere=True)
    assert not any(gone in _list(library, essay.id) for essay in essays()[:6])


def test_what_fails_in_one_stops_no_other(library: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    library.put([Article("empty", "减税的空文", ())])
    page = _desk(find="减税")
    run(page.checkbox(key="desk_pick_page-0").check())
    decide = Desk.decide

    def beaten(desk: Desk, draft: Any, changes: Any, by: str) -> Any:
        if draft.essay.id == "税务/4":
            decide(desk, draft, [Change("note", text="我先来")], "王编辑")
        return decide(desk, draft, changes, by)

    monkeypatch.setattr(Desk, "decide", beaten)
    run(page.button(key="bulk_apply").click())
    assert set(library.library.decisions.published()) == CUTS - {"税务/4"}
    assert "完成 4 篇。有 2 篇没有做成：" in _text(page)
    assert "王编辑 刚刚改过这个列表" in _text(page)
    assert "这篇文章没有正文" in _text(page)
    assert "已选 2 篇" in _text(page)


# --- inbound, history, to take along ---


def test_older_essays_link_to_a_new_one_in_one_pass(library: Recommender) -> None:
    _decide(library, "王", Change("publish"), essay="图书馆/6")
    library.put([replace(_essay(library, "图书馆/12"), id="new", title="新开的图书馆", paragraphs=NEW)])
    page = _opened("inbound-new", article="new")
    run(page.button(key="find_inbound").click())
    boxes = [str(box.key).removeprefix("inbound-take-") for box in page.checkbox]
    assert len(boxes) >= 3
    assert all(box.value for box in page.checkbox)
    assert not library.library.decisions.lists_with("new")
    left = boxes[0]
    run(page.checkbox(key=f"inbound-take-{left}").uncheck())
    run(page.button(key="accept_inbound").click())
    assert f"完成 {len(boxes) - 1} 篇。" in _text(page)
    assert {essay for essay in boxes if "new" in _pins(library, essay)} == set(boxes[1:])
    assert library.library.decisions.lists_with("new") == (["图书馆/6"] if "图书馆/6" in boxes[1:] else [])
    assert [str(box.key).removeprefix("inbound-take-") for box in page.checkbox] == [left]


def test_the_history_has_every_decision_and_the_list_as_it_was(library: Recommender) -> None:
    first, second, *_ = before = _list(library)
    _decide(library, "王编辑", Change("hide", first, text="过时"))
    _decide(library, "李编辑", Change("pin", second, 4, was=1))
    desk = Desk(library)
    desk.undo(desk.open(_essay(library)), "李编辑")
    page = _opened("history", article=FIRST)
    told = [html.value for html in page.html if 'class="decision"' in html.value]
    assert [re.findall("<b>(.*?)</b>", html) for html in told] == [["李编辑"], ["李编辑"], ["王编辑"]]
    assert "撤销：" in told[0]
    assert "已撤销" in told[1]
    assert "（过时）" in told[2]
    assert "内置多语言模型" in told[2]
    run(page.button(key=f"then-{_own(library)[0].number}").click())
    [then] = [html.value for html in page.html if 'class="then"' in html.value]
    titles = [_essay(library, piece).title for piece in before[1:]]
    assert re.findall("<li>(.*?)</li>", then)[: SIZE - 1] == titles
    assert _own(library)[-1].change.action == "undo"


def test_a_published_list_can_be_taken_along(library: Recommender) -> None:
    assert "还没有发布" in _text(_opened("export_one", article=FIRST))
    _decide(library, "王编辑", Change("note", text="内部"), Change("publish"))
    page = _opened("export_one", article=FIRST)
    [shown] = [c.proto for c in page.get("bidi_component") if c.proto.component_name == "recommender.desk_copy"]
    text = json.loads(shown.json or shown.mixed.json)["text"]
    assert [piece["id"] for piece in json.loads(text)["pieces"]] == _list(library)
    assert "内部" not in text and "王编辑" not in text
    for form in FORMATS:
        run(_choice(page, "Markdown").set_value(form))
    assert page.get("download_button")
    assert _opened("export_all").get("download_button")


# --- words ---


def test_the_component_draws_every_label() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "recommender" / "ui").glob("desk*.js"))
    names = {name.removeprefix("desk_") for name in LABELS}
    used = "|".join(["labels\\.({0})\\b", "[\"']({0})[\"']", "\\b({0}): \\(", "{{ ({0}) }} = desk"])
    assert {name for name in names if not re.search(used.format(name), code)} == set()


def test_no_string_of_the_chinese_page_is_english(library: Recommender) -> None:
    _decide(library, "王", Change("publish"))
    for page in (_desk(), _desk(queue="done"), _desk(article=FIRST), _opened("history", article=FIRST)):
        said = " ".join(own_strings(page))
        assert set(re.findall("[A-Za-z]{2,}", said)) <= {"English"}
    labels = " ".join(drawn(_desk(article=FIRST))["labels"].values())
    assert set(re.findall("[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", labels))) == set()

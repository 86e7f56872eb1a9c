"""What was decided, and what is wrong with a library, is said in the language of the page."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from recommender.library import check, check_record
from recommender.types import Action, Change, Decision
from recommender.ui.decision_words import said
from recommender.ui.reasons import reason
from recommender.ui.words import Words

ZH, EN = Words("zh"), Words("en")
TITLES = {"p": "张桂梅", "q": "{花}括号"}

SENTENCES = [
    (Change("pin", "p", 2), "加入《张桂梅》，固定在第 2 位", "Pinned “张桂梅” at place 2"),
    (Change("pin", "p", 2, was=5), "把《张桂梅》从第 5 位移到第 2 位", "Moved “张桂梅” from place 5 to place 2"),
    (Change("pin", "p", 2, was=2), "把《张桂梅》固定在第 2 位", "Kept “张桂梅” at place 2"),
    (
        Change("pin", "p", 2, instead="q"),
        "在第 2 位用《张桂梅》替换《{花}括号》",
        "Put “张桂梅” at place 2 instead of “{花}括号”",
    ),
    (Change("free", "p"), "取消固定《张桂梅》", "Took back the pin of “张桂梅”"),
    (Change("hide", "gone"), "隐藏《gone》", "Hid “gone”"),
    (Change("hide", "p", everywhere=True), "在所有文章中隐藏《张桂梅》", "Hid “张桂梅” in all lists"),
    (Change("show", "p"), "取消隐藏《张桂梅》", "Showed “张桂梅” again"),
    (Change("show", "p", everywhere=True), "在所有文章中取消隐藏《张桂梅》", "Showed “张桂梅” in all lists again"),
    (Change("note", "p", text="好"), "给《张桂梅》写备注：好", "Noted on “张桂梅”: 好"),
    (Change("note", text="好"), "给列表写备注：好", "Noted on the list: 好"),
    (Change("note", "p"), "删去《张桂梅》的备注", "Took back the note on “张桂梅”"),
    (Change("note"), "删去列表的备注", "Took back the note on the list"),
    (Change("size", place=7), "列表改为 7 篇", "Made the list 7 long"),
    (Change("publish"), "发布列表", "Published the list"),
    (Change("publish", text="定稿"), "发布列表（定稿）", "Published the list (定稿)"),
    (Change("hide", "p", text="旧{闻}"), "隐藏《张桂梅》（旧{闻}）", "Hid “张桂梅” (旧{闻})"),
    (Change("undo", of="x"), "撤销了一个决定", "Undid a decision"),
    (Change("redo", of="x"), "重做了一个决定", "Redid a decision"),
]


def decision(change: Change) -> Decision:
    return Decision(1, "uid", "e", "编辑", "2026-01-01T00:00:00+00:00", 1, change)


@pytest.mark.parametrize(("change", "zh", "en"), SENTENCES, ids=str)
def test_a_decision_is_said_in_a_sentence(change, zh, en):
    assert said(decision(change), TITLES, ZH) == zh
    assert said(decision(change), TITLES, EN) == en


def test_every_action_is_said():
    assert {change.action for change, *_ in SENTENCES} == set(get_args(Action))


def test_an_undoing_says_what_it_undoes():
    hidden = decision(Change("hide", "p", text="旧闻"))
    assert said(decision(Change("undo", of="uid")), TITLES, ZH, hidden) == "撤销：隐藏《张桂梅》（旧闻）"
    assert said(decision(Change("redo", of="uid")), TITLES, EN, hidden) == "Redid: Hid “张桂梅” (旧闻)"


WRONG = [
    *check._WRONG,
    *check_record._WRONG,
    "decisions that cannot be read",
    "proposals that cannot be read",
    "published lists that are not what was decided",
]


@pytest.mark.parametrize("what", WRONG)
def test_what_the_check_finds_is_said_in_chinese(what):
    told = reason(f"There are {what}: 'page', 2 and 3 more.", ZH)
    assert "'page', 2 and 3 more" in told
    assert not re.search("[A-Za-z]", told.replace("'page', 2 and 3 more", ""))

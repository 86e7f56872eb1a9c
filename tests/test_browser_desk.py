"""The editors' desk in a browser: keys, a drag, two windows, a phone. Screenshots go to artefacts/."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browsers import Opened, chromium, needs_chromium, serving, settle, shoot, windows, words_in_sight
from conftest import ROOT
from desks import planted
from playwright.sync_api import Browser, Locator, Page, expect

from recommender.curate import Curation, curated, curation, moved
from recommender.desk import Desk
from recommender.published import published_lists
from recommender.recommend import Recommender
from recommender.types import Change, Decision, Proposal

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def library(folder: Path) -> Recommender:
    """The library that the server works on, too."""
    return planted(folder / "library.db")


@pytest.fixture(scope="module")
def server(folder: Path, library: Recommender) -> Iterator[str]:
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(server: str, browser: Browser) -> Iterator[Opened]:
    with windows(server, browser) as window:
        yield window


def _at(essay: str) -> str:
    return f"?view=desk&article={quote(essay, safe='')}"


def _list(page: Page) -> Locator:
    return page.locator(".desk-list .desk-what > h4")


def _focus(page: Page) -> Locator:
    return page.locator(".desk-row.focus .desk-what > h4")


def _titles(library: Recommender, essay: str) -> list[str]:
    """The list of an essay as the record has it now."""
    article = library.article(essay)
    assert article
    pieces = [entry.piece for entry in Desk(library).open(article).list.entries]
    return [held.title for held in library.library.articles(pieces).values()]


def test_an_essay_with_ten_proposals_is_decided_with_at_most_twelve_keys(opened: Opened, library: Recommender) -> None:
    page = opened("?view=desk&queue=new")
    expect(page.locator(".desk-keys")).to_be_visible()  # the keys are heard from when their legend is drawn
    # From the queue by keyboard, too: J to the first essay, Enter opens it.
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-stand")).to_have_text("第 1 篇，共 42 篇待编")
    before = _list(page).all_inner_texts()
    essay = page.locator(".desk h2").inner_text()
    assert len(before) == 10
    settle(page)
    shoot(page, "desk")
    decided = "ppxppxpppp"
    for key in decided:
        page.keyboard.press(key)
    kept = [title for at, title in enumerate(before) if at not in (2, 5)]
    expect(_list(page)).to_have_count(10)
    assert _list(page).all_inner_texts()[:8] == kept
    page.keyboard.press("Enter")
    assert len([*decided, "Enter"]) <= 12
    expect(page.locator(".desk-stand")).to_have_text("第 2 篇，共 42 篇待编")
    expect(page.locator(".desk-said")).to_contain_text(f"已发布《{essay}》。")
    [published] = [of_list for of_list in published_lists(library.library) if of_list.essay.title == essay]
    assert [piece.article.title for piece in published.pieces][:8] == kept
    assert [piece.is_pinned for piece in published.pieces] == [True] * 8 + [False] * 2
    # The way back, where what was published is taken back.
    page.get_by_role("button", name="回到那一篇").click()
    expect(page.locator(".desk h2")).to_have_text(essay)
    expect(page.locator(".desk-facts")).to_contain_text("已发布")
    page.locator(".desk-row").first.click()
    page.keyboard.press("Control+z")
    expect(page.locator(".desk-facts")).to_contain_text("未编")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".desk-facts")).to_contain_text("已发布")


def test_rows_are_dragged_moved_and_added_and_typing_is_left_alone(opened: Opened, library: Recommender) -> None:
    essay = "图书馆/3"
    page = opened(_at(essay))
    first, _, _, fourth, *_ = before = _list(page).all_inner_texts()
    rows = page.locator(".desk-list .desk-row")
    rows.nth(3).hover()
    rows.nth(3).locator(".desk-grip").drag_to(rows.nth(0), target_position={"x": 60, "y": 4})
    expect(_list(page).first).to_have_text(fourth)
    expect(_focus(page)).to_have_text(fourth)
    page.keyboard.press("Alt+ArrowDown")
    expect(_list(page).nth(1)).to_have_text(fourth)
    page.keyboard.press("5")
    expect(_list(page).nth(4)).to_have_text(fourth)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(_list(page).first).to_have_text(fourth)
    page.keyboard.press("y")
    expect(_list(page).nth(1)).to_have_text(fourth)
    # A title that is typed, with letters that are keys outside the field; the second that is found comes in.
    page.keyboard.press("/")
    page.keyboard.type("xp减税")
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    found = page.locator(".desk-dialog [role=option]")
    expect(found).to_have_count(5)
    page.keyboard.press("ArrowDown")
    added = found.nth(1).locator(".desk-title").inner_text()
    shoot(page, "desk-add")
    page.keyboard.press("Enter")
    expect(_list(page).last).to_have_text(added)
    expect(_focus(page)).to_have_text(added)
    page.keyboard.press("n")
    page.keyboard.type("x 读者问过")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk-row.focus .desk-note")).to_have_text("备注：x 读者问过")
    # Replace the first, with a reason, and leave one out in all lists.
    page.locator(".desk-row").first.click()
    page.keyboard.press("r")
    page.keyboard.type("逆转")
    expect(found).to_have_count(5)
    page.locator(".desk-dialog input[name=text]").fill("更近")
    found.first.click()
    expect(page.locator(".desk-said")).to_contain_text("（更近）")
    expect(page.locator(".desk-hidden h4")).to_have_text([first])
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    page.keyboard.type("旧闻")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-said")).to_contain_text("在所有文章中隐藏")
    expect(page.locator(".desk-hidden h4")).to_have_count(2)
    assert _list(page).all_inner_texts() == _titles(library, essay)
    # What is hidden comes back from where it is shown struck through.
    page.locator(".desk-hidden .desk-row").first.click()
    page.keyboard.press("x")
    expect(page.locator(".desk-hidden h4")).to_have_count(1)
    assert len(before) == 10


def test_a_second_window_is_told_of_the_first(opened: Opened, library: Recommender) -> None:
    essay = "图书馆/5"
    mine, other = opened(_at(essay)), opened(_at(essay))
    expect(other.locator(".desk-also")).to_contain_text("你的另一个窗口")
    first, second, third, *_ = _list(mine).all_inner_texts()
    other.keyboard.press("x")
    expect(other.locator(".desk-said")).to_contain_text(f"隐藏《{first}》")
    mine.keyboard.press("3")
    expect(mine.locator(".st-key-desk_conflict")).to_contain_text(f"隐藏《{first}》")
    shoot(mine, "desk-conflict")
    assert _titles(library, essay)[:2] == [second, third]
    mine.get_by_role("button", name="在最新的列表上照做").click()
    expect(mine.locator(".st-key-desk_conflict")).to_have_count(0)
    expect(_list(mine).nth(2)).to_have_text(first)
    assert _titles(library, essay)[2] == first


def test_on_a_phone_the_list_comes_first_and_is_big_enough_to_touch(server: str, browser: Browser) -> None:
    with windows(server, browser) as window:
        page = window(_at("图书馆/7"), width=390, height=844)
        assert words_in_sight(page) <= {"Alt"}
        page.locator(".desk-list .desk-row").nth(1).click()
        sizes = [box for button in page.locator(".desk-row.focus button").all() if (box := button.bounding_box())]
        assert len(sizes) >= 7
        assert all(box["height"] >= 44 and box["width"] >= 44 for box in sizes)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        name = _focus(page).inner_text()
        page.locator(".desk-row.focus").get_by_role("button", name="上移").click()
        expect(_list(page).first).to_have_text(name)
        page.get_by_text("依据", exact=True).click()
        expect(page.locator(".desk-row.focus .pair").first).to_be_visible()
        shoot(page, "desk-phone")


def test_what_is_drawn_before_the_server_answers_is_what_it_answers(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(path=ROOT / "recommender" / "ui" / "desk_rules.js")
    chance = random.Random(7)
    for _ in range(40):
        data, events, expected = _case(chance)
        drawn = page.evaluate("([data, events]) => modelOf(data, [], events).list.map((row) => row.id)", [data, events])
        assert drawn == expected, json.dumps([data, events])
    page.close()


def _case(chance: random.Random) -> tuple[dict[str, object], list[dict[str, object]], list[str]]:
    """A list, what is done to it, and the list that the rules make of that."""
    names = [f"p{number}" for number in range(9)]
    rows = [Proposal(n, (), 0.5, chance.choice(["strong", "weak", "unrelated"]), "", "") for n in names]
    size = chance.randint(1, 6)
    decisions = [Decision(1, "size", "e", "", "", 0, Change("size", place=size))]
    decided: Curation = curation(decisions, "e")
    data = {
        "rows": [
            {"id": r.piece, "at": at, "pin": 0, "hidden": False, "band": r.relevance} for at, r in enumerate(rows)
        ],
        "list": [entry.piece for entry in curated(rows, decided, names).entries],
        "size": size,
    }
    events: list[dict[str, object]] = []
    for number in range(2, 8):
        piece, made = chance.choice(names), curated(rows, decided, names)
        place = chance.randint(1, max(1, len(made.entries)))
        event, change = chance.choice(
            [
                ({"do": "pin", "piece": piece, "place": place}, moved(made, decided, piece, place)),
                ({"do": "hide", "piece": piece}, Change("hide", piece)),
                ({"do": "show", "piece": piece}, Change("show", piece)),
                ({"do": "free", "piece": piece}, Change("free", piece)),
                ({"do": "size", "place": size}, Change("size", place=size)),
            ]
        )
        events.append(event)
        decisions.append(Decision(number, f"d{number}", "e", "", "", 0, change))
        decided = curation(decisions, "e")
    return data, events, [entry.piece for entry in curated(rows, decided, names).entries]

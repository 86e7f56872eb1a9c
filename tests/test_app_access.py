"""What those see who may only read, and what becomes of a click once the right is gone: without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import pytest
import streamlit
from conftest import essay
from pages import own_library, own_strings, page_at, page_for, run
from streamlit.testing.v1 import AppTest

from recommender.embed import Encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.types import Rule
from recommender.ui import access
from recommender.ui.words import WORDS

EDITOR, READER = "wang@example.org", "li@example.org"
REFUSED = WORDS["may_not_edit"][0]
TEXT = "志愿者每天早晚在投放点值守，教居民把厨余垃圾和其他垃圾分开，错了就当场改，半年以后分出率从两成提高到六成。"
ARTICLES = [
    essay("own", "社区里的志愿者教居民分清厨余垃圾。", title="垃圾分类的经验"),
    essay("half", TEXT, title="垃圾分类半年记"),
    essay("copy", TEXT, "（转载自社区网）", title="【转载】垃圾分类半年记"),
    essay("pork", "五花三层的肉先焯水，再用冰糖炒出糖色。", title="红烧肉的做法"),
]
# The keys of all buttons that change something begin with one of these.
EDITING = ["remove", "undo", "not_", "rejoin", "find_rules", "apply", "all_", "withdraw", "check", "add_sample"]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library file of the page; there is none yet."""
    return own_library(tmp_path, monkeypatch)


@pytest.fixture
def planted(library: Path, embedded: Encoder) -> Recommender:
    """The library as the page has it, with four articles and a rule."""
    recommender = Recommender(SqliteLibrary(library, embedded), embedded)
    recommender.put(ARTICLES)
    list(recommender.decide([Rule("（转载自社区网）", "paragraph", state="approved")]))
    return recommender


def _as_editor(**address: str) -> AppTest:
    return page_for(EDITOR, EDITOR, **address)


def _dismiss(page: AppTest) -> AppTest:
    """Take the one who is logged in off the list of editors."""
    page.secrets["editors"]["emails"] = []
    return page


def _keys(page: AppTest) -> list[str]:
    return [str(button.key) for button in page.button]


def _editing(page: AppTest) -> list[str]:
    return [key for key in _keys(page) if key.startswith(tuple(EDITING))]


def _ids(recommender: Recommender) -> list[str]:
    return [listing.id for listing in recommender.listings()]


# --- what is shown ---


@pytest.mark.parametrize("email", ["", READER])
@pytest.mark.parametrize(
    ("address", "for_editors"),
    [
        ({"article": "own"}, ["not_repost-copy"]),
        ({"article": "half", "why": "copy"}, ["not_same-copy"]),
        ({"view": "map", "article": "own"}, []),
        ({"view": "desk"}, []),
        ({"view": "desk", "article": "own"}, []),
        ({"view": "library"}, [f"remove-{article.id}" for article in ARTICLES]),
        ({"view": "library", "part": "boilerplate"}, ["find_rules", "withdraw_approved-0"]),
        ({"view": "library", "part": "problems"}, ["check"]),
    ],
    ids=str,
)
def test_a_reader_looks_at_everything_and_is_offered_no_change(
    email: str, address: dict[str, str], for_editors: list[str], planted: Recommender
) -> None:
    page = page_for(email, EDITOR, **address)
    assert not page.error
    assert _editing(page) == []
    assert not page.file_uploader
    labels = own_strings(page)
    assert not {WORDS[name][0] for name in ("other_model", "order_reranker", "problems", "pick_page")} & set(labels)
    assert _editing(_as_editor(**address)) == for_editors


def test_what_readers_see_of_the_library(planted: Recommender) -> None:
    page = page_for("", EDITOR, view="library")
    assert [key for key in _keys(page) if key.startswith("open-")] == [f"open-{article.id}" for article in ARTICLES]
    assert not page.checkbox
    page = page_for("", EDITOR, view="library", part="boilerplate")
    assert WORDS["rules_read"][0] in [caption.value for caption in page.caption]
    assert any("（转载自社区网）" in html.value for html in page.html)


def test_an_empty_library_invites_readers_to_nothing(library: Path, embedded: Encoder) -> None:
    SqliteLibrary(library, embedded).close()
    said = WORDS["empty_read"][0]
    assert said in [text.value for text in page_for("").markdown]
    assert said in [info.value for info in page_for("", view="library").info]
    assert WORDS["no_rules"][0] in [
        caption.value for caption in page_for("", view="library", part="boilerplate").caption
    ]


def test_the_first_visitor_of_a_new_library_finds_the_sample(library: Path) -> None:
    assert len(_keys(page_for("", view="library"))) > 10
    assert library.exists()


@pytest.mark.parametrize(
    ("email", "view", "notice"),
    [
        ("", "read", None),
        ("", "library", WORDS["only_visitor"][0]),
        (READER, "read", WORDS["only_stranger"][0].format(email=f"`{READER}`")),
        (READER, "library", WORDS["only_stranger"][0].format(email=f"`{READER}`")),
        (EDITOR, "library", None),
    ],
)
def test_a_reader_is_told_why(email: str, view: str, notice: str | None, planted: Recommender) -> None:
    page = page_for(email, EDITOR, view=view)
    assert [info.value for info in page.info] == ([notice] if notice else [])
    assert ("log_in" in _keys(page)) == (email == "")
    assert ("log_out" in _keys(page)) == (email != "")
    assert any(f'<span class="who">{email}</span>' in html.value for html in page.html) == (email != "")


def test_alone_there_is_no_login(planted: Recommender) -> None:
    page = page_at(view="library")
    assert not {"log_in", "log_out"} & set(_keys(page))
    assert not page.info
    assert "remove-own" in _keys(page)


def test_where_others_come_and_nobody_is_named_it_says_how(
    planted: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_is_alone", lambda: False)
    page = page_at(view="library")
    assert [info.value.split("：")[0] for info in page.info] == ["这里只能看"]
    assert "docs/editors.md" in page.info[0].value
    assert _editing(page) == []
    assert not {"log_in", "log_out"} & set(_keys(page))
    assert not page_at().info


@pytest.mark.parametrize("view", ["read", "library"])
def test_both_languages(view: str, planted: Recommender) -> None:
    for email in ("", EDITOR):
        chinese = own_strings(page_for(email, EDITOR, view=view))
        assert {WORDS["log_in"][0], WORDS["log_out"][0]} & set(chinese)
        english = own_strings(page_for(email, EDITOR, view=view, lang="en"))
        assert {WORDS["log_in"][1], WORDS["log_out"][1]} & set(english)


def test_a_name_is_shown_as_text(planted: Recommender) -> None:
    page = page_for("<b>x</b>`y`@example.org", view="library")
    assert any("&lt;b&gt;x&lt;/b&gt;" in html.value for html in page.html)
    assert "`<b>x</b>y@example.org`" in page.info[0].value


# --- in and out ---


def test_logging_out_takes_the_right_away(planted: Recommender) -> None:
    page = run(_as_editor(view="library").button(key="log_out").click())
    assert "log_in" in _keys(page)
    assert _editing(page) == []


def test_a_login_that_is_set_up_wrongly_is_said(planted: Recommender) -> None:
    page = run(page_for("").button(key="log_in").click())  # the secrets of this test are not where a login looks
    assert [error.value for error in page.error] == [WORDS["login_unusable"][0]]
    assert not run(page).error


# --- a page that was drawn while one was an editor ---


@pytest.mark.parametrize("key", ["remove-own", "undo_removal"])
def test_a_click_is_refused_once_the_right_is_gone(key: str, planted: Recommender) -> None:
    page = _as_editor(view="library")
    run(page.button(key="remove-pork").click())
    before = _ids(planted)
    run(_dismiss(page).button(key=key).click())
    assert _ids(planted) == before == ["own", "half", "copy"]
    assert [error.value for error in page.error] == [REFUSED]
    assert _editing(page) == []


def test_what_was_selected_stays_in_the_library(planted: Recommender) -> None:
    page = _as_editor(view="library")
    run(next(box for box in page.checkbox if box.label == "选中本页").check())
    run(_dismiss(page).button(key="remove_picked").click())
    assert len(_ids(planted)) == 4
    assert [error.value for error in page.error] == [REFUSED]


def test_reposts_stay_together(planted: Recommender) -> None:
    page = _as_editor(article="own")
    [split] = [key for key in _keys(page) if key.startswith("not_repost-")]
    run(_dismiss(page).button(key=split).click())
    assert planted.library.apart(["half", "copy"]) == set()
    assert [error.value for error in page.error] == [REFUSED]


@pytest.mark.parametrize("key", ["undo_split", "rejoin-copy"])
def test_what_was_set_apart_stays_apart(key: str, planted: Recommender) -> None:
    page = _as_editor(article="own", why="copy")
    run(page.button(key="not_repost-copy").click())
    run(_dismiss(page).button(key=key).click())
    assert planted.library.apart(["half", "copy"])
    assert [error.value for error in page.error] == [REFUSED]


def test_a_file_is_neither_kept_nor_read(planted: Recommender, library: Path) -> None:
    page = _as_editor(view="library")
    box = page.file_uploader[0].set_value([("a.html", b"<p>x</p>", "")])
    _dismiss(page)
    run(box)
    assert not (library.parent / "uploads").exists()
    assert len(_ids(planted)) == 4
    assert not page.file_uploader


@pytest.mark.parametrize("key", ["find_rules", "withdraw_approved-0"])
def test_rules_stay_as_they_are(key: str, planted: Recommender) -> None:
    page = _as_editor(view="library", part="boilerplate")
    run(_dismiss(page).button(key=key).click())
    assert [rule.state for rule in planted.library.rules()] == ["approved"]
    assert _editing(page) == []


def test_a_model_is_not_brought_in(planted: Recommender, library: Path, tiny_model: Path) -> None:
    page = _as_editor()
    next(box for box in page.text_input if box.label == WORDS["model_name"][0]).input(str(tiny_model))
    run(next(button for button in _dismiss(page).button if button.label == WORDS["use_model"][0]).click())
    assert [path.name for path in library.parent.glob("*.db")] == ["library.db"]


def test_the_sample_is_not_read(library: Path, embedded: Encoder) -> None:
    empty = SqliteLibrary(library, embedded)
    run(_dismiss(_as_editor()).button(key="add_sample").click())
    assert empty.counts().articles == 0


# --- what readers may set going ---


def test_the_library_of_another_model_follows_for_readers_too(
    planted: Recommender, library: Path, tiny_model: Path
) -> None:
    page = _as_editor()
    next(box for box in page.text_input if box.label == WORDS["model_name"][0]).input(str(tiny_model))
    run(next(button for button in page.button if button.label == WORDS["use_model"][0]).click())
    planted.put([essay("later", "red blue", title="Later")])
    page = page_for("", EDITOR, model=str(tiny_model), text="red blue")
    assert re.findall("<h3>(.*?)</h3>", "".join(html.value for html in page.html))[0] == "Later"


def test_an_address_makes_no_reader_fetch_a_model(planted: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(name: str) -> NoReturn:
        raise AssertionError(f"{name} is fetched")

    monkeypatch.setattr("recommender.recommend.load_reranker", fetch)
    page = page_for("", EDITOR, article="own", reranker="some/model", model="someone/else")
    warned = [WORDS["model_not_here"][0].format(name="someone/else"), WORDS["only_editors_rerank"][0]]
    assert [warning.value for warning in page.warning] == [warned[0], warned[1].format(name="some/model")]
    assert "why-half" in _keys(page)


# --- the right goes between the drawing of a page and what it does ---


def _refuse() -> NoReturn:
    raise access.NotAllowed("not any more")


def test_an_upload_asks_before_it_writes(planted: Recommender, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_at(view="library")
    monkeypatch.setattr(access, "require", _refuse)
    run(page.file_uploader[0].set_value([("a.html", b"<p>x</p>", "")]))
    assert not (library.parent / "uploads").exists()
    assert [error.value for error in page.error] == [REFUSED]


def test_a_rule_asks_before_it_holds(planted: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_at(view="library", part="boilerplate")
    monkeypatch.setattr(access, "require", _refuse)
    run(page.button(key="withdraw_approved-0").click())
    assert [rule.state for rule in planted.library.rules()] == ["approved"]
    assert [error.value for error in page.error] == [REFUSED]


def test_a_model_asks_before_it_comes(
    planted: Recommender, library: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_at()
    next(box for box in page.text_input if box.label == WORDS["model_name"][0]).input(str(tiny_model))
    monkeypatch.setattr(access, "require", _refuse)
    run(next(button for button in page.button if button.label == WORDS["use_model"][0]).click())
    assert [path.name for path in library.parent.glob("*.db")] == ["library.db"]
    assert [error.value for error in page.error] == [REFUSED]


def test_the_sample_asks_before_it_is_read(library: Path, embedded: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = SqliteLibrary(library, embedded)
    page = page_at()
    monkeypatch.setattr(access, "require", _refuse)
    run(page.button(key="add_sample").click())
    assert empty.counts().articles == 0
    assert [error.value for error in page.error] == [REFUSED]


def test_this_server_is_for_this_machine_only() -> None:
    assert streamlit.get_option("server.address") == "127.0.0.1"
    assert not streamlit.get_option("server.enableAgentApi")

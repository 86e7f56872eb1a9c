"""What the plane's view says and does without its picture: what is sent to it, lists, filters, files, drawing."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import essay
from maps import EACH, SUBJECTS, planted
from pages import own_library, page_at, run
from streamlit.testing.v1 import AppTest

from recommender.atlas import NONE, Atlas
from recommender.cartographer import Cartographer
from recommender.embed import Encoder
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.segment import paragraphs
from recommender.types import Filter
from recommender.ui import map_chosen, map_drawing
from recommender.ui.map_chosen import Chosen
from recommender.ui.map_packed import packed_picture, shuffled
from recommender.ui.words import Words

Said = dict[str, Any]


@pytest.fixture(scope="module")
def made(embedded: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted library with its map, made once and copied for each test."""
    path = tmp_path_factory.mktemp("made") / "library.db"
    recommender = planted(path, embedded)
    Cartographer(recommender).draw()
    recommender.library.close()
    return path


@pytest.fixture
def recommender(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: Encoder) -> Recommender:
    """The planted library of this test's page; its map is drawn."""
    path = own_library(tmp_path, monkeypatch)
    shutil.copy(made, path)
    return Recommender(SqliteLibrary(path, embedded), embedded)


@pytest.fixture
def drawn(recommender: Recommender) -> Atlas:
    atlas = Cartographer(recommender).stored()
    assert atlas
    return atlas


@pytest.fixture
def undrawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedded: Encoder) -> Recommender:
    """The planted library of this test's page; it has no map yet."""
    return planted(own_library(tmp_path, monkeypatch), embedded)


def _map(**address: str) -> AppTest:
    return page_at(view="map", **address)


def _sent(page: AppTest, part: str) -> Said:
    """What the picture was told last."""
    protos = [element.proto for element in page.get("bidi_component")]
    said = [json.loads(proto.json) if proto.json else _unpacked(proto.bytes) for proto in protos]
    return next(each for each in said if each.get("part", "picture") == part)


def _unpacked(packed: bytes) -> Said:
    length = int(np.frombuffer(packed, "u4", 1)[0])
    header = json.loads(packed[4 : 4 + length])
    at = 4 + length
    for name, kind, count in header["arrays"]:
        header[name] = np.frombuffer(packed, kind, count, at)
        at += -(-header[name].nbytes // 4) * 4
    return header


def _titles(page: AppTest, where: str = "near") -> list[str]:
    return [button.label for button in page.button if (button.key or "").startswith(f"map-{where}-")]


def _cards(page: AppTest) -> str:
    return "".join(html.value for html in page.html)


# --- what the picture is told ---


def test_the_points_are_sent_where_they_lie(drawn: Atlas) -> None:
    sent = _unpacked(packed_picture(drawn, "a", Words("zh")))
    order = np.argsort(sent["number"])
    assert (sent["number"][order] == drawn.owners).all()
    assert (sent["broad"][order] == drawn.broad).all()
    assert sent["trust"][order] / 255 == pytest.approx(drawn.trust, abs=0.01)
    # As far from one another as they are on the map, whatever the unit.
    places = np.column_stack([sent["x"], sent["y"]])[order].astype(float)
    far, sent_far = (np.linalg.norm(xy - xy[0], axis=1) for xy in (drawn.xy, places))
    assert sent_far / sent_far.max() == pytest.approx(far / far.max(), abs=1e-3)
    assert [theme["words"] for theme in sent["themes"]] == [list(theme.words) for theme in drawn.themes]


def test_any_number_of_the_first_points_is_a_sample_of_all() -> None:
    order = shuffled(10_000)
    assert sorted(order) == list(range(10_000))
    assert abs(order[:500].mean() - 5000) < 500


def test_the_lines_lead_to_what_is_nearest_in_the_full_space(recommender: Recommender) -> None:
    article = recommender.find("税收第3讲")
    second = paragraphs(article)[1]
    page = _map(article=article.id, at=f"{second.start}-{second.end}", why="足球-2")
    now = _sent(page, "now")
    expected = Cartographer(recommender).nearest(article, second, 10)
    numbers = recommender.library.owners(near.id for near in expected)
    assert [near["number"] for near in now["near"]] == [numbers[near.id] for near in expected]
    assert [near["score"] for near in now["near"]] == pytest.approx([near.score for near in expected])
    assert [p["picked"] for p in now["paragraphs"]] == [False, True]
    assert now["picked"] == recommender.library.owners(["足球-2"])["足球-2"]
    assert now["own"]["title"] == article.title
    # The list beside it has the same, and says of how many the plane shows that they are near.
    assert _titles(page) == [recommender.article(near.id).title for near in expected]
    near = sum(not near["far"] for near in now["near"])
    said = [caption.value for caption in page.caption]
    words = Words("zh")
    assert (
        words("map_near_help", n=10, near=near, far=10 - near) if near < 10 else words("map_near_all", n=10)
    ) in said


def test_what_looks_far_is_not_among_the_nearest_on_the_plane(
    recommender: Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All articles in a row by their numbers: near are the ten beside the essay's own, and no others."""
    owners, versions = recommender.library.atlases.versions()
    line = np.column_stack([np.arange(len(owners)), np.zeros(len(owners))]).astype(np.float32)
    none = np.full(len(owners), NONE, np.int32)
    atlas = Atlas(owners, versions, line, np.ones(len(owners), np.float32), none, none, ())
    monkeypatch.setattr(Cartographer, "stored", lambda self: atlas)
    monkeypatch.setattr(Cartographer, "is_due", lambda self: False)
    own = recommender.library.owners(["天文-7"])["天文-7"]
    for near in _sent(_map(article="天文-7"), "now")["near"]:
        assert near["far"] == (
            abs(int(np.searchsorted(owners, near["number"])) - int(np.searchsorted(owners, own))) > 5
        )


def test_a_pasted_text_stands_among_what_is_like_it(recommender: Recommender, drawn: Atlas) -> None:
    now = _sent(_map(text="望远镜里的星系和黑洞。\n行星沿着轨道运行。"), "now")
    sent = _unpacked(packed_picture(drawn, "a", Words("zh")))
    titles = {n: id_ for id_, n in recommender.library.owners(a.id for a in recommender.listings()).items()}
    places = np.column_stack([sent["x"], sent["y"]]).astype(float)
    for each in (*now["paragraphs"], now["own"]):
        nearest = np.linalg.norm(places - [each["x"], each["y"]], axis=1).argmin()
        assert titles[int(sent["number"][nearest])].startswith("天文")


# --- picking, and the same as lists ---


def test_a_piece_is_picked_from_the_list(recommender: Recommender) -> None:
    page = _map(article="税收-3")
    best = _titles(page)[0]
    id_ = recommender.find(best).id
    run(page.button(key=f"map-near-{id_}").click())
    assert page.query_params["why"] == id_
    [found] = recommender.related(recommender.find("税收第3讲"), 1, Filter(ids=(id_,)))
    assert f"<h3>{best}</h3>" in _cards(page)
    assert f"{found.closeness:.2f}" in _cards(page)
    run(page.button(key=f"open-{id_}").click())
    assert (page.query_params["view"], page.query_params["article"]) == ("read", id_)


def test_the_lists_have_the_themes_and_their_articles(recommender: Recommender, drawn: Atlas) -> None:
    page = _map()
    page.session_state["map_lists"] = True
    run(page)
    broad = [theme for theme in drawn.themes if theme.parent == NONE]
    table = page.table[0].value
    assert sorted(table["篇数"]) == sorted(f"{theme.size:,}" for theme in broad)
    # One that is chosen lists what belongs to it, and the picture shows only that.
    first = broad[0]
    chosen = next(box for box in page.selectbox if box.label == "主题")
    run(chosen.select(str(first.number)))
    assert page.query_params["theme"] == str(first.number)
    assert _sent(page, "now")["only"] == first.number
    inside = recommender.library.ids(drawn.owners[drawn.broad == first.number])
    assert set(_titles(page, "listed")) == {recommender.article(id_).title for id_ in inside}


def test_words_of_a_title_narrow_the_lists(recommender: Recommender) -> None:
    page = _map(look="烹饪第1讲")
    page.session_state["map_lists"] = True
    run(page)
    assert _titles(page, "listed") == ["烹饪第1讲"]
    assert _sent(page, "now")["find"] == "烹饪第1讲"


@pytest.mark.parametrize("theme", ["999", "x", "-2"])
def test_a_theme_that_there_is_not_is_passed_over(recommender: Recommender, theme: str) -> None:
    assert _sent(_map(theme=theme), "now")["only"] is None


# --- what is chosen ---


@pytest.fixture
def chosen(recommender: Recommender) -> Chosen:
    owners = recommender.library.owners(["足球-1", "足球-2", "天文-4"])
    return Chosen(tuple(owners.values()), tuple(owners))


def _with(chosen: Chosen) -> AppTest:
    page = _map(article="足球-5")
    page.session_state["map_chosen"] = chosen
    return run(page)


def test_a_list_only_among_what_is_chosen(recommender: Recommender, chosen: Chosen) -> None:
    page = _with(chosen)
    assert list(_sent(page, "chosen")["numbers"]) == list(chosen.numbers)
    run(page.button(key="map_read_among").click())
    assert page.query_params["view"] == "read"
    ranked = [r.article.title for r in recommender.related(recommender.find("足球第5讲"), 9, Filter(ids=chosen.ids))]
    assert len(ranked) == 3
    assert [title for title in ranked if f"<h3>{title}</h3>" not in _cards(page)] == []
    assert _cards(page).count('class="card-head"') == 3
    assert "只在地图上选出的 3 篇里找。" in [caption.value for caption in page.caption]
    run(page.button(key="map_among_all").click())
    assert _cards(page).count('class="card-head"') == 9


def test_what_is_chosen_is_selected_at_the_desk(chosen: Chosen) -> None:
    page = run(_with(chosen).button(key="map_to_desk").click())
    assert page.query_params["view"] == "desk"
    assert set(page.session_state["desk_picked"]) == set(chosen.ids)


def test_what_is_chosen_as_a_table_that_runs_nothing(recommender: Recommender) -> None:
    recommender.put([essay("x", "表格里的文字。", title="=HYPERLINK(1)")])
    atlas = Cartographer(recommender).stored()
    assert atlas
    owners = recommender.library.owners(["足球-1", "x"])
    text = "".join(map_chosen.table(recommender, atlas, Chosen(tuple(owners.values()), tuple(owners)), Words("zh")))
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert head[:2] == ["id", "title"]
    assert [row[:2] for row in rows] == [["足球-1", "足球第1讲"], ["x", "'=HYPERLINK(1)"]]
    number = int(atlas.broad[np.searchsorted(atlas.owners, owners["足球-1"])])
    assert rows[0][head.index("theme")] == "·".join(next(t.words for t in atlas.themes if t.number == number))


def test_choosing_passes_over_what_is_gone_and_letting_go_ends_the_narrow_list(chosen: Chosen) -> None:
    page = run(_with(chosen).button(key="map_read_among").click())
    page.query_params["view"] = "map"
    run(run(page).button(key="map_let_go").click())
    assert page.session_state["map_chosen"] == Chosen()
    page.query_params["view"] = "read"
    assert _cards(run(page)).count('class="card-head"') == 9


# --- drawing ---


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Has large maps drawn in the background, halfway until this is called."""
    gate, draw = threading.Event(), Cartographer.draw

    def slowly(self: Cartographer, watch: Callable[[float], None]) -> Atlas:
        watch(0.5)
        assert gate.wait(60)
        return draw(self, watch)

    monkeypatch.setattr(map_drawing, "_AT_ONCE", 0)
    monkeypatch.setattr(Cartographer, "draw", slowly)
    return gate.set


def _drawing(recommender: Recommender) -> map_drawing.Drawing:
    return map_drawing._kept(recommender.library.name, recommender.library.identity, recommender)[1]


def test_the_first_map_is_drawn_in_the_background(undrawn: Recommender, held: Callable[[], None]) -> None:
    page = _map()
    assert "第一次画这张图：50%" in str(page.get("progress")[0].proto.text)
    assert not page.get("bidi_component")
    held()
    _drawing(undrawn).finish()
    run(page)
    assert len(_sent(page, "picture")["x"]) == EACH * len(SUBJECTS)
    assert not page.get("progress")


def test_the_old_map_is_shown_while_a_new_one_is_drawn(recommender: Recommender, held: Callable[[], None]) -> None:
    recommender.put([essay(f"new-{n}", f"新来的第{n}篇，说的是别的事。") for n in range(20)])
    page = _map()
    assert "正在重画：50%" in str(page.get("progress")[0].proto.text)
    before = _sent(page, "picture")["stamp"]
    held()
    _drawing(recommender).finish()
    assert _sent(run(page), "picture")["stamp"] != before


def test_a_map_that_cannot_be_drawn_says_so_once(undrawn: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def fail(self: Cartographer, watch: Callable[[float], None]) -> Atlas:
        tried.append(1)
        raise RuntimeError("坐标不够")

    monkeypatch.setattr(Cartographer, "draw", fail)
    page = run(_map())
    assert [warning.value for warning in page.warning] == ["图没有画成：坐标不够"]
    assert tried == [1]

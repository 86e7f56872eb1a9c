"""What the list shows after a change of its order, a wish, a word about reposts; and why it shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import own_library, own_strings, page_at, run
from streamlit.testing.v1 import AppTest

from recommender.embed import Encoder
from recommender.explain import Mark, Why, WordPair
from recommender.explain.summary import sentence, summary
from recommender.library import LibraryError
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.types import Article, Filter, Paragraph, Ranking, Span
from recommender.ui.because import MOST_WORDS, carried_by
from recommender.ui.words import WORDS, Words

_SORTING = (
    "居委会在每个小区设立分类投放点，安排志愿者值守，教居民分清厨余垃圾和其他垃圾。",
    "半年以来，厨余垃圾的分出率从两成提高到六成，清运车每天少跑两趟。居民说，楼道干净了，夏天也没有异味。",
)


def _piece(id: str, title: str, *texts: str, date: str = "", author: str = "", links: Iterable[str] = ()) -> Article:
    return Article(id, title, tuple(map(Paragraph, texts)), date=date, author=author, links=tuple(links))


OWN = _piece(
    "own",
    "社区垃圾分类的经验（一）",
    "我们社区从去年开始推行垃圾分类。志愿者每天早晚在投放点值守，教居民把厨余垃圾和其他垃圾分开，错了就当场改。",
    "厨余垃圾清运以后怎样处理，也要让居民看得见，大家才肯认真分。",
    date="2023-06",
    author="李明",
    links=("half",),
)
PIECES = [
    _piece("half", "垃圾分类半年记", *_SORTING, date="2023-06-02"),
    _piece("copy", "【转载】垃圾分类半年记", *_SORTING, "（转载自社区网）", date="2023-05-31"),
    _piece("series", "社区垃圾分类的经验（二）", "上海的做法是定时定点投放，由志愿者检查厨余垃圾。", date="2022"),
    _piece("biogas", "厨余垃圾到哪里去了", "厨余垃圾除去塑料袋，送进厌氧罐发酵，产生的沼气用来发电。", date="2023"),
    _piece("author", "志愿者与社区治理", "退休教师和大学生组成队伍，巡楼、调解纠纷、照看独居老人。", author="李明"),
    _piece("pork", "红烧肉的做法", "五花三层的肉先焯水，再用冰糖炒出糖色，加黄酒小火炖一个半小时。", date="2020-02-02"),
]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_library(tmp_path, monkeypatch)


@pytest.fixture
def recommender(library: Path, embedded: Encoder) -> Recommender:
    """The planted library, as the page has it."""
    planted = Recommender(SqliteLibrary(library, embedded), embedded)
    planted.put([OWN, *PIECES])
    return planted


@pytest.fixture
def opened(recommender: Recommender) -> Callable[..., AppTest]:
    """Opens the page of the planted essay."""
    return lambda **address: page_at(**{"article": "own"} | address)


def _shown(page: AppTest) -> list[str]:
    """The ids of the cards, in order."""
    return [str(button.key)[len("why-") :] for button in page.button if str(button.key).startswith("why-")]


def _ids(recommender: Recommender, *settings: object) -> list[str]:
    return [r.article.id for r in recommender.related(OWN, 9, *settings)]


def _html(page: AppTest) -> str:
    return "".join(html.value for html in page.html)


def _popovers(page: AppTest) -> list[str]:
    return [box.proto.popover.label for box in page.get("popover")]


def _changes(page: AppTest) -> str:
    return "".join(re.findall(r'<span class="changes">(.*?)</span>', _html(page)))


def _widget(page: AppTest, kind: str, name: str):
    return next(
        one for one in page.get(kind) if str(one.key).startswith(f"choice_{name}" if kind == "" else f"order_{name}-")
    )


# --- settings ---


def test_the_order_is_the_default_one_until_it_is_changed(
    opened: Callable[..., AppTest], recommender: Recommender
) -> None:
    page = opened()
    assert _shown(page) == _ids(recommender)
    assert _changes(page) == ""
    assert set(page.query_params) == {"article"}


@pytest.mark.parametrize(
    ("name", "kind", "value", "written", "ranking"),
    [
        ("words", "select_slider", 100, "100", Ranking(words=1)),
        ("diversity", "select_slider", 80, "80", Ranking(diversity=0.8)),
        ("half_life", "selectbox", 30, "30", Ranking(half_life=30)),
        ("without", "pills", ["author"], "author", Ranking(without=("author",))),
        ("collapse", "toggle", False, "0", Ranking(collapse=False)),
    ],
)
def test_a_setting_changes_the_list_and_is_in_the_address(
    opened: Callable[..., AppTest],
    recommender: Recommender,
    name: str,
    kind: str,
    value: object,
    written: str,
    ranking: Ranking,
) -> None:
    expected = _ids(recommender, Filter(), ranking)
    assert expected != _ids(recommender)
    page = opened()
    run(_widget(page, kind, name).set_value(value))
    assert _shown(page) == expected
    assert page.query_params[name] in (written, [written])
    again = opened(**{name: written})
    assert _shown(again) == expected
    assert _changes(again) == _changes(page) != ""
    run(again.button(key="default_order").click())
    assert _shown(again) == _ids(recommender)
    assert name not in again.query_params


def test_nonsense_in_the_address_is_passed_over(opened: Callable[..., AppTest], recommender: Recommender) -> None:
    page = opened(
        words="61", diversity="nan", half_life="7", earlier="yes", collapse="no", without="everything,", more="no-such"
    )
    assert _shown(page) == _ids(recommender)
    assert _changes(page) == ""
    page = opened(words="-5", diversity="²", half_life="9" * 5000, to="2023-13", more="pork")
    page.query_params["from"] = "2023-02-30"
    assert _shown(run(page)) == _ids(recommender)
    assert _changes(page) == ""


def test_only_earlier_pieces(opened: Callable[..., AppTest], recommender: Recommender) -> None:
    page = opened()
    run(_widget(page, "toggle", "earlier").set_value(True))
    assert page.query_params["earlier"] in ("1", ["1"])
    # In a month or a year that may be as late as the essay's own a piece may be earlier; one without a date is not.
    assert set(_shown(page)) == {"copy", "series", "biogas", "pork"}
    assert _changes(page) == "只看更早的"
    # The earlier of two limits holds, however they are written.
    assert set(_shown(opened(earlier="1", to="2023"))) == set(_shown(page))
    assert set(_shown(opened(earlier="1", to="2022"))) == {"series", "pork"}
    # The piece of the same author has no date, so there is nothing to be earlier than.
    page = opened(article="author", earlier="1")
    assert not [toggle for toggle in page.toggle if str(toggle.key).startswith("order_earlier")]
    assert "half" in _shown(page) or "copy" in _shown(page)
    assert _changes(page) == ""
    page = opened(article="series", earlier="1")
    assert _shown(page) == ["pork"]


def test_a_window_of_time(opened: Callable[..., AppTest]) -> None:
    page = opened()
    run(_widget(page, "text_input", "from").set_value("2023-06"))
    assert set(_shown(page)) == {"half", "biogas"}
    run(_widget(page, "text_input", "to").set_value("2023-06-01"))
    assert _shown(page) == ["biogas"]
    assert _changes(page) == "2023-06 起 · 2023-06-01 止"
    run(_widget(page, "text_input", "from").set_value("2024"))
    assert _shown(page) == []
    assert [info.value for info in page.info] == ["照现在的排序设置，没有文章可列。"]


def test_a_cross_encoder_that_cannot_be_had_is_said(opened: Callable[..., AppTest], recommender: Recommender) -> None:
    page = opened()
    run(_widget(page, "text_input", "reranker").set_value("/no/such/<model>"))
    assert [warning.value for warning in page.warning] == [WORDS["reranker_failed"][0].format(name="/no/such/<model>")]
    assert _shown(page) == _ids(recommender)
    assert "/no/such/&lt;model&gt;" in _changes(page)
    run(page.button(key="default_order").click())
    assert not page.warning


# --- wishes ---


def test_more_like_this_and_less(opened: Callable[..., AppTest], recommender: Recommender) -> None:
    page = opened()
    run(page.button(key="more-pork").click())
    expected = _ids(recommender, Filter(), Ranking(more=("pork",)))
    assert _shown(page) == expected != _ids(recommender)
    assert page.button(key="wish-pork").label == "多：红烧肉的做法 ✕"
    run(page.button(key="less-biogas").click())
    expected = _ids(recommender, Filter(), Ranking(more=("pork",), less=("biogas",)))
    assert _shown(page) == expected
    address = {name: value[0] if isinstance(value, list) else value for name, value in page.query_params.items()}
    assert _shown(page_at(**address)) == expected
    # A wish is for one text: another is not asked about with it.
    assert not [button for button in opened(**address | {"article": "half"}).button if str(button.key)[:5] == "wish-"]
    run(page.button(key="less-pork").click())
    assert page.button(key="wish-pork").label == "少：红烧肉的做法 ✕"
    run(page.button(key="wish-pork").click())
    run(page.button(key="wish-biogas").click())
    assert _shown(page) == _ids(recommender)
    assert set(page.query_params) == {"article"}


# --- reposts ---


def test_reposts_share_a_row_until_an_editor_sets_them_apart(opened: Callable[..., AppTest]) -> None:
    page = opened()
    assert "copy" not in _shown(page)
    assert _popovers(page) == ["+1 转载"]
    run(page.button(key="not_repost-copy").click())
    assert {"half", "copy"} < set(_shown(page))
    assert not _popovers(page)
    assert "《【转载】垃圾分类半年记》不再算作转载，单独成行。" in [said.value for said in page.markdown]
    run(page.button(key="undo_split").click())
    assert "copy" not in _shown(page)
    # After a reload, too, it can be taken back, where the reasons are.
    run(page.button(key="not_repost-copy").click())
    page = opened(why="copy")
    run(page.button(key="rejoin-copy").click())
    assert "copy" not in _shown(page)[:-1]
    assert _popovers(page) == ["+1 转载"]


def test_a_repost_can_be_opened(opened: Callable[..., AppTest]) -> None:
    page = run(opened().button(key="open-repost-copy").click())
    assert page.query_params["article"] in ("copy", ["copy"])
    # From there, the other is the same text; the editor may say that it is not.
    assert _shown(page)[0] == "half"
    assert "与本文相同" in _html(page)
    run(page.button(key="why-half").click())
    run(page.button(key="not_same-half").click())
    assert "与本文相同" not in _html(page)
    assert "half" in _shown(page)


def test_a_library_that_takes_no_change_is_said(
    opened: Callable[..., AppTest], library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise LibraryError("it is full", "write")

    monkeypatch.setattr(Recommender, "set_apart", refuse)
    page = run(opened().button(key="not_repost-copy").click())
    assert [error.value for error in page.error] == [WORDS["library_write"][0].format(path=library)]
    assert "copy" not in _shown(page)


# --- nothing is related ---


def test_where_nothing_is_related_the_nearest_are_put_away(opened: Callable[..., AppTest]) -> None:
    text = "The striker scored twice as the team won the cup final"
    page = opened(text=text)
    assert [info.value for info in page.info] == ["文库里没有与此相关的文章。"]
    [nearest] = [box for box in page.expander if box.label == "最接近的"]
    assert not nearest.proto.expanded
    assert len([button for button in nearest.button if str(button.key).startswith("why-")]) == 6
    [nearest] = [box for box in opened(text=text, why="series").expander if box.label == "最接近的"]
    assert nearest.proto.expanded


# --- why ---


def test_every_card_says_why_in_one_sentence(opened: Callable[..., AppTest], recommender: Recommender) -> None:
    found = recommender.related(OWN, 9)
    said = [sentence(summary(why), "zh") for why in recommender.why(OWN, found)]
    page = opened()
    assert [unescape(text) for text in re.findall(r'<p class="because">(.*?)</p>', _html(page))] == said
    assert '<b>强相关</b> <span class="score">' in _html(page)
    assert f'<span class="score">{found[0].closeness:.2f}</span>' in _html(page)


def test_the_words_add_up_to_the_cosine(opened: Callable[..., AppTest], recommender: Recommender) -> None:
    [found] = recommender.related(OWN, 1, Filter(ids=("half",)))
    page = opened(why="half")
    figures = _figures(_html(page))
    assert figures[-1] == pytest.approx(found.score, abs=0.0006)
    assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=1e-9)
    assert len(figures) == MOST_WORDS + 2
    assert "垃圾</td><td>垃圾</td>" in _html(page)


def test_a_click_asks_once(opened: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for name in ("related", "why"):
        real = getattr(Recommender, name)
        monkeypatch.setattr(
            Recommender, name, lambda self, *a, name=name, real=real: asked.append(name) or real(self, *a)
        )
    opened(at="0-48", words="20", more="pork", why="half")
    assert asked == ["related", "why"]


def test_relations_are_labelled(opened: Callable[..., AppTest]) -> None:
    cards = {card.partition("</h3>")[0]: card for card in _html(opened()).split("<h3>")[1:]}
    tags = {title: re.findall(r'<span class="tag">(.*?)</span>', card) for title, card in cards.items()}
    assert tags["垃圾分类半年记"] == ["本页已列出"]
    assert tags["社区垃圾分类的经验（二）"] == ["同一系列"]
    assert tags["志愿者与社区治理"] == ["同一作者"]


def _figures(html: str) -> list[float]:
    return [float(text.replace("−", "-")) for text in re.findall(r'<td class="score">(.*?)</td>', html)]


_shares = st.floats(0, 0.3)


@given(st.lists(_shares, max_size=12), st.floats(-1, 1))
def test_whatever_the_shares_what_is_shown_adds_up_and_every_bar_is_within_the_table(
    shares: list[float], score: float
) -> None:
    span = (Span(0, 3, "<b>"),)
    pairs = tuple(WordPair(span, span, share, 1.0, True) for share in shares)
    html = carried_by(Why(score, "words", (), (), pairs), Words("zh"))
    figures = _figures(html)
    assert sum(figures[:-1]) == pytest.approx(round(score, 3), abs=1e-9)
    assert "<b>" not in html
    bars = re.findall(r"margin-left:(.*?)%;width:(.*?)%", html)
    assert all(min(float(a), float(b)) >= 0 and float(a) + float(b) < 100.3 for a, b in bars)


def test_other_models_are_explained_by_their_sentences() -> None:
    here, there = Span(0, 2, "甲<。"), Span(0, 2, "乙。")
    html = carried_by(Why(0.5, "sentences", (Mark((here,), 0.2),), (Mark((there,), 0.1),)), Words("zh"))
    assert re.findall(r"<b>(.*?)</b><span>(.*?)</span>", html) == [("本文", "甲&lt;。"), ("该文", "乙。")]
    assert re.findall(r'class="score">(.*?)<', html) == ["−0.200", "−0.100"]


# --- languages ---


@pytest.mark.parametrize(("lang", "foreign"), [("zh", "[A-Za-z]{2}"), ("en", r"[\u3400-\u9fff]")])
def test_the_settings_speak_one_language(opened: Callable[..., AppTest], lang: str, foreign: str) -> None:
    page = opened(
        lang=lang, why="half", words="0", diversity="30", half_life="365", without="author,series", earlier="1"
    )
    boxes = [*page.toggle, *page.select_slider, *page.pills]
    helps = [box.proto.help for box in (*page.select_slider, *page.button)]
    ours = [*own_strings(page), *(str(box.label) for box in boxes), *helps, *_popovers(page), _changes(page)]
    titles = [article.title for article in (OWN, *PIECES)]
    found = [text for text in ours if re.search(foreign, text) and not any(title in text for title in titles)]
    assert [text for text in found if text not in ("English", "中文") and "sentence-transformers" not in text] == []

"""What the library's view shows and does after a click, a dropped file, a removal: without a browser."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, WordEncoder, essay
from hypothesis import given
from hypothesis import strategies as st
from pages import own_library, own_strings, page_at, run
from streamlit.testing.v1 import AppTest

from recommender.embed import Encoder
from recommender.library import LibraryError
from recommender.library.sqlite import SqliteLibrary
from recommender.recommend import Recommender
from recommender.types import Article, Filter
from recommender.ui.reasons import reason
from recommender.ui.uploads import keep, safe_name
from recommender.ui.words import WORDS, Words

Kept = Callable[..., Recommender]
TEXT = "宣传工作要讲道理，也要讲故事，职工才爱听。把身边的人和事讲好，比喊口号管用得多，这是各单位多年的体会。"
FOOTER = "扫描二维码关注基层之声公众号，本期为第{n}期，欢迎转发。"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library file of this test's page; there is none yet."""
    return own_library(tmp_path, monkeypatch)


@pytest.fixture
def kept(shelf: Path, embedded: Encoder) -> Kept:
    """Begins the library with these articles."""

    def put(*articles: Article) -> Recommender:
        recommender = Recommender(SqliteLibrary(shelf, embedded), embedded)
        recommender.put(articles)
        return recommender

    return put


def _opened(**address: str) -> AppTest:
    return page_at(view="library", **address)


def _drop(page: AppTest, **files: bytes) -> AppTest:
    """Drop files whose names have one dot, which is written as __."""
    named = [(name.replace("__", "."), content, "") for name, content in files.items()]
    return run(page.file_uploader[0].set_value(named))


def _shown(page: AppTest) -> str:
    return "".join(html.value for html in page.html)


def _titles(page: AppTest) -> list[str]:
    return [button.label for button in page.button if str(button.key).startswith("open-")]


def _heading(page: AppTest) -> str:
    return str(page.subheader[0].value)


def _html(title: str) -> bytes:
    body = "".join(f"<p>{TEXT}这是第{n}段。</p>" for n in range(3))
    page = f"<head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body>"
    return f"<html lang='zh'>{page}</html>".encode()


# --- adding ---


def test_dropped_files_are_read_and_reported(kept: Kept, shelf: Path) -> None:
    kept()
    page = _drop(_opened(), 宣传__html=_html("宣传新思路"), 坏__pdf=b"%PDF-1.4 broken", 空__txt=b"")
    assert _heading(page) == "1 篇文章，3 个片段"
    assert _titles(page) == ["宣传新思路"]
    assert "读了 3 个文件，共 1 篇文章；2 个文件没有读入。" in page.markdown[0].value
    rows = re.findall(r'<div class="file (\w+)"><b>(.*?)</b> <span>(.*?)</span>', _shown(page))
    assert [(status, name) for status, name, _ in rows] == [
        ("failed", "坏.pdf"),
        ("failed", "空.txt"),
        ("added", "宣传.html"),
    ]
    assert [said for *_, said in rows] == [
        "没有读入：不是能读的 PDF 文件，可能已损坏。请用原来的程序打开，重新保存，或另存为 .txt。",
        "没有读入：文件是空的。请写上标题和正文，或者不放进来。",
        "新加入 1 篇文章，3 个新片段。",
    ]
    assert (shelf.parent / "uploads" / "宣传.html").read_bytes() == _html("宣传新思路")


def test_the_report_stays_until_it_is_dismissed(kept: Kept) -> None:
    kept()
    page = _drop(_opened(), a__html=_html("甲"))
    run(page.text_input(key="find_title").input("甲"))
    assert page.button(key="dismiss")
    # What the uploader still holds is not read again.
    assert _shown(page).count('class="file') == 1
    run(page.button(key="dismiss").click())
    assert 'class="file' not in _shown(page)
    assert page.file_uploader[0].value == []


def test_the_same_name_again_is_an_update(kept: Kept) -> None:
    kept()
    page = _drop(_opened(), a__html=_html("甲"))
    run(page.button(key="dismiss").click())
    _drop(page, a__html=_html("乙"))
    assert _titles(page) == ["乙"]
    assert "已更新，共 1 篇文章" in _shown(page)


def test_two_files_of_one_name_in_one_drop(kept: Kept) -> None:
    kept()
    page = _opened()
    run(page.file_uploader[0].set_value([("x/a.html", _html("甲"), ""), ("y/a.html", _html("乙"), "")]))
    assert _titles(page) == ["甲"]
    assert "有几个文件同名" in _shown(page)
    assert {"文章", "重复文字", "问题 · 1"} <= set(own_strings(page))


def test_a_name_cannot_lead_out_of_the_folder_and_is_shown_as_text(kept: Kept, shelf: Path) -> None:
    kept()
    page = _opened()
    run(page.file_uploader[0].set_value([("../../<img src=x onerror=alert(1)>.html", _html("<b>甲</b>"), "")]))
    assert [path.name for path in (shelf.parent / "uploads").iterdir()] == ["_img src=x onerror=alert(1)_.html"]
    assert not (shelf.parent.parent / "<img src=x onerror=alert(1)>.html").exists()
    run(page.file_uploader[0].set_value([("<i>.pdf", b"%PDF", "")]))
    assert "<i>" not in _shown(page)


def test_the_articles_of_one_file_are_one_click_away(kept: Kept) -> None:
    kept(essay("other", "别的文章。", title="别的"))
    page = _drop(_opened(tag="no-such"), a__html=_html("甲"))
    assert _titles(page) == []
    run(page.button(key="list-0").click())
    assert _titles(page) == ["甲"]
    assert "tag" not in page.query_params


def test_a_file_that_cannot_be_kept_is_said(kept: Kept, shelf: Path) -> None:
    kept()
    (shelf.parent / "uploads").write_text("in the way")
    page = _drop(_opened(), a__html=_html("甲"))
    assert "没有读入：文件存不到文库旁边" in _shown(page)


def test_a_failure_is_a_problem_until_the_file_is_read(kept: Kept) -> None:
    kept()
    page = _drop(_opened(), a__html=b"", b__html=_html("乙"))
    run(page.get("button_group")[2].set_value("problems"))
    assert '<div class="file failed"><b>a.html</b>' in _shown(page)
    run(page.get("button_group")[2].set_value("articles"))
    _drop(page, a__html=_html("甲"))
    run(page.get("button_group")[2].set_value("problems"))
    assert "这次打开页面以来，没有读不了的文件。" in [caption.value for caption in page.caption]


# --- finding ---


def _shelf() -> list[Article]:
    return [
        Article(
            f"a{n}",
            f"第{n}篇",
            essay("", f"第{n}篇的正文。").paragraphs,
            source=f"folder/{n % 2}.html",
            date=f"2024-{n % 12 + 1:02}-01",
            author="王芳" if n < 3 else "",
            language="zh" if n % 2 else "en",
            tags=("税收", f"号{n}"),
            truncated=n == 1,
        )
        for n in range(45)
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"title": "4篇"}, [4, 14, 24, 34, 44]),
        ({"author": "王芳"}, [0, 1, 2]),
        ({"tag": "号7"}, [7]),
        ({"language": "zh", "since": "2024-12"}, [11, 23, 35]),
        ({"source": "folder/0.html", "until": "2024-01-01"}, [0, 12, 24, 36]),
        ({"title": "没有"}, []),
        ({"since": "yesterday", "title": "44"}, [44]),
        ({"page": "3"}, [40, 41, 42, 43, 44]),
        ({"page": "9"}, []),
        ({"page": "-1", "author": "王芳"}, [0, 1, 2]),
    ],
)
def test_the_address_says_what_is_listed(kept: Kept, address: dict[str, str], expected: list[int]) -> None:
    kept(*_shelf())
    page = _opened(**address)
    assert _titles(page) == [f"第{n}篇" for n in expected]
    assert bool(page.info) == (not expected)


def test_filters_and_pages_by_clicks(kept: Kept) -> None:
    kept(*_shelf())
    page = _opened()
    assert len(_titles(page)) == 20
    run(page.button(key="next").click())
    assert _titles(page)[0] == "第20篇"
    box = next(box for box in page.selectbox if box.label == "语言")
    assert box.options == ["英语 (23)", "中文 (22)"]
    run(box.select("zh"))
    assert page.query_params["language"] == "zh"
    assert "page" not in page.query_params
    assert _titles(page)[:2] == ["第1篇", "第3篇"]
    run(next(box for box in page.text_input if box.label == "标题里的字").input("第1"))
    assert _titles(page) == ["第1篇", "第11篇", "第13篇", "第15篇", "第17篇", "第19篇"]
    run(page.button(key="no_filter").click())
    assert len(_titles(page)) == 20


def test_a_row_says_what_is_known_of_its_article(kept: Kept) -> None:
    kept(*_shelf()[1:2], essay("plain", "只有正文。", title="无名"))
    facts = re.findall(r'<div class="row-facts">(.*?)</div>', _shown(_opened()))
    assert [re.findall("<span.*?>(.*?)</span>", row) for row in facts] == [
        ["2024-02-01", "王芳", "中文", "7 字", "folder/1.html", "只有摘要", "税收", "号1"],
        ["5 字"],
    ]


def test_what_no_article_has_is_not_asked_for(kept: Kept) -> None:
    kept(essay("a", "只有正文。"))
    labels = [box.label for box in _opened().selectbox]
    assert not {"作者", "标签", "来源", "语言"} & set(labels)


def test_open_and_come_back_to_the_same_list(kept: Kept) -> None:
    kept(*_shelf())
    page = _opened(author="王芳")
    run(page.button(key="open-a2").click())
    assert page.query_params["view"] == "read"
    assert page.button(key="back").label == "← 回到文库"
    run(page.button(key="back").click())
    assert page.query_params["view"] == "library"
    assert _titles(page) == ["第0篇", "第1篇", "第2篇"]


def test_an_empty_library_says_so(kept: Kept) -> None:
    kept()
    page = _opened()
    assert _heading(page) == "0 篇文章，0 个片段"
    assert [info.value for info in page.info] == [WORDS["nothing_yet"][0]]


# --- removing ---


def test_remove_and_undo_later(kept: Kept) -> None:
    recommender = kept(*_shelf()[:3])
    before = recommender.article("a1")
    page = _opened()
    run(page.button(key="remove-a1").click())
    assert _titles(page) == ["第0篇", "第2篇"]
    assert recommender.article("a1") is None
    run(page.button(key="open-a2").click())
    run(page.button(key="back").click())
    assert "已移出《第1篇》。" in [text.value for text in page.markdown]
    run(page.button(key="undo_removal").click())
    assert recommender.article("a1") == before
    assert "undo_removal" not in [button.key for button in page.button]


def test_remove_what_is_selected_on_two_pages(kept: Kept) -> None:
    kept(*_shelf())
    page = _opened()
    run(next(box for box in page.checkbox if box.label == "选中《第3篇》").check())
    run(page.button(key="next").click())
    run(next(box for box in page.checkbox if box.label == "选中本页").check())
    assert all(box.value for box in page.checkbox)
    run(next(box for box in page.checkbox if box.label == "选中《第20篇》").uncheck())
    assert page.button(key="remove_picked").label == "移出选中的 20 篇"
    run(page.button(key="remove_picked").click())
    assert _heading(page).startswith("25 篇文章")
    run(page.button(key="undo_removal").click())
    assert _heading(page).startswith("45 篇文章")


def test_a_page_takes_its_pieces_with_it_and_brings_them_back(shelf: Path) -> None:
    page = _opened()
    assert _heading(page).startswith("10 篇文章")
    first = next(button.key for button in page.button if str(button.key).startswith("remove-"))
    run(page.button(key=first).click())
    assert _heading(page) == "0 篇文章，0 个片段"
    run(page.button(key="undo_removal").click())
    assert _heading(page).startswith("10 篇文章")


def test_a_library_that_takes_no_change_is_said(kept: Kept, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(*_shelf()[:3])
    page = _opened()

    def refuse(self: Recommender, ids: object) -> list[Article]:
        raise LibraryError("no room", "write")

    monkeypatch.setattr(Recommender, "remove", refuse)
    run(page.button(key="remove-a1").click())
    assert [error.value for error in page.error] == [WORDS["library_write"][0].format(path=shelf)]
    assert len(_titles(page)) == 3


def test_the_library_of_another_model_follows(kept: Kept, tiny_model: Path) -> None:
    kept(essay("a", "red blue", title="Red"), essay("b", "blue", title="Blue"))
    page = _opened()
    next(box for box in page.text_input if box.label == "模型名称或文件夹路径").input(str(tiny_model))
    run(next(button for button in page.button if button.label == "换用").click())
    run(page.button(key="remove-b").click())
    assert not _cards(page_at(model=str(tiny_model), article="a"))
    run(page.button(key="undo_removal").click())
    assert _cards(page_at(model=str(tiny_model), article="a")) == ["Blue"]


def _cards(page: AppTest) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", _shown(page))


# --- repeated texts ---


@pytest.fixture
def footed(kept: Kept) -> Recommender:
    """A library whose articles end in the same footer."""
    topics = ("税收", "矫正", "德育", "金融", "交通", "医院", "图书", "环保", "培训", "规划", "食品", "卫生")
    texts = {
        topic: "".join(f"{topic}的第{n}个问题与{other}不同。" for n, other in enumerate(topics)) for topic in topics
    }
    return kept(
        *(
            Article(f"f/{topic}", topic, essay("", text, FOOTER.format(n=n)).paragraphs, source=f"f/{topic}.txt")
            for n, (topic, text) in enumerate(texts.items())
        )
    )


def test_a_footer_is_found_left_out_and_brought_back(footed: Recommender) -> None:
    page = _opened(part="boilerplate")
    run(page.button(key="find_rules").click())
    rules = footed.proposed_rules()
    assert "第0期" in rules[0].text
    assert f"<q>{rules[0].text}</q><span>整段相同，出现在“f”的 12 篇文章里。</span>" in _shown(page)
    assert page.button(key="apply").disabled
    run(page.button(key="all_rejected").click())
    run(page.button(key="all_approved").click())
    assert page.button(key="apply").label == f"应用这 {len(rules)} 项决定"
    run(page.button(key="apply").click())
    article = footed.article("f/税收")
    assert article and "二维码" not in article.text
    assert "没有新的重复文字。" in [info.value for info in page.info]
    assert [expander.label for expander in page.expander if "删去" in expander.label] == [
        f"已删去的文字（{len(rules)}）"
    ]
    run(page.button(key="withdraw_approved-0").click())
    article = footed.article("f/税收")
    assert article and "二维码" in article.text
    assert "决定保留的文字（1）" in [expander.label for expander in page.expander]


def test_what_is_not_decided_stays_and_what_is_kept_is_not_proposed_again(footed: Recommender) -> None:
    page = _opened(part="boilerplate")
    run(page.button(key="find_rules").click())
    proposed = len(footed.proposed_rules())
    choice = next(group for group in page.get("button_group") if str(group.key).startswith("rule_choice-"))
    run(choice.set_value("rejected"))
    run(page.button(key="apply").click())
    assert len(footed.proposed_rules()) == proposed - 1
    assert [rule.state for rule in footed.library.rules()] == ["rejected"]
    article = footed.article("f/税收")
    assert article and "二维码" in article.text


# --- problems ---


def test_a_sound_library_and_one_that_is_not(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(essay("a", "一篇文章。"))
    page = _opened(part="problems")
    run(page.button(key="check").click())
    assert [success.value for success in page.success] == [WORDS["sound"][0]]
    monkeypatch.setattr(SqliteLibrary, "check", lambda self: ["There are articles that cannot be read: '<b>'."])
    run(page.button(key="check").click())
    assert [error.value for error in page.error] == ["发现 1 个问题："]
    assert "这些文章读不出来：&#x27;&lt;b&gt;&#x27;。" in _shown(page)


BAD = {
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "broken.docx": b"PK\x03\x04 and nothing else",
    "broken.zip": b"PK\x03\x04 and nothing else",
    "broken.xlsx": b"PK\x03\x04 and nothing else",
    "broken.epub": b"PK\x03\x04 and nothing else",
    "plain.xml": b"<a>b</a>",
    "empty.rss": b"<rss version='2.0'><channel><title>t</title></channel></rss>",
    "broken.json": b"[{]",
    "nothing.csv": "年份,数目\n2023,4\n2024,5\n".encode(),
    "blank.txt": b" \n",
    "zero.md": b"",
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "front.md": b"---\ntitle: [\n---\ntext\n",
    "program.exe": b"MZ",
    "none": b"text",
}


@pytest.mark.parametrize("name", BAD)
def test_why_a_file_failed_is_said_in_chinese(tmp_path: Path, encoder: WordEncoder, name: str) -> None:
    recommender = Recommender(SqliteLibrary(tmp_path / "library.db", encoder), encoder)
    (tmp_path / name).write_bytes(BAD[name])
    [report] = recommender.add([tmp_path / name])
    assert report.status == "failed"
    said = reason(report.error.removeprefix(f"{tmp_path / name}: "), Words("zh"))
    assert "英文" not in said
    assert re.search("[a-z]{3,} [a-z]+", said) is None
    assert said.endswith("。")


def _messages() -> Iterator[str]:
    """What the readers can say, as it is written in them, with a 7 for every blank."""
    for path in (ROOT / "recommender" / "sources").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("SourceError", "Remark"):
                for text in node.args[:1]:
                    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


def test_what_the_readers_can_say_has_a_form() -> None:
    # Some are nearly all blanks, which are tried above with real files; two are of folders, which nobody can drop.
    blank = {"the member is 7", "7", "7 not read", "this is 7", "no 7 in it can be read"}
    folders = {"there is no such file or folder", "the folder holds no 7 file"}
    unknown = {
        text.removeprefix("7: ") for text in _messages() if "英文" in reason(text.removeprefix("7: "), Words("zh"))
    }
    assert {text.split(";")[0] for text in unknown} <= blank | folders


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert reason("the moon is full", Words("zh")) == "读的时候出了问题，说明是英文的：the moon is full"
    assert reason("inner/a.txt: left out: draft", Words("zh")) == "inner/a.txt：草稿，略过了。"
    assert reason("the moon is full", Words("en")) == "the moon is full"


# --- names of dropped files ---


@given(st.text(max_size=300))
def test_a_kept_name_is_safe_and_always_the_same(name: str) -> None:
    safe = safe_name(name)
    assert safe == safe_name(safe)
    assert 0 < len(f".{safe}.part".encode()) <= 255
    assert not re.search(r"[/\\\x00]", safe)
    assert not safe.startswith(".")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.html", "a.html"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\稿件.docx", "稿件.docx"),
        (".hidden.txt", "hidden.txt"),
        ("", "_"),
        ("..", "_"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("长" * 300 + ".html", "长" * 65 + ".html"),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_what_is_cut_short_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = keep("a.txt", b"old", tmp_path / "library.db")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        keep("a.txt", b"new", tmp_path / "library.db")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


# --- languages ---


@pytest.mark.parametrize("part", ["articles", "boilerplate", "problems"])
def test_each_language_has_its_own_words(kept: Kept, part: str) -> None:
    kept(*_shelf()[:2])
    known = r"html|WordPress|Word|docx|PDF|EPUB|xlsx|csv|tsv|JSON Lines|xml|RSS|Atom|Markdown|zip|MB|English|folder"
    chinese = [re.sub(known, "", text) for text in own_strings(_opened(part=part))]
    assert len(chinese) > 8
    assert [text for text in chinese if re.search("[A-Za-z]{2}", text)] == []
    english = [re.sub("第.篇|中文", "", text) for text in own_strings(_opened(part=part, lang="en"))]
    assert [text for text in english if re.search(r"[\u3400-\u9fff]", text)] == []


def test_filter_values_are_the_librarys_own(kept: Kept) -> None:
    recommender = kept(*_shelf())
    page = _opened(author="别人")
    box = next(box for box in page.selectbox if box.label == "作者")
    assert box.options == ["别人", "王芳 (3)"]
    assert recommender.listings(Filter(authors=("别人",))) == []

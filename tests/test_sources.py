"""Files -> Articles. The truth is planted: each file is made from the structure that reading it must give back."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import sources
from recommender.sources import Remark, SourceError, encoding, files, page, text
from recommender.types import Article, Paragraph

SEED = Path(__file__).parent.parent / "seeds" / "000_37eebcd41856c7db.txt"
SIMPLIFIED = SEED.read_text("utf-8")
TRADITIONAL = (
    "推進工商隊伍思想政治工作創新之淺見\n\n在面對我國社會和人們不斷變化的思想實際,如何進一步發揮黨的思想政治工作優勢,充分調動幹部職工的"
    "積極性,建設一流的隊伍,是新形勢下思想政治工作面臨的重要任務。而緊密結合工商行政管理工作實際,切實提高針對性和實效性,成為擺在我們面前的新課題。"
)
TITLES = [
    "现代企业制度下的传播关系之浅见",
    "社区后备干部外出考察学习体会",
    "做好乡镇政府采购监管工作之浅见",
    "社区矫正与安置帮教一体化新机制浅见",
    "进一步加强农村基层党风廉政建设之浅见",
    '打造"平安矿区"浅见-提高女职工素质加强矿区平安建设',
    '"互联网与现代教育"之我浅见',
    "做好新时期企业宣传工作之浅见",
    "对规范税收执法行为之浅见",
]
HEADINGS = [
    "一、 创新意识,为思想政治工作把好脉",
    "二、创新内容,为思想政治工作定好位",
    "三、创新机制,为思想政治工作建好制",
    "四、创新方法,为思想政治工作绘好图",
    "五、创新载体,为思想政治工作造好势",
]


def read(path: Path, key: str) -> list[Article]:
    """The articles of a file, of which nothing is left out."""
    items = list(sources.read(path, key))
    assert not any(isinstance(item, Remark) for item in items)
    return [item for item in items if isinstance(item, Article)]


def written(folder: Path, content: str | bytes, name: str = "页.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- the seed page ---


def test_seed_essay() -> None:
    essay = read(SEED, "seed")[0]
    assert (essay.id, essay.source, essay.truncated) == ("seed", "seed", False)
    assert essay.title == "推进工商队伍思想政治工作创新之浅见"
    assert [paragraph.text for paragraph in essay.paragraphs if paragraph.level == 1] == HEADINGS
    body = [paragraph.text for paragraph in essay.paragraphs if paragraph.level == 0]
    assert len(body) == 8
    assert body[0].startswith("在面对我国社会") and body[-1].endswith("网络评比等相结合。")


def test_seed_pieces() -> None:
    essay, *pieces = read(SEED, "seed")
    assert [piece.title for piece in pieces] == TITLES
    assert essay.links == tuple(piece.id for piece in pieces)
    assert len(set(essay.links)) == 9
    assert all(piece.truncated and piece.source == "seed" and not piece.links for piece in pieces)
    assert all(piece.id.startswith("piece-") and len(piece.id) == 18 for piece in pieces)


def test_seed_abstracts() -> None:
    pieces = read(SEED, "seed")[1:]
    assert pieces[0].paragraphs[0].text.startswith("从传播实践的角度看")
    assert pieces[0].text.endswith("以让受众更愿意为媒体")  # the " ..." is gone
    assert [len(piece.paragraphs) for piece in pieces] == [1, 2, 2, 1, 2, 2, 1, 1, 1]
    assert pieces[2].paragraphs[1].text.startswith("一要在领导支持上求突破。")
    assert pieces[6].text.startswith('"互联网与现代教育"之我浅见 罗云芳 摘要')


def test_seed_footer_is_in_no_article() -> None:
    everything = "\n".join(f"{article.title}\n{article.text}" for article in read(SEED, "seed"))
    assert not any(part in everything for part in ("©", "webmaster", "范文中心", "相关文章", "•"))


FULL_BULLETS = "•·・･‧●○◆◇■□▪★–*"
VARIANTS = {
    "crlf": SIMPLIFIED.replace("\n", "\r\n").encode(),
    "cr": SIMPLIFIED.replace("\n", "\r").encode(),
    "utf-8 with mark": codecs.BOM_UTF8 + SIMPLIFIED.encode(),
    "gb18030": SIMPLIFIED.encode("gb18030"),
    "gb18030 with mark": ("\ufeff" + SIMPLIFIED).encode("gb18030"),
    "utf-16 with mark": SIMPLIFIED.encode("utf-16"),
    "utf-16-be with mark": codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"),
    "utf-16-le": SIMPLIFIED.encode("utf-16-le"),
    "utf-16-be": SIMPLIFIED.encode("utf-16-be"),
    "colon": SIMPLIFIED.replace("相关文章", "相关文章:").encode(),
    "brackets": SIMPLIFIED.replace("相关文章", "【推荐阅读】").encode(),
    "bulleted heading": SIMPLIFIED.replace("相关文章", "■ 相关阅读：").encode(),
    "full-width indents": SIMPLIFIED.replace("\n  ", "\n\u3000\u3000").encode(),
    "ellipsis": SIMPLIFIED.replace(" ...", "……").encode(),
    "no blank lines in the list": SIMPLIFIED.replace("\n\n  •", "\n  •").encode(),
    "footer below the list": SIMPLIFIED.replace("\n\n©", "\n©").encode(),
} | {f"bullet {bullet}": SIMPLIFIED.replace("•", bullet).encode() for bullet in FULL_BULLETS}


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS.keys())
def test_the_same_page_in_other_clothes(data: bytes, tmp_path: Path) -> None:
    assert read(written(tmp_path, data), "seed") == read(SEED, "seed")


# --- pages ---


def test_a_piece_that_two_pages_list_is_one_article(tmp_path: Path) -> None:
    first = read(written(tmp_path, "甲\n\n正文一。\n\n相关文章\n\n• 同一篇\n• 摘要...\n", "a.txt"), "a")
    other = read(written(tmp_path, "乙\n\n正文二。\n\n相关阅读\n\n· 另一篇\n\n· 同一篇\n· 摘要……\n", "b.txt"), "b")
    assert first[1].id == other[2].id
    assert (first[1].source, other[2].source) == ("a", "b")


def test_a_piece_listed_twice_is_linked_once() -> None:
    articles = page.read(
        "甲\n\n正文。\n\n相关文章\n\n• 同\n• 摘要...\n\n• 别\n• 摘要...\n\n• 同\n• 摘要...", "a", "a.txt"
    )
    assert [article.title for article in articles] == ["甲", "同", "别"]
    assert articles[0].links == tuple(article.id for article in articles[1:])


def test_missing_abstracts() -> None:
    listed = "甲\n正文。\n相关文章\n\n• 有摘要\n• 摘要没有标点\n\n• 无摘要\n\n• 也无摘要\n"
    pieces = page.read(listed, "a", "a.txt")[1:]
    assert [(piece.title, piece.text) for piece in pieces] == [
        ("有摘要", "摘要没有标点"),
        ("无摘要", "无摘要"),
        ("也无摘要", "也无摘要"),
    ]
    assert not any(piece.truncated for piece in pieces)


def test_compact_list() -> None:
    listed = (
        "甲\n正文。\n相关文章：\n• 标题一\n• 摘要到此 ...\n• 标题二\n• 标题三\n•   缩进的摘要\n• 标题四\n• "
        + "长" * 61
        + "\n• 标题五"
    )
    pieces = page.read(listed, "a", "a.txt")[1:]
    assert [piece.title for piece in pieces] == ["标题一", "标题二", "标题三", "标题四", "标题五"]
    assert [piece.text for piece in pieces[:4]] == ["摘要到此", "标题二", "缩进的摘要", "长" * 61]


def test_an_abstract_over_several_lines() -> None:
    listed = "甲\n正文。\n相关文章\n\n• 标题\n• 摘要的前半,\n    后半。\n\u3000\u3000第二段 ...\n\n站点地图\n"
    assert page.read(listed, "a", "a.txt")[1].paragraphs == (Paragraph("摘要的前半,后半。"), Paragraph("第二段"))


def test_dots_in_the_middle_cut_nothing_off() -> None:
    piece = page.read("甲\n正文。\n相关文章\n\n• 标题\n• 前半...内容。\n\n• 乙", "a", "a.txt")[1]
    assert (piece.text, piece.truncated) == ("前半...内容。", False)


@pytest.mark.parametrize(
    "heading", ["相关文章", "  相关阅读：", "【相关推荐】", "• 推荐阅读:", "相 关 文 章", "■【推荐阅读】"]
)
def test_is_page(heading: str) -> None:
    assert page.is_page(f"题\n文。\n{heading}\n• 标题")


def test_runs_of_white_space_are_quick() -> None:
    listed = "甲\n正文。\n相关文章\n• 标题\n• 摘" + " " * 50_000 + "要" + "." * 50_000 + "\n•" + " " * 50_000
    assert page.read(listed, "a", "a.txt")[1].text == "摘\n要"


def test_a_sentence_about_related_articles_makes_no_page() -> None:
    assert not page.is_page("题\n\n他读了相关文章\n相关文章很多。\n")


def test_no_related_list(tmp_path: Path) -> None:
    [essay] = read(written(tmp_path, "题目\n\n  一、开头\n\n  正文。\n"), "k")
    expected = Article("k", "题目", (Paragraph("一、开头", 1), Paragraph("正文。")), source="k")
    assert essay == replace(expected, language="zh")
    assert page.read("题目\n\n  一、开头\n\n  正文。\n", "k", "k.txt") == [expected]


@dataclass(frozen=True)
class Listed:
    title: str
    abstract: tuple[str, ...]
    truncated: bool


HAN = st.text("思想政治工作创新内容方法机制队伍建设经济发展社会文化教育管理", min_size=2, max_size=12)
SENTENCE = st.builds("{},{}。".format, HAN, HAN)
HEADING = st.builds("{}{}".format, st.sampled_from(["一、", "二、 ", "十二、", "第一章 ", "第三节", "1. ", "2、"]), HAN)
SUBHEADING = st.builds("{}{}".format, st.sampled_from(["(一)", "（二）", "（十）"]), HAN)
PARAGRAPH = st.one_of(
    st.builds(Paragraph, SENTENCE, st.just(0)),
    st.builds(Paragraph, HEADING, st.just(1)),
    st.builds(Paragraph, SUBHEADING, st.just(2)),
)
LISTED = st.builds(Listed, HAN, st.lists(SENTENCE, max_size=3).map(tuple), st.booleans())


def rendered(title: str, body: list[Paragraph], listed: list[Listed], bullet: str, indent: str, cut: str) -> str:
    lines = [title, *(f"{indent}{paragraph.text}" for paragraph in body), "相关文章"]
    for piece in listed:
        abstract = f"\n{bullet} {indent.join(piece.abstract)}{cut * piece.truncated}" if piece.abstract else ""
        lines.append(f"{bullet} {piece.title}{abstract}")
    return "\n\n".join([*lines, "© 2024 范文中心"])


@settings(max_examples=100, deadline=None)
@given(
    HAN,
    st.lists(PARAGRAPH, min_size=1, max_size=6),
    st.lists(LISTED, max_size=5, unique_by=lambda piece: piece.title),
    st.sampled_from(FULL_BULLETS),
    st.sampled_from(["  ", "\u3000\u3000", "    "]),
    st.sampled_from(["...", " ...", "…", "……"]),
)
def test_page_round_trip(
    title: str, body: list[Paragraph], listed: list[Listed], bullet: str, indent: str, cut: str
) -> None:
    essay, *pieces = page.read(rendered(title, body, listed, bullet, indent, cut), "k", "k.txt")
    assert (essay.title, list(essay.paragraphs)) == (title, body)
    assert [piece.title for piece in pieces] == [piece.title for piece in listed]
    assert essay.links == tuple(piece.id for piece in pieces)
    for piece, planted in zip(pieces, listed, strict=True):
        assert tuple(paragraph.text for paragraph in piece.paragraphs) == (planted.abstract or (planted.title,))
        assert piece.truncated == (planted.truncated and bool(planted.abstract))


# --- headings ---


@pytest.mark.parametrize(
    ("line", "level"),
    [
        *[(heading, 1) for heading in HEADINGS],
        ("第一章 总则", 1),
        ("第二部分:结论", 1),
        ("第十二节 方法", 1),
        ("1. Introduction", 1),
        ("3、存在的问题", 1),
        ("(一)加强领导", 2),
        ("（二） 完善制度", 2),
        ("一、加强领导。要把工作抓好", 0),
        ("一、加强领导,完善制度;", 0),
        ("一、" + "长" * 60, 0),
        ("第一,要加强领导", 0),
        ("第三条 本法适用于", 0),
        ("1.5 倍的增长", 0),
        ("一是加强领导", 0),
        ("一、", 0),
        ("", 0),
    ],
)
def test_heading_level(line: str, level: int) -> None:
    assert text.heading_level(line) == level


# --- plain text ---


def plain(content: str) -> tuple[str, tuple[Paragraph, ...]]:
    [article] = text.read_plain(content, "k", "dir/文件.txt")
    return article.title, article.paragraphs


def test_hard_wrapped_english() -> None:
    wrapped = "On Lists\n\nA related list is read by\nfew, and yet it is the\nway on.\n\nSecond paragraph\nhere.\n"
    assert plain(wrapped) == (
        "On Lists",
        (Paragraph("A related list is read by few, and yet it is the way on."), Paragraph("Second paragraph here.")),
    )


def test_hard_wrapped_chinese() -> None:
    wrapped = "\n".join(
        (
            "题目",
            "一、开头",
            "思想政治工作面临新的形势,",
            "必须不断创新。",
            "要学习 Python",
            "语言和方法。",
            "\u3000\u3000新的一段",
            "\u3000\u3000又一段",
        )
    )
    assert plain(wrapped) == (
        "题目",
        (
            Paragraph("一、开头", 1),
            Paragraph("思想政治工作面临新的形势,必须不断创新。"),
            Paragraph("要学习 Python 语言和方法。"),
            Paragraph("新的一段"),
            Paragraph("又一段"),
        ),
    )


def test_a_first_line_that_is_a_sentence_is_no_title() -> None:
    assert plain("\n\n今天开会。\n明天放假。\n") == ("文件", (Paragraph("今天开会。"), Paragraph("明天放假。")))
    assert plain("长" * 81) == ("文件", (Paragraph("长" * 81),))


# --- Markdown ---

MARKDOWN = """---
title: 前言里的题目
---

## 先来一节

# 真正的 *题目*

第一段有 **强调**、[链接](http://a.com) 和
![图片说明](a.png)。第二行<br>换行 <b>标签</b> `code`

- 第一项
- 第二项
  接着写

> 引用的话

### 小节

| 名称 | 数量 |
|------|------|
| 苹果 | 3    |

```python
print("dropped")
```

    indented code

<div>raw html</div>
"""


def test_markdown(tmp_path: Path) -> None:
    [article] = read(written(tmp_path, MARKDOWN, "a.md"), "k")
    assert (article.id, article.title) == ("k", "真正的 题目")
    assert [(paragraph.text, paragraph.level) for paragraph in article.paragraphs] == [
        ("先来一节", 1),
        ("第一段有 强调、链接 和图片说明。第二行换行 标签 code", 0),
        ("第一项", 0),
        ("第二项接着写", 0),
        ("引用的话", 0),
        ("小节", 2),
        ("名称 数量", 0),
        ("苹果 3", 0),
    ]


def test_markdown_title_from_front_matter_or_name(tmp_path: Path) -> None:
    front = written(tmp_path, '---\ntitle: "引号里的题目"\ndate: 2024-01-01\n---\n正文。\n', "a.markdown")
    assert read(front, "k")[0].title == "引号里的题目"
    assert read(written(tmp_path, "正文。\n", "名字.md"), "k")[0].title == "名字"


# --- encodings ---

LENGTHS = [15, 16, 20, 33, 60, 100, 101, 400, 1500, len(SIMPLIFIED)]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("code", ["utf-8", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_simplified(code: str, length: int) -> None:
    start = SIMPLIFIED[:length]
    assert encoding.decode(start.encode(code, "ignore"), "a.txt") == start.encode(code, "ignore").decode(code)


@pytest.mark.parametrize("length", [15, 16, 20, 33, 60, 100, len(TRADITIONAL)])
@pytest.mark.parametrize("code", ["utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be"])
def test_traditional(code: str, length: int) -> None:
    assert encoding.decode(TRADITIONAL[:length].encode(code), "a.txt") == TRADITIONAL[:length]


def test_english_without_mark() -> None:
    for code in ("ascii", "utf-16-le", "utf-16-be"):
        assert encoding.decode("A title\r\n\r\nand text".encode(code), "a.txt") == "A title\n\nand text"


FOREIGN = {
    "cp1251": "Турция с трёх сторон окружена морями: на западе Эгейским",
    "shift_jis": "トルコは三方を海に囲まれた国で、西はエーゲ海、北は黒海です",
    "euc_jp": "トルコは三方を海に囲まれた国で、西はエーゲ海、北は黒海です",
    "cp949": "터키는 서쪽으로는 에게해, 북쪽으로는 흑해가 있습니다",
}


@pytest.mark.parametrize("code", FOREIGN)
def test_other_scripts_in_their_own_encodings(code: str) -> None:
    assert encoding.decode(FOREIGN[code].encode(code), "a.txt") == FOREIGN[code]


def test_one_broken_byte_is_refused() -> None:
    with pytest.raises(SourceError, match="as UTF-8"):
        encoding.decode(SIMPLIFIED.encode()[:-1] + b"\xff" + SIMPLIFIED.encode(), "a.txt")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_a_source_error(data: bytes) -> None:
    try:
        content = encoding.decode(data, "a.txt")
    except SourceError as error:
        assert str(error).startswith("a.txt: ")
    else:
        assert "\r" not in content and "\ufeff" not in content and "\0" not in content


# --- errors ---

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
REFUSED = {
    "empty": ("a.txt", b"", "empty", "write"),
    "white space": ("a.txt", " \n\u3000\n".encode(), "empty", "write"),
    "only a mark": ("a.txt", codecs.BOM_UTF8, "empty", "write"),
    "png": ("a.txt", PNG, "PNG image", "UTF-8"),
    "zip": ("a.md", b"PK\x03\x04" + bytes(30), "zip archive", "UTF-8"),
    "zeros": ("a.txt", bytes(101), "binary", "UTF-8"),
    "even zeros": ("a.txt", bytes(100), "binary", "UTF-8"),
    "text with zeros": ("a.txt", "正文\0\0\0正文".encode(), "binary", "UTF-8"),
    "title only": ("a.txt", "只有题目".encode(), "only the title '只有题目'", "add the text"),
    "no body": ("a.txt", "题目\n\n相关文章\n\n• 标题\n• 摘要。".encode(), "only the title '题目'", "add the text"),
    "no title": ("a.txt", "相关文章\n• 标题\n• 摘要。".encode(), "no title", "put title and text"),
    "markdown title only": ("a.md", "# 题目\n".encode(), "only the title", "add the text"),
    "another kind": ("a.odt", b"PK", "'.odt' files are not read", ".txt, .md, .markdown"),
    "no suffix": ("README", b"text", "without a suffix", ".txt, .md, .markdown"),
}


@pytest.mark.parametrize(("name", "data", "seen", "remedy"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(name: str, data: bytes, seen: str, remedy: str, tmp_path: Path) -> None:
    path = written(tmp_path, data, name)
    with pytest.raises(SourceError) as caught:
        read(path, "k")
    message = str(caught.value)
    assert message.startswith(f"{path}: ") and seen in message and remedy in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    for missing in (lambda: read(tmp_path / "no.txt", "k"), lambda: files([tmp_path / "no.txt"])):
        with pytest.raises(SourceError, match=r"no\.txt: .*check the"):
            missing()


# --- folders ---


def test_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "sub/c.markdown", ".hidden.txt", ".git/d.txt", "e.odt", "sub/.f.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    named = tmp_path / "e.odt"
    below = [tmp_path / "a.MD", tmp_path / "b.txt", tmp_path / "sub" / "c.markdown"]
    assert files([tmp_path]) == below
    assert files([named, tmp_path / "b.txt", tmp_path, named]) == [named, below[1], below[0], below[2]]
    assert files([]) == []


def test_a_folder_without_anything_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="folder holds no"):
        files([tmp_path])


def test_the_key_is_the_only_thing_that_the_place_changes(tmp_path: Path) -> None:
    here, there = read(SEED, "a"), read(written(tmp_path, SIMPLIFIED), "b")
    assert [replace(article, source="a", page="a") for article in there[1:]] == here[1:]

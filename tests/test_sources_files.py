"""Documents, tables, JSON and archives -> Articles. Each file is made from what reading it must give back."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import documents
import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter

from recommender.sources import (
    Remark,
    SourceError,
    archive,
    columns,
    dispatch,
    finish,
    limits,
    pdf,
    read,
    table,
    wordml,
    zips,
)
from recommender.sources.encoding import UNDECODABLE
from recommender.types import Article, Paragraph

LONG = "思想政治工作面临新的形势，必须不断创新内容、方法和机制，才能充分调动干部职工的积极性，建设一流的队伍。"
LONGER = "企业宣传工作要贴近实际、贴近生活、贴近群众，把握正确的舆论导向，为改革发展稳定提供有力的思想保证。"


@pytest.fixture
def put(tmp_path: Path) -> Any:
    """Writes a file and reads it: (articles, remarks)."""

    def written(name: str, data: bytes | str) -> tuple[list[Article], list[Remark]]:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return parted(read(path, name))

    return written


def parted(items: Iterator[Article | Remark]) -> tuple[list[Article], list[Remark]]:
    found = list(items)
    return [item for item in found if isinstance(item, Article)], [item for item in found if isinstance(item, Remark)]


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


def shape(article: Article) -> list[tuple[str, int]]:
    return [(paragraph.text, paragraph.level) for paragraph in article.paragraphs]


# --- tables ---


def test_a_table_with_everything(put: Any) -> None:
    articles, remarks = put(
        "a.csv",
        "标题,正文,摘要,备注,发布时间,作者,标签,栏目,链接,语言\n"
        f'题一,"{LONG}\n一、小节\n\n{LONGER}",摘要一,x,2024年5月1日,罗云芳,"党建,队伍",理论,HTTP://Example.com/1#a,zh-CN\n',
    )
    assert articles == [
        Article(
            id="http://example.com/1",
            title="题一",
            paragraphs=(Paragraph(LONG), Paragraph("一、小节", 1), Paragraph(LONGER)),
            source="a.csv",
            url="http://example.com/1",
            date="2024-05-01",
            author="罗云芳",
            language="zh",
            tags=("党建", "队伍", "理论"),
        )
    ]
    assert remarks == [
        Remark(
            "columns: 标题 as title, 正文 as text, 摘要 as abstract, 发布时间 as date, 作者 as author, "
            "标签 and 栏目 as tags, 链接 as url, 语言 as language; not used: 备注"
        )
    ]


ROWS = [("标题", "正文"), ("题一", LONG), ("题二,副题", LONGER)]


def delimited(mark: str, end: str = "\r\n") -> str:
    return end.join(mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in ROWS) + end


@pytest.mark.parametrize(
    "data",
    [
        delimited(",").encode(),
        delimited(",").encode("utf-8-sig"),
        delimited(";").encode("gb18030"),
        delimited("\t").encode("gbk"),
        delimited("\t").encode("utf-16"),
        delimited("|", "\n").encode("utf-16-le"),
        delimited("，", "\r").encode(),
        ("sep=;\r\n" + delimited(";")).encode("gb18030"),
        ("\r\n" + delimited(",")).encode(),
        ("2024年文章汇总,\r\n制表：办公室,\r\n" + delimited(",")).encode(),
    ],
    ids=["utf-8", "mark", "semicolons", "tabs", "utf-16", "bars", "full-width", "sep", "blank line", "title above"],
)
def test_the_same_table_in_other_clothes(data: bytes, put: Any) -> None:
    articles, remarks = put("a.csv", data)
    assert [(article.title, article.text) for article in articles] == ROWS[1:]
    assert remarks[0].text.endswith(": 标题 as title, 正文 as text") and len(remarks) == 1


def test_a_table_that_is_big_in_another_encoding(put: Any) -> None:
    ascii_rows = "".join(f"title {i},{'word ' * 20}\n" for i in range(2000))
    rows = "".join(f"题{i},{LONG}\n" for i in range(1500))
    articles, _ = put("a.csv", f"title,body\n{ascii_rows}{rows}".encode("gb18030"))
    assert len(articles) == 3500
    assert (articles[-1].title, articles[-1].text) == ("题1499", LONG)


def test_without_names_the_shape_tells(put: Any) -> None:
    rows = "".join(f"{i},第{i}篇浅见,2024-05-0{i},http://a.com/{i},{LONG}{i}\n" for i in range(1, 5))
    articles, remarks = put("a.csv", rows)
    assert [(a.id, a.title, a.text, a.date) for a in articles] == [
        (f"http://a.com/{i}", f"第{i}篇浅见", f"{LONG}{i}", f"2024-05-0{i}") for i in range(1, 5)
    ]
    assert remarks[0].text == (
        "columns, which have no names: column 2 as title, column 5 as text, column 3 as date, column 4 as url; "
        "not used: column 1"
    )


def test_names_that_are_not_known_are_told_by_shape(put: Any) -> None:
    articles, remarks = put("a.csv", f"栏甲,栏乙\n题一,{LONG}\n题二,{LONGER}\n")
    assert [(article.title, article.text) for article in articles] == [("题一", LONG), ("题二", LONGER)]
    assert remarks[0].text == "columns: 栏甲 as title, 栏乙 as text"


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (["ID", "Title", "Post Content", "pub_date"], {"id": "ID", "title": "Title", "text": "Post Content"}),
        (["新闻标题", "新闻内容(必填)", "副标题"], {"title": "新闻标题", "text": "新闻内容(必填)"}),
        (["題目", "內容", "發布時間"], {"title": "題目", "text": "內容", "date": "發布時間"}),
        (["headline", "article_body", "byline"], {"title": "headline", "text": "article_body", "author": "byline"}),
        (["context", "subtext", "updated"], {}),
    ],
)
def test_names(names: list[str], fields: dict[str, str]) -> None:
    found = columns.named(names)
    assert {field: columns[0] for field, columns in found.items() if field in fields or not fields} == fields


def test_no_column_of_text(put: Any) -> None:
    with pytest.raises(SourceError, match=r"a\.csv: no column holds the text .*columns: 姓名, 电话.*; rename .*正文"):
        put("a.csv", "姓名,电话\n张三,1234\n李四,5678\n")


def test_only_abstracts_are_truncated_articles(put: Any) -> None:
    articles, _ = put("a.csv", f"标题,正文,摘要\n甲,{LONG},短\n乙,,{LONGER}\n")
    assert [(a.title, a.text, a.truncated) for a in articles] == [("甲", LONG, False), ("乙", LONGER, True)]
    articles, _ = put("b.csv", "title,abstract\nA,What is said.\n")
    assert [(a.title, a.text, a.truncated) for a in articles] == [("A", "What is said.", True)]


def test_ids_of_rows(put: Any) -> None:
    articles, _ = put(
        "a.csv", "id,标题,正文,链接\n7,甲,文一。,\n,乙,文二。,\n,乙,文三。,\n9,丁,文四。,javascript:x\n7,戊,文五。,\n"
    )
    first, second, third, fourth, fifth = (article.id for article in articles)
    assert (first, fourth, fifth) == ("a.csv#7", "a.csv#9", "a.csv#7-2")
    assert second.startswith("a.csv#") and third == f"{second}-2"
    assert not any(article.url for article in articles)


def test_rows_that_give_no_article_are_named(put: Any) -> None:
    blanks = "空,\n" * 7
    bad = b"\xff\xfe\xfd,\xff\n"
    data = f"标题,正文\n甲,{LONG}\n{blanks}".encode() + bad + f"乙,{LONGER},多出来的\n丙,{LONGER}\n".encode()
    articles, remarks = put("a.csv", data)
    assert [article.title for article in articles] == ["甲", "丙"]
    assert remarks[1:] == [
        Remark("7 left out, without text: row 3, 4, 5, 6, 7, ...", 7),
        Remark("1 left out, with bytes that are no text in the file's encoding: row 10", 1),
        Remark("1 left out, with more cells than columns (quote cells that hold the delimiter): row 11", 1),
    ]


def test_html_in_cells(put: Any) -> None:
    articles, _ = put(
        "a.csv", f'title,content\n甲,"<h2>小节</h2><p onclick=""x()"">{LONG}</p><script>alert(1)</script><p>二。</p>"\n'
    )
    assert shape(articles[0]) == [("小节", 1), (LONG, 0), ("二。", 0)]


def test_a_title_is_taken_from_the_text_where_there_is_none(put: Any) -> None:
    articles, _ = put("a.csv", f'正文\n"短题\n{LONG}"\n"{LONG}"\n')
    assert [(a.title, a.text) for a in articles] == [("短题", LONG), (LONG.rstrip("。")[:40], LONG)]


def test_a_quotation_mark_that_nothing_closes_costs_what_it_holds(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import csv

    before = csv.field_size_limit(500)
    try:
        rows = "".join(f"题{i},{LONG}\n" for i in range(30))
        articles, remarks = put("a.csv", f'标题,正文\n甲,{LONG}\n乙,"没有完\n{rows}')
    finally:
        csv.field_size_limit(before)
    assert articles[0].title == "甲" and articles[-1].title == "题29" and len(articles) > 20
    assert remarks[1].skipped == 1 and "field larger than field limit" in remarks[1].text


def test_an_endless_line_is_gone_past(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.sources.lines.LONGEST_LINE", 300)
    articles, remarks = put("a.csv", f"标题,正文\n甲,{LONG}\n乙,{LONG * 20}\n丙,{LONGER}\n")
    assert [article.title for article in articles] == ["甲", "丙"]
    assert remarks[1] == Remark("1 left out, which cannot be read (longer than 300 characters): row 3", 1)
    lines = [{"title": "甲", "text": LONG}, {"title": "乙", "text": LONG * 20}, {"title": "丙", "text": LONGER}]
    articles, remarks = put("a.jsonl", "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    assert [article.title for article in articles] == ["甲", "丙"]
    assert remarks[1] == Remark("1 left out, longer than 300 characters: line 2", 1)


def workbook(*sheets: list[list[object]]) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    return book


def saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_workbook(put: Any) -> None:
    book = workbook(
        [
            ["2024年文章汇总"],
            ["标题", "正文", "日期", None],
            ["甲", LONG, datetime(2024, 5, 1, 8), "x"],
            [],
            ["乙", None, 5],
        ],
        [],
        [["说明"], ["请勿改动"]],
        [["编号", "题目", "内容"], [3.0, "丙", f"{LONGER}\n{LONG}"]],
    )
    book.worksheets[0].merge_cells("A1:C1")
    articles, remarks = put("a.xlsx", saved(book))
    assert [(a.title, texts(a), a.date) for a in articles] == [("甲", [LONG], "2024-05-01"), ("丙", [LONGER, LONG], "")]
    assert articles[1].id == "a.xlsx#3"
    assert [remark.text for remark in remarks] == [
        "columns of sheet '表1', named in row 2: 标题 as title, 正文 as text, 日期 as date; not used: column 4",
        "1 left out, without text: row 5",
        "columns of sheet '表4': 题目 as title, 内容 as text, 编号 as id",
        "no column holds the text of articles (columns of sheet '表3': 说明); "
        "rename the one that does to 正文 or text (and the title's to 标题 or title)",
    ]


def test_a_workbook_called_csv_and_one_without_articles(put: Any) -> None:
    assert put("a.csv", saved(workbook([["标题", "正文"], ["甲", LONG]])))[0][0].text == LONG
    with pytest.raises(SourceError, match=r"b\.xlsx: no article was found"):
        put("b.xlsx", saved(workbook([], [])))
    with pytest.raises(SourceError, match=r"c\.xlsx: no column holds"):
        put("c.xlsx", saved(workbook([["说明"], ["请勿改动"]])))


# --- JSON ---

CORPUS_LINE = {
    "title": "甲",
    "paragraphs": [LONG, "一、小节", LONGER],
    "date": "2023-01-02",
    "category": "理论",
    "tags": ["党建"],
}
CORPUS_ARTICLE = Article(
    id="",
    title="甲",
    paragraphs=(Paragraph(LONG), Paragraph("一、小节", 1), Paragraph(LONGER)),
    date="2023-01-02",
    language="zh",
    tags=("党建", "理论"),
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", json.dumps(CORPUS_LINE, ensure_ascii=False)),
        ("a.ndjson", json.dumps(CORPUS_LINE)),
        ("a.json", json.dumps(CORPUS_LINE, indent=2)),
        ("a.json", json.dumps([CORPUS_LINE])),
        ("a.jsonl", json.dumps([CORPUS_LINE], indent=1)),
        ("a.json", json.dumps({"count": 1, "data": [CORPUS_LINE]})),
        ("a.json", "\ufeff" + json.dumps(CORPUS_LINE) + "\r\n\r\n"),
        ("a.jsonl", json.dumps(CORPUS_LINE, ensure_ascii=False).encode("gb18030")),
        ("a.jsonl", json.dumps(CORPUS_LINE, ensure_ascii=False).encode("utf-16")),
    ],
)
def test_json(name: str, data: str | bytes, put: Any) -> None:
    [article], [remark] = put(name, data)
    assert article.id.startswith(f"{name}#") and len(article.id) == len(name) + 13
    assert replace(article, id="", source="") == CORPUS_ARTICLE
    assert remark.text.startswith(
        "columns: title as title, paragraphs as text, date as date, tags and category as tags"
    )


def test_bad_lines_are_named_and_the_others_read(put: Any) -> None:
    lines = [json.dumps(CORPUS_LINE), "{broken", "", "[1]", json.dumps({**CORPUS_LINE, "title": "乙"}), "[" * 5000]
    articles, remarks = put("a.jsonl", "\n".join(lines))
    assert [article.title for article in articles] == ["甲", "乙"]
    assert remarks[1:] == [Remark("3 left out, no JSON object: line 2, 4, 6", 3)]


def test_values_of_many_types(put: Any) -> None:
    record = {
        "title": {"rendered": "甲\n乙"},
        "content": [{"text": LONG}, {"text": ""}, LONGER],
        "created_at": 1714521600,
        "author": [{"name": "罗云芳"}, {"name": "张 三"}],
        "tags": "党建；队伍|#理论",
        "url": "https://例子.cn/一",
        "id": 12.0,
    }
    [article], _ = put("a.jsonl", json.dumps(record))
    assert (article.title, texts(article), article.date) == ("甲 乙", [LONG, LONGER], "2024-05-01")
    assert (article.author, article.tags) == ("罗云芳、张 三", ("党建", "队伍", "理论"))
    assert article.id == article.url and article.url.startswith("https://")


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ("[1, 2]", "no entry in it can be read"),
        ("not json\nat all", "the JSON is broken"),
        ('[{"title": ', "the JSON is broken"),
        ('{"a": 1}\n{"a": 2}', "no column holds the text"),
        ("[" * 100_000, "the JSON is broken"),
        ('{"text": ""}', "no article was found"),
    ],
)
def test_json_without_articles(data: str, seen: str, put: Any) -> None:
    with pytest.raises(SourceError, match=rf"a\.json: {seen}"):
        put("a.json", data)


# --- what no text may have ---


def test_half_characters_and_controls_are_dropped(put: Any) -> None:
    record = {
        "title": "甲\ud800\u0000乙",
        "text": f"{LONG}\u0000\ud834\n\u0007\n二\u2028三。",
        "author": "\udc00丁",
        "tags": ["\u0001", "a\u0002"],
    }
    [article], _ = put("a.jsonl", json.dumps(record))
    assert (article.title, texts(article)) == ("甲乙", [LONG, "二", "三。"])
    assert (article.author, article.tags) == ("丁", ("a",))
    article.text.encode()


def test_names_with_half_characters_can_be_stored(tmp_path: Path) -> None:
    article = finish.finished(
        Article("\udcff.txt", "题", (Paragraph("文。"),), source="\udcff.txt", links=("a\n\udcff",))
    )
    assert isinstance(article, Article)
    assert (article.id, article.source, article.links) == ("\\udcff.txt", "\\udcff.txt", ("a \\udcff",))


def test_limits_of_an_article() -> None:
    large = Article("k", "题", (Paragraph("长" * limits.MAX_CHARACTERS), Paragraph("多")))
    assert finish.finished(large) == Remark(
        "'题' (k) has 2,000,002 characters and was left out: an article has at most 2,000,000; split it", 1
    )
    assert finish.finished(Article("k", "题", (Paragraph(" \ud800"),))) == Remark(
        "'题' (k) has no text and was left out", 1
    )
    headings = Article("k", "题", tuple(Paragraph("章", 1) for _ in range(limits.MAX_PARAGRAPHS + 1)))
    assert finish.finished(headings) == Remark("'题' (k) has 20,001 headings and was left out; split it", 1)


def test_a_million_paragraphs_of_one_character_are_joined(put: Any) -> None:
    [article], _ = put(
        "a.jsonl", json.dumps({"title": "题", "text": "字。\n" * 300_000 + "一、节\n完。"}, ensure_ascii=False)
    )
    assert len(article.paragraphs) == 1502
    assert article.paragraphs[0] == Paragraph("字。" * 200)
    assert article.paragraphs[-2:] == (Paragraph("一、节", 1), Paragraph("完。"))


def test_the_declared_language_unless_it_cannot_be(put: Any) -> None:
    articles, _ = put("a.csv", f"title,text,lang\nA,This is a text in English.,de-DE\n甲,{LONG},en\n乙,{LONG},\n")
    assert [article.language for article in articles] == ["de", "zh", "zh"]


# --- DOCX ---


def test_word_document(put: Any) -> None:
    document = Document()
    chinese = document.styles.add_style("标题 2", WD_STYLE_TYPE.PARAGRAPH)
    derived = document.styles.add_style("我的小标题", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style = chinese
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("关于工作的浅见", style="Title")
    document.add_paragraph("一、 开头........1", style="toc 1")
    document.add_heading("总论", 1)
    document.add_paragraph(LONG).add_run().add_break()
    document.add_paragraph("小节甲", style=chinese)
    document.add_paragraph("小节乙", style=derived)
    document.add_paragraph("（一）没有样式的小节")
    document.paragraphs[-1].add_run().add_break()
    document.paragraphs[-1].add_run("换行后的一段。")
    table = document.add_table(3, 3)
    for row, cells in enumerate([["名称", "数量", "说明"], ["苹果", "3", "甜"], ["", "4", ""]]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "苹果"
    properties = document.core_properties
    properties.title, properties.author, properties.keywords = "文档1", "罗云芳", "党建；队伍"
    properties.created = datetime(2024, 5, 1, 8)
    [article], remarks = put("a.docx", saved(document))
    assert shape(article) == [
        ("总论", 1),
        (LONG, 0),
        ("小节甲", 2),
        ("小节乙", 2),
        ("（一）没有样式的小节", 2),
        ("换行后的一段。", 0),
        ("名称 数量 说明", 0),
        ("苹果 3 甜", 0),
        ("4", 0),
    ]
    assert (article.id, article.title, article.author) == ("a.docx", "关于工作的浅见", "罗云芳")
    assert (article.date, article.language, article.tags, remarks) == ("2024-05-01", "zh", ("党建", "队伍"), [])


def test_what_a_template_states_says_nothing(put: Any) -> None:
    document = Document()
    document.add_paragraph("第一行是题目")
    document.add_paragraph(LONG)
    [article], _ = put("a.docx", saved(document))
    assert (article.title, article.author, article.date, texts(article)) == ("第一行是题目", "", "", [LONG])


def test_titles_of_word_documents(put: Any) -> None:
    document = Document()
    document.add_paragraph(LONG)
    assert put("名字.docx", saved(document))[0][0].title == "名字"
    document.core_properties.title = "属性里的题目"
    assert put("a.docx", saved(document))[0][0].title == "属性里的题目"


def test_tracked_changes_controls_and_hidden_text(put: Any) -> None:
    document = Document()
    document.add_paragraph("题目")
    paragraph = document.add_paragraph("原有的,")
    space = f'xmlns:w="{qn("w:p")[1:].split("}")[0]}"'
    for inner in (
        "<w:ins {0}><w:r><w:t>加进的,</w:t></w:r></w:ins>",
        "<w:del {0}><w:r><w:delText>删去的,</w:delText></w:r></w:del>",
        "<w:r {0}><w:rPr><w:vanish/></w:rPr><w:t>看不见的,</w:t></w:r>",
        "<w:sdt {0}><w:sdtContent><w:r><w:t>控件里的。</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(inner.format(space)))
    control = parse_xml(
        f"<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>整段控件。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(2, control)
    [article], _ = put("a.docx", saved(document))
    assert texts(article) == ["原有的,加进的,控件里的。", "整段控件。"]


def test_styles_that_build_on_themselves(put: Any) -> None:
    document = Document()
    style = document.styles.add_style("环", WD_STYLE_TYPE.PARAGRAPH)
    base = OxmlElement("w:basedOn")
    base.set(qn("w:val"), style.style_id)
    style.element.append(base)
    document.add_paragraph("题目")
    document.add_paragraph(LONG, style=style)
    assert texts(put("a.docx", saved(document))[0][0]) == [LONG]


def test_a_document_that_links_and_runs(put: Any) -> None:
    document = Document()
    document.add_paragraph("题目")
    document.add_paragraph(LONG)
    document.part.relate_to("file:///etc/passwd", "http://x/attachedTemplate", is_external=True)
    [article], _ = put("a.docx", saved(document))
    assert texts(article) == [LONG]


def test_a_document_of_too_many_paragraphs(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordml, "MOST_PARAGRAPHS", 2)
    document = Document()
    for text in ("题目", LONG, LONGER):
        document.add_paragraph(text)
    with pytest.raises(SourceError, match=r"a\.docx: the document has 3 paragraphs, at most 2 are read; split it"):
        put("a.docx", saved(document))


def rezipped(data: bytes, **replaced: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    return documents.zipped({**members, **replaced})


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)


def test_entities_in_documents_stay_closed(put: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    document = Document()
    document.add_paragraph("题目")
    document.add_paragraph(LONG)
    with zipfile.ZipFile(io.BytesIO(saved(document))) as package:
        body = package.read("word/document.xml").decode().split("?>", 1)[1]
    laughing = LAUGHS + body.replace(LONG, "&j;")
    outside = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>' + body.replace(
        LONG, "&a;文"
    )
    for number, xml in enumerate((laughing, outside)):
        data = rezipped(saved(document), **{"word/document.xml": xml.encode()})
        try:
            [article], _ = put(f"{number}.docx", data)
        except SourceError:
            continue
        assert len(article.text) < 1000 and "SECRET" not in article.text


# --- PDF ---

BODY = [
    ["思想政治工作面临新的形势,必须不断创新内容、方法和机制,才能", "充分调动干部职工的积极性。"],
    ["This is a long line of English, which is broken at its end by hyphen-", "ation, and goes on to the end here."],
    [
        "企业宣传工作要贴近实际、贴近生活、贴近群众,把握正确的舆论导向。",
        "一、⼯作",
        "为改革发展稳定提供有力的思想保证,为企业的改革发展创造良好的环",
        "境。",
    ],
]


def test_pdf(put: Any) -> None:
    pages = [
        ["江城日报　内部资料", *(["浅见"] * (at == 0)), *lines, f"第 {at + 1} 页"] for at, lines in enumerate(BODY)
    ]
    info = {
        "Title": "Microsoft Word - 文档1.doc",
        "Author": "罗云芳",
        "CreationDate": "D:20240501120000+08'00'",
        "Keywords": "党建, 队伍",
    }
    [article], remarks = put("a.pdf", documents.pdf(pages, info))
    assert shape(article) == [
        ("思想政治工作面临新的形势,必须不断创新内容、方法和机制,才能充分调动干部职工的积极性。", 0),
        ("This is a long line of English, which is broken at its end by hyphenation, and goes on to the end here.", 0),
        ("企业宣传工作要贴近实际、贴近生活、贴近群众,把握正确的舆论导向。", 0),
        ("一、工作", 1),
        ("为改革发展稳定提供有力的思想保证,为企业的改革发展创造良好的环境。", 0),
    ]
    assert (article.id, article.title, article.author, article.date) == ("a.pdf", "浅见", "罗云芳", "2024-05-01")
    assert (article.tags, article.language, remarks) == (("党建", "队伍"), "zh", [])


def test_pdf_title_from_its_properties_and_under_another_name(put: Any) -> None:
    data = documents.pdf([["浅见", LONG]], {"Title": "浅见"})
    for name in ("a.pdf", "b.txt", "c"):
        [article], _ = put(name, data)
        assert (article.title, texts(article)) == ("浅见", [LONG])


def encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(documents.pdf([["浅见", LONG]]))))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    return saved(type("", (), {"save": lambda _, file: writer.write(file)})())


def test_encrypted_pdf(put: Any) -> None:
    assert texts(put("a.pdf", encrypted(""))[0][0]) == [LONG]
    with pytest.raises(SourceError, match=r"a\.pdf: the PDF needs a password; .*print it"):
        put("a.pdf", encrypted("secret"))


def test_pdf_without_text_and_with_too_much(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match=r"a\.pdf: no text was found on its 2 pages .*run OCR"):
        put("a.pdf", documents.pdf([[], []]))
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    [article], [remark] = put("a.pdf", documents.pdf([["题目", LONG], ["第二页。"], ["不读。"]]))
    assert texts(article) == [LONG, "第二页。"] and article.truncated
    assert remark == Remark("only the first 2 of 3 pages were read; split the document", 1)
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 60)
    with pytest.raises(SourceError, match="more than 60 characters by page 2; split it"):
        put("a.pdf", documents.pdf([["题目", LONG], [LONGER]]))


def test_pages_that_loop(put: Any) -> None:
    data = documents.pdf([["题目", LONG]]).replace(b"/Kids[6 0 R]", b"/Kids[2 0 R]")
    with pytest.raises(SourceError, match=r"a\.pdf: "):
        put("a.pdf", data)


# --- EPUB ---

FACTS = (
    "<dc:title>书名</dc:title><dc:creator>甲</dc:creator><dc:creator>乙</dc:creator><dc:language>zh-CN</dc:language>"
    "<dc:date>2020-05-06T00:00:00Z</dc:date><dc:subject>文学</dc:subject>"
)
CHAPTER = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


def test_epub_of_two_chapters(put: Any) -> None:
    chapters = {
        "cover.xhtml": CHAPTER.format("<img src='a.png'/>"),
        "part.xhtml": CHAPTER.format("<h1>上编</h1>"),
        "text/c1.xhtml": CHAPTER.format(f"<h1>第一章 开头</h1><p>{LONG}<a id='x'/></p><h2>小节</h2><p>{LONGER}</p>"),
        "text/c2.xhtml": CHAPTER.format(f"<p>{LONGER}</p>"),
    }
    articles, remarks = put("a.epub", documents.epub(chapters, FACTS))
    assert [(a.id, a.title, shape(a)) for a in articles] == [
        ("a.epub#OEBPS/text/c1.xhtml", "书名 · 第一章 开头", [(LONG, 0), ("小节", 1), (LONGER, 0)]),
        ("a.epub#OEBPS/text/c2.xhtml", "书名 · 4", [(LONGER, 0)]),
    ]
    assert {(a.author, a.language, a.date, a.tags) for a in articles} == {("甲、乙", "zh", "2020-05-06", ("文学",))}
    assert remarks == [Remark("1 pages of the book have a heading alone and were left out")]


def test_epub_that_leads_out_of_itself(put: Any, tmp_path: Path) -> None:
    (tmp_path / "secret.xhtml").write_text(CHAPTER.format("<p>SECRET</p>"))
    hrefs = ["c.xhtml", "../../secret.xhtml", "/secret.xhtml", "http://a.com/x.xhtml"]
    book = documents.epub({href: CHAPTER.format(f"<p>{LONG}</p>") for href in hrefs[:1]}, FACTS)
    [article], _ = put("a.epub", book)
    spine = documents.epub(dict.fromkeys(hrefs, CHAPTER.format(f"<p>{LONG}</p>")))
    articles, remarks = put("b.epub", spine.replace(b"OEBPS/../../secret", b"OEBPS/../../public"))
    assert texts(article) == [LONG] and "SECRET" not in "".join(a.text for a in articles)
    assert any("the book lists it and does not hold it" in remark.text for remark in remarks)


def test_epub_with_entities_is_refused(put: Any) -> None:
    book = rezipped(documents.epub({}, FACTS), **{"OEBPS/book.opf": (LAUGHS + "<package>&j;</package>").encode()})
    with pytest.raises(SourceError, match=r"a\.epub: this is no EPUB that can be read"):
        put("a.epub", book)


# --- archives ---


def test_archive_of_many_kinds(put: Any) -> None:
    inner = documents.zipped({"深.csv": f"标题,正文\n丙,{LONG}\n"})
    data = documents.zipped(
        {
            "目录/甲.txt": f"甲\n\n{LONG}",
            "b.csv": f"标题,正文\n乙,{LONGER}\n空,\n",
            "内.zip": inner,
            "deep.zip": documents.zipped({"deeper.zip": inner}),
            "bad.docx": "no zip",
            "a.png": "x",
            "style.css": "x",
            "__MACOSX/目录/._甲.txt": "x",
            ".hidden.txt": "x",
            "dir/": "",
        }
    )
    articles, remarks = put("包.zip", data)
    assert [(a.source, a.title, a.text) for a in articles] == [
        ("包.zip/目录/甲.txt", "甲", LONG),
        ("包.zip/b.csv", "乙", LONGER),
        ("包.zip/内.zip/深.csv", "丙", LONG),
    ]
    assert articles[0].id == "包.zip/目录/甲.txt" and articles[2].id.startswith("包.zip/内.zip/深.csv#")
    assert [(remark.text, remark.skipped) for remark in remarks] == [
        ("b.csv: columns: 标题 as title, 正文 as text", 0),
        ("b.csv: 1 left out, without text: row 3", 1),
        ("内.zip: 深.csv: columns: 标题 as title, 正文 as text", 0),
        ("deep.zip: deeper.zip: an archive in an archive in an archive is not read; unpack the outer one", 1),
        (
            "bad.docx: the zip file is broken or cut off (File is not a zip file); "
            "save it again with the program that made it",
            1,
        ),
        ("2 left out, of other kinds: a.png, style.css", 2),
    ]


def test_names_in_gbk(put: Any) -> None:
    data = documents.zipped({"12345678.txt": f"题目\n\n{LONG}"})
    for code, name in (("gbk", "目\\录"), ("utf-8", "目录"), ("gbk", "文集一"), ("big5", "編輯的"), ("gbk", "a")):
        encoded = name.encode(code)
        [article], _ = put("a.zip", data.replace(b"12345678", encoded.ljust(8, b"x")))
        assert article.id == f"a.zip/{name}{'x' * (8 - len(encoded))}.txt".replace("\\", "/")


ESCAPES = {
    "../../逃.txt": "a.zip/逃.txt",
    "/etc/逃.txt": "a.zip/etc/逃.txt",
    "C:\\逃\\a.txt": "a.zip/C:/逃/a.txt",
    "a/../../../b/逃.txt": "a.zip/b/逃.txt",
    "..\\..\\窗.txt": "a.zip/窗.txt",
}


def test_members_that_lead_out_of_the_archive(put: Any, tmp_path: Path) -> None:
    articles, _ = put("a.zip", documents.zipped(dict.fromkeys(ESCAPES, f"题目\n\n{LONG}")))
    assert [article.id for article in articles] == list(ESCAPES.values())
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]
    articles, _ = put("a.zip", documents.zipped(dict.fromkeys(("../a.txt", "a.txt", "..\\a.txt"), f"题目\n\n{LONG}")))
    assert [article.id for article in articles] == ["a.zip/a.txt", "a.zip/a-2.txt", "a.zip/a-3.txt"]


def test_bombs_are_stopped(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    articles, remarks = put(
        "a.zip", documents.zipped({"bomb.txt": bytes(30 * limits.MEBI), "b.txt": f"题目\n\n{LONG}"})
    )
    assert [article.text for article in articles] == [LONG]
    assert remarks == [Remark("bomb.txt: the member unpacks to over 200 times its size; pack it anew", 1)]
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    monkeypatch.setattr(archive._Budget, "__init__", lambda self: self.__dict__.update(room=1000, members=10))
    many = {f"{number}.txt": f"题目{number}\n\n{LONG}" for number in range(9)}
    articles, remarks = put("b.zip", documents.zipped(many))
    assert len(articles) == 6
    assert remarks == [
        Remark("the archive unpacks to more than 0 MiB; the members that follow were left out: split the archive", 1)
    ]


def lying(data: bytes, stated: int) -> bytes:
    """The archive with another size stated for its first member, in its header and in the directory."""
    at = data.index(b"PK\x01\x02")
    size = struct.pack("<L", stated)
    return data[:22] + size + data[26 : at + 24] + size + data[at + 28 :]


def test_sizes_that_lie(put: Any) -> None:
    data = documents.zipped({"a.txt": bytes(30 * limits.MEBI), "b.txt": f"题目\n\n{LONG}"})
    articles, remarks = put("a.zip", lying(data, 100))
    assert [article.text for article in articles] == [LONG] and "200 times" in remarks[0].text
    book = saved(workbook([["标题", "正文"], ["甲", LONG]]))
    with pytest.raises(SourceError, match=r"a\.xlsx: a part of the document is broken .*larger than stated"):
        put("a.xlsx", lying(book, 10))
    with pytest.raises(SourceError, match="unpacks to"):
        put("a.xlsx", documents.zipped({"xl/workbook.xml": bytes(30 * limits.MEBI)}))


def test_members_that_cannot_be_read(put: Any) -> None:
    data = documents.zipped({"a.txt": f"题目\n\n{LONG}", "b.txt": f"题目\n\n{LONGER}"})
    at = data.index(b"PK\x01\x02")
    locked = data[:6] + b"\x01" + data[7 : at + 8] + b"\x01" + data[at + 9 :]
    articles, remarks = put("a.zip", locked)
    assert [article.text for article in articles] == [LONGER]
    assert remarks == [
        Remark("a.txt: the member is encrypted; pack it again without a password, as an ordinary .zip", 1)
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as package:
        package.writestr("a.txt", f"题目\n\n{LONG}" * 10)
    with pytest.raises(SourceError, match=r"no article was found .*not packed by Deflate"):
        put("a.zip", file.getvalue())
    broken = bytearray(data)
    broken[40:60] = bytes(20)
    articles, remarks = put("a.zip", bytes(broken))
    assert [article.text for article in articles] == [LONGER] and "the member is broken" in remarks[0].text


def test_directories_that_lie(put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = documents.zipped({"a.txt": f"题目\n\n{LONG}"})
    with pytest.raises(SourceError, match="lists more than"):
        put("a.zip", data[:-10] + struct.pack("<L", 1 << 30) + data[-6:])
    with pytest.raises(SourceError, match="broken or cut off"):
        put("a.zip", data[:-30])
    monkeypatch.setattr(zips, "MAX_MEMBERS", 1)
    with pytest.raises(SourceError, match="has 2 members, at most 1 are read; split it"):
        put("a.zip", documents.zipped({"a.txt": "x", "b.txt": "x"}))


# --- kinds and sizes ---


def test_content_says_what_a_file_is(put: Any) -> None:
    with pytest.raises(SourceError, match=r"a\.doc: this is an old Office document .*save it as \.docx"):
        put("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(SourceError, match=r"a\.xml: this XML is neither RSS, Atom nor a WordPress export"):
        put("a.xml", "<?xml version='1.0'?><x/>")
    page = f"<!DOCTYPE html><title>题目</title><body><h1>题目</h1><p>{LONG}</p><p>{LONGER}</p></body>"
    assert put("a.txt", page)[0][0].text == f"{LONG}\n{LONGER}"
    document = Document()
    document.add_paragraph("题目")
    document.add_paragraph(LONG)
    assert put("a.zip", saved(document))[0][0].id == "a.zip"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "a.epub", "a.rss"])
def test_two_gibibytes_are_refused_without_being_read(name: str, tmp_path: Path) -> None:
    heads = {"a.rss": b"<rss ", "a.pdf": b"%PDF-1.7", "a.docx": b"PK\x03\x04", "a.epub": b"PK\x03\x04"}
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(heads.get(name, b"text "))
        file.truncate(2 << 30)
    with pytest.raises(SourceError, match=r"2,048 MiB, and files of this kind are read up to \d+ MiB; split"):
        list(read(path, "k"))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.zip", "a.xlsx"])
def test_two_gibibytes_of_nothing_are_no_table(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(SourceError):
        list(read(path, "k"))


def test_a_large_table_streams(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "a.csv"
    with path.open("w") as file:
        file.write("标题,正文\n")
        for number in range(1500):
            file.write(f"题{number},{LONG * 30}\n")
    assert path.stat().st_size > 6_000_000
    with path.open("rb") as opened:
        next(items := table.read(opened, "k", "k"))
        tracemalloc.start()
        count = sum(1 for _ in items)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count > 1400 and peak < 2_000_000


def test_undecodable_bytes_are_marked_by_what_no_text_has() -> None:
    assert not UNDECODABLE.isprintable() and dispatch.suffix("a/B.b/c.TXT") == ".txt" and dispatch.suffix(".txt") == ""

"""Whatever the bytes are, a reader gives articles that can be stored, or a SourceError: for noise, and for real files
in which bytes were changed, taken out and repeated. Then what cleaning and segmenting make of any article."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache

import documents
import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from recommender.clean import clean
from recommender.segment import segment, sentences
from recommender.sources import SUFFIXES, Remark, SourceError, dispatch, limits
from recommender.types import Article, Paragraph

TEXT = "思想政治工作面临新的形势，必须不断创新内容、方法和机制，才能充分调动干部职工的积极性。"
PAGE = (
    '<!DOCTYPE html><html lang="zh"><head><title>题目_某网</title><meta name="author" content="甲"></head><body>'
    f'<h1>题目</h1><p onclick="x()">{TEXT}</p><script>alert(1)</script><h2>相关文章</h2>'
    '<ul><li><a href="b.html">乙篇</a></li></ul></body></html>'
)
FEED = (
    f'<?xml version="1.0"?><rss version="2.0"><channel><title>站</title><item><title>题</title><link>http://a.com/1</link>'
    f"<pubDate>Wed, 01 May 2024 08:00:00 GMT</pubDate><description>{TEXT}</description></item></channel></rss>"
)
EXPORT = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>站</title><wp:wxr_version>1.2</wp:wxr_version>'
    f"<item><title>题</title><link>http://a.com/1</link><content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
    "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item></channel></rss>"
)
LISTED = f"题目\n\n一、小节\n\n{TEXT}\n\n相关文章\n\n• 甲篇\n• 摘要……\n\n• 乙篇\n• 摘要...\n"
FRONT = "---\ntitle: 题目\ndate: 2024-05-01\ntags: [甲, 乙]\n---\n\n"
MARKDOWN = f"{FRONT}# 题目\n\n{TEXT}\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n"
TABLE = f'标题,正文,日期,标签\n题,"{TEXT}\n{TEXT}",2024-05-01,甲;乙\n题二,<p>{TEXT}</p>,,\n'
LINES = "\n".join(
    json.dumps({"title": f"题{i}", "paragraphs": [TEXT], "date": "2024", "tags": ["甲"]}) for i in range(3)
)


def word() -> bytes:
    document = Document()
    document.add_heading("题目", 1)
    document.add_paragraph(TEXT)
    document.add_table(2, 2).cell(0, 0).text = "格"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["标题", "正文"])
    book.active.append(["题", TEXT])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book() -> bytes:
    page = f"<html><head><title/></head><body><h1>章</h1><p>{TEXT}</p></body></html>"
    return documents.epub({"a.xhtml": page, "b.xhtml": page}, "<dc:title>书</dc:title>")


def archive() -> bytes:
    return documents.zipped({"甲.txt": LISTED, "b.csv": TABLE, "c.zip": documents.zipped({"d.md": MARKDOWN})})


SAMPLES: dict[str, Callable[[], bytes]] = {
    ".txt": LISTED.encode,
    ".md": MARKDOWN.encode,
    ".html": PAGE.encode,
    ".docx": word,
    ".pdf": lambda: documents.pdf([["题目", TEXT], [TEXT]], {"Title": "题", "CreationDate": "D:20240501"}),
    ".epub": book,
    ".csv": TABLE.encode,
    ".tsv": lambda: TABLE.replace(",", "\t").encode("gb18030"),
    ".xlsx": workbook,
    ".jsonl": LINES.encode,
    ".json": lambda: f"[{LINES}]".replace("\n", ",").encode(),
    ".xml": EXPORT.encode,
    ".rss": FEED.encode,
    ".zip": archive,
}
sample = cache(lambda suffix: SAMPLES[suffix]())
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"\0", b"\xff\xfe", b"\r\n", b'"', b"<", b"&a;", b"]]>", b"[" * 50, b"\xed\xa0\x80", b"9" * 20, b"PK\x03\x04"]
    ),
)
# (where, as a share of the length; how many bytes go; what comes in their place; how often)
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 2, 16, 500]), PIECES, st.sampled_from([1, 1, 1, 3, 100])),
    min_size=1,
    max_size=6,
)
BOUNDED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def changed(data: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    for share, gone, piece, times in changes:
        at = int(share * len(data))
        data = data[:at] + piece * times + data[at + gone :]
    return data


def changed_within(data: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    """The package with one of its members changed, and packed so that the changes are found."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    name = sorted(members)[int(changes[0][0] * (len(members) - 1))]
    return documents.zipped({**members, name: changed(members[name], changes)})


def check(data: bytes, suffix: str) -> None:
    try:
        items = list(dispatch.read(io.BytesIO(data), f"文件{suffix}", f"名字{suffix}"))
    except SourceError as error:
        assert str(error).startswith(f"名字{suffix}") and len(str(error)) < 1500
        return
    assert any(isinstance(item, Article) for item in items)
    for item in items:
        if isinstance(item, Remark):
            assert item.text.strip() and item.skipped >= 0
        else:
            check_article(item)


def check_article(article: Article) -> None:
    fields = [
        article.id,
        article.title,
        article.source,
        article.page,
        article.url,
        article.author,
        *article.tags,
        *article.links,
    ]
    "\n".join([*fields, article.text, article.date, article.language]).encode()
    assert article.id and article.title.strip() and article.source
    assert not any(set(field) & set("\0\n\r") for field in [*fields, *(p.text for p in article.paragraphs)])
    assert article.paragraphs and all(paragraph.text.strip() for paragraph in article.paragraphs)
    assert len(article.paragraphs) <= limits.MAX_PARAGRAPHS and len(article.text) <= limits.MAX_CHARACTERS
    assert article.url[:4] in ("", "http") and len(article.language) in (0, 2)


@pytest.mark.parametrize("suffix", SAMPLES)
def test_the_samples_are_read(suffix: str) -> None:
    items = list(dispatch.read(io.BytesIO(sample(suffix)), f"a{suffix}", f"a{suffix}"))
    read = [item for item in items if isinstance(item, Article)]
    assert any(TEXT in article.text for article in read)
    assert not any(item.skipped for item in items if isinstance(item, Remark))
    check(sample(suffix), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@BOUNDED
@given(st.binary(max_size=300))
def test_noise(suffix: str, data: bytes) -> None:
    check(data, suffix)


@pytest.mark.parametrize("suffix", SAMPLES)
@BOUNDED
@given(CHANGES)
def test_changed_files(suffix: str, changes: list[tuple[float, int, bytes, int]]) -> None:
    check(changed(sample(suffix), changes), suffix)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".epub", ".zip"])
@BOUNDED
@given(CHANGES)
def test_changed_members(suffix: str, changes: list[tuple[float, int, bytes, int]]) -> None:
    check(changed_within(sample(suffix), changes), suffix)


@pytest.mark.parametrize("suffix", SAMPLES)
@BOUNDED
@given(st.floats(0, 1), st.sampled_from(SUFFIXES))
def test_files_cut_off_and_under_other_names(suffix: str, share: float, other: str) -> None:
    data = sample(suffix)
    check(data[: int(share * len(data))], suffix)
    check(data, other)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["title", "text", "tags", "date", "author", "url", "id", "name"]), inner)
    ),
    max_leaves=12,
)


@BOUNDED
@given(st.lists(JSON, max_size=5))
def test_records_of_any_shape(records: list[object]) -> None:
    check("\n".join(map(json.dumps, records)).encode(), ".jsonl")
    check(json.dumps(records).encode(), ".json")


@BOUNDED
@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=6), st.sampled_from([",", "\t", ";"]))
def test_tables_of_any_shape(rows: list[list[str]], mark: str) -> None:
    quoted = "\n".join(mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    check(f"标题{mark}正文\n{quoted}".encode("utf-8", "surrogatepass"), ".csv")
    check(quoted.encode("utf-8", "surrogatepass"), ".csv")


# --- what follows the readers ---

PART = st.sampled_from(
    [
        *"。，；！？…. \u3000\t-|>(（\u200b\u00a0\U0001f600",
        "尽在范文网",
        "www.a.com",
        "转载请注明来源:",
        "上一篇",
        "©",
        "相关文章",
        TEXT,
        "x" * 50,
        "a. ",
        "一、",
    ]
)
PARAGRAPHS = st.lists(
    st.builds(
        Paragraph,
        st.one_of(
            st.lists(PART, max_size=20).map("".join),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=60),
        ),
        st.integers(0, 3),
    ),
    max_size=8,
).map(tuple)


@settings(max_examples=150, deadline=None)
@given(PARAGRAPHS, st.text(max_size=10))
def test_clean_and_segment_bear_any_article(paragraphs: tuple[Paragraph, ...], title: str) -> None:
    article = Article("k", title, paragraphs)
    cleaned = clean(article)
    assert clean(cleaned) == cleaned
    for given_article in (article, cleaned):
        for passage in segment(given_article):
            assert given_article.text[passage.start : passage.end] == passage.text and passage.text.strip()
            for sentence in sentences(passage):
                assert given_article.text[sentence.start : sentence.end] == sentence.text

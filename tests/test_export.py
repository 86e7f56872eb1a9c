"""Every form of export is read back by a parser that is not ours, and compared with what went in."""

import csv
import difflib
import io
import json
import re

import feedparser
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt

from recommender.export import FORMATS, records, render, render_one
from recommender.export.records import record
from recommender.library import Listing
from recommender.published import Piece, PublishedList
from recommender.sources import front, wordpress
from recommender.sources.markup import plain
from recommender.types import Article, Proposal

WP = "{http://wordpress.org/export/1.2/}"
LANGUAGES = st.sampled_from(["zh", "en"])

# What one parser or another takes for more than text.
HOSTILE = (
    *("=1+1", "＝1+1", '";=1+1', "\t@SUM(A1)", "'=1", "|", "]]>", "</script>", "<!--", "<b>", "&amp;", "&copy"),
    *('"', "'", "&#13;", "😀", "👨‍👩‍👧", "`", "\\", "](http://x)", "![", "*a*", "_b_", "~~", "$", "{{ x }}", "{% y %}"),
    *("\n", "\r\n", "\u2028", "\u2029", "\x85", "\x00", "\x0b", "\x1b", "\x7f", "\ufffe", "\ufeff", " ", "　"),
    *("\u202e", "\u200f", "---", "...", "1.", "2)", "# ", "> ", "- ", "+ ", "===", ": ", "%", "[x]: /y"),
    *("no", "0o14", "2024-05-01", "null", "相关"),
)
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=4).map("".join)
TITLES = TEXTS.filter(lambda text: one_line(text))
URLS = st.sampled_from(
    [
        *("", "https://example.com/相关/?a=1&copy=2#x", "http://例子.中国/", "HTTPS://e.org/", "http://[x"),
        *('https://e.org/"><script>', "https://e.org/a b)>", "https://e.org/\\`{{x}}*_"),
        *("javascript:alert(1)", " data:text/html,x"),
    ]
)
DATES = st.sampled_from(["", "2024", "2024-05", "2024-05-01"])


def one_line(text):
    """A text as it is shown on one line: without what no reader sees."""
    text = re.sub(r"[\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+", " ", text)
    return re.sub(r"[\x00-\x08\x0e-\x1b\x7f-\x9f\ufffe\uffff]", "", text).strip()


def listing(id="a", title="题", url="", date="", author=""):
    return Listing(id, title, "source", "", False, url, date, author, "zh", (), 100)


def proposal(piece, why_zh="因为两文都谈“税”。", why_en="Because both are about “tax”."):
    return Proposal(piece, (), 0.5, "strong", why_zh, why_en)


HEADS = st.builds(listing, TITLES, TITLES, URLS, DATES, TEXTS)


@st.composite
def pieces(draw):
    head = draw(HEADS)
    found = st.builds(proposal, st.just(head.id), TITLES, TITLES)
    return Piece(head, draw(st.booleans()), draw(st.none() | found))


LISTS = st.builds(
    PublishedList,
    HEADS,
    st.just("the-editors-name"),
    st.just("2026-01-02T03:04:05+00:00"),
    st.lists(pieces(), max_size=3).map(tuple),
    st.lists(TITLES, max_size=2).map(tuple),
)
MANY = st.lists(LISTS, max_size=2)

ESSAY = PublishedList(
    listing("essays/工商.md", "工商 & 税收", "https://example.com/gs/", "2024-05-01", "张三"),
    "the-editors-name",
    "2026-01-02T03:04:05+00:00",
    (
        Piece(
            listing("p1", "C++ [入门] 1. 节", "https://example.com/p1?a=1&b=2", "2023", "李四"), False, proposal("p1")
        ),
        Piece(listing("p2", "=1+1"), True, None),
    ),
    ("gone",),
)


def why_of(piece, language):
    found = piece.proposal
    return (found.why_zh if language == "zh" else found.why_en) if found else ""


def shown(piece, language):
    """What templates get of a piece."""
    head, found = piece.article, piece.proposal
    values = {"id": head.id, "title": head.title, "url": head.url, "date": head.date, "author": head.author}
    values |= {"relevance": found.relevance if found else "", "why": why_of(piece, language)}
    return {name: value for name, value in values.items() if value}


def linked(url):
    return url.lower().startswith(("http://", "https://"))


# --- JSON ---


def test_a_record_has_all_that_is_published_and_nothing_that_is_the_editors_own():
    assert record(ESSAY) == {
        "essay": {
            "id": "essays/工商.md",
            "title": "工商 & 税收",
            "url": "https://example.com/gs/",
            "date": "2024-05-01",
            "author": "张三",
        },
        "published_at": "2026-01-02T03:04:05+00:00",
        "pieces": [
            {
                "place": 1,
                "id": "p1",
                "title": "C++ [入门] 1. 节",
                "url": "https://example.com/p1?a=1&b=2",
                "date": "2023",
                "author": "李四",
                "relevance": "strong",
                "closeness": 0.5,
                "pinned": False,
                "why": {"zh": "因为两文都谈“税”。", "en": "Because both are about “tax”."},
            },
            {
                "place": 2,
                "id": "p2",
                "title": "=1+1",
                "url": "",
                "date": "",
                "author": "",
                "relevance": None,
                "closeness": None,
                "pinned": True,
                "why": None,
            },
        ],
        "lost": ["gone"],
    }


@given(MANY, LANGUAGES)
def test_json_is_the_records(lists, language):
    assert json.loads(render(lists, "json", language)) == [record(one) for one in lists]
    for one in lists:
        assert json.loads(render_one(one, "json", language)) == record(one)


# --- CSV ---

_RUN = tuple("=+-@＝＋－＠")


def unguarded(cell):
    return re.sub(r"(^|[;\t])'(?=[\"'\s]*[=+\-@＝＋－＠])", r"\1", cell)


@given(MANY, LANGUAGES)
def test_csv_has_a_row_a_piece(lists, language):
    text = render(lists, "csv", language)
    assert text.startswith("\ufeff")  # or Excel shows Chinese as something else
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    expected = []
    for one in lists:
        for place, piece in enumerate(one.pieces, 1):
            head, found = piece.article, piece.proposal
            expected.append(
                {
                    "essay_id": one_line(one.essay.id),
                    "essay_title": one_line(one.essay.title),
                    "essay_url": one_line(one.essay.url),
                    "published_at": one.at,
                    "place": str(place),
                    "id": one_line(head.id),
                    "title": one_line(head.title),
                    "url": one_line(head.url),
                    "date": head.date,
                    "author": one_line(head.author),
                    "relevance": found.relevance if found else "",
                    "closeness": "0.5" if found else "",
                    "pinned": "true" if piece.is_pinned else "false",
                    "why": one_line(why_of(piece, language)),
                }
            )
    assert [dict(zip(header, map(unguarded, row), strict=True)) for row in rows] == expected


@given(MANY, LANGUAGES, st.sampled_from(",;\t"))
def test_no_cell_is_a_formula_whatever_the_spreadsheet_takes_for_a_separator(lists, language, delimiter):
    text = render(lists, "csv", language).removeprefix("\ufeff")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell.strip().startswith(_RUN)]


# --- Markdown ---


def inline_text(token):
    return "".join(child.content for child in token.children if child.type == "text")


def read_markdown(text):
    """The headings, and of each item its text, where its link leads, and the text of the link."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    headings = [
        (tokens[i - 1].tag, inline_text(t)) for i, t in enumerate(tokens) if tokens[i - 1].type == "heading_open"
    ]
    items = []
    for i, token in enumerate(tokens):
        if token.type == "inline" and tokens[i - 1].type == "paragraph_open":
            assert tokens[i - 2].type == "list_item_open"
            children = token.children
            assert {child.type for child in children} <= {"text", "link_open", "link_close"}
            links = [child.attrs["href"] for child in children if child.type == "link_open"]
            end = next((n for n, child in enumerate(children) if child.type == "link_close"), 0)
            items.append((inline_text(token), links, "".join(c.content for c in children[1:end])))
    kinds = {token.type for token in tokens} - {"inline"}
    assert kinds <= {
        f"{kind}_{end}" for kind in ("heading", "ordered_list", "list_item", "paragraph") for end in ("open", "close")
    }
    return headings, items


@given(MANY, LANGUAGES)
def test_markdown_shows_what_titles_say(lists, language):
    headings, items = read_markdown(render(lists, "markdown", language))
    heading = {"zh": "相关文章", "en": "Related articles"}[language]
    expected = []
    for one in lists:
        expected += [("h1", one_line(one.essay.title)), *[("h2", heading)] * bool(one.pieces)]
    assert [(tag, text.strip()) for tag, text in headings] == expected
    every = [piece for one in lists for piece in one.pieces]
    assert len(items) == len(every)
    for (text, links, of_link), piece in zip(items, every, strict=True):
        title, about = one_line(piece.article.title), (one_line(piece.article.author), piece.article.date)
        said = ", ".join(filter(None, about))
        assert text == title + (f" ({said})" if said else "")
        assert len(links) == linked(piece.article.url)
        assert of_link == (title if links else "")
        assert all(link.startswith(("http://", "https://", "HTTPS://")) for link in links)


def test_markdown_is_readable_as_it_stands():
    assert render_one(ESSAY, "markdown", "zh") == (
        "## 相关文章\n\n1. [C++ \\[入门\\] 1\\. 节](<https://example.com/p1?a=1&amp;b=2>) (李四, 2023)\n2. \\=1+1\n"
    )
    _, [(_, [link], _), _] = read_markdown(render_one(ESSAY, "markdown", "zh"))
    assert link == "https://example.com/p1?a=1&b=2"


# --- HTML ---


@given(LISTS, LANGUAGES)
def test_html_has_a_class_for_every_element_and_data_for_search_engines(one, language):
    text = render([one], "html", language)
    if not one.pieces:
        assert text == ""
        return
    section = html.fragment_fromstring(text)
    [script] = section.iter("script")
    assert {element.get("class", "").partition("__")[0] for element in section.iter()} == {"related-articles", ""}
    assert [element.tag for element in section.iter() if not element.get("class")] == ["script"]
    assert {element.tag for element in section.iter()} <= {
        "section",
        "h2",
        "ol",
        "li",
        "a",
        "span",
        "time",
        "p",
        "script",
    }
    assert (section.tag, section.get("lang"), section.get("data-essay")) == (
        "section",
        language,
        one_line(one.essay.id),
    )
    for item, piece in zip(section.iter("li"), one.pieces, strict=True):
        said = {element.get("class").partition("__")[2]: element.text or "" for element in item}
        expected = {"link": piece.article.title, "author": piece.article.author, "date": piece.article.date}
        assert said == {name: one_line(value) for name, value in expected.items() if one_line(value)}
        assert (item[0].tag == "a") == linked(piece.article.url)
        assert not set(item[0].attrib) - {"class", "dir", "href"}
    check_item_list(json.loads(script.text), one)


def check_item_list(data, one):
    assert (data["@context"], data["@type"]) == ("https://schema.org", "ItemList")
    assert data["numberOfItems"] == len(one.pieces)
    for place, (element, piece) in enumerate(zip(data["itemListElement"], one.pieces, strict=True), 1):
        assert (element["@type"], element["position"]) == ("ListItem", place)
        assert element["item"]["name"] == one_line(piece.article.title)
        assert ("url" in element["item"]) == linked(piece.article.url)
        assert element["item"].get("datePublished", "") == piece.article.date


def test_a_link_leads_where_the_piece_is():
    section = html.fragment_fromstring(render_one(ESSAY, "html", "zh"))
    assert [a.get("href") for a in section.iter("a")] == ["https://example.com/p1?a=1&b=2"]
    assert section.findtext("h2") == "相关文章"


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_reasons_are_for_editors_and_not_among_what_readers_see(form):
    assert "因为" not in render([ESSAY], form, "zh")


@given(LISTS)
def test_nothing_in_a_script_can_end_it(one):
    _, _, script = render([one], "html", "zh").rpartition('<script type="application/ld+json">')
    data, *_ = script.rpartition("</script>")
    assert not set(data) & set("<>&\u2028\u2029")


# --- front matter ---


@given(MANY, LANGUAGES)
def test_front_matter_is_yaml(lists, language):
    text = render(lists, "front-matter", language)
    blocks = [block for block in yaml.safe_load_all(text) if block is not None]
    for block, one in zip(blocks, lists, strict=True):
        head = {"id": one.essay.id, "title": one.essay.title, "url": one.essay.url}
        assert block["essay"] == {name: value for name, value in head.items() if value}
        assert block["related"] == [shown(piece, language) for piece in one.pieces]


@given(LISTS, LANGUAGES)
def test_front_matter_stands_before_a_post_as_generators_look_for_it(one, language):
    text = render_one(one, "front-matter", language) + "正文。\n"
    hexo = re.match(r"^(-{3,}|;{3,})\n([\s\S]+?)\n\1\n?([\s\S]*)", text)
    assert hexo[3] == "正文。\n"
    assert len(yaml.safe_load(hexo[2])["related"]) == len(one.pieces)
    assert front.parted(text, "post.md") == (
        front.Front(),
        "正文。\n",
    )  # it says nothing that a reader takes for the post's


def test_no_text_in_front_matter_is_taken_for_something_else():
    assert render_one(ESSAY, "front-matter", "en") == (
        "---\n"
        "essay:\n"
        '  id: "essays/工商.md"\n'
        '  title: "工商 & 税收"\n'
        '  url: "https://example.com/gs/"\n'
        "related:\n"
        '- id: "p1"\n'
        '  title: "C++ [入门] 1. 节"\n'
        '  url: "https://example.com/p1?a=1&b=2"\n'
        '  date: "2023"\n'
        '  author: "李四"\n'
        '  relevance: "strong"\n'
        '  why: "Because both are about “tax”."\n'
        '- id: "p2"\n'
        '  title: "=1+1"\n'
        "---\n"
    )


# --- WordPress ---


@given(MANY, LANGUAGES)
def test_wordpress_reads_the_lists_as_meta_of_the_posts(lists, language):
    channel = etree.fromstring(render(lists, "wordpress", language).encode()).find("channel")
    assert channel.findtext(f"{WP}wxr_version") == "1.2"
    for item, one in zip(channel.iter("item"), lists, strict=True):
        assert item.findtext("title") == one_line(one.essay.title)
        assert item.findtext("guid") == one_line(one.essay.id)
        assert (item.find("link") is not None) == linked(one.essay.url)
        assert item.findtext(f"{WP}status") == "draft"  # a title that the site does not know is not shown to readers
        [meta] = item.iter(f"{WP}postmeta")
        assert meta.findtext(f"{WP}meta_key") == "related_articles"
        rows = [{name: one_line(text) for name, text in shown(piece, language).items()} for piece in one.pieces]
        assert json.loads(meta.findtext(f"{WP}meta_value")) == rows


@given(MANY)
def test_our_own_reader_reads_the_export_for_wordpress(lists):
    text = render(lists, "wordpress", "zh").replace("<wp:status>draft<", "<wp:status>publish<")
    if not lists:
        return
    articles = [one for one in wordpress.read(io.BytesIO(text.encode()), "w.xml", "w.xml") if isinstance(one, Article)]
    for article, one in zip(articles, lists, strict=True):
        assert article.title == (plain(one_line(one.essay.title)) or "相关文章")
        assert article.date == (one.essay.date if len(one.essay.date) == 10 else "")
        assert article.author == plain(one_line(one.essay.author))
        assert article.paragraphs[0].text == "相关文章"


def test_a_reader_of_feeds_reads_the_export_for_wordpress():
    found = feedparser.parse(render([ESSAY], "wordpress", "zh").encode())
    assert not found.bozo
    [entry] = found.entries
    assert (entry.link, entry.author, entry.published) == (
        "https://example.com/gs/",
        "张三",
        "Wed, 01 May 2024 00:00:00 +0000",
    )


@given(MANY, LANGUAGES)
def test_a_request_to_wordpress_is_one_object_a_line(lists, language):
    lines = render(lists, "wordpress-rest", language).removesuffix("\n").split("\n") if lists else []
    for line, one in zip(lines, lists, strict=True):
        request = json.loads(line)
        assert (request["post"]["link"], request["post"]["title"]) == (one.essay.url, one.essay.title)
        rows = json.loads(request["body"]["meta"]["related_articles"])
        assert [row["title"] for row in rows] == [one_line(piece.article.title) for piece in one.pieces]


@pytest.mark.parametrize(
    ("id", "url", "number", "slug"),
    [
        ("x", "https://example.com/?p=12", 12, ""),
        ("x", "https://example.com/?a=1&p=12&b=2", 12, ""),
        ("x", "https://example.com/2024/05/gong-shang/", None, "gong-shang"),
        ("x", "https://example.com/%E5%B7%A5%E5%95%86.html?x=1", None, "工商"),
        ("x", "https://example.com", None, ""),
        ("x", "http://[x", None, ""),
        ("export.xml#345", "", 345, ""),
        ("essays/5.md", "", None, ""),
    ],
)
def test_a_request_says_which_post_it_is_for(id, url, number, slug):
    one = PublishedList(listing(id, url=url), "", "", (), ())
    post = json.loads(render_one(one, "wordpress-rest", "zh"))["post"]
    assert (post["id"], post["slug"]) == (number, slug)


# --- all forms ---


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_says_who_decided(form):
    for text in (render([ESSAY, ESSAY], form, "zh"), render_one(ESSAY, form, "zh")):
        assert "the-editors-name" not in text
        assert "C++" in text


@given(LISTS, LANGUAGES)
def test_every_text_ends_as_texts_do_and_can_be_written(one, language):
    for form in FORMATS:
        for text in (render([one], form, language), render_one(one, form, language)):
            assert not text or text.endswith("\n")
            text.encode()


@pytest.mark.parametrize("form", FORMATS)
def test_no_lists_are_a_text_too(form):
    text = render([], form, "zh")
    assert text in ("", "[]\n") or form in ("csv", "wordpress")


@pytest.mark.parametrize(("form", "most"), [("json", 1), ("csv", 1), ("markdown", 1), ("html", 2), ("front-matter", 1)])
def test_a_difference_shows_only_what_changed(form, most):
    first, _ = ESSAY.pieces
    other = PublishedList(ESSAY.essay, "", ESSAY.at, (first, Piece(listing("p2", "改了的题目"), True, None)), ("gone",))
    before, after = (render([ESSAY, one, ESSAY], form, "zh").splitlines() for one in (ESSAY, other))
    changed = [
        line
        for line in difflib.unified_diff(before, after, n=0, lineterm="")
        if line.startswith("+") and line[:3] != "+++"
    ]
    assert 0 < len(changed) <= most
    assert all("改了的题目" in line for line in changed)


def test_templates_are_not_told_that_what_an_editor_pinned_is_found_unrelated():
    pinned = Piece(listing("p"), True, Proposal("p", (), 0.0, "unrelated", "没有哪个词足以说明两文相关。", "No word."))
    assert records.row(pinned, "zh").keys() & {"relevance", "why"} == set()
    assert record(PublishedList(listing("e"), "", "", (pinned,), ()))["pieces"][0]["relevance"] == "unrelated"

"""Pages, saved sites, feeds, exports and posts of the web -> Articles. The samples are ours; the answers are exact."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.sources import SourceError, address, dates, feed, front, html, language, markup, text, wordpress
from recommender.sources.charset import decoded
from recommender.sources.reader import Reader, Remark
from recommender.types import Article

SAMPLES = Path(__file__).parent / "samples" / "web"


def read(reader: Reader, data: bytes | str, key: str = "k") -> list[Article | Remark]:
    content = data.encode() if isinstance(data, str) else data
    return list(reader(io.BytesIO(content), key, f"in/{key}"))


def articles(reader: Reader, data: bytes | str, key: str = "k") -> list[Article]:
    return [item for item in read(reader, data, key) if isinstance(item, Article)]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def body(article: Article) -> list[tuple[int, str]]:
    return [(paragraph.level, paragraph.text) for paragraph in article.paragraphs]


def lines(data: str, reader: Reader = html.read) -> list[str]:
    return [paragraph.text for paragraph in articles(reader, data)[0].paragraphs]


def page(inside: str, head: str = "<title>题</title>") -> str:
    return f"<html><head><meta charset=utf-8>{head}</head><body>{inside}</body></html>"


# --- pages ---


def test_news_page_in_gb18030() -> None:
    essay, *pieces = articles(html.read, sample("news.html"), "2011/news.html")
    url = "http://news.example.cn/2011/1115/20111115093000.html"
    assert (essay.id, essay.url, essay.source, essay.page) == (url, url, "2011/news.html", "")
    assert (essay.title, essay.date, essay.author) == ("社区志愿服务走进千家万户", "2011-11-15", "罗云芳")
    assert (essay.tags, essay.language, essay.truncated) == (("社区", "志愿服务"), "", False)
    assert [(level, text[:12]) for level, text in body(essay)] == [
        (0, "江城社区志愿服务队成立三"),
        (1, "一、服务从需要出发"),
        (0, "每个月的第一个星期，队员"),
        (0, "他们把这些需要分成三类："),
        (1, "二、让志愿者也有收获"),
        (0, "志愿者的时间记在“时间银"),
        (0, "社区还为志愿者开办急救、"),
        (0, "（责任编辑：陈喆）"),
    ]
    assert essay.text.count("时间银行") == 2
    assert [(piece.id, piece.title) for piece in pieces] == [
        ("http://news.example.cn/2011/1102/20111102101500.html", "时间银行：存入的是时间，取出的是温暖"),
        ("http://news.example.cn/2011/1018/20111018083000.html", "江城老人有了“家庭医生”，小病不出社区"),
        ("http://edu.example.cn/20110930.html", "大学生走进社区课堂"),
    ]
    assert essay.links == tuple(piece.id for piece in pieces) == tuple(piece.url for piece in pieces)
    assert all(piece.truncated and piece.page == url and piece.source == "2011/news.html" for piece in pieces)
    assert all(piece.text == piece.title for piece in pieces)


def test_blog_page_in_big5() -> None:
    essay, *pieces = articles(html.read, sample("blog.html"), "blog.html")
    assert (essay.id, essay.url, essay.title) == ("blog.html", "", "陽台上的菜園")
    assert (essay.date, essay.author, essay.tags) == ("2013-03-09", "林佳蓉", ("園藝", "生活"))
    assert language.declared(essay.language) == "zh"
    assert body(essay) == [
        (
            0,
            "搬到山城的第二年，我終於在陽台上種出了第一棵番茄。陽台只有兩坪大，朝南，下午有四個小時的太陽，對蔬菜來說已經足夠。",
        ),
        (1, "準備土壤"),
        (0, "我用三份培養土、一份椰纖、一份腐熟的堆肥混在一起，放在舊木箱裡。木箱底下要鑽孔，雨季時水才不會積在根部。"),
        (1, "選擇種類"),
        (0, "第一年不要貪心，選三種就好："),
        (0, "小番茄，耐熱又好照顧"),
        (0, "九層塔，剪了會再長"),
        (0, "地瓜葉，幾乎不會失敗"),
        (2, "關於番茄"),
        (0, "番茄喜歡太陽，不喜歡葉子沾水。"),
        (0, "這是隔壁阿嬤教我的。照著她的話做，到了五月，每天都能摘一小碗。"),
    ]
    assert [(piece.id, piece.title) for piece in pieces] == [
        ("posts/compost.html", "在家做堆肥"),
        ("posts/rain.html", "雨季來之前"),
    ]


def test_english_page() -> None:
    essay, *pieces = articles(html.read, sample("essay.html"), "essay.html")
    assert essay.id == "https://reading.example.org/essays/old-maps/"
    assert (essay.title, essay.date, essay.author) == ("Why old maps still matter", "2019-06-04", "Mary Ashton")
    assert [text for level, text in body(essay) if level] == ["What a map leaves out", "Reading a coastline"]
    assert body(essay)[2][1].endswith("each mill and each weir, & left out the cottages of those who worked in them.")
    assert [(piece.id, piece.title) for piece in pieces] == [
        ("https://reading.example.org/essays/sea-walls/", "A short history of sea walls"),
        ("https://reading.example.org/essays/mills/", "The last water mills"),
    ]


def test_saved_site() -> None:
    keys = ["site/index.html", "site/posts/tea.html", "site/posts/water.html"]
    pages = {key: articles(html.read, sample(key), key) for key in keys}
    index, tea, water = (pages[key][0] for key in keys)
    assert [page[0].id for page in pages.values()] == keys
    assert [page.title for page in (index, tea, water)] == ["茶馆记", "泡一壶好茶", "井水与河水"]
    assert index.links == (keys[1], keys[2])
    assert tea.links == (keys[2], keys[0])
    assert water.links == (keys[1], "site/posts/ghost page.html")
    assert [len(page.paragraphs) for page in (index, tea, water)] == [2, 2, 2]
    assert all(text[-1] == "。" for page in (index, tea, water) for _, text in body(page))
    assert pages[keys[2]][1:] == [
        Article(piece.id, piece.title, piece.paragraphs, keys[2], page=keys[2], truncated=True)
        for piece in pages[keys[2]][1:]
    ]


PROSE = "<p>" + "正文的一句话，说的是别的事情。" * 8 + "</p>"
LISTS = {
    "heading and list": '<h3>相关文章</h3><ul><li><a href="a">甲文</a></li><li><a href="b">乙文</a></li></ul>',
    "box with head": '<div><div class="hd"><h3>相关推荐</h3><a href="/l">更多</a></div>'
    '<div class="bd"><a href="a">甲文</a> <a href="b">乙文</a></div></div>',
    "bold in a paragraph": '<p><strong>相关阅读：</strong></p><p><a href="a">甲文</a></p><p><a href="b">乙文</a></p>',
    "text before links": '<p>相关阅读：<a href="a">甲文</a><br><a href="b">乙文</a></p>',
    "after a break": '<p>结束。<br>【推荐阅读】<br>1. <a href="a">甲文</a><br>2. <a href="b">乙文</a></p>',
    "definitions": '<dl><dt>相關閱讀</dt><dd><a href="a">甲文</a></dd><dd><a href="b">乙文</a></dd></dl>',
    "first of a list": '<ul><li>相关文章</li><li><a href="a">甲文</a></li><li><a href="b">乙文</a></li></ul>',
    "table": '<table><tr><td>相关文章</td></tr><tr><td><a href="a">甲文</a></td></tr>'
    '<tr><td><a href="b">乙文</a></td></tr></table>',
    "split heading": '<h4><i>相关</i><em>文章</em></h4><div><a href="a">甲文</a><a href="b">乙文</a></div>',
    "linked heading": '<h4><a href="/x">相关文章</a></h4><div><a href="a">甲文</a><a href="b">乙文</a></div>',
    "cards": '<h3>Related posts</h3><div class="c one"><a href="a"><img src=x></a><a href="a"><h4>甲文</h4></a>'
    '<p>摘要在这里。</p></div><div class="c two"><a href="b" title="乙文">乙…</a><p>又一段摘要。</p></div>',
    "pictures": '<h3>You may also like</h3><ul><li><a href="a"><img alt="甲文"></a></li>'
    '<li><a href="b"><img></a><a href="b">乙文</a></li></ul>',
    "two lists": '<h3>相关文章</h3><ul><li><a href="a">甲文</a></li></ul>'
    '<h3>推荐阅读</h3><ul><li><a href="b">乙文</a></li><li><a href="a">甲文</a></li></ul>',
}


@pytest.mark.parametrize("block", LISTS.values(), ids=LISTS.keys())
def test_related_lists(block: str) -> None:
    after = '<div class="next"><a href="next">下一篇：别的</a></div>'
    essay, *pieces = articles(html.read, page(f"<div><h1>题目</h1>{PROSE}{PROSE}{block}{after}</div>"), "k.html")
    assert [(piece.id, piece.title) for piece in pieces] == [("a", "甲文"), ("b", "乙文")]
    assert not re.search("甲文|乙文|摘要|相关|相關|推荐|elated|also", essay.text)
    assert essay.text.startswith("正文的一句话")


NO_LISTS = {
    "menu": '<nav><ul><li>相关文章</li><li><a href="a">栏目</a></li></ul></nav>',
    "a link in a menu": '<ul><li><a href="r">相关文章</a></li><li><a href="a">栏目</a></li></ul>',
    "prose": '<h3>相关文章</h3><p>这一段是正文，其中有<a href="a">一个链接</a>，但它说的是别的事情。</p>',
    "no links": "<h3>相关文章</h3><p>没有。</p>",
    "only more": '<h3>相关文章</h3><p><a href="x">查看更多 &gt;&gt;</a></p>',
    "pages": '<h3>相关文章</h3><p><a href="x">1</a> <a href="y">2</a></p>',
}


@pytest.mark.parametrize("block", NO_LISTS.values(), ids=NO_LISTS.keys())
def test_no_related_list(block: str) -> None:
    assert articles(html.read, page(f"<h1>题目</h1>{block}{PROSE}{PROSE}"))[0].links == ()


def test_what_is_no_paragraph() -> None:
    inside = """<h1>题目</h1><p>第一段<script>var 脚本 = "<b>";</script>，
    接着写。</p><style>p{}</style>
    <p onclick="点击()">第二段<iframe src="x">框架</iframe><noscript>没有脚本</noscript></p>
    <pre class="brush: js">代码();</pre><pre>写在框里的
文字。

又一段。</pre><p style="display:none">隐藏的字</p><p>1 &lt; 2 &amp;&amp; 漢<ruby>字<rt>zì</rt></ruby></p>
    <table><tr><th>名称</th><th>数量</th></tr><tr><td>苹果</td><td>3</td></tr></table>
    <form><input value="输入"></form>"""
    found = markup.read(markup.parsed(page(inside), "n"))
    assert [paragraph.text for paragraph in found] == [
        "题目",
        "第一段，接着写。",
        "第二段",
        "写在框里的文字。",
        "又一段。",
        "1 < 2 && 漢字",
        "名称 数量",
        "苹果 3",
    ]


def test_titles() -> None:
    def title(inside: str, head: str = "") -> str:
        return articles(html.read, page(inside + PROSE, head), "dir/文件.html")[0].title

    assert title("<h1>网站</h1><h2>真的题目</h2>", "<title>真的题目_栏目_网站</title>") == "真的题目"
    assert title("", "<title>真的题目_栏目_网站</title>") == "真的题目"
    assert title("", "<title>真的-题目 - 网站</title>") == "真的-题目"
    assert title("<h1>只有标题栏</h1>") == "只有标题栏"
    assert title("") == "文件"


@pytest.mark.parametrize(
    ("about", "day", "author"),
    [
        ("<div>发布时间：2011-11-15 08:00　来源：日报　作者：罗云芳</div>", "2011-11-15", "罗云芳"),
        ("<div><span>2011年11月15日</span><span>文：欧阳小明</span></div>", "2011-11-15", "欧阳小明"),
        ("<p>今天是2011年的一个好日子。</p>", "", ""),
        ("", "", ""),
    ],
)
def test_date_and_author_below_the_title(about: str, day: str, author: str) -> None:
    essay = articles(html.read, page(f"<h1>题</h1>{about}{PROSE}<footer>© 2019 网站</footer>"))[0]
    assert (essay.date, essay.author) == (day, author)


def test_a_template_of_another_language() -> None:
    assert articles(html.read, f"<html lang=en-US><title>题</title><body>{PROSE}</body></html>")[0].language == ""
    english = "<p>" + "The text of this page is as English as it can be. " * 5
    assert articles(html.read, f"<html lang=en-US><title>A</title><body>{english}</body></html>")[0].language == "en-US"


def test_canonical_addresses() -> None:
    def found(head: str) -> tuple[str, tuple[str, ...]]:
        block = '<h3>相关文章</h3><ul><li><a href="../b.html?x=1&utm_source=y#z">乙文</a></li></ul>'
        essay = articles(html.read, page(PROSE + block, head), "s/a/k.html")[0]
        return essay.id, essay.links

    absolute = '<link rel="canonical" href="https://A.example/文/k.html#top">'
    assert found(absolute) == ("https://a.example/%E6%96%87/k.html", ("https://a.example/b.html?x=1",))
    assert found(f'{absolute}<base href="/c/d/">')[1] == ("https://a.example/c/b.html?x=1",)
    for none in (
        "javascript:x",
        "/k.html",
        "https://a.example/",
        "ftp://a.example/k",
        "http://[",
        "file:///etc/passwd",
    ):
        assert found(f'<link rel="canonical" href="{none}">') == ("s/a/k.html", ("s/b.html?x=1&utm_source=y",))


@pytest.mark.parametrize(
    ("href", "base", "target"),
    [
        ("b.html", "", "s/a/b.html"),
        ("./b.html#part", "", "s/a/b.html"),
        ("..\\b.html", "", "s/b.html"),
        ("c/", "", "s/a/c/index.html"),
        ("/b.html", "", "s/b.html"),
        ("/s/b.html", "", "s/b.html"),
        ("/", "", "s/index.html"),
        ("%E7%94%B2.html", "", "s/a/甲.html"),
        ("../../../b.html", "", ""),
        ("../..", "", ""),
        ("#part", "", ""),
        ("", "", ""),
        ("javascript:void(0)", "", ""),
        ("mailto:a@b.cn", "", ""),
        ("data:text/html,x", "", ""),
        ("file:///etc/passwd", "", ""),
        ("//b.cn/x", "", "https://b.cn/x"),
        ("http://b.cn/x y", "", "http://b.cn/x%20y"),
        ("http://user:pass@b.cn:8080/", "", "http://b.cn:8080/"),
        ("http://[::1]/", "", "http://[::1]/"),
        ("http://[", "", ""),
        ("http://a:b/", "", ""),
        ("b.html", "https://b.cn/x/y.html", "https://b.cn/x/b.html"),
        ("JavaScript:alert(1)", "https://b.cn/x/y.html", ""),
    ],
)
def test_where_links_lead(href: str, base: str, target: str) -> None:
    assert address.resolved(href, base, "s/a/k.html") == target


# --- encodings ---


@pytest.mark.parametrize(
    ("code", "label"),
    [
        *[("gb18030", label) for label in ("gb2312", "GBK", "gb18030", "x-gbk")],
        *[("big5hkscs", label) for label in ("big5", "Big5-HKSCS")],
        *[("utf-8", label) for label in ("utf-8", "gb2312", "iso-8859-1", "nonsense", "utf-7", "")],
        *[("utf-16", label) for label in ("", "utf-8")],
        ("utf-8-sig", "gbk"),
    ],
)
def test_declared_encodings(code: str, label: str) -> None:
    written = f'<meta http-equiv="Content-Type" content="text/html; charset={label}"><p>陽台上的菜園，種了番茄。'
    assert decoded(written.encode(code), "n") == written
    assert decoded(f"<?xml version='1.0' encoding='{label}'?>{written}".encode(code), "n").endswith("番茄。")


def test_broken_characters() -> None:
    page = '<meta charset="gb2312">' + "陽台上的菜園。" * 1000
    data = page.encode("gb18030")
    assert decoded(data + b"\x81\xff.", "n") == page + "\ufffd\ufffd."
    assert decoded(b"\x08" + data + b"\x0b", "n") == page
    with pytest.raises(SourceError, match="n: this is binary"):
        decoded(b'<meta charset="utf-8">' + bytes(100) + b"\xff\xfe\xfd", "n")


# --- feeds ---


def test_atom() -> None:
    first, cut, remark = read(feed.read, sample("blog.atom"), "blog.atom")
    assert isinstance(first, Article) and isinstance(cut, Article) and isinstance(remark, Remark)
    assert (first.id, first.url, first.source) == (*["https://books.example.cn/2024/biancheng/"] * 2, "blog.atom")
    assert (first.title, first.date, first.author) == ("重读《边城》 & 其他", "2024-05-01", "顾明")
    assert (first.tags, language.declared(first.language), first.truncated) == (("读书", "小说"), "zh", False)
    assert body(first) == [
        (0, "翠翠在渡口等人，等的是一个明天。"),
        (1, "一条河"),
        (0, "河水把人送走，也把人"),
        (0, "送回来。"),
    ]
    assert (cut.title, cut.date, cut.author, cut.truncated) == ("茶峒的路", "2024-04-20", "沈一", True)
    assert body(cut) == [(0, "从吉首坐车往西，两个小时就到了。山路弯弯")]
    assert remark.skipped == 1 and "'只有题目' has no text" in remark.text


def test_odd_rss() -> None:
    found = articles(feed.read, sample("odd.rss"), "odd.rss")
    assert [(article.title, article.date, article.truncated, article.text) for article in found] == [
        ("桥通了 & 路也通了", "2011-11-15", False, "江城二桥今天通车，两岸的居民走路过江只要十分钟。"),
        ("秋粮入库", "2011-11-14", True, "今年秋粮丰收，粮站从早到晚排着长队。\n站长说，入库的粮食比去年多了一成"),
        ("没有日期的消息", "", False, "消息很短。"),
    ]
    assert found[0].id == "odd.rss#n-1" and found[1].id.startswith("odd.rss#")
    assert found[2].id == found[2].url == "http://news.example.cn/2011/1113/3.html"
    assert (found[0].author, found[0].tags, found[0].language) == ("罗云芳", ("交通",), "zh-cn")


@pytest.mark.parametrize(
    ("summary", "shown", "cut"),
    [
        ("话说到一半...", "话说到一半", True),
        ("话说到一半 […]", "话说到一半", True),
        ("话说到一半[&amp;hellip;]", "话说到一半", True),
        ("话说完了。", "话说完了。", False),
        ("话说完了。阅读全文 &gt;&gt;", "话说完了。", True),
        ("&lt;p&gt;It began… Continue reading &amp;quot;It&amp;quot;&lt;/p&gt;", "It began", True),
        ("&lt;p&gt;Said.&lt;/p&gt;&lt;p&gt;The post A appeared first on B.&lt;/p&gt;", "Said.", False),
    ],
)
def test_summaries(summary: str, shown: str, cut: bool) -> None:
    item = f"<item><title>题</title><link>http://a.cn/1</link><description>{summary}</description></item>"
    [found] = articles(feed.read, f"<rss version='2.0'><channel>{item}</channel></rss>")
    assert (found.text, found.truncated) == (shown, cut)


def test_content_is_not_cut() -> None:
    content = "<content:encoded><![CDATA[<p>他没有说下去……</p>]]></content:encoded><description>短</description>"
    data = (
        f"<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item>{content}</item></channel></rss>"
    )
    [found] = articles(feed.read, data)
    assert (found.text, found.truncated, found.title) == ("他没有说下去……", False, "他没有说下去……")


# --- WordPress ---


def test_wordpress() -> None:
    post, about, remark = read(wordpress.read, sample("wordpress.xml"), "w.xml")
    assert isinstance(post, Article) and isinstance(about, Article) and isinstance(remark, Remark)
    assert post.id == post.url == "https://garden.example.cn/2019/03/%e5%a0%86%e8%82%a5/"
    assert (post.title, post.date, post.author) == ("堆肥入门", "2019-03-09", "林佳蓉")
    assert (post.tags, post.language, post.source) == (("园艺", "堆肥"), "zh-Hans", "w.xml")
    assert body(post) == [
        (0, "第一只堆肥箱"),
        (0, "厨余不是垃圾，是还没有长大的黑土。见笔记[1]。"),
        (1, "材料"),
        (0, "一层干叶，一层菜叶，"),
        (0, "再一层土。"),
        (0, "干叶"),
        (0, "菜叶"),
    ]
    assert (about.title, about.date, about.author, about.tags) == ("关于", "2018-01-01", "guest", ())
    assert body(about) == [(0, "这里记录一座小小的菜园。"), (2, "联系"), (0, "请在留言板上留言。")]
    assert remark.skipped == 4
    assert remark.text.endswith("were left out: 2 draft, 1 with a password, 1 attachment")


WXR = (
    "<rss xmlns:wp='http://wordpress.org/export/1.2/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    "<channel>{}</channel></rss>"
)
POST = "<item><title>题</title><content:encoded><![CDATA[{}]]></content:encoded><wp:post_id>{}</wp:post_id></item>"


def test_a_large_export_is_read_item_by_item() -> None:
    items = "".join(POST.format(f"第{n}篇。", n) for n in range(3000))
    found = wordpress.read(io.BytesIO(WXR.format(items).encode()), "k", "n")
    assert next(found).id == "k#0"  # before the end has been read
    assert sum(1 for _ in found) == 2999


def test_an_export_that_breaks_off_gives_what_it_has() -> None:
    found = wordpress.read(io.BytesIO(WXR.format(POST.format("一。", 1) + "<item>").encode()), "k", "n")
    assert isinstance(next(found), Article)
    with pytest.raises(SourceError, match="n: this is no WordPress export that can be read"):
        next(found)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("见[1]和[注]，[sic]。", "见[1]和[注]，[sic]。"),
        ("[vc_row][vc_column width='1/2']文字[/vc_column][/vc_row]", "文字"),
        ("前[embed]http://a.cn[/embed]后", "前后"),
        ("[gallery]文字[audio src=x]", "文字"),
    ],
)
def test_shortcodes(content: str, shown: str) -> None:
    assert articles(wordpress.read, WXR.format(POST.format(content, 1)))[0].text == shown


# --- front matter ---


def markdown(content: str, name: str = "post.md") -> Article:
    [found] = text.read_markdown(content, "k", name)
    assert isinstance(found, Article)
    return found


def test_hexo() -> None:
    post = markdown(sample("hexo.md").decode())
    assert (post.id, post.title, post.date, post.language) == ("k", "用 Hexo 写博客", "2016-07-09", "zh-CN")
    assert post.tags == ("博客", "工具", "技术", "前端", "随笔")
    assert body(post) == [(1, "安装"), (0, "先装好 Node，再装 Hexo。"), (1, "写作"), (0, "一行命令，一篇文章。")]


def test_hugo() -> None:
    post = markdown(sample("hugo.md").decode())
    assert (post.id, post.url) == ("https://books.example.cn/static/",) * 2
    assert (post.title, post.date, post.author) == ("静态网站的好处", "2021-12-05", "沈一, 顾明")
    assert post.tags == ("Hugo", "网站")
    assert body(post) == [(0, "没有数据库，也就没有什么可以攻击。"), (1, "速度"), (0, "页面是现成的文件。")]


def test_jekyll() -> None:
    name = "2024-05-01-old-maps.md"
    post = markdown(sample(name).decode(), name)
    assert (post.title, post.date, post.author) == ("Why maps: a note", "2024-05-01", "Mary Ashton")
    assert (post.tags, post.id) == (("history",), "k")
    assert [level for level, _ in body(post)] == [0, 1, 0]
    assert not re.search("no prose|lead|site", post.text)
    assert markdown("正文。", name).title == "old-maps"


@pytest.mark.parametrize(
    "written",
    [
        '---\ntitle: "题: 目"\ndate: 2024-05-01\ntags: [甲, 2024]\n---\n正文。',
        'title: "题: 目"\ndate: 2024-05-01 08:00:00\ntags: 甲, 2024\n---\n正文。',
        '+++\ntitle = "题: 目"\ndate = 2024-05-01\ntags = ["甲", "2024"]\n+++\n正文。',
        '{\n"title": "题: 目",\n"date": "2024-05-01",\n"tags": ["甲", 2024]\n}\n正文。',
        '{"title": "题: 目", "date": "2024-05-01", "tags": ["甲", 2024]}\n正文。',
        '"title": "题: 目",\n"date": "2024-05-01",\n"tags": ["甲", 2024]\n;;;\n正文。',
    ],
)
def test_forms_of_front_matter(written: str) -> None:
    said, rest = front.parted(written, "n")
    assert said == front.Front("题: 目", "2024-05-01", tags=("甲", "2024"))
    assert rest == "正文。"


@pytest.mark.parametrize("said", ["draft: true", "published: false"])
def test_drafts(said: str) -> None:
    assert text.read_markdown(f"---\ntitle: 题\n{said}\n---\n正文。", "k", "n") == [Remark("left out: draft", 1)]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("---\ntitle: 题\ntags: [甲\n---\n正文。", "line 4: the front matter is broken YAML"),
        ("---\na: 1\nb: 'x\n---\n正文。", "line 4: the front matter is broken YAML"),
        ("---\na: &x [1]\nb: [*x, *x]\n---\n正文。", "line 2: the front matter is broken YAML: an alias"),
        ("+++\na = 1\nb = \n+++\n正文。", "line 3: the front matter is broken TOML"),
        ('{\n"a": 1,\n"b"\n}\n正文。', "line 4: the front matter is broken JSON"),
        ("---\na: " + "[" * 60000 + "\n---\n正文。", "the front matter is broken YAML: it has more than"),
        ("+++\na = " + "[" * 5000 + "\n+++\n正文。", "the front matter is broken TOML"),
        ('{\n"a": ' + "[" * 50000 + "\n}\n正文。", "the front matter is broken JSON"),
    ],
)
def test_broken_front_matter(written: str, seen: str) -> None:
    with pytest.raises(SourceError) as caught:
        text.read_markdown(written, "k", "in/post.md")
    assert str(caught.value).startswith("in/post.md: ") and seen in str(caught.value)


@pytest.mark.parametrize(
    "written",
    ["---\n\n正文在两条线之间: 没有题目。\n\n---\n", "{{ 模板 }}", '{"x": 没有结束', "---\ntitle: 没有结束\n"],
)
def test_what_is_no_front_matter(written: str) -> None:
    assert front.parted(written, "n") == (front.Front(), written)


def test_yaml_makes_no_objects() -> None:
    said, _ = front.parted('---\ntitle: !!python/object/apply:os.system ["true"]\nauthor: !!binary aGk=\n---\n', "n")
    assert (said.title, said.author) == ("true", "aGk=")


# --- dates and languages ---


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2011-11-15", "2011-11-15"),
        ("2011-11-15T00:30:00+08:00", "2011-11-15"),
        ("2011-11-15 23:30:00 -0800", "2011-11-15"),
        ("Tue, 15 Nov 2011 00:30:00 +0800", "2011-11-15"),
        ("15 Nov 2011", "2011-11-15"),
        ("November 15, 2011", "2011-11-15"),
        ("Nov. 5th, 2011", "2011-11-05"),
        ("2011年11月15日", "2011-11-15"),
        ("2011 年 1 月 5 日 星期三", "2011-01-05"),
        ("２０１１年１１月１５日", "2011-11-15"),
        ("发布时间：2011/1/5 08:00", "2011-01-05"),
        ("2011.11.15", "2011-11-15"),
        ("20111115", "2011-11-15"),
        ("20111115T083000Z", "2011-11-15"),
        ("2011-11", "2011-11"),
        ("2011年1月", "2011-01"),
        ("2011年", "2011"),
        ("2011", "2011"),
        (date(2011, 11, 15), "2011-11-15"),
        (datetime(2011, 11, 15, 23, 59, tzinfo=UTC), "2011-11-15"),
        *[(none, "") for none in ("2011-02-30", "2011-13-01", "20111315", "2011-13", "Feb 30, 2011")],
        *[(none, "") for none in ("0000-00-00 00:00:00", "0001-01-01", "11/15/2011", "15 Foo 2011", "12345678901")],
        *[(none, "") for none in ("", None, 5, "昨天", "1" * 500)],
    ],
)
def test_days(written: object, day: str) -> None:
    assert dates.day(written) == day


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_every_day_in_every_form(day: date) -> None:
    chinese, english = f"{day.year}年{day.month}月{day.day}日", f"{day:%B} {day.day}, {day.year:04}"
    assert {dates.day(form) for form in (day, day.isoformat(), chinese, english, f"{day:%Y%m%d}")} == {day.isoformat()}


@given(st.text(max_size=80))
def test_any_text_is_a_day_or_none(written: str) -> None:
    assert re.fullmatch(r"|\d{4}(-\d\d){0,2}", dates.day(written))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("推进工商队伍思想政治工作创新之浅见", "zh"),
        ("在家做堆肥，讓廚餘變成黑金。", "zh"),
        ("Why old maps still matter to those who read them", "en"),
        ("これは古い地図についての話です。", "ja"),
        ("Les vieilles cartes disent encore quelque chose.", "fr"),
        ("中", ""),
        ("OK", ""),
        ("3.14 + 2.71", ""),
        ("http://example.org/an/english/path/that/is/long", ""),
        ("", ""),
    ],
)
def test_languages(written: str, code: str) -> None:
    assert language.language(written) == code


@pytest.mark.parametrize(
    ("code", "normal"),
    [
        *(("zh-CN", "zh"), ("zh_TW", "zh"), ("cmn-Hans", "zh"), ("EN", "en"), ("en-US", "en"), ("中文", "zh")),
        *(("jpn", "ja"), ("", ""), ("x", ""), ("klingon", ""), ("繁體", "")),
    ],
)
def test_declared_languages(code: str, normal: str) -> None:
    assert language.declared(code) == normal


# --- hostile files ---

SECRET = "the secret of the file"


def test_scripts_are_never_text() -> None:
    attack = (
        "<script>alert(1)</script><SCRIPT SRC=http://x/x.js></SCRIPT><img src=x onerror=alert(2)>"
        "<svg onload=alert(3)><text>alert(4)</text></svg><iframe srcdoc='<p>alert(5)'></iframe>"
        "<a href='javascript:alert(6)' onclick=alert(7)>链接</a><object data=x>alert(8)</object>"
        "<style>alert(9)</style><template>alert(10)</template><math><mtext>alert(11)</mtext></math>"
    )
    item = f"<item><title>题</title><description><![CDATA[<p>正文{attack}。</p>]]></description></item>"
    for written in (
        articles(html.read, page(f"<h1>题</h1>{PROSE}<p>正文{attack}。</p>")),
        articles(feed.read, f"<rss><channel>{item}</channel></rss>"),
        articles(wordpress.read, WXR.format(POST.format(f"<p>正文{attack}。</p>", 1))),
    ):
        assert written[0].paragraphs[-1].text == "正文链接。"


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
RSS = "<rss><channel><item><title>&{0};</title><description>正文&{0};。</description></item></channel></rss>"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    external = f"<!DOCTYPE x [<!ENTITY i SYSTEM '{secret.as_uri()}'>"
    for declared in (BOMB, external):
        for broken in ("", "<br>"):
            seen = _outcome(feed.read, f"<?xml version='1.0'?>{declared}]>" + RSS.format("i") + broken)
            assert SECRET not in seen and len(seen) < 1000
        item = "<item><title>&i;</title></item>"
        seen = _outcome(wordpress.read, f"{declared}]>" + WXR.format(POST.format("x", 1) + item))
        assert "SourceError" in seen and "DTDForbidden" in seen
        seen = _outcome(html.read, f"{declared}]><html><title>&i;</title><p>正文&i;。</p></html>")
        assert SECRET not in seen and len(seen) < 1000
    xi = f"<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='{secret.as_uri()}' parse='text'/>"
    for reader in (html.read, feed.read, wordpress.read):
        assert SECRET not in _outcome(reader, RSS.replace("&{0};", xi))


def _outcome(reader: Reader, data: str) -> str:
    """All that reading gives, or the error."""
    try:
        return repr(read(reader, data))
    except SourceError as error:
        return repr(error)


DEEP = "<div>" * 200_000 + "深" + "</div>" * 200_000
HUGE = "<b>" * 10_000_000


@pytest.mark.parametrize(
    ("reader", "data", "seen"),
    [
        (html.read, "<html><body>" + "<div>" * 5000 + "深", "nested too deeply"),
        (html.read, DEEP, "400,000 tags"),
        (html.read, HUGE, "10,000,000 tags"),
        (html.read, "<html><body><p>" + "长" * 5_000_000, "over 10 MB"),
        (html.read, "", "no HTML page that can be read"),
        (html.read, "<html><body></body></html>", "only the title"),
        (html.read, bytes(1000).decode(), "binary"),
        (feed.read, "<rss><channel></channel></rss>", "without entries"),
        (feed.read, "<x/>", "neither RSS nor Atom"),
        (feed.read, "", "neither RSS nor Atom"),
        (wordpress.read, "<rss><channel><title>x</title></channel></rss>", "holds no items"),
        (wordpress.read, "<rss><channel><item>" + "<a>" * 200_001, "over 200,000 elements"),
        (wordpress.read, "", "no WordPress export that can be read"),
    ],
)
def test_refused(reader: Reader, data: str, seen: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(reader, data, "f")
    assert str(caught.value).startswith("in/f: ") and seen in str(caught.value)


def test_one_bad_entry_stops_no_other() -> None:
    deep = f"<![CDATA[{DEEP}]]>"
    good = "<item><title>好</title><description>正文。</description></item>"
    bad = f"<item><description>{deep}</description></item>"
    first, second = read(feed.read, f"<rss><channel>{bad}{good}</channel></rss>")
    assert isinstance(first, Remark) and "tags" in first.text and isinstance(second, Article)
    posts = POST.format("<div>" * 3000 + "深", 1) + POST.format("正文。", 2)
    first, second = read(wordpress.read, WXR.format(posts))
    assert isinstance(first, Remark) and "deeply" in first.text and isinstance(second, Article)


# --- any file at all ---

PARTS = [
    *(b"<script>alert(1)</script>", b"<p>", b"</p>", b"<br>", b"<![CDATA[", b"]]>", b"&#0;", b"&#xD800;", b"\x00"),
    *(b"<item>", b"</item>", b"<entry>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<meta charset=utf-16>"),
    *(b"---\n", b"+++\n", b'{"', b"\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"<pre>\n\n", b"<table><td>"),
    *(b"<link rel=canonical href='http://a/\x01b'>", "<h3>相关文章</h3><a href='http://[x'>ab</a>".encode()),
]
READERS: dict[str, tuple[Reader, list[bytes]]] = {
    "html": (html.read, [sample(name) for name in ("news.html", "blog.html", "essay.html", "site/posts/water.html")]),
    "feed": (feed.read, [sample("blog.atom"), sample("odd.rss")]),
    "wordpress": (wordpress.read, [sample("wordpress.xml")]),
    "markdown": (
        lambda file, key, name: iter(text.read_markdown(decoded(file.read(), name), key, name)),
        [sample("hexo.md"), sample("hugo.md"), sample("2024-05-01-old-maps.md")],
    ),
}


@st.composite
def mutated(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    """A sample in which a few stretches are replaced."""
    data = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.one_of(st.just(0), st.integers(0, 40), st.integers(0, len(data))))
        data = data[:start] + draw(st.one_of(st.sampled_from(PARTS), st.binary(max_size=8))) + data[start + length :]
    return data


def texts(found: Article | Remark) -> Iterator[str]:
    if isinstance(found, Article):
        yield from (found.id, found.title, found.author, found.language, found.url, found.date)
        yield from (*found.tags, *found.links)
        yield from (paragraph.text for paragraph in found.paragraphs)


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=120)
@given(data=st.data())
def test_any_file_gives_clean_articles_or_a_source_error(kind: str, data: st.DataObject) -> None:
    reader, samples = READERS[kind]
    joined = st.lists(st.one_of(st.binary(max_size=20), st.sampled_from(PARTS)), max_size=20).map(b"".join)
    content = data.draw(st.one_of(joined, mutated(samples), mutated(samples)))
    try:
        found = read(reader, content)
    except SourceError as error:
        assert str(error).startswith("in/k: ")
        return
    for item in found:
        assert not any(re.search(r"[\x00\n\ud800-\udfff]", text) for text in texts(item))


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror='alert(1)'>",
    "<style>alert(1)</style>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='alert(1)'>alert(1)</iframe>",
    "<a href='javascript:alert(1)'></a>",
    "<!-- alert(1) -->",
    "<object>alert(1)</object>",
    "<noscript>alert(1)</noscript>",
]


@settings(max_examples=60)
@given(data=st.data())
def test_scripts_anywhere_are_never_text(data: st.DataObject) -> None:
    pieces = re.split("(?<=>)(?=[^<]*<(?!/(?:title|script|style)))", decoded(sample("news.html"), "n"))
    for _ in range(3):
        pieces.insert(data.draw(st.integers(1, len(pieces) - 1)), data.draw(st.sampled_from(ATTACKS)))
    for item in articles(html.read, "".join(pieces)):
        assert not any("alert" in text or "<" in text for text in texts(item))

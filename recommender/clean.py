"""Article -> Article without what the site wrote into it: watermarks inside sentences, and page furniture.

Conservative on purpose: a lost sentence cannot be brought back, a left-over watermark only costs a little. So a
watermark must name a domain or a 范文 site, and furniture must be a short paragraph of a known form. What only one
source writes goes by rules, which a person has approved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from recommender.types import Article, Paragraph, Rule

_TOP = r"(?:com|cn|net|org|cc|info|top|vip|xyz|la)"
# Government and university addresses are the author's, not the site's: 请登录www.moe.gov.cn stays.
_DOMAIN = (
    r"(?:https?://\s?)?(?:[A-Za-z0-9\u4e00-\u9fff-]{1,24}\s?[.．]\s?){1,3}?(?<!gov\.)(?<!edu\.)(?<!ac\.)"
    rf"{_TOP}(?![A-Za-z]|\.(?:com|cn|net))(?:/[\w./%?=&#-]*)?"
)
_TRADE = r"(?:范文|文秘|公文|作文|论文|课件|教案|文库|演讲稿|写作|资料)"
_NOT_NET = r"(?![络民友购红页课格球址])"  # 范文网络课 is no site, 范文网 is
_NAME = rf"[\u4e00-\u9fffA-Za-z0-9]{{0,8}}?{_TRADE}[\u4e00-\u9fff]{{0,3}}?(?:网站?{_NOT_NET}|中心|大全)"
_QUALIFIED = rf"[\u4e00-\u9fffA-Za-z0-9]{{1,12}}网?\s*[(（]\s*{_DOMAIN}\s*[)）]"
_TRADE_SITE = rf"[“\"《]?{_NAME}[”\"》]?(?:\s*[(（]?\s*{_DOMAIN}\s*[)）]?)?"
_SITE = rf"(?:{_QUALIFIED}|{_TRADE_SITE}|{_DOMAIN}\s*网?)"
_OWN_WORK = r"(?:整理|收集|提供|发布|首发|原创|编辑|上传|下载)"

# Each begins with words that only a site says of itself and ends with the site.
_WATERMARKS = (
    # "原创文秘材料,尽在网络络.com网。" in the seed page; "更多精品范文尽在xx范文网" on its sisters
    rf"(?:(?:原创|更多|海量|大量|精品|免费|优秀|最新|精彩|各类)[^,，。;；:：!！?？]{{0,14}}[,，]?\s*)?尽在\s*{_SITE}",
    # "更多范文请访问www.xx.com", "更多资料，敬请登录xx网(www.xx.com)": under articles and between paragraphs
    rf"(?:更多|想了解更多|欲知)[^,，。;；:：!！?？]{{0,16}}[,，]?\s*(?:敬请|欢迎|请)(?:您)?"
    rf"(?:访问|登录|登陆|浏览|关注|查看|点击|上|到)\s*[:：]?\s*{_SITE}",
    # "欢迎访问第一范文网": only a 范文 site, as notices send people to shops and offices with the same words
    rf"(?:敬请|欢迎|请)(?:您)?(?:访问|登录|登陆|光临|浏览|收藏)\s*[:：]?\s*{_TRADE_SITE}",
    # "本文来自xx范文网", "本资料来自于www.xx.com": at the beginning or the end of copied articles
    r"(?:本文|此文|本篇文章|该文|文章|本资料|以上内容|内容|范文)(?:来自于?|来源于|转自|转载自|摘自|出自|由)"
    rf"\s*[:：]?\s*{_SITE}{_OWN_WORK}*",
    # "转载请注明来源:xx网(www.xx.com)": where the site answers its copiers
    rf"(?:如需)?转载(?:时)?请(?:务必)?(?:注明|保留)(?:本文)?(?:出处|来源|来自)?(?:出处)?\s*[:：]?\s*{_SITE}",
    # "来源:xx网(www.xx.com)", "文章来源：http://www.xx.com/": beside the title or in the last sentence;
    # 资料来源 and 数据来源 are the author's references
    rf"(?:文章|本文|(?<![\u4e00-\u9fff]))(?:来源|出处)\s*[:：]\s*{_SITE}",
)
_ANY = f"(?:{'|'.join(_WATERMARKS)})"
_BRACKETED = re.compile(
    rf"[(（【\[〔]\s*[^()（）【】\[\]〔〕。]{{0,20}}?{_ANY}[^()（）【】\[\]〔〕]{{0,20}}[)）】\]〕]", re.I
)
_BARE = re.compile(rf"(?P<left>[,，、;；:：。.!！?？]?)\s{{0,4}}{_ANY}\s*(?P<right>[,，、;；。.!！]?)", re.I)
_HINT = re.compile(r"网|中心|大全|[.．]")  # every watermark has one; most paragraphs are done here

_OPENING = r"^[\s【\[「(（|｜>»·•*-]*"
_END = r"(?:$|[\s:：|｜>»】\])）])"
# Where seen: the frames that page savers and scrapers bring along with the article.
_FURNITURE = re.compile(
    _OPENING
    + "(?:"
    + "|".join(
        (
            r"(?:©|\(c\)|（c）|&copy;)",  # "© 2024 范文中心 | 联系我们", the seed page's last line
            r"版权(?:所有|声明)(?![者权制的])|版權所有(?![者權制的])",  # the same footer in words
            r"copyright\s*(?:©|\(c\)|[:：]?\s*\d{4}|.{0,40}all rights reserved)|all rights reserved",
            r"(?:网站)?备案号|.{0,6}ICP\s*[备证]|.{1,4}公网安备",  # the licence below it
            rf"(?:关于|联系)我们{_END}",  # the contact line; "联系我们的实际" is prose
            r"(?:电子邮箱|邮箱|e-?mail|投稿邮箱|客服QQ?|联系(?:电话|方式|邮箱|QQ))\s*[:：]",
            r"(?:webmaster|[\w.+-]+)\s?[@#]\s?[\w-]+\.[\w.]+\s*$",  # a mail address alone, "#" against spam
            rf"[上下][一1][篇页章](?:文章)?{_END}|[上下]一篇\s*[上下]一篇",  # the turning of pages
            rf"(?:返回|回到)(?:页面)?(?:顶部|首页|列表|目录|上一页|上页){_END}",
            r"(?:您|你)?(?:现在的?|当前)(?:所在)?(?:的)?位置\s*[:：]",  # the bread crumbs above the title
            r"(?:网站)?首页\s*(?:[>»›→/|｜-]|&gt;)",
            # the file offered beside it; "立即下载支持Ubuntu的源代码包" is a step of a guide
            rf"(?:点击|立即|免费)(?:这里|此处)?(?:下载|查看|阅读)(?:全文|本文|原文|文档|附件|地址|链接|word版?)?{_END}",
            r"(?:责任编辑|责编|文字编辑|编辑)\s*[:：][^。]{0,30}$",  # under news articles
            r"(?:分享|转发)(?:到|至)\s*(?:[:：]|$|微信|微博|新浪|QQ|朋友圈|空间|腾讯)",  # the row of share buttons
            rf"打印(?:本页|本文|此页|文章)?{_END}|(?:关闭|收藏)(?:窗口|本页|本站|此页|本文){_END}",
            r"(?:浏览|阅读|点击)(?:次数|量|数)\s*[:：]?\s*\d",  # the counter below the title
            r"(?:扫一扫|扫码|扫描|长按)[^。，,]{0,12}(?:二维码|公众号)[^。]{0,20}$",
            r"(?:相关|推荐)(?:文章|阅读|推荐)\s*[:：】]?\s*$",  # a list's heading left without its list
        )
    )
    + ")",
    re.I,
)
_LONGEST_FURNITURE = 100


_NUMBER = r"\d+(?:[.,]\d+)*"
_PARTS_OF_PHRASE = re.compile(rf"(\s+|{_NUMBER})")
_ANY_NUMBER = "0"


@dataclass(frozen=True)
class Phrase:
    """How a phrase is found: ``literal`` is in every text that it can be in, which is quick to look for."""

    literal: str
    bracketed: re.Pattern[str]
    bare: re.Pattern[str]


@dataclass(frozen=True)
class _Compiled:
    """The approved rules of one scope."""

    scope: str
    paragraphs: frozenset[str]
    phrases: tuple[Phrase, ...]


def clean(article: Article, rules: Sequence[Rule] = ()) -> Article:
    """The article without watermarks, page furniture and what rules name; ``clean`` of the result changes nothing more.

    Of the rules those count that are approved and whose scope holds the article's source. In their texts white space
    is any white space, and a 0 that stands alone is any number.

    An article has no paragraph left only if every paragraph was furniture: where nothing but watermarks and what rules
    name stood between, its paragraphs stay as they were.
    """
    named, phrases = _applying(rules, article.source)
    kept = []
    for paragraph in article.paragraphs:
        text = _without_watermarks(paragraph.text, phrases)
        if _says_anything(text, paragraph.text) and not any(
            _is_furniture(form) or _is_named(form, named) for form in (paragraph.text, text)
        ):
            kept.append(replace(paragraph, text=text))
    if not kept and not all(map(_is_nothing, article.paragraphs)):
        kept = list(article.paragraphs)
    return replace(article, title=_without_watermarks(article.title) or article.title, paragraphs=tuple(kept))


def holds(scope: str, source: str) -> bool:
    """Whether a source is the scope or lies in it: "a" holds "a" and "a/b.txt" but not "ab.txt"; "" holds all."""
    return not scope or source == scope or source.startswith(f"{scope}/")


def spaced(text: str) -> str:
    """A text as rules write it, with single spaces."""
    return " ".join(text.split())


def numberless(text: str) -> str:
    """A text as rules write it where its numbers vary: each is 0. "阅读次数：1,234" is "阅读次数：0"."""
    return re.sub(_NUMBER, _ANY_NUMBER, spaced(text))


def phrase(text: str) -> Phrase:
    """Compile the text of a phrase rule. Raises ValueError for a text of nothing but white space and numbers."""
    parts = _PARTS_OF_PHRASE.split(text.strip())
    literal = max(parts[::2], key=len)
    if not literal:
        raise ValueError(f"a phrase needs more than white space and numbers, got {text!r}")
    pattern = _whole(text.strip(), "".join(map(_pattern_of_part, parts)))
    return Phrase(
        literal,
        re.compile(rf"[(（【\[〔]\s*{pattern}\s*[)）】\]〕]"),
        re.compile(
            rf"(?P<left>[,，、;；:：。.!！?？]?)\s{{0,4}}(?P<phrase>{pattern})(?:\s*{pattern})*\s*(?P<right>[,，、;；。.!！]?)"
        ),
    )


def _pattern_of_part(part: str) -> str:
    if part == _ANY_NUMBER:
        return _NUMBER
    return r"\s+" if part.isspace() else re.escape(part)


def _whole(text: str, pattern: str) -> str:
    """The pattern, not to begin or end within a Latin word or a number."""
    before = "(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", text) else ""
    after = "(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", text) else ""
    return before + pattern + after


def _applying(rules: Sequence[Rule], source: str) -> tuple[list[frozenset[str]], list[Phrase]]:
    """The texts of the paragraph rules, and the phrases, that count for a source."""
    applying = [compiled for compiled in _compiled(tuple(rules)) if holds(compiled.scope, source)]
    return [c.paragraphs for c in applying], [p for c in applying for p in c.phrases]


@lru_cache(maxsize=16)  # rules change with each decision of a person, and a few libraries may be open
def _compiled(rules: tuple[Rule, ...]) -> tuple[_Compiled, ...]:
    approved = [rule for rule in rules if rule.state == "approved"]
    return tuple(_of_scope(scope, approved) for scope in dict.fromkeys(rule.scope for rule in approved))


def _of_scope(scope: str, rules: Iterable[Rule]) -> _Compiled:
    own = [rule for rule in rules if rule.scope == scope]
    # The longest first, so that a phrase within another does not leave the rest of it.
    phrases = sorted((rule.text for rule in own if rule.kind == "phrase"), key=lambda text: (-len(text), text))
    return _Compiled(
        scope,
        frozenset(spaced(rule.text) for rule in own if rule.kind == "paragraph"),
        tuple(map(phrase, phrases)),
    )


def _says_anything(text: str, before: str) -> bool:
    """Whether a text is no mere remains: marks alone may stand only where nothing was taken from between them."""
    return any(map(str.isalnum, text)) or (text != "" and text == before.strip())


def _is_nothing(paragraph: Paragraph) -> bool:
    return not paragraph.text.strip() or _is_furniture(paragraph.text)


def _is_furniture(text: str) -> bool:
    return len(text) <= _LONGEST_FURNITURE and _FURNITURE.match(text) is not None


def _is_named(text: str, named: Iterable[frozenset[str]]) -> bool:
    return any(spaced(text) in texts or numberless(text) in texts for texts in named)


def _without_watermarks(text: str, phrases: Sequence[Phrase] = ()) -> str:
    """Removes until nothing more is found: what stood around one watermark can be another."""
    before = None
    while text != before:
        before = text = text.strip()
        for ours in phrases:
            if ours.literal in text:
                text = ours.bare.sub(_seam, ours.bracketed.sub("", text))
        if _HINT.search(text):
            text = _BARE.sub(_seam, _BRACKETED.sub("", text))
    return text


def _seam(match: re.Match[str]) -> str:
    """The one mark that stands where a watermark stood: the sentence's own, on the left, if there is one."""
    left, right = match["left"], match["right"]
    if match.start() == 0:
        return ""
    ends = match.end() == len(match.string.rstrip())
    if ends and left in ",，、;；:：":
        return right if right in "。.!！" else ""
    return left or right

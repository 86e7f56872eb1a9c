"""The strings of an essay beside its pieces, in Chinese and in English."""

from __future__ import annotations

REVIEW: dict[str, tuple[str, str]] = {
    # Which paragraph each piece serves
    "coverage": ("各篇对应的段落", "Which paragraph each piece is about"),
    "serves": ("{rank} · 对应第 {n} 段", "{rank} · paragraph {n}"),
    "bare": ("没有相关文章的段落", "Paragraphs that nothing is about"),
    "bare_all": ("文库里没有与其中任何一段相关的文章。", "Nothing in the library is about any of the paragraphs."),
    # The page's own list
    "page_all": ("本页列出的 {n} 篇，从内容看都与本文相关。", "The texts bear out every piece on this page ({n})."),
    "page_some": (
        "本页列出的 {n} 篇里，有 {related} 篇从内容看与本文相关。",
        "Of the {n} pieces on this page, the texts bear out {related}.",
    ),
    "page_none": (
        "本页列出的 {n} 篇，从内容看没有一篇与本文相关。",
        "Of the {n} pieces on this page, the texts bear out none.",
    ),
    "page_titles": ("{n} 篇只是标题都有{shared}。", "In {n}, only the title is alike: {shared}."),
    "page_absent": (
        "另有 {n} 篇文库里没有，无从比较。",
        "Not in the library, and so not compared: {n}.",
    ),
    "page_missing": (
        "还有 {n} 篇强相关的，本页没有列出。",
        "Strong pieces that the page does not list: {n}.",
    ),
    "page_only": (
        "文库里没有别的文章，看不出本页漏了什么。",
        "The library has no other pieces, so it cannot tell what the page leaves out.",
    ),
    "quoted": ("“{text}”", "“{text}”"),
    "by_page": ("本页的次序", "As the page has it"),
    "by_texts": ("按内容的次序", "As the texts have it"),
    "place_by_texts": ("按内容排第 {n}", "by the texts: {n}"),
    "place_beyond": ("按内容不在前 {n} 篇", "by the texts: below {n}"),
    "place_on_page": ("本页第 {n}", "on the page: {n}"),
    "not_on_page": ("本页没有列出", "Not on the page"),
    "only_title": ("只是标题都有{shared}", "only the title: {shared}"),
    "page_overlap": (
        "按内容排在最前的 {k} 篇里，本页列出了 {n} 篇",
        "Of the {k} that the texts put first, the page has {n}",
    ),
    "page_pairs": (
        "任取本页两篇，先后与内容一致的占 {percent}%（碰运气是 50%）",
        "Of any two on the page, the closer one comes first in {percent}% of cases (by chance, 50%)",
    ),
    "page_figures": ("{said}（{figure}）", "{said} ({figure})"),
}

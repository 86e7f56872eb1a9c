"""Every visible string, in Chinese and in English."""

from __future__ import annotations

import re
from typing import get_args

from recommender.types import Language
from recommender.ui.access_words import ACCESS
from recommender.ui.decision_words import DECISIONS
from recommender.ui.desk_words import DESK
from recommender.ui.heatmap_words import HEATMAP
from recommender.ui.library_words import LANGUAGES, LIBRARY
from recommender.ui.map_words import MAP
from recommender.ui.order_words import ORDER
from recommender.ui.review_words import REVIEW

_PAGE: dict[str, tuple[str, str]] = {
    # The frame
    "name": ("相关文章", "Related articles"),
    "claim": ("看内容，不看标题", "by what the texts say, not by their titles"),
    "view": ("视图", "View"),
    "read": ("阅读", "Read"),
    "map": ("相似度地图", "Similarity map"),
    "library": ("文库", "Library"),
    "language": ("语言", "Language"),
    "choices": ("选项", "Choices"),
    "article": ("文章", "Article"),
    "find_title": ("输入标题里的字", "Words of a title"),
    "choose_article": ("选一篇文章", "Choose an article"),
    "no_title": ("没有标题含有这些字的文章。", "No title has these words."),
    "how_many": ("列出几篇", "How many to list"),
    # Loading and models
    "loading_model": ("正在载入模型，首次约需十秒……", "Loading the model; the first time takes about ten seconds…"),
    "reading_files": ("正在读入示例文章……", "Reading the sample articles…"),
    "file_failed": ("有一个文件没有读入：{error}", "One file was not read: {error}"),
    "embedding": ("正在用这个模型计算向量：{percent}%", "Embedding the articles with this model: {percent}%"),
    "model": ("模型", "Model"),
    "model_embedded": ("内置多语言模型", "Built-in multilingual model"),
    "other_model": ("换用其他模型", "Use another model"),
    "model_name": ("模型名称或文件夹路径", "Name of the model, or path of its folder"),
    "model_help": (
        "任何 sentence-transformers 模型，如 intfloat/multilingual-e5-small。换用时重算全部文章的向量，原文库不变。",
        "Any sentence-transformers model, such as intfloat/multilingual-e5-small. All articles are embedded anew; "
        "the library you have stays as it is.",
    ),
    "use_embedded": ("改用内置模型", "Use the built-in model"),
    "use_model": ("换用", "Use it"),
    "model_missing": (
        "用不了模型“{name}”：没有这个文件夹，模型库里也没有这个名称。请检查名称，或继续使用内置模型。",
        "The model “{name}” cannot be had: there is no such folder, and no such name on the hub. "
        "Check the name, or go on with the built-in model.",
    ),
    "model_offline": (
        "用不了模型“{name}”：本机没有它的副本，也连不上模型库。可在联网的电脑上下载后填入文件夹路径，或继续使用内置模型。",
        "The model “{name}” cannot be had: this machine has no copy, and the hub cannot be reached. Fetch it on a "
        "connected machine and give the path of its folder, or go on with the built-in model.",
    ),
    "model_unreadable": (
        "用不了模型“{name}”：它的文件不是 sentence-transformers 能读的模型。请检查文件夹，或继续使用内置模型。",
        "The model “{name}” cannot be had: its files are not a model that sentence-transformers reads. "
        "Check the folder, or go on with the built-in model.",
    ),
    "model_not_here": (
        "链接里的模型“{name}”在这里还没有启用，现在显示的是内置模型的结果。可在选项里换用它。",
        "The model “{name}” of this link is not in use here yet; what you see is by the built-in model. "
        "You can switch to it among the choices.",
    ),
    # Empty and odd states
    "empty": ("文库里还没有文章", "There are no articles in the library yet"),
    "empty_help": (
        "到文库里放进自己的文件，或者先读入自带的示例。",
        "Drop files of your own into the library, or begin with the sample.",
    ),
    "to_library": ("去文库添加文件", "Add files in the library"),
    "add_sample": ("读入示例文章", "Read the sample"),
    "article_gone": (
        "链接里的文章不在这个文库里，下面是文库的第一篇。",
        "The article of this link is not in this library; here is the first one instead.",
    ),
    "span_gone": (
        "链接里选中的文字已经不在文章里，下面按全文推荐。",
        "The text that this link selects is no longer in the article; these are for the whole article.",
    ),
    "alone": ("文库里没有别的文章可以推荐。", "There is no other article in the library to recommend."),
    "nothing_related": (
        "文库里没有与此相关的文章。",
        "Nothing in the library is about the same thing.",
    ),
    "library_model": (
        "文库文件“{path}”是用另一个模型算出来的，不能与现在的模型混用。请把这个文件移走，然后重新启动并重新读入文章。",
        "The library file “{path}” was made by another model and cannot be used with this one. Move the file away, "
        "start again and add the articles again.",
    ),
    "library_file": (
        "打不开文库文件“{path}”：它不是本程序的文库，或者已经损坏。请把它移走，然后重新启动。",
        "The file “{path}” cannot be opened: it is not a library of this program, or it is damaged. Move it away and "
        "start again.",
    ),
    "library_write": (
        "写不进文库文件“{path}”，原有内容没有变。请看磁盘是否已满、文件是否只读、是否有别的程序占用，然后再试。",
        "The library file “{path}” took no change, and what it held is untouched. See whether the disk is full, "
        "the file is read-only or another program holds it; then try again.",
    ),
    # Reading
    "paste": ("粘贴一段文字来查找", "Look up a text of your own"),
    "paste_label": ("粘贴的文字", "Your text"),
    "paste_hint": ("任何语言都可以，一句话或几段话。", "In any language: a sentence or several paragraphs."),
    "find": ("查找相关文章", "Find related articles"),
    "leave_text": ("回到文章", "Back to the article"),
    "pasted": ("粘贴的文字", "Your text"),
    "too_long": (
        "文字较长，没有写进网址：分享这个链接不会带上它。",
        "This text is too long for the address: a shared link will not carry it.",
    ),
    "hint": (
        "点一段，或选中任意文字，就列出相关的文章。",
        "Click a paragraph or select any text to see what is related.",
    ),
    "paragraph_button": ("第 {n} 段：查找相关文章", "Paragraph {n}: find related articles"),
    "selection_button": ("查找所选文字的相关文章", "Find what is related to the selection"),
    "back_to": ("← 回到《{title}》", "← Back to “{title}”"),
    "back_to_library": ("← 回到文库", "← Back to the library"),
    "listed_by": ("出自《{title}》的相关文章列表", "From the related list of “{title}”"),
    "listed_by_more": ("另有 {count} 篇也列出它", "and {count} more that list it"),
    "only_beginning": ("只有摘要", "Abstract only"),
    # The list
    "related_to_all": ("与全文相关", "Related to the whole article"),
    "related_to_paragraph": ("与第 {n} 段相关", "Related to paragraph {n}"),
    "related_to_selection": ("与所选文字相关", "Related to the selected text"),
    "related_to_text": ("与粘贴的文字相关", "Related to your text"),
    "whole_article": ("改看全文", "Whole article"),
    "whole_text": ("改看全部文字", "Whole text"),
    "to_paragraph": ("↑ 回到正文", "↑ Back to the text"),
    "strong": ("强相关", "Strong"),
    "medium": ("较相关", "Medium"),
    "weak": ("弱相关", "Weak"),
    "unrelated": ("不相关", "Unrelated"),
    "relatedness": (
        "相关程度：{word}，{closeness}（余弦 {cosine}，共有用词 {words}）",
        "Relatedness: {word}, {closeness} (cosine {cosine}, words in common {words})",
    ),
    "why": ("看依据", "Show why"),
    "why_less": ("收起依据", "Hide why"),
    "here": ("本文", "Here"),
    "there": ("该文", "There"),
    "open": ("打开", "Open"),
    "beyond_list": ("不在前 {k} 篇之内", "Not among the first {k}"),
}

WORDS = _PAGE | DECISIONS | ACCESS | DESK | HEATMAP | LIBRARY | MAP | ORDER | REVIEW


def literal(text: str) -> str:
    """Text of an article for widgets that read what they show as Markdown: as it is written."""
    return re.sub(r"([\\`*_\[\]$<>~:#|!])", r"\\\1", text)


class Words:
    """The strings in one language: ``words("paragraph_n", n=3)``. An unknown name raises KeyError."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._column = get_args(Language).index(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The string of this name, with its blanks filled."""
        return WORDS[key][self._column].format(**values)

    def language_of(self, code: str) -> str:
        """What a language is called, by its ISO 639-1 code; the code itself for one that has no name here."""
        return LANGUAGES[code][self._column] if code in LANGUAGES else code

"""The strings of the library's view, in Chinese and in English."""

from __future__ import annotations

LIBRARY: dict[str, tuple[str, str]] = {
    "counts": ("{articles} 篇文章，{passages} 个片段", "{articles} articles in {passages} passages"),
    "part": ("内容", "Part"),
    "articles": ("文章", "Articles"),
    "boilerplate": ("重复文字", "Repeated texts"),
    "problems": ("问题", "Problems"),
    # Adding files
    "drop": ("添加文件", "Add files"),
    "drop_here": ("或者把文件拖到这里", "or drop them here"),
    "choose_files": ("选取文件", "Choose files"),
    "drop_help": (
        "可以放网页（html）、Word（docx）、PDF、EPUB、表格（xlsx、csv、tsv）、JSON Lines、WordPress 导出（xml）、"
        "RSS、Atom、Markdown、纯文本，以及装着这些文件的 zip 压缩包。每个文件最大 200 MB。同名文件再放一次，就是更新。",
        "Web pages (html), Word (docx), PDF, EPUB, tables (xlsx, csv, tsv), JSON Lines, WordPress exports (xml), RSS, "
        "Atom, Markdown, plain text, and zip archives of these; up to 200 MB each. The same name again is an update.",
    ),
    "keeping": ("正在保存文件……", "Keeping the files…"),
    "progress": (
        "已读入 {articles} 篇文章，{passages} 个片段，每秒 {rate} 篇",
        "{articles} articles read, {passages} passages, {rate} articles a second",
    ),
    "seconds_left": ("，约剩 {n} 秒", ", about {n} seconds left"),
    "minutes_left": ("，约剩 {n} 分钟", ", about {n} minutes left"),
    # The report
    "report_sum": ("读了 {files} 个文件，共 {articles} 篇文章", "Files read: {files}, with {articles} articles"),
    "report_well": ("。", "."),
    "report_failed": ("；{n} 个文件没有读入。", "; {n} failed."),
    "dismiss": ("收起", "Dismiss"),
    "added": ("新加入 {n} 篇文章", "{n} articles added"),
    "changed": ("已更新，共 {n} 篇文章", "Brought up to date, {n} articles"),
    "unchanged": ("{n} 篇文章，没有变化", "{n} articles, nothing changed"),
    "failed": ("没有读入：", "Not read: "),
    "before_failure": ("（出错之前读入了 {n} 篇。）", " ({n} articles were read before that.)"),
    "count_embedded": ("，{n} 个新片段", ", {n} new passages"),
    "count_duplicates": ("，{n} 篇与已有的相同，没有重复加入", ", {n} that are there already left out"),
    "count_removed": ("，{n} 篇在新文件里没有了，已移出", ", {n} that the file no longer has removed"),
    "count_skipped": ("，略过 {n} 处", ", {n} skipped"),
    "stop": ("。", "."),
    "list_these": ("看文章", "List"),
    "in_english": ("读的时候出了问题，说明是英文的：{text}", "{text}"),
    # Browsing
    "nothing_yet": (
        "文库里还没有文章。把文件拖到上面，就能在这里看到。",
        "There are no articles yet. Drop files above, and they appear here.",
    ),
    "filter_title": ("标题里的字", "Words of the title"),
    "filter_source": ("来源", "Source"),
    "filter_language": ("语言", "Language"),
    "filter_tag": ("标签", "Tag"),
    "filter_author": ("作者", "Author"),
    "filter_since": ("起始日期", "From"),
    "filter_until": ("截止日期", "To"),
    "day_wrong": ("请写成 2024、2024-05 或 2024-05-01", "Write 2024, 2024-05 or 2024-05-01"),
    "no_filter": ("清除条件", "Clear"),
    "none_left": ("没有符合条件的文章。", "No article fits these conditions."),
    "no_such_page": ("没有这一页。", "There is no such page."),
    "first_page": ("回到第一页", "First page"),
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "page_n": ("第 {n} 页", "Page {n}"),
    "length": ("{n} 字", "{n} characters"),
    "pick": ("选中《{title}》", "Select “{title}”"),
    "pick_page": ("选中本页", "Select this page"),
    "remove": ("移出", "Remove"),
    "remove_picked": ("移出选中的 {n} 篇", "Remove the {n} selected"),
    "removed_one": ("已移出《{title}》。", "“{title}” was removed."),
    "removed": ("已移出《{title}》等 {n} 篇。", "{n} articles were removed, “{title}” first."),
    "undo": ("撤销", "Undo"),
    # Repeated texts
    "rules_help": (
        "同一来源的文章里反复出现的页脚、声明、导航等文字，会妨碍比较内容。找出来由你决定：删去之后，文章里不再显示，"
        "也不参与比较；原文仍保留，随时可以恢复。单独的 0 代表任意数字。",
        "Footers, disclaimers and navigation that articles of a source repeat get in the way of comparing them. "
        "You decide: what is left out is neither shown nor compared, and can be brought back at any time. "
        "A 0 that stands alone means any number.",
    ),
    "find_rules": ("查找重复文字", "Find repeated texts"),
    "finding_rules": ("正在数各篇文章里反复出现的文字……", "Counting what recurs in the articles…"),
    "no_proposals": ("没有新的重复文字。", "No new repeated texts."),
    "proposals": ("找到 {n} 处重复文字", "Repeated texts found: {n}"),
    "more_proposals": ("还有 {n} 处，决定了上面这些再看。", "{n} more will be shown when these are decided."),
    "rule_paragraph": ("整段相同，出现在{scope}的 {n} 篇文章里。", "A whole paragraph, in {n} articles of {scope}."),
    "rule_phrase": (
        "段落中的一句，出现在{scope}的 {n} 篇文章里。",
        "A phrase within paragraphs, in {n} articles of {scope}.",
    ),
    "scope": ("“{name}”", "“{name}”"),
    "scope_all": ("全部来源", "all sources"),
    "decision": ("决定", "Decision"),
    "choice_approved": ("删去", "Leave out"),
    "choice_rejected": ("保留", "Keep"),
    "all_approved": ("全部删去", "Leave all out"),
    "all_rejected": ("全部保留", "Keep all"),
    "apply": ("应用这 {n} 项决定", "Apply these decisions: {n}"),
    "apply_none": ("先为上面的文字选“删去”或“保留”", "First choose for the texts above"),
    "cleaning": ("正在按决定整理全部文章：{percent}%", "Cleaning all articles accordingly: {percent}%"),
    "rules_approved": ("已删去的文字（{n}）", "Left out ({n})"),
    "rules_rejected": ("决定保留的文字（{n}）", "Kept ({n})"),
    "withdraw_approved": ("恢复", "Bring back"),
    "withdraw_rejected": ("改为删去", "Leave out"),
    # Problems
    "unread_files": ("没有读入的文件", "Files that were not read"),
    "unread_help": (
        "这里只列出这次打开页面以来的；改好之后再放一次，读入了就不再列出。",
        "Those since you opened this page. Mend them and add them again; one that is read goes from here.",
    ),
    "no_unread": ("这次打开页面以来，没有读不了的文件。", "Since you opened this page, none."),
    "check_title": ("文库是否完好", "Is the library sound?"),
    "check_help": (
        "逐条核对文章、片段和向量，文章多时需要几分钟。",
        "Goes through all articles, passages and vectors, which takes minutes if there are many.",
    ),
    "check": ("检查文库", "Check the library"),
    "checking": ("正在检查……", "Checking…"),
    "sound": ("文库完好，没有发现问题。", "The library is sound."),
    "unsound": ("发现 {n} 个问题：", "Problems found: {n}"),
}

# What languages are called, by their ISO 639-1 codes.
LANGUAGES: dict[str, tuple[str, str]] = {
    "zh": ("中文", "Chinese"),
    "en": ("英语", "English"),
    "ja": ("日语", "Japanese"),
    "ko": ("韩语", "Korean"),
    "fr": ("法语", "French"),
    "de": ("德语", "German"),
    "es": ("西班牙语", "Spanish"),
    "pt": ("葡萄牙语", "Portuguese"),
    "it": ("意大利语", "Italian"),
    "ru": ("俄语", "Russian"),
    "ar": ("阿拉伯语", "Arabic"),
    "vi": ("越南语", "Vietnamese"),
}

"""The strings of the heatmap, of sentences side by side, and of themes over time, in Chinese and in English."""

from __future__ import annotations

HEATMAP: dict[str, tuple[str, str]] = {
    "heatmap_help": (
        "每一行是一段，每一列是一篇文章，数字是相似度（余弦，越大越近）。点一格看依据。",
        "A row is a paragraph, a column an article, the number their cosine similarity: higher is nearer. "
        "Click a cell to see why.",
    ),
    "table_help": ("与热力图相同的数字。", "The same numbers as in the heatmap."),
    # What stands against what, and in which order
    "heat_against": ("比什么", "What to compare"),
    "heat_pieces": ("各段与各篇", "Paragraphs and pieces"),
    "heat_sentences": ("与一篇逐句对照", "Sentence by sentence"),
    "heat_order": ("次序", "Order"),
    "heat_reading": ("按阅读次序", "As they read"),
    "heat_clustered": ("相近的排在一起", "Like beside like"),
    # Summaries
    "heat_about": ("这一段谈", "What it is about"),
    "heat_covered": ("相关文章", "Related pieces"),
    "heat_has": ("有", "yes"),
    "heat_bare": ("没有", "none"),
    "heat_bare_mark": ("段{n} ○", "¶{n} ○"),
    "heat_bare_help": (
        "○ 这一段文库里没有相关的文章（共 {n} 段）。",
        "○ Nothing in the library is about this paragraph ({n} in all).",
    ),
    "heat_serves": ("对应", "Is about"),
    "heat_foot": ("对应段\n每篇谈的是第几段", "About ¶\nwhich paragraph"),
    "heat_serves_help": ("最下一行：每篇文章谈的是第几段。", "Bottom row: which paragraph each piece is about."),
    "heat_serves_none": ("—", "—"),
    "heat_between": ("、", ", "),
    # Sentence by sentence
    "parallel_help": (
        "每一行是本文的一句，每一列是该文的一句，颜色越浓越近；两句互为最近的打点。点连成斜线，就是两文写法平行。点一格看这两句。",
        "A row is a sentence here, a column a sentence there; the stronger the colour, the nearer. A dot marks two "
        "that are each nearest to the other: dots along a diagonal are passages that run parallel. Click a cell to "
        "read both.",
    ),
    "parallel_table_help": (
        "本文每一句在该文里最近的一句。",
        "For each sentence here, the nearest one there.",
    ),
    "parallel_cut": (
        "只比较各自的前 {most} 句：本文还有 {here} 句，该文还有 {there} 句没有比较。",
        "Only the first {most} sentences of either are compared: {here} more here and {there} more there are not.",
    ),
    "parallel_pairs": (
        "本文 {m} 句、该文 {n} 句，其中 {pairs} 对互为最近。",
        "{m} sentences here and {n} there; {pairs} pairs are each nearest to the other.",
    ),
    "parallel_here": ("本文的句子", "Sentence here"),
    "parallel_there": ("该文的句子", "Sentence there"),
    "parallel_csv": ("全部数字（表格文件）", "All numbers (CSV)"),
    "parallel_cosine": ("余弦", "Cosine"),
    "parallel_mutual": ("{score}，互为最近", "{score}, each nearest"),
    "parallel_none": ("点图上的一格，这里就显示两句话。", "Click a cell, and both sentences appear here."),
    "parallel_choose": ("选一句", "Choose a sentence"),
    # Themes over time
    "time": ("时间", "Time"),
    "time_help": (
        "各个主题的文章是什么时候发表的；颜色与平面图相同。点一段柱子或一个主题，看是哪些文章。",
        "When the articles of each theme were published; the colours are those of the plane. Click a part of a bar, "
        "or a theme, to see which articles these are.",
    ),
    "time_measure": ("高度", "Height"),
    "time_count": ("篇数", "Articles"),
    "time_share": ("占比", "Shares"),
    "time_share_help": (
        "占比看不出篇数：有的柱子里可能只有一篇。",
        "Shares do not show how many there are: a bar may be a single article.",
    ),
    "time_none": (
        "文库里的文章都没有发表日期，画不出时间。读入带日期的文件（如带日期列的表格、订阅文件）后这里就有图。",
        "No article in the library has a date of publication, so there is nothing to show over time. Add files that "
        "have dates, such as tables with a column of dates, or feeds.",
    ),
    "time_undated": (
        "{n} 篇（{percent}%）没有日期，不在图里。",
        "{n} articles ({percent}%) have no date and are not shown.",
    ),
    "time_all_dated": ("全部 {n} 篇都有日期。", "All {n} articles have a date."),
    "time_others": ("其他主题", "Other themes"),
    "time_table": ("这张图的数字", "The numbers of this chart"),
    "time_sum": ("合计", "Total"),
    "time_when": ("时间", "Time"),
    "time_any": ("全部时间", "All times"),
    "time_chosen": ("{name}：{n} 篇", "{name}: {n} articles"),
    "time_on_plane": ("在平面图上看", "See it on the plane"),
    "time_bar": ("{time} · {theme}：{n} 篇", "{time} · {theme}: {n}"),
}

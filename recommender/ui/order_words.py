"""The strings of the list's order and of its reasons, in Chinese and in English."""

from __future__ import annotations

ORDER: dict[str, tuple[str, str]] = {
    # Settings
    "order": ("排序", "Order"),
    "order_words": ("意思与用词", "Meaning and words"),
    "order_words_help": (
        "意思：由模型判断两文说的是不是一回事。用词：两文有没有同样的字词，人名、文号等少见的字词分量最重。",
        "Meaning is whether both texts say the same to the model. Words are those that both have; "
        "rare ones, like names and numbers of documents, weigh most.",
    ),
    "no_words": ("只看意思", "Meaning only"),
    "only_words": ("只看用词", "Words only"),
    "share_of_words": ("用词占 {percent}%", "words {percent}%"),
    "order_diversity": ("多样", "Diversity"),
    "order_diversity_help": (
        "越往右，越不与排在前面的文章重复。",
        "The further to the right, the less a piece repeats those above it.",
    ),
    "no_diversity": ("只看相关", "Relevance only"),
    "only_diversity": ("只求不同", "Difference only"),
    "share_of_diversity": ("多样 {percent}%", "diversity {percent}%"),
    "order_half_life": ("新旧", "Age"),
    "order_half_life_help": ("过了这段时间，文章的分量减半。", "After this time a piece counts half."),
    "half_0": ("不计新旧", "Does not count"),
    "half_30": ("三十天减半", "Half after 30 days"),
    "half_180": ("半年减半", "Half after 180 days"),
    "half_365": ("一年减半", "Half after a year"),
    "half_1095": ("三年减半", "Half after three years"),
    "order_from": ("起始日期", "From"),
    "order_to": ("截止日期", "To"),
    "since_day": ("{day} 起", "from {day}"),
    "until_day": ("{day} 止", "to {day}"),
    "order_earlier": ("只看更早的", "Only earlier pieces"),
    "order_without": ("不列出", "Leave out"),
    "left_out": ("不列{relations}", "without {relations}"),
    "order_collapse": ("转载并成一行", "Reposts in one row"),
    "reposts_apart": ("转载分列", "reposts in rows of their own"),
    "order_reranker": ("交叉编码器", "Cross-encoder"),
    "order_reranker_help": (
        "由它逐篇对读后重排，较慢。填 sentence-transformers 交叉编码器的名称或文件夹路径；留空就不用。",
        "It reads every piece beside the query and orders them anew, which is slower. Give the name of a cross-encoder "
        "for sentence-transformers, or the path of its folder; nothing for none.",
    ),
    "reranked_by": ("由 {name} 重排", "reranked by {name}"),
    "no_reranker": ("不用", "none"),
    "reranker_failed": (
        "用不了交叉编码器“{name}”，下面的排序没有用它。请检查名称；不能联网时，请填本机上的文件夹路径。",
        "The cross-encoder “{name}” cannot be had, and the order below is without it. Check its name; "
        "without a network, give the path of a folder on this machine.",
    ),
    "default_order": ("恢复默认", "Back to the default"),
    "none_in_order": (
        "照现在的排序设置，没有文章可列。",
        "With these settings of the order there is no article to list.",
    ),
    # What else connects a piece with the text
    "is_linked": ("本页已列出", "Already listed"),
    "is_author": ("同一作者", "Same author"),
    "is_series": ("同一系列", "Same series"),
    "is_repost": ("与本文相同", "The same text"),
    # Reposts
    "reposts": ("+{n} 转载", "+{n} reposts"),
    "not_repost": ("不是转载", "Not a repost"),
    "not_same": ("与本文不同", "Not the same text"),
    "repost_after_all": ("仍算转载", "A repost after all"),
    "set_apart": ("《{title}》不再算作转载，单独成行。", "“{title}” no longer counts as a repost."),
    # Feedback
    "more": ("多一些", "More"),
    "less": ("少一些", "Less"),
    "more_help": ("多一些这样的", "More like this"),
    "less_help": ("少一些这样的", "Less like this"),
    "more_chip": ("多：{title} ✕", "More: {title} ✕"),
    "less_chip": ("少：{title} ✕", "Less: {title} ✕"),
    "judge_page": ("本页列得对不对", "Is the page's own list right?"),
    # Nothing is related
    "nearest": ("最接近的", "The nearest"),
    # Reasons
    "carried_by_words": ("哪些词使两文接近", "The words that bring them together"),
    "carried_by_sentences": (
        "哪些句子使两文接近（去掉这一句，相似度会减少多少）",
        "The sentences that bring them together (and what the similarity loses without each)",
    ),
    "all_else": ("其余的词", "All other words"),
    "cosine": ("合计，即相似度（余弦）", "Sum: the cosine similarity"),
}

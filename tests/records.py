"""Articles to put into a library, and all that a library says of what it holds."""

import numpy as np
from conftest import WordEncoder, essay

from recommender.segment import segment
from recommender.types import Article, Paragraph

PIECES = [
    Article("piece-2", "乙", (Paragraph("第二篇的开头。"),), "page", "page", truncated=True),
    Article("piece-1", "甲", (Paragraph("第一篇的开头。"), Paragraph("它的第二段。")), "page", "page"),
]
PAGE = essay(
    "page",
    "前言。",
    "# 一、创新意识",
    "第一节的文字。" * 80,  # longer than one passage
    "",
    " 尾段 ",
    title="范文",
    source="page",
    links=("piece-2", "piece-1"),
)
OTHER = essay("other", "前言。", "与众不同的一段。", source="other", links=("piece-1",))
EVERY_FIELD = Article(
    "full", "标题", (Paragraph("小标题", 2), Paragraph("一段文字。")), "a.zip/b.html", "", True,
    ("page", "later", "page"), "https://example.com/a?b=c", "2024-05-01", "作者", "zh", ("标签", "tag", "标签"),
)  # fmt: skip


def put(library, articles, raw=None, encoder=None):
    """Put articles with all their passages, as the pipeline does."""
    passages = [passage for article in articles for passage in segment(article)]
    encode = (encoder or WordEncoder()).encode
    vectors, titles = (encode(texts, "passage") for texts in ([p.text for p in passages], [a.title for a in articles]))
    library.put(articles, passages, vectors, titles, raw)


def stored(library):
    """All articles in order."""
    return list(library.articles(listing.id for listing in library.listings()).values())


def all_passages(library):
    """All passages in order, article by article."""
    place = {listing.id: position for position, listing in enumerate(library.listings())}
    passages = library.passages(library.matrix().numbers)
    return sorted(passages, key=lambda p: (place[p.article_id], p.start))


def numbers_of(library, id):
    """The texts of an article's passages, and their numbers."""
    matrix = library.matrix()
    numbers = matrix.numbers[matrix.owners == library.owners([id])[id]]
    return {p.text: int(n) for p, n in zip(library.passages(numbers), numbers, strict=True)}


def snapshot(library):
    """All that a library holds, in a form that can be compared."""
    matrix = library.matrix()
    return (
        library.counts(),
        library.listings(),
        stored(library),
        library.raw(listing.id for listing in library.listings()),
        matrix.numbers.tolist(),
        matrix.owners.tolist(),
        matrix.vectors.tolist(),
        library.passages(matrix.numbers),
        library.rules(),
    )


class Small(WordEncoder):
    """Another model, of other dimensions."""

    def __init__(self):
        super().__init__("other/small", "2")

    def encode(self, texts, role):
        return np.eye(8, dtype=np.float32)[[len(text) % 8 for text in texts]]


SMALL = Small()

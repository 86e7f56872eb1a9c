"""How well reposts are told from other articles: ``python -m benchmarks.reposts --data ../shared/corpus``.

Articles of every source of the corpus are edited as reposts are, in one way a row. An edited article and its original
stand among the 48 articles that are nearest to the original by the embedded model, in any order. Recall is how often
the two become one row; precision is how many of those that a repost is put together with are its original. (What the
original is put together with by itself does not count here; the second table shows that, with examples to judge by.)
The thresholds were chosen on every other source, in order of name; figures of the others stand apart. Edited words are
replaced by words of other articles, and never numbers. Prints Markdown.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import click
import numpy as np
import rjieba
from opencc import OpenCC

from benchmarks.measures import best, without_self
from benchmarks.quality import read
from recommender.embed import load_encoder
from recommender.rank import reposts
from recommender.search import Rows
from recommender.segment import segment
from recommender.shingles import Shingles, shingles, sketch
from recommender.types import Article, Paragraph

Edit = Callable[[str], str]

CANDIDATES = 50
# Shorter ones have no abstract that is much shorter.
LEAST_CHARS = 400
TIMES = 20
EXAMPLES = 4
# The one edit for which the original is edited, too.
FOOTERS = "footers of two sites"

_FOOTERS = (
    "\n本站文章由网友上传分享，版权归原作者，青石书屋不承担由此产生的责任。\n以上观点与青石书屋的立场无关，浏览1024次。"
    "\n上一篇：最好的安排\n下一篇：生活的意义\n相关推荐：如何坚持学习；怎样面对失败；给年轻人的建议；读书的意义",
    "\n发布时间：2021-07-13 08:15 浏览次数：2877 来源：晨光阅读 责任编辑：王小二\n版权声明：转载请注明出处，"
    "如有侵权请联系删除，邮箱123456@example.com\n关注公众号，回复666领取资料",
)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
_WORD = re.compile(r"[^\W\d]")


@dataclass(frozen=True)
class Corpus:
    """The n articles, which of them are edited, and the rows (n, 49) of the nearest others of each."""

    articles: Sequence[Article]
    originals: Sequence[int]
    nearest: Rows

    def tuned(self, row: int) -> bool:
        """Whether thresholds were chosen on an article's source."""
        return self.articles[row].source in sorted({article.source for article in self.articles})[::2]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The corpus."
)
@click.option("--articles", "amount", default=120, show_default=True, help="How many of each source in a row.")
@click.option("--originals", default=15, show_default=True, help="How many of these are edited.")
def main(data: Path, amount: int, originals: int) -> None:
    """Measure, and print Markdown tables."""
    corpus = _corpus(data / "train", amount, originals)
    edits = Edits([article.text for article in corpus.articles])
    click.echo(f"{len(corpus.articles):,} articles, {len(corpus.originals)} of them edited\n")
    _print_found(corpus, edits.all())
    _print_natural(corpus)
    _print_times(corpus)


class Edits:
    """What is done to a text on its way to another site; chance is seeded."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._chance = random.Random(5)
        self._bodies = bodies
        self._words = [
            word for body in self._chance.sample(bodies, 200) for word in rjieba.cut(body) if _WORD.match(word)
        ]

    def all(self) -> dict[str, Edit]:
        """Each kind of repost by its name."""
        traditional, taiwan = OpenCC("s2t").convert, OpenCC("s2twp").convert
        return {
            "the same text, retitled": str,
            **{f"{share}% of the words": self._words_changed(share / 100) for share in (5, 10, 20)},
            "20% of the sentences left out": self._left_out,
            "20% more sentences, from another article": self._added,
            "footer of a site": lambda text: text + _FOOTERS[0],
            "paragraphs reordered": self._reordered,
            "Traditional characters": traditional,
            "Traditional, with Taiwan's words": taiwan,
            **{f"first {size} characters, ellipsis": self._abstract(size) for size in (100, 150, 250)},
            "excerpt of 200 characters": self._excerpt,
            "abstract, 10% of the words": self._both(self._abstract(150), self._words_changed(0.1)),
            "abstract, 20% of the words": self._both(self._abstract(150), self._words_changed(0.2)),
            "abstract, Traditional with Taiwan's words": self._both(self._abstract(150), taiwan),
            "10% of the words, a footer, sentences left out and added, reordered, Traditional": self._both(
                self._words_changed(0.1), self._left_out, self._added, self._reordered, traditional, self._footed
            ),
            FOOTERS: self._footed,
        }

    def _both(self, *edits: Edit) -> Edit:
        def edited(text: str) -> str:
            for edit in edits:
                text = edit(text)
            return text

        return edited

    def _footed(self, text: str) -> str:
        return text + _FOOTERS[1]

    def _words_changed(self, share: float) -> Edit:
        def edited(text: str) -> str:
            words = rjieba.cut(text)
            places = [place for place, word in enumerate(words) if _WORD.match(word)]
            for place in self._chance.sample(places, round(share * len(places))):
                words[place] = self._chance.choice(self._words)
            return "".join(words)

        return edited

    def _left_out(self, text: str) -> str:
        sentences = _SENTENCE.findall(text)
        out = set(self._chance.sample(range(len(sentences)), len(sentences) // 5))
        return "".join(sentence for place, sentence in enumerate(sentences) if place not in out)

    def _added(self, text: str) -> str:
        sentences, others = _SENTENCE.findall(text), _SENTENCE.findall(self._chance.choice(self._bodies))
        for _ in range(len(sentences) // 5):
            sentences.insert(self._chance.randrange(len(sentences)), self._chance.choice(others))
        return "".join(sentences)

    def _reordered(self, text: str) -> str:
        parts = text.split("\n") if text.count("\n") > 1 else _SENTENCE.findall(text)
        return "\n".join(self._chance.sample(parts, len(parts)))

    def _abstract(self, size: int) -> Edit:
        return lambda text: text[:size] + "……"

    def _excerpt(self, text: str) -> str:
        start = self._chance.randrange(len(text) // 4, len(text) - 200)
        return text[start : start + 200]


def _corpus(folder: Path, amount: int, originals: int) -> Corpus:
    chance = random.Random(4)
    articles: list[Article] = []
    edited: list[int] = []
    for path in sorted(folder.glob("articles_*.jsonl.gz")):
        rows = read(path)
        start = chance.randrange(max(len(rows) - amount, 1))
        added = [
            Article(f"{path.name}#{number}", row["title"], tuple(map(Paragraph, row["paragraphs"])), path.name)
            for number, row in enumerate(rows[start : start + amount], start)
        ]
        long = [row for row, article in enumerate(added, len(articles)) if len(article.text) >= LEAST_CHARS]
        edited += chance.sample(long, min(originals, len(long)))
        articles += added
    return Corpus(articles, edited, _nearest(articles))


def _nearest(articles: Sequence[Article]) -> Rows:
    passages = [segment(article) for article in articles]
    vectors = load_encoder().encode([passage.text for own in passages for passage in own], "passage")
    means = np.zeros((len(articles), vectors.shape[1]), np.float32)
    np.add.at(means, [row for row, own in enumerate(passages) for _ in own], vectors)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), np.float32(1e-9))
    return best(without_self(means @ means.T), CANDIDATES - 1)


def _print_found(corpus: Corpus, edits: dict[str, Edit]) -> None:
    chance = random.Random(6)
    found: dict[tuple[str, bool], list[bool]] = {(name, tuned): [] for name in edits for tuned in (True, False)}
    wrong = dict.fromkeys(found, 0)
    for row in corpus.originals:
        text = corpus.articles[row].text
        others = [corpus.articles[other].text for other in corpus.nearest[row, : CANDIDATES - 2]]
        alone = _group([text, "", *others], range(CANDIDATES), 0)
        for name, edit in edits.items():
            body = text + (_FOOTERS[0] if name == FOOTERS else "")
            group = _group([body, edit(text), *others], chance.sample(range(CANDIDATES), CANDIDATES), 1)
            found[name, corpus.tuned(row)].append(0 in group)
            wrong[name, corpus.tuned(row)] += len(group - {1} - alone)
    click.echo("| repost | recall, sources chosen on | recall, other sources | precision, other sources |")
    click.echo("| --- | ---: | ---: | ---: |")
    for name in edits:
        right = sum(found[name, False])
        recalls = " | ".join(f"{100 * np.mean(found[name, tuned]):.1f}%" for tuned in (True, False))
        click.echo(f"| {name} | {recalls} | {100 * right / (right + wrong[name, False]):.1f}% |")


def _group(bodies: Sequence[str], order: Sequence[int], place: int) -> set[int]:
    """The places of the bodies that are one row with that at ``place``, when they stand in this order."""
    found = _leaders([bodies[place] for place in order])
    return {order[row] for row in np.flatnonzero(found == found[order.index(place)])}


def _print_natural(corpus: Corpus) -> None:
    pairs: set[tuple[int, int]] = set()
    for row, near in enumerate(corpus.nearest):
        rows = [row, *near[: CANDIDATES - 1]]
        found = _leaders([corpus.articles[other].text for other in rows])
        pairs |= {(min(row, other), max(row, other)) for other in np.array(rows)[found == 0] if other != row}
    click.echo("\nArticles as they are, each above its nearest ones:\n")
    click.echo("| source | articles | put together with another | examples |\n| --- | ---: | ---: | --- |")
    for source in sorted({article.source for article in corpus.articles}):
        own = [pair for pair in sorted(pairs) if corpus.articles[pair[0]].source == source]
        together = {row for pair in own for row in pair}
        shown = random.Random(7).sample(own, min(EXAMPLES, len(own)))
        examples = "; ".join(" = ".join(_named(corpus.articles[row]) for row in pair) for pair in shown)
        size = sum(article.source == source for article in corpus.articles)
        click.echo(f"| {source.split('.')[0]} | {size} | {len(together)} | {examples} |")


def _named(article: Article) -> str:
    return f"{article.title[:24]} ({article.text[:24]}…, {len(article.text)})".replace("\n", " ").replace("|", " ")


def _print_times(corpus: Corpus) -> None:
    click.echo(f"\n| {CANDIDATES} articles that are no reposts, median | ms |\n| --- | ---: |")
    chance = random.Random(8)
    lists = [
        [corpus.articles[row].text for row in chance.sample(range(len(corpus.articles)), CANDIDATES)]
        for _ in range(TIMES)
    ]
    made, told = [], []
    for bodies in lists:
        start = time.perf_counter()
        found = [shingles(body) for body in bodies]
        kept = [sketch(one) for one in found]
        made.append(time.perf_counter() - start)
        start = time.perf_counter()
        reposts.leaders(kept, found.__getitem__)
        told.append(time.perf_counter() - start)
    click.echo(f"| to make their sketches, which a library keeps | {1000 * np.median(made):.1f} |")
    click.echo(f"| to tell reposts by these | {1000 * np.median(told):.1f} |")


@lru_cache(10_000)
def _shingles(body: str) -> Shingles:
    return shingles(body)


def _leaders(bodies: Sequence[str]) -> Rows:
    return reposts.leaders([sketch(_shingles(body)) for body in bodies], lambda row: _shingles(bodies[row]))


if __name__ == "__main__":
    main()

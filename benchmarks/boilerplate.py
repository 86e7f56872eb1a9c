"""How far boilerplate moves recommendations: ``python -m benchmarks.boilerplate --data ../shared/corpus``.

Each source of the corpus stands for a site. Its articles get the site's footer of three paragraphs, one of them with a
number that varies, and its watermark somewhere in the middle of a sentence, none of which ``clean`` knows by itself.
What ``propose`` finds is then approved as it is. Overlap@10 is how many of an article's ten nearest by the embedded
model (means of passage vectors, weighted by length) are those of the articles as they were. Prints Markdown.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.measures import K, best, without_self
from benchmarks.quality import read
from recommender.boilerplate import propose
from recommender.clean import clean, numberless
from recommender.embed import Encoder, load_encoder
from recommender.segment import segment
from recommender.types import Article, Paragraph, Rule

Nearest = NDArray[np.intp]

_FIRST_NAMES = ["青石", "云帆", "南山", "晨光", "北辰", "听雨", "麦田", "远山", "木棉", "星海", "长河"]
_LAST_NAMES = ["书屋", "阅读社", "知识港"]
_FOOTER = (
    "本站文章由网友上传分享，版权归原作者，{site}不承担由此产生的责任。",
    "以上观点与{site}的立场无关，浏览{number}次。",
    "{site}：陪你读懂每一天，每天一篇好文章",
)
_WATERMARK = "更多好文章尽在{site}手机版"


@dataclass(frozen=True)
class Row:
    """A state of the articles, which is compared with the first one."""

    name: str
    articles: Sequence[Article]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The corpus."
)
@click.option("--articles", "amount", default=2000, show_default=True, help="How many, from all sources alike.")
def main(data: Path, amount: int) -> None:
    """Measure, and print Markdown tables."""
    before = [clean(article) for article in _articles(data / "train", amount)]
    sites = _sites(before)
    injected = list(_injected(before, sites))
    unasked, proposals = propose(before), propose(injected)
    approved = [replace(rule, state="approved") for rule in proposals]
    rows = [
        Row("injected, not cleaned", injected),
        Row("injected, cleaned without rules", [clean(article) for article in injected]),
        Row("injected, cleaned with the approved proposals", [clean(article, approved) for article in injected]),
    ]
    click.echo(f"{len(before):,} articles of {len(sites)} sources\n")
    _print_overlaps(load_encoder(), before, rows)
    _print_found(proposals, unasked, sites)


def _articles(folder: Path, amount: int) -> list[Article]:
    paths = sorted(folder.glob("articles_*.jsonl.gz"))
    return [
        Article(f"{path.name}#{number}", row["title"], tuple(map(Paragraph, row["paragraphs"])), path.name)
        for path in paths
        for number, row in enumerate(read(path)[: -(-amount // len(paths))])
    ][:amount]


def _sites(articles: Sequence[Article]) -> dict[str, str]:
    """Give each source the name of a site."""
    names = (first + last for last in _LAST_NAMES for first in _FIRST_NAMES)
    return dict(zip(dict.fromkeys(article.source for article in articles), names, strict=False))


def _injected(articles: Sequence[Article], sites: dict[str, str]) -> Iterator[Article]:
    chance = random.Random(4)
    for article in articles:
        site = sites[article.source]
        body = list(article.paragraphs)
        at = max(range(len(body)), key=[len(paragraph.text) for paragraph in body].__getitem__)
        body[at] = replace(body[at], text=_marked(body[at].text, _WATERMARK.format(site=site), chance))
        footer = (text.format(site=site, number=chance.randrange(10_000)) for text in _FOOTER)
        yield replace(article, paragraphs=(*body, *map(Paragraph, footer)))


def _marked(text: str, watermark: str, chance: random.Random) -> str:
    """The text with a watermark between two of its characters, be they of one word or not."""
    at = chance.randrange(1, len(text))
    return text[:at] + watermark + text[at:]


def _print_overlaps(encoder: Encoder, before: Sequence[Article], rows: Sequence[Row]) -> None:
    reference = _nearest(encoder, before)
    click.echo(f"| articles | overlap@{K} with those before | text as before |\n| --- | ---: | ---: |")
    for row in rows:
        pairs = zip(reference, _nearest(encoder, row.articles), strict=True)
        overlap = np.mean([np.isin(ours, theirs).mean() for theirs, ours in pairs])
        same = np.mean([one.text == other.text for one, other in zip(before, row.articles, strict=True)])
        click.echo(f"| {row.name} | {100 * overlap:.1f}% | {100 * same:.1f}% |")


def _nearest(encoder: Encoder, articles: Sequence[Article]) -> Nearest:
    """The numbers (n, 10) of the articles nearest to each."""
    passages = [segment(article) for article in articles]
    vectors = encoder.encode([passage.text for own in passages for passage in own], "passage")
    lengths = np.array([len(passage.text) for own in passages for passage in own], np.float32)
    means = np.zeros((len(articles), vectors.shape[1]), np.float32)
    np.add.at(means, [number for number, own in enumerate(passages) for _ in own], vectors * lengths[:, None])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), np.float32(1e-9))
    return best(without_self(means @ means.T), K)


def _print_found(proposals: Sequence[Rule], unasked: Sequence[Rule], sites: dict[str, str]) -> None:
    planted = {
        (numberless(text.format(site=site, number=0)), source)
        for source, site in sites.items()
        for text in (*_FOOTER, _WATERMARK)
    }
    others = {(rule.text, rule.scope) for rule in unasked}
    found = {(numberless(rule.text), rule.scope) for rule in proposals if (rule.text, rule.scope) not in others}
    right = len(found & planted)
    click.echo(f"\nPlanted {len(planted)}, proposed {len(found)}, of these as planted {right}: ", nl=False)
    click.echo(f"precision {100 * right / max(len(found), 1):.1f}%, recall {100 * right / len(planted):.1f}%.")
    for text, source in sorted(found ^ planted):
        click.echo(f"- {'missed' if (text, source) in planted else 'also'}: {text} ({source})")
    click.echo(f"\nProposed for the articles as they were: {len(unasked)} ({Counter(r.kind for r in unasked)})\n")
    for rule in unasked:
        click.echo(f"- {rule.kind}, {rule.count} articles of {rule.scope}: {rule.text}")


if __name__ == "__main__":
    main()

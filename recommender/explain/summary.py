"""Why a passage matches, in one plain sentence: which words both have, which correspond, or that it is but the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from recommender.explain.contributions import spelled
from recommender.explain.why import Why, WordPair
from recommender.explain.words import PARTICLES, Sort, sort_of
from recommender.terms import folded
from recommender.types import Language

Kind = Literal["same", "alike", "mixed", "form", "general", "near", "weak", "sentences"]

# A sentence names at most so many phrases of a kind.
MOST_NAMED = 3
# Chosen by reading what is said of passages and whole articles of zh_csl, zh_cnews and seealso_en_cpp (dev) and their
# nearest passage in another article, and one by chance. A phrase is named if it gives LEAST to the cosine and SHARE of
# what the best one gives, and any if those give FLOOR together: that is 79% of the nearest and 13% of those by chance.
# Else the words that give most are named on each side, if three give NEAR: 13% more of the nearest, 10% of the others.
LEAST, SHARE, FLOOR, NEAR = 0.01, 0.25, 0.03, 0.08
# A match is one of form if words that are no subject give so much of it.
MOSTLY = 0.5
# A sentence is quoted up to so many characters.
_QUOTED = 40

# All that a reader sees, in Chinese and in English.
SENTENCES: dict[Kind, tuple[str, str]] = {
    "same": ("因为两文都谈{shared}。", "Because both are about {shared}."),
    "alike": ("因为{matched}。", "Because {matched}."),
    "mixed": ("因为两文都谈{shared}，而且{matched}。", "Because both are about {shared}, and {matched}."),
    "form": (
        "只是写法相近（都有{shared}），内容没有共同的话题。",
        "Only the form is alike (both have {shared}); they have no subject in common.",
    ),
    "general": (
        "两文共有的只是{shared}这样的常用词，看不出共同的话题。",
        "All they share are general words like {shared}; no common subject is to be seen.",
    ),
    "near": (
        "没有突出的共同用词，但{matched}意思相近。",
        "No common word stands out, but {matched} are near in meaning.",
    ),
    "weak": ("没有哪个词足以说明两文相关。", "No single word shows what they have in common."),
    "sentences": (
        "最要紧的是{matched}：去掉任何一句，两文就没有这么接近。",
        "What counts most is {matched}: without either, the two are less alike.",
    ),
}
_CORRESPOND = ("本文的{here}对应该文的{there}", "this text says {here} where that one says {there}")
_BESIDE = ("本文的{here}和该文的{there}", "{here} in this text and {there} in that one")
_COMMA, _AND = ("、", ", "), ("和", " and ")


@dataclass(frozen=True)
class Summary:
    """What can be said: its kind, the phrases that both texts have, and those that correspond, as (here, there).

    "form" and "general" have in ``shared`` what is no subject, words like 浅见 and like 工作. "near" has in ``matched``
    the words of either side that give most, each to all of the other side; "sentences" one pair, the sentence of either
    side without which the match loses most.
    """

    kind: Kind
    shared: tuple[str, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()


def summary(why: Why) -> Summary:
    """What carries a match, in at most MOST_NAMED phrases of a kind, best first."""
    if why.method == "sentences":
        return _of_sentences(why)
    named = _standing_out(why)
    shared = tuple(_text(phrase) for phrase in named if phrase[0].same)[:MOST_NAMED]
    matched = tuple((_text(p), _text_there(p)) for p in named if not p[0].same)[:MOST_NAMED]
    if named:
        return Summary("mixed" if shared and matched else "same" if shared else "alike", shared, matched)
    return _without_subject(why)


def sentence(found: Summary, language: Language) -> str:
    """A summary as one plain sentence."""
    at = ("zh", "en").index(language)
    here, there = (_listed(side, at) for side in list(zip(*found.matched, strict=True)) or [(), ()])
    matched = (_BESIDE if found.kind in ("near", "sentences") else _CORRESPOND)[at].format(here=here, there=there)
    return SENTENCES[found.kind][at].format(shared=_listed(found.shared, at), matched=matched)


def _standing_out(why: Why) -> list[list[WordPair]]:
    """The subjects that stand out, best first; none where even all together give little."""
    counted: set[WordPair] = set()
    given: list[tuple[float, list[WordPair]]] = []
    for subject in sorted((s for phrase in why.phrases for s in _subjects(phrase)), key=_given, reverse=True):
        given.append((_given(pair for pair in subject if pair not in counted), subject))
        counted.update(subject)
    least = SHARE * max((share for share, _ in given), default=0)
    named = [(share, subject) for share, subject in given if share >= max(least, LEAST)]
    return [subject for _, subject in named] if sum(share for share, _ in named) >= FLOOR else []


def _subjects(phrase: Sequence[WordPair]) -> Iterator[list[WordPair]]:
    """What a phrase names: its parts between words of grammar and of form, without those of general words alone."""
    for names, run in groupby(_units(phrase), lambda unit: _sort(unit) in ("subject", "general")):
        units = list(run)
        if names and any(_sort(unit) == "subject" for unit in units):
            yield [pair for unit in units for pair in unit]


def _without_subject(why: Why) -> Summary:
    """What to say where no subject stands out: whether it is words of form, or general ones, that carry the match."""
    units = [unit for phrase in why.phrases if phrase[0].same for unit in _units(phrase)]
    given = {_text(unit): (_sort(unit), _given(unit)) for unit in units}
    if sum(share for _, share in given.values()) < MOSTLY * why.score:
        return _near(why)
    found: dict[Kind, list[str]] = {"form": [], "general": []}
    for text, (sort, share) in sorted(given.items(), key=lambda item: -item[1][1]):
        if share >= FLOOR and sort in ("form", "general"):
            found[sort].append(text)
    kind = max(found, key=lambda kind: sum(given[text][1] for text in found[kind]))
    return Summary(kind, tuple(found[kind][:MOST_NAMED])) if found[kind] else _near(why)


def _near(why: Why) -> Summary:
    """What to say where many words give a little each."""
    here, there = (
        [mark for mark in marks if sort_of(mark.spans[0].text) == "subject"][:MOST_NAMED]
        for marks in (why.query, why.article)
    )
    if min(sum(mark.contribution for mark in side) for side in (here, there)) < NEAR:
        return Summary("weak")
    return Summary("near", matched=tuple((a.spans[0].text, b.spans[0].text) for a, b in zip(here, there, strict=False)))


def _units(phrase: Sequence[WordPair]) -> Iterator[list[WordPair]]:
    """The words of a phrase; single Chinese characters side by side are one, as a rare word is cut into them."""
    for lone, run in groupby(phrase, _is_lone):
        pairs = list(run)
        yield from [pairs] if lone else ([pair] for pair in pairs)


def _is_lone(pair: WordPair) -> bool:
    text = pair.query[0].text
    return pair.same and len(text) == 1 and not spelled(text) and folded(text) not in PARTICLES


def _sort(unit: Sequence[WordPair]) -> Sort:
    """What a word is, here and there; the lesser, if it is more than one thing."""
    here, there = sort_of(_text(unit)), sort_of(_text_there(unit))
    return there if here == "subject" else here


def _given(pairs: Iterable[WordPair]) -> float:
    return sum(pair.contribution for pair in pairs)


def _text(phrase: Sequence[WordPair]) -> str:
    return _joined([pair.query[0].text for pair in phrase])


def _text_there(phrase: Sequence[WordPair]) -> str:
    return _joined([pair.article[0].text for pair in phrase])


def _joined(words: Sequence[str]) -> str:
    """Words that stand side by side, with a space where their script has one."""
    text = ""
    for word in words:
        text += f" {word}" if text and spelled(text[-1]) and spelled(word[0]) else word
    return text


def _of_sentences(why: Why) -> Summary:
    if why.form and why.form.contribution >= max(FLOOR, MOSTLY * why.score):
        return Summary("form", tuple(dict.fromkeys(span.text for span in why.form.spans))[:MOST_NAMED])
    if not (why.query and why.article):
        return Summary("weak")
    here, there = (_shortened(marks[0].spans[0].text) for marks in (why.query, why.article))
    return Summary("sentences", matched=((here, there),))


def _shortened(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _listed(phrases: Sequence[str], language: int) -> str:
    quoted = [f"“{phrase}”" for phrase in phrases]
    return _AND[language].join([part for part in (_COMMA[language].join(quoted[:-1]), *quoted[-1:]) if part])

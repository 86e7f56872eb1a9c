"""Articles -> proposals for rules: what the articles of a source repeat and no author wrote for each of them.

Found by counting in how many documents of a file or folder a text stands, in two turns for each round: once into tables
of fixed size, and once exactly for what was seen often enough. Memory is 32 MiB for the tables, some 200 bytes for each
file and document, the text of each paragraph that recurs with 4 bytes for each document that has it, and at most
``phrases.CONTEXTS`` stretches of 250 characters; other texts are never held.

Conservative like ``clean``: what a site says of itself may be rare, other words must stand in the same place of most
documents, and headings are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from recommender.boilerplate.counting import Counts
from recommender.boilerplate.documents import Document, documents, whole
from recommender.boilerplate.paragraphs import Paragraphs
from recommender.boilerplate.phrases import Phrases
from recommender.boilerplate.scopes import LEAST, Scopes
from recommender.boilerplate.sightings import Sightings
from recommender.types import Article, Rule

__all__ = ["propose"]


def propose(articles: Iterable[Article], known: Sequence[Rule] = ()) -> list[Rule]:
    """Rules that a person may approve, those of most articles first; the same for any order of the articles' files.

    ``articles`` are gone through several times. Pieces that are known from other pages' lists only, and articles with
    the text of one before, say nothing and are passed over; so are documents that are mostly made of paragraphs of
    others, which are versions of one text. What ``known`` rules name, whatever their state, is not proposed again, and
    nothing more is proposed once all proposals are applied.

    In a proposal's text a number that varies is 0. Its scope is the widest folder in which it recurs, or the file if
    that is one of many articles; its count is in how many documents it was found.

    Raises ValueError for an iterator, which can be gone through only once.
    """
    if iter(articles) is articles:
        raise ValueError("articles are read several times: give a list or another collection, not an iterator")
    scopes = Scopes(article.source for article in whole(articles))
    names = {(rule.text, rule.kind, rule.scope) for rule in known}
    found: list[Rule] = []
    while new := [r for r in _round(articles, (*known, *found), scopes) if (r.text, r.kind, r.scope) not in names]:
        found += new
        names |= {(rule.text, rule.kind, rule.scope) for rule in new}
    return sorted(found, key=lambda rule: (-rule.count, rule.scope, rule.kind, rule.text))


def _round(articles: Iterable[Article], rules: Sequence[Rule], scopes: Scopes) -> list[Rule]:
    """The proposals from what is left of the articles when rules are applied."""
    approved = [replace(rule, state="approved") for rule in rules]

    def left() -> Iterator[Document]:
        return documents(articles, approved)

    phrases = Phrases(scopes)
    counts = Counts()
    for document in left():
        counts.add(document.forms)
        phrases.count(document)
    paragraphs = Paragraphs()
    for document, recurring in _own(left(), counts):
        paragraphs.add(document, recurring)
        phrases.collect(document, recurring)
    sightings = Sightings(phrases.candidates(), scopes)
    for document, recurring in _own(left(), counts):
        sightings.add(document, recurring)
    return paragraphs.rules(scopes) + sightings.rules()


def _own(left: Iterable[Document], counts: Counts) -> Iterator[tuple[Document, set[str]]]:
    """The documents that are no versions of others, each with the forms of its paragraphs that may recur."""
    for document in left:
        recurring = {form for form in document.forms if counts[form] >= LEAST}
        if document.is_its_own(recurring):
            yield document, recurring

"""The nouns that every stage shares. Frozen, and importing nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

Language = Literal["zh", "en"]  # of the sentences that people read
Relevance = Literal["strong", "medium", "weak", "unrelated"]
Relation = Literal["linked", "author", "series", "repost"]
Action = Literal["pin", "free", "hide", "show", "note", "size", "publish", "undo", "redo"]


class RecommenderError(Exception):
    """Something the person can mend: the message names the thing, what was seen and what to do."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph or heading of an article.

    ``level`` is 0 for running text and 1, 2, ... for headings, 1 the highest below the title.
    Raises ValueError for a text with a line feed: that character separates paragraphs.
    """

    text: str
    level: int = 0

    def __post_init__(self) -> None:
        if "\n" in self.text:
            raise ValueError(f"a paragraph holds no line feed, got {self.text[:40]!r}")


@dataclass(frozen=True)
class Article:
    """A text that can be read and recommended.

    ``id`` stays the same when the text is edited: the article's address on the web, or the file it stands in.
    ``source`` is the file it was read from. ``links`` are the ids of the articles that its own page lists as related,
    in the page's order. ``page`` is set for a piece that is known only from such a list: that page's id.
    ``truncated`` says that the text is only a beginning, as the page that listed it cut it off.
    ``date`` is the day of publication, ISO 8601 (2024-05-01, or 2024-05, or 2024), ``language`` an ISO 639-1 code,
    ``tags`` its tags and categories. What is not known is empty.
    """

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    source: str = ""
    page: str = ""
    truncated: bool = False
    links: tuple[str, ...] = ()
    url: str = ""
    date: str = ""
    author: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The paragraphs joined by line feeds; every offset in the project counts characters of this."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Span:
    """A stretch of a text: ``text`` is what stands at ``[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Passage(Span):
    """A stretch of an article that is embedded as one. ``section`` is the heading it stands under, or ""."""

    article_id: str
    section: str = ""


@dataclass(frozen=True)
class Filter:
    """Which articles are meant. A part that is empty leaves all; the values of one part are alternatives.

    ``ids`` are those of the articles; ``words`` stand in the title, in any case. ``since`` and ``until`` are days, both
    included; an article without a date is within no such limit. ``unlinked_by`` is the id of an article: what its page
    lists already is left out.
    """

    ids: tuple[str, ...] = ()
    words: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    unlinked_by: str = ""


@dataclass(frozen=True)
class Rule:
    """A text that the articles of a source repeat and that is no part of what they say: footer, disclaimer, navigation.

    A "paragraph" is one that consists of nothing else; a "phrase" stands within paragraphs. A 0 that stands alone in
    ``text`` is any number. It is looked for in the articles whose source is, or lies in, ``scope`` (a file or folder;
    "" is everywhere). ``count`` is in how many articles it was found. Only "approved" rules are applied; "rejected"
    ones are kept so that they are not proposed again.
    """

    text: str
    kind: Literal["paragraph", "phrase"]
    scope: str = ""
    count: int = 0
    state: Literal["proposed", "approved", "rejected"] = "proposed"


@dataclass(frozen=True)
class Ranking:
    """How articles that were found are put in order; the defaults are those that measured best.

    ``words`` is the share that common words have in the order beside meaning: 0 is meaning alone, 1 words alone.
    ``diversity`` is that of not repeating what stands above: 0 is relevance alone (MMR). ``half_life`` is in how many
    days a piece comes to count half, 0 for never. ``more`` and ``less`` are ids of articles to come nearer to and to
    turn away from (Rocchio). ``without`` names relations to the asking article that are left out. ``collapse`` shows
    pieces of nearly the same text as one row. ``reranker`` is the name of a cross-encoder, "" for none.
    Raises ValueError for a share of words or a diversity outside 0..1, or a half-life below 0 or without end.
    """

    words: float = 0.6
    diversity: float = 0.0
    half_life: float = 0.0
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    without: tuple[Relation, ...] = ()
    collapse: bool = True
    reranker: str = ""

    def __post_init__(self) -> None:
        for name in ("words", "diversity"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is between 0 and 1, got {getattr(self, name)}")
        if not 0 <= self.half_life < float("inf"):
            raise ValueError(f"half_life is a number of days, or 0 for never, got {self.half_life}")


@dataclass(frozen=True)
class Match:
    """An article that was found, by its best passage.

    ``score`` is the cosine of that passage, ``title_score`` that of the title, and ``word_score`` the share of the
    query's words, by their weight, that the article has. ``rank_score`` is what its place goes by; like the others,
    higher is better, but it says nothing beside those of another query. ``relations`` are what else connects it with
    the asking article: "linked" says that its page lists this one, "repost" that it has nearly the same text, as
    ``reposts`` have.
    """

    article: Article
    passage: Passage
    score: float
    title_score: float
    word_score: float
    rank_score: float
    relations: tuple[Relation, ...]
    reposts: tuple[Article, ...]


@dataclass(frozen=True)
class Evidence:
    """A sentence of the query and a sentence of the article that say the same. ``score`` is their cosine."""

    query: Span
    article: Span
    score: float


@dataclass(frozen=True)
class Recommendation(Match):
    """One row of a related-article list: a match, and what it means.

    ``closeness`` is how close it is to the query, from 0 for what chance reaches to 1 for the same text, and
    ``relevance`` the word for it: unlike scores, they mean the same for every model and library.
    ``evidence`` is ordered by score, best first; its article side stands in ``passage``.
    """

    closeness: float
    relevance: Relevance
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Bands:
    """Where a match begins to be weak, medium and strong, as closeness; what is below is unrelated.

    They never fall; one that no match reaches is infinite.
    """

    weak: float
    medium: float
    strong: float


@dataclass(frozen=True)
class Proposal:
    """A row that the ranking proposes for an essay's list: a piece, and those that have nearly its text.

    ``closeness`` and ``relevance`` are those of a Recommendation; ``why_zh`` and ``why_en`` say the reason in a
    sentence.
    """

    piece: str
    reposts: tuple[str, ...]
    closeness: float
    relevance: Relevance
    why_zh: str
    why_en: str


@dataclass(frozen=True)
class Proposals:
    """What was proposed for an essay at one moment, best first.

    ``digest`` is that of the essay's content then, ``model`` and ``revision`` are the embedding model's. Pieces that
    editors have pinned stand among the rows, wherever the ranking has them. ``gone`` are pieces, pinned or among the
    rows, that the library did not have then.
    """

    essay: str
    digest: str
    model: str
    revision: str
    ranking: Ranking
    rows: tuple[Proposal, ...]
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What an editor does to the list of an essay.

    "pin" gives ``piece`` the ``place``, counted from 1, that it keeps; ``was`` is the place that it had, 0 for none,
    and ``instead`` a piece that it replaces, which is hidden. "free" takes a pin back. "hide" leaves the piece out, and
    "show" takes that back, here or ``everywhere``. "note" keeps ``text`` about the piece, or about the list if there
    is none. "size" makes the list ``place`` pieces long. "publish" lets the list as it is reach the site. "undo" and
    "redo" name by its uid the decision ``of`` which they are. ``text`` is the editor's reason, if one was given.
    Raises ValueError for an action that is none of these, a place below 1, a piece or decision that is missing where
    one is needed, or what cannot hold everywhere.
    """

    action: Action
    piece: str = ""
    place: int = 0
    was: int = 0
    instead: str = ""
    everywhere: bool = False
    text: str = ""
    of: str = ""

    def __post_init__(self) -> None:
        if self.action not in get_args(Action):
            raise ValueError(f"{self.action!r} is nothing that can be decided")
        if self.action in ("pin", "size") and self.place < 1:
            raise ValueError(f"{self.action} needs a place from 1, got {self.place}")
        if self.action in ("pin", "free", "hide", "show") and not self.piece:
            raise ValueError(f"{self.action} needs a piece")
        if self.action in ("undo", "redo") and not self.of:
            raise ValueError(f"{self.action} needs the decision that it is about")
        if self.everywhere and self.action not in ("hide", "show"):
            raise ValueError(f"{self.action} holds for one essay, not everywhere")


@dataclass(frozen=True)
class Decision:
    """A change that an editor has made, as it stands in the record, for good.

    ``number`` is its place in a library's record, ``uid`` its name in every library. ``by`` is the editor, ``at`` the
    moment in UTC (ISO 8601), and ``proposals`` the number of what was proposed then.
    """

    number: int
    uid: str
    essay: str
    by: str
    at: str
    proposals: int
    change: Change

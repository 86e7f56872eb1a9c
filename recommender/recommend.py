"""The facade: files in, recommendations with their reasons out. Commands, views and scripts call only this."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from recommender import boilerplate, ingest, renew, sources
from recommender.calibrate import Calibration, in_force, relevance
from recommender.clean import clean
from recommender.embed import EMBEDDED, Encoder, Role, Vectors, load_encoder, unit
from recommender.explain import Why, evidence, why
from recommender.ingest import FileReport, Progress
from recommender.library import EVERYTHING, Library, Listing, Part
from recommender.library.sqlite import SqliteLibrary
from recommender.library.words import TITLE_WEIGHT
from recommender.rank.rerank import load_reranker
from recommender.related import Ranker
from recommender.search import best_passages
from recommender.search.hybrid import Asked
from recommender.segment import paragraphs, segment, split, stretch
from recommender.sources.finish import storable
from recommender.types import (
    Article,
    Bands,
    Evidence,
    Filter,
    Match,
    Paragraph,
    Passage,
    Ranking,
    Recommendation,
    RecommenderError,
    Rule,
)

Query = str | Article | Passage
PLAIN = Ranking()

# When a whole article asks, its first passage counts as often, and the words of its title as they do in what is found.
# Against counting once, nDCG@10 gains 2.2 on seealso_en_cpp, 0.3 on seealso_en and on zh_cnews (dev).
LEAD = 3


@dataclass(frozen=True)
class Similarities:
    """The paragraphs of an essay against articles. ``scores`` (m, n) are cosines, a row for each paragraph."""

    paragraphs: tuple[Passage, ...]
    articles: tuple[Article, ...]
    scores: Vectors


class Recommender:
    """Related articles from a library, by the model that made it."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self.library = library
        self.encoder = encoder
        self.ranker = Ranker(library)

    @classmethod
    def open(cls, path: Path | str, model: str = EMBEDDED) -> Recommender:
        """Open a library file, or begin one, with the model of that name.

        Raises ModelError if the model cannot be had, LibraryError if the file is no library or another model's.
        """
        encoder = load_encoder(model)
        return cls(SqliteLibrary(Path(path), encoder), encoder)

    @cached_property
    def calibration(self) -> Calibration:
        """What the model gives to unrelated texts."""
        return Calibration(self.encoder)

    @property
    def bands(self) -> Bands:
        """Where the words for how related begin now: as fitted to what editors decided, or as built in.

        It is read anew each time, as another program may apply a fit.
        """
        return in_force(self.library.fits.now())

    # -- what the library holds ---------------------------------------------------------------------------------------

    def add(
        self, paths: Iterable[Path | str], watch: Callable[[Progress], None] = lambda progress: None
    ) -> Iterator[FileReport]:
        """Read files and folders into the library; a report a file, when all of it is there.

        A file that cannot be read is reported and the others are read all the same. Adding a file again embeds only
        the passages that changed, and takes out what the file no longer has. ``watch`` is told how far it is.
        Raises SourceError if a path does not exist.
        """
        files = sources.files(Path(p) for p in paths)
        return ingest.add(self.library, self.encoder, files, self._key, watch)

    def prepare(self) -> None:
        """Build the index that a large library is searched by, if it has none that is up to date; takes minutes."""
        self.ranker.searcher.dense.prepare()

    def put(self, articles: Sequence[Article]) -> int:
        """Add articles or bring them up to date, as they are, and return how many passages had to be embedded.

        Raises RecommenderError for text with half characters, which stand for bytes that were misread.
        """
        for article in articles:
            _refuse_half_characters(
                "\n".join((article.id, article.title, article.source, *article.links, article.text))
            )
        return renew.put(self.library, self.encoder, articles, articles)

    def remove(self, ids: Iterable[str]) -> list[Article]:
        """Take articles out; returns them as they were read, so that ``put_back`` can bring them back."""
        return self.library.remove(ids)

    def put_back(self, articles: Sequence[Article]) -> None:
        """Bring back what ``remove`` took out, cleaned by the rules that there are now; nothing is embedded again."""
        rules = self.library.rules()
        renew.put(self.library, self.encoder, [clean(article, rules) for article in articles], articles)

    def proposed_rules(self) -> list[Rule]:
        """Texts that articles of a source repeat and that nobody has decided on yet, most frequent first."""
        return boilerplate.propose(renew.Raw(self.library), self.library.rules())

    def decide(self, rules: Sequence[Rule]) -> Iterator[float]:
        """Keep what was decided on rules, and clean all articles by it; yields the share that is done."""
        self.library.put_rules(rules)
        return renew.reclean(self.library, self.encoder)

    def copy_into(self, other: Recommender) -> Iterator[float]:
        """Bring another model's library up to date with this one; yields the share that is done.

        What is there already is passed over, so that a copy that was cut short can be taken up again.
        """
        return renew.copy(self.library, other.library, other.encoder)

    def listings(self, among: Filter = EVERYTHING, limit: int = -1, offset: int = 0) -> list[Listing]:
        """Articles in the order in which they came, without their texts; ``limit`` -1 is all."""
        return self.library.listings(among, limit, offset)

    def article(self, id_: str) -> Article | None:
        """The article with this id, if there is one."""
        return self.library.articles([id_]).get(id_)

    def values(self, part: Part, limit: int = 100) -> dict[str, int]:
        """What a part of a filter can be set to, with how many articles have it: the most frequent, those first."""
        return self.library.values(part, limit)

    def pages_of(self, id_: str) -> list[Listing]:
        """The articles whose pages list this one as related."""
        return self.library.pages_of(id_)

    def first_article(self) -> Article | None:
        """What a reader begins with: the first article of its own, rather than a piece that a page lists."""
        first = next(iter(self.listings(limit=1)), None)
        return self.article(first.id) if first else None

    def find(self, name: str, paragraph: int | None = None) -> Article | Passage:
        """The article with this id, else with this title or from this file; or its n-th paragraph, counted from 1.

        Raises RecommenderError if there is no such article or paragraph, or several articles have the title.
        """
        name, key = storable(name), self._key(Path(name))
        exact = self.library.articles([name, key])
        titled = [listing.id for listing in self.library.listings(Filter(words=name)) if listing.title == name]
        found = list(exact.values())[:1] or list(self.library.articles(titled).values())
        if len(found) != 1:
            raise RecommenderError(
                f"{self.library.name} has {len(found) or 'no'} articles called {name!r}. Give the id of one of those "
                "that it has, or its title or file; to add a file: python -m recommender add PATH"
            )
        if paragraph is None:
            return found[0]
        choice = paragraphs(found[0])
        if not 1 <= paragraph <= len(choice):
            raise RecommenderError(
                f"{found[0].title!r} has paragraphs 1 to {len(choice)}, and no paragraph {paragraph}."
            )
        return choice[paragraph - 1]

    def info(self) -> dict[str, str | int]:
        """What the library is and holds, in counts."""
        counts = self.library.counts()
        return {
            "library": self.library.name,
            "model": self.encoder.name,
            "revision": self.encoder.revision,
            "dimension": counts.dimension,
            "articles": counts.articles,
            "passages": counts.passages,
            "links": counts.links,
        }

    # -- what is related ----------------------------------------------------------------------------------------------

    def related(
        self, query: Query, k: int = 10, among: Filter = EVERYTHING, ranking: Ranking = PLAIN
    ) -> list[Recommendation]:
        """The k articles most related to a text, a whole article, or a passage of one, with their reasons; best first.

        One row an article; the query's own article is left out, by its id; ``among`` limits the answer, and ``ranking``
        says how it is put in order. Evidence offsets count characters of the query text on one side (of the whole
        article's text if the query is a passage) and of the recommended article's text on the other.

        Raises RecommenderError if there is no text to ask with, or half characters in it, ModelError if the reranker
        cannot be had, ValueError if k is negative or a setting is out of its range, KeyError for a passage of an
        article that the library does not have.
        """
        passages, _ = self._asked(query)
        matches = self.matches(query, k, among, ranking)
        reasons = evidence(passages, [match.passage for match in matches], self.encoder)
        bands = self.bands
        return [self._recommendation(passages, bands, *both) for both in zip(matches, reasons, strict=True)]

    def matches(self, query: Query, k: int = 10, among: Filter = EVERYTHING, ranking: Ranking = PLAIN) -> list[Match]:
        """What ``related`` gives, without reasons and what they mean, in half the time; raises as it does."""
        passages, own = self._asked(query)
        reranker = load_reranker(ranking.reranker) if ranking.reranker else None
        floor = self.calibration.between(passages[0].text, passages[0].text).mean
        asked = self._vectors(_voices(passages, query), query)
        return self.ranker.matches(asked, own, k, floor, among, ranking, reranker)

    def why(self, query: Query, found: Sequence[Recommendation]) -> list[Why]:
        """What carries the match of the query with each of its recommendations: words, or sentences.

        It adds up to the score of the recommendation, unless ``more`` or ``less`` moved the query. Raises as
        ``related`` does.
        """
        passages, _ = self._asked(query)
        return why(_voices(passages, query), [r.passage for r in found], self.encoder)

    def set_apart(self, id_: str, others: Iterable[str], apart: bool = True) -> None:
        """Note that an article is no repost of others, so that they have rows of their own, or take it back."""
        self.library.put_apart(id_, others, apart)

    def similarities(self, article: Article, k: int = 12) -> Similarities:
        """Each paragraph of an essay against the k articles that come nearest to any of them, best of those first."""
        queries = self._paragraph_vectors(article)
        without = self.library.owners([article.id]).get(article.id)
        found = self.ranker.searcher.dense.nearest_articles(queries, k, without=without)
        rows = best_passages(found.scores.ravel(), found.owners.ravel(), k)
        chosen = [p.article_id for p in self.library.passages(found.numbers.ravel()[rows])]
        articles = self.library.articles(chosen)
        return Similarities(
            tuple(paragraphs(article)), tuple(articles.values()), self.similarities_to(article, list(articles))
        )

    def similarities_to(self, article: Article, ids: Sequence[str]) -> Vectors:
        """The cosines (m, n) of each paragraph of an article with the best passage of each of n articles."""
        queries = self._paragraph_vectors(article)
        numbers = [self.library.numbers(Filter(ids=(id_,))) for id_ in ids]
        columns = [self.ranker.searcher.dense.scores_of(queries, some).max(axis=1) for some in numbers]
        return np.stack(columns, axis=1) if columns else np.empty((len(queries), 0), np.float32)

    def directions(self, role: Role, groups: Sequence[Sequence[Passage]]) -> Vectors:
        """One direction for each group of passages (g, d): the mean of theirs, weighted by length."""
        passages = [p for group in groups for p in group]
        encoded = self.encoder.encode([p.text for p in passages], role)
        sums = np.zeros((len(groups), encoded.shape[1]), np.float32)
        if passages:
            np.add.at(sums, [i for i, group in enumerate(groups) for _ in group], _weighted(encoded, passages))
        return unit(sums)

    def _paragraph_vectors(self, article: Article) -> Vectors:
        return self.directions("query", [split(article, p) for p in paragraphs(article)])

    def _vectors(self, passages: Sequence[Passage], query: Query) -> Asked:
        """What to search with, of the passages that ``_voices`` gives: a whole article has a title, too."""
        [vector] = self.directions("query", [passages])
        texts = [passage.text for passage in passages]
        if isinstance(query, Article) and query.title.strip():
            title = self.encoder.encode([query.title], "query")[0]
            return Asked(vector, title, [query.title] * round(TITLE_WEIGHT) + texts)
        return Asked(vector, vector, texts)

    def _recommendation(
        self, asked: Sequence[Passage], bands: Bands, match: Match, pairs: tuple[Evidence, ...]
    ) -> Recommendation:
        background = self.calibration.between(asked[0].text, match.passage.text)
        closeness = background.closeness(match, self.library.counts().passages)
        return Recommendation(**vars(match), closeness=closeness, relevance=relevance(closeness, bands), evidence=pairs)

    def _key(self, path: Path) -> str:
        """A file's name as seen from the library's folder, so that both can move together."""
        return storable(Path(os.path.relpath(path.resolve(), Path(self.library.name).resolve().parent)).as_posix())

    def _asked(self, query: Query) -> tuple[list[Passage], Article | None]:
        """The passages to ask with, and the article of the library or the caller that they come from."""
        if isinstance(query, Passage):
            own = self.library.articles([query.article_id])[query.article_id]
            return stretch(own, query.start, query.end), own
        article = query if isinstance(query, Article) else Article("", "", _lines(query))
        _refuse_half_characters(article.text)
        if not (asked := segment(article)):
            raise RecommenderError(
                "There is no text to find related articles for: it is empty. Give a sentence or more."
            )
        return asked, article if article is query else None


def _voices(passages: list[Passage], query: Query) -> list[Passage]:
    """The passages that ask for a query: those of it, and what a whole article begins with more than once."""
    return passages[:1] * (LEAD - 1) + passages if isinstance(query, Article) else passages


def _weighted(vectors: Vectors, passages: Sequence[Passage]) -> Vectors:
    """Vectors (p, d) times their passages' lengths.

    On the dev set seealso_en_cpp that ranks better than counting each the same: nDCG@10 31.2 against 30.8.
    """
    return vectors * np.array([[len(p.text)] for p in passages], np.float32)


def _refuse_half_characters(text: str) -> None:
    """Raise RecommenderError for a lone surrogate, which neither a model nor a file takes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        seen = text[max(error.start - 20, 0) : error.end + 20]
        raise RecommenderError(
            f"The text {seen!r} is not Unicode: some of its bytes could not be read. Give it as UTF-8; if it is the "
            "name of a file, rename the file."
        ) from error


def _lines(text: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line) for line in text.split("\n"))

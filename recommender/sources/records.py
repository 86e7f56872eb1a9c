"""Records with named values, of tables and JSON -> Articles, and what is said of those that give none."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from recommender.sources import values
from recommender.sources.columns import Columns, guessed
from recommender.sources.encoding import SourceError
from recommender.sources.reader import Remark
from recommender.types import Article, Paragraph

# Columns are guessed by so many records: more than a few odd ones.
_SAMPLE = 50
# So many of the records that gave no article are named; of the others there is only the number.
_NAMED = 5
_LONGEST_TITLE = 40
# What is longer in a column of ids is none.
_LONGEST_ID = 200


class Record(NamedTuple):
    """One record: where it stands in its file, and its values by name, or why it cannot be read."""

    number: int
    values: Mapping[str, object]
    problem: str = ""


@dataclass
class Reading:
    """The records of one file becoming articles. ``place`` is what the file calls a record: "row", "line".

    ``ids`` counts the ids given so far, as numbers: a table can have millions.
    """

    key: str
    name: str
    place: str
    ids: Counter[int] = field(default_factory=Counter)

    def articles(self, records: Iterable[Record], of: str = "") -> Iterator[Article | Remark]:
        """First how the columns were understood, then the articles, at last which records gave none.

        ``of`` says whose columns they are, where a file has several tables.
        Raises SourceError where no column holds a text.
        """
        source = iter(records)
        sample = list(islice(source, _SAMPLE))
        columns = self._columns([record.values for record in sample if record.values], of)
        yield Remark(f"columns{of}: {columns}")
        counts: Counter[str] = Counter()
        named: dict[str, list[str]] = {}
        for record in chain(sample, source):
            article, problem = self._read(record, columns)
            if article:
                yield article
                continue
            counts[problem] += 1
            if counts[problem] <= _NAMED:
                named.setdefault(problem, []).append(f"{record.number}")
        for problem, count in counts.items():
            more = ", ..." if count > _NAMED else ""
            yield Remark(f"{count} left out, {problem}: {self.place} {', '.join(named[problem])}{more}", count)

    def _columns(self, sample: list[Mapping[str, object]], of: str) -> Columns:
        if not sample:
            raise SourceError(f"{self.name}: no {self.place} in it can be read; mend the file or leave it out")
        names = list(dict.fromkeys(name for values in sample for name in values))
        columns = guessed(names, sample)
        if not columns.readable:
            seen = ", ".join(name[:40] for name in names[:30]) or "none"
            raise SourceError(
                f"{self.name}: no column holds the text of articles (columns{of}: {seen}); "
                "rename the one that does to 正文 or text (and the title's to 标题 or title)"
            )
        return columns

    def _read(self, record: Record, columns: Columns) -> tuple[Article | None, str]:
        """The article of a record, or why there is none."""
        try:
            article = None if record.problem else self._article(record.values, columns)
        except SourceError:
            return None, "with HTML that cannot be read"
        return article, record.problem or "without text"

    def _article(self, record: Mapping[str, object], columns: Columns) -> Article | None:
        def value(name: str) -> object:
            cells = (record.get(column) for column in columns.fields.get(name, ()))
            return next((cell for cell in cells if cell not in (None, "", [])), None)

        body = values.paragraphs(value("text"))
        truncated = not body
        title, body = _titled(values.line(value("title")), body or values.paragraphs(value("abstract")))
        if not body:
            return None
        url = values.url(value("url"))
        return Article(
            id=self._id(url, values.line(value("id")), title),
            title=title,
            paragraphs=tuple(body),
            source=self.key,
            truncated=truncated,
            url=url,
            date=values.day(value("date")),
            author="、".join(values.words(value("author"))),
            language=values.line(value("language")),
            tags=tuple(tag for column in columns.fields.get("tags", ()) for tag in values.tags(record.get(column))),
        )

    def _id(self, url: str, number: str, title: str) -> str:
        digest = hashlib.sha256(title.encode(errors="backslashreplace")).hexdigest()[:12]
        given = url or f"{self.key}#{number if 0 < len(number) <= _LONGEST_ID else digest}"
        self.ids[hash(given)] += 1
        count = self.ids[hash(given)]
        return f"{given}-{count}" if count > 1 else given


def _titled(title: str, body: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    """The title and what stands below it: without a title the first paragraph is it, if short, else its beginning."""
    if title or not body:
        return title, body[1:] if len(body) > 1 and body[0].text == title else body
    first = body[0].text
    if len(first) <= _LONGEST_TITLE and len(body) > 1 and not first.endswith("。"):
        return first, body[1:]
    return first.split("。")[0][:_LONGEST_TITLE], body

"""What every article goes through on its way out of a reader, whatever it was read from."""

from __future__ import annotations

import re
from dataclasses import replace

from recommender.sources.limits import MAX_CHARACTERS, MAX_PARAGRAPHS
from recommender.sources.merge import LENGTH, merged
from recommender.sources.reader import Remark
from recommender.types import Article, Paragraph

# Half characters cannot be stored and control characters cannot be shown; JSON and broken fonts bring both.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile(r"[\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
# Tags are words to filter by. What is longer is a sentence, and a hundred of them is a text that commas part.
_LONGEST_TAG = 60
_MOST_TAGS = 100


def finished(article: Article) -> Article | Remark:
    """The article with its language and fit to be stored, or a remark on why it is left out.

    Characters that are no text are dropped, line ends become spaces, more than MAX_PARAGRAPHS paragraphs are joined.
    """
    body = [Paragraph(text, p.level) for p in article.paragraphs if (text := _line(p.text))]
    called = f"{_line(article.title)[:40]!r} ({storable(article.id)})"
    if not body:
        return Remark(f"{called} has no text and was left out", skipped=1)
    if (length := sum(len(p.text) + 1 for p in body) - 1) > MAX_CHARACTERS:
        return Remark(
            f"{called} has {length:,} characters and was left out: an article has at most {MAX_CHARACTERS:,}; split it",
            skipped=1,
        )
    if len(body) > MAX_PARAGRAPHS and len(body := list(merged(body))) > MAX_PARAGRAPHS:
        return Remark(f"{called} has {len(body):,} headings and was left out; split it", skipped=1)
    return _labelled(article, tuple(body))


def storable(key: str) -> str:
    """An id without half characters, which the names of files can have: each is written as its number."""
    return _line(key.encode(errors="backslashreplace").decode())


def _line(text: str) -> str:
    return _NO_TEXT.sub("", _LINE_ENDS.sub(" ", text)).strip()


def _label(text: str) -> str:
    """A title or a name; of what is longer than a long paragraph, and so is neither, the beginning."""
    line = _line(text)
    return line if len(line) <= LENGTH else f"{line[:LENGTH]}…"


def _labelled(article: Article, body: tuple[Paragraph, ...]) -> Article:
    from recommender.sources import language

    tags = dict.fromkeys(tag for tag in map(_line, article.tags) if 0 < len(tag) <= _LONGEST_TAG)
    finished = replace(
        article,
        id=storable(article.id),
        title=_label(article.title) or _label(body[0].text),
        paragraphs=body,
        source=storable(article.source),
        page=storable(article.page),
        links=tuple(dict.fromkeys(map(storable, article.links))),
        url=_line(article.url),
        author=_label(article.author),
        tags=tuple(tags)[:_MOST_TAGS],
    )
    code = language.declared(article.language)
    if not code or language.belied(code, finished.text):
        code = language.language(finished.text)
    return replace(finished, language=code)

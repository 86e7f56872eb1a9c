"""Front matter of Markdown posts (Hexo, Hugo, Jekyll) -> what it says of the post, in YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from recommender.sources import address, dates
from recommender.sources.encoding import SourceError

# The longest ones list some hundred tags; what is longer is no front matter.
_LONGEST = 1 << 16
# PyYAML takes the square of the time for brackets in brackets.
_MOST_BRACKETS = 500
_YAML_LINE = re.compile(r"\s*(?:#.*\n\s*)*[\"']?[\w-]+[\"']?[ \t]*:(?:\s|\Z)", re.ASCII)
_TOML_LINE = re.compile(r"at line (\d+)")
_NOTHING = {"", "null", "~", "none"}
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
_BETWEEN_TAGS = re.compile(r"[,，;；]")


@dataclass(frozen=True)
class Front:
    """What the front matter of a post says of it; what it does not say is empty."""

    title: str = ""
    date: str = ""
    author: str = ""
    language: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    draft: bool = False


def parted(text: str, name: str) -> tuple[Front, str]:
    """What a text's front matter says, which is nothing where it has none, and the text after it.

    Raises SourceError, which names the line, for front matter that is broken.
    """
    for pattern, read in _FORMS:
        found = pattern.match(text[:_LONGEST])
        if found and (values := read(found["block"], text[: found.start("block")].count("\n") + 1, name)) is not None:
            return _front(values), text[found.end() :]
    return Front(), text


def _yaml(block: str, line: int, name: str) -> Mapping[str, object] | None:
    import yaml

    if not _YAML_LINE.match(block):
        return None if block.strip() else {}  # what stands between two rulers is text
    if block.count("[") + block.count("{") > _MOST_BRACKETS:
        raise _broken(name, "YAML", line, f"it has more than {_MOST_BRACKETS} brackets")
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(block)):  # an alias can make a line a gigabyte
            raise _broken(name, "YAML", line, "an alias (*) stands in it")
        values = yaml.load(block, yaml.BaseLoader)  # all scalars are as they are written, and no objects are made
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line if error.problem_mark else 0
        raise _broken(name, "YAML", line + at, error.problem or "it cannot be read") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _broken(name, "YAML", line, str(error)[:100]) from error
    return values if isinstance(values, dict) else None


def _toml(block: str, line: int, name: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(block)
    except (ValueError, RecursionError) as error:
        at = _TOML_LINE.search(str(error))
        raise _broken(name, "TOML", line + (int(at[1]) if at else 1) - 1, str(error)[:100]) from error


def _json(block: str, line: int, name: str) -> Mapping[str, object] | None:
    braced = block if block.lstrip().startswith("{") else f"{{{block}}}"
    try:
        values = json.loads(braced)
    except json.JSONDecodeError as error:
        raise _broken(name, "JSON", line + error.lineno - 1, error.msg) from error
    except (ValueError, RecursionError) as error:
        raise _broken(name, "JSON", line, str(error)[:100]) from error
    return values if isinstance(values, dict) else None


def _broken(name: str, form: str, line: int, seen: str) -> SourceError:
    seen = " ".join(seen.split())
    return SourceError(f"{name}: line {line}: the front matter is broken {form}: {seen}; mend it or take it out")


_Form = tuple[re.Pattern[str], Callable[[str, int, str], Mapping[str, object] | None]]
_FORMS: tuple[_Form, ...] = (
    (re.compile(r"---[ \t]*\n(?P<block>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE), _yaml),
    (re.compile(r"\+\+\+[ \t]*\n(?P<block>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE), _toml),
    (re.compile(r"(?P<block>\{\s*\"(?:[^\n]*\}|.*?^\}))[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE), _json),
    # Hexo reads YAML without the first line, too, and JSON without braces.
    (
        re.compile(r"(?P<block>(?:title|layout|date|categories|tags|author):(?:[^\n]+\n)+?)-{3,}[ \t]*(?:\n|\Z)"),
        _yaml,
    ),
    (re.compile(r"(?P<block>\s*\"\w+\"\s*:.*?)^;;;[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE), _json),
)


def _front(values: Mapping[str, object]) -> Front:
    known = {str(key).lower(): value for key, value in values.items()}

    def all_of(*keys: str) -> list[str]:
        return [text for key in keys for text in _texts(known.get(key), 3)]

    def first_of(*keys: str) -> str:
        return next(iter(all_of(*keys)), "")

    terms = all_of("tags", "tag", "categories", "category")
    tags = (tag.strip() for term in terms for tag in _BETWEEN_TAGS.split(term))
    days = (dates.day(text) for text in all_of("date", "publishdate", "published", "pubdate", "created"))
    return Front(
        title=first_of("title"),
        date=next(filter(None, days), ""),
        author=", ".join(dict.fromkeys(all_of("author", "authors"))),
        language=first_of("lang", "language", "locale"),
        url=address.web(first_of("permalink", "url", "canonical_url", "canonicalurl")),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        draft=first_of("draft").lower() in _YES or first_of("published").lower() in _NO,
    )


def _texts(value: object, depth: int) -> Iterator[str]:
    """The texts of a value: itself, the items of a list, or the name of an author who has more to say of."""
    if isinstance(value, list) and depth:
        for item in value:
            yield from _texts(item, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from _texts(value.get("name"), depth - 1)
    elif isinstance(value, date):
        yield dates.day(value)
    elif isinstance(value, str | int | float) and (text := str(value).strip()).lower() not in _NOTHING:
        yield text

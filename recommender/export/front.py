"""Published lists as front matter of Hexo, Hugo and Jekyll: YAML between two rulers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from recommender.export.records import row
from recommender.types import Language

if TYPE_CHECKING:
    from recommender.published import PublishedList

_WIDEST = 1 << 30  # no line is folded, so that a changed word changes one line


class _Text(str):
    """A text that is written in quotation marks: else one reader or another takes it for a number, a day, or "no"."""


def of_one(of_list: PublishedList, language: Language) -> str:
    """Which essay it is, and what is related to it, under names that no generator has a meaning of its own for."""
    import yaml

    essay = of_list.essay
    head = {name: text for name, text in (("id", essay.id), ("title", essay.title), ("url", essay.url)) if text}
    related = [_texts(row(piece, language)) for piece in of_list.pieces]
    values = {"essay": _texts(head), "related": related}
    block: str = yaml.dump(values, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=_WIDEST)
    return f"---\n{block}---\n"


def _texts(values: dict[str, str]) -> dict[str, _Text]:
    return {name: _Text(value) for name, value in values.items()}


@cache
def _dumper() -> Any:
    """libyaml, which takes a sixth of the time."""
    import yaml

    class Dumper(yaml.CSafeDumper):  # type: ignore[misc]
        """With a way to write our texts."""

    Dumper.add_representer(_Text, lambda to, text: to.represent_scalar("tag:yaml.org,2002:str", str(text), style='"'))
    return Dumper

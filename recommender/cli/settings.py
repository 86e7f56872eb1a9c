"""How articles are put in order, as options of a command: NAME=VALUE for the fields of Ranking."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from recommender.types import Ranking

_FIELDS = get_type_hints(Ranking)
_TAKES = {float: "a number", int: "a whole number", bool: "yes or no", str: "a text"}


class Settings(click.ParamType[dict[str, Any]]):
    """NAME=VALUE, or several with commas between -> fields of Ranking. A comma that no NAME= follows is in a VALUE."""

    name = "NAME=VALUE"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """The fields that are set, with values of their types."""
        settings = {}
        for part in re.split(r",(?=\w+=)", value):
            name, _, text = part.partition("=")
            if name not in _FIELDS:
                self.fail(f"there is no setting {name!r}; there are {', '.join(_FIELDS)}", param, ctx)
            try:
                settings[name] = _parsed(text, _FIELDS[name])
            except ValueError:
                self.fail(f"{name} takes {_takes(_FIELDS[name])}, got {text!r}", param, ctx)
        try:
            Ranking(**settings)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return settings


def _parsed(text: str, hint: Any) -> Any:
    """A value of the type that a field has. Raises ValueError for one that is none."""
    if get_origin(hint) is tuple:
        return tuple(_parsed(part, get_args(hint)[0]) for part in text.split(",") if part)
    allowed = click.Choice(get_args(hint)) if get_origin(hint) is Literal else click.types.convert_type(hint)
    try:
        value = allowed.convert(text, None, None)
    except click.BadParameter as error:
        raise ValueError(error.message) from error
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(text)
    return value


def _takes(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return f"{_takes(get_args(hint)[0])}, or several with commas between"
    return f"one of {', '.join(get_args(hint))}" if get_origin(hint) is Literal else _TAKES[hint]


setting_option = click.option(
    "--setting",
    "settings",
    type=Settings(),
    multiple=True,
    help=f"Change a setting of the order ({', '.join(_FIELDS)}); may be repeated.",
)


def changed(ranking: Ranking, settings: Iterable[dict[str, Any]]) -> Ranking:
    """The ranking with these settings, later ones over earlier."""
    for some in settings:
        ranking = replace(ranking, **some)
    return ranking

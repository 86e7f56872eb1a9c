"""The command that draws the map of a library."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.opening import library_option, model_option, opened

if TYPE_CHECKING:
    from recommender.atlas import Atlas, Theme
    from recommender.cartographer import Cartographer


@click.command("map")
@click.option("--again", is_flag=True, help="Draw it also if little has changed since it was drawn.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of text.")
@library_option
@model_option
def map_(again: bool, as_json: bool, library: Path, model: str) -> None:
    """Draw the map of the library, if more than a tenth of its articles have changed since, and print its themes.

    A line a broad theme: how many articles it has, its name, and its parts with their numbers of articles. The page
    shows the map; drawn here, nobody waits for it there.
    """
    from recommender.cartographer import Cartographer

    with opened(library, model) as recommender:
        cartographer = Cartographer(recommender)
        atlas = None if again or cartographer.is_due() else cartographer.stored()
        atlas = atlas or _drawn(cartographer)
    for theme in atlas.themes:
        if theme.parent < 0:
            parts = [part for part in atlas.themes if part.parent == theme.number]
            click.echo(json.dumps(_fields(theme, parts), ensure_ascii=False) if as_json else _line(theme, parts))
    click.echo(f"{int((atlas.broad < 0).sum())} of {len(atlas.owners)} articles are of no theme", err=True)


def _drawn(cartographer: Cartographer) -> Atlas:
    """A new map, with a bar if a person looks at it."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1000, label="Drawing", file=sys.stderr, hidden=hidden) as bar:
        return cartographer.draw(lambda share: bar.update(round(share * 1000) - bar.pos))


def _line(theme: Theme, parts: list[Theme]) -> str:
    of_parts = ", ".join(f"{_name(part)} {part.size}" for part in parts)
    return f"{theme.size:6}  {_name(theme)}" + (f": {of_parts}" if parts else "")


def _name(theme: Theme) -> str:
    return "·".join(theme.words)


def _fields(theme: Theme, parts: list[Theme]) -> dict[str, Any]:
    own = {"words": theme.words, "articles": theme.size}
    return own | {"parts": [{"words": part.words, "articles": part.size} for part in parts]}

"""The command that hands published lists to the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from recommender.cli.opening import library_option, record
from recommender.export import FORMATS, render, render_one
from recommender.types import Filter, Language, RecommenderError

if TYPE_CHECKING:
    from recommender.library import Library
    from recommender.published import PublishedList


@click.command()
@click.option("--essay", default="", metavar="ID", help="Only the list of this essay; its id or its title.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="json",
    show_default=True,
    help="The form of the lists.",
)
@click.option(
    "--output",
    default="-",
    metavar="FILE|FOLDER/",
    help="A file for all lists, or a folder with a file for each; standard output if it is left out.",
)
@click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    default="zh",
    show_default=True,
    help="The language of headings and reasons.",
)
@library_option
def export(essay: str, form: str, output: str, language: Language, library: Path) -> None:
    """Write the published lists for the site.

    What is on disk already is left as it is, so that only what has changed is newer. Of a folder's files, those go
    whose essays have no published list any more, and none that this did not write. Needs no model, and asks nothing.
    """
    from recommender.published import published_lists

    with record(library) as kept:
        essays = [_essay(kept, essay)] if essay else kept.decisions.published()
        lists = _told(published_lists(kept, essays))
        if output.endswith("/") or Path(output).is_dir():
            _to_folder(Path(output), form, lists, essays, language, whole=not essay)
        else:
            text = render_one(next(lists), form, language) if essay else render(lists, form, language)
            _to_file(output, text)


def _essay(kept: Library, name: str) -> str:
    """The id of the essay that has this id, or else this title, and a published list."""
    from recommender.published import published_lists
    from recommender.sources.finish import storable

    name = storable(name)
    titled = (one for one in kept.listings(Filter(words=name)) if one.title == name)
    found = kept.listings(Filter(ids=(name,))) or list(titled)
    if not found:
        raise RecommenderError(f"{kept.name} has no essay called {name!r}; give an id or a title as `list` prints them")
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise RecommenderError(f"{kept.name} has {len(found)} articles called {name!r}; give the id of one: {ids}")
    if not any(published_lists(kept, [found[0].id])):
        raise RecommenderError(f"{name!r} has no published list yet; publish it in the 编辑 view of the page")
    return found[0].id


def _told(lists: Iterable[PublishedList]) -> Iterator[PublishedList]:
    """The lists; what editors have pinned and the library has lost is told on the way."""
    for of_list in lists:
        if of_list.lost:
            lost = ", ".join(of_list.lost)
            click.echo(f"{of_list.essay.title}: pinned, but not in the library any more: {lost}", err=True)
        yield of_list


def _to_folder(
    folder: Path, form: str, lists: Iterable[PublishedList], essays: list[str], language: Language, whole: bool
) -> None:
    from recommender.export.files import write_folder

    done = write_folder(folder, form, lists, essays, language, whole)
    removed = f", {done.removed} removed" if done.removed else ""
    click.echo(f"{folder}: {done.written} of {done.files} files written{removed}")


def _to_file(output: str, text: str) -> None:
    from recommender.export.files import write_file

    if output == "-":
        click.echo(text.encode(), nl=False)  # as it is in a file, whatever the encoding of the terminal
    else:
        click.echo(f"{output}: {'written' if write_file(Path(output), text) else 'unchanged'}")

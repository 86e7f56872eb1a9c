"""What the commands share: which library, which model, which articles, and errors as one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recommender.types import RecommenderError

if TYPE_CHECKING:
    from recommender.library.sqlite import SqliteLibrary
    from recommender.recommend import Recommender

F = TypeVar("F", bound=Callable[..., Any])

library_option = click.option(
    "--library",
    type=click.Path(dir_okay=False, path_type=Path),
    default="library.db",
    envvar="RECOMMENDER_LIBRARY",
    show_default=True,
    show_envvar=True,
    help="The library file.",
)
model_option = click.option(
    "--model",
    default="embedded",
    show_default=True,
    help="The model of the library: 'embedded', a folder, or a sentence-transformers name.",
)


def filter_options(command: F) -> F:
    """The options that say which articles are meant, handed on as ``among``."""
    day: dict[str, Any] = {"metavar": "DAY", "default": ""}
    many: dict[str, Any] = {"multiple": True}
    for option in (
        click.option("--words", default="", help="Only articles with these words in the title."),
        click.option("--source", "sources", **many, help="Only articles read from this file; may be repeated."),
        click.option(
            "--language", "languages", **many, help="Only articles in this language, such as zh; may be repeated."
        ),
        click.option("--tag", "tags", **many, help="Only articles with this tag or category; may be repeated."),
        click.option("--author", "authors", **many, help="Only articles by this author; may be repeated."),
        click.option("--since", **day, help="Only articles of this day or later (2024-05-01, 2024-05 or 2024)."),
        click.option("--until", **day, help="Only articles of this day or earlier."),
    ):
        command = option(command)
    return command


@contextmanager
def opened(library: Path, model: str) -> Iterator[Recommender]:
    """The library's recommender; what goes wrong with it becomes one sentence on standard error and exit code 1."""
    from recommender.recommend import Recommender

    with sentences():
        if sys.stderr.isatty():
            click.echo("Loading the model ...", err=True)
        yield Recommender.open(library, model)


@contextmanager
def record(library: Path) -> Iterator[SqliteLibrary]:
    """A library that is there, without its model, which takes seconds to load: for what needs no embedding."""
    from recommender.library.sqlite import SqliteLibrary

    with sentences():
        refuse_missing(library)
        yield SqliteLibrary(library)


def refuse_missing(library: Path) -> None:
    """Raise RecommenderError if there is no such library."""
    if not library.exists():
        raise RecommenderError(f"{library}: there is no such library; python -m recommender add PATH begins one")


def write(lines: Iterable[str], file: Path) -> None:
    """Write lines to standard output for "-", or to a file, which is there, or another than it was, when all of it is.

    Raises RecommenderError if it cannot be written.
    """
    if str(file) == "-":
        for line in lines:
            click.echo(line, nl=False)
        return
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(lines)
        partial.replace(file)
    except OSError as error:
        raise RecommenderError(
            f"{file} cannot be written ({error.strerror}); name a file where there is room"
        ) from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def sentences() -> Iterator[None]:
    """What goes wrong becomes one sentence on standard error and exit code 1."""
    try:
        yield
    except RecommenderError as error:
        raise click.ClickException(str(error)) from error

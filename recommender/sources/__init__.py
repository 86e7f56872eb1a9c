"""Files -> Articles: pages, documents, tables, feeds, and archives of all these; one module for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from recommender.sources import dispatch
from recommender.sources.dispatch import SUFFIXES
from recommender.sources.encoding import SourceError
from recommender.sources.reader import Remark
from recommender.types import Article

__all__ = ["SUFFIXES", "Remark", "SourceError", "files", "read"]


def read(path: Path, key: str, passed: Callable[[int], None] = lambda count: None) -> Iterator[Article | Remark]:
    """The articles of one file, one after the other, and remarks for the report.

    ``key`` is the id of a file's one article and begins the ids of many; those that have an address have that as their
    id. ``passed`` is told with each how many bytes of the file were read for it. Raises SourceError, which names the
    file, what was seen and what to do, for a file that holds no article: as soon as that is known, which can be after
    remarks.
    """
    try:
        with path.open("rb") as file:
            for item in dispatch.read(file, key, str(path)):
                passed(file.tell())
                yield item
    except OSError as error:
        seen = error.strerror or error
        raise SourceError(f"{path}: cannot be read ({seen}); check the path, its permissions and the disk") from error


def files(paths: Iterable[Path]) -> list[Path]:
    """The files to read: named ones as they are, folders as the readable files below them sorted by name, each once.

    Raises SourceError for a missing path and for a folder in which nothing can be read.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _expanded(path):
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _expanded(path: Path) -> list[Path]:
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder; check the spelling")
    if not path.is_dir():
        return [path]
    inside = sorted(_readable(path))
    if not inside:
        raise SourceError(f"{path}: the folder holds no {', '.join(SUFFIXES)} file; name a folder that does")
    return inside


def _readable(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if not hidden and file.suffix.lower() in SUFFIXES and file.is_file():
            yield file

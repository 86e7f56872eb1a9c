"""Files -> Articles: pages with a 相关文章 list, plain text and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from recommender.sources import page, text
from recommender.sources.encoding import SourceError, decode
from recommender.types import Article

__all__ = ["SUFFIXES", "SourceError", "files", "read"]

SUFFIXES = (".txt", ".md", ".markdown")


def read(path: Path, key: str) -> list[Article]:
    """The articles of one file: first the essay, whose id is ``key``, then the pieces its page lists.

    Raises SourceError, which names the file, what was seen and what to do, for a file that holds no article.
    """
    if path.suffix.lower() not in SUFFIXES:
        seen = f"{path.suffix!r} files are" if path.suffix else "files without a suffix are"
        raise SourceError(f"{path}: {seen} not read; save it as one of {', '.join(SUFFIXES)}")
    content = decode(_data(path), str(path))
    if not content.strip():
        raise SourceError(f"{path}: the file is empty; write a title and text into it or leave it out")
    if path.suffix.lower() != ".txt":
        return text.read_markdown(content, key, str(path))
    return (page.read if page.is_page(content) else text.read_plain)(content, key, str(path))


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be opened ({error.strerror}); check the path and its permissions") from error


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

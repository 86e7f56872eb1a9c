"""Exports on disk: whole or not at all, and touched only where they have changed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from recommender.export import FORMATS, render_one
from recommender.types import Language, RecommenderError

if TYPE_CHECKING:
    from recommender.published import PublishedList

# In a folder of exports: which form they are in, and which of its files are ours, so that no other is ever removed.
MANIFEST = ".related-articles"
_LONGEST_NAME = 40


class ExportError(RecommenderError):
    """An export that cannot be written as asked. The message names the place and the remedy."""


@dataclass(frozen=True)
class Written:
    """How many files an export in a folder has, how many of them were written, and how many others removed."""

    files: int
    written: int
    removed: int


def file_name(essay: str, suffix: str) -> str:
    """The name of an essay's file: the last words of its id, and a digest of all of it, so that no two share one."""
    last = PurePosixPath(unquote(essay).rstrip("/")).stem
    words = "-".join(re.findall(r"\w+", last))[:_LONGEST_NAME]
    digest = sha256(essay.encode()).hexdigest()[:16]
    return "-".join(filter(None, (words, digest))) + suffix


def write_file(path: Path, text: str) -> bool:
    """Make a file hold a text, and say whether it had to be written. Raises ExportError if it cannot be."""
    content = text.encode()
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from error
    return True


def write_folder(
    folder: Path, form: str, lists: Iterable[PublishedList], essays: Sequence[str], language: Language, whole: bool
) -> Written:
    """Make a folder hold a file for each of the lists, which are those of ``essays``.

    With ``whole``, these are all that there are: files that earlier exports wrote for others are removed.
    Raises ExportError if the form has no files of single essays, if the folder has those of another form, or if it
    cannot be written.
    """
    suffix = FORMATS[form].suffix
    if FORMATS[form].one is None:
        raise ExportError(
            f"{form} is one file for all essays, and {folder} is a folder: name a file, such as "
            f"{folder / f'related-articles{suffix}'}"
        )
    ours = _read_manifest(folder, form)
    # Before any file is written, so that after a kill, too, it is known which are ours.
    _put_manifest(folder, form, ours | {file_name(essay, suffix): essay for essay in essays})
    current: dict[str, str] = {}
    written = 0
    for of_list in lists:
        name = file_name(of_list.essay.id, suffix)
        written += write_file(folder / name, render_one(of_list, form, language))
        current[name] = of_list.essay.id
    gone = ours.keys() - current.keys() if whole else set()
    removed = sum(_remove(folder / name) for name in gone)
    _put_manifest(folder, form, {name: essay for name, essay in (ours | current).items() if name not in gone})
    return Written(len(current), written, removed)


def _read_manifest(folder: Path, form: str) -> dict[str, str]:
    """The files that are ours, by name, and their essays."""
    path = folder / MANIFEST
    try:
        known = json.loads(path.read_bytes())
        found, files = known["format"], {str(name): str(essay) for name, essay in known["files"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ExportError(
            f"{path} cannot be read ({error}); export into another folder, or remove that file"
        ) from error
    if found != form:
        raise ExportError(f"{folder} has lists as {found}, not {form}: give each format a folder of its own")
    return {name: essay for name, essay in files.items() if Path(name).name == name}


def _put_manifest(folder: Path, form: str, files: dict[str, str]) -> None:
    values = {"format": form, "files": dict(sorted(files.items()))}
    write_file(folder / MANIFEST, json.dumps(values, ensure_ascii=False, indent=2) + "\n")


def _remove(path: Path) -> bool:
    """Whether there was a file to remove."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _refused(path, error) from error
    return True


def _refused(path: Path, error: OSError) -> ExportError:
    return ExportError(
        f"{path} cannot be written ({error.strerror}); what it held is untouched. Check that its folder may be written "
        "and that the disk has room, or name another place with --output."
    )

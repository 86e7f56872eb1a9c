"""How much one file may ask for, and what a reader does with more, or with what its library cannot bear."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from recommender.sources.encoding import SourceError

MEBI = 1 << 20
# A parsed document takes up to some twenty times its size in memory; the longest books are under 10 MiB of text.
MAX_DOCUMENT = 64 * MEBI
# 红楼梦 has under a million; what is longer is a collection, and as one article it would be found by anything.
MAX_CHARACTERS = 2_000_000
# A book of 2 million characters has about this many paragraphs of 100 characters each.
MAX_PARAGRAPHS = 20_000

_LONGEST_ERROR = 200


def size(file: BinaryIO) -> int:
    """The size of a file in bytes. It stands at its beginning afterwards."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return length


def within(file: BinaryIO, name: str, limit: int = MAX_DOCUMENT) -> None:
    """Raises SourceError, before anything is read, for a file larger than ``limit`` bytes."""
    if (seen := size(file)) > limit:
        raise SourceError(
            f"{name}: the file has {seen / MEBI:,.0f} MiB, "
            f"and files of this kind are read up to {limit / MEBI:,.0f} MiB; split it into smaller files"
        )


def whole(file: BinaryIO, name: str, limit: int = MAX_DOCUMENT) -> bytes:
    """All bytes of a file. Raises SourceError as ``within`` does."""
    within(file, name, limit)
    return file.read(limit)


@contextmanager
def refusing(name: str, kind: str, remedy: str) -> Iterator[None]:
    """Whatever the library that reads a format raises within becomes a SourceError that names the file.

    Such libraries meet broken files with errors of every class, RecursionError and MemoryError among them.
    """
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        seen = f"{type(error).__name__}: {said(error)}"
        raise SourceError(f"{name}: this is no {kind} that can be read ({seen}); {remedy}") from error


def said(error: Exception) -> str:
    """What an error says, on one line and short: some quote half of the file."""
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST_ERROR else f"{text[:_LONGEST_ERROR]}..."

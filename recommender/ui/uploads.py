"""Where dropped files are kept: in a folder beside the library, under names that cannot lead out of it."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

FOLDER = "uploads"
# Most file systems take 255 bytes; what is written first has a name a little longer.
_LONGEST_NAME = 200
# What Windows forbids in a name, and control characters, which nobody can type.
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')


def safe_name(name: str) -> str:
    """The name under which a file called ``name`` is kept: the same for the same name, and never hidden or a path.

    Composed (NFC): a Mac sends the same name in parts, and it must be the same article.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _FORBIDDEN.sub("_", last).strip().lstrip(".").rstrip(". ") or "_"
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix.encode()) > 12:
        stem, dot, suffix = plain, "", ""
    room = _LONGEST_NAME - len((dot + suffix).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + suffix


def keep(name: str, content: bytes | memoryview, library: Path) -> Path:
    """Write a file of a ``safe_name``, whole or not at all, in place of one that has it already. Raises OSError."""
    folder = library.parent / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / name
    # Hidden until it is whole: a folder that is read passes over what is hidden.
    unfinished = folder / f".{path.name}.part"
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path

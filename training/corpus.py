"""The texts that the model is made from: gzipped JSON Lines in the formats of the corpus, one file a source."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def sources(data: Path, kind: str) -> list[Path]:
    """The training files of one kind (articles, parallel, pairs, scored, titles; all if empty), in a fixed order.

    Raises FileNotFoundError if there is no training folder.
    """
    folder = data / "train"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such folder; give the corpus, which holds train/ and dev/")
    return sorted(folder.glob(f"{kind}*.jsonl.gz"))


def rows(path: Path) -> Iterator[Row]:
    """The lines of one file. Raises ValueError that names the file and the line that is no JSON object."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: not JSON ({error})") from error
            if not isinstance(row, dict):
                raise ValueError(f"{path}, line {number}: not a JSON object")
            yield row


def name(path: Path) -> str:
    """The name of a source: articles_laws for articles_laws.jsonl.gz."""
    return path.name.removesuffix(".jsonl.gz")

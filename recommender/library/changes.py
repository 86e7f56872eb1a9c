"""Whether a library's file was written to: what was made of it holds as long as it was not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from recommender.library.connections import refusals


class Watch:
    """Sees every write to the file ``path``, also another program's. Threads may share one.

    It has a connection of its own: SQLite does not count to a connection what that one writes itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Read only, and without waiting: who asks has better to do, and the log lets readers in at any time.
        address = f"{path.resolve().as_uri()}?mode=ro"
        with refusals(path):
            self._db = sqlite3.connect(address, 0, uri=True, isolation_level=None, check_same_thread=False)

    def version(self) -> int:
        """A number that is another after each write; in microseconds. Another watch has other numbers.

        Raises LibraryError if the file cannot be read.
        """
        try:
            version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            with refusals(self._path):
                raise
        return version

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

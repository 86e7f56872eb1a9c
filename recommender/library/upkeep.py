"""Which index serves a library now, what it does not have yet, and building it anew in the background."""

from __future__ import annotations

import atexit
import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.library import Library, Matrix, Numbers
from recommender.library.index import Index, Stopped, build, read, write

# An index is built anew when so large a share of it is gone, or has come since: what has come is kept in memory and
# scored whole, what is gone takes places among the candidates.
STALE = 0.05


@dataclass(frozen=True)
class Standing:
    """An index and the passages that are not in it yet."""

    index: Index
    tail: Matrix


class IndexKeeper:
    """Keeps the index file of a library, which stands beside it as ``<library>.index``. May be used by many threads.

    One process builds at a time. It holds a lock on ``<library>.index.lock``, which the system takes from it when it
    ends, however it does, so that no lock is left behind.
    """

    def __init__(self, library: Library) -> None:
        self.path = Path(f"{library.name}.index")
        self._library = library
        self._lock = threading.RLock()
        self._seen: tuple[object, ...] = ()  # the library's identity, and which file was read for it
        self._standing: Standing | None = None
        self._builder: threading.Thread | None = None
        self._stop = threading.Event()
        self._failed = False

    def standing(self, numbers: Numbers) -> Standing | None:
        """The index, and what came after it, for a library that has these numbers; None while there is no index.

        Begins to build one in the background if there is none or it is stale.
        """
        with self._lock:
            self._refresh()
            if self._standing:
                self._standing = Standing(self._standing.index, self._brought_up(self._standing, numbers))
            if not self._standing or _is_stale(self._standing, numbers):
                self._begin()
            return self._standing

    def build(self) -> None:
        """Build the index and write it; if another process is at it, leave it to that one.

        Raises OSError if it cannot be written, Stopped if ``close`` is called meanwhile or there is no passage.
        """
        from filelock import FileLock, Timeout

        try:
            with FileLock(f"{self.path}.lock", timeout=0):
                write(build(self._library, self._stop.is_set), self.path)
        except Timeout:
            pass

    def wait(self) -> None:
        """Wait until nothing is being built in the background."""
        if builder := self._builder:
            builder.join()

    def close(self) -> None:
        """Build no more; what is being built is given up."""
        self._stop.set()
        builder = self._builder
        if builder and builder.is_alive():
            import faiss

            # Training is one call into faiss, which looks here now and then whether to go on.
            faiss.TimeoutCallback.reset(0.0)
            builder.join()
            faiss.InterruptCallback.clear_instance()

    def _refresh(self) -> None:
        """Read the file if it is another one than before, or the library has become another's."""
        identity = self._library.identity
        seen = (identity, _fingerprint(self.path))
        if seen == self._seen:
            return
        if self._standing and self._standing.index.identity != identity:
            self._standing = None
        if index := read(self.path, identity):
            self._standing = Standing(index, self._library.vectors(np.empty(0, np.int64)))
        self._seen = seen

    def _brought_up(self, standing: Standing, numbers: Numbers) -> Matrix:
        """The passages that came after the index, of which only those are read that came since the last time."""
        tail, last = standing.tail, standing.index.last
        wanted = numbers[np.searchsorted(numbers, last, side="right") :]
        if np.array_equal(tail.numbers, wanted):
            return tail
        seen = tail.numbers[-1] if len(tail.numbers) else last
        new = self._library.vectors(wanted[np.searchsorted(wanted, seen, side="right") :])
        kept = np.isin(tail.numbers, wanted)
        if not kept.any():
            return new
        return Matrix(
            np.concatenate([tail.numbers[kept], new.numbers]),
            np.concatenate([tail.owners[kept], new.owners]),
            np.concatenate([tail.vectors[kept], new.vectors]),
        )

    def _begin(self) -> None:
        """Start the builder, unless it is at work, or could not do its work."""
        if self._failed or self._stop.is_set() or (self._builder and self._builder.is_alive()):
            return
        # A daemon keeps no process from ending; at the end it is told to stop, since faiss must not be cut off.
        self._builder = threading.Thread(target=self._build_aside, name="index builder", daemon=True)
        atexit.register(self.close)
        self._builder.start()

    def _build_aside(self) -> None:
        try:
            self.build()
        except Stopped:
            pass
        except Exception as error:  # whatever it is, the search goes on without an index: exact, and slower
            self._failed = True
            if not self._stop.is_set():
                logging.getLogger(__name__).warning("%s could not be built: %s", self.path, error)
        finally:
            atexit.unregister(self.close)


def _fingerprint(path: Path) -> tuple[int, ...] | None:
    """What changes when another file takes its place."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size


def _is_stale(standing: Standing, numbers: Numbers) -> bool:
    size, new = standing.index.size, len(standing.tail.numbers)
    gone = size - (len(numbers) - new)
    return max(gone, new) > STALE * size

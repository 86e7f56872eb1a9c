"""Who may read and write a library's file, and when: readers side by side, writers one after another."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from recommender.library import LibraryError

WAIT_SECONDS = 10.0  # how long a writer waits for another program's; a batch of ours takes well under a second
_CACHE_KIB = 16 * 1024
_LARGEST_IDLE_LOG = 64 * 1024 * 1024  # bytes that the write-ahead log keeps on disk when it is empty again


class Connections:
    """Connections to the file ``path``: one that writes, and as many that read as read at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self.writer = self._connect()  # foreign keys hold only once ``schema.prepare`` is done

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the library at one moment, whatever is written meanwhile; blocks nobody."""
        with refusals(self.path):
            db = self._reader()
            try:
                db.execute("BEGIN")
                yield db
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")  # which, other than COMMIT, a damaged file does not refuse
                self._give_back(db)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection that writes, in a transaction: all of it happens or nothing. Waits for other writers."""
        with self.alone() as db, transaction(db):
            yield db

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The connection that writes, outside a transaction, for what SQLite does only there."""
        with self._lock, refusals(self.path):
            yield self.writer

    def close(self) -> None:
        """Close all connections; one that is being read from, as soon as that ends."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
        self.writer.close()

    def _connect(self) -> sqlite3.Connection:
        # Handed from thread to thread, but never to two at a time.
        db = sqlite3.connect(self.path, WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
            db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            db.execute(f"PRAGMA journal_size_limit = {_LARGEST_IDLE_LOG}")
        except BaseException:  # a file that is none of SQLite's
            db.close()
            raise
        db.create_function("folded", 1, str.casefold, deterministic=True)
        return db

    def _reader(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the library is closed")
        with suppress(IndexError):  # to look before would let another thread take it in between
            return self._idle.pop()
        db = self._connect()
        db.execute("PRAGMA query_only = ON")
        return db

    def _give_back(self, db: sqlite3.Connection) -> None:
        if self._closed:
            db.close()
        else:
            self._idle.append(db)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    db.execute("BEGIN IMMEDIATE")  # writers queue up at the start instead of failing in the middle
    try:
        yield
        db.execute("COMMIT")  # which fails, too, as when the disk is full
    except BaseException:
        if db.in_transaction:  # SQLite may have rolled back by itself
            db.execute("ROLLBACK")
        raise


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """SQLite's errors about the file as LibraryError; its errors about our own mistakes pass."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:  # a query of ours that is wrong
            raise
        raise LibraryError(
            f"{path} took no change ({error}); what it held is untouched. Check that no other program holds "
            "it, that the disk has room and that the file may be written; then try again.",
            cause="write",
        ) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # IntegrityError, ProgrammingError and the like
            raise
        raise LibraryError(
            f"{path} is damaged ({error}). Put a copy of it in its place, or restore a backup of it into a new file "
            "(--library NEW.db); or move it away and add the articles again.",
            cause="file",
        ) from error

"""A generator that runs in a thread of its own, a little ahead of the one who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

# How long a thread that waits takes to notice that it is not needed any more.
_NOTICE = 0.1


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


class _End:
    pass


class ahead(Iterator[T], Generic[T]):
    """The items of a generator, made in a thread of its own up to ``most`` items before they are asked for.

    What the generator raises is raised to the one who asks. ``close`` stops the thread and closes the generator.
    """

    def __init__(self, items: Iterator[T], most: int) -> None:
        self._queue: Queue[T | _Raised | _End] = Queue(most)
        self._stopped = Event()
        self._thread = Thread(target=self._run, args=(items,), daemon=True)
        self._thread.start()

    def __next__(self) -> T:
        while not self._stopped.is_set():
            try:
                # With a limit, as a wait without one cannot be interrupted from the keyboard on every system.
                item = self._queue.get(timeout=_NOTICE)
            except Empty:
                continue
            if isinstance(item, _End | _Raised):
                self._stopped.set()
                if isinstance(item, _Raised):
                    raise item.error
            else:
                return item
        raise StopIteration

    def close(self) -> None:
        """Stop, and wait until the thread has stopped, too."""
        self._stopped.set()
        self._thread.join()

    def _run(self, items: Iterator[T]) -> None:
        with closing(items):  # type: ignore[type-var]  # generators, and others of this class, can be closed
            try:
                for item in items:
                    if not self._hand_over(item):
                        return
                self._hand_over(_End())
            except BaseException as error:
                self._hand_over(_Raised(error))

    def _hand_over(self, item: T | _Raised | _End) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=_NOTICE)
            except Full:
                continue
            return True
        return False

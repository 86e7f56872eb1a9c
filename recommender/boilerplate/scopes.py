"""The files and folders that documents come from, and the widest in which something recurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from math import ceil

# Fewer documents can share a sentence by chance or by quoting each other.
LEAST = 3
# The documents of a smaller file or folder are looked at together with those beside it: a few of a folder a month or
# an article would never be enough alone.
GROUP = 10
# Folders below this depth are not told apart: an archive can hold names of thousands of folders.
_DEPTH = 24

Enough = Callable[[int, int], bool]


class Scopes:
    """How many documents each file and folder holds, at any depth. The folder of all is ""."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.sizes: Counter[str] = Counter()
        for source in sources:
            self.sizes.update(around(source))

    def group(self, source: str) -> str:
        """The narrowest scope around a source that has enough documents to compare them."""
        return next((scope for scope in reversed(around(source)) if self.sizes[scope] >= GROUP), "")

    def widest(self, found: Mapping[str, int], enough: Enough) -> list[tuple[str, int]]:
        """The widest scopes in which something recurs, each with the number of documents that have it.

        ``found`` says how many documents of each source have it, ``enough`` whether so many of so many will do. A
        scope around one that has all but strays is no wider: a footer of one folder is not everybody's.
        """
        counts: Counter[str] = Counter()
        for source, count in found.items():
            for scope in around(source):
                counts[scope] += count
        return _Search(counts, self.sizes, enough).below("")


def needed(size: int, share: float) -> int:
    """How many of ``size`` documents are a share of them, and enough to mean anything."""
    return max(LEAST, ceil(min(share * size, size + 1)))


def at_least(share: float) -> Enough:
    """Whether so many of so many documents are a share of them."""
    return lambda count, size: count >= needed(size, share)


def around(source: str) -> list[str]:
    """The scopes that hold a source, the widest first and itself last. "a/b.txt" has "", "a" and "a/b.txt"."""
    parts = source.split("/")[:_DEPTH] if source else []
    return ["", *("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))]


class _Search:
    def __init__(self, counts: Counter[str], sizes: Counter[str], enough: Enough) -> None:
        self._counts, self._sizes, self._enough = counts, sizes, enough

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for scope in sorted(filter(None, self._counts)):
            children.setdefault(scope.rpartition("/")[0], []).append(scope)
        return children

    def below(self, scope: str) -> list[tuple[str, int]]:
        children = self._children.get(scope, [])
        most = max(children, key=lambda child: self._counts[child], default="")
        if most and self._counts[scope] - self._counts[most] < LEAST and (found := self.below(most)):
            return found
        if self._enough(self._counts[scope], self._sizes[scope]):
            return [(scope, self._counts[scope])]
        return [found for child in children if self._counts[child] >= LEAST for found in self.below(child)]

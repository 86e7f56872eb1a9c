"""In how many documents a text stands, in a table of fixed size."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from zlib import crc32

# Slots of two bytes: 16 MiB. With ten million different texts a slot holds one more text on average; a text counted
# too high is only looked at in vain.
_SLOTS = 1 << 23
_MOST = 65_535


class Counts:
    """Counts that are never too low, up to 65,535: texts that share a slot are counted together (a count sketch)."""

    def __init__(self) -> None:
        self._slots = array("H", bytes(2 * _SLOTS))

    def add(self, texts: Collection[str], salt: str = "") -> None:
        """Count each of the different texts once. Texts with another ``salt`` are others."""
        start = crc32(salt.encode("utf-8", "replace"))
        for slot in {_slot(text, start) for text in texts}:
            if self._slots[slot] < _MOST:
                self._slots[slot] += 1

    def __getitem__(self, text: str) -> int:
        return self.count(text)

    def count(self, text: str, salt: str = "") -> int:
        """How often a text was counted, or a little more."""
        return self._slots[_slot(text, crc32(salt.encode("utf-8", "replace")))]


def _slot(text: str, start: int) -> int:
    return crc32(text.encode("utf-8", "replace"), start) % _SLOTS

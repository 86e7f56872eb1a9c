"""The faiss index over the passages' vectors: built, asked for candidates, written beside the library and read back."""

from __future__ import annotations

import json
import math
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from recommender.embed import Vectors
from recommender.library import EVERYTHING, Library, Matrix, Numbers

if TYPE_CHECKING:
    import faiss

# Measured on 767,000 paragraphs of Chinese articles by the embedded model, asked with 400 others: recall@10 is 0.939
# with 32 lists of 1,751 searched, 0.966 with 64, 0.981 with 128. Of 4,096 lists the same share must be searched, and
# they take much longer to train.
_LISTS_PER_ROOT = 2
_PROBES = 160
_TRAINED_ON = 64  # vectors a list, of the 39 to 256 that faiss asks for
_BLOCK = 4_096  # vectors read at a time
_LOWEST, _HIGHEST = -128, 127

_MAGIC = b"recommender index 1\n"
_PARTIAL = ".partial"
_CHECKED = 1 << 20  # bytes at a time


class Stopped(Exception):
    """Raised out of a build that was told to stop."""


@dataclass(frozen=True)
class Index:
    """Passages in lists of near ones, a byte a dimension.

    ``codes`` are the vectors times ``scale``, rounded. ``identity`` is the library's at the time, ``last`` the highest
    number that it had.
    """

    codes: faiss.IndexIVFScalarQuantizer
    scale: float
    identity: str
    last: int

    @property
    def size(self) -> int:
        """How many passages it has."""
        return int(self.codes.ntotal)

    def candidates(self, queries: Vectors, count: int, among: Numbers | None = None, effort: int = 1) -> Numbers:
        """The numbers (m,), rising, of about ``count`` passages near to each of the queries (q, d), all together.

        ``among`` are rising numbers that it is limited to: the fewer, the more lists are searched, so that as many
        passages are compared. ``effort`` multiplies the lists again; if all passages are asked for, all are searched.
        """
        import faiss

        share, selector = 1.0, None
        if among is not None:
            among = among[among <= self.last]
            share = (len(among) + 1) / (self.size + 1)
            selector = faiss.IDSelectorBitmap(_bitmap(among))
        probes = math.ceil(_PROBES * effort / share) if count < self.size else self.codes.nlist
        parameters = faiss.IVFSearchParameters(nprobe=min(probes, self.codes.nlist), sel=selector)
        found = self.codes.search(queries * np.float32(self.scale), min(count, self.size), params=parameters)[1]
        return np.unique(found[found >= 0])


def build(library: Library, stopped: Callable[[], bool] = lambda: False) -> Index:
    """An index of all passages of a library. Raises Stopped if there are none, or soon after ``stopped`` says so."""
    identity, numbers = library.identity, library.numbers(EVERYTHING)
    if not len(numbers):
        raise Stopped
    lists = int(_LISTS_PER_ROOT * math.sqrt(len(numbers)))
    chosen = np.random.default_rng(0).permutation(numbers)[: lists * _TRAINED_ON]
    sample = [block.vectors for block in _unless(stopped, blocks(library, np.sort(chosen), _BLOCK))]
    codes, scale = _trained(np.concatenate(sample), lists)
    for block in _unless(stopped, blocks(library, numbers, _BLOCK)):
        rounded = np.rint(block.vectors * np.float32(scale))
        codes.add_with_ids(np.clip(rounded, _LOWEST, _HIGHEST), block.numbers)
    return Index(codes, scale, identity, int(numbers[-1]))


def blocks(library: Library, numbers: Numbers, rows: int) -> Iterator[Matrix]:
    """The passages with these rising numbers as the record has them, so many rows at a time."""
    for start in range(0, len(numbers), rows):
        yield library.vectors(numbers[start : start + rows])


def write(index: Index, path: Path) -> None:
    """Write an index; who reads sees the file that was there or the new one, whole. Raises OSError if that fails.

    Only one may write to a path at a time; what one that was killed has left half written is written over.
    """
    import faiss

    partial = path.with_name(f"{path.name}{_PARTIAL}")
    header = {"identity": index.identity, "scale": index.scale, "last": index.last}
    try:
        with partial.open("wb") as file:
            summed = _Summed(file)
            summed.write(_MAGIC + json.dumps(header).encode() + b"\n")
            faiss.write_index(index.codes, faiss.PyCallbackIOWriter(summed.write))
            file.write(summed.sum)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path, identity: str) -> Index | None:
    """The index in a file, or None if there is none, or it is damaged, or another library's: build it anew."""
    import faiss

    try:
        with path.open("rb") as file:
            if not _is_whole(file):
                return None
            header = json.loads(file.readline())
            if header["identity"] != identity:
                return None
            return Index(faiss.read_index(faiss.PyCallbackIOReader(file.read)), **header)
    except OSError:
        return None


def _unless(stopped: Callable[[], bool], found: Iterator[Matrix]) -> Iterator[Matrix]:
    for block in found:
        if stopped():
            raise Stopped
        yield block


class _Summed:
    """A file that sums up what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._crc = file, 0

    def write(self, data: bytes) -> None:
        self._crc = zlib.crc32(data, self._crc)
        self._file.write(data)

    @property
    def sum(self) -> bytes:
        """The checksum of all that was written, as it stands at the end of the file."""
        return self._crc.to_bytes(4, "big")


def _is_whole(file: BinaryIO) -> bool:
    """Whether the file is of this format and its checksum is right; if so, it is left at the header.

    faiss is given only what it wrote: it may ask for any memory, or crash, on other bytes.
    """
    if (start := file.read(len(_MAGIC))) != _MAGIC:
        return False
    crc, left = zlib.crc32(start), os.fstat(file.fileno()).st_size - len(_MAGIC) - 4
    while left > 0 and (data := file.read(min(left, _CHECKED))):
        crc, left = zlib.crc32(data, crc), left - len(data)
    is_whole = file.read() == crc.to_bytes(4, "big")
    file.seek(len(_MAGIC))
    return is_whole


def _trained(sample: Vectors, lists: int) -> tuple[faiss.IndexIVFScalarQuantizer, float]:
    """Codes with their lists but no passages, and their scale, from vectors (m, d)."""
    import faiss

    # Signed bytes of one scale are scanned 2.7 times as fast as those with a scale for each dimension, and order no
    # worse what is scored exactly afterwards. What lies beyond the sample's highest value is cut to it.
    scale = _HIGHEST / max(float(np.abs(sample).max()), 1e-6)
    kind, metric = faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    dimension = sample.shape[1]
    codes = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dimension), dimension, lists, kind, metric, False)
    codes.cp.min_points_per_centroid = 1  # a small library is no reason to warn
    codes.train(sample * np.float32(scale))
    return codes, scale


def _bitmap(numbers: Numbers) -> NDArray[np.uint8]:
    """A bit for each number from 0, set for these rising ones; lowest first, as faiss reads it."""
    bits = np.zeros(numbers[-1] + 1 if len(numbers) else 0, bool)
    bits[numbers] = True
    return np.packbits(bits, bitorder="little")

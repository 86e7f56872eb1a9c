"""Other programs that search vectors, each with its own defaults unless said otherwise: prepare it, and ask it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from recommender.embed import Vectors

Ask = Callable[[Vectors], object]
Prepare = Callable[[Vectors, Path, int], tuple[Ask, float]]

_BLOCK = 20_000


def flat(vectors: Vectors, folder: Path, k: int) -> tuple[Ask, float]:
    """faiss' exact search, over the vectors where they are."""
    import faiss

    return lambda query: faiss.knn(query, vectors, k, metric=faiss.METRIC_INNER_PRODUCT)[1][0], vectors.nbytes


def usearch(vectors: Vectors, folder: Path, k: int) -> tuple[Ask, float]:
    """A graph (HNSW), kept in memory."""
    from usearch.index import Index

    index = Index(ndim=vectors.shape[1], metric="ip", dtype="f32")
    index.add(np.arange(len(vectors)), vectors)
    return lambda query: index.search(query[0], k).keys, index.serialized_length


def lancedb(vectors: Vectors, folder: Path, k: int) -> tuple[Ask, float]:
    """Lists with product codes on disk, re-scored ten times over, which its documentation recommends for accuracy."""
    import lancedb as lance
    import pyarrow as pa

    def batches() -> object:
        for start in range(0, len(vectors), _BLOCK):
            block = vectors[start : start + _BLOCK]
            column = pa.FixedSizeListArray.from_arrays(pa.array(block.ravel()), block.shape[1])
            yield pa.record_batch([pa.array(range(start, start + len(block))), column], names=["row", "vector"])

    kind = pa.schema([("row", pa.int64()), ("vector", pa.list_(pa.float32(), vectors.shape[1]))])
    table = lance.connect(folder / "lance").create_table(
        "passages", pa.RecordBatchReader.from_batches(kind, batches()), schema=kind
    )
    table.create_index(metric="dot")
    size = sum(path.stat().st_size for path in (folder / "lance").rglob("*") if path.is_file())
    return lambda query: table.search(query[0]).distance_type("dot").refine_factor(10).limit(k).to_arrow()["row"], size


def sqlite_vec(vectors: Vectors, folder: Path, k: int) -> tuple[Ask, float]:
    """Exact search in an SQLite file, through apsw: Python's own module may not load extensions."""
    import apsw
    import sqlite_vec as extension

    path = folder / "vec.db"
    db = apsw.Connection(str(path))
    db.enable_load_extension(True)
    db.load_extension(extension.loadable_path())
    db.execute(f"CREATE VIRTUAL TABLE passages USING vec0(vector float[{vectors.shape[1]}] distance_metric=cosine)")
    with db:
        rows = ((number, vector.tobytes()) for number, vector in enumerate(vectors))
        db.executemany("INSERT INTO passages (rowid, vector) VALUES (?, ?)", rows)
    query = f"SELECT rowid FROM passages WHERE vector MATCH ? AND k = {k}"
    return lambda vector: [row for (row,) in db.execute(query, (vector.tobytes(),))], path.stat().st_size


# By the name to print: the module that must be there, and how to prepare it.
PEERS: dict[str, tuple[str, Prepare]] = {
    "faiss, flat": ("faiss", flat),
    "usearch": ("usearch", usearch),
    "LanceDB": ("lancedb", lancedb),
    "sqlite-vec": ("sqlite_vec", sqlite_vec),
}

"""A map that is kept: as bytes, and as it is when articles have come, changed and gone since it was drawn."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace

import numpy as np

from recommender.atlas import NONE, Atlas, Numbers, Theme
from recommender.atlas.neighbours import NEAR, nearest
from recommender.atlas.plane import placed
from recommender.embed import Vectors

_ARRAYS = ("owners", "versions", "xy", "trust", "broad", "fine")


def to_bytes(atlas: Atlas) -> bytes:
    """What ``from_bytes`` reads."""
    file = io.BytesIO()
    themes = json.dumps([asdict(theme) for theme in atlas.themes])
    np.savez(file, themes=np.array(themes), **{name: getattr(atlas, name) for name in _ARRAYS})
    return file.getvalue()


def from_bytes(drawing: bytes) -> Atlas:
    """The map that ``to_bytes`` wrote."""
    with np.load(io.BytesIO(drawing)) as arrays:
        themes = [Theme(**fields | {"words": tuple(fields["words"])}) for fields in json.loads(str(arrays["themes"]))]
        return Atlas(**{name: arrays[name] for name in _ARRAYS}, themes=tuple(themes))


def changed(atlas: Atlas, owners: Numbers, versions: Numbers) -> int:
    """How many articles have come, changed or gone since, now that there are those with these numbers (n,)."""
    there, same = atlas.rows(owners) >= 0, atlas.unchanged(owners, versions) >= 0
    return len(owners) + len(atlas.owners) - int(there.sum()) - int(same.sum())


def moved_to(atlas: Atlas, owners: Numbers, versions: Numbers, vectors: Vectors) -> Atlas:
    """The map of the n articles that there are now, with these vectors (n, d): those that are gone are left out.

    A new one, or one that says something else, lies among those that are nearest to it, which stay where they are, and
    has the themes of the nearest; it has no trust yet. What says nothing to the model is in the middle.
    """
    rows = atlas.unchanged(owners, versions)
    known, says = rows >= 0, vectors.any(axis=1)
    xy, trust = np.zeros((len(owners), 2), np.float32), np.zeros(len(owners), np.float32)
    broad, fine = np.full((2, len(owners)), NONE, np.int32)
    for now, then in ((xy, atlas.xy), (trust, atlas.trust), (broad, atlas.broad), (fine, atlas.fine)):
        now[known] = then[rows[known]]
    old, new = np.flatnonzero(known & says), np.flatnonzero(~known & says)
    if len(old) and len(new):
        near = old[nearest(vectors[old], vectors[new], min(NEAR, len(old)))]
        xy[new] = placed(xy, near)
        broad[new], fine[new] = broad[near[:, 0]], fine[near[:, 0]]
    sizes = np.bincount(np.concatenate([broad, fine]) + 1, minlength=len(atlas.themes) + 1)[1:]
    themes = tuple(replace(theme, size=int(size)) for theme, size in zip(atlas.themes, sizes, strict=True))
    return Atlas(owners, versions, xy, trust, broad, fine, themes)

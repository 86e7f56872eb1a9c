"""A published list in plain values, as the site gets them. Editors' names and notes are not in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recommender.types import Language

if TYPE_CHECKING:
    from recommender.library import Listing
    from recommender.published import Piece, PublishedList


def record(of_list: PublishedList) -> dict[str, Any]:
    """All that is published of a list.

    ``relevance``, ``closeness`` (0 to 1) and ``why`` of a piece are None where the ranking did not find it: an editor
    put it there. ``lost`` are the ids of pinned pieces that the library does not have any more.
    """
    return {
        "essay": _head(of_list.essay),
        "published_at": of_list.at,
        "pieces": [{"place": place} | _piece(piece) for place, piece in enumerate(of_list.pieces, 1)],
        "lost": list(of_list.lost),
    }


def row(piece: Piece, language: Language) -> dict[str, str]:
    """What a site's templates need of a piece, as texts; what is not known is left out.

    So is the ranking's opinion of a piece that it finds unrelated: an editor put it there, and readers need not know.
    """
    shown: dict[str, str] = dict(_head(piece.article))
    if (found := piece.proposal) and found.relevance != "unrelated":
        shown |= {"relevance": found.relevance, "why": found.why_zh if language == "zh" else found.why_en}
    return {name: value for name, value in shown.items() if value}


def _piece(piece: Piece) -> dict[str, Any]:
    found = piece.proposal
    return _head(piece.article) | {
        "relevance": found.relevance if found else None,
        "closeness": found.closeness if found else None,
        "pinned": piece.is_pinned,
        "why": {"zh": found.why_zh, "en": found.why_en} if found else None,
    }


def _head(of: Listing) -> dict[str, str]:
    return {"id": of.id, "title": of.title, "url": of.url, "date": of.date, "author": of.author}

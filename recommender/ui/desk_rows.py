"""What the desk draws of an essay's list: its pieces, what they are to the essay, and what readers see now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from recommender.curate import curation
from recommender.desk import Draft
from recommender.library import Listing
from recommender.recommend import Recommender
from recommender.types import Article, Filter, Proposal, Recommendation
from recommender.ui.cards import quote, reasons, tags
from recommender.ui.desk_window import Opened
from recommender.ui.words import Words


def drawn(recommender: Recommender, opened: Opened, words: Words) -> dict[str, Any]:
    """The list in order and the pieces that it is chosen from, as plain values.

    ``rows`` has every piece that is listed, proposed, or hidden for this essay; ``at`` is its place among what is
    proposed. ``list`` are the ids of the list, ``page`` what the essay's own page lists now, and ``published`` what
    readers get, None if that is the list.
    """
    draft = opened.draft
    everywhere = curation(draft.decisions, "").hidden
    here = draft.decided.hidden - everywhere
    known = titles(recommender, draft, here)
    rows = [_row(at, row, draft, words) for at, row in enumerate(draft.proposals.rows)]
    unfound = sorted((here & known.keys()) - draft.found.keys())
    rows += [_plain(piece, known[piece], len(rows), draft) for piece in unfound]
    return {
        "rows": [row | {"everywhere": row["id"] in everywhere} for row in rows],
        "list": [entry.piece for entry in draft.list.entries],
        "lost": list(draft.list.lost),
        "size": draft.decided.size,
        "note": draft.decided.notes.get("", ""),
        "page": [_seen(link, known, opened.listed.get(link), words) for link in dict.fromkeys(draft.essay.links)],
        "published": _published(draft, known, words),
        "mayUndo": bool(draft.undoable),
        "mayRedo": bool(draft.redoable),
    }


def titles(recommender: Recommender, draft: Draft, more: Collection[str] = ()) -> dict[str, str]:
    """What pieces that are found or decided on are called, and ``more``, by their ids; those that the library has."""
    known = {article.id: article.title for row in draft.found.values() for article in (row.article, *row.reposts)}
    named = {piece for d in draft.decisions for piece in (d.change.piece, d.change.instead) if piece}
    listed = {entry.piece for entry in (draft.published.entries if draft.published else ())}
    missing = (named | listed | set(draft.essay.links) | set(more)) - known.keys()
    found = recommender.listings(Filter(ids=tuple(missing))) if missing else []
    return known | {listing.id: listing.title for listing in found}


def _row(at: int, row: Proposal, draft: Draft, words: Words) -> dict[str, Any]:
    found, decided = draft.found[row.piece], draft.decided
    texts = {row.piece, *row.reposts}
    reposts = [words("reposts", n=len(found.reposts))] if found.reposts else []
    return {
        **_plain(row.piece, found.article.title, at, draft),
        "about": about(found.article),
        "why": row.why_zh if words.language == "zh" else row.why_en,
        "tags": [*reposts, *tags(found, words)],
        # Another piece with its text has been decided on, so it takes no free place.
        "blocked": bool((texts - {row.piece}) & (decided.pins.keys() | decided.hidden)),
        "reasons": quote(found) + reasons(found, draft.reasons[row.piece], words),
        **_band(found, words),
    }


def _plain(piece: str, title: str, at: int, draft: Draft) -> dict[str, Any]:
    """What is known of any piece."""
    decided = draft.decided
    return {
        "id": piece,
        "title": title,
        "at": at,
        "pin": decided.pins.get(piece, 0),
        "hidden": piece in decided.hidden,
        "note": decided.notes.get(piece, ""),
    }


def about(piece: Article | Listing) -> str:
    """When and by whom, as far as it is known."""
    return " · ".join(part for part in (piece.date, piece.author) if part)


def _band(found: Recommendation, words: Words) -> dict[str, Any]:
    return {"band": found.relevance, "word": words(found.relevance), "closeness": round(found.closeness, 2)}


def _seen(piece: str, known: Mapping[str, str], found: Recommendation | None, words: Words) -> dict[str, Any]:
    """A piece as a list that is there has it; one that the library does not have is ``gone``."""
    band = _band(found, words) if found else {}
    return {"id": piece, "title": known.get(piece, piece), "gone": piece not in known, **band}


def _published(draft: Draft, known: Mapping[str, str], words: Words) -> list[dict[str, Any]] | None:
    if draft.published is None or not draft.is_changed:
        return None
    pieces: Iterable[str] = (entry.piece for entry in draft.published.entries)
    return [_seen(piece, known, draft.found.get(piece), words) for piece in pieces]

"""The command that sets an essay beside its pieces: what its page lists, and what the texts say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from recommender.cli.opening import library_option, model_option, opened

if TYPE_CHECKING:
    from recommender.review import Coverage, Listed, PageList
    from recommender.types import Article, Recommendation


@click.command()
@click.argument("article")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences and tables.")
@library_option
@model_option
def judge(article: str, as_json: bool, library: Path, model: str) -> None:
    """Set what the page of ARTICLE (an id, a title or a file) lists beside what the texts say.

    Says which of the listed pieces are related by their texts and which only by their titles, which strong pieces the
    page does not list, and which paragraphs nothing in the library is about. overlap is the share of the texts' first k
    that the page has, k being as many as it lists; correlation is Kendall's tau of the two orders, -1 to 1.
    """
    from recommender.review import coverage, page_list

    with opened(library, model) as recommender:
        asked = cast("Article", recommender.find(article))  # it is a passage only where a paragraph is asked for
        judged = page_list(recommender, asked)
        covered = coverage(recommender, asked, judged.found)
    if as_json:
        click.echo(json.dumps(_record(judged, covered), ensure_ascii=False, indent=2))
    else:
        _print(judged, covered)


def _record(judged: PageList, covered: Coverage) -> dict[str, Any]:
    """All that was found; paragraphs are counted from 1."""
    return {
        "listed": [
            _piece(one.recommendation) | {"place": one.place, "in_title": list(one.in_title)} for one in judged.listed
        ],
        "absent": judged.absent,
        "found": [
            _piece(piece) | {"paragraph": None if at is None else at + 1}
            for piece, at in zip(judged.found, covered.serves, strict=True)
        ],
        "missing": [piece.article.id for piece in judged.missing],
        "overlap": judged.overlap,
        "correlation": judged.correlation,
        "paragraphs": len(covered.paragraphs),
        "bare": _bare(covered),
    }


def _piece(piece: Recommendation) -> dict[str, Any]:
    return {"id": piece.article.id, "title": piece.article.title, "relevance": piece.relevance}


def _bare(covered: Coverage) -> list[int]:
    return [at + 1 for at in covered.bare]


def _print(judged: PageList, covered: Coverage) -> None:
    """The same for people."""
    from rich.console import Console
    from rich.table import Column, Table

    page = Table("", "by its text", "place", Column("the page lists", overflow="fold"), "only in the title")
    for rank, one in enumerate(judged.listed, 1):
        place = str(one.place) if one.place else f"> {len(judged.found)}"
        piece = one.recommendation
        page.add_row(str(rank), piece.relevance, place, _plain(piece.article.title), _plain(", ".join(one.in_title)))
    texts = Table("", "by its text", "on the page", "paragraph", Column("the texts say", overflow="fold"))
    for rank, (piece, at) in enumerate(zip(judged.found, covered.serves, strict=True), 1):
        paragraph = "" if at is None else str(at + 1)
        texts.add_row(str(rank), piece.relevance, _on_page(rank, judged.listed), paragraph, _plain(piece.article.title))
    console = Console()
    for table in (page, texts):
        if table.rows:
            console.print(table)
    for line in _sentences(judged, covered):
        click.echo(line)


def _plain(text: str) -> str:
    """A text of an article for a table, which reads what is in square brackets as markup."""
    from rich.markup import escape

    return escape(text)


def _on_page(place: int, listed: tuple[Listed, ...]) -> str:
    """The first place on the page that has what stands in a row of the texts' order."""
    return next((str(rank) for rank, one in enumerate(listed, 1) if one.place == place), "")


def _sentences(judged: PageList, covered: Coverage) -> list[str]:
    """How far the page and the texts agree, each as a sentence."""
    count = len(judged.listed)
    related = sum(one.recommendation.relevance != "unrelated" for one in judged.listed)
    alike = sum(bool(one.in_title) for one in judged.listed)
    said = []
    if count:
        said.append(f"Listed on the page: {count}; related by their texts: {related}; only by their titles: {alike}.")
    elif not judged.absent:
        said.append("The page lists no related articles.")
    if judged.absent:
        said.append(f"Listed, but not in the library: {judged.absent}.")
    if judged.missing:
        said.append(f"Strong pieces that the page does not list: {len(judged.missing)}.")
    if count and judged.overlap is None:
        said.append("The library has no other pieces, so it cannot tell what the page leaves out.")
    if judged.overlap is not None:
        said.append(f"overlap@{count}: {judged.overlap:.2f}")
    if judged.correlation is not None:
        said.append(f"Kendall's tau: {judged.correlation:.2f}")
    if covered.bare:
        said.append(f"Paragraphs that nothing is about: {', '.join(map(str, _bare(covered)))}.")
    return said

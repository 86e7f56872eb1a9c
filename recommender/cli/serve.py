"""The command that serves a library over HTTP."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from recommender.cli.opening import library_option, model_option, opened, refuse_missing, sentences
from recommender.cli.settings import changed, setting_option
from recommender.types import Ranking, RecommenderError

TOKEN = "RECOMMENDER_TOKEN"
# Shorter ones are found by trying.
_SHORTEST = 16


def _rate(context: click.Context, param: click.Parameter, value: str) -> str:
    from limits import parse

    try:
        parse(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no rate; write one as 100/second or 5000/hour") from error
    return value


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A file with the secret of those who may write; without it, and without ${TOKEN}, nobody may.",
)
@click.option("--rate", callback=_rate, default="100/second", show_default=True, help="How often a client may ask.")
@click.option("--max-age", type=click.IntRange(0), default=0, help="Seconds for which caches need not ask again.")
@click.option("--allow-origin", "origins", multiple=True, help="A site whose scripts may read; may be repeated.")
@setting_option
@library_option
@model_option
def serve(
    host: str,
    port: int,
    token_file: Path | None,
    rate: str,
    max_age: int,
    origins: tuple[str, ...],
    settings: Sequence[dict[str, Any]],
    library: Path,
    model: str,
) -> None:
    """Answer a site over HTTP: what is related, which lists are published, which articles there are.

    GET /openapi.json describes the interface. It is read-only unless there is a token.
    """
    import gc

    import uvicorn

    from recommender.serve import create_app
    from recommender.serve.settings import Settings

    with sentences():
        refuse_missing(library)
        token = _token(token_file)
    with opened(library, model) as recommender:
        recommender.prepare()
        if recommender.library.counts().passages:
            recommender.matches(".", k=1)  # what the first query loads is loaded before anybody asks
        ranking = changed(Ranking(), settings)
        app = create_app(recommender, Settings(token, rate, max_age=max_age, origins=origins, ranking=ranking))
        gc.freeze()  # what is there now stays; without this each full collection goes through all of it
        uvicorn.run(app, host=host, port=port, loop="uvloop", http="httptools", access_log=False, server_header=False)


def _token(file: Path | None) -> str:
    """The token of the file, or of the environment, or none. Raises RecommenderError for one that is too short."""
    token = (file.read_text("utf-8") if file else os.environ.get(TOKEN, "")).strip()
    if len(token) < _SHORTEST and (file or token):
        raise RecommenderError(
            f"{file or '$' + TOKEN}: a token has {_SHORTEST} characters or more, this has {len(token)}; "
            "make one: python -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    return token

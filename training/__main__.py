"""Make the embedded model from the corpus: ``python -m training --data ../shared/corpus``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import click
from tokenizers import Tokenizer

from training.card import write_card
from training.pack import pack
from training.pairs import read
from training.parts import parts, pieces_of
from training.tokenizer import PIECES, make_tokenizer
from training.weights import Settings, train

MODEL = Path(__file__).parent.parent / "recommender" / "model"


@dataclass(frozen=True)
class Recipe:
    """What the model is made with."""

    pieces: int = PIECES
    settings: Settings = field(default_factory=Settings)


def make(data: Path, work: Path, out: Path, recipe: Recipe) -> None:
    """Make the model in ``out`` from the corpus in ``data``. What is in ``work`` already is not made again.

    Raises FileNotFoundError if there is no corpus, ValueError if a file of it cannot be read.
    """
    work.mkdir(parents=True, exist_ok=True)
    saved = work / "tokenizer.json"
    if not saved.exists():
        made = make_tokenizer(data, recipe.pieces)
        made.save(str(saved.with_suffix(".part")), pretty=False)
        saved.with_suffix(".part").replace(saved)
    tokenizer = Tokenizer.from_file(str(saved))
    texts = read(data, tokenizer, work)
    pieces = pieces_of(tokenizer)
    pack(train(texts, parts(pieces), recipe.settings, work), tokenizer, out)
    write_card(out, len(pieces), recipe.settings, data / "dev")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), required=True, help="The corpus.")
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    default="build/model",
    show_default=True,
    help="Where to keep what is done; go on from there after an interruption.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=MODEL, help="Where the model goes.")
def main(data: Path, work: Path, out: Path) -> None:
    """Make the embedded model from a corpus."""
    try:
        make(data, work, out, Recipe())
    except (FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()

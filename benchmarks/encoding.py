"""How fast texts become vectors: ``python -m benchmarks.encoding --data ../shared/corpus/dev``.

The embedded model, through sentence-transformers and through model2vec, between two bounds of the same run:
tokenization alone, which no model with this tokenizer can beat, and a transformer of the shape of multilingual
MiniLM-L12, the usual choice, that reads the same pieces (its 118 million weights are random here, at the same cost).
All on one thread: on a shared machine, threads that wait for each other would slow the transformer most. Methods take
turns, so that what else the machine does falls on all of them, and the best turn counts. Prints Markdown tables.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import torch
from model2vec import StaticModel
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from benchmarks.quality import EMBEDDED, read

TURNS = 5
TEXTS = 1024
LONGEST = 512  # pieces, the most that MiniLM reads; no text here has more


class Way(NamedTuple):
    """A way to encode, and how it is timed: on every text or, as fewer do for a slow one, every ``step``-th."""

    encode: Callable[[Sequence[str]], object]
    step: int = 1


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The sets.")
def main(data: Path) -> None:
    """Measure, and print a Markdown table a kind of text."""
    os.environ["RAYON_NUM_THREADS"] = "1"  # the tokenizer's; read when it first works
    torch.set_num_threads(1)
    ways = _ways(SentenceTransformer(str(EMBEDDED), device="cpu"))
    for kind, texts in {"passage": _passages(data), "sentence": _sentences(data)}.items():
        rates = _rates(ways, texts)
        click.echo(
            f"| {kind} of {sum(map(len, texts)) / len(texts):.0f} characters | a second | times the transformer |"
        )
        click.echo("| --- | ---: | ---: |")
        for name, rate in rates.items():
            click.echo(f"| {name} | {rate:,.0f} | {rate / rates['transformer']:.1f} |")
        click.echo()


def _passages(data: Path) -> list[str]:
    texts = [text for row in read(data / "zh_cnews.jsonl.gz") for text in row["paragraphs"]]
    return [text for text in texts if 150 <= len(text) <= 250][:TEXTS]


def _sentences(data: Path) -> list[str]:
    return list(dict.fromkeys(row["s1"] for row in read(data / "zh_stsb_dev.jsonl.gz")))[:TEXTS]


def _ways(model: SentenceTransformer) -> dict[str, Way]:
    """Tell how to encode; each way as its package does it unless told otherwise."""
    static, tokenizer = StaticModel.from_pretrained(EMBEDDED, normalize=True), model[0].tokenizer
    return {
        "tokenization alone": Way(lambda texts: tokenizer.encode_batch_fast(texts, add_special_tokens=False)),
        "embedded model, model2vec": Way(static.encode),
        "embedded model, sentence-transformers": Way(_encode_with(model)),
        "transformer": Way(_encode_with(_transformer(tokenizer)), step=16),
    }


def _encode_with(model: SentenceTransformer) -> Callable[[Sequence[str]], object]:
    return lambda texts: model.encode(texts, normalize_embeddings=True, show_progress_bar=False)


def _transformer(tokenizer: Tokenizer) -> SentenceTransformer:
    # Padding is masked, so that any piece will do for it.
    unknown = tokenizer.id_to_token(0)
    pieces = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token=unknown, pad_token=unknown, model_max_length=LONGEST
    )
    config = BertConfig(
        vocab_size=250037, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536
    )
    with tempfile.TemporaryDirectory() as folder:
        BertModel(config).save_pretrained(folder)
        pieces.save_pretrained(folder)
        layers = Transformer(folder)
    return SentenceTransformer(modules=[layers, Pooling(config.hidden_size)], device="cpu")


def _rates(ways: dict[str, Way], texts: Sequence[str]) -> dict[str, float]:
    """Texts a second in the best of the turns."""
    rates = dict.fromkeys(ways, 0.0)
    for _ in range(TURNS):
        for name, way in ways.items():
            given = texts[:: way.step]
            start = time.perf_counter()
            way.encode(given)
            rates[name] = max(rates[name], len(given) / (time.perf_counter() - start))
    return rates


if __name__ == "__main__":
    main()

"""How fast the recipe learns: ``python -m benchmarks.learning --data ../shared/corpus``.

Beside the recipe's loop stands sentence-transformers' own trainer.
Both learn from batches of the same pairs (English and Chinese sentences of Tatoeba), with the same pieces, dimensions
and losses: MultipleNegativesRankingLoss in both directions, in MatryoshkaLoss. A short and a long run of each; what the
long one takes longer is the steps alone, without what is done once. Prints a Markdown table.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
from datasets import Dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss, MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer

from benchmarks.quality import EMBEDDED
from training import corpus
from training.pairs import Texts, read
from training.parts import parts, pieces_of
from training.weights import Settings, train

SOURCE = "parallel_tatoeba_zh_en"
SHORT, LONG = 5, 25


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Corpus.")
def main(data: Path) -> None:
    """Measure, and print a Markdown table."""
    settings, tokenizer = Settings(), Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "train").mkdir()
        [path] = corpus.sources(data, SOURCE)
        shutil.copy(path, folder / "train")
        texts = read(folder, tokenizer, folder)
        pairs = [(row["langs"]["en"], row["langs"]["zh"]) for row in corpus.rows(path)]
        ours = _of_a_step(lambda steps: _train(texts, tokenizer, dataclasses.replace(settings, steps=steps)))
        theirs = _of_a_step(lambda steps: _fit(pairs, tokenizer, dataclasses.replace(settings, steps=steps), folder))
    click.echo(f"| loop | seconds a step of {settings.pairs:,} pairs | |\n| --- | ---: | ---: |")
    click.echo(f"| the recipe's | {ours:.2f} | 1 |")
    click.echo(f"| sentence-transformers' trainer | {theirs:.2f} | {theirs / ours:.1f} |")


def _of_a_step(learn: Callable[[int], None]) -> float:
    times = []
    for steps in (SHORT, LONG):
        start = time.perf_counter()
        learn(steps)
        times.append(time.perf_counter() - start)
    return (times[1] - times[0]) / (LONG - SHORT)


def _train(texts: Texts, tokenizer: Tokenizer, settings: Settings) -> None:
    with tempfile.TemporaryDirectory() as checkpoints:
        train(texts, parts(pieces_of(tokenizer)), settings, Path(checkpoints))


def _fit(pairs: list[tuple[str, str]], tokenizer: Tokenizer, settings: Settings, folder: Path) -> None:
    layer = StaticEmbedding(tokenizer, embedding_dim=settings.dimensions[0])
    model = SentenceTransformer(modules=[layer], device="cpu")
    both = MultipleNegativesRankingLoss(
        model, scale=settings.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(folder / "trainer"),
        max_steps=settings.steps,
        per_device_train_batch_size=settings.pairs,
        learning_rate=settings.rate,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
    )
    english, chinese = map(list, zip(*pairs, strict=True))
    SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_dict({"en": english, "zh": chinese}),
        loss=MatryoshkaLoss(model, both, list(settings.dimensions), n_dims_per_step=2),
    ).train()


if __name__ == "__main__":
    main()

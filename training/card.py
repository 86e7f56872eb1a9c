"""The model card: what the packed model is, measured as anyone would load it."""

from __future__ import annotations

from pathlib import Path
from string import Template

from benchmarks.quality import SETS, baselines, evaluate, load, table
from training.batches import SHARES
from training.weights import Settings

TEMPLATE = Path(__file__).with_name("card.md")
ABLATION = Path(__file__).with_name("ablation.md")


def write_card(folder: Path, pieces: int, settings: Settings, dev: Path) -> None:
    """Write the card of the model in ``folder``; without figures if there are no development sets in ``dev``."""
    whole, *fewer = settings.dimensions
    measured = {}
    if dev.is_dir():
        measured = {f"{n} dimensions": evaluate(load(str(folder), n), dev) for n in settings.dimensions}
        measured |= baselines(dev, SETS)
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        pieces=f"{pieces:,}",
        dimensions=whole,
        fewer=", ".join(map(str, fewer)),
        megabytes=round(sum(file.stat().st_size for file in folder.iterdir()) / 1e6),
        figures=table(measured) if measured else "Not measured: there were no development sets.",
        shares=_shares(),
        steps=f"{settings.steps:,}",
        pairs=f"{settings.pairs:,}",
        longest=settings.longest,
        ablation=ABLATION.read_text(encoding="utf-8").strip(),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _shares() -> str:
    rows = [f"   | {kind} | {share / sum(SHARES.values()):.0%} |" for kind, share in SHARES.items()]
    return "\n".join(["   | kind | share |", "   | --- | ---: |", *rows])

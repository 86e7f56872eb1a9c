"""The normaliser: NFKC, lower case, and every Traditional or Japanese character as its Simplified one.

A text and its conversion to the other script become the same pieces, so that the model need not learn a word twice.
The map is of single characters: which of two Simplified characters a Traditional one stands for in a word (乾隆, 干燥)
does not matter, as long as both scripts end at the same one. So 著 and 着, which are two characters in either script
but are parted by different words (著作, 看着; 看著), become one.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sentencepiece
from opencc import OpenCC
from sentencepiece import sentencepiece_model_pb2
from tokenizers import normalizers

# The blocks of unified Han characters that texts of today use, and the compatibility ideographs that NFKC leaves.
_HAN = [range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2A6E0)]

# Characters that stand in both scripts, but not in the same words: those that differed most often when OpenCC had
# converted millions of characters of Chinese articles to the Traditional of the mainland, Taiwan and Hong Kong.
_MERGED = str.maketrans(
    "著瞭衞覆像藉俱彷座敍揹甦枱睪伕颚暱簷薰痺濬",
    "着了卫复象借具仿坐叙背苏台睾夫腭昵檐熏痹浚",
)


def normaliser() -> normalizers.Normalizer:
    """The normaliser as a step of a tokenizer."""
    return normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Precompiled(_charsmap(dict(simplified())))]
    )


def simplified() -> Iterator[tuple[str, str]]:
    """Pairs of a character and the Simplified one that it is written as, where they differ.

    From OpenCC's tables: Traditional to Simplified for all, Japanese new forms (経, 図) by way of the Traditional ones;
    the latter only for characters that GB 2312 lacks, as 芸 or 予 are Simplified characters of another meaning.
    """
    to_simplified, to_traditional = OpenCC("t2s").convert, OpenCC("jp2t").convert
    for code in (code for block in _HAN for code in block):
        character = chr(code)
        target = to_simplified(character)
        if target == character and not _in_gb2312(character):
            target = to_simplified(to_traditional(character))
        target = target.translate(_MERGED)
        if target != character and len(target) == 1:
            yield character, target


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _charsmap(table: dict[str, str]) -> bytes:
    """The table as SentencePiece compiles it, a double-array trie that tokenizers reads.

    SentencePiece only hands it out as a part of a trained model, so the smallest of models is trained for it.
    """
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.tsv"
        rules.write_text("".join(f"{ord(a):X}\t{ord(b):X}\n" for a, b in table.items()), encoding="utf-8")
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["一 二 三"]),
            model_writer=model,
            vocab_size=8,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(rules),
            minloglevel=2,
        )
    proto = sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())
    return bytes(proto.normalizer_spec.precompiled_charsmap)

"""Texts -> their language, and how files name languages -> ISO 639-1."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# The beginning tells the language; more only takes time.
_ENOUGH = 3000
# py3langid's probabilities are calibrated to the length: a title of five words gets 0.6, "Python 3.11" 0.1.
_SURE = 0.5
_FEWEST_LETTERS = 4
_LETTER = re.compile(r"[^\W\d_]")
_NO_PROSE = re.compile(r"https?://\S+|[A-Za-z0-9.+_-]{1,64}@\S+")
# With as many Chinese characters as this among its letters, and none of Japanese or Korean, a text is Chinese: most
# texts are, and are not worth the two milliseconds that the package takes.
_MOSTLY = 0.6
_OTHER_THAN_CHINESE = re.compile(r"[\u3040-\u30ff\u1100-\u11ff\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WRITTEN_IN_HAN = {"zh", "ja", "ko"}
# ISO 639-2 and other names of what has a code of two letters, as feeds and pages write them.
_NAMES = {
    **{"zho": "zh", "chi": "zh", "cmn": "zh", "chinese": "zh", "中文": "zh", "简体中文": "zh", "繁體中文": "zh"},
    **{"cn": "zh", "tw": "zh", "eng": "en", "english": "en", "jpn": "ja", "jp": "ja", "kor": "ko", "kr": "ko"},
    **{"fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "rus": "ru", "por": "pt", "ita": "it"},
    **{"iw": "he", "in": "id", "ji": "yi"},
}
_CODE = re.compile(r"[a-z]{2}")


def language(text: str) -> str:
    """The ISO 639-1 code of the text's language by py3langid, "" for one too short to tell.

    The same text always gets the same answer.
    """
    beginning = _NO_PROSE.sub(" ", text[:_ENOUGH])
    letters = len(_LETTER.findall(beginning))
    if letters < _FEWEST_LETTERS:
        return ""
    if len(_HAN.findall(beginning)) > _MOSTLY * letters and not _OTHER_THAN_CHINESE.search(beginning):
        return "zh"
    code, probability = _identifier().classify(beginning)
    return str(code) if probability >= _SURE else ""


def declared(code: str) -> str:
    """The ISO 639-1 code of a language as a file declares it: "zh" for "zh-CN", "zh_TW", "cmn"; "" if it has none."""
    name = code.strip().lower()
    first = re.split(r"[-_.\s]", name)[0]
    found = _NAMES.get(name) or _NAMES.get(first, first)
    return found if _CODE.fullmatch(found) else ""


def belied(code: str, text: str) -> bool:
    """Whether a declared language cannot be the text's: templates say lang="en" of pages that are Chinese."""
    beginning = text[:_ENOUGH]
    han = len(_HAN.findall(beginning))
    return declared(code) not in _WRITTEN_IN_HAN and 2 * han > len(_LETTER.findall(beginning))


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    # A loaded model of our own: restricting the package's would change it for everyone in the process.
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if _CODE.fullmatch(code)])
    return identifier

"""Terms: what is the same to a reader is the same term, what is not is not, and any text has some that FTS5 takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import terms as module
from recommender.terms import JOINT, folded, pieces, revision, terms

texts = st.text() | st.text(
    st.sampled_from('国发〔2011〕5号x86_64 COVID-19"“四个意识”《史记》,.·٣²½İǅﬁ\0\n\ud7ff😀#*:^-')
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("國發〔2011〕5號", "国发〔2011〕5号"),
        ("錢學森與張桂梅", "钱学森与张桂梅"),
        ("ＣＯＶＩＤ－１９", "covid-19"),
        ("X86_64", "x86_64"),
        ("《史記》", "《史记》"),
        ("１，０００．５", "1,000.5"),
    ],
)
def test_what_reads_the_same_has_the_same_terms(one, other):
    assert terms([one]) == terms([other])


def has(text, term):
    return term in terms([text])[0]


def test_numbers_are_terms_though_the_model_does_not_read_them():
    assert has("国发〔2011〕5号", "2011") and has("国发〔2011〕5号", "5")
    assert has("共 1,000.5 元", f"1{JOINT}000{JOINT}5")
    assert not has("国发〔2011〕50号", "5")


def test_neighbours_tell_numbers_of_documents_and_rare_names_apart():
    asked = {f"2011{JOINT}5", f"5{JOINT}号"}
    assert asked <= set(terms(["国发〔2011〕5号"])[0])
    for other in ("国发〔2011〕50号", "国发〔2012〕5号", "2011年第5次，50号"):
        assert not asked <= set(terms([other])[0])
    assert has("闻人牧野来信", f"牧{JOINT}野")
    assert not has("牧，野", f"牧{JOINT}野")  # not side by side
    assert has("x86_64", f"86{JOINT}64")


def test_words_of_letters_are_terms_also_where_the_model_cuts_them():
    cut = [word for word in ("Überraschung", "naïve", "zyzzyva", "русский") if len(pieces([word])[0]) > 1]
    assert cut
    for word in cut:
        assert has(f"so {word}, ok", word.lower())
        assert not has(word[:3] + " " + word[3:], word.lower())


def test_terms_are_as_many_as_stand_there_and_begin_with_the_pieces():
    once, twice = terms(["COVID-19，张桂梅", "COVID-19，张桂梅。COVID-19，张桂梅"])
    assert sorted(twice) == sorted(once * 2)
    assert terms(["", " \n。"]) == [[], []]
    assert terms([]) == []


@given(st.lists(texts, max_size=4))
def test_any_text_has_terms_that_word_search_takes_as_they_are(some):
    found = terms(some)
    assert found == [terms([text])[0] for text in some]
    for every, first in zip(found, pieces(some), strict=True):
        assert every[: len(first)] == first
        for term in every:
            assert term
            assert not re.search(r"[\0-/:-`{-\x7f]", term)  # of ASCII only letters, small, and digits


@given(texts)
def test_folding_again_changes_no_terms(text):
    assert terms([folded(text)]) == terms([text])


def test_the_revision_changes_with_the_tokenizer(tmp_path, monkeypatch):
    assert re.fullmatch("[0-9a-f]{16}", revision())
    assert revision.__wrapped__() == revision()
    changed = tmp_path / "tokenizer.json"
    changed.write_bytes(module.TOKENIZER.read_bytes() + b" ")
    monkeypatch.setattr(module, "TOKENIZER", changed)
    assert revision.__wrapped__() != revision()

"""A word for a score: never lower for a higher score, and the same for what is the same under every model."""

import re
from typing import get_args

import numpy as np
import pytest
from conftest import WordEncoder
from hypothesis import given
from hypothesis import strategies as st

from recommender.calibrate import Background, Calibration
from recommender.types import Relevance

WORDS = get_args(Relevance)[::-1]  # from unrelated to strong
cosines = st.floats(-1, 1)
backgrounds = st.builds(Background, st.floats(-0.5, 0.999), st.floats(0.001, 0.4))


@given(backgrounds, cosines, cosines)
def test_a_higher_score_never_gets_a_lower_word_or_share(background, one, other):
    low, high = sorted([one, other])
    assert WORDS.index(background.relevance(low)) <= WORDS.index(background.relevance(high))
    assert 0 <= background.share(low) <= background.share(high) <= 1


@given(backgrounds)
def test_unrelated_texts_and_the_same_text_are_the_ends_of_the_scale(background):
    assert background.share(background.mean) == 0
    assert background.share(1) == 1
    assert background.relevance(background.mean) == "unrelated"


def test_the_same_place_on_the_scale_gets_the_same_word_under_every_model():
    low, high = Background(0.0, 0.05), Background(0.8, 0.01)
    scores = [0.05, 0.2, 0.3, 0.6]
    assert [low.relevance(s) for s in scores] == ["unrelated", "weak", "medium", "strong"]
    assert [high.relevance(0.8 + 0.2 * s) for s in scores] == ["unrelated", "weak", "medium", "strong"]


def test_what_chance_reaches_is_unrelated_however_far_it_goes():
    assert Background(0.1, 0.24).relevance(0.69) == "unrelated"
    assert Background(0.1, 0.24).relevance(0.71) == "strong"


def test_the_real_model_tells_unrelated_texts_from_the_same_text(embedded):
    asked, same, unrelated = (
        "税务部门要规范税收执法行为。",
        "税务部门要规范税收执法行为。",
        "月季开花以后应剪去残花,并追施磷钾肥。",
    )
    background = Calibration(embedded).between(asked, same)
    query, one, other = embedded.encode([asked, same, unrelated], "passage")
    assert background.relevance(float(query @ one)) == "strong"
    assert background.relevance(float(query @ other)) == "unrelated"


def test_the_background_is_of_pairs_of_different_texts():
    background = Calibration(WordEncoder()).between("中文", "中文")
    assert 0 < background.mean < 0.2
    assert 0 < background.deviation < 0.2


def test_a_model_that_knows_no_chinese_is_still_read_right_in_english():
    class OnlyEnglish(WordEncoder):
        def encode(self, texts, role):
            return super().encode([re.sub("[^ -~]+", " unknown ", text) for text in texts], role)

    calibration = Calibration(OnlyEnglish())
    assert calibration.between("中文", "中文").mean > 0.9
    assert calibration.between("cats sleep", "a cat").mean < 0.3
    assert calibration.between("cats sleep", "中文").mean < 0.3


@pytest.mark.parametrize("value", [0.5, 0.0])
def test_a_model_that_finds_everything_the_same_still_has_a_scale(value):
    class Stuck(WordEncoder):
        def encode(self, texts, role):
            return np.full((len(texts), 4), value, np.float32)

    background = Calibration(Stuck()).between("a", "b")
    assert np.isfinite([background.mean, background.deviation]).all()
    assert all(0 <= background.share(score) <= 1 for score in (-1, 0, 0.5, 1))
    assert background.relevance(1) == "strong"

"""Where words begin is fitted to what editors keep: planted tastes are found, and nothing is made of chance."""

from __future__ import annotations

from dataclasses import asdict, astuple, replace

import numpy as np
import pytest
from conftest import WordEncoder, essay
from decided import AS_PROMISED, CONTRARY, EVEN, STRICT, logistic, put_on_record, simulated
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from recommender import fit
from recommender.calibrate import BUILT_IN, WEAK, relevance
from recommender.desk import Desk
from recommender.evaluate.decisions import publications
from recommender.fit import FORECASTS, GRID, PROMISED, Curve, Sample, apply, fitted, held_out, in_words, sample
from recommender.fit.assess import EACH, LISTS, FitError, assess
from recommender.library import Fit
from recommender.library.transfer import backup, restore
from recommender.recommend import Recommender
from recommender.types import Bands, Change

closenesses = st.floats(0, 1)
begins = (
    st.lists(st.floats(0, 1) | st.just(np.inf), min_size=3, max_size=3).map(sorted).map(lambda three: Bands(*three))
)
# Where most of what is offered is; of what is closer or farther the record says little.
SEEN = GRID[(GRID > 0.06) & (GRID < 0.6)]


def drawn(closeness, kept, essays=None):
    """A sample of these pieces, each for an essay of its own if it is not said."""
    essays = np.arange(len(closeness)) if essays is None else essays
    return Sample(np.array(closeness, float), np.array(kept, float), np.array(essays))


# --- the curve ---


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("taste", [STRICT, logistic(-1, 6), logistic(1, 3)], ids=["strict", "between", "easy"])
def test_a_planted_taste_is_found(taste, seed):
    curve = fitted(simulated(taste, 300, seed))
    assert np.abs(curve.at(SEEN) - taste(SEEN)).max() < 0.06
    for begin, promised in zip(astuple(curve.bands), list(PROMISED.values())[1:], strict=True):
        # A word that could begin earlier begins where its promise is kept.
        assert taste(begin) == pytest.approx(promised, abs=0.05) if begin > WEAK else taste(WEAK) > promised - 0.05


def test_a_taste_in_steps_is_found_by_the_isotonic_curve():
    def steps(closeness):
        return np.where(closeness < 0.25, 0.2, np.where(closeness < 0.5, 0.8, 0.85))

    curve = fitted(simulated(steps, 300))
    assert curve.method == "isotonic"
    assert np.abs(curve.at(GRID) - steps(GRID))[(GRID > 0.1) & (np.abs(GRID - 0.25) > 0.02)].mean() < 0.04
    assert curve.bands.weak == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("method", [fit.isotonic, fit.logistic])
@pytest.mark.parametrize("taste", [STRICT, EVEN, CONTRARY, AS_PROMISED])
def test_closer_is_never_less_likely_kept_and_nothing_is_certain(method, taste):
    chances = method(simulated(taste, 50)).chances
    assert (np.diff(chances) >= 0).all()
    assert chances[0] > 0 and chances[-1] < 1


def test_a_curve_that_would_fall_is_even():
    found = simulated(CONTRARY, 50)
    assert fit.logistic(found).chances == pytest.approx(found.kept.mean())
    assert fit.logistic(drawn([0.2, 0.4], [1, 1])).chances == pytest.approx(1)


def test_where_words_begin_is_where_their_promises_do():
    rising = Curve("", np.linspace(0, 1, len(GRID)))
    assert astuple(rising.bands) == pytest.approx((0.334, 0.667, 0.9), abs=1e-3)
    assert Curve("", np.full_like(GRID, 0.95)).bands == Bands(WEAK, WEAK, WEAK)  # what chance gives stays unrelated
    assert Curve("", np.full_like(GRID, 0.5)).bands == Bands(WEAK, np.inf, np.inf)


@given(closenesses, begins)
def test_forecasts_are_those_of_the_words_that_are_said(closeness, bands):
    word = relevance(closeness, bands)
    assert in_words(np.array([closeness]), bands) == FORECASTS[list(PROMISED).index(word)]


def test_each_word_is_the_best_one_to_say_about_where_it_promises_to_be():
    chances = np.linspace(0.001, 0.999, 999)
    losses = -(np.outer(chances, np.log(FORECASTS)) + np.outer(1 - chances, np.log(1 - FORECASTS)))
    parted = chances[np.flatnonzero(np.diff(losses.argmin(axis=1)))]
    assert parted == pytest.approx(list(PROMISED.values())[1:], abs=0.025)


def test_a_forecast_that_is_certain_and_wrong_costs_much_and_not_everything():
    losses = fit.log_loss(np.array([1.0, 0.0, 0.0]), np.array([1.0, 0.0, 1.0]))
    assert losses.tolist() == pytest.approx([0, 0, 52 * np.log(2)])  # as scikit-learn has it


# --- held out ---


def test_no_essay_is_on_both_sides():
    essays = np.repeat(np.arange(20), 3)
    asked = []

    def learn(others):
        return Curve(",".join(map(str, set(others.essays))), GRID)

    def forecast(closeness, curve):
        asked.append(len(closeness))
        assert set(closeness.astype(int)).isdisjoint(map(int, curve.method.split(",")))
        return closeness

    found = held_out(drawn(essays, essays % 2, essays), forecast, learn)
    assert found.tolist() == essays.tolist()  # each is forecast once
    assert len(asked) == 5 and sum(asked) == 60


def test_scores_are_those_that_scikit_learn_computes():
    found = simulated(STRICT, 120, seed=5)
    assessed = assess(found, BUILT_IN)
    learnt = cross_val_predict(
        LogisticRegression(C=np.inf), found.closeness[:, None], found.kept, groups=found.essays,
        cv=GroupKFold(5), method="predict_proba",
    )[:, 1]  # fmt: skip
    assert assessed.method == "logistic"
    words = np.select([found.closeness >= edge for edge in (0.4, 0.2, 0.03)], [0.95, 23.5 / 30, 0.5], 1 / 6)
    for name, chances in {"curve": learnt, "now": words}.items():
        scores = assessed.scores[name]
        assert scores.log_loss.mean == pytest.approx(metrics.log_loss(found.kept, chances), abs=1e-4)
        assert scores.brier.mean == pytest.approx(metrics.brier_score_loss(found.kept, chances), abs=1e-4)
        assert scores.log_loss.low < scores.log_loss.mean < scores.log_loss.high
    losses = {name: scores.log_loss.mean for name, scores in assessed.scores.items()}
    assert assessed.better.mean == pytest.approx(losses["now"] - losses["fitted"])
    assert assessed.telling.mean == pytest.approx(losses["share"] - losses["curve"])
    # The calibration error of words: how far what was kept is from what each forecasts.
    gaps = [abs((found.kept - words)[words == word].sum()) for word in np.unique(words)]
    assert assessed.scores["now"].calibration_error.mean == pytest.approx(sum(gaps) / len(words))
    for word, forecast in zip(("weak", "medium", "strong"), (0.5, 23.5 / 30, 0.95), strict=True):
        said = assessed.said["now"][word]
        assert said.pieces == (words == forecast).sum()
        assert said.kept.mean == pytest.approx(found.kept[words == forecast].mean())


# --- is it better? ---


def test_words_that_mislead_are_mended():
    found = assess(simulated(STRICT, 150), BUILT_IN)
    assert found.objection == ""
    assert found.scores["fitted"].log_loss.mean < found.scores["now"].log_loss.mean - 0.02
    assert found.scores["fitted"].calibration_error.mean < found.scores["now"].calibration_error.mean
    for word, (low, high) in {"weak": (1 / 3, 2 / 3), "medium": (2 / 3, 0.9), "strong": (0.9, 1)}.items():
        assert low - 0.05 < found.said["fitted"][word].kept.mean < high + 0.05
    assert found.said["now"]["weak"].kept.mean < 1 / 3  # where the words in force say too much


@pytest.mark.parametrize("seed", range(3))
def test_words_that_are_right_stay(seed):
    found = assess(simulated(AS_PROMISED, 150, seed), BUILT_IN)
    assert "The fitted words are not better" in found.objection


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_made_of_decisions_that_closeness_does_not_tell(seed):
    whole = simulated(STRICT, 150, seed)
    shuffled = replace(whole, kept=np.random.default_rng(seed).permutation(whole.kept))
    for found in (shuffled, simulated(EVEN, 150, seed), simulated(CONTRARY, 150, seed)):
        assert "Closeness does not tell" in assess(found, BUILT_IN).objection


def test_too_few_decisions_are_refused_with_what_is_needed():
    few = simulated(STRICT, LISTS - 1)
    with pytest.raises(FitError, match=rf"{LISTS - 1} published lists.*{LISTS} lists are needed, with {EACH} pieces"):
        assess(few, BUILT_IN)
    kept = np.ones(LISTS * 10)
    for one_kind in (kept, kept - 1):
        one_kind[: EACH - 1] = 1 - one_kind[: EACH - 1]
        with pytest.raises(FitError):
            assess(drawn(np.full(LISTS * 10, 0.2), one_kind, np.arange(LISTS * 10) // 10), BUILT_IN)
    with pytest.raises(FitError, match="0 published lists, in which 0 of 0 pieces"):
        assess(drawn([], []), BUILT_IN)


# --- out of the record, and in force ---


@pytest.fixture
def decided(library):
    """A library with a record of editors whom the built-in words mislead."""
    put_on_record(library, simulated(STRICT, 120))
    return library


def test_the_record_gives_what_was_decided(decided):
    planted, found = simulated(STRICT, 120), sample(publications(decided.decisions), "1")
    assert found.essays.tolist() == planted.essays.tolist()
    assert found.closeness.tolist() == planted.closeness.tolist()
    assert found.kept.tolist() == planted.kept.tolist()


def test_lists_of_another_model_do_not_count(library):
    put_on_record(library, simulated(EVEN, 5), revision="2")
    put_on_record(library, simulated(STRICT, 3), of_list="other")
    found = sample(publications(library.decisions), "1")
    assert found.kept.tolist() == simulated(STRICT, 3).kept.tolist()
    assert sorted(set(found.essays.tolist())) == [0, 1, 2]


def test_what_is_applied_is_in_force_for_everybody_and_only_for_its_model(decided, open_library):
    found = apply.proposed(decided)
    assert decided.fits.now() is None  # nothing is applied by itself
    assert Recommender(decided, WordEncoder()).bands == BUILT_IN
    apply.apply(decided, found, {"better": found.better.mean})
    other = open_library(WordEncoder())  # as another process has it
    fit_now = other.fits.now()
    assert (fit_now.revision, fit_now.bands, fit_now.figures) == ("1", found.bands, {"better": found.better.mean})
    assert Recommender(other, WordEncoder()).bands == found.bands
    coming = WordEncoder("other", "2")
    decided.put_vectors(coming, [], np.zeros((0, coming.dimensions), np.float32))
    decided.switch(coming)
    assert Recommender(decided, coming).bands == BUILT_IN
    assert apply.reset(decided) is False
    decided.switch(WordEncoder())
    assert Recommender(decided, WordEncoder()).bands == found.bands


def test_reset_puts_the_built_in_words_in_force_and_keeps_the_record(decided, open_library):
    apply.apply(decided, apply.proposed(decided), {})
    assert apply.reset(decided) is True
    assert open_library(WordEncoder()).fits.now().bands is None
    assert Recommender(decided, WordEncoder()).bands == BUILT_IN
    assert apply.reset(decided) is False
    with decided.connections.reading() as db:
        assert [row[0] is None for row in db.execute("SELECT weak FROM fits ORDER BY number")] == [False, True]


def test_a_word_that_is_never_said_is_kept_so(library):
    bands = Bands(0.1, 0.5, np.inf)
    library.fits.put(Fit("2026-01-01T00:00:00+00:00", library.fits.revision, bands, {}))
    assert library.fits.now().bands == bands
    assert relevance(1.0, library.fits.now().bands) == "medium"


def test_a_backup_has_what_is_in_force(library, tmp_path):
    fits = [
        Fit("then", "1", Bands(0.1, 0.5, np.inf), {"lists": 7}),
        Fit("later", "1", None, {}),
        Fit("now", "2", None, {}),
    ]
    for one in fits:
        library.fits.put(one)
    restored = restore(backup(library), tmp_path / "restored.db")
    assert restored.fits.now() == library.fits.now() == fits[1]
    assert list(backup(restored)) == list(backup(library))


def test_what_is_not_better_is_not_applied(library):
    put_on_record(library, simulated(AS_PROMISED, 150))
    found = apply.proposed(library)
    with pytest.raises(FitError, match=r"are not better.* Nothing was changed\.$"):
        apply.apply(library, found, asdict(found))
    assert library.fits.now() is None


def test_a_fit_is_never_made_on_top_of_another(decided):
    first = apply.proposed(decided)
    apply.apply(decided, first, {})
    again = apply.proposed(decided)
    assert (again.bands, again.now) == (first.bands, first.bands)
    assert again.objection  # it is no better than itself


def test_a_fit_changes_words_and_neither_closeness_nor_order(recommender):
    texts = ["red green blue white", "red green blue", "red green", "one two three"]
    recommender.put([essay(str(at), text, title=text) for at, text in enumerate(texts)])
    asked = recommender.article("0")
    before = recommender.related(asked)
    words = dict.fromkeys(row.relevance for row in before)
    assert len(words) > 1
    edge = before[1].closeness
    recommender.library.fits.put(Fit("", recommender.library.fits.revision, Bands(edge, np.inf, np.inf), {}))
    after = recommender.related(asked)
    assert [row.relevance for row in after] == ["weak", "weak", "unrelated"]
    assert [replace(row, relevance="weak") for row in after] == [replace(row, relevance="weak") for row in before]
    # What the desk puts on record has the closeness that a later fit needs, and the words of its day.
    desk = Desk(recommender)
    draft = desk.decide(desk.open(asked), [Change("publish")], "编辑甲")
    rows = desk.record.proposals([draft.decisions[-1].proposals]).popitem()[1].rows
    assert [row.closeness for row in rows] == [round(row.closeness, 4) for row in before]
    assert [offer.piece for offer in next(publications(desk.record)).offers] == [row.piece for row in rows[:2]]

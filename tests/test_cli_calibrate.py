"""The command ``calibrate``: it says how right the words are, and changes them only when it is told to."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from conftest import WordEncoder
from decided import AS_PROMISED, STRICT, logistic, put_on_record, simulated

from recommender.calibrate import BUILT_IN
from recommender.cli.calibrate import calibrate
from recommender.fit.apply import proposed
from recommender.library.sqlite import SqliteLibrary


@pytest.fixture
def run(library):
    def invoke(*arguments):
        return CliRunner().invoke(calibrate, [*arguments, "--library", library.name], env={"COLUMNS": "300"})

    return invoke


@pytest.fixture
def decided(library):
    """A library whose editors the built-in words mislead."""
    put_on_record(library, simulated(STRICT, 120))
    return library


def applied(library):
    """What another process sees."""
    return SqliteLibrary(library.path, WordEncoder()).fits.now()


def rows(output):
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in output.splitlines() if line[0] == "│"]


def test_the_figures_are_those_of_the_fit_and_nothing_is_applied(run, decided):
    found = json.loads(run("--json").stdout)
    expected = proposed(decided)
    assert (found["lists"], found["pieces"], found["objection"]) == (120, 1200, "")
    assert found["now"] == {"weak": 0.03, "medium": 0.2, "strong": 0.4}
    assert found["bands"] == vars(expected.bands)
    assert list(found["scores"]) == ["share", "now", "fitted", "curve"]
    assert found["scores"]["now"]["log_loss"] == vars(expected.scores["now"].log_loss)
    assert sum(said["pieces"] for said in found["said"]["now"].values()) == 1200
    assert applied(decided) is None


def test_tables_for_people(run, decided):
    ran = run()
    assert ran.exit_code == 0
    expected = proposed(decided)
    found = rows(ran.output)
    words = ["unrelated", "weak", "medium", "strong"]
    forecasts = ["the share kept", "the words in force", "the words as fitted", "the fitted curve"]
    assert [row[0] for row in found] == [*forecasts, *words, *words]
    scores = expected.scores["fitted"].log_loss
    assert found[2][1] == f"{scores.mean:.3f} ({scores.low:.3f} to {scores.high:.3f})"
    assert found[4] == ["unrelated", "0.000", "0", "unknown", "0 to 33"]
    for row, side, begin in ((found[6], "now", 0.2), (found[10], "fitted", expected.bands.medium)):
        said = expected.said[side]["medium"]
        assert row[:3] == ["medium", f"{begin:.3f}", str(said.pieces)] and row[4] == "67 to 90"
        assert row[3] == f"{100 * said.kept.mean:.1f} ({100 * said.kept.low:.1f} to {100 * said.kept.high:.1f})"
    assert ran.output.splitlines()[-1] == "Nothing was changed. --apply puts the fitted words in force."
    assert applied(decided) is None


def test_apply_and_reset(run, decided):
    ran = run("--apply")
    assert ran.exit_code == 0 and ran.output.splitlines()[-1] == "The fitted words are in force."
    fit = applied(decided)
    assert fit.bands not in (None, BUILT_IN) and fit.at.endswith("+00:00")
    assert fit.figures["better"]["low"] > 0 and fit.figures["pieces"] == 1200
    again = run("--json")
    assert json.loads(again.stdout)["now"] == vars(fit.bands)
    assert "Nothing was changed. --apply would refuse:" in again.stderr
    assert run("--reset").output == "The built-in words are in force again.\n"
    assert applied(decided).bands is None
    assert run("--reset").output == "The built-in words are in force already.\n"


def test_what_is_not_better_is_shown_and_not_applied(run, library):
    put_on_record(library, simulated(AS_PROMISED, 150))
    shown = run()
    assert shown.exit_code == 0 and "--apply would refuse: The fitted words are not better" in shown.output
    ran = run("--apply")
    assert ran.exit_code == 1 and "Nothing was changed." in ran.stderr.splitlines()[-1]
    assert applied(library) is None


def test_a_word_that_is_never_said(run, library):
    put_on_record(library, simulated(logistic(-3, 4), 150))  # at best 73% are kept
    found = json.loads(run("--json").stdout)
    assert found["bands"]["strong"] is None
    assert [row[1] for row in rows(run().output) if row[0] == "strong"] == ["0.400", "never"]


@pytest.mark.parametrize("arguments", [(), ("--apply",), ("--json",)])
def test_too_few_decisions_are_one_sentence(run, library, arguments):
    ran = run(*arguments)
    assert ran.exit_code == 1 and ran.stdout == ""
    assert ran.stderr.startswith("Error: There are too few decisions to fit by: 0 published lists")


def test_a_wrong_call_and_a_library_that_is_not_there(run, tmp_path):
    assert "choose one" in run("--apply", "--reset").stderr
    ran = CliRunner().invoke(calibrate, ["--library", str(tmp_path / "no.db")])
    assert ran.exit_code == 1 and "there is no such library" in ran.stderr

"""The map on the command line: drawn when it is due, its themes printed as JSON and for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from maps import EACH, SUBJECTS, articles, planted

from recommender.cli import main
from recommender.embed import Encoder, load_encoder
from recommender.recommend import Recommender


@pytest.fixture(autouse=True)
def models() -> Iterator[None]:
    """The real model, loaded once and not again for every command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.recommend.load_encoder", cache(load_encoder))
        yield


@pytest.fixture
def recommender(tmp_path: Path, embedded: Encoder) -> Recommender:
    """The planted library."""
    return planted(tmp_path / "library.db", embedded)


def run(recommender: Recommender, *arguments: str) -> Result:
    """Draw the map of a library on the command line."""
    result = CliRunner().invoke(main, ["map", "--library", recommender.library.name, *arguments])
    assert result.exit_code == 0, result.output
    return result


def test_each_subject_is_a_theme_with_its_own_words(recommender: Recommender) -> None:
    result = run(recommender, "--json")
    themes = [json.loads(line) for line in result.stdout.splitlines()]
    assert [theme["articles"] for theme in themes] == [EACH] * len(SUBJECTS)
    found = set()
    for theme in themes:
        [subject] = [s for s, own in SUBJECTS.items() if {s, *own} & set(theme["words"])]
        found.add(subject)
        assert sum(part["articles"] for part in theme["parts"]) <= EACH
    assert found == set(SUBJECTS)
    assert result.stderr == f"0 of {EACH * len(SUBJECTS)} articles are of no theme\n"


def test_people_read_a_line_a_theme(recommender: Recommender) -> None:
    lines = run(recommender).stdout.splitlines()
    assert len(lines) == len(SUBJECTS)
    assert all(line.split()[0] == str(EACH) and "·" in line for line in lines)


def test_it_is_drawn_when_it_is_due_or_asked_for(recommender: Recommender) -> None:
    atlases = recommender.library.atlases
    states = [atlases.state()]
    for arguments in ([], [], ["--again"]):
        run(recommender, *arguments)
        states.append(atlases.state())
    assert states[0] != states[1] == states[2] != states[3]
    recommender.remove([article.id for article in articles()[: EACH * len(SUBJECTS) // 5]])
    removed = atlases.state()
    run(recommender)
    assert atlases.state() != removed


def test_a_library_of_nothing_has_no_theme(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["map", "--library", str(tmp_path / "none.db")])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 of 0 articles are of no theme\n"

"""The README is true: its example prints what it says, its commands and files exist."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS, articles_of

from recommender.recommend import Recommender

README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_prints_what_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    [(code, expected)] = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", README, re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue() == expected


def test_the_sample_is_judged_as_the_readme_says(seed_recommender: Recommender) -> None:
    essay, *pieces = articles_of(seed_recommender)
    words = Counter(r.relevance for r in seed_recommender.related(essay, 9))
    assert "one of the nine is strongly related, one weakly, and seven\nnot at all" in README
    assert words == {"strong": 1, "weak": 1, "unrelated": 7}
    assert sum("浅见" in piece.title for piece in pieces) == 8


def test_the_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^make (\w+)", README, re.MULTILINE)) | set(re.findall(r"`make (\w+)`", README))
    assert targets == {"run", "test", "check", "model"}
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_files_exist() -> None:
    linked = re.findall(r"\]\(([^)#]+)\)|`((?:benchmarks|seeds|recommender|\.ci)/[^`]*)`", README)
    paths = [path or code for path, code in linked]
    assert len(paths) >= 5
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_line_of_the_readme_is_understood() -> None:
    from click.testing import CliRunner

    from recommender.cli import main

    commands = re.findall(r"^python -m recommender (\w+)", README, re.MULTILINE)
    assert set(commands) == set(main.commands)
    for command in commands:
        assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0


def test_the_figures_of_the_model_are_those_of_its_card() -> None:
    card = (ROOT / "recommender" / "model" / "README.md").read_text("utf-8")
    figures = dict(re.findall(r"^\| (\w+(?: \w+)?) \| ([\d.]+) \|", card, re.MULTILINE))
    rows = {
        "STS-B Chinese": ["zh_stsb"],
        "LCQMC": ["zh_lcqmc"],
        "Tatoeba, Chinese and English": ["tatoeba zh"],
        "Tatoeba, Japanese / German / French": ["tatoeba ja", "tatoeba de", "tatoeba fr"],
        "See-also, C++ / web pages": ["seealso_en_cpp", "seealso_en"],
    }
    for row, names in rows.items():
        assert f"| {row} | {' / '.join(figures[name] for name in names)} |" in README

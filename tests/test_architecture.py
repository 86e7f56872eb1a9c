"""The picture in the contracts is true: who imports whom, what a command loads, what is installed."""

import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT
from importlinter.cli import lint_imports


def test_the_contracts_about_imports_are_kept(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", sys.path[:])  # the linter adds the working directory
    # It would switch off all loggers that there are, of which other tests read some.
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda verbose: None)
    broken = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    report = capsys.readouterr().out
    assert not broken, report
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert f"Contracts: {len(contracts)} kept, 0 broken." in report


def test_the_app_is_only_a_door():
    app = ROOT / "app.py"
    if not app.exists():
        pytest.skip("there is no app yet")
    assert len(app.read_text("utf-8").splitlines()) <= 25


def test_the_command_line_loads_nothing_heavy_until_a_command_runs():
    heavy = {"torch", "sentence_transformers", "transformers", "streamlit", "numpy", "sklearn", "pandas", "rich"}
    code = "import sys, recommender.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "click" in loaded.stdout.split()
    assert not heavy & set(loaded.stdout.split())


def test_every_requirement_is_pinned():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    needs = [need for line in lines if (need := line.partition("#")[0].strip())]
    assert [need for need in needs if not re.fullmatch(r"[a-z0-9-]+==\d+(\.\d+)+", need)] == []
    assert "torch==2.13.0" in needs  # README promises an installation without CUDA

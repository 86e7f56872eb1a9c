# Each target makes .venv with what it needs; nothing is installed outside it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format model

run: .venv/runs
	$(BIN)/streamlit run app.py

test: .venv/tests
	$(BIN)/python -m pytest

check: .venv/tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The embedded model anew, from a corpus: make model DATA=../shared/corpus
model: .venv/training
	$(BIN)/python -m training --data $(DATA)

format: .venv/tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

.venv/runs: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/tests: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --editable '.[test]'
	touch $@

.venv/training: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --editable '.[training]'
	touch $@

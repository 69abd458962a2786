# Two commands: `make demo` sets up and does the main job; `make test` sets up and tests.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CATALOGS := $(patsubst %.po,%.mo,$(wildcard camtool/locale/*/LC_MESSAGES/*.po))

.PHONY: demo test test-slow fuzz lint bench messages constraints clean

$(READY): pyproject.toml constraints.txt hatch_build.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q camtool
	touch $@

%.mo: %.po $(READY)
	$(BIN)/python hatch_build.py

demo: $(READY) $(CATALOGS)
	$(BIN)/camtool demo demo

test: $(READY) $(CATALOGS)
	$(BIN)/python -m pytest -n auto -m "not slow"

test-slow: $(READY) $(CATALOGS)
	$(BIN)/python -m pytest -n auto

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Ratios measured in one run against the named peers: tests/benchmark.
bench: $(READY) $(CATALOGS)
	$(BIN)/python -m tests.benchmark $(ROWS)

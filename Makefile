# Two commands: `make demo` sets up and does the main job; `make test` sets up and tests.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CATALOGS := $(patsubst %.po,%.mo,$(wildcard camtool/locale/*/LC_MESSAGES/*.po))
VIETNAMESE := camtool/locale/vi/LC_MESSAGES/camtool.po

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
bench: $(READY) $(CATALOGS) .venv-bench/.ready
	$(BIN)/python -m tests.benchmark $(ROWS)

# DVR-Scan has an environment of its own: it brings opencv-contrib-python-headless 4, whose cv2 would lie over ours.
.venv-bench/.ready:
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet dvr-scan-headless==1.8.2.1
	touch $@

# Collect the texts to be translated and bring the Vietnamese catalog up to date; then translate what is new or fuzzy.
messages: $(READY)
	mkdir -p build
	$(BIN)/pybabel -q extract -k mark -k _ -k ngettext:1,2 --no-wrap --add-location=file --sort-by-file --omit-header -o build/camtool.pot camtool
	sed '/^$$/q' $(VIETNAMESE) > build/camtool.po  # its own head, without the dates and addresses that Babel would put there
	$(BIN)/pybabel -q update -D camtool -i build/camtool.pot -d camtool/locale -l vi --no-wrap --omit-header --ignore-obsolete
	cat $(VIETNAMESE) >> build/camtool.po
	mv build/camtool.po $(VIETNAMESE)
	$(BIN)/python hatch_build.py

# Renew the pinned versions; needs uv, on the machine of whoever does it.
constraints:
	uv pip compile pyproject.toml --universal --generate-hashes --no-annotate --no-header --extra dev --quiet --output-file constraints.txt

# Longer Hypothesis runs of the pure core and the readers of foreign bytes.
fuzz: $(READY) $(CATALOGS)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n auto tests/core tests/layouts tests/media/test_boxes.py tests/media/test_framing.py tests/evidence

clean:
	rm -rf $(VENV) .venv-bench build demo camtool/locale/*/LC_MESSAGES/*.mo

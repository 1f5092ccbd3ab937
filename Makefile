# `make chat` runs the assistant, `make test` checks everything. Both set up what they need.

PYTHON ?= python3
# torch goes in before anything that depends on it, and pinned: otherwise pip may choose a build
# with gigabytes of GPU libraries. To use another build: make setup TORCH=<requirement or wheel>
TORCH ?= torch==2.13.0
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet
WORKERS ?= 2
# Real browsers and killed processes on a noisy machine: what fails is run once more, and listed as RERUN.
AGAIN ?= --reruns 1

.PHONY: setup chat test check fast lint types tests browser suite format fuzz kills bench bench-million audit rooms clean

setup: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	  || { echo "Python's venv module is needed: apt-get install python3-venv"; exit 2; }
	@echo "Setting up .venv (once; a few minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) "$(TORCH)"
	@$(PIP) --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests need ..."
	@$(PIP) --constraint constraints.txt --editable ".[dev]"
# Alone, since it asks for Amazon's and Google's clients too, which clash with Chroma's packages.
	@$(PIP) --constraint constraints.txt --no-deps \
	  llama-index-llms-anthropic anthropic docstring_parser jiter sniffio
	@touch $@

chat: .venv/installed
	@$(BIN)/assistant chat $(ARGS)

# The same on a laptop and in CI.
test: check
check: lint types tests browser suite

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy

tests: .venv/installed-dev
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --durations 20 -m "not browser" $(AGAIN)

browser: .venv/installed-dev
	$(BIN)/pytest -m browser $(AGAIN)

suite: .venv/installed-dev
	@mkdir -p reports
	$(BIN)/evals run starter --json reports/starter.json --junit reports/starter.xml \
	  --markdown reports/starter.md --html reports/starter.html
	$(BIN)/evals run across --json reports/across.json
	$(BIN)/evals run followups --json reports/followups.json

# The inner loop: under a minute, nothing slow, no browser.
fast: .venv/installed-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile -m "not browser and not slow and not model"

format: .venv/installed-dev
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

# Broken and hostile input for every reader; each finding becomes a file that the tests replay.
MINUTES ?= 10
# Guided by coverage where atheris can be installed, by chance elsewhere.
fuzz: .venv/installed-dev
	@$(BIN)/python -c 'import atheris' 2> /dev/null || $(PIP) "atheris==3.0.0" \
	  || echo "atheris cannot be installed here: inputs are changed by chance"
	$(BIN)/python -m tests.fuzz.fuzz_readers --minutes $(MINUTES) $(ARGS)

# Processes killed at every point of their work, one after the other, on the same home (docs/faults.md).
LOOPS ?= 1000
kills: .venv/installed-dev
	$(BIN)/python -m tests.faults.kills --loops $(LOOPS) $(if $(SEED),--seed $(SEED))

# Each file with what it is for: make rooms | grep quote
rooms:
	@$(PYTHON) -m tests.rooms

bench: .venv/installed
	$(BIN)/evals bench speed

# Searching a million passages: about 18 GB of disk (TMPDIR says where), 4 GB of memory for the process, and
# what is left of 16 GB for its files to be warm (docs/decisions/040-a-million-and-names-that-are-not-there.md).
bench-million: .venv/installed
	$(BIN)/evals bench speed --part search --passages 1000000

# Advisories, licences and an SBOM of what is pinned. Asks the package index; its tools have a place of
# their own.
audit: .venv/installed-dev
	@mkdir -p reports
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit \
	  && .venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit cyclonedx-bom; }
	$(BIN)/python -m tests.licences > reports/licences.txt
	.venv/audit/bin/cyclonedx-py requirements constraints.txt --output-file reports/sbom.json
# What could not be looked up must not pass for sound: exit code 3, and 1 where something is known.
	$(BIN)/python -m tests.advisories .venv/audit/bin/pip-audit

clean:
	rm -rf .venv build reports *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

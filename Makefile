# Everything that is done to this project is a target here. `make` alone lists them.
# Stamp files under .make/ remember what is installed, so the second run of a target is quick.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON := $(BIN)/python
PIP    := $(PYTHON) -m pip --quiet --quiet --disable-pip-version-check --no-input
CODE   := bot handlers ocr storage tests
# Extra words for pytest: make test ARGS="-k inbox -x"
ARGS   ?=
# How many tests run at a time. Most of them wait for a process of theirs, so that two cores carry three.
AT_ONCE ?= 3

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- use ------------------------------------------------------------------------------------------------------------

.PHONY: run
run: .make/runtime | .make/debian-run ## Install what is missing and start the demo: three phones in a web page
	@KEIHI_DEMO=$${KEIHI_DEMO-1} exec $(BIN)/keihi serve

.PHONY: demo
demo: .make/runtime | .make/debian-run ## Play the demo story in the terminal: photo, claim, approval
	@exec $(BIN)/keihi demo

.PHONY: install
install: .make/runtime | .make/debian-run ## Install what running needs, start nothing
	@echo "Installed: $(BIN)/keihi --help"

# ---- develop --------------------------------------------------------------------------------------------------------

.PHONY: test
test: .make/dev .make/node/installed | .make/debian-test ## Install what the tests need and run them (ARGS="-k word" chooses)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(PYTHON) -m pytest --numprocesses $(AT_ONCE) --dist worksteal $(ARGS)

.PHONY: check
check: check-lint check-format check-types check-lock check-texts ## Lint, formatting, types, lock file and text catalogues (-k: go on after a failure)

.PHONY: check-lint check-format check-types check-lock check-texts
check-lint: .make/dev
	@$(BIN)/ruff check $(CODE)
check-format: .make/dev
	@$(BIN)/ruff format --check $(CODE)
check-types: .make/dev
	@$(BIN)/mypy
check-lock: .make/dev
	@$(PYTHON) -m tests.tools.lock
check-texts: .make/dev
	@$(PYTHON) -m pytest -q tests/handlers/test_texts.py

.PHONY: fmt
fmt: .make/dev ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix --quiet $(CODE) || true
	@$(BIN)/ruff format $(CODE)

.PHONY: bench
bench: .make/dev | .make/debian-run ## Measure the server beside a bare FastAPI echo; writes docs/benchmarks.md
	@$(PYTHON) -m tests.bench

.PHONY: bench-ocr
bench-ocr: .make/dev | .make/debian-run ## Measure reading: speed and, where labelled receipts are, how much is right
	@$(PYTHON) -m tests.bench.ocr

.PHONY: bench-rules
bench-rules: .make/dev | .make/debian-run ## Measure the rules on a generated year of claims; writes docs/benchmarks.md
	@$(PYTHON) -m tests.bench.year --write

.PHONY: hooks
hooks: .make/dev ## Run lint and formatting before every commit in this clone
	@$(BIN)/prek install

.PHONY: lock
lock: .make/dev ## Pin again from pyproject.toml and tests/contract/package.json (UPGRADE=--upgrade takes newer releases)
	@$(PYTHON) -m tests.tools.lock --write $(UPGRADE)
	@cd tests/contract && PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 npm install --package-lock-only --ignore-scripts --loglevel=error

.PHONY: clean
clean: ## Remove what these targets made; data in var/ stays
	@rm -rf .make .bench $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- what the targets above stand on --------------------------------------------------------------------------------

$(VENV)/pyvenv.cfg:
	@.ci/setup venv $(VENV)

.make/runtime: $(VENV)/pyvenv.cfg requirements.lock pyproject.toml
	@echo "Installing the pinned packages into $(VENV) (a minute or two the first time)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(@D) && touch $@

.make/dev: $(VENV)/pyvenv.cfg requirements-dev.lock pyproject.toml
	@echo "Installing the pinned packages and the development tools into $(VENV) (a minute or two the first time)"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@mkdir -p $(@D) && touch $@ .make/runtime

# Node itself comes from the development lock, so no system Node is needed. A machine that cannot reach the npm registry
# still runs the other tests: those that need these tools skip and say so.
.make/node/installed: tests/contract/package.json tests/contract/package-lock.json | .make/dev
	@echo "Installing the Node tools of the contract tests into $(@D)"
	@mkdir -p $(@D) && cp tests/contract/package.json tests/contract/package-lock.json tests/contract/.npmrc $(@D)
	@cd $(@D) && if PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --loglevel=error; then touch installed; \
	else echo "The Node tools could not be installed; the contract tests that need them will be skipped."; fi

# The script leaves its stamp only when nothing is missing; until then it says each time what is.
.make/debian-run .make/debian-test:
	@.ci/setup debian $(subst .make/debian-,,$@)

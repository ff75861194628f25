# One word for each thing to do here. `make` lists them. Needs git, make and Python 3.11 or newer with venv; the rest it fetches.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
export PORT
UV_VERSION := 0.13.9
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

BIN := .venv/bin
PY := $(BIN)/python
FLASK := $(PY) -m flask --app wsgi
TOOLS := $(PY) -m tests.journeys.browser
PYTEST := $(PY) -m pytest -n 2 --dist worksteal -q
INSTALL := $(BIN)/uv pip install --quiet --python $(PY) --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11
ASSETS := app/static/vendor/manifest.json
OWN := $(shell find app/static -type f -not -path 'app/static/vendor/*' 2>/dev/null)

export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE  # compiled once, not at every start

.PHONY: help
help: ## list these words
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

# ---- for people -----------------------------------------------------------------------------------------------------

.PHONY: run
run: .venv/.app $(ASSETS) ## the demo district on http://127.0.0.1:8000 (PORT=… for another port)
	@mkdir -p instance
	@$(FLASK) demo --if-empty
	@exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers $(WORKERS) --blocking-threads 4 --no-ws wsgi:app

.PHONY: setup
setup: .venv/.app $(ASSETS) ## all that a real installation needs, without a demo: see docs/operating.md
	@mkdir -p instance

.PHONY: dev
dev: .venv/.dev $(ASSETS) ## the same, restarting when a file changes
	@mkdir -p instance
	@$(FLASK) demo --if-empty
	@exec $(FLASK) run --debug --port $(PORT)

# ---- for whoever changes something ----------------------------------------------------------------------------------

.PHONY: quick
quick: .venv/.dev ## lint, types, contracts and domain tests, in seconds
	@$(MAKE) -j2 --output-sync=target lint types contracts quick-tests

.PHONY: test
test: .venv/.dev .venv/.browser .venv/.java $(ASSETS) ## every test: both databases and the browser
	@$(PYTEST) --database=both

.PHONY: check
check: .venv/.dev .venv/.browser .venv/.java $(ASSETS) ## everything the gate asks for
	@$(MAKE) lint types contracts
	@$(FLASK) content check content
	@$(FLASK) translations check
	@$(MAKE) test

.PHONY: thorough
thorough: .venv/.dev .venv/.browser .venv/.java $(ASSETS) ## the long hunts too: many more generated examples, coverage
	@HYPOTHESIS_PROFILE=thorough SLOW_OK=1 $(PYTEST) --database=both --cov --cov-report=term

.PHONY: pictures
pictures: .venv/.dev .venv/.browser $(ASSETS) ## take the pictures of README and docs anew, of the demo
	@$(PY) -m pytest -q tests/journeys/pictures.py

.PHONY: bench
bench: .venv/.dev .venv/.nginx $(ASSETS) ## measure parents' and staff pages against the budgets
	@$(PY) -m benchmarks

.PHONY: lint
lint: .venv/.dev ## style of Python and templates
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(BIN)/djlint --quiet --lint app

.PHONY: format
format: .venv/.dev ## lay out the Python and mend what can be mended
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

.PHONY: types
types: .venv/.dev ## mypy, strict
	@$(BIN)/mypy --no-error-summary

.PHONY: contracts
contracts: .venv/.dev ## who may import whom
	@out=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$out"; exit 1; }

.PHONY: quick-tests
quick-tests: .venv/.dev
	@$(PYTEST) -m "not slow and not journey" tests/curriculum

.PHONY: content
content: .venv/.app ## the state of the idea bank and its translations on one screen
	@$(FLASK) content report content translations

.PHONY: translations
translations: .venv/.app ## gather the interface's words and bring every language's file up to date
	@$(FLASK) translations interface

.PHONY: lock
lock: $(BIN)/uv ## renew the lock files from pyproject.toml and package.json
	@$(LOCK) --upgrade pyproject.toml --extra postgres --output-file requirements.lock
	@$(LOCK) --upgrade pyproject.toml --extra dev --output-file requirements-dev.lock
	@$(LOCK) --upgrade --group pyproject.toml:tools --output-file requirements-tools.lock
	@npm update --package-lock-only --ignore-scripts

.PHONY: clean
clean: ## forget all that was set up or built; the demo's database stays
	@rm -rf .venv node_modules app/static/vendor .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# ---- set-up: each file below is made once, and again when what it depends on has changed ----------------------------

$(BIN)/uv:
	@echo "Setting up Python …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python has no venv here; on Debian: apt-get install python3-venv"; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.app: requirements.lock | $(BIN)/uv
	@$(INSTALL) -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | $(BIN)/uv
	@$(INSTALL) -r requirements-dev.lock
	@touch $@ .venv/.app

# Node 18 or newer with npm, else the wheel that holds them.
node_modules/.done: package.json package-lock.json .npmrc requirements-tools.lock | $(BIN)/uv
	@{ command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 18)'; } >/dev/null 2>&1 || $(INSTALL) -r requirements-tools.lock
	@npm ci --ignore-scripts --silent || npm ci --ignore-scripts
	@touch $@

$(ASSETS): node_modules/.done app/assets.py $(OWN)
	@$(PY) app/assets.py # run as a file: it needs nothing of the app

.venv/.java: .venv/.dev requirements-tools.lock
	@$(TOOLS) java >/dev/null || $(INSTALL) -r requirements-tools.lock
	@$(TOOLS) java >/dev/null || { echo "Java 11 or newer is needed for the HTML checker."; exit 1; }
	@touch $@

# What the parents' page is measured beside.
.venv/.nginx: .venv/.dev
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! [ -x "$$(PATH=$$PATH:/usr/sbin command -v nginx)" ]; then \
	  echo "Installing nginx …"; \
	  { apt-get -q -o DPkg::Lock::Timeout=120 update && apt-get -qy -o DPkg::Lock::Timeout=120 -o RUNLEVEL=1 install --no-install-recommends nginx-light; } \
	    </dev/null >.venv/nginx.log 2>&1 || true; \
	  if command -v service >/dev/null; then service nginx stop >/dev/null 2>&1 || true; fi; \
	fi
	@PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || { echo "Install nginx (Debian: apt-get install nginx-light) and run make again."; exit 1; }
	@touch $@

# Chromium, the fonts of every language and what PDFs are made with: as they are, else from Debian, else Playwright's own.
.venv/.browser: .venv/.dev
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! { $(TOOLS) chromium && dpkg -s fonts-noto-core $(PANGO); } >/dev/null 2>&1; then \
	  echo "Installing Chromium and fonts …"; \
	  for attempt in 1 2 3 4 5; do \
	    { apt-get -q -o DPkg::Lock::Timeout=120 update && DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=120 \
	      install --no-install-recommends chromium fonts-noto-core $(PANGO); } </dev/null >.venv/browser.log 2>&1 && break; \
	    sleep 10; \
	  done; \
	fi
	@$(TOOLS) chromium >/dev/null || $(BIN)/playwright install chromium || true
	@$(TOOLS) chromium >/dev/null || { echo "Install Chromium (Debian: apt-get install chromium fonts-noto-core) and run make again."; exit 1; }
	@touch $@

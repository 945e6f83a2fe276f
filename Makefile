# `make help` lists the targets. PYTHON=python3.12 makes the environment with another Python (3.11 or newer).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
export PYTHON
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/pytest -n 2
TEMPLATES := find . \( -path ./.venv -o -path ./var \) -prune -o -path '*/templates/*.html' -print0
# The share of lines and branches that `make check` asks for, in percent. Raise it, never lower it.
COV_MIN ?= 95
COV ?= --cov --cov-report=term:skip-covered --cov-fail-under=$(COV_MIN)
# No release younger than this is taken. LOCK_FLAGS=--upgrade moves every package up, `make lock` alone only what pyproject.toml asks for.
LOCK_AGE := 7 days
LOCK_FLAGS ?=
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--exclude-newer "$(LOCK_AGE)" --custom-compile-command "make lock" $(LOCK_FLAGS)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- environment

.PHONY: system system-test
system:
	@scripts/system-packages
system-test:
	@scripts/system-packages test

$(BIN)/pip: | system
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/dev: requirements-dev.lock | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ .venv/runtime

$(BIN)/uv: | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check uv

# Made once; a later .env.example never overwrites it.
.env:
	@umask 077; key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))'); \
	sed "s|^SECRET_KEY=.*|SECRET_KEY=$$key|" .env.example > .env.new; mv .env.new .env
	@echo "Made .env from .env.example, with a new SECRET_KEY."

.PHONY: setup
setup: system .venv/dev .env ## environment: system packages, .venv from the lock, .env, database
	$(MANAGE) migrate --verbosity 0

# ---- running

.PHONY: run worker demo demo-reset
run: setup ## web server for development (PORT=8000)
	exec $(MANAGE) runserver $(or $(PORT),8000)

worker: setup ## Celery worker with its beat
	@mkdir -p var
	exec $(BIN)/celery -A config worker -B --loglevel INFO --concurrency 2

demo: system .venv/runtime .env ## everything, with a sample province (PORT=8000); Ctrl-C stops it, the data stays
	@exec scripts/demo

demo-reset: system .venv/runtime .env ## removes the demo's data and starts over
	@exec scripts/demo --reset

# ---- checking

.PHONY: test test-fast check bench
test: system-test .venv/dev ## all tests
	$(PYTEST)

test-fast: system .venv/dev ## tests that are neither slow nor in a browser
	$(PYTEST) -m "not slow and not e2e"

check: system-test .venv/dev .env ## what CI runs: style, types, imports, migrations, settings, all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(TEMPLATES) | xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=localhost \
		$(MANAGE) check --deploy --fail-level WARNING --settings config.settings.prod
	$(PYTEST) $(COV)

bench: system .venv/runtime ## one run's measurements as JSON, see docs/benchmarks.md (BENCH=--quick: a short run)
	@$(BIN)/python scripts/bench.py $(BENCH)

# ---- writing

.PHONY: fmt migrations lock
fmt: .venv/dev ## ruff --fix, ruff format, djade
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(TEMPLATES) | xargs -0 -r $(BIN)/djade --target-version 5.2

migrations: .venv/dev .env ## name=add_seal [app=blocs]: a named migration, then the check of max_migration.txt
	@test -n "$(name)" || { echo "make migrations name=what_it_does [app=blocs]" >&2; exit 2; }
	$(MANAGE) makemigrations $(app) --name "$(name)"
	$(MANAGE) check

lock: $(BIN)/uv ## re-compiles both lock files (LOCK_FLAGS=--upgrade moves packages up)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

# The service desk: every command of the house. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# The machine's Python, for set-up; everything else runs in .venv.
BASE_PYTHON ?= $(shell command -v python3.11 || command -v python3)
PYTHON := .venv/bin/python
# Two cores are the usual machine here; PYTEST_WORKERS=0 runs tests in one process.
PYTEST_WORKERS ?= 2
PYTEST := $(PYTHON) -m pytest -q
# Nothing from this machine's .env may decide whether a check passes.
CLEAN := ENV_FILE=/dev/null DJANGO_SETTINGS_MODULE=tests.settings DATABASE_URL= REDIS_URL=
GROWN_UP = $(if $(and $(DATABASE_URL),$(REDIS_URL)),,$(error $(NEEDS_SERVERS)))
NEEDS_SERVERS = DATABASE_URL and REDIS_URL must name a PostgreSQL and a Redis to test against, for \
	example DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres REDIS_URL=redis://127.0.0.1:6379/0

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: python ## Set up what is missing and start the service desk (PORT=9000 make run)
	@exec $(BASE_PYTHON) -m deploy.serve

.PHONY: setup
setup: python ## Set up without starting
	@$(BASE_PYTHON) -m deploy.setup

.PHONY: dev
dev: python ## Set up what development and tests need
	@$(BASE_PYTHON) -m deploy.setup --dev

.PHONY: twilio-double
twilio-double: dev ## Stand-in for Twilio, for trials of real-looking calls
	@$(PYTHON) -m tests.doubles.twilio

.PHONY: test
test: dev ## Run the tests (SQLite, no browser)
	@DATABASE_URL= REDIS_URL= $(PYTEST) -n $(PYTEST_WORKERS)

.PHONY: test-postgres
test-postgres: servers dev ## Run the tests on PostgreSQL and Redis (DATABASE_URL, REDIS_URL)
	@$(PYTEST) -n $(PYTEST_WORKERS)

.PHONY: test-browser
test-browser: dev ## Run the tests that drive a real Chromium
	@DATABASE_URL= REDIS_URL= $(PYTEST) -m browser tests/browser

.PHONY: faults
faults: servers dev ## Kill and stop processes at random; nothing lost or doubled (SCENARIO, ROUNDS, SEED)
	@$(PYTHON) -m benchmarks.faults

.PHONY: faults-short
faults-short: servers dev
	@ROUNDS=5 $(PYTHON) -m benchmarks.faults

.PHONY: bench-idle
bench-idle: dev ## A tick with nothing due, at 1,000 and 1,000,000 running clocks (DATABASE_URL)
	@$(PYTHON) -m benchmarks.clocks_idle

.PHONY: bench-burst
bench-burst: dev ## 10,000 clocks due in the same second (DATABASE_URL)
	@$(PYTHON) -m benchmarks.clocks_burst

.PHONY: bench-spread
bench-spread: dev ## 100,000 armed clocks: how late their milestones are (DATABASE_URL, SQLite without)
	@$(PYTHON) -m benchmarks.clocks_spread

.PHONY: bench-sqlite
bench-sqlite: dev ## The three benchmarks of the clocks on SQLite, at 10,000 armed clocks
	@DATABASE_URL= $(PYTHON) -m benchmarks.clocks_idle 1000 10000
	@DATABASE_URL= $(PYTHON) -m benchmarks.clocks_burst 10000
	@DATABASE_URL= $(PYTHON) -m benchmarks.clocks_spread 10000

.PHONY: bench-paging
bench-paging: servers dev ## How soon a telephone rings: at rest, after kill -9, after a restart (DATABASE_URL)
	@$(PYTHON) -m benchmarks.paging

.PHONY: check
check: servers dev lint test test-postgres test-browser faults-short ## Everything that must hold before a change is published

.PHONY: lint
lint: dev ## The checks of make check that run no tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(CLEAN) $(PYTHON) -m mypy
	$(CLEAN) .venv/bin/lint-imports
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2 --check
	$(CLEAN) $(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) -m deploy.check_messages
	@$(PYTHON) -m deploy.check_production

.PHONY: format
format: dev ## Put Python and templates into the house's form
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2

.PHONY: workflow-table
workflow-table: dev ## Make docs/workflow-table.md from the expectation table of the tests
	$(CLEAN) $(PYTHON) -m tests.tickets.workflow_page

.PHONY: messages
messages: dev ## Bring the catalogue of texts up to date (needs GNU gettext)
	$(PYTHON) -m deploy.check_messages --update

.PHONY: python
python:
	@[[ -n "$(BASE_PYTHON)" ]] || { echo "Python 3.11 is not installed: install it (Debian: sudo apt install python3 python3-venv) and try again." >&2; exit 1; }

.PHONY: servers
servers:
	@$(GROWN_UP)true

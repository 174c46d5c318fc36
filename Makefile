# Two commands for a newcomer: `make demo` and `make test`. Both do all set-up by themselves.
.DEFAULT_GOAL := help
.PHONY: help demo test setup web fmt lint types contracts unit smoke docs standard bench bench-media bench-call soak fuzz lock clean mutation

SHELL := /bin/bash
STAMPS := build/stamps
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
WEB_SOURCES := $(shell find agent_web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

help:
	@echo "make demo   the whole house on this machine, with simulated devices (Ctrl-C ends it)"
	@echo "make test   what CI runs: format, lint, types, imports, all tests, the robot's visit"
	@echo "make smoke  only the robot's visit (build/smoke/)"
	@echo "make unit   only the tests; one package: make unit TESTS=tests/unit/payment"
	@echo "make fmt    format everything      make lock   pin the versions anew"
	@echo "make docs   docs/standard.md, docs/standard.tsv, screenshots      make bench / soak / fuzz   longer runs (make bench BENCH=journal)"

# --- set-up, each step once -------------------------------------------------------------------------------------------

$(STAMPS)/system: requirements/debian.txt requirements/setup.sh
	@mkdir -p $(STAMPS)
	@requirements/setup.sh system
	@touch $@

$(STAMPS)/python: requirements/dev.txt $(STAMPS)/system
	@requirements/setup.sh python
	@touch $@

$(STAMPS)/npm: agent_web/package-lock.json $(STAMPS)/python
	@echo "Installing the page's packages (agent_web/package-lock.json)" >&2
	@cd agent_web && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(STAMPS)/web: $(STAMPS)/npm $(WEB_SOURCES)
	@echo "Building the page" >&2
	@cd agent_web && npm run --silent build >/dev/null
	@touch $@

setup: $(STAMPS)/web

# --- the two commands -------------------------------------------------------------------------------------------------

demo: setup
	@$(BIN)/python -m terminal_app demo $(DEMO_ARGUMENTS)

test: setup lint types contracts unit smoke
	@$(BIN)/python docs/clauses.py --check
	@echo "make test: all green"

# --- parts of make test -----------------------------------------------------------------------------------------------

lint: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	cd agent_web && npm run --silent check

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

TESTS ?= tests
unit: setup
	cd agent_web && npm run --silent test
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not smoke and not soak" $(TESTS)

smoke: setup
	$(BIN)/pytest -m smoke -s tests/smoke

# --- the rest ---------------------------------------------------------------------------------------------------------

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd agent_web && npm run --silent format

# The pictures of the last robot's visit that the pages show.
SCREENSHOTS := terminal-attract terminal-balance terminal-cash-full terminal-receipt terminal-call terminal-case \
  agent-ringing agent-call agent-wrap-up agent-operations

# docs/standard.md from the clauses and the marks on the tests.
standard: setup
	$(BIN)/python docs/clauses.py

# The robot's walk over every screen in every combination of modes, sizes and languages takes an hour or two.
docs: standard smoke
	$(BIN)/pytest -n 2 -m soak tests/ui/test_terminal_walk.py tests/ui/test_terminal_keyboard.py
	@mkdir -p docs/screenshots
	@for name in $(SCREENSHOTS); do cp build/smoke/[0-9][0-9]-$$name.png docs/screenshots/$$name.png; done
	@cp build/smoke/receipt.png docs/screenshots/receipt.png

bench: setup
	@$(BIN)/python -m tests.bench $(BENCH)

# Our terminal <-> Chromium beside Chromium <-> Chromium over made networks; root; half an hour on an idle machine.
bench-media: setup
	@$(BIN)/python -m tests.bench.bench_media $(BENCH)

# A whole call through cuts, a new address and killed programs; root; three minutes. Whether the terminal grows from call
# to call and in a long one: make bench BENCH=call_soak, or with arguments python -m tests.bench.bench_call_soak.
bench-call: setup
	@$(BIN)/python -m tests.bench.bench_call_life $(BENCH)

mutation: setup
	$(BIN)/python -m tests.bench.mutation --report docs/mutation.md

soak: setup
	$(BIN)/pytest -m soak -s tests

# A million random touches, notes, answers and failures, some two minutes.
fuzz: setup
	$(BIN)/python -m tests.monkey --touches 1000000 --workers 2

lock:
	$(BIN)/python -m pip install --quiet uv
	cd requirements && for name in base dev captions; do \
	  $(CURDIR)/$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --quiet --upgrade $$name.in -o $$name.txt; done
	cd agent_web && npm install --package-lock-only --omit-lockfile-registry-resolved

clean:
	rm -rf build .venv agent_web/node_modules agent_web/dist

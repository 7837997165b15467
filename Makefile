# Everything a fresh machine needs is Python 3.11 or newer and make. The first target that runs makes .venv.
#
#   make run        the demo coffee bar on http://127.0.0.1:8080
#   make test       all tests           make test ARGS="-k goldens"
#   make test-postgres  whole hosts of tests on PostgreSQL; SAYSO_TEST_STORE=postgres make test runs everything so
#   make check      format, lint, types, import layers
#   make diagram    draw the dialogue's policy in docs/dialogue.md
#   make fmt        format, and mend what the linter can
#   make bench-NAME one benchmark of bench/ (coffee, values, turn, kill); TEST and DATA are folders it may use; STORE=postgres

SHELL := /bin/bash
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=

# Real input for tests and benchmarks; not part of the repository. What needs it skips with a reason where it is absent.
SAYSO_SHARED_DATA ?= $(abspath ../shared/data)
DATA ?= $(SAYSO_SHARED_DATA)
TEST ?= $(DATA)
STORE ?=
export SAYSO_SHARED_DATA

.PHONY: help run test test-postgres check diagram fmt clean
help:
	@sed -n '3,10s/^# *//p' Makefile

run: $(VENV)/installed
	SAYSO_DEMO=$${SAYSO_DEMO-1} $(BIN)/sayso run $(ARGS)

test: $(VENV)/installed
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# What the store makes no difference to is tested by `make test`. Needs the system's PostgreSQL.
ON_POSTGRES := tests/conversations tests/unit/host tests/unit/testing tests/faults/test_model_modes.py
test-postgres: $(VENV)/installed
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || [ -n "$$SAYSO_TEST_DATABASE_URL" ]; \
	then SAYSO_TEST_STORE=postgres $(BIN)/python -m pytest -n auto --dist worksteal $(ON_POSTGRES) $(ARGS); \
	else echo "skipped: no PostgreSQL here (apt-get install postgresql)"; fi

check: $(VENV)/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/sayso check

diagram: $(VENV)/installed
	$(BIN)/python -m sayso.dialogue.diagram

fmt: $(VENV)/installed
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench-%: bench/%.py $(VENV)/installed
	DATA="$(DATA)" TEST="$(TEST)" STORE="$(STORE)" $(BIN)/python $< $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Installed anew when the dependencies change; the ranges are in pyproject.toml.
$(VENV)/installed: pyproject.toml
	@set -e; for python in python3.11 python3.12 python3.13 python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "sayso needs Python 3.11 or newer; install it and run make again" >&2; exit 1; fi; \
	if [ ! -x $(BIN)/python ]; then echo "making $(VENV) with $$($$found --version)"; \
	  $$found -m venv $(VENV) || { echo "this Python lacks venv; on Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }; fi; \
	echo "installing sayso and what it needs (a minute or two, once)"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

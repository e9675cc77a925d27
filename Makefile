# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.

MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
CODE := portal admin jobs deploy tests bench wsgi.py
COMPILED := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

.PHONY: help run setup test test-quick test-faults lint types contracts texts lock format clean compiled bench bench-peers
.DEFAULT_GOAL := help

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | awk -F'|' '{printf "make %-12s %s\n", $$1, $$2}'

run: ## install what is missing and start the portal; Ctrl-C stops it
	@sh deploy/setup.sh run
	@$(MAKE) compiled
	@exec $(PY) -m deploy.run

setup: ## install everything for work and tests, Chromium, a CJK font and LibreOffice included
	@sh deploy/setup.sh dev
	@sh deploy/browser.sh
	@sh deploy/office.sh
	@$(MAKE) compiled

# Three at once for two cores: one of them always waits for a server, a browser or a clock.
test: setup lint types contracts ## everything that CI runs: lint, types, contracts, all tests
	@$(PY) -m pytest -n 3 --dist worksteal

test-quick: ## for daily use: no browser, SQLite only, no killed servers
	@sh deploy/setup.sh dev
	@$(MAKE) compiled
	@$(PY) -m pytest -n 2 --dist worksteal -m "not browser and not faults and not slow and not postgresql"

test-faults: ## for an hour: kill, freeze and cut off everything; writes docs/reliability.md
	@sh deploy/setup.sh dev
	@$(MAKE) compiled
	@$(PY) -m pytest -m long tests/faults/long

lint: ## ruff: form and rules
	@$(PY) -m ruff format --check $(CODE)
	@$(PY) -m ruff check $(CODE)

types: ## mypy, strict
	@$(PY) -m mypy

contracts: ## import-linter: who may import whom
	@.venv/bin/lint-imports

format: ## put the code into form
	@$(PY) -m ruff check --fix $(CODE)
	@$(PY) -m ruff format $(CODE)

texts: ## bring the catalogue of texts up to the code
	@$(PY) -m portal.i18n update
	@$(MAKE) compiled

lock: ## choose the newest fitting libraries and write both locks
	@sh deploy/lock.sh

bench: ## measure ours against the bare way, on this machine; needs wrk
	@sh deploy/setup.sh dev
	@$(MAKE) compiled
	@$(PY) bench/run.py

bench-peers: ## measure ours against other projects, each in an environment of its own
	@sh deploy/setup.sh dev
	@$(MAKE) compiled
	@$(PY) bench/run.py peers

clean: ## remove what was installed and compiled; the data in instance/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(COMPILED)

compiled: $(COMPILED)
	@:

%.mo: %.po
	@$(PY) -m portal.i18n compile

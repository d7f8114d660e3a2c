# Two commands are enough: `make demo` and `make test`. Nothing but Python 3.11 or later and make
# has to be there first.
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help demo test check soak bench lock format clean

# Hundreds of processes are started by the tests: each would compile the product anew.
test check soak: export PYTHONDONTWRITEBYTECODE :=

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 14

demo: ## a hospital network in one process: take its EHR away and look
	@tools/setup all
	@.venv/bin/wardlight demo

test: ## everything, browser included
	@tools/setup dev
	@$(PY) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

check: ## what must be green before every commit (meant to take a minute)
	@tools/setup dev
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy --no-error-summary
	@said=$$(.venv/bin/lint-imports --no-logo) || { echo "$$said"; exit 1; }
	@$(PY) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder --hypothesis-profile quick \
		--ignore tests/browser --ignore tests/scenarios --ignore tests/simulated -m "not slow and not soak"

soak: ## the long form: kills, power cuts, flipped bits, planted faults; writes docs/reliability.md
	@tools/setup dev
	@rm -f docs/reliability.jsonl
	@export WARDLIGHT_SOAK=1 WARDLIGHT_RELIABILITY=$(CURDIR)/docs/reliability.jsonl; \
	$(PY) -m pytest -v -n auto --dist load -m soak && \
	$(PY) -m pytest -q tests/log/test_migrations.py tests/run/test_clock.py tests/run/keeping/test_evidence.py
	@$(PY) tools/reliability.py

bench: ## the product against its peers, on the same work, in one run
	@tools/setup dev
	@$(PY) benchmarks/run.py all

lock: ## write the lock files again from pyproject.toml
	@tools/setup dev
	@tools/lock

format: ## let ruff lay out the code
	@tools/setup dev
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --quiet --fix .

clean: ## remove what the other commands made
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

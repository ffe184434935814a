# Two commands for a bare machine: `make demo` and `make test`. Each sets up what it needs first.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test bench soak lint format hosts clean

PYTHON_IN_VENV := .venv/bin/python
# Everyone who is measured has one thread.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Create .venv and install oscbridge into it
	@.ci/setup user

setup-test: ## The same, with all that the checks need (torch among it)
	@.ci/setup test

demo: setup ## Hear the built-in music and send OSC to 127.0.0.1:7771 (SECONDS=10 stops it after 10 s)
	@.venv/bin/oscbridge demo $(if $(SECONDS),--seconds $(SECONDS))

test: setup-test ## Run every check that this machine can run; name what was skipped and why
	@$(PYTHON_IN_VENV) .ci/suite.py

bench: setup-test ## Measure speed beside other libraries; writes BENCHMARKS.md (some minutes; close other programs)
	@grep -v '^#' tests/bench/peers.txt | while read -r peer; do \
	    $(PYTHON_IN_VENV) -m pip install -qq --disable-pip-version-check --no-input "$$peer" < /dev/null || \
	    echo "bench: $$peer cannot be installed here; the report will say that it is missing"; \
	done
	@mkdir -p build
	@$(ONE_THREAD) $(PYTHON_IN_VENV) -m pytest tests/bench -q --benchmark-quiet --benchmark-json=build/benchmarks.json
	@$(PYTHON_IN_VENV) -m tests.bench.report build/benchmarks.json

soak: setup-test ## Hear music for MINUTES=10 in real time and HOURS=5 as fast as it goes: nothing may grow, drift or be lost
	@$(PYTHON_IN_VENV) -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(HOURS),--hours $(HOURS))

lint: setup-test ## Check format, style, types and layers
	@$(PYTHON_IN_VENV) .ci/suite.py --lint

format: setup-test ## Rewrite the sources in the house format
	@.venv/bin/ruff check --quiet --fix-only . && .venv/bin/ruff format .

hosts: ## Install the real programs that the tests talk to (tests/hosts.txt)
	@.ci/packages -f tests/hosts.txt

clean: ## Remove what the checks and builds leave behind (.venv stays)
	@rm -rf build dist .pytest_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# Two commands for a bare machine: `make demo` and `make test`. Each sets up what it needs first.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test bench lint format hosts clean

PYTHON_IN_VENV := .venv/bin/python

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

bench: setup-test ## Measure the speed of kernels and of the whole path
	@$(PYTHON_IN_VENV) -m pytest tests/bench --benchmark-columns=min,median,iqr,ops

lint: setup-test ## Check format, style, types and layers
	@$(PYTHON_IN_VENV) .ci/suite.py --lint

format: setup-test ## Rewrite the sources in the house format
	@.venv/bin/ruff check --quiet --fix-only . && .venv/bin/ruff format .

hosts: ## Install the real programs that the tests talk to (tests/hosts.txt)
	@.ci/packages -f tests/hosts.txt

clean: ## Remove what the checks and builds leave behind (.venv stays)
	@rm -rf build dist .pytest_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

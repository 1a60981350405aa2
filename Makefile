# Everything starts here; a fresh machine needs only Python 3.11+, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test conformance check format papers lock bench wheel clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements-dev.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed ## install what the other targets need into .venv

demo: $(VENV)/.installed ## an escaped bug, labelled, and the comment that appears (ARGS=--once to end by itself)
	$(BIN)/python -m app demo $(ARGS)

test: $(VENV)/.installed ## all tests
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

conformance: $(VENV)/.installed ## the sandbox against GitHub's own descriptions and an independent emulator (needs npm)
	RECALL_TEST_NPM=1 $(BIN)/python -m pytest -m emulator tests/sandbox $(ARGS)

check: $(VENV)/.installed ## ruff, mypy, import-linter, the action and the workflows, what the papers tell people to type
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml docs/workflows/*.yml
	$(BIN)/zizmor --offline --quiet --no-progress action.yml .github/workflows docs/workflows/*.yml
	$(BIN)/python -m pytest -q tests/test_papers.py

format: $(VENV)/.installed ## put the code in its shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

papers: $(VENV)/.installed ## write docs/gallery.md and docs/permissions.md anew from the code
	$(BIN)/python -m papers

lock: $(VENV)/.installed ## write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-strip-extras --generate-hashes pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-strip-extras --generate-hashes --group dev pyproject.toml -o requirements-dev.lock

bench: $(VENV)/.installed ## sizes, speed, and accuracy on real bugs (MIRRORS=bare repositories, PYDRILLER=a Python that has it)
	$(BIN)/python -m benchmarks.testmap $(MAPS)
	$(BIN)/python -m benchmarks.measure $(ARGS)
	$(BIN)/python -m benchmarks.culprit_speed

wheel: $(VENV)/.installed ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## remove what the targets made
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

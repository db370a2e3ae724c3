# Needs Python 3.11 or later, git and make; everything else is installed into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# What `make review` looks at: the last commits of this repository, or any other.
REPO ?= .
BASE ?=
HEAD ?= HEAD
ARGS ?=
# Tests at a time: they wait more than they compute.
JOBS ?= 4
WORKFLOWS := $(wildcard .github/workflows/*.yml examples/workflows/*.yml)

.PHONY: review audit test lint types schemas reference lock test-full clean
review: $(VENV)/.run
	@$(BIN)/architect-review review --repo "$(REPO)" --base "$(BASE)" --head "$(HEAD)" $(ARGS)

audit: $(VENV)/.run
	@$(BIN)/architect-review audit "$(REPO)" $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses $(JOBS) $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/zizmor --offline --no-progress --quiet action.yml $(WORKFLOWS) .github/dependabot.yml

types: $(VENV)/.dev
	$(BIN)/mypy
	MYPYPATH=src:tests:tools $(BIN)/mypy --namespace-packages tools tests

schemas: $(VENV)/.dev
	$(BIN)/python tools/reference.py --check
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --check-metaschema docs/config.schema.json docs/report.schema.json docs/audit-report.schema.json

reference: $(VENV)/.dev
	$(BIN)/python tools/reference.py

# Locks carry hashes and no index address.
lock: $(VENV)/.dev
	$(PIP) uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build -o requirements/build.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group audit -o requirements/audit.txt

test-full: $(VENV)/.dev
	tests/full/run

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.13 …"; exit 1; }
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt requirements/build.txt pyproject.toml
	@$(PIP) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

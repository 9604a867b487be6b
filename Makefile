# Two commands for everybody: make demo, make test. Both set up what they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-
LEARNT := $(VENV)/.learnt
# Only what was said to make itself: some shells have a HOST in the environment that means something else.
said = $(findstring command line,$(origin $(1)))

.PHONY: demo test check setup lock schema clean
.DEFAULT_GOAL := demo

demo: $(READY)run $(LEARNT) ## start the sandbox and the bot, print the address of the chat page; PORT=, HOST=
	@exec $(BIN)/python -m bot demo $(if $(call said,PORT),--port $(PORT)) $(if $(call said,HOST),--host $(HOST))

test: $(READY)dev $(LEARNT) ## run every test
	$(BIN)/python -m pytest

check: $(READY)dev ## lint, types, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m bot check

setup: $(READY)dev $(LEARNT) ## the environment that both use, and what the bot learns from its content

lock: $(READY)dev ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --extra semantic --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock
	uv pip compile pyproject.toml --extra semantic --group dev --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	    -c requirements.lock -o requirements-dev.lock

schema: $(READY)dev ## write the JSON Schemas that editors use
	$(BIN)/python -m bot schema --write content/schema

clean:
	rm -rf $(VENV) data build dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	    { rm -rf $(VENV); echo "Python's venv module is missing (Debian, Ubuntu: apt install python3-venv)"; exit 1; }

$(READY)run: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(READY)dev: requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(LEARNT): $(wildcard content/*.yaml content/*/*.yaml bot/core/answering/*.py) | $(BIN)/python
	@$(BIN)/python -m bot learn
	@touch $@

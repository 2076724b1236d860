# Puddle's commands. `make run` and `make test` do all the set-up they need; a second time they start at once.

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check
PORT ?= 8501
# Linux without an NVIDIA GPU: PyTorch's CPU wheels are some 200 MB where the default ones are 3 GB.
CPU_WHEELS := https://download.pytorch.org/whl/cpu

.PHONY: help run setup setup-dev test test-unit test-app test-browser check format bench

help:  ## list these commands
	@awk -F ':.*  ## ' '/^[a-z -]+:.*  ## / { printf "make %-38s %s\n", $$1, $$2 }' Makefile

run: setup  ## start the app (PORT=8501)
	@exec $(PYTHON) -m streamlit run app.py --server.port $(PORT)

setup: $(VENV)/installed.app  ## make .venv with what the app needs

setup-dev: $(VENV)/installed.dev  ## add what tests and checks need

test: setup-dev  ## run every test, three at a time: a browser keeps its test waiting
	@$(PYTHON) -m pytest --numprocesses 3

test-unit test-app test-browser: setup-dev  ## run the tests of one kind
	@$(PYTHON) -m pytest tests/$(@:test-%=%)

check: setup-dev  ## formatting, lint, types
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m pyright

format: setup-dev  ## format, and repair what the linter can
	@$(PYTHON) -m ruff format
	@$(PYTHON) -m ruff check --fix

bench: setup-dev  ## measure
	@for file in bench/[a-z]*.py; do $(PYTHON) -m bench.$$(basename $$file .py) || exit 1; done

$(PYTHON):
	@for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$name && break; \
	done; \
	if [ -z "$$found" ]; then echo "Puddle needs Python 3.11 or newer, and found none. Install it, then run make again." >&2; exit 1; fi; \
	echo "Making $(VENV) with $$($$found --version)"; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make $(VENV); on Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

$(VENV)/installed.app: requirements.txt | $(PYTHON)
	@$(PIP) install --quiet 'pip>=25.1'
	@if [ "$$(uname)" = Linux ] && ! command -v nvidia-smi >/dev/null && [ ! -e /proc/driver/nvidia ] \
	    && ! $(PYTHON) -c 'import importlib.metadata; importlib.metadata.version("torch")' 2>/dev/null \
	    && timeout 5 $(PYTHON) -c 'import urllib.request; urllib.request.urlopen("$(CPU_WHEELS)/torch/")' 2>/dev/null; then \
	    grep '^torch' requirements.txt >$(VENV)/torch.txt; \
	    $(PIP) install --index-url $(CPU_WHEELS) -r $(VENV)/torch.txt || true; \
	fi
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/installed.dev: pyproject.toml $(VENV)/installed.app
	@$(PIP) install --group dev
	@touch $@

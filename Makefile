# make serve: from nothing to http://127.0.0.1:8000.  make test: every check that CI runs.
PYTHON ?= python3
BIN := .venv/bin
TORCH := $(shell sed -n 's/^ *"\(torch==[^"]*\)".*/\1/p' pyproject.toml)
CPU_INDEX := https://download.pytorch.org/whl/cpu

.DEFAULT_GOAL := serve
.PHONY: serve test lint fix clean

serve: .venv/installed
	@$(BIN)/danvan serve

test: lint
	@$(BIN)/python -m pytest

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

fix: .venv/installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/installed: .venv/torch pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

# PyTorch's own index has builds without CUDA (200 MB, not 3 GB); where it can't be reached, any.
.venv/torch: .venv/bin/python pyproject.toml
	@echo "Đang cài đặt, lần đầu mất vài phút (installing, some minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --timeout 10 --retries 0 \
	    --index-url $(CPU_INDEX) $(TORCH) 2>/dev/null \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Cần Python 3.11 trở lên (Python 3.11 or newer is needed): make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Thiếu mô-đun venv (Python's venv is missing): sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

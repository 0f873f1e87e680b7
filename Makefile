# Everything a newcomer runs. Needs only python3 (3.11 or newer), make and a package registry.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
# The fast engine of value detection; made anew when its source changes, without setting up all again.
KERNEL := src/curtilage/detection/values
BUILT := $(VENV)/.kernel
# Servers that the tests start put their sockets and locks here, not in a folder shared between users.
export TMPDIR := $(CURDIR)/.tmp

.DEFAULT_GOAL := help
.PHONY: help demo test soak lint bench lock clean

help:  ## What can be made here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Curtilage needs Python 3.11 or newer; $(PYTHON) is older. Nothing was installed. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python cannot make virtual environments. Nothing was installed. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@mkdir -p $(TMPDIR)
	@echo "Setting up $(VENV) (once; about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN)/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(RUN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(BUILT): hatch_build.py $(wildcard $(KERNEL)/kernel*.c $(KERNEL)/kernel*.h) | $(READY)
	@$(RUN)/python hatch_build.py
	@touch $@

demo: $(READY) $(BUILT)  ## Build the example city, look at it, say what was found
	@$(RUN)/curtilage demo

test: $(READY) $(BUILT)  ## Run the tests (TESTS=tests/inventory for a part of them)
	@mkdir -p $(TMPDIR)
	@$(RUN)/python -m pytest $(TESTS)

soak: $(READY) $(BUILT)  ## Provoke faults 200 times each (SOAK=1000 for more): kill, disconnect, restart
	@mkdir -p $(TMPDIR)
	@SOAK=$(or $(SOAK),200) $(RUN)/python -m pytest -m soak -n 2 -o timeout=3600

lint: $(READY)  ## Style, types, floor plan, spelling
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-logo
	@$(RUN)/codespell
	@! grep -nE '://' requirements.lock

spark: $(VENV)/.spark  ## Install Apache Spark too, for `curtilage survey --engine spark://...` and its tests
$(VENV)/.spark: $(READY) requirements-spark.lock
	@command -v java >/dev/null || { echo "Spark needs Java 17 or newer. Nothing was installed. On Debian or Ubuntu: apt-get install default-jre-headless"; exit 1; }
	@echo "Installing Apache Spark (half a gigabyte) ..."
	@$(RUN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-spark.lock
	@touch $@

bench: $(READY) $(BUILT)  ## Measure: quality on the corpus where it lies beside, speed, peers
	@$(RUN)/python -m bench

lock:  ## Resolve the dependencies again, with hashes and without addresses
	@command -v uv >/dev/null || { echo "uv is not installed. Nothing was changed. Try: pip install uv"; exit 1; }
	@uv pip compile pyproject.toml --extra all --group test --group lint --group build --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -q -o requirements.lock
	@uv pip compile pyproject.toml --extra spark --constraint requirements.lock --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -q -o requirements-spark.lock
	@! grep -nE '://' requirements*.lock

clean:  ## Remove what was set up and built
	@rm -rf $(VENV) .tmp $(KERNEL)/_kernel.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

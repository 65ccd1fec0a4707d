# Each target sets up what it needs, in an environment of its own under .venvs/.
#   make demo   the digits network as a workbook, painted pixel by pixel
#   make test   the tests and the examples of the documentation
#   make check  everything that CI asks: format, lint, types, import layers, tests
#   make bench  the benchmarks beside other engines (docs/performance.md)
#   make conformance  formulas against Excel's own values, where ../shared/conformance is
#   make docs   generated pages written anew

PYTHON ?= python3
JOBS ?= 2
DEMO := .venvs/demo
TEST := .venvs/test
BENCH := .venvs/bench

.PHONY: demo test check format bench conformance docs clean

demo: $(DEMO)/.ready
	@$(DEMO)/bin/sheetengine digits

test: $(TEST)/.ready
	$(TEST)/bin/python -m pytest -n $(JOBS) --dist worksteal

check: $(TEST)/.ready
	$(TEST)/bin/ruff format --check .
	$(TEST)/bin/ruff check .
	$(TEST)/bin/mypy
	$(TEST)/bin/lint-imports
	$(MAKE) test
	@if [ -d ../shared/conformance ]; then $(MAKE) conformance; else echo "no ../shared/conformance: conformance is skipped"; fi

format: $(TEST)/.ready
	$(TEST)/bin/ruff check --fix .
	$(TEST)/bin/ruff format .

conformance: $(TEST)/.ready
	$(TEST)/bin/python -m tests.conformance

docs: $(TEST)/.ready
	$(TEST)/bin/python docs/generate.py

bench: $(BENCH)/.ready
	$(BENCH)/bin/python -m benchmarks

$(DEMO)/.ready: pyproject.toml $(shell find sheetengine workbooks -name '*.py' -newer $(DEMO)/.ready 2>/dev/null | head -1)
	$(PYTHON) .ci/make_venv.py $(DEMO) .

$(TEST)/.ready: pyproject.toml .ci/make_venv.py
	$(PYTHON) .ci/make_venv.py $(TEST) -e ".[all,dev]"

$(BENCH)/.ready: pyproject.toml .ci/make_venv.py
	$(PYTHON) .ci/make_venv.py $(BENCH) -e ".[all,bench]"

clean:
	rm -rf .venvs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

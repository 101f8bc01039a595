# Commands for working on this project:
#
#   make book         build the book, print where it is
#   make serve        build it, serve it locally, and rebuild on every change
#   make check        lint, numbers, charts, one demo in one browser: about a minute
#   make test         run every check
#   make format       format the code and correct what ruff can
#   make lint         run every linter
#   make links        check that links to other sites work
#   make pdf          print the built book to _build/book.pdf
#   make bench        compare the book's speed with other ways to make such a page
#   make lighthouse   write Lighthouse's scores of every page (needs Node.js)
#   make clean-book   remove build output; `make clean` also removes .venv
#
# Each installs what it needs into .venv, with the versions in constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
BUILD := $(BIN)/jupyter-book build book/ -n -W --keep-going
# Set to /dev/null, in a clean checkout, for the newest versions that pyproject.toml allows.
CONSTRAINTS := constraints.txt
# For `make bench`: a commit to compare with, and the pages to measure (all if empty).
BASELINE :=
ONLY :=

.PHONY: book serve test check lint format links pdf bench lighthouse clean-book clean

book: .venv/book
	$(BUILD)
	@echo "Open file://$(CURDIR)/_build/html/index.html"

serve: .venv/serve book
	PYTHONPATH=tests $(BIN)/python tools/serve_book.py _build/html $(BUILD)

# Tests wait for browsers more than they compute, so two processes take little more than half the
# time of one.
test: lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: lint
	$(BIN)/python -m pytest -q src tests/test_losses.py tests/test_descent.py tests/test_charts.py
	$(BIN)/python -m pytest -q tests/test_demos.py --browser chromium -k step-size

# Run all tools even if one fails. actionlint runs without shellcheck and pyflakes, which only some
# machines have.
lint: .venv/test
	@failed=; run() { echo "$$*"; $(BIN)/"$$@" || failed="$$failed $$1"; }; \
	run ruff check; \
	run ruff format --check; \
	run mypy; \
	run codespell; \
	run actionlint -shellcheck= -pyflakes= .github/workflows/*.yml; \
	run zizmor --offline --no-progress --strict-collection --persona=pedantic .github; \
	test -z "$$failed" || { echo "Failed:$$failed"; exit 1; }

format: .venv/test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Not part of the tests, because other sites may be down.
links: .venv/book
	$(BIN)/jupyter-book build book/ --builder linkcheck --path-output _build/links

pdf: book .venv/test
	PYTHONPATH=tests $(BIN)/python tools/print_book.py _build/html _build/book.pdf

bench: book .venv/bench
	PYTHONPATH=tests $(BIN)/python benchmarks/run.py \
		$(if $(BASELINE),--baseline $(BASELINE)) $(if $(ONLY),--only $(ONLY))

lighthouse: book .venv/test
	PYTHONPATH=tests $(BIN)/python benchmarks/lighthouse.py

# One stamp file per set of packages; a change of requirements installs again.
.venv/book .venv/serve .venv/test .venv/bench: .venv/%: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.version_info >= (3, 11) or \
		sys.exit(f"gdbook needs Python 3.11 or newer, and $(PYTHON) is {v}: try make PYTHON=python3.13")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[$*]'
	@# Silences the kernel's warning, on every page, about unencrypted local connections.
	@mkdir -p .venv/etc/ipython
	@echo 'c.IPKernelApp.log_level = "ERROR"' > .venv/etc/ipython/ipython_kernel_config.py
	touch $@

clean-book:
	rm -rf _build

clean: clean-book
	rm -rf .venv

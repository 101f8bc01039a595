# Everything about this project begins here:
#
#   make book    set up, build the book, say where it is
#   make test    set up, run every check
#   make pdf     print the book, as it was built, to _build/book.pdf
#   make bench   compare the book's speed with other ways of making such a page
#   make lighthouse   ask Lighthouse for its marks of every page (needs Node.js)
#
# All make their own virtual environment in .venv from the versions in constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
# With /dev/null, and no .venv yet: the newest versions that pyproject.toml allows.
CONSTRAINTS := constraints.txt

.PHONY: book test lint links pdf bench lighthouse clean

book: .venv/book
	$(BIN)/jupyter-book build book/ -n -W --keep-going

test: lint
	$(BIN)/python -m pytest

# actionlint goes without shellcheck and pyflakes, which only some machines have.
lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/actionlint -shellcheck= -pyflakes= .github/workflows/*.yml
	$(BIN)/zizmor --offline --no-progress --strict-collection --persona=pedantic .github

# Apart from the tests: it asks other sites, which may be away.
links: .venv/book
	$(BIN)/jupyter-book build book/ --builder linkcheck --path-output _build/links

pdf: book .venv/test
	PYTHONPATH=tests $(BIN)/python tools/print_book.py _build/html _build/book.pdf

bench: book .venv/bench
	PYTHONPATH=tests $(BIN)/python benchmarks/run.py

lighthouse: book .venv/test
	PYTHONPATH=tests $(BIN)/python benchmarks/lighthouse.py

# One stamp for each set of packages; a change of what the project needs sets up anew.
.venv/book .venv/test .venv/bench: .venv/%: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.version_info >= (3, 11) or \
		sys.exit(f"gdbook needs Python 3.11 or newer, and $(PYTHON) is {v}: try make PYTHON=python3.13")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e '.[$*]'
	touch $@

clean:
	rm -rf .venv _build

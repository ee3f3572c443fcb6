"""`python -m portal.embedded <command>`: what `make` runs once everything is installed."""

import os
import shlex
import sys
from importlib import import_module

from portal.embedded import checks, demo, faults, field, leak, places, suite
from portal.embedded.refusal import guarded


def main() -> int:
    """Runs the command named first."""
    arguments = shlex.split(os.environ.get("ARGS", ""))
    port = places.chosen_port(os.environ.get("PORT") or "8000")
    commands = {
        "demo": lambda: demo.run(port, os.environ.get("HOST") or "127.0.0.1"),
        "test": lambda: suite.test(arguments),
        "check": checks.check,
        "fix": checks.fix,
        "bench": lambda: suite.bench(arguments),
        "leak": lambda: leak.leak(arguments),
        "faults": lambda: faults.faults(arguments),
        "field": lambda: field.field(arguments),
        "migrations": lambda: suite.migrations(arguments),
        "manage": lambda: suite.manage(port, arguments),
        "pictures": lambda: import_module("portal.embedded.pictures").take(port),  # brings a browser along,
    }
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(guarded(main))

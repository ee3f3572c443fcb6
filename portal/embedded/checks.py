"""`make check` and `make fix`: what can be said about the code without running it."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from portal.embedded.cluster import clean_environment
from portal.embedded.places import ROOT

PYTHON = sys.executable
# Console scripts name their interpreter by its path, which a moved checkout breaks; modules do not.
IMPORT_LINTER = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
CHECKS: dict[str, list[str]] = {
    "types (mypy)": ["-m", "mypy"],
    "style (ruff check)": ["-m", "ruff", "check"],
    "format (ruff format)": ["-m", "ruff", "format", "--check"],
    "imports (import-linter)": ["-c", IMPORT_LINTER],
    "migrations": ["-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "settings (manage.py check)": ["manage.py", "check"],
    "templates (djlint)": ["-m", "djlint", "templates", "--lint", "--quiet"],
}
FIXES: dict[str, list[str]] = {
    "style (ruff check)": ["-m", "ruff", "check", "--fix"],
    "format (ruff format)": ["-m", "ruff", "format"],
}


@dataclass(frozen=True)
class Finding:
    """How one check ended."""

    title: str
    passed: bool
    seconds: float
    output: str

    def show(self) -> None:
        """A tick or a cross, the seconds, and on failure all that the tool said."""
        print(f"  {'✓' if self.passed else '✗'} {self.title} ({self.seconds:.1f} s)", flush=True)
        if not self.passed:
            print("\n".join(f"      {line}" for line in self.output.strip().splitlines()), flush=True)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The settings that no check depends on, but Django needs."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        **clean_environment(),
        "PYTHONPATH": str(ROOT),
        **(extra or {}),
    }


def _examine(title: str, arguments: list[str], env: Mapping[str, str]) -> Finding:
    begin = time.monotonic()
    found = subprocess.run(
        [PYTHON, *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Finding(title, found.returncode == 0, time.monotonic() - begin, found.stdout)


def examine(env: Mapping[str, str]) -> bool:
    """Runs every check, shows each as it ends, and says whether all passed."""
    passed = True
    with ThreadPoolExecutor(max_workers=max(2, min(os.cpu_count() or 2, 4))) as pool:
        runs: list[Future[Finding]] = [pool.submit(_examine, title, words, env) for title, words in CHECKS.items()]
        for run in as_completed(runs):
            finding = run.result()
            finding.show()
            passed = passed and finding.passed
    return passed


def check() -> int:
    """`make check`."""
    return 0 if examine(environment()) else 1


def fix() -> int:
    """`make fix`: only what is safe to change without reading it."""
    findings = [_examine(title, words, environment()) for title, words in FIXES.items()]
    for finding in findings:
        finding.show()
    return 0 if all(finding.passed for finding in findings) else 1

"""`make clean`: removes everything the other commands made. Standard library only."""

import shutil
from pathlib import Path

from portal.embedded import places
from portal.embedded.refusal import Refusal

WINGS = ("portal", "agencies", "agreements", "operations", "intel", "tests")
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def _refuse_while_running() -> None:
    for mark in places.DATA.glob("*/lock"):
        if places.is_locked(mark.parent):
            name = mark.parent.name
            what = "A test run" if name.startswith("test-") else f"The demo with PORT={name}"
            raise Refusal(f"{what} is running from this folder. Stop it first (Ctrl-C), then run make clean.")


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        path.unlink()


def clean() -> int:
    """Removes packages, browser libraries, data, and what root keeps outside the checkout."""
    _refuse_while_running()
    paths = [places.DATA, places.ROOT / ".venv", places.ROOT / "node_modules", places.outside()]
    paths += [places.ROOT / name for name in CACHES]
    paths += [path for wing in WINGS for path in (places.ROOT / wing).rglob("__pycache__")]
    for path in paths:
        _remove(path)
    print("clean: packages, browser libraries and all demo data are removed")
    return 0

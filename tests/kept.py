"""What many tests begin with is made once, and stands while tests that begin with it follow each other.

The cast takes a third of a second to make and the world of the doors seven: a quarter of the time of all tests, when
each made its own. A *layer* is made in a transaction that stays open around the tests' own ones, as
`TestCase.setUpTestData` does for a class, but across modules. Each test gets a copy of the objects, so that what it
changes in them is gone after it, as the rows are. Tests that commit, and tests that do not ask for a layer, find none:
it is taken down before them. It is made anew when it is old, for what it holds was done "an hour ago".
"""

import copy
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

# In seconds. Of what is made "an hour ago" so much later nothing is another thing yet.
OLD = 240.0
COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}
# By the name of the fixture, those that stand on others after them.
_makers: dict[str, tuple[tuple[str, ...], Callable[..., Any]]] = {}


def layer(name: str, maker: Callable[..., Any], *below: str) -> None:
    """The fixture of this name is a layer: made from the layers below it."""
    _makers[name] = (below, maker)


@dataclass
class _Standing:
    name: str
    # With those of the layers below as the making left them.
    objects: dict[str, Any]
    block: Any
    files: Path
    since: float = field(default_factory=time.monotonic)


class Keeper:
    """The layers that stand, the lowest first."""

    def __init__(self, unblock: Callable[[], Any]) -> None:
        self.unblock = unblock
        self.standing: list[_Standing] = []
        self._given: dict[str, Any] | None = None

    def ready(self, names: Sequence[str]) -> None:
        """Take down what the next test does not ask for, or is old, and make what is missing."""
        self._given = None
        while self.standing and not self._serves(names):
            self._take_down()
        for name in names[len(self.standing) :]:
            self._make(name)

    def _serves(self, names: Sequence[str]) -> bool:
        standing = [row.name for row in self.standing]
        return standing == list(names[: len(standing)]) and time.monotonic() - self.standing[-1].since < OLD

    def _make(self, name: str) -> None:
        below, maker = _makers[name]
        # Of the layers below a copy: when this one is taken down, they are as they were.
        objects = copy.deepcopy(self.standing[-1].objects) if self.standing else {}
        files = Path(tempfile.mkdtemp(prefix="kept-"))
        settings = override_settings(MEDIA_ROOT=str(files), DELIVERY_SETTLE_SECONDS=0)
        with self.unblock():
            block = transaction.atomic()
            # What is durable outside may stand in it, as in a test's own.
            block._from_testcase = True  # type: ignore[attr-defined]
            block.__enter__()
            try:
                with settings:
                    objects[name] = maker(*(objects[key] for key in below))
                self.standing.append(_Standing(name, objects, block, files))
            except BaseException:
                transaction.set_rollback(True)
                block.__exit__(None, None, None)
                raise

    def _take_down(self) -> None:
        row = self.standing.pop()
        with self.unblock():
            if connection.in_atomic_block:
                transaction.set_rollback(True)
            row.block.__exit__(None, None, None)
        shutil.rmtree(row.files, ignore_errors=True)

    def give(self, name: str, media: Path | None = None) -> Any:
        """A copy of a layer for the test that runs, and of its files; None where it does not stand."""
        if name not in {row.name for row in self.standing}:
            return None
        if self._given is None:
            # At once, so that who stands in two layers is the same in both.
            self._given = copy.deepcopy(self.standing[-1].objects)
        if media is not None:
            shutil.copytree(self.standing[-1].files, media, dirs_exist_ok=True)
        return self._given[name]


_key = pytest.StashKey[Keeper]()
_next = pytest.StashKey[list[str]]()


def _asked_by(item: pytest.Item) -> list[str]:
    """The layers that a test asks for, the lowest first; none where it commits."""
    names: list[str] = getattr(item, "fixturenames", [])
    marker = item.get_closest_marker("django_db")
    if COMMITTING.intersection(names) or (marker and (marker.kwargs.get("transaction") or marker.args)):
        return []
    found: list[str] = []
    for name in _makers:
        if name in names:
            found += [key for key in (*_makers[name][0], name) if key not in found]
    return found


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with the same layers follow each other, the most expensive first; else the order stays."""
    items.sort(key=lambda item: [-len(found := _asked_by(item)), *found])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.config.stash[_next] = _asked_by(item)
    if (keeper := item.config.stash.get(_key, None)) is not None:
        keeper.ready(item.config.stash[_next])


@pytest.fixture(scope="session")
def kept(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Keeper]:
    """Of the session, so that for the first test too the layers are made before its own transaction begins."""
    keeper = request.config.stash[_key] = Keeper(django_db_blocker.unblock)
    keeper.ready(request.config.stash[_next])
    yield keeper
    keeper.ready([])
    del request.config.stash[_key]

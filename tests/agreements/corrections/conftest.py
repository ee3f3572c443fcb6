"""A record of a1 that two partners read: b and c, under a treaty of all three. Neither may learn of the other."""

from typing import Any

import pytest

from agreements.corrections import actions
from agreements.corrections.models import Correction
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast, make_treaty

PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.GREEN.value)
WRONG, INSTEAD = "The time is wrong: quagga.", "It was at four. Our own log says so."


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """No nudges: `settled` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()


@pytest.fixture
def settled() -> Any:
    def run() -> None:
        while sweep():
            pass

    return run


@pytest.fixture
def pact(cast: Cast) -> Clause:
    """A treaty of X, Y and Z for a1, b and c."""
    return make_treaty(
        short_name="X–Y–Z Treaty",
        countries=["XX", "YY", "ZZ"],
        designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara,
        confirmed_by=[cast.yusuf, cast.zeno],
    )


@pytest.fixture
def note(cast: Cast, pact: Clause) -> Any:
    """Makes a record of a1, written by Lars and released to all parties."""

    def make(title: str = "Boat at the pier", by: Any = None, marking: Marking = PLAIN, give: bool = True) -> Record:
        row = records.create(by=by or cast.lars, kind="patrol", title=title, marking=marking)
        if give:
            releases.release(
                record=row, to=To(AudienceKind.ALL_PARTIES), clause=pact, purpose=Purpose.COORDINATION, by=row.author
            )
        return row

    return make


@pytest.fixture
def record(note: Any) -> Record:
    return note()  # type: ignore[no-any-return]


@pytest.fixture
def propose(cast: Cast, record: Record) -> Any:
    """Proposes a correction; by Yann of b unless somebody else is named."""

    def run(by: Any = None, of: Record | None = None, **values: Any) -> Correction:
        texts = {"wrong": WRONG, "instead": INSTEAD, **values}
        return actions.propose(record=of or record, by=by or cast.yann, **texts)

    return run

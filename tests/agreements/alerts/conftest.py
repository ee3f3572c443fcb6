"""Records to be alerted of, and the outbox's hand."""

import pytest

from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep

OPEN = Marking(categories=["operational"], classification=1, tlp=Tlp.GREEN.value)


@pytest.fixture(autouse=True)
def quiet():
    """No nudges: `sweep` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()


@pytest.fixture
def patrol_record(cast):
    """Makes a record of kind patrol, owned by a1."""

    def make(title="Night patrol at the bridge", by=None, marking=OPEN, **values):
        return records.create(by=by or cast.lars, kind="patrol", title=title, marking=marking, **values)

    return make


@pytest.fixture
def release(cast):
    """Releases a record under Art. 7 to all parties, or to whom is named."""

    def give(record, to=None, by=None):
        return releases.release(
            record=record,
            to=to or To(AudienceKind.ALL_PARTIES),
            clause=cast.art7,
            purpose="border_operation",
            by=by or cast.lars,
        )

    return give


@pytest.fixture
def settled():
    """Handles everything that waits, and what that brings about."""

    def run():
        while sweep():
            pass

    return run

"""People who invite, keep, suspend and close agencies, beside the cast."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Role
from agencies.onboarding.actions import inviting
from agencies.onboarding.models import Invitation
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast, make_appointment

FACTS = {"native_name": "Zoll von Y", "acronym": "CY", "kind": Agency.Kind.CUSTOMS, "time_zone": "Europe/Vienna"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """No nudges: `carry` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()


@pytest.fixture
def carry() -> Callable[[], list[Any]]:
    """Carry what waits; the mails that went out by it."""

    def work() -> list[Any]:
        before = len(mail.outbox)
        while sweep():
            pass
        return mail.outbox[before:]

    return work


@pytest.fixture
def sasha(cast: Cast) -> Appointment:
    """A system admin, at an agency of Z."""
    return make_appointment("sasha", cast.c, Role.SYSTEM_ADMIN)


@pytest.fixture
def sven(cast: Cast) -> Appointment:
    return make_appointment("sven", cast.c, Role.SYSTEM_ADMIN)


@pytest.fixture
def amina(cast: Cast) -> Appointment:
    """The agency admin of a1."""
    return make_appointment("amina", cast.a1, Role.AGENCY_ADMIN)


@pytest.fixture
def tom(cast: Cast) -> Appointment:
    """A second treaty admin of X, at the customs."""
    return make_appointment("tom", cast.a2, Role.TREATY_ADMIN)


@pytest.fixture
def invited(cast: Cast) -> Invitation:
    """Tara of X invites the customs of Y, with which X has a treaty."""
    return inviting.invite(
        name="Customs of Y",
        kind=Agency.Kind.CUSTOMS,
        country=cast.b.country,
        mail="boss@customs-y.invalid",
        why="Joint checks on the bridges.",
        by=cast.tara,
    )


def link_in(message: Any) -> str:
    """The path of the link that a mail holds."""
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found, message.body
    return found[1]

"""Two more admins for the cast, and days counted where an agency is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import Role
from agencies.postings import posting
from agencies.postings.choices import PostingKind
from agencies.postings.models import Posting
from tests.conftest import Cast, make_appointment


@pytest.fixture
def gerd(cast: Cast) -> Appointment:
    """Admin of a1."""
    return make_appointment("gerd", cast.a1, Role.AGENCY_ADMIN)


@pytest.fixture
def yael(cast: Cast) -> Appointment:
    """Admin of b."""
    return make_appointment("yael", cast.b, Role.AGENCY_ADMIN)


@pytest.fixture
def sysop(cast: Cast) -> Appointment:
    return make_appointment("sysop", cast.a2, Role.SYSTEM_ADMIN)


def today(agency: Agency) -> date:
    return timezone.now().astimezone(agency.zone).date()


def proposed(cast: Cast, by: Appointment, *, days: tuple[int, int] = (0, 30), **changes: Any) -> Posting:
    """Lars of a1 to b, by either side."""
    day = today(cast.b)
    values = {
        "sender": cast.a1,
        "host": cast.b,
        "kind": PostingKind.SECONDMENT,
        "function": "Liaison at the border of Y",
        "role": Role.LIAISON_OFFICER,
        "clearance": Classification.RESTRICTED.value,
        "starts_on": day + timedelta(days=days[0]),
        "ends_on": day + timedelta(days=days[1]),
        "home": cast.lars if by.agency_id == cast.a1.pk else None,
        **changes,
    }
    return posting.propose(by=by, **values)

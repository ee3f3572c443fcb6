"""Agnes keeps the agency's entry of a1, Bruno that of b."""

from dataclasses import dataclass

import pytest

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from tests.conftest import make_appointment


@dataclass
class Keepers:
    agnes: Appointment
    bruno: Appointment


@pytest.fixture
def keepers(cast):
    return Keepers(
        make_appointment("agnes", cast.a1, Role.AGENCY_ADMIN), make_appointment("bruno", cast.b, Role.AGENCY_ADMIN)
    )

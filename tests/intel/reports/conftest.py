"""Ada, an analyst of a1, writes reports; Yvo is an analyst of b."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Classification
from agencies.directory.roles import Role
from agreements.register.choices import Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Release
from intel.reports import actions
from intel.reports.models import Report
from tests.conftest import Cast, make_appointment
from tests.operations.planning.conftest import desk

__all__ = ["desk"]  # a fixture, found here by pytest

PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER.value)
RED = Marking(categories=["operational"], classification=1, tlp=Tlp.RED.value)


@dataclass
class Bureau:
    """Short ways to write and release in the cast's world."""

    cast: Cast
    yvo: Appointment

    def write(self, by: Appointment | None = None, **values: Any) -> Report:
        defaults: dict[str, Any] = {
            "by": by or self.cast.ada,
            "title": "Boats at night",
            "summary": "Boats without lights cross at ten.",
            "body": "Three evenings in a row.",
            "scheme": "nato",
            "source_grade": "B",
            "information_grade": "2",
            "marking": PLAIN,
            "occurred_at": timezone.now() - timedelta(hours=5),
        }
        return actions.write(**{**defaults, **values})

    def release(self, report: Report, to: To | None = None, by: Appointment | None = None) -> Release:
        return releases.release(
            record=report.record,
            to=to or To(AudienceKind.AGENCY, agency=self.cast.b),
            clause=self.cast.art7,
            purpose=Purpose.COORDINATION,
            by=by or self.cast.ada,
        )

    def shared(self, **values: Any) -> Report:
        row = self.write(**values)
        self.release(row)
        return row


@pytest.fixture
def bureau(cast: Cast) -> Bureau:
    yvo = make_appointment("yvo", cast.b, Role.ANALYST, Classification.SECRET)
    cast.people["yvo"] = yvo
    return Bureau(cast, yvo)

"""Lars, liaison officer of a1, reports; Xenia commands; Yann and Yara are of b. Otto is another liaison officer of a1."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.register.choices import Purpose
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Release
from operations.incidents.actions import events, reports, serious
from operations.incidents.models import Event, IncidentReport, SeriousIncident
from tests.conftest import Cast, make_appointment
from tests.operations.planning.conftest import desk

__all__ = ["desk"]  # a fixture, found here by pytest

PLAIN = Marking(categories=["operational"], classification=1, tlp=Tlp.AMBER.value)
FIRE = "maritime_safety:Fire"


@dataclass
class Watch:
    """Short ways to report and release in the cast's world."""

    cast: Cast
    otto: Appointment

    def write(self, by: Appointment | None = None, **values: Any) -> IncidentReport:
        known = timezone.now() - timedelta(hours=1)
        defaults: dict[str, Any] = {
            "by": by or self.cast.lars, "title": "Fire on a barge", "type": FIRE, "impact": 2, "confidence": 4,
            "account": "Smoke from the engine room.", "marking": PLAIN, "occurred_at": known, "known_at": known,
        }  # fmt: skip
        return reports.write(**{**defaults, **values})

    def told(self, **values: Any) -> IncidentReport:
        row = self.write(**values)
        return reports.submit(report=row, by=row.record.author)

    def release(self, row: Any) -> Release:
        return releases.release(
            record=row.record, to=To(AudienceKind.AGENCY, agency=self.cast.b), clause=self.cast.art7,
            purpose=Purpose.COORDINATION, by=self.cast.lars,
        )  # fmt: skip

    def event(self, by: Appointment | None = None, **values: Any) -> Event:
        defaults: dict[str, Any] = {
            "by": by or self.cast.lars, "title": "Fires on the lake", "summary": "Two barges.", "impact": 2,
            "confidence": 3, "marking": PLAIN,
        }  # fmt: skip
        return events.open_event(**{**defaults, **values})

    def tell(self, by: Appointment | None = None, **values: Any) -> SeriousIncident:
        defaults: dict[str, Any] = {
            "by": by or self.cast.anton, "title": "At the jetty", "kind": "injury", "categories": ["personal_data"],
            "classification": 1, "account": "A man was injured when he fell.",
        }  # fmt: skip
        return serious.tell(**{**defaults, **values})


@pytest.fixture
def watch(cast: Cast) -> Watch:
    return Watch(cast, make_appointment("otto", cast.a1, Role.LIAISON_OFFICER))

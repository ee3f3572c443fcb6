"""b asks a1 for notes that it cannot see. X and Y are bound by Art. 7: operational, up to RESTRICTED."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.register.choices import Purpose
from agreements.requests import actions
from agreements.requests.models import AccessRequest, AskedRecord
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from portal.outbox.models import Due
from portal.outbox.sweeping import sweep
from tests.agreements.sharing.conftest import Desk, api_as, desk, note_kind
from tests.conftest import Cast

__all__ = ["api_as", "desk", "note_kind"]
UNKNOWN = "NOT-0000FFEE"


@dataclass
class Counter:
    """Short ways to ask and to answer."""

    desk: Desk

    @property
    def cast(self) -> Cast:
        return self.desk.cast

    def wants_two(self) -> None:
        """The owner wants a second officer for each release (R20)."""
        Agency.objects.filter(pk=self.cast.a1.pk).update(second_officer_above=0)
        for who in (self.cast.xenia, self.cast.lars):
            who.agency.refresh_from_db()

    def note(self, **values: Any) -> Record:
        return self.desk.note(**values)

    def ask(self, what: Record | str, by: Appointment | None = None, **values: Any) -> AccessRequest:
        reference = what.reference if isinstance(what, Record) else what
        terms = {"agency": self.cast.a1, "purpose": Purpose.COORDINATION, "reason": "Seen in the minutes.", **values}
        return actions.ask(reference=reference, by=by or self.cast.yann, **terms)

    def asked(self, what: Record, **values: Any) -> AskedRecord:
        """Asked and put before the owner."""
        row = self.ask(what, **values)
        self.work()
        return AskedRecord.objects.with_words().get(request=row)

    def approve(self, row: AskedRecord, by: Appointment | None = None, **values: Any) -> AskedRecord:
        terms = {
            "to": To(AudienceKind.OFFICER, appointment=row.request.asked_by),
            "clause": self.cast.art7,
            "purpose": Purpose.COORDINATION,
            "until": timezone.now() + timedelta(days=9),
            **values,
        }
        return actions.approve(asked=row, by=by or self.cast.xenia, **terms)

    def work(self) -> None:
        while sweep():
            pass

    def lapse(self) -> None:
        """As if the time of every request were over, with the sweep come round."""
        past = timezone.now() - timedelta(seconds=1)
        AccessRequest.objects.update(lapses_at=past)
        Due.objects.filter(kind=actions.LAPSE).update(fire_at=past)
        self.work()


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)

"""a1 gives to b under Art. 7 with its consent needed onward; b may give to c under Art. 9."""

from dataclasses import dataclass
from typing import Any

import pytest

from agencies.directory.models import Appointment
from agreements.onward import actions
from agreements.onward.models import ConsentRequest
from agreements.register.choices import Onward, Purpose
from agreements.register.models import Clause
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from portal.outbox.sweeping import sweep
from tests.agreements.sharing.conftest import Desk, api_as, desk, note_kind
from tests.conftest import Cast, make_treaty

__all__ = ["api_as", "desk", "note_kind"]


@dataclass
class Road:
    """Short ways to pass on and to ask in the cast's world."""

    desk: Desk
    art9: Clause

    @property
    def cast(self) -> Cast:
        return self.desk.cast

    @property
    def to_c(self) -> To:
        return To(AudienceKind.AGENCY, agency=self.cast.c)

    def rule(self, rule: Onward) -> None:
        Clause.objects.filter(pk=self.cast.art7.pk).update(onward=rule)

    def received(self, **marking: Any) -> Record:
        record = self.desk.note(**marking)
        self.desk.release(record)
        return record

    def ask(self, record: Record, *, by: Appointment | None = None, **values: Any) -> ConsentRequest:
        terms = {
            "to": self.to_c,
            "clause": self.art9,
            "purpose": Purpose.COORDINATION,
            "reason": "Same boats.",
            **values,
        }
        return actions.ask(record=record, by=by or self.cast.yara, **terms)

    def work(self) -> None:
        while sweep():
            pass


@pytest.fixture
def road(desk: Desk) -> Road:
    cast = desk.cast
    art9 = make_treaty(
        short_name="Y–Z Treaty", countries=["YY", "ZZ"], designated=[cast.b, cast.c], recorded_by=cast.yusuf,
        confirmed_by=[cast.zeno], article="Art. 9", onward=Onward.FREE,
    )  # fmt: skip
    found = Road(desk, art9)
    found.rule(Onward.CONSENT)
    return found

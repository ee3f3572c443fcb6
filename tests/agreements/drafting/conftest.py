"""A second treaty admin of X, and drafts between X and Y to work on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.drafting import actions
from agreements.drafting.actions.days import Days, OfParty
from agreements.drafting.models import Submission
from agreements.drafting.statuses import read, steps_of
from agreements.register.choices import ActionKind, ClauseKind, InstrumentKind, Purpose
from agreements.register.models import Agreement, Clause
from portal.outbox.nudges import breaker
from portal.outbox.sweeping import sweep
from tests.conftest import Cast, make_appointment

SIGNED, FORCE = date(2026, 3, 2), date(2026, 5, 1)


@dataclass
class Desk:
    """The cast with Tilda, who is a treaty admin beside Tara."""

    cast: Cast
    tilda: Appointment

    def start(self, by: Appointment | None = None, name: str = "Ferry Arrangement", **values: Any) -> Agreement:
        kind = values.pop("kind", InstrumentKind.TECHNICAL_ARRANGEMENT)
        return actions.start(by=by or self.cast.tara, short_name=name, kind=kind, **values)

    def filled(self, name: str = "Ferry Arrangement", *, signed: date = SIGNED, force: date = FORCE) -> Agreement:
        """A draft that misses nothing, between X and Y."""
        tara, row = self.cast.tara, self.start(name=name)
        actions.add_party(agreement=row, by=tara, country=Country.objects.get(pk="YY"))
        for agency in (self.cast.a1, self.cast.b):
            actions.name_agency(agreement=row, by=tara, agency=agency, starts_on=force)
        actions.save_dates(agreement=row, by=tara, days=days(signed, force))
        clause = self.article(row)
        actions.set_terms(
            clause=clause, by=tara, categories=["operational"], purposes=[Purpose.BORDER_OPERATION], retention_days=90
        )
        return row

    def article(self, row: Agreement, name: str = "§ 2", by: Appointment | None = None) -> Clause:
        return actions.add_article(
            agreement=row,
            by=by or self.cast.tara,
            article=name,
            kind=ClauseKind.INFORMATION_SHARING,
            summary="Patrols share what they log.",
        )

    def asked(self, row: Agreement | None = None, **values: Any) -> Submission:
        return actions.ask(agreement=row or self.filled(), by=self.cast.tara, **values)


def days(signed: date = SIGNED, force: date = FORCE, parties: tuple[str, ...] = ("XX", "YY"), **head: Any) -> Days:
    bound = OfParty(bound_by=ActionKind.DEFINITIVE_SIGNATURE, bound_on=signed)
    values = {
        "concluded_on": signed, "expires_on": None, "notice_months": 6, "renews_months": None,
        "renewal_notice_months": None, "time_zone": "Europe/Zurich", **head,
    }  # fmt: skip
    return Days(values, force, dict.fromkeys(parties, bound))


def statuses(row: Agreement) -> dict[str, str]:
    return {step.task.name: str(step.status) for step in steps_of(read(row))}


def missing(row: Agreement) -> list[str]:
    return [line for step in steps_of(read(row)) for line in step.found.missing]


def alerted(kind: str) -> list[str]:
    while sweep():
        pass
    return sorted(Alert.objects.filter(kind=kind).values_list("appointment__officer__username", flat=True))


def soon() -> date:
    return timezone.localdate() + timedelta(days=3)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, make_appointment("tilda", cast.a1, Role.TREATY_ADMIN))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """No nudges: `sweep` does what the worker would."""
    breaker.trip()
    yield
    breaker.reset()

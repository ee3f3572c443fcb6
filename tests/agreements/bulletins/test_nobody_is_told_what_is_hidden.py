"""Whatever is sent, taken back, marked anew, ended or answered in between: nobody gets a notice of a bulletin that the
independent model of the rules hides from them, and nobody's inbox, nor its count, tells of one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from agencies.chains.actions import add_step
from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.bulletins import actions
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.models import Bulletin
from agreements.bulletins.scopes import Scope
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access
from portal.ui.errors import Refused
from tests.agreements.bulletins.conftest import Moved, moved_clock, settle_all
from tests.conftest import Cast, make_appointment, make_treaty
from tests.doors.oracle import may_see

EXAMPLES, STEPS, PARTS = 12, 8, 2


class Play:
    """Draws a step, takes it, lets everything that waits be handled, and looks at who was told."""

    def __init__(self, cast: Cast, clock: Moved, data: st.DataObject) -> None:
        self.cast, self.clock, self.data = cast, clock, data
        self.told: set[Any] = set()
        self.notices = 0

    def draw(self, values: Any) -> Any:
        return self.data.draw(st.sampled_from(list(values)))

    def send(self) -> None:
        agencies = (self.cast.a1, self.cast.a2, self.cast.b, self.cast.c)
        scopes = []
        for _ in range(self.data.draw(st.integers(1, 3))):
            agency, kind = self.draw(agencies), self.draw(("desk", "role", "officer"))
            if kind == "officer":
                row = self.draw([row for row in self.cast.everybody if row.agency_id == agency.pk])
                scopes.append(Scope(TargetKind.OFFICER, agency, appointment=row))
            else:
                scopes.append(Scope(TargetKind(kind), agency, role="commander" if kind == "role" else ""))
        marking = Marking(
            categories=self.draw((["operational"], ["operational"], ["operational", "personal_data"])),
            classification=self.draw((0, 1, 1, 2)),
            tlp=self.draw((1, 2, 3, 4)),
            rel_to=self.draw((None, None, ["YY"], [])),
        )
        draft = actions.Draft(
            headline="Word", instruction="Do it.", marking=marking, scopes=scopes, acknowledging="anyone",
            minutes=self.draw((4, 20)),
        )  # fmt: skip
        old = self.draw([None, *Bulletin.objects.standing().filter(record__owner=self.cast.a1)])
        actions.send(draft=draft, by=self.draw((self.cast.lars, self.cast.xenia)), updates=old)

    def revoke(self) -> None:
        rows = list(Release.objects.standing().filter(clause__isnull=False, content_object__kind="bulletin"))
        if rows:
            releases.revoke(release=self.draw(rows), by=self.cast.lars)

    def mark(self) -> None:
        rows = list(Record.objects.filter(kind="bulletin"))
        if rows:
            row = self.draw(rows)
            marking = marking_of(row)
            marking.classification = self.draw((0, 1, 2))
            marking.tlp = self.draw((2, 4))
            records.mark(record=row, marking=marking, by=self.cast.xenia)

    def person(self) -> None:
        row = self.draw(list(self.cast.everybody))
        change: dict[str, Any] = self.draw(({"ended_at": timezone.now()}, {"clearance": 0}, {"role": Role.AUDITOR}))
        Appointment.objects.filter(pk=row.pk).update(**change)

    def answer(self) -> None:
        rows = list(Bulletin.objects.all())
        if rows:
            actions.acknowledge(bulletin=self.draw(rows), by=self._again(self.draw(list(self.cast.everybody))))

    def cancel(self) -> None:
        rows = list(Bulletin.objects.all())
        if rows:
            actions.cancel(bulletin=self.draw(rows), by=self._again(self.cast.lars), words="Over.")

    def wait(self) -> None:
        self.clock.on(self.draw((3, 10, 30)))

    def _again(self, row: Appointment) -> Appointment:
        return Appointment.objects.select_related("officer", "agency__country").get(pk=row.pk)

    def step(self) -> None:
        name = self.draw(("send", "send", "revoke", "mark", "person", "answer", "cancel", "wait", "wait"))
        try:
            with transaction.atomic():
                getattr(self, name)()
        except Refused:
            pass
        self.look(name)

    def look(self, name: str) -> None:
        now = timezone.now()
        people = {row.pk: self._again(row) for row in self.cast.everybody}
        settle_all()
        for alert in Alert.objects.exclude(pk__in=self.told).select_related("record"):
            who = people.get(alert.appointment_id)
            self.told.add(alert.pk)
            self.notices += 1
            assert who is not None, (name, alert.kind)
            if alert.kind == "sharing.recall":
                continue
            assert who.is_in_effect(now), (name, alert.kind, who.officer.username)
            assert may_see(who, alert.record, now), (name, alert.kind, who.officer.username)
        for who in people.values():
            shown = Alert.objects.visible_to(access(who, now))
            for alert in shown.exclude(kind="sharing.recall").select_related("record"):
                assert may_see(who, alert.record, now), (name, "inbox", alert.kind, who.officer.username)


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_gets_a_notice_of_what_they_may_not_see(cast: Cast, part: int) -> None:
    make_treaty(
        short_name="X–Z Treaty", countries=["XX", "ZZ"], designated=[cast.a1, cast.c], recorded_by=cast.tara,
        confirmed_by=[cast.zeno], article="Art. 9",
    )  # fmt: skip
    for number, agency in enumerate((cast.b, cast.c)):
        admin = make_appointment(f"admin-{number}", agency, Role.AGENCY_ADMIN)
        add_step(agency=agency, by=admin, kind="role", role="commander", wait=5)
        add_step(agency=agency, by=admin, kind="desk", wait=5)
    notices = 0

    @seed(20261126 + part)
    @settings(
        max_examples=EXAMPLES // PARTS, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def played(data: st.DataObject) -> None:
        nonlocal notices
        with moved_clock() as clock, transaction.atomic():
            play = Play(cast, clock, data)
            for _ in range(STEPS):
                play.step()
            notices += play.notices
            clock.at += timedelta(days=1)
            play.look("after a day")
            transaction.set_rollback(True)

    played()
    # The test looked at something.
    assert notices > 10

"""One alert to thousands of officers: visible to all of them soon, while pages stay nearly as quick as ever.

A small crowd is part of the tests; `make faults ARGS="--only fanout"` makes it 20,000, by these variables.
"""

import http.client
import os
import time
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from agencies.directory.models import Appointment, Officer
from agencies.directory.roles import Role
from agreements.alerts import raising
from agreements.alerts.models import Alert
from agreements.register.choices import ActionKind
from agreements.register.models import Designation
from portal.outbox.models import Message
from portal.outbox.sweeping import sweep
from tests.conftest import LONG_AGO, confirm_everything, make_agency
from tests.portal.outbox.house import House
from tests.portal.outbox.mailbox import Mailbox
from tests.portal.outbox.test_storm import drain, report

OFFICERS = int(os.environ.get("ENTENTE_FAULTS_OFFICERS", "300"))
FULL = OFFICERS >= 20_000
AGENCIES = 20
WITHIN = 60.0  # seconds until the last one can see it
TIMES = 2.0  # as long as usual that a page may take meanwhile
# Rounds of looking at all of them, before and at least meanwhile.
PAGES = 60 if FULL else 15
# What an officer looks at meanwhile: whole pages.
LOOKED_AT = ("/", "/alerts/", "/records/")
ROLES = (Role.COMMANDER, Role.LIAISON_OFFICER, Role.PATROL_LEADER, Role.ANALYST)


@pytest.fixture
def crowd(cast):
    """So many officers of twenty designated agencies of Y, of several roles and clearances."""
    agreement = cast.art7.agreement
    facts = {"recorded_at": LONG_AGO, "recorded_by": cast.yusuf, "recorded_for": cast.b.country}
    agencies = [make_agency("YY", f"Guard {number}", f"Y{number:02}") for number in range(AGENCIES)]
    day = agreement.actions.get(kind=ActionKind.ENTRY_INTO_FORCE).done_on
    for agency in agencies:
        Designation.objects.create(agreement=agreement, country=agency.country, agency=agency, starts_on=day, **facts)
    for admin in (cast.tara, cast.yusuf):
        confirm_everything(agreement, admin)
    people = [
        Officer(
            username=f"o{number}",
            full_name=f"Officer {number}",
            password="!",
            email=f"o{number}@y.invalid",
            invented=True,
        )
        for number in range(OFFICERS)
    ]
    Officer.objects.bulk_create(people, batch_size=2000)
    rows = [
        Appointment(
            officer=officer,
            agency=agencies[number % AGENCIES],
            role=ROLES[number // AGENCIES % len(ROLES)],
            clearance=1 + number // (AGENCIES * len(ROLES)) % 3,
            title=f"Post {number}",
            starts_on=LONG_AGO.date(),
            recorded_at=LONG_AGO,
        )
        for number, officer in enumerate(people)
    ]
    return Appointment.objects.bulk_create(rows, batch_size=2000)


@pytest.mark.django_db
def test_a_large_audience_is_written_in_parts_and_each_officer_is_alerted_once(
    cast, crowd, patrol_record, release, monkeypatch
):
    monkeypatch.setattr(raising, "CHUNK", 50)
    record = patrol_record()
    release(record)
    while sweep():
        pass
    mine = {row.pk for row in crowd}
    found = list(Alert.objects.filter(record=record).values_list("appointment", flat=True))
    assert len(found) == len(set(found))
    assert mine <= set(found)
    assert Message.objects.filter(kind=raising.RAISE).count() >= OFFICERS // 50 - 1
    assert not Message.objects.waiting().filter(kind=raising.RAISE).exists()


@pytest.mark.django_db
def test_a_part_that_is_handled_again_alerts_nobody_twice_and_leaves_out_who_left(
    cast, crowd, patrol_record, monkeypatch
):
    monkeypatch.setattr(raising, "CHUNK", 10)
    record = patrol_record()
    people = crowd[:30]
    for _ in range(2):
        raising.raise_alert(kind="sharing.shared", key=str(record.pk), recipients=people, record=record)
    gone = people[25]
    Appointment.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    parts = list(Message.objects.filter(kind=raising.RAISE))
    assert len(parts) == 2, "raised again for the same, it is the same messages"
    for part in (*parts, *parts):
        raising.raise_part(part.payload)
    found = list(Alert.objects.filter(record=record).values_list("appointment", flat=True))
    assert len(found) == 29
    assert set(found) == {row.pk for row in people} - {gone.pk}


@pytest.mark.django_db
def test_a_part_whose_record_is_gone_alerts_nobody(cast, crowd):
    facts = {
        "kind": "sharing.shared", "key": "k", "record_id": str(uuid.uuid4()), "agreement_id": None, "subject": "",
        "urgency": "Expected", "severity": "Unknown", "certainty": "Observed", "exercise": False,
    }  # fmt: skip
    raising.raise_part({"facts": facts, "appointments": [str(crowd[0].pk)]})
    assert not Alert.objects.exists()


class Reader:
    """An officer who looks at one page after the other, again and again; how long each of them took."""

    def __init__(self, house, who):
        client = Client()
        client.force_login(who.officer, backend="django.contrib.auth.backends.ModelBackend")
        self.port = house.port
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def look_at_all(self):
        return {page: self.look(page) for page in LOOKED_AT}

    def look(self, page=LOOKED_AT[0]):
        begin = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", page, headers={"Cookie": self.cookie})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200
        finally:
            line.close()
        return time.monotonic() - begin

    def ready(self):
        try:
            return self.look() < 60
        except OSError:
            return False


def percentile(values, part):
    rows = sorted(values)
    return rows[min(len(rows) - 1, int(len(rows) * part))]


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_an_alert_to_a_crowd_is_visible_to_all_while_pages_go_on(cast, crowd, patrol_record, release, tmp_path):
    record = patrol_record()
    with Mailbox() as box:
        house = House(tmp_path, box)
        try:
            reader = Reader(house, cast.yann)
            release(record)
            house.build(keep=True)
            house.ask("UPDATE outbox_message SET due_at = now() + interval '1 day'")
            for process in (house.web, *house.workers, house.beats[0]):
                process.start()
            house.until(reader.ready)
            house.until(house.runs)
            for _ in range(5):
                reader.look_at_all()
            usual = []
            for _ in range(PAGES):
                usual.append(reader.look_at_all())
                time.sleep(0.05)
            # The release commits; no nudge tells of it, so that the sweep finds it.
            house.ask("UPDATE outbox_message SET due_at = now()")
            begin = time.monotonic()
            meanwhile, visible = [], None
            while visible is None or len(meanwhile) < PAGES:
                meanwhile.append(reader.look_at_all())
                time.sleep(0.05)
                if visible is None and told(house, record) >= OFFICERS:
                    visible = time.monotonic() - begin
                assert time.monotonic() - begin < 10 * WITHIN, house.last_words()
            doubled = house.one(
                "SELECT count(*) - count(DISTINCT appointment_id) FROM alerts_alert WHERE record_id = %s",
                str(record.pk),
            )
            assert doubled == 0
            if not FULL:
                drain(house)
        finally:
            house.clear()
    before = {page: percentile([row[page] for row in usual], 0.5) for page in LOOKED_AT}
    during = {page: percentile([row[page] for row in meanwhile], 0.5) for page in LOOKED_AT}
    # Each in multiples of its own median, all pages together: median against median, and 95th of 100 against 95th.
    share = [[row[page] / before[page] for row in rows for page in row] for rows in (usual, meanwhile)]
    ratio = [percentile(share[1], part) / percentile(share[0], part) for part in (0.5, 0.95)]
    report(
        {
            "kind": "fanout", "officers": OFFICERS, "seconds": round(visible, 1),
            "before": ", ".join(f"{value * 1000:.0f}" for value in before.values()),
            "during": ", ".join(f"{value * 1000:.0f}" for value in during.values()),
            "ratio": "{:.1f}, {:.1f}".format(*ratio), "pages": ", ".join(LOOKED_AT),
        }
    )  # fmt: skip
    assert visible <= WITHIN
    if FULL:
        assert max(ratio) <= TIMES
        assert max(during[page] / before[page] for page in LOOKED_AT) <= TIMES


def told(house, record):
    return house.one(
        "SELECT count(*) FROM alerts_alert JOIN directory_appointment a ON a.id = appointment_id"
        " WHERE record_id = %s AND a.title LIKE 'Post %%'",
        str(record.pk),
    )

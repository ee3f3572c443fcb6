"""A suspended agency's officers come through no door any more: pages, keys for the API, mails, files under way (R13)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.directory import tokens
from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agencies.onboarding.actions import halting
from agreements.alerts.models import Alert
from agreements.delivery import sending
from agreements.delivery.models import Delivery
from agreements.register.choices import Purpose
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from operations.patrols import serving
from operations.patrols.models import Observation
from portal.outbox.sweeping import sweep
from tests.conftest import Cast, make_agency, make_appointment
from tests.doors import manifest
from tests.doors.asking import keys_visible_to, text_of
from tests.doors.world import PLAIN, WORD


@pytest.fixture
def minister(cast: Cast) -> Appointment:
    return make_appointment("yolanda", make_agency("YY", "Ministry of Y", "MY"), Role.TREATY_ADMIN)


def test_no_door_is_left_open(cast: Cast, world: list[Record], as_: Any, api_as: Any, minister: Appointment) -> None:
    """Each list, each record and each key, asked before and after by sessions and a key that were there before."""
    pages, api = as_(cast.yann), api_as(cast.yann)
    key = tokens.issue(cast.yann, timezone.now())
    seen = sorted(keys_visible_to(cast.yann, world, timezone.now()))
    mine = [record for record in world if str(record.pk) in seen]
    assert len(mine) > 4
    told = {name for name in manifest.LISTS if WORD in text_of(pages.get(reverse(name))).lower()}
    assert len(told) > 8
    assert api.send("GET", "records/", authorization=f"Bearer {key}").status_code == 200
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=minister)
    for name in sorted(manifest.LISTS):
        answer = pages.get(reverse(name))
        assert WORD not in text_of(answer).lower(), name
        assert not [found for found in seen if found in text_of(answer)], name
    for record in mine:
        for name in sorted(name for name in manifest.RECORDS if manifest.fits(name, record.kind)):
            answer = pages.get(reverse(name, args=[record.pk]))
            assert answer.status_code in (302, 403, 404, 405), name
            assert WORD not in text_of(answer).lower(), name
    stranger = Client()
    assert stranger.get("/api/v1/records/", HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 401
    assert api.send("GET", "records/").status_code == 403
    answer = stranger.post("/api/v1/auth/token", {"username": "yann", "password": "x"}, content_type="application/json")
    assert "token" not in answer.json()
    assert answer.status_code in (401, 403)


def test_neither_alerts_nor_mails_go_out(
    cast: Cast, world: list[Record], minister: Appointment, carry: Callable[[], list[Any]]
) -> None:
    """What waited for its officers is withheld, and what comes later is not raised for them."""
    carry()
    record = records.create(by=cast.ada, kind="observation", title=f"Later {WORD}", marking=PLAIN)
    to = To(AudienceKind.AGENCY, agency=cast.b)
    releases.release(record=record, to=to, clause=cast.art7, purpose=Purpose.COORDINATION, by=cast.ada)
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=minister)
    before, sent = Alert.objects.filter(appointment__agency=cast.b).count(), len(mail.outbox)
    while sweep():
        pass
    assert Alert.objects.filter(appointment__agency=cast.b).count() == before
    ours = {message.to[0] for message in mail.outbox[sent:]}
    assert not {address for address in ours if address.endswith("@y1.invalid")}


def test_a_mail_that_waits_is_withheld(
    cast: Cast, world: list[Record], minister: Appointment, carry: Callable[[], list[Any]]
) -> None:
    carry()
    waiting = Delivery.objects.filter(alert__appointment__agency=cast.b, alert__seen_at=None).first()
    if waiting is None:
        pytest.fail("The world alerts somebody of b.")
    Delivery.objects.filter(pk=waiting.pk).update(state="waiting", ended_at=None)
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=minister)
    sent = len(mail.outbox)
    sending.deliver({"delivery": str(waiting.pk)})
    waiting.refresh_from_db()
    assert (waiting.state, len(mail.outbox)) == ("withheld", sent)


def test_nothing_is_addressed_to_it_meanwhile(cast: Cast, world: list[Record], minister: Appointment, as_: Any) -> None:
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=minister)
    page = text_of(as_(cast.zoe).get(reverse("distress:call-create")))
    assert str(cast.b.pk) not in page
    assert str(cast.a1.pk) in page


def test_a_file_under_way_breaks_off(cast: Cast, world: list[Record], minister: Appointment) -> None:
    """What is asked again between two pieces of a photograph says no."""
    now = timezone.now()
    seen = keys_visible_to(cast.yann, world, now)
    entry = next(row for row in Observation.objects.all() if str(row.pk) in seen)
    assert serving.sees_now(cast.yann.pk, entry.pk)
    halting.suspend(agency=cast.b, reason="Keys were stolen.", by=minister)
    assert not serving.sees_now(cast.yann.pk, entry.pk)

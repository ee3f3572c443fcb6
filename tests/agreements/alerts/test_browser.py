"""The page of a recall in a real browser: clean and fitting, hidden or not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.directory.roles import Role
from agreements.alerts.handling import recalls
from agreements.alerts.models import Alert
from agreements.sharing.actions import records, releases
from agreements.sharing.disclosure import note_opening
from agreements.sharing.policy import access
from portal.outbox.messages import MAX_ATTEMPTS, emit
from portal.outbox.models import Heartbeat, Message
from portal.outbox.sweeping import sweep
from tests.browser import DESK, PHONE, assert_axe_clean, assert_fits
from tests.conftest import make_appointment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=["phone", "desk", "narrow"])
def test_a_recall_is_clean(visitor, cast, patrol_record, release, settled, size, theme):
    record = patrol_record()
    given = release(record)
    note_opening(access(cast.yann, timezone.now()), record)
    records.touch(record=record, by=cast.lars, title="Other", corrects=True)
    settled()
    visitor.theme(theme)
    visitor.size(*size)
    visitor.sign_in(cast.yann)
    address = reverse("alerts:recall-detail", args=[Alert.objects.get(kind=recalls.RECALL).pk])
    for path in (address, "/alerts/"):
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)
    releases.revoke(release=given, by=cast.lars)
    page = visitor.open(address)
    assert "duty desk" in page.content()
    assert page.get_by_role("link", name="Read it as it is now").count() == 0
    assert_axe_clean(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)], ids=["phone", "desk", "narrow"])
def test_health_is_clean_and_brings_a_kind_back_once_asked(visitor, cast, size, theme):
    admin = make_appointment("sven", cast.a1, Role.SYSTEM_ADMIN)
    sweep("celery@storm-worker-with-a-long-name.example")
    Heartbeat.objects.create(name="worker:celery@silent", at=timezone.now() - timedelta(minutes=9))
    for number in range(3):
        emit(kind="nobody.handles", key=f"n{number}", payload={})
    Message.objects.update(set_aside_at=timezone.now(), attempts=MAX_ATTEMPTS, last_error="ValueError: no")
    emit(kind="nobody.handles", key="waits", payload={})
    visitor.theme(theme)
    visitor.size(*size)
    visitor.sign_in(admin)
    page = visitor.open("/alerts/health/")
    assert_axe_clean(page)
    assert_fits(page)
    page.get_by_role("button", name="Try all again of the kind nobody.handles").click()
    assert_axe_clean(page)
    assert Message.objects.set_aside().count() == 3, "it asks first"
    page.get_by_role("dialog").get_by_role("button", name="Try all again").click()
    page.get_by_text("3 are tried again now.").wait_for()
    assert not Message.objects.set_aside().exists()

"""The page of a recall in a real browser: clean and fitting, hidden or not."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agreements.alerts.handling import recalls
from agreements.alerts.models import Alert
from agreements.sharing.actions import records, releases
from agreements.sharing.disclosure import note_opening
from agreements.sharing.policy import access
from tests.browser import DESK, PHONE, assert_axe_clean, assert_fits

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

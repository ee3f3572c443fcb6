"""Bulletins, duty chains and the inbox in a real browser: the main path, clean by axe and fitting the screen."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from agencies.chains.actions import add_step
from agencies.directory.roles import Role
from agreements.bulletins import actions, escalating
from agreements.bulletins.models import Bulletin
from tests.browser import DESK, PHONE, assert_axe_clean, assert_fits
from tests.conftest import make_appointment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_written_previewed_sent_and_acknowledged(visitor, cast, room, settled):
    visitor.size(*PHONE)
    visitor.sign_in(cast.lars)
    page = visitor.open("/bulletins/new/")
    page.get_by_label("Headline").fill("Stop the white van")
    page.get_by_label("What is to be done").fill("Hold it at the bridge and call us.")
    page.get_by_role("group", name="Duty desks").get_by_label("Y1").check()
    page.get_by_label("Within how many minutes").fill("20")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Who will be alerted")).to_be_visible()
    assert_axe_clean(page)
    assert_fits(page)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("heading", name="Who has acknowledged")).to_be_visible()
    assert_axe_clean(page)
    assert_fits(page)
    settled()
    row = Bulletin.objects.get()
    visitor.sign_in(cast.yann)
    page = visitor.open("/alerts/")
    page.get_by_role("link", name="Stop the white van").first.click()
    page.get_by_role("button", name="Acknowledge for your agency").click()
    expect(page.get_by_text("Acknowledged for your agency")).to_be_visible()
    assert row.receipts.get().acknowledged_by == cast.yann


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light"), ((320, 640), "light")])
def test_every_page_is_clean(visitor, cast, room, settled, size, theme):
    agnes = make_appointment("agnes", cast.a1, Role.AGENCY_ADMIN)
    step = add_step(agency=cast.a1, by=agnes, kind="role", role="commander", wait=5)
    add_step(agency=cast.a1, by=agnes, kind="desk", wait=5)
    row = room.asking(room.desk(cast.a1), room.desk(cast.b))
    with transaction.atomic():
        for receipt in row.receipts.all():
            escalating.remind({"receipt": str(receipt.pk)})
            escalating.escalate({"receipt": str(receipt.pk), "number": 1})
    actions.acknowledge(bulletin=row, by=cast.yann)
    over = room.send(exercise=True, headline="Try the chain")
    actions.cancel(bulletin=over, by=cast.lars, words="Enough.")
    settled()
    visitor.page.set_default_navigation_timeout(60_000)
    visitor.theme(theme)
    visitor.size(*size)
    visitor.sign_in(cast.lars)
    for path in (
        "/bulletins/", f"/bulletins/{row.pk}/", f"/bulletins/{over.pk}/", f"/bulletins/{row.pk}/update/",
        f"/bulletins/{row.pk}/cancel/", "/alerts/",
    ):  # fmt: skip
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)
    visitor.sign_in(agnes)
    for path in (f"/duty/agencies/{cast.a1.pk}/", f"/duty/agencies/{cast.a1.pk}/new/", f"/duty/{step.pk}/change/"):
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)

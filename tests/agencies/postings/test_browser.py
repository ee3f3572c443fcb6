"""Officers over time in a real browser: posted, handed over, woken; clean by axe, and fitting a telephone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.directory.models import Appointment, Officer
from agencies.postings.models import Handover, Posting
from agreements.sharing.actions import circles
from agreements.sharing.actions.records import Marking, create
from agreements.sharing.choices import CircleKind
from tests.agencies.postings.conftest import today
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def confirm(visitor: Visitor, button: str, word: str) -> None:
    """A button that asks first."""
    visitor.page.get_by_role("button", name=button, exact=True).first.click()
    visitor.page.get_by_role("dialog").get_by_role("button", name=word, exact=True).click()


def test_posted_handed_over_and_woken(visitor: Visitor, cast: Cast, gerd: Appointment, yael: Appointment) -> None:
    record = create(kind="operation", title="Nordwind", marking=Marking(categories=["operational"]), by=cast.lars)
    circles.open_circle(record=record, kind=CircleKind.OPERATION, by=cast.lars)
    Officer.objects.filter(pk=cast.anton.officer_id).update(date_joined=timezone.now() - timedelta(days=40))

    visitor.sign_in(gerd)
    page = visitor.open("/postings/new/")
    assert_axe_clean(page)
    page.locator("#id_partner").select_option(str(cast.b.pk))
    page.locator("#id_home").select_option(str(cast.lars.pk))
    page.get_by_label("Function there").fill("Liaison in Y")
    page.locator("#id_role").select_option("liaison_officer")
    page.locator("#id_clearance").select_option("1")
    page.get_by_label("First day").fill(today(cast.b).isoformat())
    page.get_by_label("Last day").fill(today(cast.b).isoformat())
    page.get_by_role("button", name="Propose it").click()
    page.get_by_text("has to accept it").first.wait_for()
    row = Posting.objects.get()

    visitor.sign_in(yael)
    page = visitor.open(f"/postings/{row.pk}/")
    assert_axe_clean(page)
    confirm(visitor, "Accept", "Accept it")
    page.get_by_text("come and go with the days").wait_for()

    visitor.sign_in(cast.lars)
    page = visitor.open(f"/postings/appointments/{cast.lars.pk}/handover/")
    assert_axe_clean(page)
    page.get_by_label("Successor").select_option(str(cast.xenia.pk))
    confirm(visitor, "Hand over", "Hand over")
    page.get_by_text("What nobody took over").wait_for()
    visitor.sign_in(cast.xenia)
    page = visitor.open(f"/postings/handovers/{Handover.objects.get().pk}/")
    page.get_by_role("heading", name="Handed over to you by Liaison officer").wait_for()
    page.get_by_role("link", name="Nordwind").wait_for()
    assert_axe_clean(page)

    visitor.sign_in(gerd)
    page = visitor.open("/postings/accounts/?state=dormant")
    assert_axe_clean(page)
    confirm(visitor, "Wake the account of Anton", "Wake it")
    page.get_by_text("Anton may sign in again").wait_for()


def test_pages_fit_and_are_clean(visitor: Visitor, cast: Cast, gerd: Appointment) -> None:
    visitor.sign_in(gerd)
    for size, theme in ((PHONE, "light"), (DESK, "dark")):
        visitor.size(*size)
        visitor.theme(theme)
        for path in (
            "/postings/",
            "/postings/acting/",
            "/postings/accounts/",
            "/postings/handovers/",
            f"/postings/officers/{cast.lars.officer_id}/",
            f"/directory/agencies/{cast.a1.pk}/",
        ):
            page = visitor.open(path)
            assert_fits(page)
            assert_axe_clean(page)

"""The secretary writes, a partner annotates and reports: in two browsers, clean for axe on both sizes and themes."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from operations.minutes.models import Minutes
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits, fresh_profile
from tests.operations.minutes.conftest import Secretary

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def other(served: str, chromium: Browser) -> Iterator[Visitor]:
    """A second browser profile: the officer of the partner."""
    with fresh_profile(chromium, served) as someone:
        yield someone


def looked_at(visitor: Visitor, path: str) -> None:
    for size, theme in ((PHONE, "dark"), (DESK, "light")):
        visitor.size(*size)
        visitor.theme(theme)
        page = visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)


def test_from_the_meeting_to_what_became_of_it(visitor: Visitor, other: Visitor, secretary: Secretary) -> None:
    visitor.sign_in(secretary.cast.lars)
    other.sign_in(secretary.cast.yann)
    other.size(*PHONE)
    page = visitor.open(reverse("meetings:meeting-detail", args=[secretary.meeting.pk]))
    page.get_by_role("link", name="Begin the minutes").click()
    looked_at(visitor, page.url.removeprefix(visitor.address))
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("link", name="Add an item").click()
    page.get_by_label("Title").fill("Boats without lights")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Decision under Boats without lights").click()
    page.get_by_label("What was decided").fill("Both sides check boats at night.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Action of the decision").click()
    page.get_by_label("What is to be done").fill("List the boats")
    page.get_by_label("Agency", exact=False).first.select_option(label=str(secretary.cast.b))
    page.get_by_label("Last day").fill(secretary.day(5).isoformat())
    page.get_by_label("Objective").fill("Quiet nights")
    looked_at(visitor, page.url.removeprefix(visitor.address))
    page.get_by_label("What is to be done").fill("List the boats")
    page.get_by_label("Agency", exact=False).first.select_option(label=str(secretary.cast.b))
    page.get_by_label("Last day").fill(secretary.day(5).isoformat())
    page.get_by_label("Objective").fill("Quiet nights")
    page.get_by_role("button", name="Save").click()
    row = Minutes.objects.get()
    looked_at(visitor, reverse("minutes:minutes-detail", args=[row.pk]))
    looked_at(visitor, reverse("minutes:minutes-word", args=[row.pk]))
    visitor.open(reverse("minutes:minutes-put", args=[row.pk]))
    assert_axe_clean(page)
    page.get_by_role("button", name="Put them to the agencies").click()
    # The partner: from home to agreeing, with an annotation.
    theirs = other.open("/")
    theirs.get_by_role("link", name=row.record.title).first.click()
    looked_at(other, reverse("minutes:minutes-agree", args=[row.pk]))
    theirs.get_by_label("Agrees, with an annotation").check()
    theirs.get_by_label("Your annotation").fill("Only on the lake.")
    theirs.get_by_role("button", name="Agree").click()
    expect(theirs.get_by_text("Only on the lake.")).to_be_visible()
    visitor.open(reverse("minutes:minutes-agree", args=[row.pk]))
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("link", name="Your agency's copy").click()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name="It is what was sealed")).to_be_visible()
    looked_at(visitor, reverse("minutes:copy-detail", args=[secretary.copy(secretary.cast.a1).pk]))
    # What became of it.
    theirs = other.open(reverse("minutes:action-list") + "?whose=agency&state=open")
    theirs.get_by_role("link", name="List the boats").click()
    item = secretary.only(row)
    looked_at(other, reverse("minutes:action-detail", args=[item.pk]))
    theirs.get_by_label("Note").first.fill("All are listed.")
    theirs.get_by_label("It is done").check()
    theirs.get_by_role("button", name="Report").click()
    expect(theirs.get_by_text("All are listed.")).to_be_visible()
    for name in ("minutes-list", "action-list", "rhythm-list"):
        looked_at(visitor, reverse(f"minutes:{name}"))


def test_a_rhythm_and_dates(visitor: Visitor, secretary: Secretary) -> None:
    agreement = secretary.cast.art7.agreement
    visitor.sign_in(secretary.cast.tara)
    page = visitor.open(f"{reverse('minutes:rhythm-create')}?agreement={agreement.pk}")
    assert_axe_clean(page)
    page.get_by_label("Every").fill("2")
    page.get_by_label("Counted from").fill(secretary.day(-200).isoformat())
    page.get_by_role("button", name="State it").click()
    page.get_by_role("link", name="Propose dates").first.click()
    looked_at(visitor, page.url.removeprefix(visitor.address))
    expect(page.get_by_role("link", name="Call the meeting").first).to_be_visible()

"""A row of meetings in a real browser: called, answered, moved and noted; every page clean by axe and fitting the screen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from operations.meetings import actions, agenda
from operations.meetings.models import Meeting, MeetingTime
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.operations.meetings.conftest import Hall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = (320, 640)
SCREENS = ((NARROW, "dark"), (PHONE, "light"), (DESK, "dark"))


def test_a_weekly_briefing_from_call_to_attendance(visitor: Visitor, hall: Hall) -> None:
    cast = hall.cast
    visitor.page.set_default_timeout(60_000)
    visitor.sign_in(cast.xenia)
    page = visitor.open("/meetings/new/")
    page.get_by_label("Title").fill("Morning briefing")
    first = timezone.localtime() + timedelta(days=2)
    page.get_by_label("Starts").fill(f"{first:%Y-%m-%d}T07:00")
    page.get_by_label("Ends").fill(f"{first:%Y-%m-%d}T07:30")
    page.get_by_label("Place").fill("Pier")
    page.get_by_label("Repeats").select_option("WEEKLY")
    page.get_by_label("Or so many times").fill("3")
    page.get_by_label("Art. 7 of the X–Y Treaty").check()
    page.get_by_role("button", name="Call the meeting").click()
    expect(page.get_by_role("heading", level=1, name="Morning briefing")).to_be_visible()
    row = Meeting.objects.get()
    assert row.times.count() == 3
    page.get_by_role("link", name="Put something on the agenda").click()
    page.get_by_label("What is talked about").fill("Boats without lights")
    page.get_by_role("button", name="Put it on the agenda").click()
    expect(page.get_by_text("Boats without lights")).to_be_visible()
    page.get_by_role("link", name="Move the time on").nth(1).click()
    page.get_by_label("Ends").fill(f"{first + timedelta(days=8):%Y-%m-%d}T10:00")
    page.get_by_label("Starts").fill(f"{first + timedelta(days=8):%Y-%m-%d}T09:00")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("planned")).to_be_visible()
    visitor.sign_in(cast.yann)
    page = visitor.open(f"/meetings/{row.pk}/")
    page.get_by_role("button", name="Attend").click()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_text("Your answer: Accepted")).to_be_visible()
    assert row.replies.get().answer == "accepted"


def test_every_page_is_clean(visitor: Visitor, hall: Hall) -> None:
    cast, now = hall.cast, timezone.now().replace(microsecond=0)
    row = hall.joint(
        starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=1), rule="FREQ=DAILY;COUNT=5", quorum=2,
        zone="America/Santiago", officers=[cast.lars],
    )  # fmt: skip
    item = agenda.add(row, by=cast.xenia, text="Boats", minutes=10, presenter=cast.b)
    agenda.add(row, by=cast.xenia, text="Cars")
    first, second, third, *_ = row.times.all()
    later = second.starts_at + timedelta(hours=3)
    actions.move_time(time=second, by=cast.xenia, starts_at=later, ends_at=later + timedelta(hours=1))
    actions.cancel_time(time=third, by=cast.xenia, reason="Fog")
    MeetingTime.objects.filter(pk=first.pk).update(starts_at=now - timedelta(minutes=1))
    visitor.page.set_default_timeout(60_000)
    here = f"/meetings/{row.pk}/"
    own = (
        "/meetings/", f"/meetings/?view=month&month={now:%Y-%m}", "/meetings/new/", here, f"{here}change/",
        f"{here}times/{second.pk}/move/", f"{here}times/{second.pk}/cancel/", f"{here}times/{first.pk}/attendance/",
        f"{here}agenda/new/", f"{here}agenda/{item.pk}/change/", f"{here}papers/new/?q=Weekly", f"{here}reply/",
        f"{here}reminders/", "/meetings/feeds/",
    )  # fmt: skip
    for who, paths in ((cast.xenia, own), (cast.yann, (here, "/meetings/"))):
        visitor.sign_in(who)
        for path in paths:
            page = visitor.open(path)
            for size, theme in SCREENS:
                visitor.theme(theme)
                visitor.size(*size)
                visitor.settle()
                height = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": size[0], "height": height})
                assert_axe_clean(page)
                assert_fits(page)

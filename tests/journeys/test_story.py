"""The main job, in a real browser with a real worker: a treaty is registered, a patrol shared under it, and closed."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.directory.models import Appointment
from agencies.directory.roles import Role
from agreements.alerts.models import Alert
from agreements.delivery.choices import DeliveryState
from agreements.delivery.models import Delivery
from agreements.register.models import Agreement
from operations.meetings.models import Meeting
from operations.patrols.models import Leg, Patrol
from operations.planning.models import Operation
from tests.browser import DESK, PHONE, Visitor, assert_axe_clean, assert_fits
from tests.conftest import Cast, make_appointment
from tests.processes import wait_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("story"),
]
ZONE = ZoneInfo("Europe/Zurich")
LAST_YEAR = date(timezone.now().year - 1, 5, 1)


def save(page: Page, name: str = "Save") -> None:
    page.locator("main").get_by_role("button", name=name).first.click()
    expect(page.locator("[data-error-summary]")).to_have_count(0)


class Story:
    """The steps, each by one person through the pages."""

    def __init__(self, cast: Cast, visitor: Visitor, folder: Path) -> None:
        self.cast, self.visitor, self.folder = cast, visitor, folder
        self.zita = make_appointment("zita", cast.c, Role.LIAISON_OFFICER)

    def as_(self, who: Appointment, path: str) -> Page:
        self.visitor.sign_in(who)
        page = self.visitor.open(path)
        assert_axe_clean(page)
        assert_fits(page)
        return page

    def register_the_treaty(self) -> Agreement:
        page = self.as_(self.cast.tara, "/agreements/new/")
        page.get_by_label("Title", exact=False).first.fill("Treaty on joint patrols between X and Z")
        page.get_by_label("Short name").fill("X–Z Patrol Treaty")
        page.get_by_label("Parties").select_option(["XX", "ZZ"])
        page.get_by_label("Concluded on").fill(LAST_YEAR.isoformat())
        save(page)
        agreement = Agreement.objects.get(short_name="X–Z Patrol Treaty")
        page.get_by_role("link", name="Add an article").click()
        page.get_by_label("Article", exact=False).first.fill("Art. 3")
        page.get_by_label("operational", exact=False).first.check()
        for purpose in ("Border operation", "Coordination"):
            page.get_by_label(purpose, exact=False).first.check()
        save(page)
        for country in ("X-land", "Z-land"):
            self.act(agreement, "Ratification", country)
        self.act(agreement, "Entry into force", None)
        self.designate(self.cast.tara, agreement, "X1")
        return agreement

    def act(self, agreement: Agreement, kind: str, country: str | None) -> None:
        page = self.visitor.open(f"/agreements/{agreement.pk}/")
        page.get_by_role("link", name="Record an action").click()
        page.get_by_label("Action", exact=False).first.select_option(label=kind)
        if country:
            page.get_by_label("By", exact=True).select_option(label=country)
        page.get_by_label("Done on").fill(LAST_YEAR.isoformat())
        save(page)

    def designate(self, who: Appointment, agreement: Agreement, acronym: str) -> None:
        page = self.as_(who, f"/agreements/{agreement.pk}/")
        page.get_by_role("link", name="Designate").click()
        field = page.get_by_label("Agency", exact=False).first
        field.select_option(value=str((self.cast.a1 if acronym == "X1" else self.cast.c).pk))
        page.get_by_label("From", exact=False).first.fill(LAST_YEAR.isoformat())
        save(page)

    def confirm(self, who: Appointment, agreement: Agreement) -> None:
        page = self.as_(who, f"/agreements/{agreement.pk}/")
        page.get_by_role("button", name="Confirm the selected").click()
        expect(page.get_by_text("Waiting for your country’s confirmation")).to_have_count(0)

    def plan_the_operation(self) -> Operation:
        """The commander opens it on the new article, invites Z1, and lets the log go out by itself."""
        page = self.as_(self.cast.xenia, "/operations/new/")
        page.get_by_label("Name").fill("Bridge Watch")
        page.get_by_label("Objective").fill("Joint presence at the bridge.")
        page.get_by_label("Art. 3 —", exact=False).check()
        page.locator("[name=starts_at]").fill(clock(hours=-2))
        page.locator("[name=ends_at]").fill(clock(days=5))
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
            page.get_by_role("button", name="Set a corner in the middle").press("Enter")
            page.get_by_role("region", name="Draw the area").press(key)
            page.wait_for_timeout(400)
        save(page, "Plan the operation")
        operation = Operation.objects.get(record__title="Bridge Watch")
        assert operation.area is not None
        page.get_by_role("link", name="Invite an agency").click()
        # Only whom the article reaches is offered: not Y1, which another treaty binds.
        expect(page.get_by_label("Y1 (YY)", exact=False)).to_have_count(0)
        page.get_by_label("Z1 (ZZ)", exact=False).check()
        save(page, "Invite")
        self.assign("Lars")
        self.issue_order()
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.locator(".head")).to_contain_text("Open")
        return operation

    def assign(self, name: str) -> None:
        page = self.visitor.page
        page.get_by_role("link", name="Assign an officer").click()
        field = page.get_by_label("Officer", exact=False).first
        field.select_option(label=field.locator("option", has_text=name).inner_text())
        save(page, "Assign")

    def issue_order(self) -> None:
        page = self.visitor.page
        page.get_by_role("link", name="Issue an order").click()
        field = page.get_by_label("Under", exact=False).first
        field.select_option(label=field.locator("option", has_text="Art. 3").inner_text())
        save(page, "Issue")

    def join(self, operation: Operation) -> None:
        page = self.as_(self.cast.zoe, f"/operations/{operation.pk}/")
        page.get_by_role("button", name="Accept").click()
        self.assign("Zita")

    def patrol_together(self, operation: Operation) -> Patrol:
        """The liaison officer plans, starts, logs, attaches the track, ends: on a telephone."""
        self.visitor.size(*PHONE)
        page = self.as_(self.cast.lars, f"/patrols/new/?operation={operation.pk}")
        page.get_by_label("Name").fill("Bridge by night")
        page.get_by_label("Objective").fill("Cars without lights.")
        page.locator("[name=starts_at]").fill(clock(minutes=-90))
        page.locator("[name=ends_at]").fill(clock(hours=2))
        expect(page.locator(".audience-line").first).to_contain_text("Z1")
        save(page, "Plan patrol")
        patrol = Patrol.objects.get(record__title="Bridge by night")
        page.get_by_role("button", name="Start patrol").click()
        page.get_by_role("link", name="Start my leg").click()
        save(page, "Start leg")
        page.get_by_role("link", name="Log", exact=True).click()
        page.get_by_label("Text").fill("White van turned round at the bridge.")
        save(page, "Save entry")
        self.attach_track(patrol)
        page = self.as_(self.cast.lars, f"/patrols/{patrol.pk}/")
        page.get_by_role("link", name="End my leg").click()
        save(page, "End leg")
        page = self.visitor.open(f"/patrols/{patrol.pk}/")
        page.get_by_role("link", name="End patrol").click()
        save(page, "End patrol")
        expect(page.locator(".head")).to_contain_text("Ended")
        self.visitor.size(*DESK)
        return patrol

    def attach_track(self, patrol: Patrol) -> None:
        start = Leg.objects.get(record__host=patrol.record).started_at
        points = "".join(
            f'<trkpt lat="{47.60 + i / 2000:.5f}" lon="9.10000"><time>{start + timedelta(seconds=2 * i):%Y-%m-%dT%H:%M:%SZ}'
            "</time></trkpt>"
            for i in range(3)
        )
        file = self.folder / "track.gpx"
        file.write_text(
            f'<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
        )
        page = self.visitor.open(f"/patrols/{patrol.pk}/track/")
        page.locator("input[type=file]").set_input_files(file)
        save(page, "Attach track")

    def finds_nothing(self, who: Appointment, *, word: str, paths: list[str]) -> None:
        """Not in a list, not in a count, not by address."""
        self.visitor.sign_in(who)
        for path in ("/", "/patrols/", "/operations/", "/records/", "/meetings/", "/alerts/", f"/records/?q={word}"):
            page = self.visitor.open(path)
            body = page.locator("main").inner_text().replace(f"Words or reference: {word}", "")
            assert word not in body, path
        for path in paths:
            answer = self.visitor.page.goto(f"{self.visitor.address}{path}")
            assert answer is not None
            assert answer.status == 404, path
        # The browser notes each 404 as an error; here they are the answer.
        self.visitor.complaints = [line for line in self.visitor.complaints if "404" not in line]

    def call_the_meeting(self, operation: Operation, starts: datetime) -> Meeting:
        page = self.as_(self.cast.lars, f"/meetings/new/?operation={operation.pk}")
        page.get_by_label("Title").fill("Bridge coordination")
        page.locator("[name=starts_at]").fill(f"{starts.astimezone(ZONE):%Y-%m-%dT%H:%M}")
        page.locator("[name=ends_at]").fill(f"{(starts + timedelta(hours=1)).astimezone(ZONE):%Y-%m-%dT%H:%M}")
        page.get_by_label("Place").fill("At the bridge")
        page.get_by_label("Z1 (ZZ)", exact=False).check()
        save(page, "Call the meeting")
        return Meeting.objects.get(record__title="Bridge coordination")


def clock(**ahead: int) -> str:
    """A local time, as a form takes it."""
    return f"{(timezone.now() + timedelta(**ahead)).astimezone(ZONE):%Y-%m-%dT%H:%M}"


@pytest.fixture
def story(cast: Cast, visitor: Visitor, tmp_path: Path) -> Story:
    visitor.size(*DESK)
    return Story(cast, visitor, tmp_path)


def test_the_whole_story(story: Story, cast: Cast, visitor: Visitor, worker: Any, redis: Any, broker_at: Any) -> None:
    broker_at(redis.url)
    worker.start()
    agreement = story.register_the_treaty()
    story.confirm(cast.zeno, agreement)
    story.designate(cast.zeno, agreement, "Z1")
    story.confirm(cast.tara, agreement)
    operation = story.plan_the_operation()
    story.join(operation)
    patrol = story.patrol_together(operation)

    # The neighbour's officer gets an alert, opens the patrol, and reads why.
    wait_for(lambda: Alert.objects.filter(appointment=story.zita, record=patrol.pk).exists(), worker)
    page = story.as_(story.zita, "/alerts/")
    page.get_by_role("link", name="Bridge by night").first.click()
    visitor.settle()
    expect(page.locator("main")).to_contain_text("Why do I see this")
    since = f"{LAST_YEAR.day} {LAST_YEAR:%B %Y}"
    expect(page.locator("main")).to_contain_text(
        f"Art. 3 of the X–Z Patrol Treaty, binding both since {since} (confirmed here on"
    )
    expect(page.locator("main")).to_contain_text("White van turned round")
    assert_axe_clean(page)

    # A third state finds nothing, though another treaty binds it and X.
    paths = [f"/patrols/{patrol.pk}/", f"/operations/{operation.pk}/", f"/records/{patrol.pk}/"]
    story.finds_nothing(cast.yara, word="Bridge", paths=paths)

    # A coordination meeting is called; its reminder arrives through Celery.
    meeting = story.call_the_meeting(operation, next_quarter())
    page = story.as_(story.zita, f"/meetings/{meeting.pk}/")
    page.get_by_role("button", name="Attend").click()
    wait_for(
        lambda: Alert.objects.filter(appointment=cast.lars, kind="meetings.reminder").exists(), worker, seconds=120
    )
    reminder = Delivery.objects.filter(alert__appointment=cast.lars, alert__kind="meetings.reminder")
    wait_for(lambda: reminder.filter(state=DeliveryState.SENT).exists(), worker)
    assert reminder.get().message_id in mail(story.folder)
    assert "Bridge" not in mail(story.folder)

    # The treaty admin suspends: on the next click the neighbour's officer finds nothing either.
    page = story.as_(cast.tara, f"/agreements/{agreement.pk}/")
    page.get_by_role("link", name="Suspend …").click()
    page.get_by_label("Done on").fill(timezone.localdate().isoformat())
    page.locator("main").get_by_role("button", name="Save").click()
    page.locator("main").get_by_role("button", name="Suspen", exact=False).click()
    expect(page.locator(".head")).to_contain_text("Suspended")
    # (Of the operation itself its officers keep the instructions for this case: R24.)
    story.finds_nothing(story.zita, word="Bridge by night", paths=[*paths, f"/meetings/{meeting.pk}/"])
    # What is one's own stays.
    page = story.as_(cast.lars, f"/patrols/{patrol.pk}/")
    expect(page.locator("main")).to_contain_text("White van turned round")


def next_quarter() -> datetime:
    """A start whose reminder of fifteen minutes before is due within the next minute or so."""
    soon = timezone.now() + timedelta(seconds=40)
    return soon.replace(second=0, microsecond=0) + timedelta(minutes=16)


def mail(folder: Path) -> str:
    return "".join(path.read_text() for path in (folder / "mail").glob("*"))

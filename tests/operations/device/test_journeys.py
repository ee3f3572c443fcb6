"""The app in a real Chromium, with the network really off, against the real server."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from agencies.directory.models import Appointment
from agreements.sharing.actions import circles
from operations.field.models import Crossing, Receipt, Signal, Told, Version
from operations.patrols.models import Leg, Observation, Patrol
from portal.outbox.models import Message
from tests.browser import PHONE, Visitor, assert_axe_clean, assert_fits, fresh_profile
from tests.conftest import Cast
from tests.operations.patrols.conftest import Joint
from tests.operations.planning.conftest import INSTRUCTIONS, Desk, desk

__all__ = ["desk"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "three green boats"
# What the browser says of every request while the network is off, or nobody is signed in: that is the point of it.
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 401", "status of 403", "status of 404")


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def phone(visitor: Visitor) -> Iterator[Visitor]:
    """A phone that knows where it is."""
    context = visitor.page.context
    context.grant_permissions(["geolocation"], origin=visitor.address)
    context.set_geolocation({"latitude": 47.66, "longitude": 9.17, "accuracy": 8})
    visitor.size(*PHONE)
    yield visitor
    context.set_offline(False)
    visitor.complaints[:] = [line for line in visitor.complaints if not any(word in line for word in EXPECTED)]


@pytest.fixture
def joint(desk: Desk) -> Joint:
    """An operation with basis, area and a standing order, to which Anton and Lars are assigned."""
    row = desk.joined()
    own = row.record.circle.participations.get(agency=desk.cast.a1)
    for who in (desk.cast.anton, desk.cast.lars):
        circles.assign(participation=own, appointment=who, by=desk.cast.xenia)
    found = Joint(desk.cast, row.record, row.record.circle)
    found.order(desk.cast.xenia)
    return found


def first_visit(phone: Visitor, who: Appointment) -> Page:
    """Signs in, waits until the shell is kept, chooses a field code."""
    phone.sign_in(who)
    page = phone.page
    page.goto(f"{phone.address}/device/")
    page.get_by_label("Field code").fill(CODE)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Waiting to send")).to_be_visible()
    expect(page.locator("body[data-ready]")).to_have_count(1)
    return page


def assert_clean(page: Page) -> None:
    """By axe, on a screen so high that the bars at its edges cover nothing."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": size["width"], "height": 6000})
    assert_axe_clean(page)
    page.set_viewport_size(size)


def unlock(page: Page) -> None:
    page.get_by_label("Field code").fill(CODE)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("link", name="Waiting to send")).to_be_visible()


def write(page: Page, text: str, *, photographs: int = 0) -> None:
    page.get_by_role("button", name="Sighting").click()
    expect(page.get_by_label("What was seen?")).to_be_focused()
    page.keyboard.type(text)
    for number in range(photographs):
        page.locator("#camera").set_input_files([{"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
        expect(page.get_by_text(f"Photograph {number + 1},")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(text)).to_be_visible()


def test_a_whole_patrol_without_a_network(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """Start, log, photograph, cross, track, end; reload, kill of the tab, another sign-in; all received once."""
    patrol = joint.plan()
    page = first_visit(phone, cast.anton)
    context = page.context
    context.set_offline(True)

    # A cold start without a network, after a single visit.
    page.close()
    page = phone.page = context.new_page()
    phone.size(*PHONE)
    page.goto(f"{phone.address}/device/")
    unlock(page)
    # Two taps from here to typing: start, and a quick button.
    page.locator(f"[data-start='{patrol.pk}']").click()
    page.get_by_role("button", name="Sighting").click()
    expect(page.get_by_label("What was seen?")).to_be_focused()
    page.keyboard.type("Boat without lights")
    expect(page.locator("[data-audience]")).to_contain_text("Will be seen by")
    expect(page.get_by_text("Draft on this device")).to_be_visible()

    # Each letter is kept: the tab is killed in mid-entry.
    page.close()
    page = phone.page = context.new_page()
    phone.size(*PHONE)
    page.goto(f"{phone.address}/device/")
    unlock(page)
    page.get_by_role("link", name="Draft on this device").click()
    expect(page.get_by_label("What was seen?")).to_have_value("Boat without lights")
    page.get_by_role("button", name="Use my position").click()
    expect(page.get_by_label("Place")).to_have_value("47.660000, 9.170000")
    page.locator("#camera").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
    expect(page.locator("[data-audience]")).to_contain_text("Waits for a release")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".rows").get_by_text("Waiting to send").first).to_be_visible()
    write(page, "Grey van at the jetty")

    # One tap: time and place are noted, the limit counts; the details come after it.
    page.get_by_role("button", name="Entered partner territory").click()
    expect(page.locator("#countdown")).to_be_visible()
    page.get_by_label("Whom notified").fill("Duty desk Y1")
    expect(page.locator("[data-alarm]")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#crossing-save")).to_have_count(0)
    for step in range(6):
        context.set_geolocation({"latitude": 47.6602 + step * 0.0002, "longitude": 9.17, "accuracy": 8})
        page.wait_for_timeout(700)
    page.locator("#leave").click()
    expect(page.locator("#enter")).to_be_visible()
    page.get_by_role("link", name="Back to the patrol").click()
    page.get_by_text("Pause, new leg, timer, end").click()
    page.get_by_role("button", name="End leg and patrol").click()
    page.get_by_role("button", name="Yes, end it now").click()
    expect(page.get_by_role("link", name="Waiting to send")).to_be_visible()
    assert not Receipt.objects.exists()
    # Nothing on the device can be read without the key.
    kept = page.evaluate(
        """async () => {
          const database = await new Promise((ok) => {
            const request = indexedDB.open("entente-field");
            request.onsuccess = () => ok(request.result);
          });
          const read = (name) => new Promise((ok) => {
            const request = database.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => ok(request.result);
          });
          const rows = (await Promise.all([...database.objectStoreNames].map(read))).flat();
          return JSON.stringify(rows, (_, value) => value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value);
        }"""
    )
    assert "jetty" not in kept
    assert "observation" not in kept

    # Another officer signs in on this device, with a network: sees nothing of it, sends nothing of it, erases nothing.
    context.set_offline(False)
    first_visit(phone, cast.lars)
    expect(page.get_by_role("link", name="Waiting to send (0)")).to_be_visible()
    assert not Receipt.objects.exists()

    phone.sign_in(cast.anton)
    page.goto(f"{phone.address}/device/#/waiting")
    page.reload()
    expect(page.get_by_role("heading", name="Waiting to send (0)")).to_be_visible(timeout=20000)
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.locator(".state-ok").first).to_contain_text("Received")

    patrol = Patrol.objects.get(pk=patrol.pk)
    assert patrol.state == "ended"
    leg = Leg.objects.get(record__host=patrol.record)
    assert leg.ended_at is not None
    assert leg.track.point_count >= 2
    entries = {row.text: row for row in Observation.objects.filter(record__host=patrol.record)}
    assert set(entries) == {"Boat without lights", "Grey van at the jetty"}
    assert entries["Boat without lights"].photos.count() == 1
    assert entries["Boat without lights"].record.latitude == pytest.approx(47.66)
    crossing = Crossing.objects.get()
    assert crossing.left_at is not None
    assert crossing.notified == "Duty desk Y1"
    assert {receipt.state for receipt in Receipt.objects.all()} == {"received"}
    assert Receipt.objects.values("officer").distinct().count() == 1


def test_an_answer_is_lost(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """The server stores it, the answer never comes, the app sends it again: one entry."""
    joint.plan()
    page = first_visit(phone, cast.anton)
    page.locator("[data-start]").first.click()
    lost = []

    def swallow(route: Any) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/field/batches/", swallow)
    write(page, "Boat without lights")
    page.goto(f"{phone.address}/device/#/waiting")
    for _ in range(4):
        page.get_by_role("button", name="Send now").click()
        page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="Waiting to send (0)")).to_be_visible()
    assert lost == [200, 200]
    assert Observation.objects.count() == 1


def test_a_received_entry_is_edited_without_a_network(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """New words wait as all others do, and are received as the next version of the same entry."""
    joint.plan()
    page = first_visit(phone, cast.anton)
    page.locator("[data-start]").first.click()
    write(page, "One boat")
    rows = page.locator(".row", has_text="One boat")
    expect(rows.get_by_text("Received")).to_be_visible()
    page.context.set_offline(True)
    rows.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("What was seen?")).to_have_value("One boat")
    assert_clean(page)
    assert_fits(page)
    page.get_by_label("What was seen?").fill("Two boats")
    page.get_by_role("button", name="Save").click()
    edited = page.locator(".row", has_text="Two boats")
    expect(edited.get_by_text("Waiting to send")).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    page.context.set_offline(False)
    expect(edited.get_by_text("Received")).to_be_visible(timeout=20000)
    expect(rows.get_by_role("button", name="Edit")).to_be_visible()
    row = Observation.objects.get()
    assert (row.text, row.record.version) == ("Two boats", 2)


def test_what_the_server_refuses_says_why(phone: Visitor, joint: Joint, cast: Cast) -> None:
    joint.plan()
    page = first_visit(phone, cast.anton)
    page.locator("[data-start]").first.click()
    page.get_by_role("button", name="Sighting").click()
    page.get_by_label("What was seen?").fill("Before we began")
    page.get_by_text("Time, personal data").click()
    page.get_by_label("When did it happen?").fill("2020-01-01T10:00:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").get_by_text("Say why it is another time.")).to_be_visible()
    page.get_by_label("Why another time?").fill("Written down later")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".reason")).to_contain_text("before the patrol’s start".replace("’", "'"))
    page.goto(f"{phone.address}/device/#/waiting")
    page.get_by_role("button", name="Put right").click()
    expect(page.get_by_label("What was seen?")).to_have_value("Before we began")


def test_the_right_ends_and_the_kit_goes(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """The next contact withdraws what was taken along; the instructions stay; the log goes on (R13, R24)."""
    joint.active()
    page = first_visit(phone, cast.yann)
    page.locator("[data-start]").first.click()
    expect(page.locator(".figures")).to_be_visible()
    joint.suspend()
    page.get_by_role("link", name="In the field").click()
    page.reload()
    expect(page.get_by_role("heading", name="The legal basis has fallen away")).to_be_visible()
    expect(page.locator(".instruction")).not_to_be_empty()


@pytest.fixture
def tablet(phone: Visitor, chromium: Browser) -> Iterator[Visitor]:
    """A second device, with a profile of its own."""
    with fresh_profile(chromium, phone.address) as someone:
        context = someone.page.context
        context.grant_permissions(["geolocation"], origin=phone.address)
        context.set_geolocation({"latitude": 47.65, "longitude": 9.16, "accuracy": 30})
        someone.size(*PHONE)
        yield someone
        context.set_offline(False)
        someone.complaints[:] = [line for line in someone.complaints if not any(word in line for word in EXPECTED)]


def test_two_tablets_one_patrol(phone: Visitor, tablet: Visitor, joint: Joint, cast: Cast) -> None:
    """Two officers of one team, both without a network: one leg, one end, every entry of both, tracks of both kept."""
    patrol = joint.plan()
    pages = [first_visit(phone, cast.anton), first_visit(tablet, cast.lars)]
    for page in pages:
        page.context.set_offline(True)
        page.locator(f"[data-start='{patrol.pk}']").click()
        expect(page.locator(".figures")).to_be_visible()
    for page, lat in zip(pages, (47.66, 47.65), strict=True):
        for step in range(5):
            page.context.set_geolocation({"latitude": lat + step * 0.0002, "longitude": 9.17, "accuracy": 8})
            page.wait_for_timeout(700)
        # Both have a line to send: a busy machine tells a page late where it is.
        expect(page.locator(".figures")).to_contain_text(re.compile(r"Distance\s*[1-9]"))
    write(pages[0], "Boat without lights")
    write(pages[1], "Van at the jetty", photographs=1)
    for page in pages:
        page.get_by_text("Pause, new leg, timer, end").click()
        page.get_by_role("button", name="End leg and patrol").click()
        page.get_by_role("button", name="Yes, end it now").click()
        expect(page.locator("#waiting-link")).to_be_visible()
    assert not Receipt.objects.exists()
    for page in pages:
        page.context.set_offline(False)
        page.goto(f"{phone.address}/device/#/waiting")
        expect(page.get_by_role("heading", name="Waiting to send (0)")).to_be_visible(timeout=20000)
    patrol = Patrol.objects.get(pk=patrol.pk)
    assert patrol.state == "ended"
    assert Leg.objects.filter(record__host=patrol.record).count() == 1
    entries = Observation.objects.filter(record__host=patrol.record)
    assert {(row.text, row.record.author.officer.username) for row in entries} == {
        ("Boat without lights", "anton"),
        ("Van at the jetty", "lars"),
    }
    assert Receipt.objects.filter(state="refused").count() == 0
    # The second track of the leg is kept beside the first, and the tablet says so in words.
    assert Version.objects.filter(track__isnull=False).count() == 1
    conflict = pages[1].locator(".row", has_text="Two versions")
    expect(conflict.locator(".reason")).not_to_be_empty()
    expect(conflict.get_by_role("link", name="Look at both in the portal")).to_be_visible()


def test_what_must_be_heard_is_heard_on_every_screen(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """The edge of the area and beyond it, the timer overdue, the basis gone in mid-crossing, a call for help."""
    joint.plan()
    phone.page.clock.install()
    page = first_visit(phone, cast.anton)
    context = page.context
    page.locator("[data-start]").first.click()
    page.get_by_text("Pause, new leg, timer, end").click()
    page.get_by_label("15 min").check()
    expect(page.locator("#check-in")).to_contain_text("due")
    expect(page.locator("[data-alarm]")).to_have_count(0)
    context.set_geolocation({"latitude": 47.66, "longitude": 9.1995, "accuracy": 8})
    expect(page.locator("[data-alarm=near]")).to_be_visible()
    context.set_geolocation({"latitude": 47.66, "longitude": 9.3, "accuracy": 8})
    expect(page.locator("[data-alarm=outside]")).to_contain_text("km from its edge")
    page.goto(f"{phone.address}/device/#/settings")
    expect(page.locator("[data-alarm=outside]")).to_be_visible()
    expect(page.locator("[data-alarmed]")).to_contain_text("Outside the agreed area")
    context.set_geolocation({"latitude": 47.66, "longitude": 9.17, "accuracy": 8})
    expect(page.locator("[data-alarm=outside]")).to_have_count(0)
    page.clock.fast_forward("16:00")
    expect(page.locator("[data-alarm=overdue]")).to_contain_text("I am well")
    page.locator("[data-alarm=overdue]").click()
    assert_clean(page)
    page.locator("#check-in").click()
    expect(page.locator("[data-alarm=overdue]")).to_have_count(0)

    page.get_by_role("button", name="Entered partner territory").click()
    page.get_by_role("button", name="Save").click()
    joint.suspend()
    page.goto(f"{phone.address}/device/#/waiting")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("[data-alarm=fallen]")).to_be_visible()
    expect(page.locator(".instruction")).to_have_count(0)
    page.locator("[data-alarm=limit-over]").click()
    expect(page.locator("#countdown")).to_contain_text("no article permits it any longer")
    expect(page.locator(".instruction")).to_have_text(INSTRUCTIONS)
    page.locator("#leave").click()

    page.locator("[data-alarm=fallen]").click()
    page.get_by_role("button", name="Call for help").click()
    page.get_by_label("Also neighbours").check()
    # The screen is drawn anew beneath the finger: what was asked stays asked.
    for cut in (True, False):
        page.evaluate("document.querySelector('.screen').dataset.former = ''")
        context.set_offline(cut)
        expect(page.locator("[data-former]")).to_have_count(0)
        expect(page.get_by_label("Also neighbours")).to_be_checked()
    page.get_by_role("button", name="Yes, call for help").click()
    expect(page.locator(".row", has_text="Help called")).to_contain_text("Received")
    expect(page.get_by_role("button", name="Yes, call for help")).to_have_count(0)
    signal = Signal.objects.get(kind="panic")
    assert Message.objects.get(payload__signal=str(signal.pk), payload__has_key="neighbours").payload["neighbours"]
    assert (signal.latitude, signal.longitude) == (pytest.approx(47.66), pytest.approx(9.17))
    assert Signal.objects.filter(kind="check_in").count() == 2


def test_a_place_in_every_way(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """By a tap that tells how good the fix is, the last known one, the map without a network, typed; with its method."""
    joint.plan()
    page = first_visit(phone, cast.anton)
    expect(page.locator("body[data-whole]")).to_have_count(1)
    page.context.set_offline(True)
    page.locator("[data-start]").first.click()
    page.get_by_role("button", name="Sighting").click()
    page.get_by_label("What was seen?").fill("By tap")
    expect(page.locator("#locate")).to_contain_text("± 8 m, good")
    page.context.set_geolocation({"latitude": 47.66, "longitude": 9.17, "accuracy": 180})
    expect(page.locator("#locate")).to_contain_text("± 180 m, poor")
    expect(page.get_by_label("Place")).to_have_value("")
    page.locator("#locate").click()
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Sighting").click()
    page.get_by_label("What was seen?").fill("On the map")
    page.get_by_role("button", name="On the map").click()
    expect(page.locator("[data-drawn] path.map-area")).to_have_count(1)
    assert_clean(page)
    box = page.locator(".map-host").bounding_box()
    assert box
    page.locator(".map-host").click(position={"x": box["width"] / 2 + 60, "y": box["height"] / 2 - 60})
    page.locator("#map-take").click()
    expect(page.get_by_label("Place")).not_to_have_value("")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Sighting").click()
    page.get_by_label("What was seen?").fill("Typed")
    page.get_by_label("Place").fill("32TNT 12768 78461")
    expect(page.locator("#place-about")).to_contain_text("Read as 47.6")
    page.get_by_label("Place").fill("99TNT 1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The place cannot be read.")).to_be_visible()
    page.get_by_label("Place").fill("32TNT 12768 78461")
    page.get_by_role("button", name="Save").click()

    # The own track, as a file and on the map, without a network.
    page.get_by_role("link", name="My track").click()
    expect(page.locator("[data-drawn]")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as GPX").click()
    assert "<trkpt" in download.value.path().read_text()
    page.context.set_offline(False)
    page.goto(f"{phone.address}/device/#/waiting")
    expect(page.get_by_role("heading", name="Waiting to send (0)")).to_be_visible(timeout=20000)
    rows = {row.text: row for row in Observation.objects.all()}
    assert rows["By tap"].accuracy_m == 180
    assert rows["On the map"].record.longitude > 9.17
    assert rows["Typed"].record.latitude == pytest.approx(47.66, abs=0.01)
    methods = {
        row.record.observation.text: row.method for row in Told.objects.all() if hasattr(row.record, "observation")
    }
    assert methods == {"By tap": "gps", "On the map": "map", "Typed": "mgrs"}


def test_two_taps_to_typing_and_the_photograph_first(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """From the start page: a patrol that nobody had planned in two, typing in two; the chosen form outlives a reload."""
    page = first_visit(phone, cast.lars)
    page.get_by_role("link", name="Start patrol").click()
    page.get_by_label("Place").fill("Harbour")
    page.get_by_text("Strength, vehicle, hours").click()
    page.get_by_role("button", name="More officers").click()
    page.wait_for_timeout(200)
    page.reload()
    expect(page.get_by_label("Place")).to_have_value("Harbour")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".figures")).to_be_visible()
    page.locator("#camera-first").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
    expect(page.get_by_text("Photograph 1,")).to_be_visible()
    expect(page.get_by_label("What was seen?")).to_be_focused()
    page.keyboard.type("Words after the photograph")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".rows").get_by_text("Words after the photograph")).to_be_visible()
    page.goto(f"{phone.address}/device/#/waiting")
    expect(page.get_by_role("heading", name="Waiting to send (0)")).to_be_visible(timeout=20000)
    patrol = Patrol.objects.get()
    assert (patrol.meeting_point, patrol.teams.get().strength) == ("Harbour", 3)
    assert Observation.objects.get().photos.count() == 1
    # A running patrol: Continue, and a quick button.
    page.goto(f"{phone.address}/device/#/")
    page.get_by_role("link", name="Continue").click()
    page.locator("[data-quick]").first.click()
    expect(page.get_by_label("What was seen?")).to_be_focused()


def test_the_kit_goes_with_the_assignment(phone: Visitor, joint: Joint, cast: Cast) -> None:
    """The officer is taken off the operation: at the next contact nothing of it can be opened on the device any more."""
    joint.plan()
    page = first_visit(phone, cast.anton)
    expect(page.locator("[data-start]")).to_have_count(1)
    assignment = joint.circle.participations.get(agency=cast.a1).assignments.get(appointment=cast.anton)
    circles.unassign(assignment=assignment, by=cast.xenia)
    page.goto(f"{phone.address}/device/#/waiting")
    page.get_by_role("button", name="Send now").click()
    page.goto(f"{phone.address}/device/#/")
    expect(page.locator("[data-start]")).to_have_count(0)
    page.context.set_offline(True)
    page.reload()
    unlock(page)
    expect(page.locator("[data-start]")).to_have_count(0)
    page.goto(f"{phone.address}/device/#/start")
    expect(page.get_by_text("No operation was taken along.")).to_be_visible()


@pytest.mark.parametrize("light", ["day", "sun", "night"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_every_screen_is_clean(phone: Visitor, joint: Joint, cast: Cast, light: str, width: int) -> None:
    joint.plan()
    page = first_visit(phone, cast.anton)
    page.evaluate(f"localStorage.setItem('field-theme', {json.dumps(light)})")
    page.reload()
    phone.size(width, 720)
    page.locator("[data-start]").first.click()
    expect(page.locator(".figures")).to_be_visible()
    patrol = page.url.rpartition("/")[2]
    write(page, "Boat without lights")
    for screen in (
        "",
        f"patrol/{patrol}",
        f"crossing/{patrol}",
        f"powers/{patrol}",
        f"track/{patrol}",
        "waiting",
        "settings",
        "start",
    ):
        page.goto(f"{phone.address}/device/#/{screen}")
        expect(page.locator("main[aria-busy]")).to_have_count(0)
        page.wait_for_timeout(150)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert_fits(page)
        assert_clean(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main :is(a, button, summary, select, textarea, input:not([type=radio], [type=checkbox], [type=file]))")]
              .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 47.5).map((each) => each.outerHTML.slice(0, 120))"""
        )
        assert not small, f"{screen}: {small}"
    page.goto(f"{phone.address}/device/#/patrol/{patrol}")
    page.get_by_role("button", name="Sighting").click()
    expect(page.get_by_label("What was seen?")).to_be_focused()
    assert_fits(page)
    assert_clean(page)

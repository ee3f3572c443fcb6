"""Open pages: what is said to them, and, in a real browser on the server that production has, that they are told at once and
are closed when the right ends."""

import json
import os
import sys
import time
import urllib.request

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from agencies.directory.models import Appointment
from agreements.bulletins import actions as bulletins
from agreements.bulletins.actions import Draft
from agreements.bulletins.choices import TargetKind
from agreements.bulletins.scopes import Scope
from agreements.register.actions import recording
from agreements.register.choices import ActionKind
from agreements.sharing.actions import releases
from agreements.sharing.actions.records import Marking
from portal.live import telling, topics
from portal.outbox.sweeping import sweep
from tests.browser import Visitor, assert_axe_clean
from tests.portal.live.ears import ear  # noqa: F401
from tests.processes import Process, free_port

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.django_db(transaction=True)]
# Of waiting for what is said at once: far less than the time after which a page would ask by itself.
SOON = 45_000


@pytest.fixture
def web(tmp_path):
    """The portal's web server, on the database of the test and as the role of the web."""
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "portal.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    process = Process(
        [*command, "--no-access-log"],
        tmp_path / "web.log",
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "AS_OWNER": ""},
    )
    process.start()
    process.address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"{process.address}/account/login/", timeout=5):
                break
        except OSError:
            assert time.monotonic() < end, process.log.read_text()[-3000:]
            time.sleep(0.1)
    yield process
    process.kill()


@pytest.fixture
def open_page(web, chromium):
    """`open_page(who, path)`: a page of that officer whose browser has its stream; another of the same officer is
    another tab."""
    contexts, visitors = {}, []

    def opened(who, path):
        if who.pk not in contexts:
            contexts[who.pk] = chromium.new_context(reduced_motion="reduce", locale="en-GB")
        first = not contexts[who.pk].pages
        visitor = Visitor(contexts[who.pk].new_page(), web.address)
        visitors.append(visitor)
        if first:
            visitor.sign_in(who)
        visitor.open(path)
        if first:
            expect(visitor.page.locator("body[data-live-state=open]")).to_have_count(1, timeout=SOON)
        return visitor.page

    yield opened
    for context in contexts.values():
        context.close()
    assert [
        line for visitor in visitors for line in visitor.complaints if "410" not in line and "403" not in line
    ] == []


def work_all():
    while sweep():
        pass


def test_an_alert_and_its_being_seen_reach_its_officer_and_say_nothing_of_it(cast, patrol_record, release, ear, as_):  # noqa: F811
    record = patrol_record()
    release(record)
    work_all()
    said = ear()
    told = [json.loads(row) for row in said]
    assert str(cast.yann.pk) in {topic for row in told if row["word"] == "alerts" for topic in row["topics"]}
    assert str(cast.zoe.pk) not in b"".join(said).decode()
    for secret in (str(record.pk), record.title, record.reference, cast.art7.agreement.short_name):
        assert secret not in b"".join(said).decode()
    as_(cast.yann).post(reverse("alerts:alert-see-all"))
    assert [json.loads(row) for row in ear()] == [{"word": "alerts", "topics": [str(cast.yann.pk)]}]


def test_what_is_settled_for_an_agency_leaves_the_bells_of_all_its_officers(cast, ear):  # noqa: F811
    draft = Draft(
        headline="Two boats", instruction="Tell us.", marking=Marking(categories=["operational"], classification=1),
        scopes=(Scope(TargetKind.DESK, cast.b),), severity="Severe", acknowledging="anyone", minutes=20,
    )  # fmt: skip
    row = bulletins.send(draft=draft, by=cast.lars)
    work_all()
    ear()
    bulletins.acknowledge(bulletin=row, by=cast.yann)
    told = [json.loads(said) for said in ear()]
    assert {topic for one in told if one["word"] == "alerts" for topic in one["topics"]} >= {
        str(cast.yann.pk),
        str(cast.yara.pk),
    }
    tables = {topic for one in told if one["word"] == "receipts" for topic in one["topics"]}
    assert tables == {str(cast.a1.pk), str(cast.b.pk)}


def test_what_may_narrow_an_open_page_is_said_to_all_of_them(cast, patrol_record, release, ear):  # noqa: F811
    row = release(patrol_record())
    ear()
    releases.revoke(release=row, by=cast.lars)
    assert {"word": telling.RIGHTS, "topics": [topics.ALL]} in [json.loads(said) for said in ear()]


def test_the_bell_of_every_tab_tells_of_an_alert_at_once(cast, patrol_record, release, open_page):
    tabs = [open_page(cast.yann, "/alerts/"), open_page(cast.yann, "/")]
    strangers = open_page(cast.zoe, "/")
    asked = []
    strangers.on("request", lambda request: asked.append(request.url))
    release(patrol_record())
    work_all()
    for page in tabs:
        expect(page.locator(".topbar").get_by_text("1", exact=True)).to_be_visible(timeout=SOON)
    expect(tabs[0].locator("main")).to_contain_text("1 new alert came", timeout=SOON)
    assert not [url for url in asked if "/alerts/bell/" in url], "nobody else's page was told"


def by_revocation(cast, row):
    releases.revoke(release=row, by=cast.lars)


def by_suspension(cast, row):
    recording.record_action(
        agreement=cast.art7.agreement, kind=ActionKind.SUSPENSION, done_on=timezone.now().date(),
        country=cast.b.country, by=cast.yusuf,
    )  # fmt: skip


def by_appointment(cast, row):
    Appointment.objects.filter(pk=cast.yann.pk).update(ended_at=timezone.now())


@pytest.mark.parametrize("ends", [by_revocation, by_suspension])
def test_an_open_page_is_closed_when_the_right_ends(cast, patrol_record, release, open_page, ends):
    record = patrol_record(title="Boats without lights")
    row = release(record)
    address = f"/records/{record.pk}/why/"
    page, own = open_page(cast.yann, address), open_page(cast.xenia, "/records/")
    expect(page.locator("main")).to_contain_text("Boats without lights")
    ends(cast, row)
    expect(page.get_by_role("heading", name="This page is closed")).to_be_visible(timeout=SOON)
    assert "Boats without lights" not in page.content()
    assert_axe_clean(page)
    expect(own.locator("main")).to_contain_text("Boats without lights")


def test_what_was_typed_into_a_page_that_is_closed_can_be_copied(cast, patrol_record, release, open_page):
    record = patrol_record()
    row = release(record)
    page = open_page(cast.yann, f"/corrections/records/{record.pk}/new/")
    field = page.locator("main textarea").first
    field.fill("The second boat was red.")
    by_revocation(cast, row)
    expect(page.get_by_role("heading", name="This page is closed")).to_be_visible(timeout=SOON)
    expect(page.get_by_label("What you had typed")).to_have_value("The second boat was red.")


def test_a_page_is_closed_where_no_word_came_once_it_is_looked_at_again(cast, patrol_record, release, open_page):
    record = patrol_record()
    release(record)
    page = open_page(cast.yann, f"/records/{record.pk}/why/")
    by_appointment(cast, None)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="This page is closed")).to_be_visible(timeout=SOON)


def test_a_server_with_open_streams_stops_at_once(cast, web, open_page):
    open_page(cast.yann, "/")
    web.process.terminate()
    assert web.process.wait(30) is not None

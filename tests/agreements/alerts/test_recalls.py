"""R16: whoever opened a record is told what became of it, though it is hidden by then. Nobody else learns anything."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Classification
from agencies.directory.roles import Role
from agreements.alerts.handling import recalls as handling
from agreements.alerts.models import Alert, Recall
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, Recalled, Tlp
from agreements.sharing.disclosure import note_opening
from agreements.sharing.models import Opening, Record
from agreements.sharing.policy import access
from portal.audit.models import Entry
from portal.outbox.models import Message
from tests.agreements.alerts.conftest import OPEN
from tests.conftest import make_appointment, make_treaty
from tests.doors.world import suspend

TITLE = "Night patrol at the bridge"
RAISED = Marking(["operational"], 2, Tlp.GREEN.value)


def told(what=None):
    rows = Recall.objects.filter(what=what) if what else Recall.objects.all()
    return sorted(rows.values_list("alert__appointment__officer__username", flat=True))


def lines(who):
    return [row.line for row in Alert.objects.visible_to(access(who, timezone.now())).with_subjects()]


def sees(who, record):
    return Record.objects.visible_to(access(who, timezone.now())).filter(pk=record.pk).exists()


@pytest.fixture
def opened(patrol_record, release):
    """A record of a1 that b was given, as those named opened it; with its release."""

    def run(*people, by=None, **values):
        row = patrol_record(TITLE, **values)
        given = release(row)
        for who in people:
            note_opening(access(who, timezone.now()), row)
        return row, given

    return run


@pytest.fixture
def quiet_mail(settled):
    """What was brought about so far is no matter of the test."""

    def run():
        settled()
        mail.outbox.clear()

    return run


def test_a_revoked_release_is_told_to_who_opened_it_and_nobody_else(cast, opened, settled, quiet_mail):
    record, given = opened(cast.yann)
    quiet_mail()
    releases.revoke(release=given, by=cast.lars)
    settled()
    # Yara saw it in a list and did not open it.
    assert told() == told(Recalled.WITHDRAWN) == ["yann"]
    assert not sees(cast.yann, record)
    (line,) = lines(cast.yann)
    assert line.startswith(f"Stop using patrol {record.reference} of X1, which you opened on ")
    assert line.endswith("it was withdrawn. Questions: duty desk of X1, +00 000 000 000.")
    assert TITLE not in line
    assert lines(cast.yara) == []
    # Mail says nothing of it.
    (message,) = mail.outbox
    assert message.to == [cast.yann.officer.email]
    assert not re.search(rf"{record.reference}|bridge|withdrawn|\bX1\b", f"{message.subject} {message.body}")


def test_who_opened_is_told_even_when_the_treaty_was_suspended_before(cast, opened, settled):
    record, given = opened(cast.yann)
    settled()
    suspend(cast)
    assert lines(cast.yann) == []
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert told() == ["yann"]
    assert record.reference in lines(cast.yann)[0]


def test_own_officers_are_not_told(cast, opened, settled):
    _record, given = opened(cast.xenia, cast.ada)
    assert not Opening.objects.exists()
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert told() == []
    assert not Message.objects.filter(kind="sharing.recalled").exists()
    assert not Entry.objects.filter(verb="record.recall").exists()


def test_one_alert_however_often_the_message_runs(cast, opened, settled):
    _record, given = opened(cast.yann, cast.yara)
    settled()
    mail.outbox.clear()
    releases.revoke(release=given, by=cast.lars)
    payload = Message.objects.get(kind="sharing.recalled").payload
    for _ in range(3):
        handling.recalled(payload)
    settled()
    assert told() == ["yann", "yara"]
    assert len(mail.outbox) == 2
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert told() == ["yann", "yara"]


def test_the_message_holds_keys_and_instants_alone(cast, opened):
    record, given = opened(cast.yann)
    releases.revoke(release=given, by=cast.lars)
    payload = Message.objects.get(kind="sharing.recalled").payload
    assert set(payload) == {"record", "what", "key", "at", "opened"}
    assert list(payload["opened"]) == [str(cast.yann.pk)]
    assert TITLE not in str(payload)
    entry = Entry.objects.get(verb="record.recall")
    assert (entry.subject_id, entry.data) == (str(record.pk), {"what": "withdrawn", "agencies": [str(cast.b.pk)]})


def test_an_appointment_that_ended_is_not_told(cast, opened, settled):
    _record, given = opened(cast.yann)
    cast.yann.ended_at = timezone.now()
    cast.yann.save(update_fields=["ended_at"])
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert told() == []


def test_who_goes_on_seeing_it_by_another_release_is_not_told(cast, opened, release, settled):
    record, given = opened(cast.yann)
    other = release(record, to=To(AudienceKind.AGENCY, agency=cast.b))
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert told() == []
    releases.revoke(release=other, by=cast.lars)
    settled()
    assert told() == ["yann"]


def test_a_receiver_of_another_release_learns_nothing(cast, opened, settled):
    """Z reads it under a treaty of its own, which is suspended by then: what b loses is no business of c (R18)."""
    record, given = opened(cast.yann)
    pact = make_treaty(
        short_name="X–Z Treaty", countries=["XX", "ZZ"], designated=[cast.a1, cast.c], recorded_by=cast.tara,
        confirmed_by=[cast.zeno],
    )  # fmt: skip
    to_z = releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=cast.c), clause=pact, purpose="border_operation", by=cast.lars
    )
    note_opening(access(cast.zoe, timezone.now()), record)
    settled()
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert told() == ["yann"]
    assert not [line for line in lines(cast.zoe) if "Stop using" in line]
    releases.revoke(release=to_z, by=cast.lars)
    settled()
    assert told() == ["yann", "zoe"]


def test_releasing_again_is_no_recall(cast, opened, release, settled):
    record, _given = opened(cast.yann)
    release(record)
    settled()
    assert told() == []


def test_marking_above_the_ceiling_tells_who_loses_it(cast, opened, settled):
    record, _given = opened(cast.yann)
    records.mark(record=record, marking=RAISED, by=cast.xenia)
    settled()
    assert told(Recalled.RECLASSIFIED) == ["yann"]
    assert "marked anew and is closed to you" in lines(cast.yann)[0]
    # Once more, still hidden: nothing new happened to Yann.
    records.mark(record=record, marking=Marking(["operational"], 2, Tlp.AMBER.value), by=cast.xenia)
    settled()
    assert told() == ["yann"]


def test_marking_that_closes_nothing_tells_nobody(cast, opened, settled):
    record, _given = opened(cast.yann)
    records.mark(record=record, marking=Marking(["operational"], 0, Tlp.GREEN.value), by=cast.xenia)
    settled()
    assert told() == []


def test_marking_above_one_officers_clearance_tells_that_one(cast, opened, settled):
    low = make_appointment("low", cast.b, Role.COMMANDER, Classification.UNCLASSIFIED)
    record, _given = opened(cast.yann, low, marking=Marking(["operational"], 0, Tlp.GREEN.value))
    records.mark(record=record, marking=OPEN, by=cast.xenia)
    settled()
    assert told() == ["low"]


def test_a_correction_is_told_with_the_way_to_read_it_again(cast, as_, opened, settled):
    record, _given = opened(cast.yann)
    records.touch(record=record, by=cast.lars, title="Night patrol at the pier", corrects=True)
    note_opening(access(cast.yara, timezone.now()), record)
    settled()
    # Yara opened it corrected already.
    assert told(Recalled.CORRECTED) == ["yann"]
    alert = Alert.objects.get(kind=handling.RECALL)
    page = as_(cast.yann).get(reverse("alerts:recall-detail", args=[alert.pk]))
    assert reverse("patrols:patrol-detail", args=[record.pk]) in page.content.decode()
    entry = Entry.objects.get(request_id=page["X-Request-ID"], verb="record.disclose")
    assert [item["record"] for item in entry.records] == [str(record.pk)]
    suspend(cast)
    hidden = as_(cast.yann).get(reverse("alerts:recall-detail", args=[alert.pk]))
    assert hidden.status_code == 200
    assert record.reference in hidden.content.decode()
    for word in (str(record.pk), "bridge", "pier"):
        assert word not in hidden.content.decode(), word
    assert not Entry.objects.filter(request_id=hidden["X-Request-ID"], verb="record.disclose").exists()


def test_a_step_of_the_state_is_no_correction(cast, opened, settled):
    record, _given = opened(cast.yann)
    records.touch(record=record, by=cast.lars)
    settled()
    assert told() == []


def test_a_correction_while_the_treaty_is_suspended_is_told(cast, opened, settled):
    record, _given = opened(cast.yann)
    suspend(cast)
    records.touch(record=record, by=cast.lars, title="Other", corrects=True)
    settled()
    assert told(Recalled.CORRECTED) == ["yann"]
    assert "Other" not in lines(cast.yann)[0]


def test_each_change_is_told_by_itself(cast, opened, settled):
    record, given = opened(cast.yann)
    for title in ("One", "Two"):
        records.touch(record=record, by=cast.lars, title=title, corrects=True)
        record.refresh_from_db()
    releases.revoke(release=given, by=cast.lars)
    settled()
    assert Alert.objects.filter(kind=handling.RECALL, appointment=cast.yann).count() == 3


def test_only_its_recipient_opens_the_page(cast, as_, opened, settled):
    _record, given = opened(cast.yann)
    releases.revoke(release=given, by=cast.lars)
    settled()
    alert = Alert.objects.get(kind=handling.RECALL)
    answer = as_(cast.yann).get(reverse("alerts:alert-open", args=[alert.pk]))
    assert answer["Location"] == reverse("alerts:recall-detail", args=[alert.pk])
    for who in (cast.yara, cast.zoe, cast.lars, cast.aldo):
        assert as_(who).get(reverse("alerts:recall-detail", args=[alert.pk])).status_code == 404
    # An alert of another kind has no such page.
    other = Alert.objects.exclude(kind=handling.RECALL).filter(appointment=cast.yara).first()
    assert other is None or as_(cast.yara).get(reverse("alerts:recall-detail", args=[other.pk])).status_code == 404


def test_over_the_api(cast, api_as, opened, settled):
    record, given = opened(cast.yann)
    releases.revoke(release=given, by=cast.lars)
    settled()
    (row,) = [
        row for row in api_as(cast.yann).send("GET", "alerts/").json()["results"] if row["kind"] == "sharing.recall"
    ]
    assert record.reference in row["line"]
    assert (row["record"], row["urgency"]) == (None, "Immediate")
    assert row["address"] == reverse("alerts:recall-detail", args=[row["id"]])
    assert record.reference not in api_as(cast.yara).send("GET", "alerts/").content.decode()


def test_what_is_passed_on_falls_with_what_it_leans_on(cast, opened, settled):
    """b passed it on to c under a clause that lets it: what a1 takes back from b, c loses too (R11)."""
    pact = make_treaty(
        short_name="X–Y–Z Treaty", countries=["XX", "YY", "ZZ"], designated=[cast.a1, cast.b, cast.c],
        recorded_by=cast.tara, confirmed_by=[cast.yusuf, cast.zeno], onward="free",
    )  # fmt: skip
    record = records.create(by=cast.lars, kind="patrol", title=TITLE, marking=OPEN)
    to_b = releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=cast.b), clause=pact, purpose="border_operation", by=cast.lars
    )
    releases.release(
        record=record, to=To(AudienceKind.AGENCY, agency=cast.c), clause=pact, purpose="border_operation", by=cast.yann,
        via=to_b,
    )  # fmt: skip
    note_opening(access(cast.zoe, timezone.now()), record)
    releases.revoke(release=to_b, by=cast.lars)
    settled()
    assert told() == ["zoe"]
    (line,) = [line for line in lines(cast.zoe) if "Stop using" in line]
    # The originator, and b nowhere mentioned (R18).
    assert "of X1" in line
    assert "Y1" not in line


def test_the_inbox_costs_the_same_with_many(cast, as_, opened, settled, django_assert_max_num_queries):
    client = as_(cast.yann)
    counts = []
    for number in (1, 5):
        for _ in range(number):
            _record, given = opened(cast.yann)
            releases.revoke(release=given, by=cast.lars)
        settled()
        client.get("/alerts/")
        with django_assert_max_num_queries(60) as found:
            client.get("/alerts/")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_mark_page_says_who_is_told(cast, as_, opened):
    record, _given = opened(cast.yann)
    fields = {"version": record.version, "categories": ["operational"], "classification": 2, "tlp": Tlp.GREEN.value}
    page = as_(cast.xenia).post(reverse("sharing:record-mark", args=[record.pk]), fields).content.decode()
    assert "opened it: is told to stop using it" in page
    Opening.objects.all().delete()
    page = as_(cast.xenia).post(reverse("sharing:record-mark", args=[record.pk]), fields).content.decode()
    assert "loses it" in page
    assert "is told to stop using it" not in page

"""Who is alerted of what sharing does: those who may see it now, once, and nobody else."""

import pytest
from django.core import mail
from django.utils import timezone

from agencies.directory.roles import Permission
from agreements.alerts.handling import sharing
from agreements.alerts.models import Alert
from agreements.delivery.models import Delivery
from agreements.sharing.actions import circles, records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind, CircleKind
from portal.outbox.models import Message


def alerted(kind=None):
    rows = Alert.objects.filter(kind=kind) if kind else Alert.objects.all()
    return sorted(rows.values_list("appointment__officer__username", flat=True))


def test_a_release_alerts_those_who_can_see_it_now_and_nobody_else(cast, patrol_record, release, settled):
    release(patrol_record())
    settled()
    # Not the owner's officers, not b's treaty admin (no view permission), not c, not a2.
    assert alerted() == ["yann", "yara"]
    assert all(row.kind == sharing.SHARED for row in Alert.objects.all())


def test_releasing_again_and_handling_again_has_no_second_effect(cast, patrol_record, release, settled):
    record = patrol_record()
    first = release(record)
    release(record)
    settled()
    sharing.released({"release": first.pk})
    sharing.released({"release": record.releases.get(clause__isnull=False, revoked_at=None).pk})
    assert alerted() == ["yann", "yara"]
    assert Delivery.objects.count() == 2
    assert Message.objects.filter(kind="delivery.send").count() == 2


def test_nobody_is_alerted_of_what_was_taken_back_before_the_worker_came(cast, patrol_record, release, settled):
    releases.revoke(release=release(patrol_record()), by=cast.lars)
    settled()
    assert alerted() == []


def test_clearance_is_asked(cast, patrol_record, release, settled):
    cast.yann.clearance = 0
    cast.yann.save(update_fields=["clearance"])
    release(patrol_record())
    settled()
    assert alerted() == ["yara"]


def test_a_named_grant_alerts_the_named_officer_alone(cast, patrol_record, release, settled):
    release(patrol_record(), to=To(AudienceKind.OFFICER, appointment=cast.yann))
    settled()
    assert alerted() == ["yann"]


@pytest.fixture
def operation(cast, patrol_record):
    record = records.create(
        by=cast.xenia, kind="operation", title="Joint autumn", marking=Marking(categories=["operational"], tlp=1)
    )
    circles.open_circle(record=record, kind=CircleKind.OPERATION, by=cast.xenia)
    return record


@pytest.fixture
def invite(cast, operation):
    def run():
        return circles.invite(
            circle=operation.circle, agency=cast.b, clause=cast.art7, purpose="border_operation", by=cast.xenia
        )

    return run


def test_an_invitation_alerts_who_may_answer_it_once_and_is_settled_by_the_answer(cast, invite, settled):
    participation = invite()
    settled()
    assert alerted() == ["yann", "yara"]
    assert alerted(sharing.INVITATION) == ["yann", "yara"]
    assert all(row.appointment.may(Permission.OPERATION_JOIN) for row in Alert.objects.all())

    circles.accept(participation=participation, by=cast.yara)
    settled()
    assert Alert.objects.filter(kind=sharing.INVITATION, done_at=None).count() == 0
    assert alerted(sharing.JOINED) == ["xenia"]

    circles.end(participation=participation, by=cast.yara)
    settled()
    assert alerted(sharing.LEFT) == ["xenia"]


def test_an_assignment_alerts_the_officer_unless_it_is_ones_own(cast, invite, settled):
    participation = circles.accept(participation=invite(), by=cast.yara)
    circles.assign(participation=participation, appointment=cast.yara, by=cast.yara)
    circles.assign(participation=participation, appointment=cast.yann, by=cast.yara)
    settled()
    assert alerted(sharing.ASSIGNMENT) == ["yann"]


def test_what_goes_to_a_circle_alerts_those_assigned(cast, operation, invite, patrol_record, release, settled):
    participation = circles.accept(participation=invite(), by=cast.yara)
    circles.assign(participation=participation, appointment=cast.yara, by=cast.yara)
    settled()
    Alert.objects.all().delete()
    release(patrol_record(operation=operation), to=To(AudienceKind.CIRCLE, circle=operation.circle))
    settled()
    assert alerted() == ["yara"]


def test_entries_of_a_log_alert_once_a_day_for_their_patrol_in_the_page_only(cast, patrol_record, release, settled):
    patrol = patrol_record()
    release(patrol)
    settled()
    mail.outbox.clear()
    for number in range(3):
        entry = records.create(
            by=cast.lars,
            kind="observation",
            title=f"Entry {number}",
            marking=Marking(categories=["operational"], tlp=1),
            host=patrol,
        )
        release(entry)
    settled()
    rows = Alert.objects.filter(kind=sharing.ENTRIES)
    assert sorted(row.appointment.officer.username for row in rows) == ["yann", "yara"]
    assert {row.record_id for row in rows} == {patrol.pk}
    assert mail.outbox == []


def test_an_entry_whose_patrol_is_hidden_is_alerted_of_by_itself(cast, patrol_record, release, settled):
    hidden = patrol_record("Hidden patrol")
    entry = patrol_record("Shown entry", host=hidden)
    release(entry)
    settled()
    assert alerted(sharing.ENTRIES) == []
    assert {row.record_id for row in Alert.objects.all()} == {entry.pk}


def test_an_appointment_that_ended_is_not_alerted(cast, patrol_record, release, settled):
    cast.yann.ended_at = timezone.now()
    cast.yann.save(update_fields=["ended_at"])
    release(patrol_record())
    settled()
    assert alerted() == ["yara"]

"""Open an event, link the reports that tell of it, hand it on to another keeper, close it."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to
from agreements.sharing.policy import decide as asked
from operations.incidents import lifecycle
from operations.incidents.actions.reports import check_operation, hold
from operations.incidents.choices import Confidence, EventState, Impact, Outcome
from operations.incidents.models import Event, EventLink, IncidentReport
from operations.patrols.actions import times
from operations.planning import rights
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "event"
SUMMARY_LENGTH, WORDS_LENGTH, MOST_LINKS = 4000, 500, 200


@transaction.atomic
def open_event(
    *,
    by: Appointment,
    title: str,
    summary: str,
    impact: int,
    confidence: int,
    marking: Marking,
    occurred_at: datetime | None = None,
    zone: str = "",
    position: tuple[float, float] | None = None,
    operation: Record | None = None,
    reports: tuple[IncidentReport, ...] = (),
    key: uuid.UUID | None = None,
) -> Event:
    """Open an event; who opens it keeps it. It goes to nobody by itself, and opens none of its reports (R3)."""
    now = timezone.now()
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return Event.objects.get(record=sent)
    rights.require_role(by, Permission.INCIDENT_KEEP)
    if impact not in Impact.values or confidence not in Confidence.values:
        raise Refused("There is no such level.", field="impact")
    occurred_at = occurred_at or now
    times.not_future(occurred_at, "occurred_at")
    if operation is not None:
        check_operation(by, operation, now)
    record = records.create(
        by=by, kind=KIND, title=title, marking=marking, key=key, occurred_at=occurred_at, zone=zone,
        operation=operation, position=position, text=summary, shown=False,
    )  # fmt: skip
    row = Event.objects.create(record=record, keeper=by, summary=summary, impact=impact, confidence=confidence)
    for report in reports:
        link(event=row, report=report, by=by)
    return row


@transaction.atomic
def link(*, event: Event, report: IncidentReport, by: Appointment) -> EventLink:
    """Group a report that the keeper sees under the event. Linking twice changes nothing."""
    row = _kept(event, by)
    now = timezone.now()
    if not asked(access_to(report.record, by, now), report.record):
        raise Refused("There is no such report.", field="report", code="not_found")
    lifecycle.require(report.state, "link")
    if row.links.count() >= MOST_LINKS:
        raise Refused(f"An event groups {MOST_LINKS} reports at most.", field="report")
    found, new = EventLink.objects.get_or_create(event=row, report=report.record, defaults={"linked_by": by})
    if new:
        _touch("event.link", row, by, report=str(report.pk))
    return found


@transaction.atomic
def unlink(*, event: Event, report: IncidentReport, by: Appointment) -> None:
    row = _kept(event, by)
    gone, _ = row.links.filter(report=report.pk).delete()
    if gone:
        _touch("event.unlink", row, by, report=str(report.pk))


@transaction.atomic
def hand_on(*, event: Event, keeper: Appointment, by: Appointment) -> Event:
    """Let another officer of the owner keep it: by its keeper, or by who commands operations."""
    row = _locked(event, by)
    lifecycle.require_open(row.state)
    if row.keeper_id not in by.chain and not by.may(Permission.OPERATION_PLAN):
        raise Refused("Its keeper hands it on, or a commander.", code="forbidden")
    now = timezone.now()
    able = keeper.is_in_effect(now) and keeper.may(Permission.INCIDENT_KEEP)
    if row.record.owner_id not in keeper.agencies or not able:
        raise Refused("Choose an officer of your agency who keeps events.", field="keeper")
    if not asked(access_to(row.record, keeper, now), row.record):
        raise Refused("This officer does not see the event.", field="keeper")
    row.keeper = keeper
    row.save(update_fields=["keeper"])
    _touch("event.hand_on", row, by, keeper=str(keeper.pk))
    return row


@transaction.atomic
def close(*, event: Event, by: Appointment, outcome: str, words: str = "") -> Event:
    """Close it with its outcome. Its reports stay as they are."""
    row = _kept(event, by)
    if outcome not in Outcome.values:
        raise Refused("Choose the outcome.", field="outcome")
    row.state, row.outcome, row.outcome_words, row.closed_at = EventState.CLOSED, outcome, words.strip(), timezone.now()
    row.save(update_fields=["state", "outcome", "outcome_words", "closed_at"])
    _touch("event.close", row, by, outcome=outcome)
    return row


def _kept(event: Event, by: Appointment) -> Event:
    """The row, if it is open and the officer keeps it."""
    row = _locked(event, by)
    lifecycle.require_open(row.state)
    if row.keeper_id not in by.chain:
        raise Refused(f"Its keeper links and closes: {row.keeper.function}.", code="forbidden")
    return row


def _locked(event: Event, by: Appointment) -> Event:
    hold(event.record, by, "keeps it")
    rights.require_role(by, Permission.INCIDENT_KEEP)
    return Event.objects.select_related("record__owner__country", "keeper__officer").get(pk=event.pk)


def _touch(verb: str, row: Event, by: Appointment, **data: Any) -> None:
    row.record = records.touch(record=row.record, by=by)
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)

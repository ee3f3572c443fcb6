"""Write, change, report and withdraw a report of an incident; say who and what was involved."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking, marking_of
from agreements.sharing.actions.taking_back import take_back
from agreements.sharing.models import Record
from agreements.sharing.policy import access_to, decide
from operations.incidents import alerting, deadlines, lifecycle, types
from operations.incidents.choices import Confidence, Goods, Impact, ReportState, Subject, Thing, categories_of
from operations.incidents.models import ChainLink, IncidentReport, Involved
from operations.patrols.actions import times
from operations.planning import rights
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "incident"
TITLE_LENGTH, ACCOUNT_LENGTH, REASON_LENGTH, MOST_INVOLVED = 200, 10_000, 300, 100
OF_DETAIL = ("type", "impact", "confidence", "account", "reaction", "known_at")
OF_RECORD = ("title", "occurred_at", "zone")
Position = tuple[float, float]


@transaction.atomic
def write(
    *,
    by: Appointment,
    title: str,
    type: str,
    impact: int,
    confidence: int,
    account: str,
    marking: Marking,
    reaction: str = "",
    occurred_at: datetime | None = None,
    known_at: datetime | None = None,
    zone: str = "",
    position: Position | None = None,
    operation: Record | None = None,
    follows: IncidentReport | None = None,
    key: uuid.UUID | None = None,
) -> IncidentReport:
    """Write a draft, the own agency's alone until it is reported and released. `position` is (latitude, longitude).

    With impact high or very high the first report is due within 24 hours of `known_at`. `follows`: the first report
    that this one goes on with, which the officer sees. Raises Refused at the field to blame.
    """
    now = timezone.now()
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return IncidentReport.objects.get(record=sent)
    rights.require_role(by, Permission.INCIDENT_REPORT)
    occurred_at, known_at = occurred_at or now, known_at or now
    detail: dict[str, Any] = {
        "type": type, "impact": impact, "confidence": confidence, "account": account, "reaction": reaction,
        "known_at": known_at,
    }  # fmt: skip
    _check(detail)
    _check_times(occurred_at, known_at)
    if follows is not None:
        operation = _check_follows(follows, by, now)
    elif operation is not None:
        check_operation(by, operation, now)
    record = records.create(
        by=by,
        kind=KIND,
        title=title,
        marking=marking,
        key=key,
        occurred_at=occurred_at,
        zone=zone,
        operation=operation,
        host=follows.record if follows else None,
        position=position,
        text=_searched(detail),
        shown=False,
    )
    row = IncidentReport.objects.create(record=record, **detail)
    deadlines.arm(row)
    return row


def _searched(detail: dict[str, Any]) -> str:
    return f"{types.label_of(detail['type'])}\n{detail['account']}\n{detail['reaction']}"


def _check(detail: dict[str, Any]) -> None:
    if detail["type"] not in types.LABELS:
        raise Refused("There is no such type.", field="type")
    if detail["impact"] not in Impact.values:
        raise Refused("There is no such level.", field="impact")
    if detail["confidence"] not in Confidence.values:
        raise Refused("There is no such level.", field="confidence")
    if not detail["account"].strip():
        raise Refused("Say what happened.", field="account")


def _check_times(occurred_at: datetime, known_at: datetime) -> None:
    times.not_future(occurred_at, "occurred_at")
    times.not_future(known_at, "known_at")
    times.not_before(known_at, occurred_at, "known_at", "the incident")


def check_operation(by: Appointment, operation: Record, at: datetime) -> None:
    """Of a hidden operation, as of an unknown one, there is none (R17)."""
    if operation.kind != "operation" or not decide(access_to(operation, by, at), operation):
        raise Refused("There is no such operation.", field="operation")


def _check_follows(first: IncidentReport, by: Appointment, at: datetime) -> Record | None:
    """The operation of the first report, if the officer sees it."""
    rights.require_sight(by, first.record, at)
    lifecycle.require(first.state, "follow")
    if first.is_follow_up:
        raise Refused("This is a follow-up itself: go on with the first report.", code="state")
    operation = first.record.operation
    return operation if operation and decide(access_to(operation, by, at), operation) else None


@transaction.atomic
def change(*, report: IncidentReport, by: Appointment, version: int | None = None, **values: Any) -> IncidentReport:
    """Change any of OF_DETAIL, OF_RECORD and `position` of a draft or of what was returned: its owner alone (R21).

    `version` is the one the officer read; raises Refused when another change came between.
    """
    row = locked(report, by, "changes it")
    lifecycle.require(row.state, "change")
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    columns = _columns(row.record, values)
    details = {name: values[name] for name in OF_DETAIL if name in values and getattr(row, name) != values[name]}
    if not columns and not details:
        return row
    if row.reported_at is not None and {"impact", "confidence"} & details.keys():
        raise Refused("It was reported: propose another level, and a colleague decides.", field="impact")
    for name, value in details.items():
        setattr(row, name, value)
    detail = {name: getattr(row, name) for name in OF_DETAIL}
    _check(detail)
    _check_times(columns.get("occurred_at", row.record.occurred_at), row.known_at)
    row.save(update_fields=[*details])
    row.record = records.touch(
        record=row.record, by=by, corrects=row.reported_at is not None, search_text=_searched(detail), **columns
    )
    deadlines.arm(row)
    note("incident.change", by, row, changed=sorted({*columns, *details}))
    return row


def _columns(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: values[name] for name in OF_RECORD if name in values}
    if "position" in values:
        wanted["latitude"], wanted["longitude"] = values["position"] or (None, None)
    return {name: value for name, value in wanted.items() if getattr(record, name) != value}


@transaction.atomic
def submit(*, report: IncidentReport, by: Appointment) -> IncidentReport:
    """Report it: to the first link of its operation's chain, or validated at once where there is none.

    The first time it meets the deadline of 24 hours. It opens the report to nobody abroad: a release does (R4).
    """
    row = locked(report, by, "reports it")
    lifecycle.require(row.state, "submit")
    row.state = lifecycle.next_state(chain_of(row))
    row.reported_at = row.reported_at or timezone.now()
    row.save(update_fields=["state", "reported_at"])
    row.record = records.touch(record=row.record, by=by)
    deadlines.disarm(row)
    note("incident.report", by, row, state=row.state)
    alerting.tell(alerting.SUBMITTED, row.record)
    if row.state == ReportState.VALIDATED:
        alerting.tell_grave(row.record, f"validated:{row.record.version}")
    return row


def chain_of(row: IncidentReport) -> set[str]:
    """The steps of its operation's chain; of a hidden operation none (R23)."""
    return set(ChainLink.objects.filter(operation=row.record.operation_id).values_list("step", flat=True))


@transaction.atomic
def withdraw(*, report: IncidentReport, by: Appointment, reason: str) -> IncidentReport:
    """Take it back for good: every release of the own agency is revoked, whoever opened it is told (R16)."""
    row = locked(report, by, "withdraws it")
    lifecycle.require(row.state, "withdraw")
    if not reason.strip():
        raise Refused("Say why: your colleagues read it.", field="reason")
    row.state, row.withdrawn_at, row.withdraw_reason = ReportState.WITHDRAWN, timezone.now(), reason.strip()
    row.save(update_fields=["state", "withdrawn_at", "withdraw_reason"])
    deadlines.disarm(row)
    row.record = take_back(row.record, by)
    note("incident.withdraw", by, row, reason=row.withdraw_reason)
    return row


@transaction.atomic
def involve(
    *,
    report: IncidentReport,
    by: Appointment,
    thing: str,
    name: str,
    subject: str = "",
    goods: str = "",
    number: str = "",
    amount: str = "",
    is_fact: bool = True,
) -> Involved:
    """Add a person, vehicle, vessel or goods. Its data category becomes one of the record's: releases under clauses
    that do not cover it end (R21). `is_fact`: a fact, not somebody's assessment."""
    row = locked(report, by, "says who was involved")
    lifecycle.require(row.state, "involve")
    _check_thing(thing, subject, goods, name)
    if row.involved.count() >= MOST_INVOLVED:
        raise Refused(f"A report names {MOST_INVOLVED} at most: write a follow-up.", field="thing")
    found = Involved.objects.create(
        report=row, thing=thing, name=name.strip(), subject=subject, goods=goods, number=number.strip(),
        amount=amount.strip(), is_fact=is_fact,
    )  # fmt: skip
    marking = marking_with(row.record, thing, goods, found.number)
    row.record = records.take_over(
        record=row.record, marking=marking, onward=row.record.onward, by=by, reason="What is involved was added"
    )
    row.record = records.touch(record=row.record, by=by, corrects=row.reported_at is not None)
    note("incident.involve", by, row, thing=thing, involved=str(found.pk))
    return found


def marking_with(record: Record, thing: str, goods: str, number: str) -> Marking:
    """The record's marking once it names such a thing: for the preview and for the action alike."""
    marking = marking_of(record)
    marking.categories = [*marking.categories, *sorted(categories_of(thing, goods, number) - set(marking.categories))]
    return marking


def _check_thing(thing: str, subject: str, goods: str, name: str) -> None:
    if thing not in Thing.values:
        raise Refused("Choose what it is.", field="thing")
    if thing == Thing.PERSON and subject not in Subject.values:
        raise Refused("Say as what the person is named: the law asks for it.", field="subject")
    if thing != Thing.PERSON and subject:
        raise Refused("Only a person has such a category.", field="subject")
    if thing == Thing.GOODS and goods not in Goods.values:
        raise Refused("Say what goods they are.", field="goods")
    if thing != Thing.GOODS and goods:
        raise Refused("Only goods have such a kind.", field="goods")
    if not name.strip():
        raise Refused("Describe it, or write that it is unknown.", field="name")


@transaction.atomic
def remove(*, involved: Involved, by: Appointment) -> None:
    """Take one out. The categories stay: who may mark the record anew does."""
    row = locked(involved.report, by, "says who was involved")
    lifecycle.require(row.state, "involve")
    key = str(involved.pk)
    involved.delete()
    records.touch(record=row.record, by=by, corrects=row.reported_at is not None)
    note("incident.remove", by, row, involved=key)


def hold(record: Record, by: Appointment, what: str) -> Record:
    """Lock the record for a change, if the officer sees it and it is the officer's agency's.

    Asked before as well: what another agency owns is not there for who would lock it (ADR 0020)."""
    rights.require_sight(by, record, timezone.now())
    rights.require_lead(by, record, what)
    row = Record.objects.select_for_update(of=("self",)).select_related("owner").get(pk=record.pk)
    rights.require_sight(by, row, timezone.now())
    return row


def locked(report: IncidentReport, by: Appointment, what: str) -> IncidentReport:
    """The row for a change, if the officer sees it and reports incidents for the agency that owns it."""
    hold(report.record, by, what)
    rights.require_role(by, Permission.INCIDENT_REPORT)
    return IncidentReport.objects.select_related("record__owner__country", "record__operation").get(pk=report.pk)


def note(verb: str, by: Appointment, row: IncidentReport, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)


def release_gap(record: Record) -> str:
    """Why nothing of the report may be released now; empty when it may."""
    state = IncidentReport.objects.filter(pk=record.pk).values_list("state", flat=True).first()
    return "" if state is None or lifecycle.may(state, "release") else lifecycle.SAYS[ReportState(state)]

"""Write, change and withdraw a report. It is its writer's agency's; releasing it is a deliberate act (R6, R20)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.taking_back import take_back
from agreements.sharing.compartments import compartments_of
from agreements.sharing.models import Circle, Record
from agreements.sharing.policy import access_to, decide
from intel.reports import grading, lifecycle
from intel.reports.models import Report
from operations.patrols.actions import times
from operations.planning import rights
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "report"
TITLE_LENGTH, SUMMARY_LENGTH, BODY_LENGTH, REASON_LENGTH = 200, 1000, 20_000, 300
OF_DETAIL = ("summary", "body", "scheme", "source_grade", "information_grade")
OF_RECORD = ("title", "occurred_at", "zone")
Position = tuple[float, float]


@transaction.atomic
def write(
    *,
    by: Appointment,
    title: str,
    summary: str,
    scheme: str,
    source_grade: str,
    information_grade: str,
    marking: Marking,
    body: str = "",
    occurred_at: datetime | None = None,
    zone: str = "",
    position: Position | None = None,
    operation: Record | None = None,
    compartment: Circle | None = None,
    key: uuid.UUID | None = None,
) -> Report:
    """Write a report, graded in one scheme. `occurred_at` is of the information; `position` (latitude, longitude).

    It goes to nobody outside the agency by itself, whatever standing orders say. A RED one opens to its author and
    to officers named for it (R8), one confined to a compartment to those inside besides (R3). Raises Refused at the
    field to blame.
    """
    now = timezone.now()
    first = sent_before(Record, key, kind=KIND, author=by)
    if first is not None:
        return Report.objects.get(record=first)
    rights.require_role(by, Permission.REPORT_WRITE)
    _check_grade(scheme, source_grade, information_grade)
    occurred_at = occurred_at or now
    times.not_future(occurred_at, "occurred_at")
    if operation is not None:
        _check_operation(by, operation, now)
    if compartment is not None and not compartments_of(by, now).filter(pk=compartment.pk).exists():
        raise Refused("There is no such compartment.", field="compartment")
    record = records.create(
        by=by,
        kind=KIND,
        title=title,
        marking=marking,
        key=key,
        occurred_at=occurred_at,
        zone=zone,
        operation=operation,
        position=position,
        text=_searched(summary, body),
        compartment=compartment,
        shown=False,
    )
    return Report.objects.create(
        record=record,
        summary=summary,
        body=body,
        scheme=scheme,
        source_grade=source_grade,
        information_grade=information_grade,
    )


def _searched(summary: str, body: str) -> str:
    return f"{summary}\n{body}"


def _check_grade(scheme: str, source_grade: str, information_grade: str) -> None:
    """Both grades are of the one scheme."""
    if scheme not in grading.SCHEMES:
        raise Refused("There is no such scheme.", field="scheme")
    for field, grade in (("source_grade", source_grade), ("information_grade", information_grade)):
        said = grading.wrong(scheme, field, grade)
        if said:
            raise Refused(said, field=field)


def _check_operation(by: Appointment, operation: Record, at: datetime) -> None:
    """Of a hidden operation, as of an unknown one, there is none (R17)."""
    if operation.kind != "operation" or not decide(access_to(operation, by, at), operation):
        raise Refused("There is no such operation.", field="operation")


@transaction.atomic
def change(*, report: Report, by: Appointment, version: int | None = None, **values: Any) -> Report:
    """Change any of OF_DETAIL, OF_RECORD and `position`: its owner's officers alone (R21). Marking has a page of its own.

    `version` is the one the officer read; raises Refused when another change came between.
    """
    now = timezone.now()
    row = _locked(report, by, "changes it", now)
    lifecycle.after(row.state, "change")
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    if "occurred_at" in values:
        times.not_future(values["occurred_at"], "occurred_at")
    columns = _columns(row.record, values)
    details = {name: values[name] for name in OF_DETAIL if name in values and getattr(row, name) != values[name]}
    if not columns and not details:
        return row
    for name, value in details.items():
        setattr(row, name, value)
    _check_grade(row.scheme, row.source_grade, row.information_grade)
    row.changed_at = now
    row.save(update_fields=[*details, "changed_at"])
    row.record = records.touch(
        record=row.record, by=by, corrects=True, search_text=_searched(row.summary, row.body), **columns
    )
    _note("report.change", by, row, changed=sorted({*columns, *details}))
    return row


def _columns(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """What changes in the record itself."""
    wanted = {name: values[name] for name in OF_RECORD if name in values}
    if "position" in values:
        wanted["latitude"], wanted["longitude"] = values["position"] or (None, None)
    return {name: value for name, value in wanted.items() if getattr(record, name) != value}


@transaction.atomic
def withdraw(*, report: Report, by: Appointment, reason: str) -> Report:
    """Take it back for good, with a reason: every release of the own agency is revoked, and none can follow.

    Its owner's officers go on reading it, marked as withdrawn; whoever opened it abroad is told to stop using it
    (R16), and no search hits it any more (R19).
    """
    now = timezone.now()
    row = _locked(report, by, "withdraws it", now)
    state = lifecycle.after(row.state, "withdraw")
    if not reason.strip():
        raise Refused("Say why: your colleagues read it.", field="reason")
    row.state, row.withdrawn_at, row.withdraw_reason = state, now, reason.strip()
    row.save(update_fields=["state", "withdrawn_at", "withdraw_reason"])
    row.record = take_back(row.record, by)
    _note("report.withdraw", by, row, reason=row.withdraw_reason)
    return row


def _locked(report: Report, by: Appointment, what: str, at: datetime) -> Report:
    """The row for a change, if the officer sees it and writes reports for the agency that owns it."""
    Record.objects.select_for_update().get(pk=report.pk)
    row = Report.objects.select_related("record__owner__country", "record__operation").get(pk=report.pk)
    rights.require_sight(by, row.record, at)
    rights.require_lead(by, row.record, what)
    rights.require_role(by, Permission.REPORT_WRITE)
    return row


def _note(verb: str, by: Appointment, report: Report, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(report.pk), data=data)


def release_gap(record: Record) -> str:
    """Why nothing of the report may be released now; empty when it may."""
    state = Report.objects.filter(pk=record.pk).values_list("state", flat=True).first()
    return "" if state is None or lifecycle.may(state, "release") else lifecycle.WITHDRAWN_SAYS["release"]

"""Write a joint report, change and put it into words, put it to its sides, withdraw it: its owner alone (R21)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.sharing.actions import records
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.taking_back import take_back
from agreements.sharing.models import Participation, Record
from operations.joint import alerting, lifecycle
from operations.joint.actions.lapsing import lapse_all
from operations.joint.choices import Form, Lapse, State
from operations.joint.models import JointReport, Side, Wording
from operations.patrols import rights
from operations.patrols.actions import times
from operations.patrols.models import Patrol
from operations.sealing import basis, copies
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "joint"
TITLE_LENGTH, TEXT_LENGTH, REASON_LENGTH, MOST_WORDINGS = 200, 20_000, 300, 8
LONGEST = timedelta(days=31)
# What is changed by `change`; a change of any of them after it was put forward reopens all signatures.
OF_REPORT = ("starts_at", "ends_at", "place", "text", "open_points")
Position = tuple[float, float]


@transaction.atomic
def write(
    *,
    host: Record,
    by: Appointment,
    title: str,
    text: str,
    sides: Sequence[Agency],
    starts_at: datetime,
    ends_at: datetime,
    marking: Marking,
    form: str = Form.JOINT.value,
    language: str = "en",
    open_points: str = "",
    place: str = "",
    position: Position | None = None,
    key: uuid.UUID | None = None,
) -> JointReport:
    """Write a draft about a patrol or, for a shift, about an operation. The own agency is a side; `sides` are the
    others, of which each has a team there or takes part. `position` is (latitude, longitude).

    Raises Refused at the field to blame, without sight of the host, and without assignment (R23).
    """
    now = timezone.now()
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return JointReport.objects.get(record=sent)
    rights.require_role(by, Permission.PATROL_RUN)
    if host.kind not in ("patrol", "operation"):
        raise Refused("There is no such record.", code="not_found")
    rights.require_sight(by, host, now)
    rights.require_assignment(by, host if host.kind == "operation" else host.operation, now)
    _check_text(text)
    _check_times(starts_at, ends_at)
    copies.check_marking(marking)
    if form not in Form.values:
        raise Refused("There is no such form.", field="form")
    agencies = _checked_sides(host, sides, by)
    record = records.create(
        by=by, kind=KIND, title=title.strip(), marking=marking, key=key, occurred_at=starts_at,
        zone=host.zone, operation=host if host.kind == "operation" else host.operation, host=host,
        position=position, text=f"{text}\n{open_points}\n{place}", shown=False,
    )  # fmt: skip
    row = JointReport.objects.create(
        record=record, form=form, starts_at=starts_at, ends_at=ends_at, place=place, language=language,
        text=text.strip(), open_points=open_points.strip(),
    )  # fmt: skip
    Side.objects.bulk_create(Side(report=row, agency=agency) for agency in agencies)
    return row


def candidates(host: Record) -> list[Agency]:
    """The agencies that can be sides: those with a team on the patrol, or that take part in the operation."""
    if host.kind == "patrol":
        teams = Patrol.objects.get(pk=host.pk).teams.select_related("agency__country")
        return [team.agency for team in teams]
    parts = Participation.objects.filter(circle__record=host, accepted_at__isnull=False, ended_at=None)
    return [
        part.agency
        for part in parts.select_related("agency__country").order_by("agency__country", "agency__name", "pk")
    ]


def _checked_sides(host: Record, sides: Sequence[Agency], by: Appointment) -> list[Agency]:
    able = {agency.pk: agency for agency in candidates(host)}
    own = next((agency for key, agency in able.items() if key in by.agencies), None)
    if own is None:
        raise Refused("Your agency has no team there.", code="forbidden")
    others = {agency.pk for agency in sides} - by.agencies
    if not others:
        raise Refused("Name the other side: two sign at least.", field="sides")
    if not others <= able.keys():
        raise Refused("Only agencies with a team there sign.", field="sides")
    return [by.agency, *(able[key] for key in sorted(others))]


def _check_text(text: str) -> None:
    if not text.strip():
        raise Refused("Say what was done.", field="text")
    if len(text) > TEXT_LENGTH:
        raise Refused(f"{TEXT_LENGTH} characters at most.", field="text")


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    times.not_future(starts_at, "starts_at")
    times.not_future(ends_at, "ends_at")
    if ends_at < starts_at:
        raise Refused("The end is before the start.", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused(f"A joint report covers {LONGEST.days} days at most.", field="ends_at")


def marking_gate(*, record: Record, marking: Marking) -> None:
    """What would be sealed cannot become RED or display-only; another marking is signed anew."""
    if record.kind != KIND:
        return
    row = JointReport.objects.filter(pk=record.pk).first()
    if row is None or not lifecycle.may(row.state, "change"):
        return
    copies.check_marking(marking)
    if records.marking_of(record) != marking:
        lapse_all(row, Lapse.MARKING)


@transaction.atomic
def change(*, report: JointReport, by: Appointment, version: int | None = None, **values: Any) -> JointReport:
    """Change `title`, `position` or any of OF_REPORT. Once it is with its sides, all must sign anew.

    `version` is the one the officer read; raises Refused when another change came between.
    """
    row = locked(report, by, "changes the text")
    lifecycle.require(row.state, "change")
    if version is not None and version != row.version:
        raise Refused("This was changed since you read it. Read it again, then repeat your change.", code="stale")
    columns = _columns(row.record, values)
    details = {name: values[name] for name in OF_REPORT if name in values and getattr(row, name) != values[name]}
    if not columns and not details:
        return row
    for name, value in details.items():
        setattr(row, name, value)
    _check_text(row.text)
    _check_times(row.starts_at, row.ends_at)
    _changed(row, by, columns)
    _note("joint.change", by, row, changed=sorted({*columns, *details}), revision=row.revision)
    return row


def _columns(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {"title": values["title"].strip()} if "title" in values else {}
    if "position" in values:
        wanted["latitude"], wanted["longitude"] = values["position"] or (None, None)
    return {name: value for name, value in wanted.items() if getattr(record, name) != value}


def _changed(row: JointReport, by: Appointment, columns: dict[str, Any]) -> None:
    """Keep a change. What the sides read is another text then: they sign that one."""
    is_open = row.state == State.OPEN
    if is_open:
        row.revision += 1
    row.save()
    texts = [row.text, row.open_points, row.place, *(wording.text for wording in row.wordings.all())]
    row.record = records.touch(
        record=row.record, by=by, corrects=is_open, search_text="\n".join(texts), occurred_at=row.starts_at, **columns
    )
    if is_open:
        lapse_all(row, Lapse.TEXT)
        alerting.ask_sides(row)


@transaction.atomic
def put_into_words(
    *, report: JointReport, by: Appointment, language: str, text: str, open_points: str = ""
) -> Wording | None:
    """Put the text into another language, or change that; an empty text takes it away. All wordings are signed."""
    row = locked(report, by, "puts it into words")
    lifecycle.require(row.state, "change")
    if language == row.language:
        raise Refused("It was written in this language: change the text itself.", field="language")
    if not text.strip():
        gone, _ = row.wordings.filter(language=language).delete()
        if gone:
            _changed(row, by, {})
        return None
    _check_text(text)
    if row.wordings.exclude(language=language).count() >= MOST_WORDINGS:
        raise Refused(f"It is put into {MOST_WORDINGS} languages at most.", field="language")
    values = {"text": text.strip(), "open_points": open_points.strip(), "written_by": by, "written_at": timezone.now()}
    wording, _ = Wording.objects.update_or_create(report=row, language=language, defaults=values)
    _changed(row, by, {})
    _note("joint.word", by, row, language=language, revision=row.revision)
    return wording


@transaction.atomic
def put_forward(*, report: JointReport, by: Appointment) -> JointReport:
    """Put it to its sides: it is released to each of them under an article, and to none where one is missing (R6)."""
    row = locked(report, by, "puts it to the sides")
    lifecycle.require(row.state, "put")
    now = timezone.now()
    row.state, row.put_at = State.OPEN, now
    row.save(update_fields=["state", "put_at"])
    basis.give(row.record, basis.others_of(row, by), by, now)
    row.record = records.touch(record=row.record, by=by)
    _note("joint.put", by, row, sides=[str(side.agency_id) for side in row.sides.all()])
    alerting.ask_sides(row)
    return row


@transaction.atomic
def withdraw(*, report: JointReport, by: Appointment, reason: str) -> JointReport:
    """Take it back before all have signed: signatures lapse, every release is revoked, openers are told (R16)."""
    row = locked(report, by, "withdraws it")
    lifecycle.require(row.state, "withdraw")
    if not reason.strip():
        raise Refused("Say why: your colleagues read it.", field="reason")
    alerting.settle(row)
    row.state, row.withdrawn_at, row.withdraw_reason = State.WITHDRAWN, timezone.now(), reason.strip()
    row.save(update_fields=["state", "withdrawn_at", "withdraw_reason"])
    lapse_all(row, Lapse.WITHDRAWN)
    row.record = take_back(row.record, by)
    _note("joint.withdraw", by, row, reason=row.withdraw_reason)
    return row


def locked(report: JointReport, by: Appointment, what: str) -> JointReport:
    """The row for a change, if the officer sees it, runs patrols, and it is the officer's agency's."""
    rights.require_sight(by, report.record, timezone.now())
    rights.require_own(by, report.record, what)
    rights.require_role(by, Permission.PATROL_RUN)
    # The report first and then its record, as who signs takes them.
    rows = JointReport.objects.select_for_update(of=("self",))
    row = rows.select_related("record__owner__country", "record__operation").get(pk=report.pk)
    Record.objects.select_for_update(of=("self",)).get(pk=report.pk)
    row.record.refresh_from_db(fields=["version"])
    return row


def _note(verb: str, by: Appointment, row: JointReport, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)


def release_gap(record: Record) -> str:
    """Why nothing of the report may be released now; empty when it may."""
    state = JointReport.objects.filter(pk=record.pk).values_list("state", flat=True).first()
    return "" if state is None or lifecycle.may(state, "release") else lifecycle.SAYS[State(state)]

"""Call for assistance, answer, arrive, ask others besides, say that it is over."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.distress import actions as distress
from agreements.distress.models import DistressCall
from agreements.sharing.actions import records, releases
from agreements.sharing.actions.records import Marking
from agreements.sharing.actions.releases import To
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Record
from operations.incidents.actions.reports import hold, locked
from operations.incidents.choices import ReportState
from operations.incidents.models import IncidentReport
from operations.planning import rights
from operations.response import alerting, reach, timing
from operations.response.choices import AskedState, Ending, Situation
from operations.response.models import Asked, AssistanceCall
from portal.audit import recording
from portal.keys import sent_before
from portal.ui.errors import Refused

KIND = "assistance"
NEEDED_LENGTH, PLACE_LENGTH, MEANS_LENGTH, WORDS_LENGTH = 300, 120, 200, 300
FARTHEST = timedelta(days=1)
Position = tuple[float, float]


@transaction.atomic
def call(
    *,
    report: IncidentReport,
    by: Appointment,
    situation: str,
    needed: str,
    position: Position | None,
    call_back: str,
    marking: Marking,
    agencies: Collection[Agency] = (),
    place: str = "",
    without_article: Collection[Agency] = (),
    danger: str = "",
    key: uuid.UUID | None = None,
) -> AssistanceCall:
    """Ask the duty desks of `agencies` to come to a place: each by an article that lets it be asked, and released to it
    by one that carries the call (R4, R6). The call tells of the incident nothing but what is written in it.

    `without_article`: agencies of other states that none lets be asked. Where life is in danger, and `danger` says why
    it cannot wait, position, kind of danger and number go to them for one hour (R24). Raises Refused at the field.
    """
    sent = sent_before(Record, key, kind=KIND, author=by)
    if sent is not None:
        return AssistanceCall.objects.get(record=sent)
    row = locked(report, by, "calls for assistance there")
    rights.require_role(by, Permission.RECORD_RELEASE)
    _check(row, situation, needed, position, call_back)
    if not agencies and not without_article:
        raise Refused("Choose whom to ask: nobody means nobody.", field="agencies")
    words = Situation(situation).label
    record = records.create(
        by=by, kind=KIND, title=f"Assistance needed: {words.lower()}", marking=marking, key=key,
        operation=row.record.operation, host=row.record, position=position, zone=row.record.zone,
        text=f"{needed}\n{place}", shown=False,
    )  # fmt: skip
    made = AssistanceCall.objects.create(
        record=record, situation=situation, needed=needed.strip(), place=place.strip(), call_back=call_back.strip()
    )
    _ask(made, agencies, by)
    if without_article:
        made.distress = _cry(made, without_article, danger, by)
        made.save(update_fields=["distress"])
    timing.arm_call(made)
    return made


def _check(row: IncidentReport, situation: str, needed: str, position: Position | None, call_back: str) -> None:
    if row.state == ReportState.WITHDRAWN:
        raise Refused("This report is withdrawn.", code="state")
    if situation not in Situation.values:
        raise Refused("Say what it is.", field="situation")
    if not needed.strip():
        raise Refused("Say who or what should come.", field="needed")
    if position is None:
        raise Refused("Say where: nobody can come to a place that is not told.", field="position")
    try:
        PHONE(call_back.strip())
    except ValidationError as error:
        raise Refused(error.messages[0], field="call_back") from error


@transaction.atomic
def ask_more(*, call: AssistanceCall, by: Appointment, agencies: Collection[Agency]) -> list[Asked]:
    """Ask further desks for the same."""
    row = _own(call, by)
    rights.require_role(by, Permission.RECORD_RELEASE)
    if not agencies:
        raise Refused("Choose whom to ask.", field="agencies")
    return _ask(row, agencies, by)


def _ask(row: AssistanceCall, agencies: Collection[Agency], by: Appointment) -> list[Asked]:
    record = row.record
    place = None if record.latitude is None or record.longitude is None else (record.latitude, record.longitude)
    found = {item.agency.pk: item for item in reach.candidates(by, record, place, timezone.now())}
    held = set(row.asked.values_list("agency", flat=True))
    made = []
    for agency in sorted(set(agencies), key=lambda agency: str(agency.pk)):
        if agency.pk in held:
            continue
        item = found.get(agency.pk)
        if item is None or item.basis is None or item.carrier is None:
            why = item.missing if item else "it does not act here"
            raise Refused(f"{agency.short} cannot be asked by an article: {why}.", field="agencies", code="no_basis")
        releases.release(
            record=record, to=To(AudienceKind.AGENCY, agency=agency), clause=item.carrier, purpose=item.purpose, by=by
        )
        one = Asked.objects.create(
            call=row, agency=agency, clause=item.basis, asked_by=by, distance_km=item.distance_km,
            desk=item.desk.name if item.desk else "",
        )  # fmt: skip
        made.append(one)
        _note("assistance.ask", row, by, agency=str(agency.pk), clause=str(item.basis.pk))
        alerting.tell(alerting.ASSISTANCE, record, agency=agency.pk)
    return made


def _cry(row: AssistanceCall, agencies: Collection[Agency], danger: str, by: Appointment) -> DistressCall:
    """Position, kind of danger and number alone, for one hour, and reviewed afterwards (R24)."""
    record = row.record
    if not danger.strip():
        raise Refused("Say what endangers a life, and why it cannot wait for an article.", field="danger")
    assert record.latitude is not None
    assert record.longitude is not None
    try:
        return distress.send(
            nature=Situation(row.situation).nature, position=(record.latitude, record.longitude), reason=danger,
            call_back=row.call_back, agencies=agencies, by=by,
        )  # fmt: skip
    except Refused as refused:
        field = {"agencies": "without_article", "reason": "danger"}.get(refused.field or "", refused.field)
        raise Refused(refused.message, field=field, code=refused.code) from refused


@transaction.atomic
def accept(*, asked: Asked, by: Appointment, means: str, expected_at: datetime) -> Asked:
    """We come: with what, and when we shall be there. Answered again, it is put right. An answer (R5)."""
    row = _answering(asked, by, (AskedState.ASKED, AskedState.ACCEPTED, AskedState.DECLINED))
    if not means.strip():
        raise Refused("Say with what you come.", field="means")
    now = timezone.now()
    if not now - timedelta(minutes=1) <= expected_at <= now + FARTHEST:
        raise Refused("From now to one day ahead.", field="expected_at")
    row.state, row.answered_by, row.answered_at = AskedState.ACCEPTED, by, now
    row.means, row.expected_at, row.reason = means.strip(), expected_at, ""
    row.save(update_fields=["state", "answered_by", "answered_at", "means", "expected_at", "reason"])
    timing.arm_arrival(row)
    return _answered("assistance.accept", row, by)


@transaction.atomic
def decline(*, asked: Asked, by: Appointment, reason: str) -> Asked:
    """We cannot come, and why. Also of who promised it before."""
    row = _answering(asked, by, (AskedState.ASKED, AskedState.ACCEPTED))
    if not reason.strip():
        raise Refused("Say why not: they ask others by that.", field="reason")
    row.state, row.answered_by, row.answered_at = AskedState.DECLINED, by, timezone.now()
    row.means, row.expected_at, row.reason = "", None, reason.strip()
    row.save(update_fields=["state", "answered_by", "answered_at", "means", "expected_at", "reason"])
    timing.disarm_arrival(row)
    return _answered("assistance.decline", row, by)


@transaction.atomic
def arrive(*, asked: Asked, by: Appointment) -> Asked:
    """They are there: said by either side."""
    record = _visible(asked, by)
    if record.owner_id not in by.agencies and asked.agency_id not in by.agencies:
        raise Refused("There is no such call.", code="not_found")
    _require_answerer(record, by)
    row = _row(asked)
    if row.state != AskedState.ACCEPTED:
        raise Refused("They have not said that they come, or are there already.", code="state")
    row.state, row.arrived_at, row.arrival_told_by = AskedState.ARRIVED, timezone.now(), by
    row.save(update_fields=["state", "arrived_at", "arrival_told_by"])
    timing.disarm_arrival(row)
    return _answered("assistance.arrive", row, by)


@transaction.atomic
def end(*, call: AssistanceCall, by: Appointment, ending: str, words: str = "") -> AssistanceCall:
    """Assistance is needed no more: whoever was asked is told. The hour of a call without an article ends with it."""
    row = _own(call, by)
    if ending not in Ending.values:
        raise Refused("Say how it ended.", field="ending")
    row.ending, row.ending_words, row.ended_by, row.ended_at = ending, words.strip(), by, timezone.now()
    row.save(update_fields=["ending", "ending_words", "ended_by", "ended_at"])
    row.record = records.touch(record=row.record, by=by)
    timing.disarm_call(row)
    for asked in row.asked.all():
        timing.disarm_arrival(asked)
        alerting.settle_desk(asked)
    if row.distress is not None and row.distress.state_at(timezone.now()) == "live":
        distress.declare_over(call=row.distress, by=by)
    _note("assistance.end", row, by, ending=ending)
    alerting.tell(alerting.OVER, row.record)
    return row


def _own(call: AssistanceCall, by: Appointment) -> AssistanceCall:
    """The row, if it runs and the officer's agency called."""
    hold(call.record, by, "does this")
    rights.require_role(by, Permission.INCIDENT_REPORT)
    row = AssistanceCall.objects.select_related("record__owner__country", "record__operation", "distress").get(
        pk=call.pk
    )
    if row.ended_at is not None:
        raise Refused("It is over.", code="state")
    return row


def _visible(asked: Asked, by: Appointment) -> Record:
    record = Record.objects.filter(pk=asked.call_id).select_related("owner").first()
    if record is None:
        raise Refused("There is no such call.", code="not_found")
    rights.require_sight(by, record, timezone.now())
    return record


def _require_answerer(record: Record, by: Appointment) -> None:
    """Of the asker who reports incidents; of a desk who answers calls of danger to life."""
    own = record.owner_id in by.agencies
    rights.require_role(by, Permission.INCIDENT_REPORT if own else Permission.DISTRESS_SEND)


def _answering(asked: Asked, by: Appointment, states: Sequence[AskedState]) -> Asked:
    _visible(asked, by)
    if asked.agency_id not in by.agencies:
        raise Refused("There is no such call.", code="not_found")
    rights.require_role(by, Permission.DISTRESS_SEND)
    row = _row(asked)
    if row.call.ended_at is not None:
        raise Refused("It is over: nobody need come.", code="state")
    if row.state not in states:
        raise Refused("It is answered already.", code="state")
    return row


def _row(asked: Asked) -> Asked:
    rows = Asked.objects.select_for_update(of=("self",))
    return rows.select_related("call__record__owner__country", "agency__country", "clause__agreement").get(pk=asked.pk)


def _answered(verb: str, row: Asked, by: Appointment) -> Asked:
    _note(verb, row.call, by, agency=str(row.agency_id))
    alerting.settle_desk(row)
    alerting.tell(alerting.REPLIED, row.record, subject=f"{row.pk}:{row.state}:{timezone.now().isoformat()}")
    return row


def _note(verb: str, row: AssistanceCall, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind=KIND, subject_id=str(row.pk), data=data)

"""The validation chain of an operation, and the steps that are taken in it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission, permissions_of
from agreements.sharing.models import Participation, Record
from operations.incidents import alerting, lifecycle
from operations.incidents.actions.reports import chain_of, note
from operations.incidents.choices import ChainStep, ReportState, Verdict
from operations.incidents.models import ChainLink, IncidentReport, Validation
from operations.planning import rights
from portal import second_lock
from portal.audit import recording
from portal.ui.errors import Refused

WORDS_LENGTH = 500


@transaction.atomic
def set_link(
    *, operation: Record, step: str, agency: Agency | None, role: str = "", by: Appointment
) -> ChainLink | None:
    """Say who validates at a step: whoever has that role in an agency that takes part; nobody: the step is left out.

    Only the operation's owner. Reports that wait at a step that is left out go on at once.
    """
    rights.require_role(by, Permission.OPERATION_PLAN)
    now = timezone.now()
    if operation.kind != "operation":
        raise Refused("There is no such operation.", code="not_found")
    rights.require_sight(by, operation, now)
    rights.require_lead(by, operation, "says who validates")
    if step not in ChainStep.values:
        raise Refused("There is no such step.", field="step")
    data = {"step": step, "agency": str(agency.pk) if agency else None, "role": role}
    recording.record(verb="incident.chain", by=by, subject_kind="operation", subject_id=str(operation.pk), data=data)
    if agency is None:
        ChainLink.objects.filter(operation=operation, step=step).delete()
        _go_on(operation, step)
        return None
    if not _takes_part(operation, agency):
        raise Refused(f"{agency.short} does not take part in the operation.", field="agency")
    if Permission.INCIDENT_VIEW not in permissions_of(role):
        raise Refused("Officers of this role read no incidents.", field="role")
    row, _ = ChainLink.objects.update_or_create(
        operation=operation, step=step, defaults={"agency": agency, "role": role}
    )
    return row


def _takes_part(operation: Record, agency: Agency) -> bool:
    parts = Participation.objects.filter(circle__record=operation, agency=agency, ended_at=None)
    return agency.pk == operation.owner_id or parts.filter(accepted_at__isnull=False).exists()


@second_lock.opened("a step that is left out holds up nobody's report")
def _go_on(operation: Record, step: str) -> None:
    waiting = [state for state, name in lifecycle.WAITING.items() if name == step]
    rows = IncidentReport.objects.filter(record__operation=operation, state__in=waiting)
    rest = set(ChainLink.objects.filter(operation=operation).values_list("step", flat=True))
    for row in rows.select_related("record"):
        _move(row, lifecycle.next_state(rest, done=step))


@transaction.atomic
def validate(*, report: IncidentReport, by: Appointment, words: str = "") -> IncidentReport:
    """Confirm it at the step where it waits: it goes on to the next, or is validated. An answer (R5)."""
    row, step = _waiting(report, by)
    return _answer(row, step, Verdict.VALIDATED, words, by, lifecycle.next_state(chain_of(row), done=step))


@transaction.atomic
def send_back(*, report: IncidentReport, by: Appointment, words: str) -> IncidentReport:
    """Return it with the reason: its agency corrects it and reports it again."""
    row, step = _waiting(report, by)
    if not words.strip():
        raise Refused("Say what is missing or wrong: the reporter corrects it by that.", field="words")
    return _answer(row, step, Verdict.RETURNED, words, by, ReportState.RETURNED)


def _answer(
    row: IncidentReport, step: ChainStep, verdict: Verdict, words: str, by: Appointment, state: ReportState
) -> IncidentReport:
    Validation.objects.create(report=row, step=step, verdict=verdict, words=words.strip(), by=by)
    _moved(row, state)
    note(f"incident.{'validate' if verdict == Verdict.VALIDATED else 'send_back'}", by, row, step=step, state=state)
    alerting.tell(alerting.RETURNED if state == ReportState.RETURNED else alerting.SUBMITTED, row.record)
    if state == ReportState.VALIDATED:
        alerting.tell_grave(row.record, f"validated:{row.record.version}")
    return row


@second_lock.opened("a partner's answer moves the report that it answers")
def _moved(row: IncidentReport, state: ReportState) -> None:
    _move(row, state)


def _move(row: IncidentReport, state: ReportState) -> None:
    row.state = state
    row.save(update_fields=["state"])
    Record.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.record.refresh_from_db(fields=["version"])


def _waiting(report: IncidentReport, by: Appointment) -> tuple[IncidentReport, ChainStep]:
    """The row and the step, if the officer sees it and answers there."""
    record = Record.objects.filter(pk=report.pk).first()
    if record is None:
        raise Refused("There is no such record.", code="not_found")
    rights.require_sight(by, record, timezone.now())
    row = _row_for_update(report)
    lifecycle.require(row.state, "validate")
    step = lifecycle.WAITING[row.state]
    if not answers_at(row, step, by):
        raise Refused("Others validate this: the operation names agency and role.", code="forbidden")
    return row, step


@second_lock.opened("the report that a partner answers is held meanwhile")
def _row_for_update(report: IncidentReport) -> IncidentReport:
    rows = IncidentReport.objects.select_for_update(of=("self",))
    return rows.select_related("record__owner__country", "record__operation").get(pk=report.pk)


def answers_at(row: IncidentReport, step: str, by: Appointment) -> bool:
    """Whether the officer is the one whom the chain names at the step: never the reporter."""
    links = ChainLink.objects.filter(operation=row.record.operation_id, step=step, agency__in=by.agencies, role=by.role)
    return row.record.author.officer_id != by.officer_id and links.exists()

"""Alerts about incidents: the 24 hours run out, a report waits or was returned, levels are proposed, a serious
incident was told, one of high impact stands. Each for those who see the record now."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.sharing import gates
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import agencies_that_see
from operations.incidents import lifecycle
from operations.incidents.choices import URGENT, Impact, ReportState
from operations.incidents.models import ChainLink, Event, IncidentReport
from portal import second_lock
from portal.outbox import handlers, messages

TOLD, DUE = "incidents.told", "incidents.due"
SUBMITTED, RETURNED, PROPOSED, SERIOUS = (
    "incidents.submitted",
    "incidents.returned",
    "incidents.proposed",
    "incidents.serious",
)
GRAVE = "incidents.grave"
# How grave an incident is in the words of alerts, by its impact.
SEVERITY = {Impact.HIGH: Severity.SEVERE, Impact.VERY_HIGH: Severity.EXTREME}


def register() -> None:
    """Tell the kinds, and the outbox who handles these causes."""
    for kind in (
        kinds.AlertKind(
            DUE,
            "First report due",
            "alarm",
            Urgency.IMMEDIATE,
            True,
            _due_line,
            family=Family.INCIDENT,
            severity=Severity.MODERATE,
        ),
        kinds.AlertKind(
            SUBMITTED,
            "Incident to validate",
            "clipboard-check",
            Urgency.EXPECTED,
            False,
            _submitted_line,
            family=Family.TASK,
        ),
        kinds.AlertKind(
            RETURNED, "Incident returned", "reply", Urgency.EXPECTED, False, _returned_line, family=Family.TASK
        ),
        kinds.AlertKind(
            PROPOSED, "Levels proposed", "sliders", Urgency.FUTURE, False, _proposed_line, family=Family.INCIDENT
        ),
        kinds.AlertKind(
            SERIOUS,
            "Serious incident",
            "shield-exclamation",
            Urgency.IMMEDIATE,
            True,
            _serious_line,
            family=Family.INCIDENT,
            severity=Severity.SEVERE,
        ),
    ):
        kinds.register(kind)
    kinds.register(
        kinds.AlertKind(
            GRAVE,
            "Incident of high impact",
            "exclamation-diamond-fill",
            Urgency.IMMEDIATE,
            True,
            _grave_line,
            family=Family.INCIDENT,
            severity=Severity.SEVERE,
        )
    )
    gates.on_released(released)
    handlers.register(TOLD, told)
    handlers.register(DUE, due)


def _due_line(alert: Any) -> str:
    row = alert.record.incident
    if row.due_at is None:
        return f"“{alert.record.title}” was reported since"
    return f"“{alert.record.title}” must be reported by {row.due_at.astimezone(UTC):%H:%MZ}"


def _submitted_line(alert: Any) -> str:
    return f"“{alert.record.title}” waits to be validated"


def _returned_line(alert: Any) -> str:
    return f"“{alert.record.title}” was returned: read why, correct it, report it again"


def _proposed_line(alert: Any) -> str:
    return f"Other levels are proposed for “{alert.record.title}”"


def _serious_line(alert: Any) -> str:
    return "A serious incident was told to you"


def _grave_line(alert: Any) -> str:
    row = alert.record.incident
    return f"Incident of {row.get_impact_display().lower()} impact: “{alert.record.title}”"


def released(*, release: Release, second: Appointment | None) -> None:
    """A report of high impact reached others: they are told at once."""
    if release.content_object.kind == "incident":
        tell_grave(release.content_object, str(release.pk))


def tell_grave(record: Record, occasion: str) -> None:
    """Queue the alert of a report of high impact, for those who see it then and were not told before."""
    payload = {"what": GRAVE, "record": str(record.pk), "version": 0}
    messages.emit(kind=TOLD, key=f"{GRAVE}:{record.pk}:{occasion}", payload=payload)


def _grave(record: Record, at: datetime) -> None:
    row = IncidentReport.objects.get(pk=record.pk)
    if row.impact not in URGENT or row.reported_at is None or row.state == ReportState.WITHDRAWN:
        return
    releases = list(record.releases.standing().with_audience())
    agencies = [record.owner_id, *(agency.pk for agency in agencies_that_see(record, releases, at))]
    people = [person for person in concerned.viewers(record, agencies, at) if record.author_id not in person.chain]
    severity = SEVERITY[Impact(row.impact)]
    raising.raise_alert(
        kind=GRAVE, key=f"{record.pk}:{row.impact}", recipients=people, record=record, severity=severity
    )


def tell(what: str, record: Record) -> None:
    """Queue the alert of that kind about the record; one for each version of it."""
    payload = {"what": what, "record": str(record.pk), "version": record.version}
    messages.emit(kind=TOLD, key=f"{what}:{record.pk}:{record.version}", payload=payload)


@second_lock.opened("finding those concerned")
def told(payload: dict[str, Any]) -> None:
    record = Record.objects.select_related("owner").filter(pk=payload["record"]).first()
    if record is None:
        return
    at = timezone.now()
    if payload["what"] == GRAVE:
        _grave(record, at)
        return
    recipients = concerned.who_see(record, _whom(payload["what"], record, at), at)
    key = f"{record.pk}:{payload['version']}"
    raising.raise_alert(kind=payload["what"], key=key, recipients=recipients, record=record)


def _whom(what: str, record: Record, at: datetime) -> Iterable[Appointment]:
    if what == SUBMITTED:
        return _validators(record, at)
    if what == RETURNED:
        return concerned.for_owner(record, Permission.INCIDENT_REPORT, at)
    if what == PROPOSED and record.kind == "event":
        return concerned.holders([Event.objects.get(pk=record.pk).keeper_id], at)
    if what == PROPOSED:
        return concerned.who_may(Permission.INCIDENT_REPORT, [record.owner_id], at)
    named = record.releases.standing().filter(audience__appointment__isnull=False)
    people = concerned.holders(named.values("audience__appointment"), at)
    return [person for person in people if record.author_id not in person.chain]


def _validators(record: Record, at: datetime) -> list[Appointment]:
    """Those of the step that it waits at: by agency and role, without its author."""
    step = lifecycle.WAITING.get(IncidentReport.objects.get(pk=record.pk).state)
    link = ChainLink.objects.filter(operation=record.operation_id, step=step).first()
    if link is None:
        return []
    people = concerned.in_effect(at, agency=link.agency_id, role=link.role)
    return [person for person in people if record.author_id not in person.chain]


@second_lock.opened("finding those concerned")
def due(payload: dict[str, Any]) -> None:
    """Warn of the deadline, if it still runs to the same instant."""
    row = IncidentReport.objects.select_related("record__owner").filter(pk=payload["incident"]).first()
    if row is None or row.due_at is None or row.due_at.astimezone(UTC).isoformat() != payload["due_at"]:
        return
    at = timezone.now()
    recipients = concerned.for_owner(row.record, Permission.INCIDENT_REPORT, at)
    key = f"{row.pk}:{payload['minutes']}:{payload['due_at']}"
    raising.raise_alert(kind=DUE, key=key, recipients=recipients, record=row.record)

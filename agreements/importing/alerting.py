"""Who learns of an import: whoever started it, when it has ended; and once for each import, the other parties' treaty
admins, not once for each of ten thousand agreements."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.directory.models import Appointment
from agencies.directory.roles import Permission
from agreements.alerts import concerned, kinds, raising
from agreements.alerts.choices import Family, Urgency
from agreements.importing.choices import ImportState, RowState
from agreements.importing.models import Import
from agreements.importing.running import ENDED, WORK, work
from agreements.register.models import Agreement, Party
from portal.outbox import handlers

FINISHED, PUT = "importing.finished", "importing.put"


def register() -> None:
    """Tell the kinds, and the outbox who handles the causes."""
    kinds.register(
        kinds.AlertKind(
            FINISHED,
            "Import ended",
            "file-earmark-check",
            Urgency.PAST,
            False,
            _finished,
            url=_import,
            standalone=True,
            family=Family.SYSTEM,
        )
    )
    kinds.register(
        kinds.AlertKind(
            PUT,
            "Agreements imported",
            "journal-plus",
            Urgency.EXPECTED,
            True,
            _put,
            url=_waiting,
            standalone=True,
            family=Family.AGREEMENT,
        )
    )
    handlers.register(WORK, work)
    handlers.register(ENDED, ended)


def _import(alert: Any) -> str:
    return reverse("importing:import-detail", args=[alert.subject])


def _waiting(alert: Any) -> str:
    return f"{reverse('register:agreement-list')}?waiting=on"


def _finished(alert: Any) -> str:
    """Worked out when it is read, for who may still see the import."""
    job = Import.objects.visible_to(alert.appointment).filter(pk=alert.subject).first()
    if job is None:
        return "An import has ended"
    counts = job.rows.counts()
    if job.state == ImportState.UNDONE:
        return f"The import of {job.file_name} was undone: {counts['undone']} rows, {counts['made']} stay"
    return f"The import of {job.file_name} has ended: {counts['made']} rows made, {counts['kept']} kept for repair"


def _put(alert: Any) -> str:
    found = _put_to(alert.subject, alert.appointment.agency.country_id).count()
    if not found:
        return "Agreements that were put to your country were taken back"
    return f"{found} imported agreement{'s' * (found != 1)} of your country: look at them and confirm"


def _put_to(job: Any, country: str) -> Any:
    """Agreements of that import that are before this party."""
    made = Agreement.objects.filter(imported_rows__of=job, imported_rows__state=RowState.MADE)
    return made.filter(registered_at__isnull=False, parties__country=country).distinct()


def ended(payload: dict[str, Any]) -> None:
    """Alert who started it, and of an import that put agreements to their parties, their treaty admins."""
    now = timezone.now()
    job = Import.objects.filter(pk=payload["import"]).select_related("worked_by").first()
    if job is None or job.worked_by is None:
        return
    key = f"{job.pk}:{payload['turn']}"
    raising.raise_alert(kind=FINISHED, key=key, recipients=[job.worked_by], subject=str(job.pk))
    if job.state == ImportState.DONE:
        raising.raise_alert(kind=PUT, key=key, recipients=_admins(job, now), subject=str(job.pk))


def _admins(job: Import, now: Any) -> list[Appointment]:
    parties = Party.objects.filter(
        agreement__imported_rows__of=job,
        agreement__imported_rows__state=RowState.MADE,
        agreement__registered_at__isnull=False,
    )
    countries = list(parties.order_by().values_list("country", flat=True).distinct())
    admins = concerned.roles_with(Permission.AGREEMENT_CONFIRM)
    found = concerned.in_effect(now, role__in=admins, agency__country__in=countries)
    return [row for row in found if row.agency_id != job.agency_id]

"""Name officers of the own agency for a record that not all of it may see: RED, or confined (R3, R8)."""

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.sharing import kinds
from agreements.sharing.actions.audiences import own_officer
from agreements.sharing.actions.records import own_release
from agreements.sharing.choices import AudienceKind, Tlp
from agreements.sharing.models import Record, Release
from agreements.sharing.policy import access, decide
from portal.audit import recording
from portal.ui.errors import Refused


def is_nameable(record: Record) -> bool:
    return record.tlp == Tlp.RED or record.compartment_id is not None


@transaction.atomic
def name_officer(*, record: Record, appointment: Appointment, by: Appointment) -> Release:
    """Let one more officer of the owner see it. Naming twice changes nothing.

    Raises Refused for officers of other agencies (that is a release, R9) and for those who could not see it.
    """
    record = Record.objects.select_for_update().get(pk=record.pk)
    _may(record, by)
    if not is_nameable(record):
        raise Refused(
            "All your officers see it by their role and clearance: nobody need be named.", field="appointment"
        )
    if record.owner_id not in appointment.agencies or not appointment.is_in_effect(timezone.now()):
        raise Refused("Only officers of your own agency are named here.", field="appointment")
    if appointment.clearance < record.classification or not appointment.may(kinds.get(record.kind).view_permission):
        raise Refused("Role or clearance of this officer do not allow it.", field="appointment")
    row = own_release(record, own_officer(appointment), by)
    _note("record.name", record, appointment, by)
    return row


@transaction.atomic
def unname_officer(*, record: Record, appointment: Appointment, by: Appointment) -> None:
    """Take it back: closed on the next request. The author stays."""
    record = Record.objects.select_for_update().get(pk=record.pk)
    _may(record, by)
    if appointment.pk == record.author_id:
        raise Refused("Its author sees it always.", field="appointment")
    rows = Release.objects.standing().filter(content_object=record, provider=record.owner_id)
    rows = rows.filter(audience__kind=AudienceKind.OWN_OFFICER, audience__appointment=appointment)
    if rows.update(revoked_at=timezone.now(), revoked_by=by):
        _note("record.unname", record, appointment, by)


def named_for(record: Record) -> list[Appointment]:
    """Own officers who are named for it, the author among them."""
    rows = Release.objects.standing().filter(content_object=record, audience__kind=AudienceKind.OWN_OFFICER)
    people = Appointment.objects.filter(pk__in=rows.values("audience__appointment"))
    return list(people.select_related("officer", "agency").order_by("officer__full_name", "pk"))


def _may(record: Record, by: Appointment) -> None:
    decision = decide(access(by, timezone.now()), record, "release")
    if not decision:
        raise Refused(decision.missing[0], code="forbidden", reasons=decision.missing)


def _note(verb: str, record: Record, appointment: Appointment, by: Appointment) -> None:
    data = {"appointment": str(appointment.pk)}
    recording.record(verb=verb, by=by, subject_kind=record.kind, subject_id=str(record.pk), data=data)

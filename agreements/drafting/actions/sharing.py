"""A draft is worked on by several: colleagues of the own agency, and agencies of the parties that are invited (R23)."""

from collections.abc import Iterable

from django.db import transaction

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission
from agreements.drafting.causes import SHARED
from agreements.drafting.models import Share
from agreements.drafting.rights import led, said
from agreements.register import actions as register
from agreements.register.models import Agreement
from agreements.register.tasks import all_tasks
from portal.outbox import messages
from portal.ui.errors import Refused


@transaction.atomic
def share(
    *,
    agreement: Agreement,
    by: Appointment,
    officer: Appointment | None = None,
    agency: Agency | None = None,
    tasks: Iterable[str] = (),
) -> Share:
    """Ask a colleague to work on it too, or invite an agency of a party to read it and to fill in these tasks.

    Sharing again with the same agency changes what it may fill in; with none it only reads.
    """
    row = led(agreement, by)
    if (officer is None) == (agency is None):
        raise Refused("Name a colleague or an agency.", field="agency")
    names = _known(tasks)
    if officer is not None:
        _check_colleague(row, officer, by)
        found, _ = Share.objects.get_or_create(agreement=row, appointment=officer, defaults={"shared_by": by})
    else:
        assert agency is not None
        _check_agency(row, agency)
        values = {"tasks": names, "shared_by": by}
        found, _ = Share.objects.update_or_create(agreement=row, agency=agency, defaults=values)
    _let_in(row, by)
    said("draft.share", row, by, share=str(found.pk), tasks=names)
    messages.emit(kind=SHARED, key=f"{SHARED}:{found.pk}", payload={"share": str(found.pk)})
    return found


def _known(tasks: Iterable[str]) -> list[str]:
    known, wanted = [task.name for task in all_tasks()], set(tasks)
    unknown = sorted(wanted - set(known))
    if unknown:
        raise Refused(f"There is no task {', '.join(unknown)}.", field="tasks")
    return [name for name in known if name in wanted]


def _check_colleague(agreement: Agreement, officer: Appointment, by: Appointment) -> None:
    if agreement.drafted_by_id not in officer.agencies or not officer.may(Permission.AGREEMENT_DRAFT):
        raise Refused("Name a treaty admin of your own agency.", field="officer")
    if officer.officer_id == by.officer_id:
        raise Refused("You work on it already.", field="officer")


def _check_agency(agreement: Agreement, agency: Agency) -> None:
    if agency.pk == agreement.drafted_by_id:
        raise Refused("Your own agency works on it already.", field="agency")
    if not agreement.parties.filter(country=agency.country_id).exists():
        raise Refused(
            f"{agency.country.name} is no party: name it under “Parties and their agencies” first.", field="agency"
        )


def _let_in(agreement: Agreement, by: Appointment) -> None:
    """The register's own list of who sees the draft says the same."""
    agencies = Agency.objects.filter(pk__in=agreement.draft_shares.exclude(agency=None).values("agency"))
    register.invite(agreement=agreement, by=by, agencies=agencies)


@transaction.atomic
def unshare(*, share: Share, by: Appointment) -> None:
    """No longer: an agency sees nothing of it from now on. What it wrote stays."""
    row = led(share.agreement, by)
    said("draft.unshare", row, by, share=str(share.pk))
    share.delete()
    _let_in(row, by)

"""What the register tells of an agency: for which agreements it stands designated, and what is missing (R22)."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import Permission, Role
from agencies.onboarding import designations, foreseeing, reach
from agencies.onboarding.foreseeing import Line, Part
from agreements.register.actions.rights import note
from agreements.register.models import Agreement, Designation, Party


def register() -> None:
    reach.register(with_agreement)
    designations.register(standing)
    designations.register_open(could_be_named)
    foreseeing.register(count)
    foreseeing.register_end(end_designations)


def with_agreement(by: Appointment) -> Iterable[str]:
    """Countries that are parties, beside the officer's own, to an agreement that was put to its parties."""
    own = Party.objects.filter(country=by.agency.country_id, agreement__registered_at__isnull=False).values("agreement")
    return Party.objects.filter(agreement__in=own).values_list("country", flat=True).distinct()


def standing(agency: Agency, by: Appointment, at: datetime) -> list[designations.Standing]:
    """Its designations in agreements that the reader may know (R23): who named it, who confirmed it, who has not yet.

    Works between two parties once both stand behind it (R22); so each party that has not is waited for.
    """
    visible = Agreement.objects.visible_to(by).filter(registered_at__isnull=False)
    rows = Designation.objects.filter(agreement__in=visible, agency__in=agency.stands_for(at))
    rows = rows.select_related("agreement", "country", "recorded_for", "agency")
    rows = rows.prefetch_related("confirmations__country", "clauses", "agreement__parties__country")
    found = [_standing(row, by, at) for row in rows.order_by("agreement__short_name", "starts_on", "pk")]
    return [row for row in found if row is not None]


def _standing(row: Designation, by: Appointment, at: datetime) -> designations.Standing | None:
    day = at.astimezone(row.agreement.zone).date()
    if (row.withdrawn_at is not None and row.withdrawn_at <= at) or (row.ends_on is not None and row.ends_on < day):
        return None
    behind = {item.country_id: item.country.name for item in row.confirmations.all()}
    if row.recorded_for is not None:
        behind[row.recorded_for.pk] = row.recorded_for.name
    parties = {party.country_id: party.country.name for party in row.agreement.parties.all()}
    waits = {code: name for code, name in parties.items() if code not in behind}
    url = reverse("register:agreement-detail", args=[row.agreement_id])
    asked = by.may(Permission.AGREEMENT_CONFIRM) and by.agency.country_id in waits
    return designations.Standing(
        agreement=row.agreement.short_name,
        url=url,
        named_by=row.country.name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        articles=[clause.article for clause in row.clauses.all()],
        confirmed_by=sorted(name for code, name in behind.items() if code != row.country_id),
        waits_for=sorted(waits.values()),
        works=row.country_id in behind and len(behind) > 1 and row.starts_on <= day,
        confirm_url=url if asked else "",
    )


def could_be_named(agency: Agency, by: Appointment, at: datetime) -> list[designations.Open]:
    """Agreements of its state for which it is not designated, for the treaty admin who could do it; to others none."""
    if by.role != Role.TREATY_ADMIN or by.agency.country_id != agency.country_id or not agency.acts(at):
        return []
    named = Designation.objects.filter(agency=agency, withdrawn_at=None).values("agreement")
    rows = Agreement.objects.visible_to(by).filter(registered_at__isnull=False, parties__country=agency.country_id)
    rows = rows.exclude(pk__in=named).distinct().order_by("short_name", "pk")
    return [
        designations.Open(row.short_name, reverse("register:designation-create", args=[row.pk])) for row in rows[:50]
    ]


def count(agency: Agency, by: Appointment, at: datetime) -> foreseeing.After:
    """Agreements for which it is designated: counted, for who ends its access need not know them (R23)."""
    rows = Designation.objects.filter(agency=agency, agreement__registered_at__isnull=False, withdrawn_at=None)
    number = rows.order_by().values("agreement").distinct().count()
    return lambda at: [Line(Part.STANDING, "agreements for which it is designated", number)]


def end_designations(agency: Agency, at: datetime, by: Appointment) -> None:
    """They end with the agency, at that instant: it is no authority any more. One of the two who closed it is a treaty
    admin of its state (R22)."""
    for row in Designation.objects.filter(agency=agency, withdrawn_at=None).select_related("agreement"):
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        note("agreement.withdraw_designation", row.agreement, by, f"{row.pk}:closed", agency=row.agency_id)

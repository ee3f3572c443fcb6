"""Finds or makes the audience of a release. An audience says who it is meant for, never who is inside."""

from django.contrib.auth.models import Group
from django.utils.crypto import salted_hmac

from agencies.directory.models import Agency, Appointment, Country, Unit
from agreements.register.models import Clause
from agreements.sharing.choices import AudienceKind
from agreements.sharing.models import Audience, Circle
from portal import second_lock


def audience_for(
    kind: AudienceKind,
    *,
    clause: Clause | None = None,
    country: Country | None = None,
    agency: Agency | None = None,
    unit: Unit | None = None,
    function: str = "",
    circle: Circle | None = None,
    appointment: Appointment | None = None,
) -> Audience:
    """The one audience of that shape, made on first use with its group. Safe when two ask at once."""
    shape = {
        "kind": kind,
        "clause": clause,
        "country": country,
        "agency": agency,
        "unit": unit,
        "function": function,
        "circle": circle,
        "appointment": appointment,
    }
    found = Audience.objects.filter(**shape).first()
    if found is not None:
        return found
    parts = [kind.value] + [str(part.pk) for part in (clause, country, agency, unit, circle, appointment) if part]
    # A group's name is short, and a function may be long.
    parts += [salted_hmac("audience.function", function).hexdigest()[:16]] if function else []
    group, made = Group.objects.get_or_create(name=" ".join(parts))
    if made:
        second_lock.admit(group.pk)
    audience, _ = Audience.objects.get_or_create(**shape, defaults={"group": group})
    return audience


def own_audience(agency: Agency) -> Audience:
    return audience_for(AudienceKind.OWN_AGENCY, agency=agency)


def own_officer(appointment: Appointment) -> Audience:
    return audience_for(AudienceKind.OWN_OFFICER, appointment=appointment)

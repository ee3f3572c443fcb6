"""The demonstration's contacts (invented numbers) and one invitation that waits for its answer."""

from datetime import time, timedelta

from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country
from agencies.directory.roles import Role
from agencies.onboarding import links
from agencies.onboarding.choices import Function, Level
from agencies.onboarding.models import Contact, Invitation
from portal.keys import new_key
from portal.ui import demo

# Office hours of some functions; the others are answered day and night.
OFFICE = {Function.TREATY, Function.DATA_PROTECTION, Function.TECHNICAL}
ASKED = "Customs Administration of Liechtenstein (invented)"


def load() -> int:
    """For each agency some contacts; every fourth function is left to the duty desk. What exists is left as it is."""
    made = 0
    today = timezone.now().date()
    for number, agency in enumerate(Agency.objects.exclude(languages=[]).order_by("country_id", "name", "pk")):
        if agency.language_levels or agency.contacts.exists():
            continue
        levels = {code: Level.NATIVE.value for code in agency.languages}
        levels.setdefault("en", Level.INDEPENDENT.value)
        Agency.objects.filter(pk=agency.pk).update(
            languages=list(levels), language_levels=levels, desk_verified_on=today - timedelta(days=number * 11 % 170)
        )
        for place, function in enumerate(Function):
            if (place + number) % 4 == 3:
                continue
            office = function in OFFICE
            Contact.objects.create(
                agency=agency,
                function=function,
                telephone=f"+999 000 {number:02}{place + 1}",
                mail=f"{function.value.replace('_', '-')}.{agency.pk.hex[-6:]}@demo.invalid",
                days=[0, 1, 2, 3, 4] if office else [],
                opens=time(8) if office else None,
                closes=time(17) if office else None,
                # One of them was not tried for long, so that a visitor sees the flag.
                verified_on=today - timedelta(days=200 if (place + number) % 7 == 5 else 30 + place * 9),
            )
            made += 1
    return made + _invitation()


def _invitation() -> int:
    country = Country.objects.filter(pk="LI").first()
    by = (
        Appointment.objects.filter(role=Role.TREATY_ADMIN, agency__country="CH")
        .order_by("officer__username", "pk")
        .first()
    )
    if country is None or by is None or Invitation.objects.filter(name=ASKED).exists():
        return 0
    now = timezone.now()
    row = Invitation(
        id=new_key(),
        name=ASKED,
        acronym="ZV-LI",
        kind=Agency.Kind.CUSTOMS,
        country=country,
        mail="director@demo.invalid",
        why="Joint patrols on the Alpine Rhine. An invented invitation, for the demonstration.",
        invited_by=by,
        invited_at=now - timedelta(days=2),
        mailed_at=now - timedelta(days=2),
        opened_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=12),
    )
    row.digest = links.digest_of(links.key_of(row))
    row.save(force_insert=True)
    return 1


def register() -> None:
    demo.register(demo.Step("contacts and invitations", 15, load))

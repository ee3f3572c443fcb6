"""On what the entry into force depends. It widens, so between two parties it works once both stand behind it (R22)."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from agencies.directory.models import Appointment, Country
from agreements.register.actions.rights import changeable, note
from agreements.register.actions.second import stamp_widening
from agreements.register.choices import DelayUnit
from agreements.register.models import Agreement, ForceCondition
from portal.keys import sent_before, usable
from portal.ui.errors import Refused


@transaction.atomic
def set_condition(
    *,
    agreement: Agreement,
    by: Appointment,
    consents: int | None = None,
    required: Iterable[Country] = (),
    delay: int = 0,
    delay_unit: str = DelayUnit.DAYS,
    later_delay: int | None = None,
    later_unit: str = "",
    rectifies: ForceCondition | None = None,
    article: str = "",
    source: str = "",
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
) -> ForceCondition:
    """Say how many consents bring the agreement into force, and how long after; for parties that come later too.

    An agreement has one. A wrong one is rectified: the new one names it, and takes its place between two parties once
    both have confirmed it. Raises Refused at the field: a second one, numbers that cannot be, a stranger.
    """
    agreement = changeable(agreement, by)
    before = sent_before(ForceCondition, key, agreement=agreement, recorded_by=by)
    if before is not None:
        return before
    named = list(required)
    _check(agreement, consents, named, delay, delay_unit, "delay")
    if later_delay is not None:
        later_unit = later_unit or delay_unit
        _check_delay(later_delay, later_unit, "later_delay")
    _check_place(agreement, rectifies)
    row = ForceCondition.objects.create(
        id=usable(ForceCondition, key),
        agreement=agreement,
        consents=consents,
        delay=delay,
        delay_unit=delay_unit,
        later_delay=later_delay,
        later_unit=later_unit if later_delay is not None else "",
        rectifies=rectifies,
        article=article,
        source=source,
        **stamp_widening(agreement, by, recorded_at),
    )
    row.required.set(named)
    note("agreement.set_condition", agreement, by, str(row.pk), recorded_at=recorded_at, consents=consents)
    return row


def _check(
    agreement: Agreement, consents: int | None, named: list[Country], delay: int, delay_unit: str, field: str
) -> None:
    parties = {party.country_id: party.country.name for party in agreement.parties.select_related("country")}
    strangers = [country.name for country in named if country.pk not in parties]
    if strangers:
        raise Refused(f"Not party of this agreement: {', '.join(strangers)}.", field="required")
    if consents is not None and not 1 <= consents <= len(parties):
        raise Refused(f"It has {len(parties)} parties: say how many of them consent.", field="consents")
    if consents is not None and consents < len(named):
        raise Refused("More parties are named than consents are needed.", field="consents")
    _check_delay(delay, delay_unit, field)


def _check_delay(delay: int, unit: str, field: str) -> None:
    if unit == DelayUnit.MONTH_STARTS and delay < 1:
        raise Refused("The first day of the following month is 1, of the second 2.", field=field)


def _check_place(agreement: Agreement, rectifies: ForceCondition | None) -> None:
    if rectifies is not None and rectifies.agreement_id != agreement.pk:
        raise Refused("That is the condition of another agreement.", field="rectifies")
    standing = agreement.force_conditions.filter(rectified_by=None)
    if rectifies is not None:
        standing = standing.exclude(pk=rectifies.pk)
    if standing.exists():
        raise Refused("It has a condition already. Rectify that one.", code="conflict")

"""Confirmation: a party stands behind facts that widen (R22)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.register.actions.rights import is_party, locked, need, note
from agreements.register.causes import CONFIRMED
from agreements.register.choices import WIDENING
from agreements.register.models import Agreement, Clause, Confirmation, Designation, Fact, TreatyAction
from portal.ui.errors import Refused

NAMES: dict[type[Fact], str] = {TreatyAction: "action", Clause: "clause", Designation: "designation"}


def outstanding(agreement: Agreement, country: Country | str) -> list[Fact]:
    """Facts that widen and that this country has neither recorded nor confirmed. None of a draft.

    Another's designation that is withdrawn or over is not asked for any more.
    """
    if agreement.is_draft:
        return []
    actions = agreement.actions.filter(kind__in=WIDENING).select_related("country", "recorded_for")
    articles = agreement.clauses.select_related("agreement", "recorded_for")
    named = agreement.designations.filter(withdrawn_at=None).select_related("country", "agency", "recorded_for")
    found: list[Fact] = []
    for rows in (articles, actions, named):
        found += rows.exclude(recorded_for=country).exclude(confirmations__country=country)  # type: ignore[attr-defined]
    return found


@transaction.atomic
def confirm(
    *,
    agreement: Agreement,
    by: Appointment,
    facts: Iterable[Fact] | None = None,
    confirmed_at: datetime | None = None,
) -> int:
    """Stand behind facts for the own country; all outstanding ones unless some are named. How many were new."""
    need(by, Permission.AGREEMENT_CONFIRM)
    row = locked(agreement)
    if row.is_draft:
        raise Refused("A draft is confirmed once it is put to the parties.", code="conflict")
    if not is_party(row, by.agency.country_id):
        raise Refused("Only parties confirm facts about an agreement.", code="forbidden")
    waiting = outstanding(row, by.agency.country)
    wanted = None if facts is None else {fact.pk for fact in facts}
    chosen = [fact for fact in waiting if wanted is None or fact.pk in wanted]
    stamp = {"country": by.agency.country, "confirmed_by": by, "confirmed_at": confirmed_at or timezone.now()}
    Confirmation.objects.bulk_create([Confirmation(**{NAMES[type(fact)]: fact}, **stamp) for fact in chosen])
    for fact in chosen:
        key = f"{fact.pk}:{by.agency.country_id}"
        note("agreement.confirm", row, by, key, cause=CONFIRMED, of=NAMES[type(fact)])
    return len(chosen)

"""Confirmation: a party stands behind facts that widen (R22)."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agencies.directory.roles import Permission
from agreements.register.actions.rights import is_party, locked, need, note
from agreements.register.actions.second import SECOND, others, own_to_confirm
from agreements.register.causes import CONFIRMED
from agreements.register.choices import WIDENING
from agreements.register.models import Agreement, Clause, Confirmation, Designation, Fact, ForceCondition, TreatyAction
from portal.ui.errors import Refused

NAMES: dict[type[Fact], str] = {
    TreatyAction: "action",
    Clause: "clause",
    Designation: "designation",
    ForceCondition: "condition",
}


def _waiting(agreements: Iterable[Agreement], country: Country | str) -> list[Any]:
    """Articles, actions, designations and conditions of these that the country has neither recorded nor confirmed.

    Another's designation that is withdrawn or over is not asked for any more.
    """
    articles = Clause.objects.select_related("agreement", "recorded_for", "recorded_by").prefetch_related(
        "senders", "receivers"
    )
    widening = Q(kind__in=WIDENING) | Q(rectifies__isnull=False)
    acts = TreatyAction.objects.filter(widening).select_related("country", "recorded_for", "recorded_by")
    conditions = ForceCondition.objects.select_related("recorded_for", "recorded_by")
    named = Designation.objects.filter(withdrawn_at=None).select_related(
        "country", "agency", "recorded_for", "recorded_by"
    )
    return [
        rows.filter(agreement__in=agreements).exclude(recorded_for=country).exclude(confirmations__country=country)  # type: ignore[attr-defined]
        for rows in (articles, acts, named, conditions)
    ]


def outstanding(agreement: Agreement, country: Country | str) -> list[Fact]:
    """Facts that widen and that this country has neither recorded nor confirmed. None of a draft."""
    return [] if agreement.is_draft else [fact for rows in _waiting([agreement], country) for fact in rows]


# What waits besides in rooms above: takes the agreements' keys and the country, gives how many for each.
Beside = Callable[[list[uuid.UUID], Any], dict[uuid.UUID, int]]
_BESIDE: list[Beside] = []


def count_besides(counter: Beside) -> None:
    """A room above tells what of its own waits for a confirmation."""
    if counter not in _BESIDE:
        _BESIDE.append(counter)


def outstanding_counts(agreements: Iterable[Agreement], country: Country | str) -> dict[uuid.UUID, int]:
    """How many `outstanding` finds for each, in four queries, and what waits in rooms above; those with none are
    left out."""
    found: Counter[uuid.UUID] = Counter()
    open_ones = [row for row in agreements if not row.is_draft]
    for rows in _waiting(open_ones, country):
        found.update(rows.order_by().values_list("agreement", flat=True))
    for counter in _BESIDE:
        found.update(counter([row.pk for row in open_ones], country))
    return dict(found)


@transaction.atomic
def confirm(
    *,
    agreement: Agreement,
    by: Appointment,
    facts: Iterable[Fact] | None = None,
    confirmed_at: datetime | None = None,
) -> int:
    """Stand behind facts for the own country; all outstanding ones unless some are named. How many were new.

    What the officer recorded, a colleague confirms: left out, or refused (code `second_officer`) where it is named.
    """
    need(by, Permission.AGREEMENT_CONFIRM)
    row = locked(agreement)
    if row.is_draft:
        raise Refused("A draft is confirmed once it is put to the parties.", code="conflict")
    if not is_party(row, by.agency.country_id):
        raise Refused("Only parties confirm facts about an agreement.", code="forbidden")
    waiting = outstanding(row, by.agency.country)
    wanted = None if facts is None else {fact.pk for fact in facts}
    chosen = [fact for fact in waiting if wanted is None or fact.pk in wanted]
    # Two officers of a state stand behind what one of them recorded (R22); the importing state's too.
    mine = [fact for fact in chosen if own_to_confirm(fact, by)] if others(by) else []
    if mine and wanted is not None:
        raise Refused(f"You recorded “{mine[0]}”: another treaty admin of your state confirms it.", code=SECOND)
    chosen = [fact for fact in chosen if fact not in mine]
    stamp = {"country": by.agency.country, "confirmed_by": by, "confirmed_at": confirmed_at or timezone.now()}
    Confirmation.objects.bulk_create([Confirmation(**{NAMES[type(fact)]: fact}, **stamp) for fact in chosen])
    for fact in chosen:
        key = f"{fact.pk}:{by.agency.country_id}"
        note("agreement.confirm", row, by, key, cause=CONFIRMED, recorded_at=confirmed_at, of=NAMES[type(fact)])
    return len(chosen)

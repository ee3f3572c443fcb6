"""Treaty actions in UN vocabulary are recorded, each checked against what is on record."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agreements.register.actions import checks
from agreements.register.actions.rights import changeable, note, own_clauses, stamp
from agreements.register.actions.second import stamp_widening
from agreements.register.choices import LEAVING, WIDENING, ActionKind
from agreements.register.days import add_months, stop_day
from agreements.register.models import Agreement, Clause, TreatyAction
from portal.keys import sent_before, usable


def proposed_effect(agreement: Agreement, kind: str, done_on: date) -> date | None:
    """The first day of effect that the notice period gives: the day after the notice has run out. Of a notice against
    renewal: the day after the first term for which it comes in time."""
    if kind == ActionKind.NON_RENEWAL and agreement.expires_on and agreement.renews_months:
        last = stop_day(agreement.expires_on, agreement.renews_months, agreement.renewal_notice_months or 0, done_on)
        return last + timedelta(days=1)
    if kind not in LEAVING or not agreement.notice_months:
        return None
    return add_months(done_on, agreement.notice_months)


@transaction.atomic
def record_action(
    *,
    agreement: Agreement,
    kind: str,
    done_on: date,
    by: Appointment,
    country: Country | None = None,
    counterpart: Country | None = None,
    clauses: Iterable[Clause] = (),
    effective_on: date | None = None,
    until: date | None = None,
    lifts: TreatyAction | None = None,
    rectifies: TreatyAction | None = None,
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
    odd: bool = False,
    **values: Any,
) -> TreatyAction:
    """Record a treaty action. `effective_on` is its first day of effect: by default the day it was done, or for a
    denunciation the day after the notice has run out.

    What narrows acts at once and is the concerned party's own to record; what widens is recorded for the
    recorder's country and waits for the other side (R22). What `rectifies` an act takes its place once the parties
    confirm it; of the kind rectification, it strikes it out. Raises Refused at the field: dates that cannot be, a
    ratification before the signature, a lifting without its suspension, another country's narrowing.
    With `odd` the order of the days is not judged.
    """
    agreement = changeable(agreement, by)
    before = sent_before(TreatyAction, key, agreement=agreement, recorded_by=by)
    if before is not None:
        return before
    effective_on = effective_on or proposed_effect(agreement, kind, done_on)
    widens = kind in WIDENING or rectifies is not None
    row = TreatyAction(
        id=usable(TreatyAction, key),
        agreement=agreement,
        kind=ActionKind(kind),
        country=country,
        counterpart=counterpart,
        done_on=done_on,
        effective_on=effective_on,
        until=until,
        lifts=lifts,
        rectifies=rectifies,
        **values,
        **(stamp_widening(agreement, by, recorded_at) if widens else stamp(by, recorded_at)),
    )
    articles = own_clauses(agreement, clauses)
    checks.check(row, by, odd=odd)
    row.save()
    row.clauses.set(articles)
    said: dict[str, Any] = {"kind": kind, "country": row.country_id, "works_from": row.works_from}
    note("agreement.action", agreement, by, str(row.pk), recorded_at=recorded_at, **said)
    return row


def lift(*, action: TreatyAction, by: Appointment, done_on: date | None = None, note_text: str = "") -> TreatyAction:
    """Lift a suspension, an objection or a reservation. It widens: it works between two once both stand behind it."""
    return record_action(
        agreement=action.agreement,
        kind=ActionKind.LIFTING,
        country=by.agency.country,
        done_on=done_on or timezone.now().astimezone(action.agreement.zone).date(),
        lifts=action,
        note=note_text,
        by=by,
    )

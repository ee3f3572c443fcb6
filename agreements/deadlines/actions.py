"""Plan a review and end it; set a state's lead times."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment
from agreements.deadlines import reminders
from agreements.deadlines.choices import LONGEST_LEAD, MOST_LEADS
from agreements.deadlines.models import LeadTimes, Review
from agreements.register.actions.rights import changeable, need
from agreements.register.models import Agreement
from portal.audit import recording
from portal.keys import new_key, sent_before, usable
from portal.ui.errors import Refused


@transaction.atomic
def plan_review(
    *,
    agreement: Agreement,
    what: str,
    first_on: date,
    by: Appointment,
    every_months: int | None = None,
    until: date | None = None,
    key: uuid.UUID | None = None,
) -> Review:
    """Plan a review of an agreement, on one day or each so many months. Officers of all its parties see it.

    Raises Refused at `until` before the first day; 403 for whoever does not record facts about the agreement.
    """
    agreement = changeable(agreement, by)
    before = sent_before(Review, key, agreement=agreement, recorded_by=by)
    if before is not None:
        return before
    if until is not None and until < first_on:
        raise Refused("The last day is before the first.", field="until")
    if until is not None and every_months is None:
        raise Refused("Say after how many months it comes again.", field="every_months")
    row = Review.objects.create(
        id=usable(Review, key), agreement=agreement, what=what, first_on=first_on, every_months=every_months,
        until=until, recorded_by=by,
    )  # fmt: skip
    _note("agreement.plan_review", row, by)
    return row


@transaction.atomic
def end_review(*, review: Review, by: Appointment) -> Review:
    """No more of these reviews, for all parties. A second time it does nothing."""
    changeable(review.agreement, by)
    row = Review.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=review.pk)
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        _note("agreement.end_review", row, by)
    return row


def _note(verb: str, row: Review, by: Appointment) -> None:
    agreement = row.agreement
    recording.record(
        verb=verb,
        by=by,
        subject_kind="agreement",
        subject_id=agreement.pk,
        data={"review": row.pk, "first_on": row.first_on},
    )
    reminders.announce(agreement=agreement, key=f"{row.pk}:{verb}")


@transaction.atomic
def set_lead_times(*, days: Iterable[int], by: Appointment) -> LeadTimes:
    """How many days before a deadline the treaty admins of the officer's state are reminded; 0 is the day itself."""
    need(by)
    chosen = sorted(set(days), reverse=True)
    if not chosen or len(chosen) > MOST_LEADS:
        raise Refused(f"Give one to {MOST_LEADS} lead times.", field="days")
    if any(not 0 <= day <= LONGEST_LEAD for day in chosen):
        raise Refused(f"Give days from 0 to {LONGEST_LEAD}.", field="days")
    country = by.agency.country
    row, _ = LeadTimes.objects.update_or_create(
        country=country, defaults={"days": chosen, "changed_at": timezone.now(), "changed_by": by}
    )
    recording.record(
        verb="country.set_lead_times", by=by, subject_kind="country", subject_id=country.pk, data={"days": chosen}
    )
    reminders.announce(country=country.pk, key=f"{country.pk}:{new_key()}")
    return row

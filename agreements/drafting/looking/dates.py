"""Dates: signature, consent of each party, entry into force, provisional application, last day, notice."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from agreements.register import facts
from agreements.register.choices import BINDING, ActionKind
from agreements.register.facts import day_words
from agreements.register.models import Agreement, ForceCondition, TreatyAction
from agreements.register.status import ON_PAPER, computed
from agreements.register.tasks import Answer, Found

K = ActionKind
# What the page of dates asks for; other acts are recorded one by one.
ASKED = BINDING | {K.SIGNATURE, K.ENTRY_INTO_FORCE, K.PROVISIONAL_APPLICATION}
# With which a party needs no signature before.
WITHOUT_SIGNATURE = frozenset({K.DEFINITIVE_SIGNATURE, K.ACCESSION, K.SUCCESSION, K.CONSENT})
# Fields of the head that the page asks for. Rooms that add one put it here.
HEAD = ("concluded_on", "expires_on", "notice_months", "renews_months", "renewal_notice_months")


def acts_of(agreement: Agreement, kinds: Iterable[str], country: str | None = None) -> list[TreatyAction]:
    """Acts of the draft of these kinds, by that party or of the agreement as a whole; in order of time."""
    rows = [row for row in agreement.actions.all() if row.kind in kinds and row.country_id == country]
    return sorted(rows, key=lambda row: row.done_on)


def in_force_on(agreement: Agreement) -> date | None:
    rows = acts_of(agreement, [K.ENTRY_INTO_FORCE])
    return (rows[0].effective_on or rows[0].done_on) if rows else None


def computed_on(agreement: Agreement) -> date | None:
    """The day that its condition gives, from the consents that the draft names; None while too few consented."""
    found = computed(facts.load([agreement.pk])[agreement.pk], timezone.now(), ON_PAPER)
    return found.starts if found else None


def look_at_dates(agreement: Agreement) -> Found:
    head = {name: str(getattr(agreement, name) or "") for name in HEAD}
    acts = sorted(_said(row) for row in agreement.actions.all())
    moved = agreement.time_zone != agreement.drafted_by.time_zone
    conditions = [_condition_said(row) for row in agreement.force_conditions.all()]
    filled = any(head.values()) or bool(acts) or bool(conditions) or moved
    content: dict[str, Any] = {**head, "time_zone": agreement.time_zone, "acts": acts, "conditions": conditions}
    missing = [] if agreement.concluded_on else ["Say on which day it was concluded."]
    return Found(content if filled else {}, _answers(agreement), missing, list(_odd(agreement)))


def _said(row: TreatyAction) -> list[str]:
    return [
        row.kind,
        row.country_id or "",
        str(row.done_on),
        str(row.effective_on or ""),
        str(row.until or ""),
        row.note,
    ]


def condition_of(agreement: Agreement) -> ForceCondition | None:
    """On what the entry into force depends, if it was said."""
    rows = list(agreement.force_conditions.all())
    return rows[-1] if rows else None


def _condition_said(row: ForceCondition) -> list[str]:
    return [str(value) for value in (row.pk, row.consents, row.delay, row.delay_unit, row.later_delay, row.later_unit)]


def condition_words(row: ForceCondition) -> str:
    consents = f"{row.consents} consents" if row.consents else "the consents of all"
    return f"after {consents}, plus {row.delay} ({row.get_delay_unit_display().lower()})"


def _answers(agreement: Agreement) -> list[Answer]:
    rows = [Answer("Concluded", _day(agreement.concluded_on))]
    for party in agreement.parties.all():
        acts = acts_of(agreement, ASKED, party.country_id)
        words = "; ".join(f"{row.get_kind_display().lower()} {_act(row)}" for row in acts)
        rows.append(Answer(party.country.name, words or "no act"))
    condition = condition_of(agreement)
    rows.append(Answer("In force", _day(in_force_on(agreement))))
    if condition:
        day = computed_on(agreement)
        met = f": {day_words(day)}, by the consents named above" if day else ". Too few consents are named yet"
        rows.append(Answer("Enters into force", f"{condition_words(condition)}{met}"))
    if agreement.renews_months:
        rows.append(Answer("Renews itself", f"for {agreement.renews_months} months each time"))
    rows.append(Answer("Last day", day_words(agreement.expires_on) if agreement.expires_on else "no end"))
    rows.append(Answer("Notice", f"{agreement.notice_months} months" if agreement.notice_months else "none said"))
    rows.append(Answer("Days begin at 00:00 in", agreement.time_zone))
    others = [row for row in agreement.actions.all() if row.kind not in ASKED]
    if others:
        rows.append(Answer("Other acts", "; ".join(f"{row}, {day_words(row.done_on)}" for row in others)))
    return rows


def _act(row: TreatyAction) -> str:
    later = f", with effect from {day_words(row.effective_on)}" if row.effective_on else ""
    return f"{day_words(row.done_on)}{later}"


def _day(day: date | None) -> str:
    return day_words(day) if day else "not said"


def _odd(agreement: Agreement) -> Iterable[str]:
    """What looks wrong and may be right: a person judges."""
    signed, force, last = agreement.concluded_on, in_force_on(agreement), agreement.expires_on
    if signed and force and force < signed:
        yield f"It is in force from {day_words(force)}, before it was concluded on {day_words(signed)}."
    if last and force and last < force:
        yield f"Its last day, {day_words(last)}, is before it is in force."
    if last and last < timezone.now().astimezone(agreement.zone).date():
        yield f"Its last day, {day_words(last)}, is over."
    if force is None and condition_of(agreement) is None:
        yield "It has no day of entry into force: it binds nobody yet."
    for party in agreement.parties.all():
        yield from _odd_of(agreement, party.country_id, party.country.name)


def _odd_of(agreement: Agreement, code: str, name: str) -> Iterable[str]:
    concluded, consents = agreement.concluded_on, acts_of(agreement, BINDING, code)
    signed = min((row.done_on for row in acts_of(agreement, [K.SIGNATURE], code)), default=None)
    if not consents:
        yield f"{name} has not consented to be bound."
    for row in consents:
        day, word = row.done_on, row.get_kind_display()
        if signed and day < signed:
            yield f"{name}: {word.lower()} on {day_words(day)}, before its signature on {day_words(signed)}."
        elif concluded and day < concluded:
            yield f"{name}: {word.lower()} on {day_words(day)}, before the agreement was concluded."
        if signed is None and row.kind not in WITHOUT_SIGNATURE:
            yield f"{name}: {word.lower()} without a signature."

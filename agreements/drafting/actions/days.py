"""Days of a draft as one page asks for them, and the acts that say the same in the words of the depositary."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agencies.directory.models import Appointment, Country
from agreements.drafting.looking.dates import ASKED, HEAD, acts_of, condition_of
from agreements.register import actions as register
from agreements.register.choices import BINDING, ActionKind
from agreements.register.models import Agreement, TreatyAction
from portal.ui.errors import Refused


@dataclass(frozen=True)
class OfParty:
    """What one party did: signed, and consented to be bound (ratification, definitive signature …), from when."""

    signed_on: date | None = None
    bound_by: str = ""
    bound_on: date | None = None
    bound_from: date | None = None
    provisional_on: date | None = None


@dataclass(frozen=True)
class Condition:
    """So many consents (empty: of all parties), and so long after, in a unit; no unit: a day is named, or nothing yet."""

    consents: int | None = None
    delay: int | None = None
    delay_unit: str = ""


@dataclass(frozen=True)
class Days:
    """`head` are fields of the agreement (conclusion, last day, notice, renewal, zone)."""

    head: dict[str, Any] = field(default_factory=dict)
    in_force_on: date | None = None
    parties: dict[str, OfParty] = field(default_factory=dict)
    condition: Condition = field(default_factory=Condition)


@dataclass(frozen=True)
class Act:
    """A treaty action that the page asks for, and the field that it comes from."""

    kind: str
    country: str | None
    done_on: date
    effective_on: date | None
    field: str = field(compare=False)


def days_of(agreement: Agreement) -> Days:
    """What the draft says now. Of several acts of one kind by one party, the first."""
    head = {name: getattr(agreement, name) for name in (*HEAD, "time_zone")}
    force = acts_of(agreement, [ActionKind.ENTRY_INTO_FORCE])
    parties = {party.country_id: _of_party(agreement, party.country_id) for party in agreement.parties.all()}
    row = condition_of(agreement)
    condition = Condition(row.consents, row.delay, row.delay_unit) if row else Condition()
    return Days(head, (force[0].effective_on or force[0].done_on) if force else None, parties, condition)


def _of_party(agreement: Agreement, code: str) -> OfParty:
    signed, bound = acts_of(agreement, [ActionKind.SIGNATURE], code), acts_of(agreement, BINDING, code)
    applied = acts_of(agreement, [ActionKind.PROVISIONAL_APPLICATION], code)
    first = bound[0] if bound else None
    return OfParty(
        signed_on=signed[0].done_on if signed else None,
        bound_by=first.kind if first else "",
        bound_on=first.done_on if first else None,
        bound_from=first.effective_on if first else None,
        provisional_on=(applied[0].effective_on or applied[0].done_on) if applied else None,
    )


def acts_in(days: Days) -> Iterator[Act]:
    """The acts that the page's days stand for. A half-filled line is refused at its field."""
    if days.in_force_on:
        yield Act(ActionKind.ENTRY_INTO_FORCE, None, days.in_force_on, None, "in_force_on")
    for code, row in days.parties.items():
        if row.signed_on:
            yield Act(ActionKind.SIGNATURE, code, row.signed_on, None, f"{code}-signed_on")
        if bool(row.bound_by) != bool(row.bound_on):
            name = "bound_on" if row.bound_by else "bound_by"
            raise Refused("Say both by what it is bound and on which day.", field=f"{code}-{name}")
        if row.bound_on:
            yield Act(row.bound_by, code, row.bound_on, row.bound_from, f"{code}-bound_on")
        if row.provisional_on:
            yield Act(ActionKind.PROVISIONAL_APPLICATION, code, row.provisional_on, None, f"{code}-provisional_on")


def write_acts(agreement: Agreement, by: Appointment, days: Days) -> None:
    """Strike out the acts that the page no longer says, and record those that are new; others stay."""
    wanted = {(act.kind, act.country, act.done_on, act.effective_on): act for act in acts_in(days)}
    was = days_of(_fresh(agreement))
    shown = {(act.kind, act.country, act.done_on, act.effective_on) for act in acts_in(was)}
    standing: set[tuple[str, str | None, date, date | None]] = set()
    for row in list(_fresh(agreement).actions.all()):
        key = (row.kind, row.country_id, row.done_on, row.effective_on)
        if row.kind in ASKED and key in shown and key not in wanted:
            register.strike_action(action=row, by=by)
        else:
            standing.add(key)
    countries = Country.objects.in_bulk([act.country for act in wanted.values() if act.country])
    for key, act in sorted(wanted.items(), key=lambda pair: pair[1].done_on):
        if key not in standing:
            _record(agreement, by, act, countries)


def write_condition(agreement: Agreement, by: Appointment, wanted: Condition) -> None:
    """Say on what the entry into force depends, or no more. A condition that says more than the page asks stays
    until the page says something else."""
    row = condition_of(agreement)
    if wanted == (Condition(row.consents, row.delay, row.delay_unit) if row else Condition()):
        return
    if not wanted.delay_unit and (wanted.consents is not None or wanted.delay is not None):
        raise Refused("Say how the time after the consents is counted.", field="delay_unit")
    if row is not None:
        register.drop_condition(condition=row, by=by)
    if wanted.delay_unit:
        register.set_condition(
            agreement=agreement, by=by, consents=wanted.consents, delay=wanted.delay or 0, delay_unit=wanted.delay_unit
        )


def _record(agreement: Agreement, by: Appointment, act: Act, countries: dict[str, Country]) -> TreatyAction:
    try:
        return register.record_action(
            agreement=agreement,
            by=by,
            kind=act.kind,
            country=countries[act.country] if act.country else None,
            done_on=act.done_on,
            effective_on=act.effective_on,
            odd=True,
        )
    except Refused as refused:
        code = act.field.rpartition("-")[0]
        name = f"{code}-bound_from" if refused.field == "effective_on" else act.field
        raise Refused(refused.message, field=name, code=refused.code) from refused


def _fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.prefetch_related("parties", "actions", "force_conditions").get(pk=agreement.pk)

"""What follows from the days of a draft: the states of its parties, as they would be on paper once it is registered."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import dropwhile

from agencies.directory.models import Appointment
from agreements.drafting.actions.days import Days, write_acts, write_condition
from agreements.drafting.rights import may_fill
from agreements.register import actions as register
from agreements.register import timeline
from agreements.register.actions.rights import lent
from agreements.register.facts import Treaties
from agreements.register.models import Agreement, TreatyAction
from agreements.register.status import ON_PAPER, State
from agreements.register.status.computing import computed
from portal.undone import undone


@dataclass(frozen=True)
class Spell:
    """A party's state from a day on, until a last day if it is known."""

    state: State
    first: date
    last: date | None


@dataclass(frozen=True)
class Lane:
    party: str
    spells: list[Spell]


def follows(
    agreement: Agreement, now: datetime, *, days: Days | None = None, by: Appointment | None = None
) -> list[Lane]:
    """Lanes of the draft as saved; or as it would be with these days, tried as `by` and taken back."""
    if days is None:
        return _lanes(agreement, now)
    assert by is not None
    assert may_fill(agreement, by, "dates")
    with undone(), lent(agreement):
        row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        row = register.edit_draft(agreement=row, by=by, **days.head)
        write_condition(row, by, days.condition)
        write_acts(row, by, days)
        return _lanes(row, now)


def _lanes(agreement: Agreement, now: datetime) -> list[Lane]:
    treaties = _as_registered(agreement, now)
    first, last = timeline.period(treaties[agreement.pk], TreatyAction.objects.filter(agreement=agreement), now)
    return [
        Lane(party.country.name, _spells(agreement, treaties, party.country_id, first, last))
        for party in agreement.parties.select_related("country")
    ]


def _as_registered(agreement: Agreement, now: datetime) -> Treaties:
    """As if it were before its parties already, and known on every day."""
    found = timeline.known(agreement, now + timedelta(minutes=1))
    return {key: replace(treaty, is_draft=False) if key == agreement.pk else treaty for key, treaty in found.items()}


def _spells(agreement: Agreement, treaties: Treaties, code: str, first: date, last: date) -> list[Spell]:
    spans = _spans(agreement, treaties, code, first, last)
    # Of a party that is never bound, neither its waiting nor its end is a spell.
    spells = dropwhile(lambda span: span.state in (State.NOT_BOUND, State.ENDED), spans)
    return [
        Spell(span.state, span.begin, None if span.end >= last else span.end - timedelta(days=1))
        for span in spells
        if span.state != State.NOT_BOUND
    ]


def _spans(agreement: Agreement, treaties: Treaties, code: str, first: date, last: date) -> list[timeline.Span]:
    """The register's spans, cut also where a condition computes the entry into force: no fact has that day."""
    found = computed(treaties[agreement.pk], treaties[agreement.pk].start_of(last), ON_PAPER)
    if found is None or not first < found.starts < last:
        return timeline.spans_of(agreement, treaties, code, first, last)
    rows = timeline.spans_of(agreement, treaties, code, first, found.starts)
    for span in timeline.spans_of(agreement, treaties, code, found.starts, last):
        if rows and rows[-1].state == span.state:
            rows[-1] = replace(rows[-1], end=span.end)
        else:
            rows.append(span)
    return rows

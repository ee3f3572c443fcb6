"""Agreements come into the register: as a draft of one agency, or put to their parties (R23)."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Agency, Appointment, Country
from agreements.register.actions.clauses import add_clause
from agreements.register.actions.conditions import set_condition
from agreements.register.actions.designations import designate
from agreements.register.actions.recording import record_action
from agreements.register.actions.rights import changeable_draft, need, note
from agreements.register.actions.second import check_second
from agreements.register.causes import REGISTERED
from agreements.register.models import Agreement, Clause, Party
from portal.keys import sent_before, usable
from portal.ui.errors import Refused

Nested = Sequence[Mapping[str, Any]]
FIELDS = frozenset(
    {
        "title",
        "short_name",
        "kind",
        "depositary",
        "reference",
        "made_under",
        "time_zone",
        "concluded_on",
        "expires_on",
        "notice_months",
        "renews_months",
        "renewal_notice_months",
        "territory",
        "summary",
        "invented",
        "source",
    }
)


@transaction.atomic
def register(
    *,
    by: Appointment,
    title: str,
    short_name: str,
    kind: str,
    parties: Iterable[Country],
    clauses: Nested = (),
    designations: Nested = (),
    actions: Nested = (),
    condition: Mapping[str, Any] | None = None,
    draft: bool = False,
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
    **details: Any,
) -> Agreement:
    """Register an agreement and put it to its parties, or keep it as a draft of the own agency (R23).

    `clauses`, `designations` and `actions` are what `add_clause`, `designate` and `record_action` take; the last
    two name articles by their citation (`articles`). `condition` is what `set_condition` takes. All or nothing: Refused names the field, `actions[0].done_on`.
    """
    need(by)
    before = sent_before(Agreement, key, drafted_by__in=by.agencies)
    if before is not None:
        return before
    countries = list(dict.fromkeys(parties))
    agreement = Agreement(
        id=usable(Agreement, key),
        title=title,
        short_name=short_name,
        kind=kind,
        drafted_by=by.agency,
        **_known(details),
    )
    _check(agreement, countries, by)
    agreement.save()
    Party.objects.bulk_create([Party(agreement=agreement, country=country) for country in countries])
    if condition:
        set_condition(agreement=agreement, by=by, recorded_at=recorded_at, **condition)
    _add_nested(agreement, by, recorded_at, clauses, designations, actions)
    if not draft:
        if recorded_at is None:
            check_second(by, None)
        _check_above_is_known(agreement)
        agreement.registered_at = recorded_at or timezone.now()
        agreement.save(update_fields=["registered_at"])
    verb = "agreement.draft" if draft else "agreement.register"
    data = {"parties": [country.pk for country in countries], "draft": draft}
    note(verb, agreement, by, str(agreement.pk), cause=REGISTERED, recorded_at=recorded_at, **data)
    return agreement


def _known(details: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(details) - FIELDS
    if unknown:
        raise TypeError(f"An agreement has no {', '.join(sorted(unknown))}.")
    return dict(details)


def _check(agreement: Agreement, parties: Sequence[Country], by: Appointment) -> None:
    if not parties:
        raise Refused("Name the parties.", field="parties")
    if by.agency.country_id not in {country.pk for country in parties}:
        raise Refused(f"Name {by.agency.country.name} among the parties: you register for it.", field="parties")
    concluded, expires = agreement.concluded_on, agreement.expires_on
    if concluded and expires and expires < concluded:
        raise Refused("The last day is before the day of conclusion.", field="expires_on")
    if concluded and concluded > timezone.now().astimezone(agreement.zone).date():
        raise Refused("The day of conclusion is in the future. Keep it empty until then.", field="concluded_on")
    _check_term(agreement)
    if agreement.made_under is not None:
        _check_parent(agreement, agreement.made_under, parties)


def _check_term(agreement: Agreement) -> None:
    """What renews itself has a term that ends, and a notice that is no longer than the term."""
    renews, notice = agreement.renews_months, agreement.renewal_notice_months
    if renews and not agreement.expires_on:
        raise Refused("Say when the first term ends: what renews itself is made for a time.", field="expires_on")
    if renews == 0:
        raise Refused("A term has a month at least. Leave it empty if it does not renew itself.", field="renews_months")
    if notice and not renews:
        raise Refused("Only what renews itself needs a notice against it.", field="renewal_notice_months")
    if notice and renews and notice > renews:
        raise Refused("The notice is longer than the term.", field="renewal_notice_months")


def _check_parent(agreement: Agreement, article: Clause, parties: Sequence[Country]) -> None:
    above = set(article.agreement.parties.values_list("country", flat=True))
    strangers = [country.name for country in parties if country.pk not in above]
    if strangers:
        names = ", ".join(strangers)
        raise Refused(f"Not party of {article.agreement.short_name}: {names}.", field="made_under")
    step: Clause | None = article
    while step is not None:
        if step.agreement_id == agreement.pk:
            raise Refused("An agreement cannot be made under itself.", field="made_under")
        step = step.agreement.made_under


def _check_above_is_known(agreement: Agreement) -> None:
    """What is made under a draft stays a draft: its parties would read the name of what they may not know of (R23)."""
    if agreement.made_under is not None and agreement.made_under.agreement.is_draft:
        raise Refused(
            "The agreement under which it is made is a draft still: put that to its parties first.", field="made_under"
        )


@contextmanager
def _inside(name: str, number: int) -> Iterator[None]:
    """Refusals inside name the row that they are about."""
    try:
        yield
    except Refused as refused:
        field = ".".join(part for part in (f"{name}[{number}]", refused.field) if part)
        raise Refused(refused.message, field=field, code=refused.code, reasons=refused.reasons) from refused


def _add_nested(
    agreement: Agreement,
    by: Appointment,
    recorded_at: datetime | None,
    clauses: Nested,
    designations: Nested,
    actions: Nested,
) -> None:
    stamp: dict[str, Any] = {"agreement": agreement, "by": by, "recorded_at": recorded_at}
    cited: dict[str, list[Clause]] = {}
    for number, values in enumerate(clauses):
        with _inside("clauses", number):
            row = add_clause(**stamp, **{"position": number, **values})
            cited.setdefault(row.article, []).append(row)
    for number, values in enumerate(designations):
        with _inside("designations", number):
            designate(**stamp, **_with_articles(values, cited))
    for number, values in sorted(enumerate(actions), key=lambda pair: pair[1]["done_on"]):
        with _inside("actions", number):
            record_action(**stamp, **_with_articles(values, cited))


def _with_articles(values: Mapping[str, Any], cited: Mapping[str, list[Clause]]) -> dict[str, Any]:
    rest = dict(values)
    names = rest.pop("articles", None) or []
    for name in names:
        if name not in cited:
            raise Refused(f"There is no article “{name}” here.", field="articles")
    return {**rest, "clauses": [row for name in names for row in cited[name]]}


@transaction.atomic
def edit_draft(
    *, agreement: Agreement, by: Appointment, parties: Iterable[Country] | None = None, **details: Any
) -> Agreement:
    """Change what a draft says. Once put to the parties, an agreement changes by new facts only."""
    row = changeable_draft(agreement, by)
    for name, value in _known(details).items():
        setattr(row, name, value)
    countries = list(parties) if parties is not None else [party.country for party in row.parties.all()]
    _check(row, countries, by)
    _check_kept(row, countries)
    row.save()
    row.parties.exclude(country__in=countries).delete()
    known = set(row.parties.values_list("country", flat=True))
    Party.objects.bulk_create([Party(agreement=row, country=c) for c in countries if c.pk not in known])
    note("agreement.edit_draft", row, by, f"{row.pk}:{timezone.now().isoformat()}", fields=sorted(details))
    return row


def _check_kept(agreement: Agreement, parties: Sequence[Country]) -> None:
    """A party about which facts are recorded stays."""
    named = set(agreement.actions.exclude(country=None).values_list("country__name", flat=True))
    named |= set(agreement.designations.values_list("country__name", flat=True))
    gone = sorted(named - {country.name for country in parties})
    if gone:
        raise Refused(f"Facts are recorded for {', '.join(gone)}.", field="parties")


@transaction.atomic
def invite(*, agreement: Agreement, by: Appointment, agencies: Iterable[Agency]) -> Agreement:
    """Let these agencies, and no others beside the own, see the draft (R23)."""
    row = changeable_draft(agreement, by)
    chosen = list(agencies)
    row.invited.set(chosen)
    key = f"{row.pk}:{timezone.now().isoformat()}"
    note("agreement.invite", row, by, key, agencies=[agency.pk for agency in chosen])
    return row


@transaction.atomic
def put_to_parties(*, agreement: Agreement, by: Appointment, second: Appointment | None = None) -> Agreement:
    """End the draft: from now on officers of the parties see it (R23), and its facts count as recorded.

    `second` is the officer of the same state who approved it (R22); agreements.drafting asks. Raises Refused, code
    `second_officer`, where there is one to ask and none is named.
    """
    need(by)
    if agreement.drafted_by_id not in by.agencies:
        raise Refused("Only the agency that drafted it puts it to the parties.", code="forbidden")
    if Agreement.objects.filter(pk=agreement.pk, registered_at__isnull=False).exists():
        return agreement
    row = changeable_draft(agreement, by)
    check_second(by, second)
    bring_before(row, by)
    approved_by = str(second.pk) if second else ""
    note("agreement.put_to_parties", row, by, f"{row.pk}:parties", cause=REGISTERED, approved_by=approved_by)
    return row


def bring_before(row: Agreement, by: Appointment) -> None:
    """What putting it to the parties changes: also tried and taken back, to say beforehand what it would do (R28).

    Every fact is from now on that of the drafting agency's country, whoever helped to write the draft: the others
    have yet to confirm it.
    """
    _check_above_is_known(row)
    now = timezone.now()
    row.registered_at = now
    row.save(update_fields=["registered_at"])
    for facts in (row.actions, row.clauses, row.designations, row.force_conditions, row.relations):
        facts.update(recorded_at=now, recorded_by=by, recorded_for=by.agency.country)


@transaction.atomic
def delete_draft(*, agreement: Agreement, by: Appointment) -> None:
    """Throw a draft away with all that is in it."""
    row = changeable_draft(agreement, by)
    if Agreement.objects.filter(made_under__agreement=row).exists():
        raise Refused("Another agreement is made under an article of this draft.", code="conflict")
    note("agreement.delete_draft", row, by, f"{row.pk}:deleted", title=row.title)
    row.designations.all().delete()
    row.force_conditions.update(rectifies=None)
    row.actions.update(lifts=None, rectifies=None)
    row.actions.all().delete()
    row.clauses.update(rectifies=None)
    row.clauses.all().delete()
    row.delete()

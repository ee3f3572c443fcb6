"""Articles: they widen, so that between two parties each works once both stand behind it (R22)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from agencies.directory.models import Appointment, Country
from agreements.register.actions.rights import changeable, changeable_draft, note
from agreements.register.actions.second import stamp_widening
from agreements.register.choices import Direction
from agreements.register.models import Agreement, Clause
from portal.keys import sent_before, usable
from portal.ui.errors import Refused


@transaction.atomic
def add_clause(
    *,
    agreement: Agreement,
    by: Appointment,
    article: str,
    kind: str,
    senders: Iterable[Country] = (),
    receivers: Iterable[Country] = (),
    rectifies: Clause | None = None,
    displaced_by: Iterable[Agreement] = (),
    gives_way: bool = False,
    key: uuid.UUID | None = None,
    recorded_at: datetime | None = None,
    **values: Any,
) -> Clause:
    """Add an article. It opens a channel when it names data categories and purposes.

    Raises Refused at the field when it is there already, when its days cannot be, when a direction names no
    parties, or when it takes the place of what is no article of another agreement. One that `rectifies` an article of
    this agreement takes its place once both have confirmed it; what was released under that is then read under this.
    `gives_way`: as an amendment does, the article whose place it takes carries nothing where this agreement binds both.
    """
    agreement = changeable(agreement, by)
    before = sent_before(Clause, key, agreement=agreement, recorded_by=by)
    if before is not None:
        return before
    if rectifies is not None:
        _check_rectifies(agreement, rectifies)
        values |= {"rectifies": rectifies, "continues": rectifies}
        values.setdefault("position", rectifies.position)
        if "direction" not in values and not (senders or receivers):
            # What a correction does not name stays as it was: a one-way article does not become mutual by it.
            values["direction"] = rectifies.direction
            senders, receivers = rectifies.senders.all(), rectifies.receivers.all()
    yields_to = list(displaced_by)
    ways = (list(senders), list(receivers))
    proposed = Clause(article=article, kind=kind, **values)
    check_clause(agreement, proposed, *ways, by, yields_to=yields_to, gives_way=gives_way)
    values.setdefault("position", agreement.clauses.count())
    clause = Clause.objects.create(
        id=usable(Clause, key),
        agreement=agreement,
        article=article,
        kind=kind,
        **values,
        **stamp_widening(agreement, by, recorded_at),
    )
    clause.senders.set(ways[0])
    clause.receivers.set(ways[1])
    clause.displaced_by.set(yields_to)
    if gives_way:
        give_way(clause)
    note("agreement.add_clause", agreement, by, str(clause.pk), recorded_at=recorded_at, article=article)
    return clause


def check_clause(
    agreement: Agreement,
    clause: Clause,
    senders: Sequence[Country],
    receivers: Sequence[Country],
    by: Appointment,
    *,
    yields_to: Sequence[Agreement] = (),
    gives_way: bool = False,
) -> None:
    """Raises Refused at the field for what an article of this agreement cannot say."""
    if clause.rectifies is None:
        same = agreement.clauses.filter(article=clause.article, kind=clause.kind, rectified_by=None)
        if same.exclude(pk=clause.pk).exists():
            raise Refused(f"{clause.article} is recorded with this kind already.", field="article")
        _check_continues(agreement, clause.continues, by)
    if clause.starts_on and clause.ends_on and clause.ends_on < clause.starts_on:
        raise Refused("The last day is before the first.", field="ends_on")
    # What gives way does so where this agreement binds both, and that needs the word of both (R22).
    _check_yields(agreement, yields_to, by)
    if gives_way and clause.continues is None:
        raise Refused("Say which earlier article gives way.", field="continues")
    _check_direction(agreement, clause.direction, senders, receivers)


def give_way(clause: Clause) -> None:
    """The article whose place it takes carries nothing where this one's agreement binds both."""
    if clause.continues is not None and clause.continues.agreement_id != clause.agreement_id:
        clause.continues.displaced_by.add(clause.agreement)


def _check_rectifies(agreement: Agreement, wrong: Clause) -> None:
    if wrong.agreement_id != agreement.pk:
        raise Refused("There is no such article here.", field="rectifies")
    if wrong.rectified_by.exists():
        raise Refused("That is corrected already. Correct the correction.", field="rectifies")


def _check_continues(agreement: Agreement, earlier: Clause | None, by: Appointment) -> None:
    """The article whose place it takes is of another agreement, before its parties, that the officer may see (R30)."""
    if earlier is None:
        return
    seen = Agreement.objects.visible_to(by).filter(registered_at__isnull=False).exclude(pk=agreement.pk)
    if not seen.filter(pk=earlier.agreement_id).exists():
        raise Refused("There is no such article of another agreement.", field="continues")


def _check_yields(agreement: Agreement, others: Sequence[Agreement], by: Appointment) -> None:
    """It yields to other agreements before their parties, wherever one of them binds both."""
    seen = Agreement.objects.visible_to(by).filter(registered_at__isnull=False).exclude(pk=agreement.pk)
    if others and seen.filter(pk__in=[row.pk for row in others]).count() < len(others):
        raise Refused("There is no such agreement.", field="displaced_by")


def _check_direction(
    agreement: Agreement, direction: str, senders: Sequence[Country], receivers: Sequence[Country]
) -> None:
    if direction == Direction.MUTUAL:
        if senders or receivers:
            raise Refused("Choose “named senders to named receivers” to name them.", field="direction")
        return
    parties = set(agreement.parties.values_list("country", flat=True))
    for field, countries in (("senders", senders), ("receivers", receivers)):
        if not countries:
            raise Refused("Name the parties of this direction.", field=field)
        strangers = [country.name for country in countries if country.pk not in parties]
        if strangers:
            raise Refused(f"Not party of this agreement: {', '.join(strangers)}.", field=field)


@transaction.atomic
def withdraw_clause(*, clause: Clause, by: Appointment) -> None:
    """Take an article out of a draft again."""
    agreement = changeable_draft(clause.agreement, by)
    if clause.instruments_made_under.exists():
        raise Refused("Another agreement is made under this article.", code="conflict")
    if clause.actions.exists() or clause.designations.exists():
        raise Refused("Facts in this draft name the article. Remove them first.", code="conflict")
    note("agreement.withdraw_clause", agreement, by, f"{clause.pk}:withdrawn", article=clause.article)
    clause.delete()

"""What may be done in a draft only: an article is rewritten, an act is struck out. Nothing was put to anybody yet."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.directory.models import Appointment, Country
from agreements.register.actions.clauses import check_clause, give_way
from agreements.register.actions.rights import changeable_draft, note
from agreements.register.models import Agreement, Clause, ForceCondition, TreatyAction
from portal.ui.errors import Refused


@transaction.atomic
def edit_clause(
    *,
    clause: Clause,
    by: Appointment,
    senders: Iterable[Country] | None = None,
    receivers: Iterable[Country] | None = None,
    displaced_by: Iterable[Agreement] | None = None,
    gives_way: bool | None = None,
    **values: Any,
) -> Clause:
    """Rewrite an article of a draft; what is not named stays. Raises Refused as adding it does."""
    agreement = changeable_draft(clause.agreement, by)
    row = Clause.objects.filter(pk=clause.pk).first()
    if row is None:
        raise Refused("A colleague took this article out meanwhile.", code="conflict")
    for name, value in values.items():
        setattr(row, name, value)
    ways = [
        list(given) if given is not None else list(held.all())
        for given, held in ((senders, row.senders), (receivers, row.receivers))
    ]
    yields_to = list(displaced_by) if displaced_by is not None else list(row.displaced_by.all())
    earlier = Clause.objects.get(pk=clause.pk).continues
    check_clause(agreement, row, ways[0], ways[1], by, yields_to=yields_to, gives_way=bool(gives_way))
    row.save()
    row.senders.set(ways[0])
    row.receivers.set(ways[1])
    row.displaced_by.set(yields_to)
    _give_way(row, earlier, gives_way)
    note("agreement.edit_clause", agreement, by, f"{row.pk}:{timezone.now().isoformat()}", fields=sorted(values))
    return row


def _give_way(row: Clause, earlier: Clause | None, gives_way: bool | None) -> None:
    """As the article says now; None: as it said before."""
    said = earlier is not None and earlier.displaced_by.filter(pk=row.agreement_id).exists()
    if earlier is not None and said:
        earlier.displaced_by.remove(row.agreement)
    if said if gives_way is None else gives_way:
        give_way(row)


@transaction.atomic
def strike_action(*, action: TreatyAction, by: Appointment) -> None:
    """Take an act out of a draft again. Of an agreement before its parties, what was recorded stays."""
    agreement = changeable_draft(action.agreement, by)
    if action.liftings.exists():
        raise Refused("Another act in this draft lifts it. Strike that out first.", code="conflict")
    note("agreement.strike_action", agreement, by, f"{action.pk}:struck", kind=action.kind)
    action.delete()


@transaction.atomic
def drop_condition(*, condition: ForceCondition, by: Appointment) -> None:
    """Take the condition of the entry into force out of a draft again. Of an agreement before its parties, it is rectified."""
    agreement = changeable_draft(condition.agreement, by)
    note("agreement.drop_condition", agreement, by, f"{condition.pk}:dropped")
    condition.delete()

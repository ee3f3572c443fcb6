"""Take back what an import made, and exactly that; refused for whatever somebody has built on since."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from agencies.directory.models import Appointment
from agreements.importing.choices import RowState
from agreements.importing.exporting.fields import PARTS
from agreements.importing.making.built import head_digest
from agreements.importing.models import Import, ImportRow
from agreements.register.models import Agreement, Clause, Confirmation, Party
from portal import second_lock
from portal.audit import recording

# Kinds of facts, by how an agreement reaches them.
FACTS: dict[str, type[models.Model]] = {part.rows: part.model for part in PARTS}
# What goes with an agreement, or belongs to the import itself.
WITH_IT = {"register.Party", "importing.ImportRow", "alerts.Alert"}
Why = dict[uuid.UUID, str]


def undo_next(job: Import, by: Appointment, size: int) -> int:
    """Take back the newest rows; how many were looked at. Those that must stay are told why."""
    waiting = job.rows.filter(state=RowState.MADE, leads=True, kept_because="").order_by("-number")
    rows = list(waiting[:size])
    stays = reasons(rows)
    for row in rows:
        row.kept_because = stays.get(row.pk, "")[:300]
    gone = [row for row in rows if not row.kept_because]
    told = [(row.made["agreement"], {"import": job.pk, "row": row.number, "new": row.made["new"]}) for row in gone]
    recording.record_many(verb="agreement.undo_import", by=by, subject_kind="agreement", subjects=told)
    _delete(gone)
    groups = [row.group for row in gone]
    ImportRow.objects.bulk_update(rows, ["kept_because"])
    job.rows.filter(group__in=groups).update(state=RowState.UNDONE, agreement=None)
    return len(rows)


def reasons(rows: Sequence[ImportRow]) -> Why:
    """Why what these rows made must stay, by row; in a constant number of queries."""
    found: Why = {}
    own = _keys(rows)
    agreements = Agreement.objects.in_bulk([row.made["agreement"] for row in rows])
    used = _used(own, {row.made["agreement"] for row in rows if row.made["new"]})
    added = _added(agreements, own)
    for row in rows:
        agreement = agreements.get(uuid.UUID(row.made["agreement"]))
        why = used.get(row.made["agreement"], "") or _changed(row, agreement)
        if row.made["new"]:
            why = why or added.get(row.made["agreement"], "")
        why = why or next((used[key] for key in _facts_of(row) if key in used), "")
        if why:
            found[row.pk] = why
    return found


def _facts_of(row: ImportRow) -> Iterator[str]:
    for name in FACTS:
        yield from row.made.get(name, ())


def _keys(rows: Iterable[ImportRow]) -> dict[type[models.Model], set[str]]:
    own: dict[type[models.Model], set[str]] = {Agreement: set()}
    for row in rows:
        if row.made["new"]:
            own[Agreement].add(row.made["agreement"])
        for name, model in FACTS.items():
            own.setdefault(model, set()).update(row.made.get(name, ()))
    return own


def _changed(row: ImportRow, agreement: Agreement | None) -> str:
    if not row.made["new"]:
        return ""
    if agreement is None:
        return "It is gone already."
    if row.made["draft"] and not agreement.is_draft:
        return "It was put to its parties since."
    return "" if head_digest(agreement) == row.made["head"] else "It was edited since."


def _added(agreements: dict[uuid.UUID, Agreement], own: dict[type[models.Model], set[str]]) -> dict[str, str]:
    """Agreements with facts that the import did not record."""
    found = {}
    for model in FACTS.values():
        others = model._base_manager.filter(agreement__in=list(agreements)).exclude(pk__in=own.get(model, ()))
        for key in others.values_list("agreement", flat=True).distinct():
            found[str(key)] = f"Facts were recorded since ({model._meta.verbose_name_plural})."
    return found


def _relations(model: type[models.Model]) -> Iterator[Any]:
    """Columns anywhere that point to this model, those of lists included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation


@second_lock.opened("whether anything was built on what goes")
def _used(own: dict[type[models.Model], set[str]], new: set[str]) -> dict[str, str]:
    """Key of an agreement or fact → what was built on it, over all tables of all rooms."""
    found: dict[str, str] = {}
    for model, keys in own.items():
        if keys:
            for relation in _relations(model):
                _ask(relation, keys, own, found)
    return found


def _ask(relation: Any, keys: set[str], own: dict[type[models.Model], set[str]], found: dict[str, str]) -> None:
    user, column = relation.related_model, relation.field.name
    if user._meta.label in WITH_IT:
        return
    rows = user._base_manager.filter(**{f"{column}__in": keys})
    rows = _without_own(rows, user, own)
    for key in rows.values_list(column, flat=True).distinct():
        found[str(key)] = _words(user, relation.field)


def _without_own(rows: Any, user: Any, own: dict[type[models.Model], set[str]]) -> Any:
    """Without rows that go as well: facts of the same import, and lists between them."""
    if user in own:
        return rows.exclude(pk__in=own[user])
    if not user._meta.auto_created:
        return rows
    inside = Q()
    for field in user._meta.local_concrete_fields:
        # A list of its own facts belongs to them: senders, articles concerned.
        if field.is_relation and field.related_model is user._meta.auto_created and field.related_model in own:
            inside |= Q(**{f"{field.name}__in": own[field.related_model]})
    return rows.exclude(inside) if inside else rows


def _words(user: Any, field: Any) -> str:
    if user is Confirmation:
        return "A party has confirmed a fact of it."
    if user is Agreement and field.name == "made_under":
        return "Another agreement was made under it."
    if user._meta.label.startswith("sharing."):
        return "Records were shared or ordered under it."
    return f"It is used by others since: {user._meta.verbose_name_plural}."


def _delete(rows: Sequence[ImportRow]) -> None:
    """Facts before agreements, and references between them before facts."""
    own: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for name in FACTS:
            own[name] += row.made.get(name, ())
    new = [row.made["agreement"] for row in rows if row.made["new"]]
    Agreement.objects.filter(pk__in=new).update(made_under=None)
    for name, model in FACTS.items():
        facts = model._base_manager.filter(pk__in=own[name])
        among = [field.name for field in model._meta.local_concrete_fields if field.related_model is model]
        if among:
            facts.update(**dict.fromkeys(among))
    # Articles last: actions and designations name them.
    for name, model in sorted(FACTS.items(), key=lambda item: item[1] is Clause):
        model._base_manager.filter(pk__in=own[name]).delete()
    Party.objects.filter(agreement__in=new).delete()
    Agreement.objects.filter(pk__in=new).delete()

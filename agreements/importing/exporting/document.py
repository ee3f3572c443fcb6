"""The register as one JSON document, version 1, with every fact; written agreement by agreement."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import ForeignKey, ManyToManyField, Model
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.importing.exporting.fields import FOREIGN, HEAD, PARTS, Part
from agreements.importing.files.documents import FORMAT, VERSION
from agreements.register.models import Agreement, Clause, Relation
from portal.sending import Closed

CHUNK = 200


def in_order(rows: Any) -> list[uuid.UUID]:
    """Keys of the agreements, each after the one that it was made under."""
    above = dict(rows.order_by("concluded_on", "short_name", "pk").values_list("pk", "made_under__agreement"))
    done: dict[uuid.UUID, None] = {}
    for key in above:
        line, step = [], key
        while step in above and step not in done and step not in line:
            line.append(step)
            step = above[step]
        done.update(dict.fromkeys(reversed(line)))
    return list(done)


def written(keys: Sequence[uuid.UUID], by: Appointment) -> Iterator[str]:
    """The document in pieces."""
    head = {"format": FORMAT, "version": VERSION, "note": "What is in `recorded` is told and does not come back."}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "agreements": ['
    for number, item in enumerate(documents(keys, by)):
        yield (",\n" if number else "\n") + json.dumps(item, ensure_ascii=False)
    yield "\n]}\n"


def documents(keys: Sequence[uuid.UUID], by: Appointment) -> Iterator[dict[str, Any]]:
    """Each agreement as plain values, in a constant number of queries for each chunk.

    What may be seen is asked again for each. Raises Closed when the appointment is over: the file breaks off (R13).
    """
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        found = loaded(_visible_still(part, by))
        seen = _seen(found.values(), by)
        yield from (document(found[key], seen) for key in part if key in found)


def _visible_still(keys: Sequence[uuid.UUID], by: Appointment) -> list[uuid.UUID]:
    now = Appointment.objects.select_related("officer", "agency__country").get(pk=by.pk)
    if not now.is_in_effect(timezone.now()):
        raise Closed
    return list(Agreement.objects.visible_to(now).filter(pk__in=keys).values_list("pk", flat=True))


def loaded(keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, Agreement]:
    """Agreements with all that an export tells of them."""
    rows = Agreement.objects.filter(pk__in=keys).select_related("drafted_by").prefetch_related("parties")
    for part in PARTS:
        inside = [item.name for item in part.model._meta.local_many_to_many]
        inside += ["confirmations"] if hasattr(part.model, "confirmations") else []
        rows = rows.prefetch_related(part.rows, *(f"{part.rows}__{name}" for name in inside))
    rows = rows.prefetch_related("designations__agency")
    return {row.pk: row for row in rows}


def _seen(rows: Iterable[Agreement], by: Appointment) -> set[uuid.UUID]:
    """Keys of other agreements, and of their articles, that these name and the reader may see."""
    wanted: set[uuid.UUID] = set()
    for row in rows:
        wanted |= {row.made_under_id} if row.made_under_id else set()
        for clause in row.clauses.all():
            wanted |= {clause.continues_id} if clause.continues_id else set()
            wanted |= {other.pk for other in clause.displaced_by.all()}
        wanted |= {relation.other_id for relation in row.relations.all()}
    if not wanted:
        return set()
    agreements = Agreement.objects.visible_to(by)
    return {
        *agreements.filter(pk__in=wanted).values_list("pk", flat=True),
        *Clause.objects.filter(pk__in=wanted, agreement__in=agreements).values_list("pk", flat=True),
    }


def document(row: Agreement, seen: set[uuid.UUID]) -> dict[str, Any]:
    found: dict[str, Any] = {"key": str(row.pk), **_fields(HEAD, row, seen)}
    found["draft"] = row.is_draft
    found["parties"] = sorted(party.country_id for party in row.parties.all())
    for part in PARTS:
        facts = [fact for fact in getattr(row, part.rows).all() if _tellable(fact, seen)]
        found[part.name] = [
            {"key": str(fact.pk), **_fields(part, fact, seen), "recorded": _recorded(fact)} for fact in facts
        ]
    found["recorded"] = {"at": plain(row.registered_at or row.created_at), "drafted_by": agency_words(row.drafted_by)}
    return found


def _tellable(fact: Any, seen: set[uuid.UUID]) -> bool:
    """What an agreement is to another that the reader may not see is left out (R17)."""
    return not isinstance(fact, Relation) or fact.other_id in seen


def _recorded(fact: Any) -> dict[str, Any]:
    rows = fact.confirmations.all() if hasattr(fact, "confirmations") else ()
    confirmed = [{"country": item.country_id, "at": plain(item.confirmed_at)} for item in rows]
    return {"at": plain(fact.recorded_at), "for": fact.recorded_for_id, "confirmed": confirmed}


def _fields(part: Part, row: Model, seen: set[uuid.UUID]) -> dict[str, Any]:
    return {name: _value(row, name, seen) for name in part.fields}


def _value(row: Model, name: str, seen: set[uuid.UUID]) -> Any:
    field = row._meta.get_field(name)
    if isinstance(field, ManyToManyField):
        keys = [other.pk for other in getattr(row, name).all()]
        return sorted(str(key) for key in keys if name not in FOREIGN or key in seen)
    if isinstance(field, ForeignKey):
        if field.related_model is Agency:
            return agency_words(getattr(row, name))
        key = getattr(row, field.attname)
        return None if key is None or (name in FOREIGN and key not in seen) else plain(key)
    return plain(getattr(row, name))


def agency_words(agency: Agency) -> dict[str, str]:
    """By what an agency is known anywhere: its country and name."""
    return {"country": agency.country_id, "name": agency.name}


def plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def without_notes(item: dict[str, Any]) -> dict[str, Any]:
    """The content of a document that comes back: without what was told of its recording."""
    facts = {
        part.name: [{k: v for k, v in fact.items() if k != "recorded"} for fact in item[part.name]] for part in PARTS
    }
    return {**{key: value for key, value in item.items() if key != "recorded"}, **facts}

"""What a batch of rows becomes: instances to be written together, and what each row made."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from agencies.directory.models import Agency, Appointment, Country
from agreements.importing.exporting.document import plain
from agreements.importing.exporting.fields import FOREIGN, HEAD, PARTS, Part
from agreements.importing.models import Import, ImportRow
from agreements.register.models import Agreement, Clause, Party, Relation, TreatyAction
from portal.ui.errors import Refused


@dataclass
class Built:
    """Rows of the register that are still to be written."""

    job: Import
    by: Appointment
    now: datetime
    agreements: list[Agreement] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    facts: dict[Any, list[Any]] = field(default_factory=dict)
    # Model of a list of others → its rows.
    links: dict[Any, list[Any]] = field(default_factory=dict)
    made: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)

    @property
    def stamp(self) -> dict[str, Any]:
        """Recorded by the officer, and for no country: until it is confirmed nobody stands behind it (R22)."""
        return {"recorded_by": self.by, "recorded_for": None, "recorded_at": self.now}

    def key(self, row: ImportRow, name: str) -> uuid.UUID:
        """The same for the same row, however often it is tried."""
        return uuid.uuid5(self.job.pk, f"{row.group}:{name}")

    def write(self) -> None:
        """Everything, in one statement for each table."""
        Agreement.objects.bulk_create(self.agreements)
        Party.objects.bulk_create(self.parties)
        for through, rows in [*self.facts.items(), *self.links.items()]:
            through.objects.bulk_create(rows)


def head_digest(agreement: Agreement) -> str:
    """Another one once somebody changed the head of a draft."""
    fields: list[Any] = [agreement._meta.get_field(name) for name in HEAD.fields]
    said = {field.name: plain(getattr(agreement, field.attname)) for field in fields}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def new_agreement(built: Built, row: ImportRow) -> Agreement:
    """An agreement from the cells of a list."""
    values, job = row.values, built.job
    head = {**values["head"]}
    for name in ("concluded_on", "expires_on"):
        head[name] = date.fromisoformat(head[name]) if head.get(name) else None
    head["source"] = "\n".join(filter(None, [head.get("source", ""), *values["notes"]]))
    agreement = Agreement(
        id=built.key(row, "agreement"),
        made_under_id=uuid.UUID(values["made_under"]) if values["made_under"] else None,
        drafted_by=built.by.agency,
        registered_at=None if job.option("draft", True) else built.now,
        created_at=built.now,
        **head,
    )
    built.agreements.append(agreement)
    built.parties += [Party(agreement=agreement, country_id=code) for code in values["parties"]]
    keys = add_actions(built, row, agreement, values["acts"])
    built.made[row.pk] = _made(agreement, actions=keys)
    return agreement


def _made(agreement: Agreement, **facts: list[str]) -> dict[str, Any]:
    return {
        "agreement": str(agreement.pk),
        "new": True,
        "draft": agreement.is_draft,
        "head": head_digest(agreement),
        **facts,
    }


def add_actions(built: Built, row: ImportRow, agreement: Agreement, acts: list[dict[str, Any]]) -> list[str]:
    """Actions as they were checked; their keys."""
    keys = []
    for act in acts:
        key = built.key(row, f"{act['kind']}:{act['country']}")
        built.facts.setdefault(TreatyAction, []).append(
            TreatyAction(
                id=key,
                agreement=agreement,
                kind=act["kind"],
                country_id=act["country"],
                done_on=date.fromisoformat(act["done_on"]),
                effective_on=date.fromisoformat(act["effective_on"]) if act["effective_on"] else None,
                note=act["note"],
                source=f"{built.job.file_name}, row {row.number}",
                **built.stamp,
            )
        )
        keys.append(str(key))
    return keys


@dataclass
class Known:
    """Of the documents of one batch: keys that are taken here, agencies by name, articles that may be named."""

    taken: set[uuid.UUID]
    agencies: Mapping[tuple[str, str], uuid.UUID]
    articles: Mapping[uuid.UUID, Clause]

    def key(self, built: Built, text: str) -> uuid.UUID:
        """The key of the file, unless another row has it: that one does must not show."""
        key = uuid.UUID(text)
        return uuid.uuid5(built.job.pk, text) if key in self.taken else key

    def article(self, built: Built, text: str | None) -> Clause | None:
        """An article of another agreement: made by this import, or one that the officer may see."""
        if text is None:
            return None
        return self.articles.get(uuid.uuid5(built.job.pk, text)) or self.articles.get(uuid.UUID(text))


def exported_agreement(built: Built, row: ImportRow, known: Known) -> Agreement:
    """An agreement from an export, with every fact of it. Raise Refused where what it was made under is not here."""
    document = row.values["document"]
    draft = built.job.option("draft", False) or bool(document.get("draft"))
    above = known.article(built, document.get("made_under"))
    if document.get("made_under") and above is None:
        raise Refused("made_under: the article is neither in this file, above this row, nor in the register.")
    if above is not None and above.agreement.is_draft and not draft:
        raise Refused("made_under: the agreement under which it is made is a draft still.")
    agreement = Agreement(
        id=known.key(built, document["key"]),
        **_columns(HEAD, document, known, built),
        made_under=above,
        drafted_by=built.by.agency,
        registered_at=None if draft else built.now,
        created_at=built.now,
    )
    built.agreements.append(agreement)
    built.parties += [Party(agreement=agreement, country_id=code) for code in document["parties"]]
    facts: dict[str, list[str]] = {}
    for part in PARTS:
        facts[part.rows] = []
        for values in () if part.model is Relation else document.get(part.name, []):
            fact = part.model(
                id=known.key(built, values["key"]),
                agreement=agreement,
                **_columns(part, values, known, built),
                **built.stamp,
            )
            built.facts.setdefault(part.model, []).append(fact)
            facts[part.rows].append(str(fact.pk))
            _link(built, part, fact, values, known)
    built.made[row.pk] = _made(agreement, **facts)
    return agreement


def _columns(part: Part, values: Mapping[str, Any], known: Known, built: Built) -> dict[str, Any]:
    """Columns of a row, as its model takes them; references to other agreements are put in later."""
    found: dict[str, Any] = {}
    for name in part.fields:
        field = part.model._meta.get_field(name)
        value = values.get(name)
        if name in FOREIGN or isinstance(field, models.ManyToManyField):
            continue
        if isinstance(field, models.ForeignKey):
            found[field.attname] = _reference(field, value, known, built)
        elif isinstance(field, models.DateTimeField):
            found[name] = datetime.fromisoformat(value) if value else None
        elif isinstance(field, models.DateField):
            found[name] = date.fromisoformat(value) if value else None
        else:
            found[name] = value
    return found


def _reference(field: Any, value: Any, known: Known, built: Built) -> Any:
    if value is None or field.related_model is Country:
        return value
    if field.related_model is Agency:
        return known.agencies[value["country"], value["name"]]
    return known.key(built, value)


def _link(built: Built, part: Part, fact: Any, values: Mapping[str, Any], known: Known) -> None:
    """Lists of countries and of own articles."""
    for name in part.fields:
        field = part.model._meta.get_field(name)
        if name in FOREIGN or not isinstance(field, models.ManyToManyField):
            continue
        through: Any = getattr(part.model, name).through
        for other in values.get(name, []):
            to = other if field.related_model is Country else known.key(built, other)
            ends = {f"{field.m2m_field_name()}_id": fact.pk, f"{field.m2m_reverse_field_name()}_id": to}
            built.links.setdefault(through, []).append(through(**ends))

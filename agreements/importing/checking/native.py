"""An agreement from an export of a register: every field checked by the same table by which it was written."""

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from agencies.directory.models import Agency, Country
from agreements.importing.checking.sheet import Sheet
from agreements.importing.exporting.fields import FOREIGN, HEAD, PARTS, Part
from agreements.register.days import FIRST, LAST


class Directory:
    """Countries and agencies that documents name, read once for a batch."""

    def __init__(self) -> None:
        self.countries = set(Country.objects.values_list("pk", flat=True))
        rows = Agency.objects.values_list("country", "name", "pk")
        self.agencies = {(country, name): key for country, name, key in rows}


def read_document(sheet: Sheet, directory: Directory) -> dict[str, Any]:
    """The document of a row, with what is wrong in it found at its place."""
    try:
        document = json.loads(sheet.rows[0].cells[0])
    except (json.JSONDecodeError, RecursionError, IndexError):
        document = None
    if not isinstance(document, dict):
        sheet.error("This is no JSON object.", 0)
        return {}
    reader = Reader(sheet, directory)
    facts = {part.name: reader.listed(document, part.name) for part in PARTS}
    reader.own = {name: {str(row.get("key")) for row in rows} for name, rows in facts.items()}
    reader.part(HEAD, document, "")
    for part in PARTS:
        for number, fact in enumerate(facts[part.name]):
            reader.part(part, fact, f"{part.name}[{number}].")
    reader.parties(document)
    sheet.head = {
        "title": str(document.get("title") or "")[:400],
        "short_name": str(document.get("short_name") or "")[:120],
        "reference": str(document.get("reference") or "")[:120],
        "concluded_on": reader.day(document.get("concluded_on")),
    }
    return document


class Reader:
    """Checks one document. Each fault names its place in it."""

    def __init__(self, sheet: Sheet, directory: Directory) -> None:
        self.sheet, self.directory = sheet, directory
        # Keys of the agreement's own facts, by the part that they are in.
        self.own: dict[str, set[str]] = {}

    def fault(self, where: str, words: str) -> None:
        self.sheet.error(f"{where}: {words}", 0)

    def listed(self, document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        rows = document.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault(name, "a list of objects stands here.")
            return []
        return rows

    def parties(self, document: Mapping[str, Any]) -> None:
        codes = document.get("parties")
        if not isinstance(codes, list) or not codes:
            self.fault("parties", "name the parties by code.")
            return
        for code in codes:
            if code not in self.directory.countries:
                self.fault("parties", f"there is no country {code}.")
        self.sheet.parties = [str(code) for code in codes]
        own = self.sheet.agency.country
        if own.pk not in codes:
            self.fault("parties", f"{own.name} is not among them: you register for {own.name}.")
        if len(set(codes)) < len(codes):
            self.fault("parties", "a party is named twice.")

    def part(self, part: Part, row: Mapping[str, Any], where: str) -> None:
        self.key(row.get("key"), f"{where}key")
        known = {*part.fields, "key", "recorded"}
        known |= {"draft", "parties", *(other.name for other in PARTS)} if part is HEAD else set()
        for name in sorted(set(row) - known):
            self.fault(f"{where}{name}", "there is no such field.")
        for name in part.fields:
            field = part.model._meta.get_field(name)
            try:
                self.value(field, row.get(name), name, part)
            except ValidationError as error:
                self.fault(f"{where}{name}", " ".join(error.messages))
        self._order(row, where)

    def _order(self, row: Mapping[str, Any], where: str) -> None:
        """What the database keeps no fact against."""
        for first, last in (("done_on", "effective_on"), ("starts_on", "ends_on")):
            begin, end = self.day(row.get(first)), self.day(row.get(last))
            if begin and end and end < begin:
                self.fault(f"{where}{last}", "the day is before the first.")

    def day(self, value: Any) -> date | None:
        try:
            return date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def key(self, value: Any, where: str) -> None:
        try:
            uuid.UUID(value)
        except (ValueError, TypeError, AttributeError):
            self.fault(where, "a key (UUID) stands here.")

    def value(self, field: Any, value: Any, name: str, part: Part) -> None:
        """Raise ValidationError unless the value can be what the field holds."""
        if isinstance(field, models.ManyToManyField):
            self._many(field, value, name)
        elif isinstance(field, models.ForeignKey):
            self._one(field, value, name, part)
        elif isinstance(field, models.DateTimeField):
            if value is not None and not _is_instant(value):
                raise ValidationError("an instant in ISO 8601 stands here.")
        elif isinstance(field, models.DateField):
            self._day(field, value)
        else:
            self._plain(field, value)

    def _day(self, field: Any, value: Any) -> None:
        day = self.day(value)
        if value is not None and (day is None or not FIRST <= day <= LAST):
            raise ValidationError("a day such as 2026-11-24 stands here.")
        if value is None and not field.null:
            raise ValidationError("a day is missing.")

    def _plain(self, field: Any, value: Any) -> None:
        if isinstance(field, models.BooleanField) and not isinstance(value, bool):
            raise ValidationError("true or false stands here.")
        if isinstance(field, models.CharField | models.TextField) and not isinstance(value, str):
            raise ValidationError("text stands here.")
        if isinstance(field, ArrayField) and not isinstance(value, list):
            raise ValidationError("a list stands here.")
        field.clean(value, None)

    def _one(self, field: Any, value: Any, name: str, part: Part) -> None:
        if value is None:
            if not field.null:
                raise ValidationError("it is missing.")
        elif field.related_model is Country:
            if value not in self.directory.countries:
                raise ValidationError(f"there is no country {value}.")
        elif field.related_model is Agency:
            known = isinstance(value, dict) and (value.get("country"), value.get("name")) in self.directory.agencies
            if not known:
                raise ValidationError("there is no such agency in the directory.")
        else:
            self._uuid(value)
            if name not in FOREIGN and value not in self.own[part.name]:
                raise ValidationError("it names what is not in this agreement.")

    def _many(self, field: Any, value: Any, name: str) -> None:
        if not isinstance(value, list):
            raise ValidationError("a list stands here.")
        for item in value:
            if field.related_model is Country and item not in self.directory.countries:
                raise ValidationError(f"there is no country {item}.")
            if field.related_model is not Country:
                self._uuid(item)
                if name not in FOREIGN and item not in self.own["articles"]:
                    raise ValidationError("it names an article that is not in this agreement.")

    @staticmethod
    def _uuid(value: Any) -> None:
        try:
            uuid.UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise ValidationError("a key (UUID) stands here.") from None


def _is_instant(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False

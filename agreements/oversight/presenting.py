"""Entries as pages and API show them: names of own officers, functions of others, titles of what the reader sees."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from agencies.directory.models import Agency, Appointment
from agreements.oversight import doors
from agreements.register.models import Clause
from agreements.sharing import kinds
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from portal import second_lock
from portal.audit.models import Entry, Seal
from portal.audit.recording import DISCLOSE


@dataclass(frozen=True)
class Named:
    """A record of an entry: titled and linked only if the reader sees it now. Else an own record is told by its key
    alone, and another agency's by nothing but that there was one (R17)."""

    key: str
    title: str = ""
    url: str = ""
    article: str = ""


@dataclass(frozen=True)
class Line:
    key: uuid.UUID
    at: datetime
    verb: str
    door: str
    officer: str = ""
    function: str = ""
    agency: Agency | None = None
    records: Sequence[Named] = ()
    sealed_at: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)

    def article_of(self, record: Record) -> str:
        """By which article this record was shown; a response may have shown others, which are not told here."""
        return next((item.article for item in self.records if item.key == str(record.pk)), "")

    @property
    def door_words(self) -> str:
        return doors.words(self.door)

    @property
    def words(self) -> str:
        """The verb as two words: `patrol.start` is `patrol start`; a disclosure is `shown`."""
        return "shown" if self.verb == DISCLOSE else self.verb.replace(".", " ").replace("_", " ")


class Reader:
    """Turns a page of entries into lines in a constant number of queries."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.titled: dict[str, Record] = {}
        self._own = access.agencies

    def lines(self, entries: Sequence[Entry]) -> list[Line]:
        """One line for each entry, in their order. `titled` holds afterwards the records named by title."""
        self._fetch(entries)
        return [self._line(entry) for entry in entries]

    def _fetch(self, entries: Sequence[Entry]) -> None:
        keys = {key for entry in entries for key in _keys_of(entry)}
        rows = Record.objects.visible_to(self.access).filter(pk__in=keys)
        self.titled = {str(row.pk): row for row in rows} if keys else {}
        hidden = Record.objects.filter(pk__in=keys - self.titled.keys(), owner__in=self._own).values_list(
            "pk", flat=True
        )
        with second_lock.opened("keys of the agency's own records, also of confined ones"):
            self._keyed = {str(key) for key in hidden} if keys - self.titled.keys() else set()
        clauses = {item["clause"] for entry in entries for item in entry.records if item.get("clause")}
        found = Clause.objects.filter(pk__in=clauses).select_related("agreement")
        self._clauses = {str(row.pk): f"{row.article}, {row.agreement.short_name}" for row in found}
        people = Appointment.objects.select_related("officer", "agency__country", "acts_for__officer")
        self._people = people.in_bulk({entry.appointment_id for entry in entries if entry.appointment_id})
        seals = Seal.objects.filter(entry_seq__in=[entry.seq for entry in entries])
        self._sealed = dict(seals.values_list("entry_seq", "sealed_at"))

    def _line(self, entry: Entry) -> Line:
        who = self._people.get(entry.appointment_id) if entry.appointment_id else None
        own = who is not None and self.access.owns(who.agency_id)
        return Line(
            key=entry.key,
            at=entry.recorded_at,
            verb=entry.verb,
            door=entry.door,
            officer=_name(who) if own and who else "",
            function=who.function if who else "the portal",
            agency=who.agency if who else None,
            records=[self._named(key, entry) for key in _keys_of(entry)],
            sealed_at=self._sealed.get(entry.seq),
            data=entry.data if own or (who is None and entry.agency_id in self._own) else {},
        )

    def _named(self, key: str, entry: Entry) -> Named:
        item: dict[str, Any] = next((item for item in entry.records if item.get("record") == key), {})
        article = self._clauses.get(item.get("clause") or "", "")
        row = self.titled.get(key)
        if row is None:
            return Named(key if key in self._keyed else "", article=article)
        return Named(key, row.title, reverse(kinds.get(row.kind).detail_url, args=[row.pk]), article)


def _name(who: Appointment) -> str:
    """Who it was; and for whom, which is the agency's own matter."""
    return f"{who.officer} acting for {who.acts_for.officer} ({who.function})" if who.acts_for else str(who.officer)


def _keys_of(entry: Entry) -> Iterable[str]:
    """Keys of the records it names: those it disclosed, or its subject when that is a record."""
    if entry.verb == DISCLOSE:
        return [item["record"] for item in entry.records if item.get("record")]
    known = {kind.name for kind in kinds.all_kinds()}
    return [entry.subject_id] if entry.subject_kind in known and entry.subject_id else []

"""What an entry is filled in with: found in the version that the sender names, checked, and kept with the entry."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.models import Record
from operations.types import values as checking
from operations.types.definitions import Type, said
from operations.types.models import Catalogue, Filled
from portal import second_lock
from portal.ui.errors import Refused

MISSING = "The operation has no such type. Choose one of its list."
NEEDS_CATEGORY = "This field holds personal data, and the entry is not marked so: log it as a new entry."


@dataclass(frozen=True)
class Filling:
    """As it is sent: the type's key, the version that it is of (none: the one that counts), and the values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    catalogue: uuid.UUID | None = None


@dataclass(frozen=True)
class Checked:
    """As it is kept."""

    catalogue: Catalogue
    older: bool
    type: Type
    values: dict[str, Any]

    @property
    def label(self) -> str:
        return said(self.type.labels)[0]

    @property
    def words(self) -> str:
        """The values as one line of words, for the title and for search."""
        return summary(self.type, self.values)

    def marked(self, marking: Marking) -> Marking:
        """The marking, with personal data in it where a field that holds some is filled in (R6)."""
        if not checking.personal(self.type, self.values) or Category.PERSONAL_DATA in marking.categories:
            return marking
        return replace(marking, categories=[*marking.categories, Category.PERSONAL_DATA.value])


def summary(made: Type, values: Mapping[str, Any]) -> str:
    return "; ".join(f"{line.label} {line.words}" for line in checking.lines(made, values))


def check(operation: Record | None, filling: Filling | None) -> Checked | None:
    """Find the type in its version and check the values. An older version counts as itself, and is told apart.

    Raises Refused at `form` when there is no such type in the operation, and with each fault of a value at its field.
    """
    if filling is None:
        return None
    catalogue, older = _version(operation, filling.catalogue)
    made = catalogue.type_of(filling.key) if catalogue else None
    if catalogue is None or made is None:
        raise Refused(MISSING, field="form", code="missing")
    return Checked(catalogue, older, made, checking.check(made, filling.values))


@second_lock.opened("an entry is checked against the version that its device was given")
def _version(operation: Record | None, key: uuid.UUID | None) -> tuple[Catalogue | None, bool]:
    """A published version of that operation, and whether a newer one counts. What the officer may log, and where,
    is decided before: here is asked what a form looked like that was given out, though the operation is hidden since.
    """
    if operation is None:
        return None, False
    rows = Catalogue.objects.published().filter(record=operation.pk).order_by("-number")
    newest = rows.first()
    found = rows.filter(pk=key).first() if key else newest
    return found, found is not None and newest is not None and found.pk != newest.pk


def keep(record: Record, checked: Checked | None) -> Filled | None:
    """Keep it with the entry, in the transaction that makes the entry."""
    if checked is None:
        return None
    return Filled.objects.create(
        record=record,
        catalogue=checked.catalogue.pk,
        number=checked.catalogue.number or 0,
        older=checked.older,
        form=checked.type.plain(),
        values=checked.values,
    )


def of(record: Record) -> Filled | None:
    """What the entry is filled in with; None for one without a type of its own."""
    return Filled.objects.filter(record=record.pk).first()


def change(record: Record, values: Mapping[str, Any]) -> Filled:
    """Put other values in, of the same type in the same version. Raises Refused as `check` does."""
    row = of(record)
    if row is None:
        raise Refused("This entry has no fields.", field="values")
    found = checking.check(row.type, values)
    if checking.personal(row.type, found) and Category.PERSONAL_DATA not in record.categories:
        raise Refused(NEEDS_CATEGORY, field="values")
    row.values = found
    row.save(update_fields=["values"])
    return row

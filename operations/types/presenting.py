"""What pages, lists and prints show of types and of what was filled in."""

from collections.abc import Iterable
from datetime import datetime

from agencies.directory.models import Appointment
from agreements.sharing.models import Record
from operations.planning.presenting import participations
from operations.types.choices import TYPE_ICONS
from operations.types.definitions import Type, said
from operations.types.forms.filled import ValuesForm
from operations.types.models import Catalogue, Filled
from operations.types.values import Line, lines


def languages_of(by: Appointment) -> tuple[str, ...]:
    """In which the officer reads labels: those of the own agency, in its order."""
    return tuple(by.agency.languages)


def offered_languages(operation: Record, by: Appointment, at: datetime) -> list[str]:
    """Those of the agencies that take part, as far as the officer may know them (R18)."""
    agencies = [part.agency for part in participations(operation, by, at) if part.accepted_at]
    return list(dict.fromkeys(language for agency in agencies for language in agency.languages))


def current(operation: Record) -> Catalogue | None:
    """The version that counts. Whoever may read the operation may read it."""
    return Catalogue.objects.published().filter(record=operation.pk).order_by("-number").first()


def quick_types(operation: Record | None, by: Appointment) -> list[tuple[Type, str, str, str]]:
    """The types with a button of their own: each with its icon, its label and the language of that."""
    row = current(operation) if operation is not None else None
    languages = languages_of(by)
    return [
        (each, TYPE_ICONS[each.base], *said(each.labels, languages)) for each in (row.read if row else ()) if each.quick
    ]


def previews(types: Iterable[Type], languages: Iterable[str] = ()) -> list[tuple[Type, str, ValuesForm]]:
    """Each type with its icon and its form: what the phone asks for."""
    languages = tuple(languages)
    return [(each, TYPE_ICONS[each.base], ValuesForm(each, languages=languages)) for each in types]


def lines_of(filled: Filled | None, languages: Iterable[str] = ()) -> list[Line]:
    """What was filled in, in its order, for a page, a print or a file."""
    return lines(filled.type, filled.values, languages) if filled is not None else []


def name_of(made: Type, languages: Iterable[str] = ()) -> str:
    return said(made.labels, tuple(languages))[0]

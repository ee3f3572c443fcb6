"""What a filter bar and an error summary show of a form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, Select
from django.http import QueryDict
from django.utils.formats import date_format


@dataclass(frozen=True)
class ActiveFilter:
    """One filter that narrows the list, and the address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Wrong:
    """One line of an error summary; `target` is the id of the field, or empty."""

    text: str
    label: str = ""
    target: str = ""


# Places in a list are no filters: a changed filter starts at the first page again.
PLACES = ("before", "after", "page", "cursor")


def active(form: BaseForm, query: QueryDict) -> Iterator[ActiveFilter]:
    """The fields of a bound GET form that hold something, in the form's order."""
    for bound in form:
        given = [value for value in query.getlist(bound.html_name) if value]
        if given and not bound.is_hidden:
            yield ActiveFilter(str(bound.label), ", ".join(_words(bound, v) for v in given), _without(query, bound))


def _without(query: QueryDict, bound: BoundField) -> str:
    rest = query.copy()
    for name in (bound.html_name, *PLACES):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def _words(bound: BoundField, value: str) -> str:
    """The label of a choice, a day as a day, anything else as it was typed."""
    if isinstance(bound.field.widget, CheckboxInput):
        return "yes"
    if isinstance(bound.field.widget, Select):
        flat: dict[str, Any] = {}
        for _group, options, _index in bound.field.widget.optgroups(bound.html_name, []):
            flat |= {str(option["value"]): option["label"] for option in options}
        return str(flat.get(value, value))
    cleaned = getattr(bound.form, "cleaned_data", {}).get(bound.name)
    return date_format(cleaned) if isinstance(cleaned, date) else value


def wrong(forms: list[Any]) -> Iterator[Wrong]:
    """Every error of these forms, those of no field first."""
    for form in forms:
        for error in form.non_field_errors():
            yield Wrong(str(error))
        for bound in form:
            for error in bound.errors:
                yield Wrong(
                    str(error), str(bound.label), "" if bound.is_hidden else bound.id_for_label or bound.auto_id
                )

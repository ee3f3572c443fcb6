"""What a form that came too late shows: what stands there now beside what was written, field by field."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from agreements.register.facts import day_words


@dataclass(frozen=True)
class Difference:
    label: str
    now: str
    yours: str


def differences(written: forms.Form, now: forms.Form) -> list[Difference]:
    """Fields in which a form that was sent differs from one made of what stands there now."""
    found = []
    for name, field in written.fields.items():
        if name in ("version", "key", "done") or name not in now.fields:
            continue
        mine, theirs = (
            _words(field, written.cleaned_data.get(name)),
            _words(field, now.get_initial_for_field(field, name)),
        )
        if mine != theirs:
            found.append(Difference(str(field.label), theirs, mine))
    return found


def _words(field: forms.Field, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_words(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(row) for row in value)) or "—"
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(_label(field, one) for one in sorted(value)) or "—"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return _label(field, value)
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None and not hasattr(value, "pk"):
        return str(field.queryset.filter(pk=value).first() or "—")
    return str(value)


def _label(field: Any, value: Any) -> str:
    return next((str(label) for key, label in field.choices if str(key) == str(value)), str(value))


def kept(form: forms.Form, version: int) -> None:
    """The input stays; the version becomes the present one, so that a second saving is meant."""
    rewrite(form, version=str(version))


def rewrite(form: forms.Form, **values: str) -> None:
    """Put other hidden values into a form that was sent."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    for name, value in values.items():
        data[name] = value
    form.data = data

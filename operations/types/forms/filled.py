"""The form that a type becomes: one field for each of its own, as on the phone."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from operations.types.choices import FieldKind
from operations.types.definitions import SHORT_TEXT, Field, Type, said

FEW = 7  # that many choices lie open; more of them fold into a list
EMPTY = ("", "Choose …")


def _text(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 3}) if each.longest > SHORT_TEXT else forms.TextInput()
    return forms.CharField(max_length=each.longest, widget=widget, **common)


def _number(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    found = forms.FloatField(min_value=each.minimum, max_value=each.maximum, **common)
    found.widget.attrs |= {"inputmode": "decimal", "step": "any"}
    return found


def _whole(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    low, high = (None if bound is None else int(bound) for bound in (each.minimum, each.maximum))
    found = forms.IntegerField(min_value=low, max_value=high, **common)
    found.widget.attrs["inputmode"] = "numeric"
    return found


def _yes_no(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    options = [("yes", "Yes"), ("no", "No")]
    widget = forms.RadioSelect()
    return forms.TypedChoiceField(
        choices=options, coerce=lambda v: v == "yes", empty_value=None, widget=widget, **common
    )


def _options(each: Field, languages: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(choice.key, said(choice.labels, languages)[0]) for choice in each.choices]


def _choice(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    options = _options(each, languages)
    if len(options) <= FEW:
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect(), **common)
    return forms.ChoiceField(choices=[EMPTY, *options], **common)


def _choices(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    return forms.MultipleChoiceField(choices=_options(each, languages), widget=forms.CheckboxSelectMultiple(), **common)


def _date(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)


def _instant(each: Field, common: dict[str, Any], languages: tuple[str, ...]) -> forms.Field:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    years = [
        MinValueValidator(
            datetime(1900, 1, 2, tzinfo=timezone.get_current_timezone()), "The year must be 1900 or later."
        ),
        MaxValueValidator(
            datetime(2200, 1, 1, tzinfo=timezone.get_current_timezone()), "The year must be before 2200."
        ),
    ]
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    return forms.DateTimeField(widget=widget, input_formats=formats, validators=years, **common)


_MADE: dict[FieldKind, Callable[[Field, dict[str, Any], tuple[str, ...]], forms.Field]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.WHOLE: _whole,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.DATE: _date,
    FieldKind.INSTANT: _instant,
}


class ValuesForm(forms.Form):
    """The fields of a type, in the first of the languages that has a label. Its prefix is the type's key."""

    def __init__(self, made: Type, *args: Any, languages: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **{**options, "prefix": f"own-{made.key}"})
        self.made, self.languages = made, tuple(languages)
        for each in made.fields:
            self.fields[each.key] = _field(each, self.languages)

    @property
    def label_shown(self) -> str:
        return said(self.made.labels, self.languages)[0]

    @property
    def label_language(self) -> str:
        return said(self.made.labels, self.languages)[1]

    def values(self) -> dict[str, Any]:
        """As JSON: instants with their offset."""
        found = {}
        for name, value in self.cleaned_data.items():
            if value in (None, "", []):
                continue
            found[name] = value.isoformat() if hasattr(value, "isoformat") else value
        return found


def _field(each: Field, languages: tuple[str, ...]) -> forms.Field:
    label, language = said(each.labels, languages)
    hint = said(each.hints, languages)[0] if each.hints else ""
    about = [hint, "Holds personal data: the entry waits for a release." if each.personal else ""]
    common = {
        "label": f"{label} ({each.unit})" if each.unit else label,
        "help_text": ". ".join(part.rstrip(".") for part in about if part),
        "required": each.required,
    }
    found = _MADE[each.kind](each, common, languages)
    found.widget.attrs["lang"] = language
    # For pages that say what a field is.
    found.definition, found.language = each, language  # type: ignore[attr-defined]
    return found

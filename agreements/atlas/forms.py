"""Filters of the flow matrix and of the network. They stand in the address."""

from typing import Any

from django import forms

from agreements.register.choices import Category, ClauseKind
from agreements.register.forms import DayField

# Kinds of articles that ever open a flow: any that names data.
_KINDS = [("", "All"), *ClauseKind.choices]


class DayFilter(forms.Form):
    on = DayField(label="On the day", required=False)


class MatrixFilter(DayFilter):
    against = DayField(label="Against the day", required=False)
    between = forms.ChoiceField(
        label="Between", required=False, choices=[("", "Own and partners"), ("all", "All states")]
    )
    partner = forms.ChoiceField(label="Partner", required=False)
    category = forms.ChoiceField(label="Data category", required=False, choices=[("", "All"), *Category.choices])
    kind = forms.ChoiceField(label="Kind of article", required=False, choices=_KINDS)
    by = forms.ChoiceField(label="Sides", required=False, choices=[("", "States"), ("agencies", "Agencies")])
    changes = forms.BooleanField(label="Only what changed", required=False)

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["partner"].choices = [("", "All"), *partners]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("changes") and not values.get("against"):
            self.add_error("against", "Choose the day to compare with.")
        return values


class NetworkFilter(DayFilter):
    kind = forms.ChoiceField(label="Kind of article", required=False, choices=_KINDS)
    around = forms.ChoiceField(label="Around", required=False)
    wide = forms.BooleanField(label="Also agreements of many parties", required=False)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "Own state"), ("all", "Everybody with everybody"), *states]
        self.fields["around"].choices = choices  # type: ignore[attr-defined]

"""What a list of patrols is narrowed by. It stands in the address, so that it can be shared."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from operations.patrols.choices import PatrolState
from operations.patrols.querysets import PatrolQuerySet

OVERDUE = "overdue"
STATES = [("", "All"), *PatrolState.choices, (OVERDUE, "Overdue")]


class PatrolFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=STATES, widget=forms.HiddenInput)
    operation = forms.ChoiceField(required=False)
    agency = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    till = forms.DateField(required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, operations: list[tuple[str, str]], agencies: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        for name, choices in (("operation", operations), ("agency", agencies)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Any"), *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("till") and data["till"] < data["since"]:
            self.add_error("till", "The end is before the start.")
        return data

    def narrowed(self, rows: PatrolQuerySet) -> PatrolQuerySet:
        """The rows by everything but their state. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        if data["operation"]:
            rows = rows.filter(record__operation=data["operation"])
        if data["agency"]:
            rows = rows.filter(record__owner=data["agency"])
        return rows.within(_midnight(data["since"]), _midnight(data["till"], 1))

    def of_state(self, rows: PatrolQuerySet, at: datetime) -> PatrolQuerySet:
        state = self.cleaned_data.get("state", "") if self.is_valid() else ""
        if state == OVERDUE:
            return rows.overdue(at)
        return rows.filter(state=state) if state else rows


def _midnight(day: Any, more_days: int = 0) -> datetime | None:
    """The beginning of a day in the reader's zone."""
    if day is None or not 1900 < day.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=more_days), time.min))

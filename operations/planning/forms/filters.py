"""What the list of operations is narrowed by. It stands in the address, so that it can be shared."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from agreements.sharing.models import Record
from operations.planning.choices import OperationState
from operations.planning.querysets import OperationQuerySet


class OperationFilter(forms.Form):
    q = forms.CharField(required=False, max_length=200, label="Words")
    state = forms.ChoiceField(required=False, choices=[("", "Any"), *OperationState.choices])
    agency = forms.ChoiceField(required=False, label="Led by")
    basis = forms.ChoiceField(
        required=False, label="Legal basis", choices=[("", "Any"), ("fallen", "Fell away, planned or open")]
    )
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    till = forms.DateField(required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].choices = [("", "Any"), *agencies]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("till") and data["till"] < data["since"]:
            self.add_error("till", "The end is before the start.")
        return data

    def narrowed(self, rows: OperationQuerySet) -> OperationQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        if data["q"]:
            rows = rows.filter(record__in=Record.objects.matching(data["q"]))
        if data["state"]:
            rows = rows.filter(state=data["state"])
        if data["agency"]:
            rows = rows.filter(record__owner=data["agency"])
        return rows.within(_midnight(data["since"]), _midnight(data["till"], 1))


def _midnight(day: date | None, more_days: int = 0) -> datetime | None:
    """The beginning of a day in the reader's zone."""
    if day is None or not 1900 < day.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=more_days), time.min))

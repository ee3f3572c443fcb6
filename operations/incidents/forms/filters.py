"""What the lists of incidents are narrowed by. It stands in the address, so that it can be shared."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.models import Appointment
from operations.incidents.choices import EventState, Impact, ReportState
from operations.incidents.querysets import EventQuerySet, ReportQuerySet

ANY: list[Any] = [("", "Any")]
Choices = list[tuple[str, str]]
SHOW: Choices = [
    ("", "All"),
    ("validate", "I validate"),
    ("running", "First report due"),
    ("late", "First report late"),
    ("first", "First reports only"),
]


class _Filter(forms.Form):
    q = forms.CharField(required=False, max_length=200, label="Words")
    impact = forms.ChoiceField(required=False, label="Impact at least", choices=[*ANY, *Impact.choices])
    owner = forms.ChoiceField(required=False, label="Agency")
    operation = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    till = forms.DateField(required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, owners: Choices, operations: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("owner", owners), ("operation", operations)):
            self.fields[name].choices = [*ANY, *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("till") and data["till"] < data["since"]:
            self.add_error("till", "The end is before the start.")
        return data

    def _common(self, rows: Any) -> Any:
        data = self.cleaned_data
        if data["q"]:
            rows = rows.matching(data["q"])
        if data["impact"]:
            rows = rows.filter(impact__gte=data["impact"])
        for name in ("owner", "operation"):
            if data[name]:
                rows = rows.filter(**{f"record__{name}": data[name]})
        since, till = _midnight(data["since"]), _midnight(data["till"], 1)
        rows = rows.filter(record__occurred_at__gte=since) if since else rows
        return rows.filter(record__occurred_at__lt=till) if till else rows


class ReportFilter(_Filter):
    list = forms.ChoiceField(required=False, label="Kind", choices=[*ANY, *((name, label) for name, label in [
        ("irregular_migration", "Irregular migration"), ("law_infringement", "Law infringement"),
        ("maritime_safety", "Maritime safety"), ("crisis", "Crisis"),
    ])])  # fmt: skip
    state = forms.ChoiceField(required=False, choices=[*ANY, *ReportState.choices])
    show = forms.ChoiceField(required=False, choices=SHOW)

    def narrowed(self, rows: ReportQuerySet, by: Appointment, at: datetime) -> ReportQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        rows = self._common(rows)
        if data["list"]:
            rows = rows.filter(type__startswith=f"{data['list']}:")
        if data["state"]:
            rows = rows.filter(state=data["state"])
        match data["show"]:
            case "validate":
                return rows.to_validate(by)
            case "running":
                return rows.running().filter(record__owner__in=by.agencies)
            case "late":
                return rows.late(at).filter(record__owner__in=by.agencies)
            case "first":
                return rows.filter(record__host=None)
        return rows


class EventFilter(_Filter):
    state = forms.ChoiceField(required=False, choices=[*ANY, *EventState.choices])
    mine = forms.BooleanField(required=False, label="I keep it")

    def narrowed(self, rows: EventQuerySet, by: Appointment) -> EventQuerySet:
        if not self.is_valid():
            return rows.none()
        rows = self._common(rows)
        if self.cleaned_data["state"]:
            rows = rows.filter(state=self.cleaned_data["state"])
        return rows.filter(keeper=by) if self.cleaned_data["mine"] else rows


def _midnight(day: date | None, more_days: int = 0) -> datetime | None:
    """The beginning of a day in the reader's zone."""
    if day is None or not 1900 < day.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=more_days), time.min))

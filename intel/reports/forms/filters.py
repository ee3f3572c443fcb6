"""What the list of reports is narrowed by. It stands in the address, so that it can be shared."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.models import Appointment, Classification
from agreements.sharing.choices import Tlp
from intel.reports.forms.reports import GRADES, grade_choices
from intel.reports.lifecycle import ReportState
from intel.reports.querysets import ReportQuerySet

ANY: list[Any] = [("", "Any")]
Choices = list[tuple[str, str]]
# Field → column. Grades name their scheme too, and are taken apart.
COLUMNS = {
    "tlp": "record__tlp",
    "classification": "record__classification",
    "owner": "record__owner",
    "operation": "record__operation",
    "state": "state",
}
REACH: Choices = [("", "Any"), ("held", "Ours, released to nobody"), ("unread", "Shared with us, to read")]


class ReportFilter(forms.Form):
    q = forms.CharField(required=False, max_length=200, label="Words")
    source_grade = forms.ChoiceField(required=False, label="Source", choices=[*ANY, *grade_choices("source_grade")])
    information_grade = forms.ChoiceField(
        required=False, label="Information", choices=[*ANY, *grade_choices("information_grade")]
    )
    classification = forms.ChoiceField(required=False, choices=[*ANY, *Classification.choices])
    tlp = forms.ChoiceField(required=False, label="TLP", choices=[*ANY, *Tlp.choices])
    owner = forms.ChoiceField(required=False, label="Agency")
    operation = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False, choices=[*ANY, *ReportState.choices])
    reach = forms.ChoiceField(required=False, choices=REACH)
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

    def narrowed(self, rows: ReportQuerySet, by: Appointment) -> ReportQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        if data["q"]:
            rows = rows.matching(data["q"])
        for name in GRADES:
            if data[name]:
                scheme, _, grade = data[name].partition(":")
                rows = rows.filter(**{"scheme": scheme, name: grade})
        rows = rows.filter(**{column: data[name] for name, column in COLUMNS.items() if data[name]})
        if data["reach"]:
            rows = rows.own_unreleased(by) if data["reach"] == "held" else rows.to_read(by)
        return rows.within(_midnight(data["since"]), _midnight(data["till"], 1))


def _midnight(day: date | None, more_days: int = 0) -> datetime | None:
    """The beginning of a day in the reader's zone."""
    if day is None or not 1900 < day.year < 2200:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=more_days), time.min))

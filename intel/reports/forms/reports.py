"""Write a report, change one, withdraw one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.directory.models import Appointment
from agreements.register.choices import Category
from agreements.sharing.forms import KeyedMarkingForm
from agreements.sharing.models import Circle, Record
from intel.reports.actions import BODY_LENGTH, REASON_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from intel.reports.grading import PARTS, SCHEMES, SchemeName
from intel.reports.models import Report
from operations.planning.forms.fields import ZONES, LocalInstantField, in_zone
from portal.positions.fields import PositionField
from portal.positions.writing import written

GRADES = tuple(PARTS)


def grade_choices(field: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The grades of every scheme, each under its scheme: a value names both, such as "nato:B"."""
    return [
        (scheme.label, [(f"{name}:{grade}", f"{grade} – {words}") for grade, words in _of(scheme, field)])
        for name, scheme in SCHEMES.items()
    ]


def _of(scheme: Any, field: str) -> list[tuple[str, str]]:
    return list(getattr(scheme, PARTS[field]).items())


class GradeField(forms.ChoiceField):
    """A grade under its scheme. The page's script shows only those of the chosen scheme; without it, all are there."""

    def __init__(self, field: str, **options: Any) -> None:
        widget = forms.Select(attrs={"data-grades-of": field})
        empty: list[Any] = [("", "Choose …")]
        super().__init__(choices=[*empty, *grade_choices(field)], widget=widget, **options)


class ReportForm(forms.Form):
    """What is known, how far to trust it, when and where."""

    title = forms.CharField(max_length=TITLE_LENGTH, help_text="As partners will read it. Mails never show it.")
    summary = forms.CharField(
        max_length=SUMMARY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a reader must know, in two sentences.",
    )
    body = forms.CharField(
        label="Full text", required=False, max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 10})
    )
    scheme = forms.ChoiceField(
        label="Graded by",
        choices=SchemeName.choices,
        initial=SchemeName.NATO.value,
        widget=forms.Select(attrs={"data-scheme": ""}),
        help_text="One scheme for both grades. Grades are never converted.",
    )
    source_grade = GradeField("source_grade", label="Source")
    information_grade = GradeField("information_grade", label="Information")
    occurred_at = LocalInstantField(label="Time of the information")
    zone = forms.ChoiceField(label="Time zone", choices=[(name, name.replace("_", " ")) for name in ZONES])
    position = PositionField(label="Where")

    def clean_summary(self) -> str:
        return str(self.cleaned_data["summary"]).strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in GRADES:
            self._clean_grade(data, name)
        if data.get("zone") and data.get("occurred_at"):
            try:
                data["occurred_at"] = in_zone(data["occurred_at"], data["zone"])
            except ValidationError as error:
                self.add_error("occurred_at", error)
        return data

    def _clean_grade(self, data: dict[str, Any], name: str) -> None:
        """Keep the grade alone, or say that it is of another scheme."""
        scheme, _, grade = data.get(name, "").partition(":")
        chosen = data.get("scheme")
        if grade and chosen and scheme != chosen:
            said = f"This is a grade of {SCHEMES[scheme].short}. Choose one of {SCHEMES[chosen].short}: {_list(chosen, name)}."
            self.add_error(name, said)
        elif grade:
            data[name] = grade


def _list(scheme: str, field: str) -> str:
    return ", ".join(getattr(SCHEMES[scheme], PARTS[field]))


PLAIN = ("title", "summary", "body", "scheme", *GRADES, "occurred_at", "zone", "position")


class WriteForm(ReportForm, KeyedMarkingForm):
    """A new report with its marking."""

    operation = forms.ModelChoiceField(
        Record.objects.none(), required=False, empty_label="None", help_text="Of those that you see."
    )
    compartment = forms.ModelChoiceField(
        Circle.objects.none(),
        label="Confine to",
        required=False,
        empty_label="None: your agency, by role and clearance",
        help_text="Then only those inside the compartment, and you, see it in your agency.",
    )

    def __init__(
        self, *args: Any, by: Appointment, operations: Any, compartments: Any, scheme: str, **options: Any
    ) -> None:
        super().__init__(*args, clearance=by.clearance, **options)
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        self.fields["compartment"].queryset = compartments  # type: ignore[attr-defined]
        if not compartments:
            del self.fields["compartment"]
        self.fields["zone"].initial = by.agency.time_zone
        self.fields["scheme"].initial = scheme
        self.fields["categories"].initial = [Category.CRIMINAL_INTELLIGENCE.value]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        values = {name: data[name] for name in (*PLAIN, "operation")} | {"compartment": data.get("compartment")}
        return {**values, "marking": self.marking(), "key": self.sent_key}


class ChangeForm(ReportForm):
    """Text, grade, time and place. The marking is changed on its own page, where what it closes is listed (R21)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What was changed. Time and zone go together; a minute that was not touched keeps its seconds."""
        touched = set(self.changed_data)
        if touched & {"occurred_at", "zone"}:
            touched |= {"occurred_at", "zone"}
        if touched & {"scheme", *GRADES}:
            touched |= {"scheme", *GRADES}
        return {name: self.cleaned_data[name] for name in PLAIN if name in touched}


def initial_of(report: Report, zone: Any) -> dict[str, Any]:
    """The report as the form shows it: its time on its own clock."""
    record = report.record
    return {
        "title": record.title,
        "summary": report.summary,
        "body": report.body,
        "scheme": report.scheme,
        **{name: f"{report.scheme}:{getattr(report, name)}" for name in GRADES},
        "occurred_at": record.occurred_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0),
        "zone": record.zone,
        "position": written(record.latitude, record.longitude),
        "version": report.version,
    }


class WithdrawForm(forms.Form):
    reason = forms.CharField(max_length=REASON_LENGTH, help_text="Your colleagues read it, and the ledger keeps it.")

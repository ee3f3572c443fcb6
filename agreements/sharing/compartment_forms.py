"""Forms of compartments: open one, let officers in and put them out, confine a record."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from agencies.directory.models import Appointment, Unit
from agreements.sharing.models import Circle


class CompartmentForm(forms.Form):
    """A new compartment: a case team, or with a unit also whoever is posted there."""

    name = forms.CharField(max_length=120, help_text="Only those inside read it.")
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        required=False,
        empty_label="None: a case team",
        help_text="With a unit, its officers are inside while they are posted there.",
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """One own officer to let in, or one to put out."""

    appointment = forms.ModelChoiceField(
        Appointment.objects.none(), label="Own officer", required=False, empty_label="Choose an officer"
    )
    out = forms.ModelChoiceField(Appointment.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: list[Appointment], team: list[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("appointment", offered), ("out", team)):
            field = self.fields[name]
            field.queryset = Appointment.objects.filter(pk__in=[row.pk for row in rows]).select_related("officer")  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("appointment") or data.get("out")):
            self.add_error("appointment", "Choose an officer.")
        return data


class ConfineForm(forms.Form):
    """Where to confine a record, and why."""

    compartment = forms.ModelChoiceField(
        Circle.objects.none(), required=False, empty_label="None: the whole agency, by role and clearance"
    )
    reason = forms.CharField(required=False, max_length=300, help_text="Kept in the record's history.")

    def __init__(self, *args: Any, compartments: QuerySet[Circle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compartment"].queryset = compartments  # type: ignore[attr-defined]

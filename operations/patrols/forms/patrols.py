"""Plan a patrol: when, where, what for, and one team for each agency that comes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.models import Agency, Appointment
from agreements.sharing.models import Record
from operations.patrols.actions.patrols import TeamPlan, check_period
from operations.patrols.forms.fields import InstantField, MarkedForm
from portal.positions.fields import PositionField
from portal.ui.errors import Refused


class PatrolForm(MarkedForm):
    title = forms.CharField(max_length=200, label="Name", help_text="As partners will read it.")
    objective = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    starts_at = InstantField(label="Starts")
    ends_at = InstantField(label="Ends")
    meeting_point = forms.CharField(max_length=200, required=False)
    position = PositionField(label="Position of the meeting point")

    def __init__(self, *args: Any, operation: Record, **options: Any) -> None:
        super().__init__(*args, **options)
        self.operation = operation

    def clean(self) -> dict[str, Any]:
        """Times that cannot be are said together with all else that is wrong."""
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends:
            try:
                check_period(starts, ends, timezone.now())
            except Refused as refused:
                self.add_error(refused.field, refused.message)
        return data

    def values(self) -> dict[str, Any]:
        """What the action takes, teams aside."""
        names = ("title", "objective", "starts_at", "ends_at", "meeting_point", "position")
        values = {name: self.cleaned_data[name] for name in names}
        return {
            **values,
            "key": self.sent_key,
            "marking": self.marking(),
            "shown": self.cleaned_data["shown"],
            "operation": self.operation,
        }


class TeamForm(forms.Form):
    """One agency's team. The own agency's always comes."""

    comes = forms.BooleanField(required=False, label="Takes part")
    strength = forms.IntegerField(min_value=1, max_value=200, initial=2, label="Officers")
    functions = forms.CharField(max_length=200, required=False, help_text="Leader, dog handler, …")
    vehicles = forms.CharField(max_length=200, required=False)
    radio_channel = forms.CharField(max_length=60, required=False)

    def __init__(self, *args: Any, agency: Agency, by: Appointment, **options: Any) -> None:
        super().__init__(*args, **{**options, "prefix": f"team-{agency.pk}"})
        self.agency, self.by = agency, by
        self.is_own = agency.pk in by.agencies
        self.fields["comes"].initial = True
        self.fields["strength"].widget.attrs["inputmode"] = "numeric"
        if self.is_own:
            del self.fields["comes"]

    def plan(self) -> TeamPlan | None:
        data = {**self.cleaned_data}
        if not data.pop("comes", True):
            return None
        return TeamPlan(agency=self.agency, **data)


def team_forms(data: Any, agencies: Sequence[Agency], by: Appointment) -> list[TeamForm]:
    """One form for each agency that takes part in the operation, the own one first."""
    ordered = sorted(agencies, key=lambda agency: agency.pk not in by.agencies)
    return [TeamForm(data, agency=agency, by=by) for agency in ordered]

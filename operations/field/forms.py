"""What is said of two versions, of what waits in quarantine, and of a crossing."""

from typing import Any

from django import forms

from agencies.directory.models import Country
from agreements.powers.choices import Occasion
from operations.field.choices import Outcome, QuarantineState, VersionState
from operations.field.querysets import CrossingQuerySet, QuarantinedQuerySet, VersionQuerySet
from operations.patrols.forms.fields import InstantField, MarkedForm
from portal.positions.fields import PositionField


class VersionFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=[("", "All"), *VersionState.choices])

    def apply(self, rows: VersionQuerySet) -> VersionQuerySet:
        if not self.is_valid():
            return rows.none()
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows


class QuarantineFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=[("", "All"), *QuarantineState.choices])

    def apply(self, rows: QuarantinedQuerySet) -> QuarantinedQuerySet:
        if not self.is_valid():
            return rows.none()
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label="Which one stands?", choices=Outcome.choices, widget=forms.RadioSelect)

    def __init__(self, *args: object, of_track: bool = False, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if of_track:
            kept = [choice for choice in Outcome.choices if choice[0] != Outcome.BOTH]
            self.fields["outcome"].choices = kept  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="It stands in the ledger. The sender is not told.")


class CrossingFilter(forms.Form):
    show = forms.ChoiceField(
        required=False, choices=[("", "All"), ("open", "There now"), ("over", "Over the limit in time")]
    )

    def apply(self, rows: CrossingQuerySet) -> CrossingQuerySet:
        if not self.is_valid():
            return rows.none()
        match self.cleaned_data["show"]:
            case "open":
                return rows.open()
            case "over":
                return rows.filter(pk__in=[row.pk for row in rows.select_related("record") if row.is_over_limit])
        return rows


class CrossingForm(MarkedForm):
    """Partner territory is entered now, or was."""

    territory = forms.ModelChoiceField(queryset=Country.objects.none(), empty_label=None)
    basis = forms.ChoiceField(label="On what basis", choices=Occasion.choices, initial=Occasion.JOINT_PATROL)
    entered_at = InstantField(label="Entered at", required=False, help_text="Leave empty for now.")
    position = PositionField(label="Where")
    place = forms.CharField(label="Place in words", max_length=200, required=False)
    notified = forms.CharField(
        label="Whom you notified", max_length=200, required=False, help_text="By function or desk. Name no person."
    )

    def __init__(self, *args: Any, territories: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["territory"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = territories

    def values(self) -> dict[str, Any]:
        names = ("territory", "basis", "entered_at", "position", "place", "notified")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "key": self.sent_key,
            "marking": self.marking(),
            "shown": self.cleaned_data["shown"],
        }

"""What is said of two versions, and of what waits in quarantine."""

from django import forms

from operations.field.choices import Outcome, QuarantineState, VersionState
from operations.field.querysets import QuarantinedQuerySet, VersionQuerySet


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

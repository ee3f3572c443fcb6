"""Forms of two-person release."""

from typing import Any

from django import forms

from agreements.approvals.choices import State


class DeclineForm(forms.Form):
    words = forms.CharField(label="Why not", max_length=300, help_text="Your colleague reads it.")


class ApprovalFilter(forms.Form):
    """Filters of the list; they stand in the address."""

    state = forms.ChoiceField(required=False, choices=[("", "All"), *State.choices])

    def apply(self, rows: Any) -> Any:
        """A filter that is not valid lets nothing through, rather than everything."""
        if not self.is_valid():
            return rows.none()
        return rows.filter(state=self.cleaned_data["state"]) if self.cleaned_data["state"] else rows

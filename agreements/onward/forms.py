"""Forms of onward transfer."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.models import Agency, new_key
from agreements.onward.choices import State
from agreements.register.choices import Purpose
from agreements.sharing.forms import ReleaseForm

INSTANTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
ELSEWHERE = "elsewhere"


class AskForm(ReleaseForm):
    """The same as a question to the originator; also for an agency to which only the originator could release."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        required=False,
        label="Another agency",
        empty_label="None",
        help_text="Only for the last choice above: the originator would release it under an article of its own.",
    )
    reason = forms.CharField(
        label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="The originator decides by it."
    )
    field_order = ("to", "agency", "purpose", "until", "reason")

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        last = ("No article of ours", [(ELSEWHERE, "Another agency, by the originator's own release")])
        self.fields["to"].choices = [*self.fields["to"].choices, last]  # type: ignore[attr-defined]
        # The originator decides by it, and nothing is previewed: the asker says it.
        self.fields["purpose"].choices = Purpose.choices  # type: ignore[attr-defined]
        self.fields["purpose"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        elsewhere = data.get("to") == ELSEWHERE
        if elsewhere and not data.get("agency"):
            self.add_error("agency", "Choose the agency.")
        if data.get("agency") and data.get("to") and not elsewhere:
            self.add_error("agency", "Leave this empty, or choose the last line above.")
        return data


class InstantField(forms.DateTimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=INSTANTS[0])
        super().__init__(**{"widget": widget, "input_formats": INSTANTS, **options})


class ConsentForm(forms.Form):
    """Until when the consent holds."""

    ends_at = InstantField(label="Until", help_text="In your time zone. What is passed on closes then.")
    words = forms.CharField(label="Conditions", required=False, max_length=500, help_text="The asker reads them.")

    def clean_ends_at(self) -> datetime:
        ends_at: datetime = self.cleaned_data["ends_at"]
        if ends_at <= timezone.now():
            raise forms.ValidationError("This lies in the past.")
        return ends_at


class RefuseForm(forms.Form):
    words = forms.CharField(label="Why not", max_length=500, help_text="The asker reads it.")


class RequestFilter(forms.Form):
    """Filters of the list of requests; they stand in the address."""

    state = forms.ChoiceField(required=False, choices=[("", "All"), *State.choices])
    side = forms.ChoiceField(
        required=False, choices=[("", "All"), ("owner", "Asked of us"), ("asker", "Asked by us")], label="Side"
    )

    def apply(self, rows: Any, own: Any) -> Any:
        """A filter that is not valid lets nothing through, rather than everything."""
        if not self.is_valid():
            return rows.none()
        if self.cleaned_data["state"]:
            rows = rows.filter(state=self.cleaned_data["state"])
        side = {"owner": {"record__owner__in": own}, "asker": {"asked_by__agency__in": own}}
        return rows.filter(**side.get(self.cleaned_data["side"], {}))

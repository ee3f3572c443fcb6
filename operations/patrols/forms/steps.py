"""Short forms that carry one step: start, end, cancel, a leg."""

from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.models import Country
from operations.patrols.forms.fields import InstantField, MarkedForm


class StartForm(forms.Form):
    started_at = InstantField(label="Started at", required=False)


class EndForm(forms.Form):
    ended_at = InstantField(label="Ended at")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ended_at"].initial = timezone.now


class LegEndForm(EndForm):
    note = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CancelForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="Everybody who sees the patrol reads it.")


class LegForm(MarkedForm):
    """A leg that starts now, or one to write up afterwards."""

    territory = forms.ModelChoiceField(queryset=Country.objects.none(), empty_label=None)
    started_at = InstantField(label="Started at", required=False, help_text="Leave empty for now.")
    ended_at = InstantField(
        label="Ended at", required=False, help_text="Only for a leg that is over: leave empty while it runs."
    )
    note = forms.CharField(max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, territories: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["territory"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = territories
        field.initial = self.by.agency.country_id

    def values(self) -> dict[str, Any]:
        names = ("territory", "started_at", "ended_at", "note")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "key": self.sent_key,
            "marking": self.marking(),
            "shown": self.cleaned_data["shown"],
        }

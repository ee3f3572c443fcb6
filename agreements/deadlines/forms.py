"""Forms of deadlines."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment
from agreements.deadlines.choices import LONGEST_LEAD, DeadlineKind
from agreements.register.forms import DayField, KeyedForm
from agreements.register.models import Agreement

VIEWS = [("agenda", "Agenda"), ("month", "Month")]


class DeadlineFilter(forms.Form):
    """What the calendar is narrowed to, and how it is shown: all of it stands in the address."""

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *DeadlineKind.choices])
    agreement = forms.ModelChoiceField(Agreement.objects.none(), label="Agreement", required=False, empty_label="All")
    party = forms.CharField(label="Party (code)", required=False, max_length=12)
    until = DayField(label="Until", required=False)
    view = forms.ChoiceField(required=False, choices=VIEWS, widget=forms.HiddenInput)
    month = forms.RegexField(r"^\d{4}-\d{2}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agreement"].queryset = Agreement.objects.visible_to(by)  # type: ignore[attr-defined]

    @property
    def filters(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in ("kind", "agreement", "party")}


class ReviewForm(KeyedForm):
    what = forms.CharField(label="What is reviewed", max_length=200)
    first_on = DayField(label="On")
    every_months = forms.IntegerField(
        label="Again after so many months", required=False, min_value=1, max_value=1200, help_text="Empty: once."
    )
    until = DayField(label="Not after", required=False)


class LeadTimesForm(forms.Form):
    """Days as a list of numbers."""

    days = forms.CharField(
        label="Days before", max_length=100, help_text="With commas, such as 180, 90, 30, 7, 0. 0 is the day itself."
    )

    def clean_days(self) -> list[int]:
        words = [word for word in self.cleaned_data["days"].replace(",", " ").split() if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
            raise forms.ValidationError(f"Give whole numbers from 0 to {LONGEST_LEAD}, with commas between them.")
        return [int(word) for word in words]

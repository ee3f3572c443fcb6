"""Forms of communication channels. What a means cannot do without, the actions say."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from agencies.channels.choices import Encryption, Means, Weekday
from agencies.channels.models import CommunicationChannel
from agencies.directory.forms import DayField

LANGUAGE = RegexValidator(r"^[a-zA-Z]{2,3}(-[a-zA-Z]{2,4})?\Z", "Give codes such as de, fr.")


class LanguagesField(forms.CharField):
    """Codes, with commas between them."""

    def to_python(self, value: Any) -> Any:
        return [part.strip().lower() for part in str(value or "").split(",") if part.strip()]

    def run_validators(self, value: Any) -> None:
        for code in value:
            LANGUAGE(code)
        if len(value) > 12:
            raise forms.ValidationError("Name twelve languages at most.")

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class ChannelForm(forms.Form):
    """One communication channel."""

    means = forms.ChoiceField(label="Means", choices=Means.choices)
    system = forms.CharField(
        label="System or network",
        required=False,
        max_length=80,
        help_text="As both sides name it: a radio network, a mail gateway, a shared police system.",
    )
    band = forms.CharField(label="Band", required=False, max_length=40, help_text="Of a radio: 380–400 MHz.")
    talk_group = forms.CharField(label="Talk group", required=False, max_length=60, help_text="Of a radio.")
    address = forms.CharField(
        label="Number, mailbox or identifier", required=False, max_length=200, help_text="How it is called."
    )
    encryption = forms.ChoiceField(label="Encryption", choices=Encryption.choices)
    languages = LanguagesField(
        label="Languages", required=False, max_length=100, help_text="de, fr. Empty: those of the agency."
    )
    opens_at = forms.TimeField(label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    closes_at = forms.TimeField(
        label="To", required=False, widget=forms.TimeInput(attrs={"type": "time"}), help_text="Empty: day and night."
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Days",
        required=False,
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: every day.",
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", required=False, help_text="Empty: until it is ended.")
    note = forms.CharField(label="Note", required=False, max_length=300)


def initial_of(row: CommunicationChannel, today: date) -> dict[str, Any]:
    """What another in its place begins with: it starts today."""
    values = {name: getattr(row, name) for name in ChannelForm.base_fields}
    return {**values, "starts_on": max(today, row.starts_on)}


class WhoFilter(forms.Form):
    """Which agencies down and across. `agency` comes from links: of an agreement, of an operation."""

    among = forms.ChoiceField(
        label="Between",
        required=False,
        choices=[("", "Own agency and partners"), ("all", "All of them among each other")],
    )
    with_ = forms.ChoiceField(label="With", required=False)
    agency = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["with_"].choices = [("", "All"), *agencies]  # type: ignore[attr-defined]
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix("with" if field_name == "with_" else field_name)

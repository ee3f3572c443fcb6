"""Forms of the directory."""

from zoneinfo import available_timezones

from django import forms

from agencies.directory.models import Officer


class AccountForm(forms.ModelForm[Officer]):
    """What officers may change of themselves."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="Times are shown in this zone and in UTC. Empty: that of your agency.",
        choices=[("", "As my agency"), *((name, name) for name in sorted(available_timezones()) if "/" in name)],
    )

    class Meta:
        model = Officer
        fields = ["time_zone"]

"""Forms of the directory."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator

from agencies.directory.actions import roles_given_by
from agencies.directory.limits import DAYS, PHONE
from agencies.directory.models import Agency, Appointment, Classification, Officer, Unit
from agencies.directory.roles import ROLES
from portal.positions.notations import Notation


class AccountForm(forms.ModelForm[Officer]):
    """What officers may change of themselves."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="Times are shown in this zone and in UTC. Empty: that of your agency.",
        choices=[("", "As my agency"), *((name, name) for name in sorted(available_timezones()) if "/" in name)],
    )

    notation = forms.ChoiceField(
        label="Positions",
        required=False,
        choices=Notation.choices,
        widget=forms.RadioSelect,
        help_text="How positions are shown. You may type them in any of these, everywhere.",
    )

    class Meta:
        model = Officer
        fields = ["time_zone", "notation"]

    def clean_notation(self) -> str:
        """Left out by a client of before: as it is."""
        return self.cleaned_data["notation"] or self.instance.notation


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "validators": list(DAYS), **options})


class AppointmentForm(forms.Form):
    """One dated post. What each role is for stands beside it."""

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    title = forms.CharField(
        label="Function",
        required=False,
        max_length=120,
        help_text="Shown to partners, never the name. Empty: the role.",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Unit", required=False, empty_label="None", help_text="Where the officer is posted."
    )
    clearance = forms.TypedChoiceField(
        label="Cleared for", coerce=int, choices=Classification.choices, initial=Classification.RESTRICTED.value
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", required=False, help_text="Empty: until it is ended.")

    def __init__(self, *args: Any, by: Appointment, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = agency.units.open()  # type: ignore[attr-defined]
        choices = [(role.value, f"{ROLES[role].label}: {ROLES[role].sentence}") for role in roles_given_by(by)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


class OfficerForm(AppointmentForm):
    """A new account and its first appointment."""

    username = forms.CharField(
        label="User name",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(label="Name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="Mail", max_length=254, help_text="For alerts and a forgotten password. Mails never hold content."
    )

    field_order = ("username", "full_name", "email")


class UnitForm(forms.Form):
    """A new unit of the agency."""

    name = forms.CharField(label="Name of the unit", max_length=120)


class SuccessionForm(forms.Form):
    """Who follows an agency (R30)."""

    successor = forms.ModelChoiceField(Agency.objects.none(), label="Successor", empty_label="Choose an agency")
    starts_on = DayField(label="First day", help_text="Where this agency is. The day before is its last.")
    basis = forms.CharField(
        label="Ordered by",
        max_length=300,
        help_text="The law, decree or agreement, as it is cited. Both agencies read it.",
    )

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Agency.objects.active().exclude(pk=agency.pk).select_related("country")
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """Which releases need a second officer (R20)."""

    above = forms.TypedChoiceField(
        label="A second officer approves each release above",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "None: one officer releases"), *Classification.choices[:-1]],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ContactsForm(forms.Form):
    """How the duty desk is reached, day and night."""

    desk_phone = forms.CharField(label="24/7 telephone", required=False, max_length=40, validators=[PHONE])
    desk_email = forms.EmailField(label="24/7 mail", required=False, max_length=254)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

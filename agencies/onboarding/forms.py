"""Forms of partner agencies."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from agencies.directory.forms import DayField
from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment, Country
from agencies.onboarding import reach
from agencies.onboarding.choices import LANGUAGE_NAMES, LANGUAGES, Level, State
from portal.clocks import DAY_NAMES

ZONES = [(name, name) for name in sorted(available_timezones()) if "/" in name]


class _Facts(forms.Form):
    """What an agency is called."""

    name = forms.CharField(label="Name in English", max_length=200)
    native_name = forms.CharField(label="Own name", required=False, max_length=200)
    acronym = forms.CharField(label="Acronym", required=False, max_length=20, help_text="As partners know it.")
    kind = forms.ChoiceField(label="Kind", choices=Agency.Kind.choices)


class InvitationForm(_Facts):
    """Which agency is asked, whom there, and what for."""

    country = forms.ModelChoiceField(Country.objects.none(), label="Country", empty_label="Choose a country")
    mail = forms.EmailField(
        label="Mail of a person there",
        max_length=254,
        help_text="The link goes there, once. Take an address that you know from elsewhere, not one that was sent to you.",
    )
    why = forms.CharField(
        label="What for",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The invited person reads it. Name no partner and no agreement that is not public.",
    )
    field_order = ("country", "name", "native_name", "acronym", "kind", "mail", "why")

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        super().__init__(*args, **options)
        allowed = reach.choices(by)
        field: Any = self.fields["country"]
        field.queryset = Country.objects.filter(pk__in=[row.pk for row in allowed])


class AcceptForm(_Facts):
    """The agency's facts as it confirms them, and who its admin shall be."""

    time_zone = forms.ChoiceField(label="Time zone of your agency", choices=ZONES)
    admin_name = forms.CharField(
        label="Name of the admin", max_length=150, help_text="Who will keep your agency's entry and its officers here."
    )
    admin_mail = forms.EmailField(
        label="Mail of the admin", max_length=254, help_text="The link for the first password goes there."
    )
    sure = forms.BooleanField(label="I may answer for this agency, and what stands here is right.")

    def clean_sure(self) -> bool:
        return bool(self.cleaned_data["sure"])


class WordsForm(forms.Form):
    """Why."""

    words = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, label: str = "Why", required: bool = True, hint: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = label
        self.fields["words"].required = required
        self.fields["words"].help_text = hint


class StateForm(forms.Form):
    """Which invitations."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *State.choices])


class ContactForm(forms.Form):
    """How one function is reached."""

    telephone = forms.CharField(label="Telephone", required=False, max_length=40, validators=[PHONE])
    mail = forms.EmailField(label="Mail", required=False, max_length=254)
    days = forms.TypedMultipleChoiceField(
        label="Days",
        required=False,
        coerce=int,
        choices=list(enumerate(DAY_NAMES)),
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: every day.",
    )
    opens = forms.TimeField(
        label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"}), help_text="Empty: all day."
    )
    closes = forms.TimeField(label="Until", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    languages = forms.MultipleChoiceField(
        label="Languages",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: those of the agency.",
    )

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(code, LANGUAGE_NAMES.get(code, code)) for code in agency.languages]
        self.fields["languages"].choices = choices  # type: ignore[attr-defined]
        self.fields["opens"].help_text = f"Empty: all day. In {agency.time_zone}."


class LanguagesForm(forms.Form):
    """A level for each tongue that is spoken on duty."""

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [(code, code) for code in agency.languages if code not in LANGUAGE_NAMES]
        for code, name in sorted([*LANGUAGES, *others], key=lambda item: (item[0] not in agency.languages, item[1])):
            unsaid = [("unsaid", "Spoken, no level given")] if self._unsaid(agency, code) else []
            self.fields[code] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[("", "Not spoken"), *unsaid, *Level.choices],
                initial=agency.language_levels.get(code, "unsaid" if unsaid else ""),
            )

    @staticmethod
    def _unsaid(agency: Agency, code: str) -> bool:
        return code in agency.languages and code not in agency.language_levels

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for code, level in found.items():
            if level == "unsaid":
                self.add_error(code, "Choose how well it is spoken.")
        return found

    @property
    def levels(self) -> dict[str, str]:
        return {code: level for code, level in self.cleaned_data.items() if level}


class SuspendForm(forms.Form):
    """Why nobody shall act for it."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whoever lifts it reads it. Partners read only that the agency is suspended.",
    )
    sure = forms.BooleanField(label="I have read what ends, and that it ends at once.")


class ClosingForm(forms.Form):
    """When an agency is no more, by which act, and who follows it."""

    first_day = DayField(label="First day without it", help_text="Where this agency is. Today: it ends at once.")
    reason = forms.CharField(
        label="Ordered by", max_length=300, help_text="The law, decree or decision, as it is cited. Both sides read it."
    )
    successor = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Successor",
        required=False,
        empty_label="None: its designations end with it",
        help_text="Takes over records, consents, designations and duties (R30).",
    )

    def __init__(self, *args: Any, agency: Agency, follows: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Agency.objects.active().exclude(pk=agency.pk).select_related("country")
        field: Any = self.fields["successor"]
        field.queryset = others
        self.fields["first_day"].initial = timezone.now().astimezone(agency.zone).date()
        if not follows:
            del self.fields["successor"]

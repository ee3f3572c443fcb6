"""Forms of the register. What the state allows, the actions say."""

from typing import Any

from django import forms

from agencies.directory.models import Agency, Classification, Country
from agreements.register.choices import ActionKind, Category, ClauseKind, InstrumentKind, Onward, Purpose
from agreements.register.models import Agreement, Clause, TreatyAction
from agreements.register.status import State

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AgreementFilter(forms.Form):
    q = forms.CharField(label="Words", required=False)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *((s.value, s.value.replace("_", " ")) for s in State)]
    )
    party = forms.CharField(label="Party (code)", required=False, max_length=12)


class AgreementForm(forms.ModelForm[Agreement]):
    """Title, kind, dates and parties of a new agreement."""

    parties = forms.ModelMultipleChoiceField(
        Country.objects.all(), label="Parties", widget=forms.SelectMultiple(attrs={"size": 8})
    )
    draft = forms.BooleanField(
        label="Keep as a draft of my agency", required=False, help_text="Parties do not see a draft."
    )

    class Meta:
        model = Agreement
        fields = [
            "title", "short_name", "kind", "reference", "depositary", "time_zone", "concluded_on", "expires_on",
            "made_under", "summary",
        ]  # fmt: skip
        widgets = {"concluded_on": DAY, "expires_on": DAY, "summary": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, clauses: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_under"].queryset = Clause.objects.none() if clauses is None else clauses  # type: ignore[attr-defined]
        self.fields["kind"].choices = InstrumentKind.choices  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """One treaty action in UN vocabulary."""

    kind = forms.ChoiceField(label="Action", choices=ActionKind.choices)
    country = forms.ModelChoiceField(
        Country.objects.none(), label="By", required=False, empty_label="The agreement as a whole"
    )
    done_on = forms.DateField(label="Done on", widget=DAY)
    effective_on = forms.DateField(
        label="First day of effect", required=False, widget=DAY, help_text="Empty: the day it was done."
    )
    clauses = forms.ModelMultipleChoiceField(
        Clause.objects.none(),
        label="Articles concerned",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: all of them.",
    )
    lifts = forms.ModelChoiceField(TreatyAction.objects.none(), label="Lifts the suspension", required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Country.objects.filter(pk__in=agreement.parties.values("country"))
        self.fields["country"].queryset = parties  # type: ignore[attr-defined]
        self.fields["clauses"].queryset = agreement.clauses.all()  # type: ignore[attr-defined]
        suspensions = agreement.actions.filter(kind=ActionKind.SUSPENSION)
        self.fields["lifts"].queryset = suspensions  # type: ignore[attr-defined]


class ClauseForm(forms.Form):
    """One article. It opens a channel when it names categories and purposes."""

    article = forms.CharField(label="Article", max_length=30, help_text="As cited: Art. 21, § 3.")
    kind = forms.ChoiceField(label="Kind", choices=ClauseKind.choices)
    summary = forms.CharField(label="What it permits", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    categories = forms.MultipleChoiceField(
        label="Data categories", required=False, choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label="Purposes", required=False, choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    ceiling = forms.TypedChoiceField(label="Ceiling", coerce=int, choices=Classification.choices, initial=1)
    onward = forms.ChoiceField(label="Onward", choices=Onward.choices, initial=Onward.CONSENT)
    retention_days = forms.IntegerField(label="Retention in days", required=False, min_value=1)


class DesignationForm(forms.Form):
    """An agency of the own country as competent authority."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Agency")
    starts_on = forms.DateField(label="From", widget=DAY)

    def __init__(self, *args: Any, country: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.active().filter(country=country)  # type: ignore[attr-defined]

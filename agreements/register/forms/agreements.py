"""The list's filters, and the head of a new agreement."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment, Country
from agreements.register.choices import ClauseKind, InstrumentKind, RelationKind
from agreements.register.forms.fields import DayField, KeyedForm
from agreements.register.models import Agreement, Clause
from agreements.register.status import State


class AgreementFilter(forms.Form):
    q = forms.CharField(label="Words", required=False)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *((s.value, s.label) for s in State)]
    )
    party = forms.CharField(label="Party (code)", required=False, max_length=12)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *InstrumentKind.choices])
    clause = forms.ChoiceField(label="With an article on", required=False, choices=[("", "All"), *ClauseKind.choices])
    ending = forms.BooleanField(label="Ends within 90 days", required=False)
    waiting = forms.BooleanField(label="Waits for our confirmation", required=False)


class AgreementForm(KeyedForm, forms.ModelForm[Agreement]):
    """Title, kind, dates and parties of a new agreement."""

    parties = forms.ModelMultipleChoiceField(
        Country.objects.all(), label="Parties", widget=forms.SelectMultiple(attrs={"size": 8})
    )
    concluded_on = DayField(label="Concluded on", required=False)
    expires_on = DayField(label="Expires on", required=False, help_text="Last day of effect. Empty: for good.")
    draft = forms.BooleanField(
        label="Keep as a draft of my agency", required=False, help_text="Parties do not see a draft."
    )

    class Meta:
        model = Agreement
        fields = [
            "title", "short_name", "kind", "reference", "depositary", "time_zone", "concluded_on", "expires_on",
            "notice_months", "renews_months", "renewal_notice_months", "made_under", "territory", "summary", "source",
        ]  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "source": forms.Textarea(attrs={"rows": 2}),
            "territory": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "notice_months": "Notice of a denunciation, in months",
            "renews_months": "Renews itself, in months",
            "renewal_notice_months": "Notice against renewal, in months",
            "territory": "Territorial scope",
        }

    def __init__(self, *args: Any, clauses: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_under"].queryset = Clause.objects.none() if clauses is None else clauses  # type: ignore[attr-defined]
        self.fields["kind"].choices = InstrumentKind.choices  # type: ignore[attr-defined]


class RelationForm(KeyedForm):
    """What the agreement is to another one that the officer may see."""

    kind = forms.ChoiceField(label="This agreement", choices=RelationKind.choices)
    other = forms.ModelChoiceField(Agreement.objects.none(), label="The other one", empty_label="Choose …")
    starts_on = DayField(label="Since", required=False)
    note_text = forms.CharField(label="Note", required=False, max_length=400)

    def __init__(self, *args: Any, agreement: Agreement, by: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Agreement.objects.visible_to(by).exclude(pk=agreement.pk)
        self.fields["other"].queryset = seen  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """The day on which states are asked for."""

    on = DayField(label="States on", required=False)

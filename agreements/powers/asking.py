"""What a card is asked for, in the address: so that a card can be shared, printed again and looked up another day."""

from typing import Any

from django import forms
from django.http import QueryDict

from agencies.directory.models import Country
from agreements.powers import words
from agreements.powers.choices import Border
from agreements.powers.parts import Asked
from agreements.register.forms import DayField


class CardForm(forms.Form):
    """Border, day and language of a card."""

    border = forms.ChoiceField(label="Border", choices=Border.choices, required=False)
    on = DayField(label="On", required=False, help_text="Empty: today.")
    lang = forms.ChoiceField(label="Language", required=False)
    stretch = forms.CharField(label="Stretch", required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, languages: Any = (), **options: Any) -> None:
        values = data.copy()
        values.setdefault("border", Border.LAND.value)
        values.setdefault("lang", words.FALLBACK)
        super().__init__(values, **options)
        offered = dict.fromkeys([*words.VOCABULARIES, *sorted(languages)])
        self.fields["lang"].choices = [(code, words.name_of(code)) for code in offered]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What was asked for; of what cannot be read, the usual."""
        found = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Asked(
            border=Border(found.get("border") or Border.LAND),
            day=found.get("on"),
            language=found.get("lang") or words.FALLBACK,
            stretch=found.get("stretch") or "",
        )


class LookupForm(CardForm):
    """Whose officers, and where."""

    actor = forms.ModelChoiceField(Country.objects.none(), label="Officers of", empty_label=None, required=False)
    host = forms.ModelChoiceField(Country.objects.none(), label="In", required=False, empty_label="Choose a state")
    field_order = ("actor", "host", "border", "on", "lang")

    def __init__(self, data: QueryDict, *, countries: Any, own: str) -> None:
        values = data.copy()
        values.setdefault("actor", own)
        super().__init__(values)
        for name in ("actor", "host"):
            self.fields[name].queryset = countries  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("actor") and values.get("actor") == values.get("host"):
            self.add_error("host", "Powers are abroad: choose another state.")
        return values

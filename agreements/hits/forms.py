"""Forms of hit/no-hit."""

from typing import Any

from django import forms

from agreements.hits.choices import Term
from agreements.hits.terms import LONGEST
from agreements.register.choices import Purpose


class TermForm(forms.Form):
    """Kind and value of what is indexed or searched. Nothing of the value is put into an address."""

    term = forms.ChoiceField(label="Kind", choices=Term.choices)
    value = forms.CharField(
        max_length=LONGEST,
        help_text="Case, spaces and hyphens do not matter. A telephone number with its country code; a name in full.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    born = forms.DateField(
        label="Date of birth",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
        help_text="Of a person only.",
    )


class SearchForm(TermForm):
    purpose = forms.ChoiceField(choices=Purpose.choices, initial=Purpose.LAW_ENFORCEMENT)
    reason = forms.CharField(
        label="Why", max_length=300, help_text="Your own auditors read it. Partners are told the purpose alone."
    )


class IndexForm(TermForm):
    clause = forms.ChoiceField(label="For searches under")
    field_order = ("clause", "term", "value", "born")

    def __init__(self, *args: Any, clauses: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = {str(clause.pk): clause for clause in clauses}
        self.fields["clause"].choices = [(key, str(clause)) for key, clause in self.clauses.items()]  # type: ignore[attr-defined]

    def clean_clause(self) -> Any:
        return self.clauses[self.cleaned_data["clause"]]

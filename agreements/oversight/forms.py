"""What narrows the ledger. It stands in the address, so that it can be shared."""

from typing import Any

from django import forms

from agencies.directory.models import Agency, Officer

WHAT = [("", "Everything"), ("shown", "Shown"), ("done", "Done")]


class LedgerFilter(forms.Form):
    what = forms.ChoiceField(label="Entries", required=False, choices=WHAT)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput({"type": "date"}))
    officer = forms.ModelChoiceField(Officer.objects.none(), required=False, empty_label="Anybody")
    record = forms.UUIDField(label="Record key", required=False)

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        officers = Officer.objects.filter(appointments__agency=agency).distinct().order_by("full_name", "pk")
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first.")
        return values

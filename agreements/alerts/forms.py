"""What narrows the inbox. It stands in the address, so that it can be shared."""

from typing import Any

from django import forms

from agreements.alerts import kinds
from agreements.alerts.choices import Family, Severity, Urgency
from agreements.alerts.querysets import AlertQuerySet

STATES = [("", "All"), ("unread", "Unread"), ("seen", "Seen")]


class AlertFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=STATES)
    kind = forms.ChoiceField(required=False)
    family = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *Family.choices])
    urgency = forms.ChoiceField(required=False, choices=[("", "Any"), *Urgency.choices])
    severity = forms.ChoiceField(required=False, choices=[("", "Any"), *Severity.choices])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *((kind.name, kind.label) for kind in kinds.all_kinds())]

    def narrowed(self, rows: AlertQuerySet) -> AlertQuerySet:
        """The rows that fit. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        if data["state"] == "unread":
            rows = rows.unread()
        elif data["state"] == "seen":
            rows = rows.exclude(seen_at=None, done_at=None)
        if data["family"]:
            rows = rows.filter(kind__in=kinds.names_of(data["family"]))
        for name in ("kind", "urgency", "severity"):
            if data[name]:
                rows = rows.filter(**{name: data[name]})
        return rows

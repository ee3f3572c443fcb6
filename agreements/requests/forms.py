"""Forms of access requests."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.models import Agency, new_key
from agreements.register.choices import Purpose
from agreements.register.models import Clause
from agreements.requests.choices import Side, State
from agreements.sharing.forms import ReleaseForm

INSTANTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class AskForm(forms.Form):
    """Of whom, what, what for, on which basis, why. Only articles by which something may come today are offered."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    agency = forms.ModelChoiceField(Agency.objects.none(), label="Of which agency", empty_label="Choose one")
    reference = forms.CharField(
        max_length=200,
        help_text="As it stands in a document or as you were told it: REP-1A2B3C4D, the eight signs of a hit, or a link.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    purpose = forms.ChoiceField(choices=Purpose.choices)
    clause = forms.ChoiceField(label="Proposed legal basis", required=False)
    until = forms.DateTimeField(
        label="Needed until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=INSTANTS[0]),
        input_formats=INSTANTS,
        help_text="The owner decides until when. In your time zone.",
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The owner reads it, and decides by it.",
    )

    def __init__(self, *args: Any, agencies: Any, bases: dict[uuid.UUID, list[Clause]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        named = {row.pk: str(row) for row in agencies}
        self.bases = {f"{key}|{row.pk}": row for key, rows in bases.items() for row in rows}
        groups = sorted((named[key], key) for key in bases if key in named)
        self.fields["clause"].choices = [  # type: ignore[attr-defined]
            ("", "None that I know of"),
            *[(words, [(f"{key}|{row.pk}", str(row)) for row in bases[key]]) for words, key in groups],
        ]

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError("This lies in the past.")
        return until

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, agency, purpose = data.get("clause"), data.get("agency"), data.get("purpose")
        clause = self.bases.get(chosen) if chosen else None
        if clause is not None and agency is not None and not str(chosen).startswith(str(agency.pk)):
            self.add_error(
                "clause", f"By this article {agency.short} gives your agency nothing: choose one of its own."
            )
        if clause is not None and purpose and purpose not in clause.purposes:
            words = ", ".join(Purpose(name).label.lower() for name in clause.purposes)
            self.add_error("purpose", f"{clause.article} does not name this purpose. It names: {words}.")
        return {**data, "clause": clause}


class ApproveForm(ReleaseForm):
    """As any release, and always with an end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].label = "Give it to"
        self.fields["until"].required = True
        self.fields["until"].help_text = "It closes then by itself. In your time zone."


class RefuseForm(forms.Form):
    words = forms.CharField(label="Why not", max_length=500, required=False)

    def __init__(self, *args: Any, told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for_them = "May stay empty. Who asked knows that there is such a record, and reads this."
        for_us = "May stay empty. Only your agency reads it."
        self.fields["words"].help_text = for_them if told else for_us


class RequestFilter(forms.Form):
    """Filters of the officer's own requests; they stand in the address."""

    state = forms.ChoiceField(required=False, choices=[("", "All"), *State.choices])

    def apply(self, rows: Any, at: datetime) -> Any:
        """A filter that is not valid lets nothing through, rather than everything."""
        if not self.is_valid():
            return rows.none()
        return rows.in_state(self.cleaned_data["state"], at) if self.cleaned_data["state"] else rows


class AskedFilter(forms.Form):
    """Filters of what is asked of the own agency; they stand in the address."""

    state = forms.ChoiceField(required=False, choices=[("", "All"), *Side.choices])

    def apply(self, rows: Any, at: datetime) -> Any:
        if not self.is_valid():
            return rows.none()
        state = self.cleaned_data["state"]
        if state == Side.OPEN:
            return rows.waiting(at)
        return rows.filter(state=state) if state else rows

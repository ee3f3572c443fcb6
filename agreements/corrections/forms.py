"""Propose a correction, answer one, and what the list is narrowed by."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment, new_key
from agreements.corrections.actions import ANSWER_LENGTH, TEXT_LENGTH
from agreements.corrections.lifecycle import CorrectionState
from agreements.corrections.querysets import CorrectionQuerySet

ANY: list[Any] = [("", "Any")]
SIDES: list[Any] = [*ANY, ("ours", "About our records"), ("partners", "Proposed by us")]


class ProposeForm(forms.Form):
    """Its hidden key becomes the correction's, so that sending it twice makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)
    wrong = forms.CharField(
        label="What is wrong",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Name the place: the field, the sentence, the time.",
    )
    instead = forms.CharField(
        label="What it should say, and how you know",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nothing above the marking of the record: its owner's officers read this as they read the record.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = new_key


class AnswerForm(forms.Form):
    """Both answers; declining needs a reason, which the action asks for."""

    answer = forms.CharField(
        label="Your answer",
        required=False,
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Those who proposed it read it. To decline, say why; to accept, it may stay empty.",
    )


class CorrectionFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=[*ANY, *CorrectionState.choices])
    side = forms.ChoiceField(required=False, choices=SIDES, label="Whose records")
    record = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def narrowed(self, rows: CorrectionQuerySet, by: Appointment) -> CorrectionQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        if data["state"]:
            rows = rows.filter(state=data["state"])
        if data["record"]:
            rows = rows.filter(record=data["record"])
        if data["side"] == "ours":
            rows = rows.filter(record__owner__in=by.agencies)
        elif data["side"] == "partners":
            rows = rows.exclude(record__owner__in=by.agencies)
        return rows

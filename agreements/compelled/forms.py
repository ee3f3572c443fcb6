"""The form of a compelled disclosure."""

from typing import Any

from django import forms

from agencies.directory.limits import DAYS
from agencies.directory.models import new_key


class CompelledForm(forms.Form):
    authority = forms.CharField(label="Court or authority", max_length=160)
    legal_basis = forms.CharField(label="Order or law", max_length=200, help_text="With its number or article.")
    what = forms.CharField(label="What is to be disclosed", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(
        label="By which day", validators=[*DAYS], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    telling_forbidden = forms.BooleanField(
        label="The order forbids telling the originator",
        required=False,
        help_text="Then you and your agency's auditors alone read of it. Otherwise the originator is told at once.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"key": new_key(), **(options.get("initial") or {})}
        super().__init__(*args, **options)

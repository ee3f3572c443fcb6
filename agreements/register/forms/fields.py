"""Days that a treaty can have, and forms that make one thing however often they are sent."""

from typing import Any

from django import forms

from agencies.directory.models import new_key
from agreements.register.days import WITHIN

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that a treaty can have."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": DAY, "validators": list(WITHIN), **options})


class KeyedForm(forms.Form):
    """Its hidden key becomes the key of what it makes, so that sending it twice makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = new_key

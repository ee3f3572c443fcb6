"""Days that a treaty can have, forms that make one thing however often they are sent, and what two forms of an article ask
alike: that of a draft and that of a fact."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from agencies.directory.models import Country, new_key
from agreements.register.choices import Direction
from agreements.register.days import WITHIN
from agreements.register.models import Agreement, Clause

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def concerning(fields: Mapping[str, Iterable[str]]) -> str:
    """For a list's `data-concerns`: which other fields are asked for with which of its choices alone."""
    return json.dumps({name: sorted(choices) for name, choices in fields.items()})


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


class DirectionField(forms.ChoiceField):
    """Between whom data may flow under an article."""

    def __init__(self, **options: Any) -> None:
        fixed = {"label": "Between whom", "choices": Direction.choices, "widget": forms.RadioSelect}
        super().__init__(**{**fixed, **options})


class SidesField(forms.ModelMultipleChoiceField):
    """The parties on one side of a direction; which there are, `offer_parties` says."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            Country.objects.none(), label=label, required=False, widget=forms.CheckboxSelectMultiple, **options
        )


class EarlierArticleField(forms.ModelChoiceField):
    """The article whose place it takes (R30)."""

    def __init__(self) -> None:
        super().__init__(
            Clause.objects.none(),
            label="Takes the place of",
            required=False,
            empty_label="No earlier article",
            help_text="What was released under that article is then read under this one, by the terms of this one.",
        )


SENDERS_HELP = "Only where senders and receivers are named."


def offer_parties(form: forms.Form, agreement: Agreement) -> None:
    """The parties of the agreement, on both sides of a direction."""
    parties = Country.objects.filter(pk__in=agreement.parties.values("country"))
    for name in ("senders", "receivers"):
        form.fields[name].queryset = parties  # type: ignore[attr-defined]

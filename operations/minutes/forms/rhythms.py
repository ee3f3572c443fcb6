"""Forms of rhythms: state one, ask for dates."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agreements.register.forms import DayField
from agreements.register.models import Clause
from operations.minutes.choices import Subject, Unit
from operations.minutes.models.rhythm import MOST_EVERY
from operations.planning.forms.fields import KeyedForm

REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
MOST_REGIONS = 10


class RhythmForm(KeyedForm):
    subject = forms.ChoiceField(label="What comes round", choices=Subject.choices)
    every = forms.IntegerField(label="Every", min_value=1, max_value=MOST_EVERY)
    unit = forms.ChoiceField(label="Unit", choices=Unit.choices, initial=Unit.MONTHS.value)
    since = DayField(label="Counted from", help_text="From the last time, once there was one.")
    clause = forms.ModelChoiceField(
        Clause.objects.none(), label="Article that says so", required=False, empty_label="—"
    )

    def __init__(self, *args: Any, clauses: Iterable[Clause], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Clause.objects.filter(pk__in=[row.pk for row in clauses]).select_related("agreement")
        self.fields["clause"].queryset = rows  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        names = ("subject", "every", "unit", "since", "clause")
        return {**{name: self.cleaned_data[name] for name in names}, "key": self.sent_key}


def regions_in(text: str) -> list[str]:
    """ISO 3166-2 codes with commas between. Raises ValidationError for what is none."""
    found = [part.strip().upper() for part in text.split(",") if part.strip()]
    if len(found) > MOST_REGIONS or not all(REGION.fullmatch(code) for code in found):
        raise ValidationError(f"Give up to {MOST_REGIONS} codes such as DE-BW, CH-TG.")
    return found


class DatesFilter(forms.Form):
    """How long the meeting lasts, and whose regional holidays count."""

    minutes = forms.TypedChoiceField(
        label="Lasts", coerce=int, required=False, empty_value=60,  # type: ignore[arg-type]
        choices=[(30, "30 minutes"), (60, "1 hour"), (120, "2 hours"), (240, "4 hours"), (480, "8 hours")], initial=60,
    )  # fmt: skip
    regions = forms.CharField(
        label="Regions", required=False, max_length=100,
        help_text="Whose public holidays count besides those of the countries: DE-BW, CH-TG.",
    )  # fmt: skip

    def clean_regions(self) -> list[str]:
        return regions_in(self.cleaned_data["regions"])


class ReviewForm(forms.Form):
    on = DayField(label="Reviewed on")

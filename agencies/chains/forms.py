"""The form of a step of a duty chain: hours as the spans that officers say them in, each for several days."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from agencies.chains.choices import DutyDay, StepKind
from agencies.chains.models import LONGEST_WAIT, DutyStep
from agencies.chains.week import Shift
from agencies.directory.models import Agency, Appointment
from agencies.directory.roles import ROLE_CHOICES

# Spans that the form offers besides those that a step has.
FREE_SPANS, LEAST_SPANS = 1, 2


class PostField(forms.ModelChoiceField):
    """An own post by name: only ever offered inside the agency (R18)."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.officer} ({obj.function})"


class StepForm(forms.Form):
    """One step. What its kind does not ask for is left out."""

    kind = forms.ChoiceField(label="Who is told", choices=StepKind.choices, widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "Choose a role"), *ROLE_CHOICES],
        help_text="Of “whoever has a role”.",
    )
    post = PostField(
        Appointment.objects.none(),
        label="Post",
        required=False,
        empty_label="Choose a post",
        help_text="Of “one post”. Who stands in for it is told as well.",
    )
    deputy = PostField(
        Appointment.objects.none(),
        label="Deputy",
        required=False,
        empty_label="None",
        help_text="Told where nobody holds the post.",
    )
    wait = forms.IntegerField(
        label="Minutes until the next step is told", min_value=1, max_value=LONGEST_WAIT, initial=10
    )

    def __init__(self, *args: Any, agency: Agency, step: DutyStep | None = None, **options: Any) -> None:
        spans = _spans_of(step)
        super().__init__(*args, **{**options, "initial": _initial(step, spans)})
        posts = Appointment.objects.filter(agency=agency, ended_at=None).select_related("officer", "agency")
        for name in ("post", "deputy"):
            self.fields[name].queryset = posts.order_by("officer__full_name", "pk")  # type: ignore[attr-defined]
        self._count = max(LEAST_SPANS, len(spans) + FREE_SPANS)
        for number in range(self._count):
            self._add_span(number)

    def _add_span(self, number: int) -> None:
        self.fields[f"days_{number}"] = forms.TypedMultipleChoiceField(
            label="Days", required=False, coerce=int, choices=DutyDay.choices, widget=forms.CheckboxSelectMultiple
        )
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[f"{name}_{number}"] = forms.TimeField(
                label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            )

    def spans(self) -> Iterator[tuple[int, list[BoundField]]]:
        """For the page: each span's number from 1, and its fields."""
        for number in range(self._count):
            yield number + 1, [self[f"{name}_{number}"] for name in ("days", "from", "to")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(self._count):
            parts = [data.get(f"{name}_{number}") for name in ("days", "from", "to")]
            given = [part not in (None, [], "") for part in parts]
            if any(given) and not all(given):
                self.add_error(f"days_{number}", "Give days and both hours, or nothing.")
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        hours = [
            Shift(day, data[f"from_{number}"], data[f"to_{number}"])
            for number in range(self._count)
            for day in data[f"days_{number}"]
        ]
        return {**{name: data[name] for name in ("kind", "role", "post", "deputy", "wait")}, "hours": hours}


def _spans_of(step: DutyStep | None) -> list[tuple[list[int], time, time]]:
    found: dict[tuple[time, time], list[int]] = defaultdict(list)
    for row in step.hours.all() if step else ():
        found[row.starts, row.ends].append(row.day)
    return [(days, *span) for span, days in found.items()]


def _initial(step: DutyStep | None, spans: list[tuple[list[int], time, time]]) -> dict[str, Any]:
    if step is None:
        return {"kind": StepKind.DESK.value}
    found = {name: getattr(step, name) for name in ("kind", "role", "post", "deputy", "wait")}
    for number, (days, starts, ends) in enumerate(spans):
        found |= {f"days_{number}": days, f"from_{number}": starts, f"to_{number}": ends}
    return found

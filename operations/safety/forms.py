"""Forms of timers, alarms and answers."""

from typing import Any

from django import forms

from operations.safety.actions.timers import LONGEST
from operations.safety.choices import AlarmState
from operations.safety.models import Timer
from operations.safety.querysets import AlarmQuerySet
from portal.positions.fields import PositionField

MINUTES = [(0, "No timer"), (15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"), (120, "2 hours"), (240, "4 hours")]


class TimerForm(forms.Form):
    """How often a team checks in, and how long its alarm waits. Setting it says that the team is well now."""

    every = forms.TypedChoiceField(label="The team checks in every", choices=MINUTES, coerce=int)
    desk_after = forms.IntegerField(
        label="Own duty desk after", min_value=1, max_value=LONGEST, help_text="Minutes without an answer."
    )
    partners_after = forms.IntegerField(
        label="Partners on the patrol after",
        min_value=1,
        max_value=LONGEST,
        help_text="Minutes. Only by an article, as your standing order lets it go out.",
    )
    neighbours_after = forms.IntegerField(
        label="After a call for help: neighbours after",
        min_value=1,
        max_value=LONGEST,
        help_text="Minutes without an own answer: place and call-back number, without an article, for one hour.",
    )

    def __init__(self, *args: Any, timer: Timer, **options: Any) -> None:
        names = ("desk_after", "partners_after", "neighbours_after")
        options["initial"] = {"every": timer.every or 0, **{name: getattr(timer, name) for name in names}}
        super().__init__(*args, **options)
        field = self.fields["every"]
        assert isinstance(field, forms.TypedChoiceField)
        if timer.every and timer.every not in dict(MINUTES):
            field.choices = [*MINUTES, (timer.every, f"{timer.every} minutes")]

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        return {**self.cleaned_data, "every": self.cleaned_data["every"] or None}


class HelpForm(forms.Form):
    words = forms.CharField(
        label="What is it", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    position = PositionField(label="Where")
    neighbours = forms.BooleanField(
        label="Also neighbours, at once",
        required=False,
        help_text="Place and call-back number to their duty desks, without an article, for one hour; reviewed later.",
    )

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        return dict(self.cleaned_data)


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label="How did it end", max_length=300, help_text="Kept with the alarm. Partners do not read it."
    )


class AnswerForm(forms.Form):
    acts = forms.TypedChoiceField(
        label="Does your desk act on it?",
        choices=[("yes", "We act on it"), ("no", "We cannot")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="With what, and when",
        max_length=200,
        required=False,
        help_text="As “one boat in 20 minutes”. Name no person.",
    )


class AlarmFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=[("", "All"), *AlarmState.choices])

    def apply(self, rows: AlarmQuerySet) -> AlarmQuerySet:
        if not self.is_valid():
            return rows.none()
        match self.cleaned_data["state"]:
            case AlarmState.OPEN:
                return rows.unanswered()
            case AlarmState.ACTED:
                return rows.open().exclude(acknowledged_at=None)
            case AlarmState.CLOSED:
                return rows.exclude(closed_at=None)
        return rows

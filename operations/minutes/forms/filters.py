"""What the lists of minutes and action items are narrowed by. It stands in the address, so that it can be shared."""

from datetime import datetime

from django import forms

from agencies.directory.models import Appointment
from operations.minutes.choices import OVERDUE, ActionState, State
from operations.minutes.querysets import ActionQuerySet, MinutesQuerySet
from operations.sealing.forms import ANY, OfOperation

MINE, AGENCY = "mine", "agency"


class MinutesFilter(OfOperation):
    q = forms.CharField(required=False, max_length=200, label="Words")
    state = forms.ChoiceField(required=False, choices=[*ANY, *State.choices])
    show = forms.ChoiceField(required=False, choices=[("", "All"), (MINE, "My agency agrees")])

    field_order = ("q", "state", "operation", "show")

    def narrowed(self, rows: MinutesQuerySet, by: Appointment) -> MinutesQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        rows = rows.matching(data["q"]) if data["q"] else rows
        rows = rows.filter(state=data["state"]) if data["state"] else rows
        rows = rows.filter(record__operation=data["operation"]) if data["operation"] else rows
        return rows.awaiting(by.agencies) if data["show"] else rows


class ActionFilter(OfOperation):
    state = forms.ChoiceField(required=False, choices=[*ANY, (OVERDUE, "Overdue"), *ActionState.choices])
    whose = forms.ChoiceField(required=False, choices=[*ANY, (MINE, "Mine"), (AGENCY, "My agency's")])

    field_order = ("whose", "state", "operation")

    def narrowed(self, rows: ActionQuerySet, by: Appointment, at: datetime) -> ActionQuerySet:
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        if data["operation"]:
            rows = rows.filter(minutes__record__operation=data["operation"])
        return stands(whose(rows, data["whose"], by), data["state"], at)


def whose(rows: ActionQuerySet, value: str, by: Appointment) -> ActionQuerySet:
    """`mine`: for which the officer was named; `agency`: those of the officer's agency."""
    if value == MINE:
        return rows.of_officer(by)
    return rows.filter(agency__in=by.agencies) if value == AGENCY else rows


def stands(rows: ActionQuerySet, value: str, at: datetime) -> ActionQuerySet:
    if value == OVERDUE:
        return rows.overdue(at)
    return rows.filter(state=value) if value else rows

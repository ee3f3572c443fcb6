"""What the lists of responses are narrowed by. It stands in the address, so that it can be shared."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment
from operations.response.choices import ResponseState
from operations.response.querysets import AssistanceQuerySet, ResponseQuerySet

ANY: list[Any] = [("", "Any")]


class ResponseFilter(forms.Form):
    state = forms.ChoiceField(required=False, choices=[*ANY, *ResponseState.choices])
    mine = forms.BooleanField(required=False, label="I lead it")

    def narrowed(self, rows: ResponseQuerySet, by: Appointment) -> ResponseQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        rows = rows.filter(state=data["state"]) if data["state"] else rows
        return rows.filter(lead=by) if data["mine"] else rows


class AssistanceFilter(forms.Form):
    show = forms.ChoiceField(
        required=False,
        choices=[("", "All"), ("running", "Under way"), ("waiting", "Our desk has not answered")],
    )

    def narrowed(self, rows: AssistanceQuerySet, by: Appointment) -> AssistanceQuerySet:
        if not self.is_valid():
            return rows.none()
        match self.cleaned_data["show"]:
            case "running":
                return rows.running()
            case "waiting":
                return rows.waiting_for(by)
        return rows


class TaskFilter(forms.Form):
    show = forms.ChoiceField(
        required=False,
        choices=[("", "Open"), ("mine", "Mine"), ("late", "Overdue"), ("offered", "Offered to us")],
    )

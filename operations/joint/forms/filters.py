"""What the lists of joint reports and copies are narrowed by. It stands in the address, so that it can be shared."""

from django import forms

from agencies.directory.models import Appointment
from operations.joint.choices import Form, State
from operations.joint.querysets import JointReportQuerySet, SealedCopyQuerySet
from operations.sealing.forms import ANY, OfOperation


class ReportFilter(OfOperation):
    q = forms.CharField(required=False, max_length=200, label="Words")
    state = forms.ChoiceField(required=False, choices=[*ANY, *State.choices])
    form = forms.ChoiceField(required=False, label="What", choices=[*ANY, *Form.choices])
    show = forms.ChoiceField(required=False, choices=[("", "All"), ("mine", "My side signs")])

    field_order = ("q", "state", "form", "operation", "show")

    def narrowed(self, rows: JointReportQuerySet, by: Appointment) -> JointReportQuerySet:
        """The rows asked for. A filter that is not valid finds nothing, and says so."""
        if not self.is_valid():
            return rows.none()
        data = self.cleaned_data
        rows = rows.matching(data["q"]) if data["q"] else rows
        for name in ("state", "form"):
            rows = rows.filter(**{name: data[name]}) if data[name] else rows
        rows = rows.filter(record__operation=data["operation"]) if data["operation"] else rows
        return rows.awaiting(by.agencies) if data["show"] else rows


class CopyFilter(OfOperation):
    q = forms.CharField(required=False, max_length=200, label="Words")

    field_order = ("q", "operation")

    def narrowed(self, rows: SealedCopyQuerySet) -> SealedCopyQuerySet:
        if not self.is_valid():
            return rows.none()
        rows = rows.matching(self.cleaned_data["q"]) if self.cleaned_data["q"] else rows
        operation = self.cleaned_data["operation"]
        return rows.filter(record__operation=operation) if operation else rows

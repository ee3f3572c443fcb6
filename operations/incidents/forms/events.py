"""Forms of events and of serious incidents."""

from typing import Any

from django import forms

from agencies.directory.models import Agency, Appointment, Classification
from agencies.directory.roles import ROLES, Permission
from agreements.register.choices import Category
from agreements.sharing.forms import KeyedMarkingForm
from agreements.sharing.models import Record
from operations.incidents.actions.events import SUMMARY_LENGTH
from operations.incidents.actions.serious import ACCOUNT_LENGTH, FINDING_LENGTH
from operations.incidents.choices import ChainStep, Confidence, Impact, Outcome, SeriousKind
from operations.incidents.forms.reports import CHOOSE, ZonedForm, zone_field
from operations.planning.forms.fields import KeyedForm, LocalInstantField
from portal.positions.fields import PositionField

LEVELLED = ("title", "summary", "impact", "confidence", "occurred_at", "zone", "position", "operation")


class EventForm(ZonedForm, KeyedMarkingForm):
    title = forms.CharField(max_length=200, help_text="As partners will read it. No names of persons.")
    summary = forms.CharField(
        label="What is known", max_length=SUMMARY_LENGTH, widget=forms.Textarea(attrs={"rows": 5})
    )
    impact = forms.TypedChoiceField(coerce=int, choices=[*CHOOSE, *Impact.choices])
    confidence = forms.TypedChoiceField(coerce=int, choices=[*CHOOSE, *Confidence.choices])
    occurred_at = LocalInstantField(label="When it happened")
    zone = zone_field()
    position = PositionField(label="Where")
    operation = forms.ModelChoiceField(Record.objects.none(), required=False, empty_label="None")

    def __init__(self, *args: Any, by: Appointment, operations: Any, **options: Any) -> None:
        super().__init__(*args, clearance=by.clearance, **options)
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        self.fields["zone"].initial = by.agency.time_zone
        self.fields["categories"].initial = [Category.OPERATIONAL.value]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**{name: data[name] for name in LEVELLED}, "marking": self.marking(), "key": self.sent_key}


class OfficerField(forms.ModelChoiceField):
    """Own officers, by name and function."""

    def label_from_instance(self, obj: Appointment) -> str:
        return f"{obj.officer}, {obj.function}"


class OfficersField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Appointment) -> str:
        return f"{obj.officer}, {obj.function}"


class LinkForm(forms.Form):
    report = forms.ModelChoiceField(
        Record.objects.none(), empty_label="Choose …", help_text="Of the newest that you see. Linking opens nothing."
    )

    def __init__(self, *args: Any, reports: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["report"].queryset = reports  # type: ignore[attr-defined]


class KeeperForm(forms.Form):
    keeper = OfficerField(Appointment.objects.none(), empty_label="Choose …")

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["keeper"].queryset = officers  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(choices=[*CHOOSE, *Outcome.choices])
    words = forms.CharField(label="In words", required=False, max_length=500)


class SeriousForm(ZonedForm, KeyedForm):
    """Its own form: what, who is concerned, when and where. It is RED; the form says to whom it goes."""

    title = forms.CharField(max_length=200, help_text="Without names: alerts show nothing of it.")
    kind = forms.ChoiceField(label="What it is", choices=[*CHOOSE, *SeriousKind.choices])
    account = forms.CharField(
        label="What happened", max_length=ACCOUNT_LENGTH, widget=forms.Textarea(attrs={"rows": 8})
    )
    concerns = OfficersField(
        Appointment.objects.none(),
        label="Officers of yours whom it concerns",
        required=False,
        help_text="They are told nothing, and can change nothing of it.",
    )
    occurred_at = LocalInstantField(label="When it happened")
    zone = zone_field()
    position = PositionField(label="Where")
    operation = forms.ModelChoiceField(
        Record.objects.none(), required=False, empty_label="None: to your agency's auditors",
        help_text="It goes to those whom the operation names in your agency.",
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label="Data categories", choices=Category.choices, widget=forms.CheckboxSelectMultiple, required=False,
        initial=[Category.PERSONAL_DATA.value],
    )  # fmt: skip
    classification = forms.TypedChoiceField(coerce=int)
    sure = forms.BooleanField(label="I have read the question above: it is right as it stands", required=False)

    def __init__(self, *args: Any, by: Appointment, operations: Any, colleagues: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        self.fields["concerns"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["zone"].initial = by.agency.time_zone
        levels = [pair for pair in Classification.choices if pair[0] <= by.clearance]
        self.fields["classification"].choices = levels  # type: ignore[attr-defined]
        self.fields["classification"].initial = min(Classification.RESTRICTED.value, by.clearance)

    def values(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return {**data, "key": self.sent_key}


class FindingForm(forms.Form):
    finding = forms.CharField(
        label="What was found", max_length=FINDING_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )


class ChainForm(forms.Form):
    """Who validates at one step of an operation."""

    step = forms.ChoiceField(choices=ChainStep.choices, widget=forms.HiddenInput)
    agency = forms.ModelChoiceField(Agency.objects.none(), required=False, empty_label="Nobody: the step is left out")
    role = forms.ChoiceField(
        choices=[
            (role.value, sheet.label) for role, sheet in ROLES.items() if Permission.INCIDENT_VIEW in sheet.permissions
        ]
    )

    def __init__(self, *args: Any, agencies: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class RecipientForm(forms.Form):
    appointment = OfficerField(
        Appointment.objects.none(), label="Officer of yours", required=False, empty_label="Choose …"
    )
    unname = OfficerField(Appointment.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("appointment", "unname"):
            self.fields[name].queryset = officers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("appointment") or data.get("unname")):
            self.add_error("appointment", "Choose an officer.")
        return data

"""Forms of responses, tasks and handovers."""

from typing import Any

from django import forms

from agencies.directory.models import Agency, Appointment
from operations.incidents.forms.events import OfficerField
from operations.incidents.forms.reports import CHOOSE
from operations.patrols.forms.fields import InstantField, KeyedForm
from operations.response.actions.handovers import WORDS_LENGTH as MESSAGE_LENGTH
from operations.response.actions.responses import WHAT_LENGTH, WORDS_LENGTH
from operations.response.choices import Result
from operations.response.models import Procedure


class TimedForm(forms.Form):
    """Who does it, and until when."""

    assignee = OfficerField(
        Appointment.objects.none(), required=False, empty_label="Anybody of ours",
        help_text="Officers of your agency who see the incident.",
    )  # fmt: skip
    due_at = InstantField(label="Due", required=False, help_text="On your clock. Empty: no time.")

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["assignee"].queryset = officers  # type: ignore[attr-defined]


class TaskForm(TimedForm, KeyedForm):
    what = forms.CharField(label="What is to be done", max_length=WHAT_LENGTH)
    field_order = ("what", "assignee", "due_at", "key")

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**{name: data[name] for name in ("what", "assignee", "due_at")}, "key": self.sent_key}


class EndForm(forms.Form):
    verdict = forms.ChoiceField(
        label="How it ended", choices=[("done", "Done"), ("drop", "Dropped: it is not done")],
        widget=forms.RadioSelect, initial="done",
    )  # fmt: skip
    result = forms.CharField(
        label="What came of it", required=False, max_length=WORDS_LENGTH, help_text="If it is dropped, why."
    )

    def values(self) -> dict[str, Any]:
        return {"done": self.cleaned_data["verdict"] == "done", "result": self.cleaned_data["result"]}


class ProcedureField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Procedure) -> str:
        return f"{obj.record.title} ({obj.record.owner.short})"


class FollowForm(forms.Form):
    procedure = ProcedureField(Procedure.objects.none(), empty_label="Choose …")

    def __init__(self, *args: Any, procedures: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["procedure"].queryset = procedures  # type: ignore[attr-defined]


class LeadForm(forms.Form):
    lead = OfficerField(Appointment.objects.none(), empty_label="Choose …")

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["lead"].queryset = officers  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    result = forms.ChoiceField(label="Outcome", choices=[*CHOOSE, *Result.choices])
    words = forms.CharField(label="In words", required=False, max_length=WORDS_LENGTH)


class AgencyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Agency) -> str:
        return f"{obj}: {obj.name}"


class OfferForm(forms.Form):
    agency = AgencyField(Agency.objects.none(), empty_label="Choose …", help_text="Those that read the incident now.")
    message = forms.CharField(label="A word to them", required=False, max_length=MESSAGE_LENGTH)

    def __init__(self, *args: Any, agencies: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        keys = [agency.pk for agency in agencies]
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=keys).select_related("country")  # type: ignore[attr-defined]


class AnswerForm(KeyedForm):
    verdict = forms.ChoiceField(
        label="Your answer", choices=[("take", "We take it"), ("decline", "We cannot")], widget=forms.RadioSelect
    )
    answer = forms.CharField(label="Why not", required=False, max_length=MESSAGE_LENGTH)

"""Forms of procedures: name, marking and steps, a row each."""

from typing import Any

from django import forms

from agencies.directory.models import Appointment
from agreements.register.choices import Category
from agreements.sharing.forms import KeyedMarkingForm
from agreements.sharing.models import Record
from operations.response.actions.procedures import LONGEST, MOST_STEPS, NAME_LENGTH, NOTE_LENGTH, WHAT_LENGTH, Line
from operations.response.models import Step

BLANK = 8


class StepForm(forms.Form):
    what = forms.CharField(label="What is to be done", required=False, max_length=WHAT_LENGTH)
    minutes = forms.IntegerField(label="Within minutes", required=False, min_value=1, max_value=LONGEST)


class _Steps(forms.BaseFormSet):  # type: ignore[type-arg]
    def lines(self) -> list[Line]:
        """Rows with words, in the order of the numbers that they were given; an empty row is left out."""
        rows = [form.cleaned_data for form in self.in_order if form.cleaned_data.get("what")]
        return [Line(row["what"], row.get("minutes")) for row in rows]

    @property
    def in_order(self) -> list[StepForm]:
        rows = list(enumerate(self.forms))
        place = lambda pair: (pair[1].cleaned_data.get("ORDER") or 10_000, pair[0])  # noqa: E731
        return [form for _, form in sorted(rows, key=place)]


StepSet = forms.formset_factory(
    StepForm, formset=_Steps, extra=BLANK, max_num=MOST_STEPS, absolute_max=MOST_STEPS + 1, can_order=True
)  # fmt: skip


def step_set(data: Any = None, steps: Any = ()) -> Any:
    first = [{"what": step.what, "minutes": step.minutes} for step in steps if isinstance(step, Step)]
    return StepSet(data, initial=first, prefix="steps")


class ProcedureForm(KeyedMarkingForm):
    title = forms.CharField(label="Name", max_length=NAME_LENGTH)
    operation = forms.ModelChoiceField(
        Record.objects.none(), required=False, empty_label="All of the agency's incidents",
        help_text="With an operation it is offered for its incidents alone.",
    )  # fmt: skip

    def __init__(self, *args: Any, by: Appointment, operations: Any, **options: Any) -> None:
        super().__init__(*args, clearance=by.clearance, **options)
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        self.fields["categories"].initial = [Category.OPERATIONAL.value]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["title"], "operation": data["operation"], "marking": self.marking(), "key": self.sent_key,
        }  # fmt: skip


class VersionForm(forms.Form):
    note = forms.CharField(label="What is new", required=False, max_length=NOTE_LENGTH)
    version = forms.IntegerField(widget=forms.HiddenInput)

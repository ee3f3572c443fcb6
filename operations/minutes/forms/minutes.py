"""Forms of minutes: begin, change, points, action items, another language, agree, withdraw."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from agencies.directory.models import Agency, Appointment
from agreements.register.forms import DayField
from agreements.register.models import Clause
from agreements.sharing.actions.records import marking_of
from agreements.sharing.forms import MARKING, KeyedMarkingForm
from agreements.sharing.models import Record
from operations.minutes.actions.agreeing import ANNOTATION_LENGTH
from operations.minutes.actions.doing import NOTE_LENGTH
from operations.minutes.actions.keeping import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from operations.minutes.actions.points import OBJECTIVE_LENGTH
from operations.minutes.choices import ActionState, Decision
from operations.minutes.models import ActionItem, Minutes
from operations.planning.forms.fields import ZONES, KeyedForm
from operations.sealing.forms import languages


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class HeadForm(forms.Form):
    """What stands before the items."""

    title = forms.CharField(max_length=TITLE_LENGTH, help_text="As all agencies will read it.")
    opening = forms.CharField(
        required=False, max_length=TEXT_LENGTH, widget=_area(3),
        help_text="Who chaired, who was excused, what was noted at the start. Functions, never names.",
    )  # fmt: skip


class BeginForm(HeadForm, KeyedMarkingForm):
    """A draft, with its marking: that of the meeting, unless changed."""

    language = forms.ChoiceField(help_text="Other languages are added on its page.")

    def __init__(
        self, *args: Any, by: Appointment, meeting: Record, agencies: Sequence[Agency], **options: Any
    ) -> None:
        marking = {name: value for name, value in marking_of(meeting).values().items() if name in MARKING}
        limits = marking.pop("rel_to")
        initial = {**marking, "limit_countries": limits is not None, "rel_to": limits or []}
        initial["title"] = f"Minutes: {meeting.title}"[:TITLE_LENGTH]
        super().__init__(*args, clearance=by.clearance, initial=initial, **options)
        own_first = sorted(agencies, key=lambda agency: agency.pk not in by.agencies)
        self.fields["language"].choices = languages(own_first)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        names = ("title", "opening", "language")
        return {**{name: self.cleaned_data[name] for name in names}, "marking": self.marking(), "key": self.sent_key}


class ChangeForm(HeadForm):
    """The marking is changed on its own page."""

    place = forms.CharField(required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "opening", "place")}


class ItemForm(KeyedForm):
    title = forms.CharField(max_length=TITLE_LENGTH)
    text = forms.CharField(label="What was said", required=False, max_length=TEXT_LENGTH, widget=_area(6))


class DecisionForm(KeyedForm):
    text = forms.CharField(label="What was decided", max_length=TEXT_LENGTH, widget=_area(4))


class ActionForm(KeyedForm):
    """What an agency undertook."""

    text = forms.CharField(label="What is to be done", max_length=TEXT_LENGTH, widget=_area(3))
    agency = forms.ModelChoiceField(
        Agency.objects.none(), empty_label="Choose an agency", help_text="It names its officer itself."
    )
    due_on = DayField(label="Last day")
    zone = forms.ChoiceField(label="By the clock of", choices=[(name, name.replace("_", " ")) for name in ZONES])
    clause = forms.ModelChoiceField(Clause.objects.none(), label="Article", required=False, empty_label="—")
    objective = forms.CharField(
        required=False, max_length=OBJECTIVE_LENGTH, help_text="Of the operation, where it serves no article."
    )

    def __init__(self, *args: Any, row: Minutes, clauses: Iterable[Clause], **options: Any) -> None:
        super().__init__(*args, **options)
        sides = row.sides.values("agency")
        known = [clause.pk for clause in clauses]
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=sides).select_related("country")  # type: ignore[attr-defined]
        rows = Clause.objects.filter(pk__in=known).select_related("agreement")
        self.fields["clause"].queryset = rows  # type: ignore[attr-defined]
        zone = self.fields["zone"]
        zone.initial = row.record.zone
        if row.record.zone not in ZONES:
            zone.choices = [(row.record.zone, row.record.zone), *zone.choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        names = ("text", "agency", "due_on", "zone", "clause", "objective")
        return {name: self.cleaned_data[name] for name in names}


def initial_of(item: ActionItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("text", "agency", "due_on", "zone", "clause", "objective")}


class WordsForm(forms.Form):
    """All texts of the minutes in another language, one field for each."""

    language = forms.ChoiceField()

    def __init__(
        self, *args: Any, row: Minutes, agencies: Iterable[Agency], originals: dict[str, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        codes = [pair for pair in languages(agencies) if pair[0] != row.language]
        self.fields["language"].choices = codes  # type: ignore[attr-defined]
        self.originals = originals
        for key, text in originals.items():
            lines = max(1, min(6, len(text) // 80 + 1))
            self.fields[f"t_{key}"] = forms.CharField(
                label=text[:120], required=False, max_length=TEXT_LENGTH, widget=_area(lines)
            )

    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"t_{key}"] for key in self.originals}


class AgreeForm(forms.Form):
    """Agree, or agree and annotate."""

    decision = forms.ChoiceField(
        label="Your agency",
        choices=[
            (Decision.AGREES.value, "Agrees to these minutes"),
            (Decision.ANNOTATES.value, "Agrees, with an annotation"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Agree, or agree and annotate."},
    )
    annotation = forms.CharField(
        label="Your annotation", required=False, max_length=ANNOTATION_LENGTH, widget=_area(5),
        help_text="Only where your agency adds something. It is your agency's own record, goes to the others, and "
        "stands beside the minutes.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class WithdrawForm(forms.Form):
    reason = forms.CharField(max_length=REASON_LENGTH, help_text="Your colleagues read it, and the ledger keeps it.")


class NoteForm(forms.Form):
    """How an action item stands."""

    note = forms.CharField(max_length=NOTE_LENGTH, widget=_area(3))
    done = forms.BooleanField(label="It is done", required=False)


class CloseForm(forms.Form):
    state = forms.ChoiceField(
        label="Close it as", choices=[(ActionState.DONE.value, "Done"), (ActionState.DROPPED.value, "Dropped")]
    )
    note = forms.CharField(max_length=NOTE_LENGTH, widget=_area(3), help_text="All who read the minutes read it.")


class ReopenForm(forms.Form):
    note = forms.CharField(label="Why", max_length=NOTE_LENGTH, widget=_area(2))


class OfficerForm(forms.Form):
    officer = forms.ModelChoiceField(Appointment.objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args: Any, officers: Iterable[Appointment], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Appointment.objects.filter(pk__in=[row.pk for row in officers]).select_related("officer", "agency")
        field = self.fields["officer"]
        field.queryset = rows.order_by("officer__full_name", "pk")  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]

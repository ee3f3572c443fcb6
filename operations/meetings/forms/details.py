"""Small forms on one meeting: send an officer, cancel, move one time, an agenda item, who was there, reminders, answers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.directory.models import Agency, Appointment
from agreements.register.models import Agreement
from agreements.sharing.models import Record
from agreements.sharing.policy import Access
from operations.meetings import leads, replying, timing
from operations.meetings.agenda import LONGEST_MINUTES, LONGEST_TEXT
from operations.meetings.choices import REMINDER_CHOICES, MeetingKind
from operations.meetings.models import AgendaItem, Meeting, MeetingTime
from operations.meetings.querysets import MeetingTimeQuerySet
from operations.planning.forms.fields import LocalInstantField, in_zone

VIEWS = [("agenda", "Agenda"), ("month", "Month")]


class MeetingFilter(forms.Form):
    """What the agenda is narrowed to, and how it is shown: all of it stands in the address."""

    kind = forms.ChoiceField(required=False, choices=[("", "All"), *MeetingKind.choices])
    operation = forms.ModelChoiceField(Record.objects.none(), required=False, empty_label="All")
    agreement = forms.ModelChoiceField(Agreement.objects.none(), required=False, empty_label="All")
    view = forms.ChoiceField(required=False, choices=VIEWS, widget=forms.HiddenInput)
    month = forms.RegexField(r"^\d{4}-\d{2}$", required=False, widget=forms.HiddenInput)
    when = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Appointment, access: Access, **options: Any) -> None:
        super().__init__(*args, **options)
        operations = Record.objects.visible_to(access).of_kind("operation").order_by("title", "pk")
        for name, rows in (("operation", operations), ("agreement", Agreement.objects.visible_to(by))):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def narrowed(self, rows: MeetingTimeQuerySet) -> MeetingTimeQuerySet:
        """Nothing, where a filter is not valid: what it would show, the reader did not ask for."""
        if not self.is_valid():
            return rows.none()
        fields = {"kind": "meeting__kind", "operation": "meeting__record__operation", "agreement": "meeting__agreement"}
        chosen = {path: self.cleaned_data[name] for name, path in fields.items() if self.cleaned_data[name]}
        return rows.filter(**chosen)


class SendForm(forms.Form):
    appointment = forms.ModelChoiceField(Appointment.objects.none(), label="Officer", empty_label="Choose an officer")

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["appointment"]
        field.queryset = officers  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="Those invited read it.")


class TimeForm(forms.Form):
    """Another time instead, on the wall clock of the meeting's zone."""

    starts_at = LocalInstantField(label="Starts")
    ends_at = LocalInstantField(label="Ends")

    def __init__(self, *args: Any, time: MeetingTime, **options: Any) -> None:
        initial = {name: timing.wall(getattr(time, name), time.meeting) for name in ("starts_at", "ends_at")}
        super().__init__(*args, **{"initial": initial, **options})
        self.zone = time.meeting.record.zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("starts_at", "ends_at"):
            if data.get(name):
                try:
                    data[name] = in_zone(data[name], self.zone)
                except ValidationError as error:
                    self.add_error(name, error)
        return data


class ItemForm(forms.Form):
    """One thing to talk about."""

    text = forms.CharField(label="What is talked about", max_length=LONGEST_TEXT)
    minutes = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST_MINUTES, help_text="How long it takes. Empty: not said."
    )
    presenter = forms.ModelChoiceField(
        Agency.objects.none(), label="Who speaks to it", required=False, empty_label="Nobody in particular"
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], item: AgendaItem | None = None, **options: Any) -> None:
        names = ("text", "minutes", "presenter")
        initial = {name: getattr(item, name) for name in names} if item else {}
        super().__init__(*args, **{"initial": initial, **options})
        keys = [row.pk for row in agencies]
        self.fields["presenter"].queryset = Agency.objects.filter(pk__in=keys)  # type: ignore[attr-defined]

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or 0


class AttendanceForm(forms.Form):
    there = forms.MultipleChoiceField(label="Who was there", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, agencies: Sequence[Agency], there: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **{"initial": {"there": [str(key) for key in there]}, **options})
        self.agencies = {str(row.pk): row for row in agencies}
        self.fields["there"].choices = [(key, str(row)) for key, row in self.agencies.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Agency]:
        return [self.agencies[key] for key in self.cleaned_data["there"]]


class LeadForm(forms.Form):
    """Own lead times instead of the meeting's."""

    own = forms.TypedChoiceField(
        label="Remind me",
        coerce=lambda value: value == "own",
        choices=[("meeting", "As the meeting says"), ("own", "As I choose here")],
        widget=forms.RadioSelect,
    )
    minutes = forms.TypedMultipleChoiceField(
        label="Before it starts", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, meeting: Meeting, own: Sequence[int] | None, **options: Any) -> None:
        chosen = meeting.reminders if own is None else own
        initial = {"own": "meeting" if own is None else "own", "minutes": chosen}
        super().__init__(*args, **{"initial": initial, **options})
        known = dict(REMINDER_CHOICES)
        extra = [(lead, leads.words(lead)) for lead in {*meeting.reminders, *chosen} if lead not in known]
        self.fields["minutes"].choices = [*REMINDER_CHOICES, *extra]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[int] | None:
        return self.cleaned_data["minutes"] if self.cleaned_data["own"] else None


class ReplyForm(forms.Form):
    """What a calendar program wrote as the answer."""

    file = forms.FileField(label="Calendar file", help_text="As your calendar program saves an answer (.ics).")

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > replying.LARGEST:
            raise ValidationError("This file is too large for an answer.")
        return self.cleaned_data["file"]


class FeedForm(forms.Form):
    name = forms.CharField(label="What reads it", max_length=60, help_text="Such as: my telephone.")

"""Forms to call and to change a meeting."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from agencies.directory.models import Appointment, Classification
from agreements.register.models import Agreement
from agreements.sharing.choices import Tlp
from agreements.sharing.models import Record
from operations.meetings import leads, recurring
from operations.meetings.actions import Invitee
from operations.meetings.choices import DEFAULT_REMINDERS, MOST_TIMES, REMINDER_CHOICES, MeetingKind
from operations.meetings.models import Meeting
from operations.planning.basis import Reach
from operations.planning.forms.fields import KeyedForm, ZonedForm

KEEP = "keep"
REPEATS = (
    ("", "Once"),
    ("DAILY", "Every day"),
    ("WEEKLY", "Every week"),
    ("MONTHLY", "Every month, on the same date"),
    ("MONTHLY BYDAY", "Every month, on the same weekday"),
)


class RepeatForm(ZonedForm):
    """How often it comes again: the small form of a rule (RFC 5545). The API takes any rule of days."""

    repeats = forms.ChoiceField(label="Repeats", required=False, choices=REPEATS)
    interval = forms.IntegerField(
        label="Each so many", required=False, min_value=1, max_value=99, help_text="2: every second day, week or month."
    )
    days = forms.MultipleChoiceField(
        label="On (weekly)",
        required=False,
        choices=list(zip(recurring.DAYS, recurring.NAMES, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        help_text="None: on the weekday of the first time.",
    )
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    count = forms.IntegerField(label="Or so many times", required=False, min_value=2, max_value=MOST_TIMES)

    def keep(self, meeting: Meeting) -> None:
        """Offer the rule that it has, whatever it is."""
        if meeting.rule:
            words = recurring.words(meeting.rule, meeting.zone)
            field = self.fields["repeats"]
            field.choices = [(KEEP, f"As now: {words}"), *REPEATS]  # type: ignore[attr-defined]
            field.initial = KEEP

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        repeats = data.get("repeats", "")
        if repeats and repeats != KEEP and not (data.get("until") or data.get("count")):
            self.add_error("until", "Say until when, or how many times.")
        if data.get("until") and data.get("count"):
            self.add_error("count", "Give the last day or the number of times, not both.")
        return data

    def rule(self, meeting: Meeting | None = None) -> str:
        """What the action takes."""
        data = self.cleaned_data
        if data["repeats"] == KEEP and meeting is not None:
            return meeting.rule
        if not data["repeats"]:
            return ""
        first = data["starts_at"].replace(tzinfo=None)
        freq, _, by_day = data["repeats"].partition(" ")
        return recurring.built(
            freq=freq,
            interval=data["interval"] or 1,
            days=data["days"],
            by_weekday=bool(by_day),
            first=first,
            until=data["until"],
            count=data["count"],
        )


class MeetingForm(RepeatForm):
    """When, where, what about."""

    title = forms.CharField(
        max_length=200, help_text="As those invited will read it. Mails and calendars never show it."
    )
    place = forms.CharField(max_length=200, required=False)
    link = forms.URLField(max_length=300, required=False, assume_scheme="https", help_text="Of a video conference.")
    agenda = forms.CharField(
        label="Notes on the agenda", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    reminders = forms.TypedMultipleChoiceField(
        label="Remind",
        coerce=int,
        required=False,
        choices=REMINDER_CHOICES,
        initial=list(DEFAULT_REMINDERS),
        widget=forms.CheckboxSelectMultiple,
    )
    quorum = forms.IntegerField(
        label="Quorum",
        required=False,
        min_value=1,
        max_value=50,
        help_text="So many agencies must be there. Empty: none.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = ("title", "starts_at", "ends_at", "zone", "place", "link", "agenda", "reminders")

    def __init__(self, *args: Any, by: Appointment, meeting: Meeting | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["zone"].initial = by.agency.time_zone
        if meeting is not None:
            self.fields["zone"].disabled = True
            self._keep_other(meeting.reminders)
            self.keep(meeting)

    def _keep_other(self, minutes: Sequence[int]) -> None:
        """Lead times set by the API stay choices."""
        known = dict(REMINDER_CHOICES)
        field = self.fields["reminders"]
        extra = [(lead, leads.words(lead)) for lead in minutes if lead not in known]
        field.choices = [*REMINDER_CHOICES, *extra]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("place") or data.get("link") or self.errors.get("link")):
            self.add_error("place", "Say where: a place, a link, or both.")
        return data

    def values(self) -> dict[str, Any]:
        names = ("title", "starts_at", "ends_at", "place", "link", "agenda", "quorum")
        return {name: self.cleaned_data[name] for name in names}


class CallForm(MeetingForm, KeyedForm):
    """Whom to invite: only agencies that an article reaches today."""

    kind = forms.ChoiceField(required=False, choices=MeetingKind.choices, initial=MeetingKind.COORDINATION.value)
    operation = forms.ModelChoiceField(Record.objects.none(), required=False, empty_label="—")
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(), required=False, empty_label="—", help_text="Instead of an operation."
    )
    invited = forms.MultipleChoiceField(label="Invite agencies", required=False, widget=forms.CheckboxSelectMultiple)
    officers = forms.ModelMultipleChoiceField(
        Appointment.objects.none(), label="Own officers", required=False, widget=forms.CheckboxSelectMultiple
    )
    classification = forms.TypedChoiceField(coerce=int, initial=Classification.RESTRICTED.value)
    tlp = forms.TypedChoiceField(
        label="TLP", coerce=int, initial=Tlp.AMBER.value, choices=[c for c in Tlp.choices if c[0] < Tlp.RED]
    )

    def __init__(
        self,
        *args: Any,
        by: Appointment,
        reach: Sequence[Reach],
        operations: Any,
        agreements: Any,
        officers: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, by=by, **options)
        self.reach = {str(item.agency.pk): item for item in reach}
        self._choose("invited", [(key, f"{r.agency}, under {r.sentence}") for key, r in self.reach.items()])
        levels = [(level.value, level.label) for level in Classification if level <= by.clearance]
        self._choose("classification", levels)
        for name, rows in (("operation", operations), ("agreement", agreements), ("officers", officers)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["officers"].label_from_instance = lambda row: f"{row.officer}, {row.function}"  # type: ignore[attr-defined]

    def _choose(self, name: str, choices: Iterable[Any]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def call_values(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("operation", "agreement", "officers", "classification", "tlp", "zone")
        chosen = [self.reach[key] for key in self.cleaned_data["invited"]]
        return {
            **self.values(),
            **{name: self.cleaned_data[name] for name in names},
            "kind": self.cleaned_data["kind"] or MeetingKind.COORDINATION.value,
            "rule": self.rule(),
            "remind_before": self.cleaned_data["reminders"],
            "invitees": [Invitee(item.agency, item.clause, item.purpose) for item in chosen],
            "key": self.sent_key,
        }


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """The meeting as the form shows it: times on its own clock."""
    return {
        **{name: getattr(meeting, name) for name in ("place", "link", "agenda", "reminders", "quorum", "version")},
        "title": meeting.record.title,
        "starts_at": meeting.starts_at.astimezone(meeting.zone).replace(tzinfo=None),
        "ends_at": meeting.ends_at.astimezone(meeting.zone).replace(tzinfo=None),
        "zone": meeting.record.zone,
    }

"""Forms of joint reports: write, change, words of a language, sign, withdraw."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime

from agencies.directory.models import Agency, Appointment
from agreements.register.choices import Category
from agreements.sharing.forms import KeyedMarkingForm
from operations.joint.actions.reports import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from operations.joint.actions.signing import STATEMENT_LENGTH, Device
from operations.joint.choices import Decision, Form
from operations.joint.models import JointReport
from operations.patrols.forms.fields import InstantField
from operations.sealing.forms import languages
from portal.positions.fields import PositionField
from portal.positions.writing import written

TEXT = "What both sides can sign: what was done, seen and decided. What only one side knows belongs into its own log."
PLAIN = ("title", "starts_at", "ends_at", "place", "position", "text", "open_points")


class TextForm(forms.Form):
    """The joint text with its period and place."""

    title = forms.CharField(max_length=TITLE_LENGTH, help_text="As all sides will read it. No names of persons.")
    starts_at = InstantField(label="From")
    ends_at = InstantField(label="To")
    place = forms.CharField(required=False, max_length=200)
    position = PositionField(label="Position")
    text = forms.CharField(
        label="Joint text", max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 8}), help_text=TEXT
    )
    open_points = forms.CharField(
        label="Open points", required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is left to do, for whoever goes on.",
    )  # fmt: skip


class WriteForm(TextForm, KeyedMarkingForm):
    """A draft, with its sides and its marking."""

    form = forms.ChoiceField(label="What is signed", choices=Form.choices, widget=forms.RadioSelect)
    sides = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label="Signed together with", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name the other side: two sign at least."},
    )  # fmt: skip
    language = forms.ChoiceField(help_text="Other languages are added on its page.")

    def __init__(self, *args: Any, by: Appointment, agencies: Sequence[Agency], **options: Any) -> None:
        super().__init__(*args, clearance=by.clearance, **options)
        others = [agency.pk for agency in agencies if agency.pk not in by.agencies]
        sides, language = self.fields["sides"], self.fields["language"]
        sides.queryset = Agency.objects.filter(pk__in=others).select_related("country")  # type: ignore[attr-defined]
        sides.initial = others
        own_first = sorted(agencies, key=lambda agency: agency.pk not in by.agencies)
        language.choices = languages(own_first)  # type: ignore[attr-defined]
        self.fields["categories"].initial = [Category.OPERATIONAL.value]
        self.fields["form"].initial = Form.JOINT

    def values(self) -> dict[str, Any]:
        """What the action takes, its host aside."""
        data = self.cleaned_data
        values = {name: data[name] for name in (*PLAIN, "form", "language")}
        return {**values, "sides": list(data["sides"]), "marking": self.marking(), "key": self.sent_key}


class ChangeForm(TextForm):
    """The marking is changed on its own page."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What was changed: a minute that was not touched keeps its seconds."""
        return {name: self.cleaned_data[name] for name in PLAIN if name in self.changed_data}


def initial_of(row: JointReport) -> dict[str, Any]:
    record = row.record
    return {
        **{name: getattr(row, name) for name in ("starts_at", "ends_at", "place", "text", "open_points")},
        "title": record.title,
        "position": written(record.latitude, record.longitude),
        "version": row.version,
    }


class WordsForm(forms.Form):
    """The same text in another language."""

    language = forms.ChoiceField()
    text = forms.CharField(
        label="Joint text", required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Leave it empty to take this language away.",
    )  # fmt: skip
    open_points = forms.CharField(
        label="Open points", required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, row: JointReport, agencies: Iterable[Agency], **options: Any) -> None:
        super().__init__(*args, **options)
        codes = [pair for pair in languages(agencies) if pair[0] != row.language]
        self.fields["language"].choices = codes  # type: ignore[attr-defined]


class SignForm(forms.Form):
    """Confirm, or record the own statement. What the device tells of itself is filled in by a script, if there is one."""

    decision = forms.ChoiceField(
        label="Your side",
        choices=[
            (Decision.CONFIRMS.value, "Confirms this text"),
            (Decision.DISAGREES.value, "Records its own statement"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Confirm it, or record your statement."},
    )
    statement = forms.CharField(
        label="Your side's statement", required=False, max_length=STATEMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Only where you disagree. It is your agency's own record, goes to the other sides, and stands beside "
        "the text.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    device = forms.CharField(widget=forms.HiddenInput(attrs={"data-device-key": ""}), required=False, max_length=40)
    device_at = forms.CharField(widget=forms.HiddenInput(attrs={"data-device-time": ""}), required=False, max_length=40)

    def device_of(self, user_agent: str) -> Device:
        """What the device told; what cannot be read was not told."""
        return Device(_key(self.cleaned_data["device"]), _instant(self.cleaned_data["device_at"]), user_agent)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and 2000 <= found.year < 2100 else None


class WithdrawForm(forms.Form):
    reason = forms.CharField(max_length=REASON_LENGTH, help_text="Your colleagues read it, and the ledger keeps it.")

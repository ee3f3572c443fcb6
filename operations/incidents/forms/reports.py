"""Forms of incident reports: write, change, who was involved, levels, words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.directory.models import Appointment
from agreements.register.choices import Category
from agreements.sharing.forms import KeyedMarkingForm
from agreements.sharing.models import Record
from operations.incidents import types
from operations.incidents.actions.chain import WORDS_LENGTH
from operations.incidents.actions.reports import ACCOUNT_LENGTH, REASON_LENGTH, TITLE_LENGTH
from operations.incidents.choices import Confidence, Goods, Impact, Subject, Thing
from operations.incidents.models import IncidentReport
from operations.planning.forms.fields import ZONES, LocalInstantField, in_zone
from portal.positions.fields import PositionField
from portal.positions.writing import written

CHOOSE: list[Any] = [("", "Choose …")]
PLAIN = (
    "title", "type", "impact", "confidence", "account", "reaction", "occurred_at", "known_at", "zone", "position",
)  # fmt: skip


class ZonedForm(forms.Form):
    """Instants on the wall clock of the zone that the form names."""

    instants: tuple[str, ...] = ("occurred_at",)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.instants:
            if data.get("zone") and data.get(name):
                try:
                    data[name] = in_zone(data[name], data["zone"])
                except ValidationError as error:
                    self.add_error(name, error)
        return data


def zone_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="Time zone", choices=[(name, name.replace("_", " ")) for name in ZONES])


class ReportForm(ZonedForm):
    """What happened, how grave it is, how sure one is, what was done."""

    instants = ("occurred_at", "known_at")

    title = forms.CharField(
        max_length=TITLE_LENGTH, help_text="As partners will read it. No names of persons. Mails never show it."
    )
    type = forms.ChoiceField(choices=[*CHOOSE, *types.GROUPS])
    impact = forms.TypedChoiceField(
        coerce=int,
        choices=[*CHOOSE, *Impact.choices],
        help_text="High and very high: the first report is due 24 hours after your agency knew.",
    )
    confidence = forms.TypedChoiceField(coerce=int, choices=[*CHOOSE, *Confidence.choices])
    account = forms.CharField(
        label="What happened", max_length=ACCOUNT_LENGTH, widget=forms.Textarea(attrs={"rows": 7})
    )
    reaction = forms.CharField(
        label="What was done, or will be", required=False, max_length=ACCOUNT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    occurred_at = LocalInstantField(label="When it happened")
    known_at = LocalInstantField(label="When your agency knew")
    zone = zone_field()
    position = PositionField(label="Where")


class WriteForm(ReportForm, KeyedMarkingForm):
    """A new report with its marking."""

    operation = forms.ModelChoiceField(
        Record.objects.none(),
        required=False,
        empty_label="None",
        help_text="Of those that you see: its chain validates.",
    )

    def __init__(self, *args: Any, by: Appointment, operations: Any, follows: bool = False, **options: Any) -> None:
        super().__init__(*args, clearance=by.clearance, **options)
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
        if follows:
            del self.fields["operation"]
        self.fields["zone"].initial = by.agency.time_zone
        self.fields["categories"].initial = [Category.OPERATIONAL.value]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        values = {name: data[name] for name in PLAIN} | {"operation": data.get("operation")}
        return {**values, "marking": self.marking(), "key": self.sent_key}


class ChangeForm(ReportForm):
    """The marking is changed on its own page, where what it closes is listed (R21)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What was changed. Times and zone go together; a minute that was not touched keeps its seconds."""
        touched = set(self.changed_data)
        if touched & {"occurred_at", "known_at", "zone"}:
            touched |= {"occurred_at", "known_at", "zone"}
        return {name: self.cleaned_data[name] for name in PLAIN if name in touched}


def initial_of(row: IncidentReport, zone: Any) -> dict[str, Any]:
    """The report as the form shows it: its times on its own clock."""
    record = row.record

    def local(at: Any) -> Any:
        return at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)

    return {
        **{name: getattr(row, name) for name in ("type", "impact", "confidence", "account", "reaction")},
        "title": record.title,
        "occurred_at": local(record.occurred_at),
        "known_at": local(row.known_at),
        "zone": record.zone,
        "position": written(record.latitude, record.longitude),
        "version": row.version,
    }


class InvolveForm(forms.Form):
    """One person, vehicle, vessel or goods."""

    thing = forms.ChoiceField(label="What", choices=[*CHOOSE, *Thing.choices])
    subject = forms.ChoiceField(
        label="A person as", required=False, choices=[("", "Not a person"), *Subject.choices],
        help_text="The categories of Directive (EU) 2016/680, Article 6.",
    )  # fmt: skip
    goods = forms.ChoiceField(label="Goods of what kind", required=False, choices=[("", "Not goods"), *Goods.choices])
    name = forms.CharField(label="Name or description", max_length=200, help_text="“Unknown man, about 30” will do.")
    number = forms.CharField(label="Document, plate, IMO or serial number", required=False, max_length=60)
    amount = forms.CharField(label="How many or how much", required=False, max_length=60)
    known_as = forms.ChoiceField(
        label="This is",
        initial="fact",
        choices=[("fact", "A fact"), ("assessment", "Somebody's assessment")],
    )

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        is_fact = data.pop("known_as") == "fact"
        return {**data, "is_fact": is_fact}


class LevelsForm(forms.Form):
    impact = forms.TypedChoiceField(coerce=int, choices=Impact.choices)
    confidence = forms.TypedChoiceField(coerce=int, choices=Confidence.choices)
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DecideForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("accept", "Accept"), ("decline", "Decline")], widget=forms.RadioSelect)
    answer = forms.CharField(required=False, max_length=500, help_text="Needed when you decline.")

    def values(self) -> dict[str, Any]:
        return {"accept": self.cleaned_data["verdict"] == "accept", "answer": self.cleaned_data["answer"]}


class ValidateForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("validate", "Validate"), ("return", "Return")], widget=forms.RadioSelect)
    words = forms.CharField(
        required=False, max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when you return it: what is missing or wrong.",
    )  # fmt: skip


class WithdrawForm(forms.Form):
    reason = forms.CharField(max_length=REASON_LENGTH, help_text="Your colleagues read it, and the ledger keeps it.")

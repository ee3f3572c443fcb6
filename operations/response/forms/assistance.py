"""Forms of calls for assistance, of answers to them, and of desks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.forms import KeyedMarkingForm
from operations.incidents.forms.reports import CHOOSE
from operations.response.actions import desks
from operations.response.actions.assistance import MEANS_LENGTH, NEEDED_LENGTH, PLACE_LENGTH, WORDS_LENGTH
from operations.response.choices import Ending, Situation
from operations.response.reach import Candidate
from portal.positions.fields import PositionField

PLAIN = ("situation", "needed", "position", "place", "call_back", "danger")


class AssistanceForm(KeyedMarkingForm):
    """What goes to the desks, and to which. The choices are those that `reach` finds for what is written."""

    situation = forms.ChoiceField(label="What it is", choices=[*CHOOSE, *Situation.choices])
    needed = forms.CharField(
        label="Who or what should come", max_length=NEEDED_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The desks read this. No names of persons.",
    )  # fmt: skip
    position = PositionField(
        label="Where",
        required=True,
        error_messages={"required": "Say where: nobody comes to a place that is not told."},
    )
    place = forms.CharField(label="Place in words", required=False, max_length=PLACE_LENGTH)
    call_back = forms.CharField(
        label="Call-back number", max_length=40, validators=[PHONE], help_text="Where they reach you now."
    )
    agencies = forms.ModelMultipleChoiceField(Agency.objects.none(), required=False, label="Ask")
    without_article = forms.ModelMultipleChoiceField(
        Agency.objects.none(), required=False, label="Call without an article"
    )
    danger = forms.CharField(
        label="Life is in danger: why it cannot wait for an article", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only for agencies that no article lets be asked. Not sent: your own agency reads it, and reviews it.",
    )  # fmt: skip

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        super().__init__(*args, clearance=by.clearance, **options)
        self.fields["categories"].initial = [Category.OPERATIONAL.value]
        self.fields["call_back"].initial = by.agency.desk_phone

    def offer(self, found: Sequence[Candidate]) -> None:
        """Let these be chosen; at first those that can be asked and are near."""
        askable = [item.agency.pk for item in found if item.can_be_asked]
        others = [item.agency.pk for item in found if not item.can_be_asked]
        self.fields["agencies"].queryset = Agency.objects.filter(pk__in=askable)  # type: ignore[attr-defined]
        self.fields["without_article"].queryset = Agency.objects.filter(pk__in=others)  # type: ignore[attr-defined]
        self.fields["agencies"].initial = [
            item.agency.pk for item in found if item.can_be_asked and item.is_near
        ]  # fmt: skip

    @property
    def chosen(self) -> set[str]:
        names = ("agencies", "without_article")
        return {str(key) for name in names for key in self[name].value() or ()}

    def marking_so_far(self) -> Marking:
        """As it stands in what was sent, also where other fields are wrong."""
        held = getattr(self, "cleaned_data", {})
        names = {"categories", "classification", "tlp", "display_only", "handling_codes", "handling_note"}
        if not self.is_bound or not {"categories", "classification", "tlp"} <= held.keys():
            return Marking(**{name: self.get_initial_for_field(self.fields[name], name) for name in ("categories", "classification", "tlp")})  # fmt: skip
        limited = [row.pk for row in held.get("rel_to") or ()] if held.get("limit_countries") else None
        return Marking(**{name: held[name] for name in names if name in held}, rel_to=limited)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **{name: data[name] for name in PLAIN},
            "agencies": list(data["agencies"]),
            "without_article": list(data["without_article"]),
            "marking": self.marking(),
            "key": self.sent_key,
        }


class MoreForm(forms.Form):
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label="Ask besides", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, found: Sequence[Candidate], **options: Any) -> None:
        super().__init__(*args, **options)
        keys = [item.agency.pk for item in found if item.can_be_asked]
        self.fields["agencies"].queryset = Agency.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """Come, with what and when; or not, and why."""

    verdict = forms.ChoiceField(
        label="Your answer", choices=[("come", "We come"), ("cannot", "We cannot")], widget=forms.RadioSelect
    )
    means = forms.CharField(
        label="With what", required=False, max_length=MEANS_LENGTH, help_text="Such as: two officers, one boat."
    )
    minutes = forms.IntegerField(
        label="There in how many minutes", required=False, min_value=0, max_value=24 * 60,
        error_messages={"max_value": "At most one day."},
    )  # fmt: skip
    reason = forms.CharField(label="Why not", required=False, max_length=WORDS_LENGTH)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "come" and data.get("minutes") is None and "minutes" not in self.errors:
            self.add_error("minutes", "Say in how many minutes you are there.")
        return data

    @property
    def comes(self) -> bool:
        return bool(self.cleaned_data["verdict"] == "come")

    def promise(self) -> dict[str, Any]:
        wait = timedelta(minutes=self.cleaned_data["minutes"] or 0)
        return {"means": self.cleaned_data["means"], "expected_at": timezone.now() + wait}


class EndingForm(forms.Form):
    ending = forms.ChoiceField(label="How it ended", choices=[*CHOOSE, *Ending.choices])
    words = forms.CharField(label="In words", required=False, max_length=WORDS_LENGTH)


class DeskForm(forms.Form):
    name = forms.CharField(max_length=desks.NAME_LENGTH, help_text="Such as: Water police, Konstanz.")
    telephone = forms.CharField(max_length=40, required=False, validators=[PHONE])
    position = PositionField(label="Where it is", required=True, error_messages={"required": "Say where it is."})
    reach_km = forms.IntegerField(
        label="How far they come, in km", min_value=1, max_value=desks.FARTHEST_KM, help_text="As the crow flies."
    )

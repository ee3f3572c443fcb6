"""Forms of calls of danger to life."""

from typing import Any

from django import forms

from agencies.directory.limits import PHONE
from agencies.directory.models import Agency, Appointment, new_key
from agreements.distress.choices import Nature
from agreements.distress.querysets import DistressCallQuerySet
from agreements.sharing.policy import Access
from portal.positions.fields import PositionField


class DesksField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Agency) -> str:
        return f"{obj}: {obj.name}"


class CallForm(forms.Form):
    """What is sent, and the reason, which is not."""

    nature = forms.ChoiceField(label="What is the danger", choices=[("", "Choose"), *Nature.choices])
    position = PositionField(label="Position", required=True)
    place = forms.CharField(
        label="Place in words", max_length=120, required=False, help_text="If it helps. Name no person."
    )
    call_back = forms.CharField(
        label="Call-back number", max_length=40, validators=[PHONE], help_text="Where they reach you now."
    )
    agencies = DesksField(
        label="To the duty desks of",
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Agencies of other countries. Choose those that can help now.",
    )
    reason = forms.CharField(
        label="Why it cannot wait for an article",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Not sent: your own agency reads it, and reviews the call by it.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        options["initial"] = {"key": new_key(), "call_back": by.agency.desk_phone, **(options.get("initial") or {})}
        super().__init__(*args, **options)
        field = self.fields["agencies"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        abroad = Agency.objects.active().exclude(country=by.agency.country_id)
        field.queryset = abroad.select_related("country").order_by("country__name", "name", "pk")

    @property
    def nature_words(self) -> str:
        return str(Nature(self.cleaned_data["nature"]).label)

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        return dict(self.cleaned_data)


class ReviewForm(forms.Form):
    justified = forms.TypedChoiceField(
        label="Was it right to send it without an article?",
        choices=[("yes", "Justified"), ("no", "Not justified")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CallFilter(forms.Form):
    """Filters of the list; they stand in the address."""

    show = forms.ChoiceField(
        required=False,
        choices=[
            ("", "All"),
            ("live", "Open now"),
            ("unanswered", "Nobody of ours acts yet"),
            ("review", "To review"),
        ],
    )

    def apply(self, rows: DistressCallQuerySet, access: Access) -> DistressCallQuerySet:
        """A filter that is not valid lets nothing through, rather than everything."""
        by = access.appointment
        if not self.is_valid() or by is None:
            return rows.none()
        match self.cleaned_data["show"]:
            case "live":
                return rows.live(access.at)
            case "unanswered":
                return rows.live(access.at).unanswered_by(by)
            case "review":
                return rows.to_review(by, access.at)
        return rows

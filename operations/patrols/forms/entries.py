"""Log what happened; attach the track of a device."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from operations.patrols import photos, tracks
from operations.patrols.choices import ObservationType
from operations.patrols.forms.fields import InstantField, MarkedForm, PhotosField
from operations.patrols.models import Leg
from operations.patrols.refusing import MAX_POINTS
from operations.types.definitions import Type
from operations.types.filling import Filling
from operations.types.forms.filled import ValuesForm
from operations.types.models import Catalogue
from operations.types.presenting import languages_of
from portal.positions.fields import PositionField
from portal.ui.errors import Refused

NO_LEG = ""
ACCEPTED = ".gpx,.geojson,.json,application/gpx+xml,application/geo+json,application/json,application/xml,text/xml"


OWN = "own-"


class ObservationForm(MarkedForm):
    """An entry. The types of the operation come first, each with its fields; then the words of every operation."""

    type = forms.ChoiceField(
        label="What", choices=ObservationType.choices, initial=ObservationType.SIGHTING, widget=forms.RadioSelect
    )
    text = forms.CharField(label="Text", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PhotosField(
        label="Photographs",
        help_text=f"Up to {photos.MOST}, {settings.UPLOAD_LIMIT_PHOTO // 1024 // 1024} MB each. "
        "Position and device data are removed.",
    )
    occurred_at = InstantField(label="When")
    position = PositionField(label="Where")
    accuracy_m = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)
    leg = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, legs: Iterable[Leg], catalogue: Catalogue | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.catalogue = catalogue
        self.own = self._own_types(catalogue.read if catalogue else ())
        self.legs = {str(leg.pk): leg for leg in legs}
        running = next((key for key, leg in self.legs.items() if leg.ended_at is None), NO_LEG)
        field = self.fields["leg"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(NO_LEG, "No leg"), *((key, str(leg)) for key, leg in self.legs.items())]
        field.initial = running
        self.fields["occurred_at"].initial = timezone.now
        if not self.legs:
            del self.fields["leg"]

    def _own_types(self, types: Iterable[Type]) -> dict[str, ValuesForm]:
        languages = languages_of(self.by)
        found = {f"{OWN}{made.key}": ValuesForm(made, self.data or None, languages=languages) for made in types}
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)
        named = [(value, each.label_shown) for value, each in found.items()]
        field.choices = [*named, *ObservationType.choices]
        if found:
            field.initial = next(iter(found))
        return found

    @property
    def chosen(self) -> ValuesForm | None:
        """The form of the type that is chosen, where that is one of the operation's own."""
        return self.own.get(str(self["type"].value()))

    @property
    def beside(self) -> list[ValuesForm]:
        """The form of the chosen type, where that has faults, for the summary of errors."""
        found = self.chosen
        return [found] if found is not None and found.is_bound and found.errors else []

    def clean(self) -> dict[str, Any]:
        """With the values of the chosen type: its faults stand at their fields."""
        data, own = super().clean() or {}, self.own.get(str(self.cleaned_data.get("type")))
        if own is not None and not own.is_valid():
            self.add_error(None, "Put right what is marked below.")
        values = own.values() if own is not None and own.is_valid() else {}
        if not data.get("text", "").strip() and not values and not (own and own.errors):
            self.add_error("text", "This field is required: write what was seen.")
        return data

    def _filling(self) -> Filling | None:
        own = self.own.get(self.cleaned_data["type"])
        if own is None or self.catalogue is None:
            return None
        return Filling(own.made.key, own.values(), self.catalogue.pk)

    def values(self) -> dict[str, Any]:
        data, filling = self.cleaned_data, self._filling()
        return {
            **{name: data[name] for name in ("text", "occurred_at", "position", "accuracy_m")},
            "type": "" if filling else data["type"],
            "filling": filling,
            "pictures": data["photos"],
            "leg": self.legs.get(data.get("leg", NO_LEG)),
            "key": self.sent_key,
            "marking": self.marking(),
            "shown": self.cleaned_data["shown"],
        }


class TrackForm(forms.Form):
    """A GPX or GeoJSON file for one of the own legs."""

    leg = forms.ChoiceField()
    track = forms.FileField(
        label="GPX or GeoJSON file",
        help_text=f"GPX 1.1 or GeoJSON, up to {settings.UPLOAD_LIMIT_TRACK // 1024 // 1024} MB and "
        f"{MAX_POINTS:,} points. Length is measured on every point.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, legs: Iterable[Leg], **options: Any) -> None:
        super().__init__(*args, **options)
        self.legs = {str(leg.pk): leg for leg in legs}
        field = self.fields["leg"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, f"{leg} – replaces its track of {leg.track}" if hasattr(leg, "track") else str(leg))
            for key, leg in self.legs.items()
        ]

    def clean_track(self) -> tracks.Reading:
        try:
            return tracks.read_file(self.cleaned_data["track"])
        except Refused as refused:
            raise ValidationError(refused.message) from None

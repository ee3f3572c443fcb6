"""Fields that several forms share: an instant, photographs, a marking, a form's key."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator

from agencies.directory.models import Appointment, Classification, new_key
from agreements.register.choices import Category
from agreements.sharing.actions.records import Marking
from agreements.sharing.choices import Tlp
from operations.patrols import photos
from operations.patrols.photos import Picture
from portal.ui.errors import Refused

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class InstantField(forms.DateTimeField):
    """Date and time to the minute, in the officer's zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        limits = [
            MinValueValidator(EARLIEST, "The year must be 2000 or later."),
            MaxValueValidator(LATEST, "The year must be before 2100."),
        ]
        super().__init__(**{"widget": widget, "input_formats": formats, "validators": limits, **options})


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photographs, each drawn anew already: a list of pictures."""

    def __init__(self, **options: Any) -> None:
        attrs = {"accept": "image/jpeg,image/png,image/webp", "multiple": True}
        super().__init__(**{"required": False, "widget": ManyFiles(attrs=attrs), **options})

    def clean(self, data: Any, initial: Any = None) -> list[Picture]:
        files: Sequence[UploadedFile] = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > photos.MOST:
            raise ValidationError(f"An entry takes {photos.MOST} photographs at most.")
        return [redrawn(file) for file in files]


def redrawn(file: UploadedFile) -> Picture:
    """The picture in an uploaded file; what is too large is refused unread."""
    try:
        photos.check_size(file.size or 0)
        return photos.redraw(file.read())
    except Refused as refused:
        raise ValidationError(refused.message) from None


class KeyedForm(forms.Form):
    """A form that makes a record: its hidden key becomes the record's, so that sending it twice makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = new_key

    @property
    def sent_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or new_key()


class MarkedForm(KeyedForm):
    """A form whose record carries a marking: categories, classification, TLP."""

    categories = forms.MultipleChoiceField(
        label="What is in it",
        choices=Category.choices,
        initial=[Category.OPERATIONAL],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say what is in it: no clause covers an entry without a category."},
    )
    classification = forms.TypedChoiceField(coerce=int, initial=Classification.RESTRICTED.value)
    tlp = forms.TypedChoiceField(label="TLP", coerce=int, initial=Tlp.AMBER.value, choices=Tlp.choices)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Appointment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        levels = [(level.value, level.label) for level in Classification if level <= by.clearance]
        field = self.fields["classification"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = levels
        field.initial = min(Classification.RESTRICTED, by.clearance)

    def clean_shown(self) -> bool | frozenset[uuid.UUID]:
        """The agencies that the audience line named before saving (R6); True where a client sends no line."""
        if "shown" not in self.data:
            return True
        try:
            return frozenset(uuid.UUID(key) for key in self.cleaned_data["shown"].split(",") if key)
        except ValueError:
            return False

    def marking(self) -> Marking:
        data = self.cleaned_data
        return Marking(categories=data["categories"], classification=data["classification"], tlp=data["tlp"])

"""Fields that forms of operations and meetings share: a local instant with its zone, and a form's key."""

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dateparse import parse_datetime

from agencies.directory.models import new_key

EARLIEST = datetime(2000, 1, 1)
LATEST = datetime(2100, 1, 1)
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))


class LocalInstantField(forms.Field):
    """Date and time on the wall clock of a zone that the form names beside it: a naive datetime."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        limits = [
            MinValueValidator(EARLIEST, "The year must be 2000 or later."),
            MaxValueValidator(LATEST, "The year must be before 2100."),
        ]
        super().__init__(**{"widget": widget, "validators": limits, **options})

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            found = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
        except ValueError:
            found = None
        if found is None:
            raise ValidationError("Give a date and a time, such as 2026-11-24 09:30.", code="invalid")
        return found.replace(tzinfo=None, second=0, microsecond=0)


def in_zone(local: datetime, zone: str) -> datetime:
    """The instant of a wall-clock time. Raises ValidationError for one that the change to summer time skips.

    Of an hour that comes twice, the first is meant.
    """
    aware = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    back = aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if back != local:
        raise ValidationError(f"{local:%H:%M} does not exist on that day in {zone}: the clocks go forward.")
    return aware


class ZonedForm(forms.Form):
    """A form with `starts_at`, `ends_at` and the `zone` in which both are meant: cleaned, they are instants."""

    starts_at = LocalInstantField(label="Starts")
    ends_at = LocalInstantField(label="Ends")
    zone = forms.ChoiceField(label="Time zone", choices=[(name, name.replace("_", " ")) for name in ZONES])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        zone = data.get("zone")
        for name in ("starts_at", "ends_at"):
            if zone and data.get(name):
                try:
                    data[name] = in_zone(data[name], zone)
                except ValidationError as error:
                    self.add_error(name, error)
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if zone and starts and ends and ends <= starts:
            self.add_error("ends_at", "The end is not after the start.")
        return data


class KeyedForm(forms.Form):
    """A form that makes a record: its hidden key becomes the record's, so that sending it twice makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = new_key

    @property
    def sent_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or new_key()

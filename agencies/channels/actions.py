"""What happens to communication channels. None is ever edited: a change is the end of one and a new one."""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.channels.choices import Encryption, Means
from agencies.channels.models import CommunicationChannel
from agencies.directory.actions import may_manage
from agencies.directory.models import Agency, Appointment
from portal.audit import recording
from portal.ui.errors import Refused


def _need(agency: Agency, by: Appointment) -> None:
    if not may_manage(agency, by):
        raise Refused("Only an admin of the agency keeps its communication channels.", code="forbidden")


@transaction.atomic
def add_channel(
    *,
    agency: Agency,
    by: Appointment,
    means: str,
    starts_on: date,
    system: str = "",
    band: str = "",
    talk_group: str = "",
    address: str = "",
    encryption: str = Encryption.NONE,
    opens_at: time | None = None,
    closes_at: time | None = None,
    weekdays: list[int] | None = None,
    languages: list[str] | None = None,
    note: str = "",
    ends_on: date | None = None,
) -> CommunicationChannel:
    """Put a channel on record. Refused at the field where it could never be used, or its dates and hours do not fit."""
    _need(agency, by)
    _check(means, system=system, band=band, talk_group=talk_group, address=address)
    if (opens_at is None) != (closes_at is None):
        raise Refused("Give both hours, or neither for day and night.", field="closes_at" if opens_at else "opens_at")
    today = timezone.now().astimezone(agency.zone).date()
    if starts_on < today:
        raise Refused("A channel begins today or later: the past stays as it was.", field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day is before the first.", field="ends_on")
    row = CommunicationChannel.objects.create(
        agency=agency,
        means=Means(means),
        system=system,
        band=band,
        talk_group=talk_group,
        address=address,
        encryption=Encryption(encryption),
        opens_at=opens_at,
        closes_at=closes_at,
        weekdays=sorted(set(weekdays or [])),
        languages=sorted({name.strip().lower() for name in languages or [] if name.strip()}),
        note=note,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=by,
    )
    _told("channel.add", row, by, agency=agency.pk, means=row.means)
    return row


def _check(means: str, **given: str) -> None:
    """What the means cannot do without."""
    if means == Means.RADIO:
        for name, words in (("band", "the band"), ("talk_group", "the talk group")):
            if not given[name]:
                raise Refused(f"A radio is reached by its band and talk group: name {words}.", field=name)
    elif not given["address"]:
        raise Refused("Without a number, mailbox or identifier nobody can reach it.", field="address")
    if means not in (Means.RADIO, Means.TELEPHONE) and not given["system"]:
        raise Refused("Name the system or network: both sides must be on the same.", field="system")


@transaction.atomic
def end_channel(*, channel: CommunicationChannel, by: Appointment) -> CommunicationChannel:
    """End it at once. Ending what is over already changes nothing."""
    _need(channel.agency, by)
    row = CommunicationChannel.objects.select_for_update().get(pk=channel.pk)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        _told("channel.end", row, by)
    return row


@transaction.atomic
def replace_channel(*, channel: CommunicationChannel, by: Appointment, **values: Any) -> CommunicationChannel:
    """End it and put another in its place. `values` is what `add_channel` takes. Refused for one that is over."""
    _need(channel.agency, by)
    row = CommunicationChannel.objects.select_for_update().get(pk=channel.pk)
    if row.ended_at is not None:
        raise Refused("This channel has been ended already. Add a new one.")
    end_channel(channel=row, by=by)
    return add_channel(agency=channel.agency, by=by, **values)


def _told(verb: str, row: CommunicationChannel, by: Appointment, **data: Any) -> None:
    recording.record(verb=verb, by=by, subject_kind="communication_channel", subject_id=str(row.pk), data=data)

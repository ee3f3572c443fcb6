"""What the API takes. `id` is made by the sender: sending the same one again makes nothing new."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Agency, Classification, valid_time_zone
from agreements.register.choices import Purpose
from agreements.sharing.choices import Tlp
from operations.meetings.agenda import LONGEST_MINUTES, LONGEST_TEXT
from operations.meetings.choices import (
    DEFAULT_REMINDERS,
    EARLIEST_REMINDER,
    MOST_REMINDERS,
    Answer,
    MeetingKind,
    SeatRole,
)
from operations.meetings.recurring import LONGEST_RULE
from operations.meetings.replying import LARGEST
from operations.planning.api.inputs import widest_but_red
from portal.api.fields import InstantField

MOST = 50


class InviteeInput(serializers.Serializer[Any]):
    """Without `clause` and `purpose`: the first article that reaches the agency today for coordination."""

    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active())
    clause = serializers.UUIDField(required=False)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    role = serializers.ChoiceField(choices=SeatRole.choices, required=False, help_text="What it is there for.")


class MeetingChangeInput(serializers.Serializer[Any]):
    """When, where, what about. A PATCH changes what it names."""

    title = serializers.CharField(max_length=200, help_text="Mails and calendars never show it.")
    starts_at = InstantField()
    ends_at = InstantField()
    rule = serializers.CharField(
        max_length=LONGEST_RULE,
        required=False,
        allow_blank=True,
        help_text="How it recurs (RFC 5545, RRULE), with COUNT or UNTIL: 200 times and five years at most. Empty: once.",
    )
    quorum = serializers.IntegerField(
        min_value=1, max_value=MOST, required=False, allow_null=True, help_text="So many agencies must be there."
    )
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    link = serializers.URLField(max_length=300, required=False, allow_blank=True)
    agenda = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    reminders = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=EARLIEST_REMINDER),
        default=lambda: list(DEFAULT_REMINDERS),
        max_length=MOST_REMINDERS,
        help_text="Minutes before the start.",
    )


class MeetingInput(MeetingChangeInput):
    """A new meeting: about an operation, an agreement, or neither."""

    id = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=MeetingKind.choices, default=MeetingKind.COORDINATION.value)
    zone = serializers.CharField(max_length=64, required=False, validators=[valid_time_zone])
    operation = serializers.UUIDField(required=False, allow_null=True)
    agreement = serializers.UUIDField(required=False, allow_null=True)
    invitees = InviteeInput(many=True, required=False, max_length=MOST)  # type: ignore[call-arg]
    officers = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST, help_text="Appointments of own officers."
    )
    classification = serializers.ChoiceField(choices=Classification.choices, default=Classification.RESTRICTED.value)
    tlp = serializers.ChoiceField(choices=Tlp.choices, default=Tlp.AMBER.value, validators=[widest_but_red])


class SendInput(serializers.Serializer[Any]):
    appointment = serializers.UUIDField(help_text="Of an own officer.")


class RsvpInput(serializers.Serializer[Any]):
    answer = serializers.ChoiceField(choices=Answer.choices)
    time = serializers.UUIDField(required=False, allow_null=True, help_text="Of this one of its times alone.")


class ReplyInput(serializers.Serializer[Any]):
    calendar = serializers.CharField(
        max_length=LARGEST,
        trim_whitespace=False,
        help_text="An answer of a calendar program (iCalendar, METHOD:REPLY).",
    )


class TimeInput(serializers.Serializer[Any]):
    starts_at = InstantField()
    ends_at = InstantField()


class AttendanceInput(serializers.Serializer[Any]):
    agencies = serializers.ListField(
        child=serializers.UUIDField(), max_length=MOST, help_text="All that were there, of those that take part."
    )


class SeatInput(serializers.Serializer[Any]):
    agency = serializers.UUIDField()
    role = serializers.ChoiceField(choices=SeatRole.choices, allow_blank=True, help_text="Empty: no role.")


class LeadsInput(serializers.Serializer[Any]):
    minutes = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=EARLIEST_REMINDER),
        max_length=MOST_REMINDERS,
        allow_null=True,
        help_text="Minutes before the start. Empty: never; null: as the meeting says.",
    )


class ItemInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_MINUTES, required=False, default=0)
    presenter = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="An agency.")


class MoveInput(serializers.Serializer[Any]):
    earlier = serializers.BooleanField()


class PaperInput(serializers.Serializer[Any]):
    record = serializers.UUIDField(help_text="A record that the officer sees.")


class FeedInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60, help_text="What reads it.")

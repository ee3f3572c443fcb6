"""What the API takes. `id` is made by the sender: sending the same one again makes nothing new."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Agency, Classification, valid_time_zone
from agreements.register.choices import Purpose
from agreements.sharing.choices import Tlp
from operations.meetings.choices import DEFAULT_REMINDERS, EARLIEST_REMINDER, MOST_REMINDERS, Answer
from operations.planning.api.inputs import widest_but_red
from portal.api.fields import InstantField

MOST = 50


class InviteeInput(serializers.Serializer[Any]):
    """Without `clause` and `purpose`: the first article that reaches the agency today for coordination."""

    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.active())
    clause = serializers.UUIDField(required=False)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)


class MeetingChangeInput(serializers.Serializer[Any]):
    """When, where, what about. A PATCH changes what it names."""

    title = serializers.CharField(max_length=200, help_text="Mails and calendars never show it.")
    starts_at = InstantField()
    ends_at = InstantField()
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

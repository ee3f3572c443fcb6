"""What the API takes of minutes, action items and rhythms."""

from typing import Any

from rest_framework import serializers

from agencies.directory.models import Agency, valid_time_zone
from agreements.register.api.inputs import DayField
from agreements.sharing.actions.records import marking_of
from agreements.sharing.api.parts import MarkingSerializer
from agreements.sharing.models import Record
from operations.minutes.actions.agreeing import ANNOTATION_LENGTH
from operations.minutes.actions.doing import NOTE_LENGTH
from operations.minutes.actions.keeping import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from operations.minutes.actions.points import OBJECTIVE_LENGTH
from operations.minutes.choices import ActionState, Decision, Subject, Unit
from operations.minutes.models.rhythm import MOST_EVERY


class MinutesChange(serializers.Serializer[Any]):
    """What may be changed before all have agreed. Everything left out stays as it is."""

    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    opening = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)


class MinutesInput(MarkingSerializer):
    """A draft of a meeting's minutes. `id` is made by the sender: sending it again makes nothing new."""

    id = serializers.UUIDField(required=False)
    meeting = serializers.PrimaryKeyRelatedField(queryset=Record.objects.none())
    time = serializers.UUIDField(required=False, help_text="Which of its times. Without: the latest that has begun.")
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    opening = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    language = serializers.CharField(max_length=8, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # Each agency keeps a copy for good.
        del fields["display_only"]
        sight = self.context.get("sight")
        if sight is not None:
            rows = (
                Record.objects.visible_to(sight.access).of_kind("meeting").select_related("owner__country", "operation")
            )
            fields["meeting"].queryset = rows  # type: ignore[attr-defined]
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        marking = MarkingSerializer.marking(attrs, marking_of(attrs["meeting"]))
        values = {name: value for name, value in attrs.items() if name not in marking.values()}
        if "id" in values:
            values["key"] = values.pop("id")
        return {**values, "marking": marking}


class MinutesWordsInput(serializers.Serializer[Any]):
    """`texts` by the key of a point or action item; a title of an item as `<key>.title`; `title`, `opening`."""

    language = serializers.CharField(max_length=8)
    texts = serializers.DictField(child=serializers.CharField(max_length=TEXT_LENGTH, allow_blank=True))


class PointChange(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False, help_text="Of an item.")
    text = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)


class PointInput(PointChange):
    """An item with its title, or a decision `under` one."""

    id = serializers.UUIDField(required=False)
    under = serializers.UUIDField(required=False, allow_null=True, help_text="The item; empty for an item.")


class ActionItemChange(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LENGTH, required=False)
    agency = serializers.PrimaryKeyRelatedField(queryset=Agency.objects.select_related("country"), required=False)
    due_on = DayField(required=False, help_text="The last day.")
    zone = serializers.CharField(max_length=64, required=False, validators=[valid_time_zone])
    clause = serializers.UUIDField(required=False, allow_null=True)
    objective = serializers.CharField(max_length=OBJECTIVE_LENGTH, required=False, allow_blank=True)


class ActionItemInput(ActionItemChange):
    """What an agency that attended undertook, for an article or the operation's objective."""

    id = serializers.UUIDField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in ("text", "agency", "due_on"):
            fields[name].required = True
        return fields


class MinutesAgreeInput(serializers.Serializer[Any]):
    """`seen` is the `content_digest` of what the officer read."""

    seen = serializers.CharField(max_length=64)
    decision = serializers.ChoiceField(choices=Decision.choices)
    annotation = serializers.CharField(max_length=ANNOTATION_LENGTH, required=False, allow_blank=True)


class MinutesReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON_LENGTH)


class ActionOfficerInput(serializers.Serializer[Any]):
    officer = serializers.UUIDField(allow_null=True, help_text="An appointment of the own agency, or nobody.")


class ActionReportInput(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=NOTE_LENGTH)
    done = serializers.BooleanField(required=False, default=False)


class ActionCloseInput(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=NOTE_LENGTH)
    state = serializers.ChoiceField(
        choices=[choice for choice in ActionState.choices if choice[0] != ActionState.OPEN],
        help_text="Done or dropped.",
    )


class ActionReopenInput(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=NOTE_LENGTH)


class RhythmInput(serializers.Serializer[Any]):
    """How often, of an agreement or of an operation. It takes the place of the one before."""

    id = serializers.UUIDField(required=False)
    agreement = serializers.UUIDField(required=False, allow_null=True)
    operation = serializers.UUIDField(required=False, allow_null=True)
    subject = serializers.ChoiceField(choices=Subject.choices)
    every = serializers.IntegerField(min_value=1, max_value=MOST_EVERY)
    unit = serializers.ChoiceField(choices=Unit.choices)
    since = DayField(help_text="From which day the first is counted.")
    clause = serializers.UUIDField(required=False, allow_null=True, help_text="The article that says so.")


class RhythmReviewInput(serializers.Serializer[Any]):
    on = DayField()


class RhythmDatesAsked(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=15, max_value=480, required=False, default=60)
    regions = serializers.CharField(max_length=100, required=False, default="", help_text="ISO 3166-2: DE-BW,CH-TG.")

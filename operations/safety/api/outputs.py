"""What the API tells of alarms."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api import DetailSerializer
from agreements.sharing.api.parts import AgencyPart, OfficerPart
from operations.safety.choices import AlarmState, Cause
from operations.safety.models import Alarm, Answer, LimitChange, Notice, Timer, Told


class ToldPart(serializers.ModelSerializer[Told]):
    """One step: whom it was told to, or why nobody."""

    class Meta:
        model = Told
        fields = ["step", "result", "count", "why", "at"]
        read_only_fields = fields


class NoticeAnswerPart(serializers.ModelSerializer[Answer]):
    agency = AgencyPart(read_only=True)
    function = serializers.CharField(source="by.function", read_only=True)

    class Meta:
        model = Answer
        fields = ["agency", "function", "acts", "words", "at"]
        read_only_fields = fields


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    """An alarm of the own agency, with whom it was told to and who acts on it."""

    state = serializers.ChoiceField(choices=AlarmState.choices, read_only=True)
    patrol = serializers.SerializerMethodField(help_text="While it may be seen.")
    officer = serializers.CharField(source="signal.sent_by.officer.full_name", read_only=True)
    function = serializers.CharField(source="signal.sent_by.function", read_only=True)
    since = serializers.DateTimeField(read_only=True)
    latitude = serializers.FloatField(source="signal.latitude", read_only=True, allow_null=True)
    longitude = serializers.FloatField(source="signal.longitude", read_only=True, allow_null=True)
    words = serializers.CharField(source="signal.words", read_only=True)
    acknowledged_by = OfficerPart(read_only=True, allow_null=True)
    closed_by = OfficerPart(read_only=True, allow_null=True)
    steps = ToldPart(many=True, read_only=True)
    notice = serializers.SerializerMethodField(help_text="Key of what partners are told, while it may be seen.")
    answers = serializers.SerializerMethodField()

    class Meta:
        model = Alarm
        fields = [
            "id",
            "signal",
            "cause",
            "state",
            "patrol",
            "officer",
            "function",
            "since",
            "raised_at",
            "latitude",
            "longitude",
            "words",
            "acknowledged_by",
            "acknowledged_at",
            "steps",
            "notice",
            "answers",
            "call",
            "closed_by",
            "closed_at",
            "outcome",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_patrol(self, row: Any) -> Any:
        return row.signal.patrol if row.patrol_is_seen else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_notice(self, row: Any) -> Any:
        return row.notice.pk if row.notice_is_seen else None

    @extend_schema_field(NoticeAnswerPart(many=True))
    def get_answers(self, row: Any) -> Any:
        answers = row.notice.answers.all() if row.notice_is_seen else []
        return NoticeAnswerPart(answers, many=True, context=self.context).data


class NoticeSerializer(DetailSerializer[Notice]):
    """What partners on a patrol are told of an alarm. Place and owner are the record's."""

    cause = serializers.ChoiceField(choices=Cause.choices, read_only=True)
    over_at = serializers.DateTimeField(source="alarm.closed_at", read_only=True, allow_null=True)
    answers = serializers.SerializerMethodField(help_text="To its owner all, to a partner its own (R5).")

    class Meta:
        model = Notice
        fields = ["id", "record", "cause", "since", "over_at", "answers"]
        read_only_fields = fields

    @extend_schema_field(NoticeAnswerPart(many=True))
    def get_answers(self, row: Notice) -> Any:
        by = self.context["sight"].access.appointment
        rows = Answer.objects.between(by).filter(notice=row).select_related("agency__country", "by")
        return NoticeAnswerPart(rows, many=True, context=self.context).data


class TimerSerializer(serializers.ModelSerializer[Timer]):
    """How often the own team checks in on the patrol; minutes."""

    last_at = serializers.DateTimeField(read_only=True, allow_null=True)
    next_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Timer
        fields = ["every", "desk_after", "partners_after", "neighbours_after", "last_at", "next_at"]
        read_only_fields = fields


class LimitChangeSerializer(serializers.ModelSerializer[LimitChange]):
    limits = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = LimitChange
        fields = ["at", "permitted", "limits"]
        read_only_fields = fields


class LimitsSerializer(serializers.Serializer[Any]):
    """The limits of a stay: on entering, how they changed, and now. `now` is null once it was left."""

    then = serializers.ListField(child=serializers.DictField())
    changes = LimitChangeSerializer(many=True)
    now = serializers.ListField(child=serializers.DictField(), allow_null=True)
    permitted = serializers.BooleanField(allow_null=True, help_text="Whether any article permits it now.")


class GuidancePart(serializers.Serializer[Any]):
    text = serializers.CharField()
    record = serializers.UUIDField(source="record.pk", help_text="The own copy, or the own operation.")
    patrols = serializers.SerializerMethodField()
    legs = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_patrols(self, row: Any) -> list[str]:
        return [str(patrol.pk) for patrol in row.patrols]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_legs(self, row: Any) -> list[str]:
        return [str(leg.pk) for leg in row.legs]


class StayPart(serializers.Serializer[Any]):
    crossing = serializers.UUIDField(source="crossing.pk")
    territory = serializers.CharField(source="crossing.territory_id")
    entered_at = serializers.DateTimeField(source="crossing.entered_at")
    until = serializers.DateTimeField(source="crossing.until", allow_null=True)
    limits_now = serializers.ListField(source="limits", child=serializers.DictField())
    changed = serializers.BooleanField(source="has_changed")
    permitted = serializers.BooleanField(source="is_permitted")


class WatchedPart(serializers.Serializer[Any]):
    patrol = serializers.UUIDField(source="patrol.pk")
    every = serializers.IntegerField(source="timer.every", allow_null=True)
    last_at = serializers.DateTimeField(source="last.at", default=None)
    next_at = serializers.DateTimeField(allow_null=True)


class TeamStandingSerializer(serializers.Serializer[Any]):
    """What holds for the officer's teams now: instructions that apply (R24), stays, timers and open alarms."""

    as_of = serializers.DateTimeField()
    guidance = GuidancePart(many=True)
    stays = StayPart(many=True)
    timers = WatchedPart(many=True)
    alarms = AlarmSerializer(many=True)

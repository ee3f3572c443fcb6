"""What the API tells of minutes, action items and rhythms. Fields are listed one by one."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api.base import DetailSerializer
from agreements.sharing.api.parts import OfficerPart
from operations.minutes.choices import OVERDUE, ActionState, Subject
from operations.minutes.content import content_digest
from operations.minutes.models import (
    ActionItem,
    Annotation,
    Assent,
    Minutes,
    MinutesCopy,
    Point,
    Report,
    Rhythm,
    Side,
    Wording,
)
from operations.sealing.api import CheckPart, FootingPart

STANDS = [(OVERDUE, "Overdue"), *ActionState.choices]


class MinutesSideSerializer(serializers.ModelSerializer[Side]):
    class Meta:
        model = Side
        fields = ["agency"]
        read_only_fields = fields


class MinutesWordingSerializer(serializers.ModelSerializer[Wording]):
    class Meta:
        model = Wording
        fields = ["language", "texts"]
        read_only_fields = fields


class MinutesPointSerializer(serializers.ModelSerializer[Point]):
    """An item, or a decision `under` one."""

    class Meta:
        model = Point
        fields = ["id", "minutes", "level", "under", "position", "title", "text"]
        read_only_fields = fields


class MinutesSerializer(DetailSerializer[Minutes]):
    """Minutes beside their record: in a list without their points."""

    sides = MinutesSideSerializer(many=True, read_only=True)

    class Meta:
        model = Minutes
        fields = [
            "id", "record", "meeting", "starts_at", "ends_at", "place", "language", "opening", "sides", "state",
            "revision", "put_at", "agreed_at", "withdrawn_at", "withdraw_reason",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told = super().to_representation(instance)
        # The meeting is named only while it is visible (R23).
        if told["meeting"] is not None and instance.meeting not in self.context["view"].meetings_seen(instance):
            told["meeting"] = None
        return told


class ActionItemSerializer(serializers.ModelSerializer[ActionItem]):
    """What an agency undertook. `officer` by name in the own agency, elsewhere by function (R18)."""

    officer = OfficerPart(read_only=True)
    stands = serializers.SerializerMethodField(help_text="Its state, or that it is overdue.")
    clause = serializers.SerializerMethodField(help_text="While the agreement is known to the reader.")

    class Meta:
        model = ActionItem
        fields = [
            "id", "minutes", "decision", "position", "text", "agency", "due_on", "zone", "due_at", "clause", "objective",
            "officer", "state", "stands", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=STANDS))
    def get_stands(self, row: ActionItem) -> str:
        return row.stands(self.context["sight"].access.at)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_clause(self, row: ActionItem) -> uuid.UUID | None:
        return row.clause_id if row.clause and self.context["view"].knows(row.clause.agreement_id) else None


class MinutesDetailSerializer(MinutesSerializer):
    """With items, decisions and action items, all wordings, and the digest to agree with."""

    points = MinutesPointSerializer(many=True, read_only=True)
    action_items = serializers.SerializerMethodField()
    wordings = MinutesWordingSerializer(many=True, read_only=True)
    content_digest = serializers.SerializerMethodField(help_text="SHA-256 of what is agreed on: to agree with.")

    class Meta(MinutesSerializer.Meta):
        fields = [*MinutesSerializer.Meta.fields, "points", "action_items", "wordings", "content_digest"]
        read_only_fields = fields

    @extend_schema_field(ActionItemSerializer(many=True))
    def get_action_items(self, row: Minutes) -> Any:
        return ActionItemSerializer(row.action_items.with_words(), many=True, context=self.context).data  # type: ignore[attr-defined]

    def get_content_digest(self, row: Minutes) -> str:
        return content_digest(row)


class MinutesApprovalSerializer(serializers.ModelSerializer[Assent]):
    """What an agency said; `annotation` only while the reader may see it: of those that the view found."""

    by = OfficerPart(read_only=True)
    annotation = serializers.SerializerMethodField()

    class Meta:
        model = Assent
        fields = [
            "id", "agency", "by", "function", "decision", "annotation", "revision", "content_digest", "agreed_at",
            "digest", "lapsed_at", "lapsed_why",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_annotation(self, row: Assent) -> Any:
        return row.annotation_id if row.annotation_id in self.context["annotations"] else None


class MinutesFootingSerializer(FootingPart):
    """How one agency can be given the minutes: it reads them already, or by which article; or what is missing."""


class ActionReportSerializer(serializers.ModelSerializer[Report]):
    by = OfficerPart(read_only=True)

    class Meta:
        model = Report
        fields = ["id", "agency", "by", "note", "state", "at"]
        read_only_fields = fields


class AnnotationSerializer(DetailSerializer[Annotation]):
    """What an agency adds; `record.host` are the minutes."""

    class Meta:
        model = Annotation
        fields = ["id", "record", "revision", "text"]
        read_only_fields = fields


class MinutesCopyLineSerializer(DetailSerializer[MinutesCopy]):
    """A copy in a list: without the text."""

    class Meta:
        model = MinutesCopy
        fields = ["id", "record", "digest", "content_digest", "sealed_at"]
        read_only_fields = fields


class MinutesCopySerializer(MinutesCopyLineSerializer):
    """A copy: `text` letter for letter, whose SHA-256 is `digest`."""

    class Meta(MinutesCopyLineSerializer.Meta):
        fields = ["id", "record", "text", "digest", "content_digest", "sealed_at"]
        read_only_fields = fields


class MinutesCheckSerializer(CheckPart):
    pass


class MinutesVerifySerializer(serializers.Serializer[Any]):
    is_whole = serializers.BooleanField(read_only=True)
    checks = MinutesCheckSerializer(many=True, read_only=True)


class RhythmSerializer(serializers.ModelSerializer[Rhythm]):
    """A rhythm as it stands for the reader: nothing of a meeting that is hidden counts (R17)."""

    last = serializers.SerializerMethodField(help_text="When it was kept last.")
    due_on = serializers.SerializerMethodField(help_text="By when the next is due.")
    is_broken = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField(help_text="The next meeting that is called.")

    class Meta:
        model = Rhythm
        fields = [
            "id", "agreement", "operation", "subject", "every", "unit", "since", "clause", "recorded_at", "last",
            "due_on", "is_broken", "next",
        ]  # fmt: skip
        read_only_fields = fields

    def _stands(self, row: Rhythm) -> Any:
        return self.context["view"].standing_of(row)

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_last(self, row: Rhythm) -> Any:
        return self._stands(row).last

    @extend_schema_field(serializers.DateField())
    def get_due_on(self, row: Rhythm) -> Any:
        return self._stands(row).due_on

    def get_is_broken(self, row: Rhythm) -> bool:
        return bool(self._stands(row).is_broken)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_next(self, row: Rhythm) -> Any:
        found = self._stands(row).next
        return found.meeting if found and row.subject == Subject.MEETING else None


class SlotSerializer(serializers.Serializer[Any]):
    """A proposal; without warnings it suits everybody."""

    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)

"""What the API tells of joint reports. Fields are listed one by one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.sharing.api.base import DetailSerializer
from agreements.sharing.api.parts import OfficerPart
from operations.joint.content import content_digest
from operations.joint.models import JointReport, SealedCopy, Side, Signature, Statement, Wording
from operations.sealing.api import CheckPart, FootingPart


class JointSideSerializer(serializers.ModelSerializer[Side]):
    class Meta:
        model = Side
        fields = ["agency"]
        read_only_fields = fields


class JointWordingSerializer(serializers.ModelSerializer[Wording]):
    class Meta:
        model = Wording
        fields = ["language", "text", "open_points"]
        read_only_fields = fields


class JointReportSerializer(DetailSerializer[JointReport]):
    """A joint report beside its record; `record.host` is its patrol, or its operation."""

    sides = JointSideSerializer(many=True, read_only=True)
    wordings = JointWordingSerializer(many=True, read_only=True)
    content_digest = serializers.SerializerMethodField(help_text="SHA-256 of what is signed: to sign with.")

    class Meta:
        model = JointReport
        fields = [
            "id",
            "record",
            "form",
            "starts_at",
            "ends_at",
            "place",
            "language",
            "text",
            "open_points",
            "wordings",
            "sides",
            "state",
            "revision",
            "content_digest",
            "put_at",
            "sealed_at",
            "withdrawn_at",
            "withdraw_reason",
        ]
        read_only_fields = fields

    def get_content_digest(self, row: JointReport) -> str:
        return content_digest(row)


class JointSignatureSerializer(serializers.ModelSerializer[Signature]):
    """A signature; `statement` only while the reader may see it: of those that the view found, and disclosed."""

    by = OfficerPart(read_only=True)
    statement = serializers.SerializerMethodField()

    class Meta:
        model = Signature
        fields = [
            "id",
            "agency",
            "by",
            "function",
            "decision",
            "statement",
            "revision",
            "content_digest",
            "signed_at",
            "device_at",
            "device",
            "user_agent",
            "digest",
            "lapsed_at",
            "lapsed_why",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_statement(self, row: Signature) -> Any:
        return row.statement_id if row.statement_id in self.context["statements"] else None


class JointEntriesSerializer(serializers.Serializer[Any]):
    """The entries that the reader's side may keep, as its copy would hold them."""

    entries = serializers.ListField(child=serializers.DictField(), read_only=True)


class JointFootingSerializer(FootingPart):
    """How one side can be given the text: it reads it already, or by which article; or what is missing."""


class JointStatementSerializer(DetailSerializer[Statement]):
    """What a side states on its own; `record.host` is the report."""

    class Meta:
        model = Statement
        fields = ["id", "record", "revision", "text"]
        read_only_fields = fields


class SealedLineSerializer(DetailSerializer[SealedCopy]):
    """A sealed copy in a list: without the text, which names what it quotes."""

    class Meta:
        model = SealedCopy
        fields = ["id", "record", "digest", "content_digest", "sealed_at"]
        read_only_fields = fields


class SealedCopySerializer(SealedLineSerializer):
    """A sealed copy: `text` letter for letter, whose SHA-256 is `digest`."""

    class Meta(SealedLineSerializer.Meta):
        fields = ["id", "record", "text", "digest", "content_digest", "sealed_at"]
        read_only_fields = fields


class SealedCheckSerializer(CheckPart):
    pass


class SealedVerifySerializer(serializers.Serializer[Any]):
    is_whole = serializers.BooleanField(read_only=True)
    checks = SealedCheckSerializer(many=True, read_only=True)

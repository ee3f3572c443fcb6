"""What the API tells of drafts. Officers of other agencies by function only (R18)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.models import Appointment
from agreements.drafting.choices import State, Status
from agreements.drafting.models import Share, Submission
from agreements.register.models import Clause, Designation
from agreements.register.status import State as PartyState

STATES = [(state.value, state.label) for state in PartyState]


class PersonPart(serializers.Serializer[Appointment]):
    function = serializers.CharField(read_only=True)
    agency = serializers.UUIDField(source="agency_id", read_only=True)
    name = serializers.SerializerMethodField(help_text="Only of the own agency; null otherwise.")

    def get_name(self, row: Appointment) -> str | None:
        return str(row.officer) if row.agency_id in self.context["view"].by.agencies else None


class AnswerPart(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class TaskPart(serializers.Serializer[Any]):
    """A task of a draft: what it holds, what is missing, what looks odd, and how far it is."""

    name = serializers.CharField(source="task.name")
    title = serializers.CharField(source="task.title")
    status = serializers.ChoiceField(choices=Status.choices)
    version = serializers.IntegerField(help_text="Send it as If-Match when you change this task.")
    answers = AnswerPart(many=True, source="found.answers")
    missing = serializers.ListField(child=serializers.CharField(), source="found.missing")
    odd = serializers.ListField(child=serializers.CharField(), source="found.odd")
    blocked = serializers.CharField(source="found.blocked")


class SubmissionPart(serializers.ModelSerializer[Submission]):
    """A request to put the draft to its parties, or what became of it."""

    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    asked_by = PersonPart(read_only=True)
    decided_by = PersonPart(read_only=True, allow_null=True)
    ended_by = PersonPart(read_only=True, allow_null=True)

    class Meta:
        model = Submission
        fields = [
            "id", "state", "put_on", "put_at", "asked_by", "asked_at", "note", "decided_by", "decided_at", "words",
            "ended_by", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class SharePart(serializers.ModelSerializer[Share]):
    """A colleague, told to the drafting agency alone, or an invited agency and the tasks that it may fill in."""

    officer = PersonPart(source="appointment", read_only=True, allow_null=True)

    class Meta:
        model = Share
        fields = ["id", "officer", "agency", "tasks", "shared_at"]
        read_only_fields = fields


class ProgressPart(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class DraftLineSerializer(serializers.Serializer[Any]):
    """A draft in a list."""

    id = serializers.UUIDField(source="agreement.pk")
    short_name = serializers.CharField(source="agreement.short_name")
    title = serializers.CharField(source="agreement.title")
    kind = serializers.CharField(source="agreement.kind")
    drafted_by = serializers.UUIDField(source="agreement.drafted_by_id")
    shared = serializers.BooleanField()
    progress = ProgressPart()
    state = serializers.CharField(source="submission.state", default=None, allow_null=True)
    put_on = serializers.DateField(source="submission.put_on", default=None, allow_null=True)


class DraftSerializer(serializers.Serializer[Any]):
    """One draft: its tasks, who works on it, and what is asked for."""

    id = serializers.UUIDField(source="agreement.pk")
    short_name = serializers.CharField(source="agreement.short_name")
    title = serializers.CharField(source="agreement.title")
    kind = serializers.CharField(source="agreement.kind")
    drafted_by = serializers.UUIDField(source="agreement.drafted_by_id")
    draft = serializers.BooleanField(source="agreement.is_draft", help_text="False once it is put to its parties.")
    progress = ProgressPart()
    tasks = TaskPart(many=True, source="steps")
    shares = serializers.SerializerMethodField()
    submission = SubmissionPart(allow_null=True)
    earlier = SubmissionPart(many=True)
    second_needed = serializers.SerializerMethodField(
        help_text="Whether another officer of the state approves it (R22)."
    )
    fills = serializers.SerializerMethodField(help_text="Names of the tasks that the reader may fill in.")

    @extend_schema_field(SharePart(many=True))
    def get_shares(self, row: Any) -> Any:
        rows = [each for each in row.shares if row.leads or each.agency_id]
        return SharePart(rows, many=True, context=self.context).data

    def get_second_needed(self, row: Any) -> bool:
        return not row.alone

    def get_fills(self, row: Any) -> list[str]:
        return sorted(row.fills)


class ArticleSerializer(serializers.ModelSerializer[Clause]):
    class Meta:
        model = Clause
        fields = [
            "id", "article", "kind", "summary", "starts_on", "ends_on", "source", "categories", "purposes", "ceiling",
            "direction", "senders", "receivers", "onward", "retention_days", "survives", "opens_channel",
        ]  # fmt: skip
        read_only_fields = fields


class AuthoritySerializer(serializers.ModelSerializer[Designation]):
    class Meta:
        model = Designation
        fields = ["id", "country", "agency", "clauses", "starts_on", "ends_on"]
        read_only_fields = fields


class SpellPart(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES)
    first = serializers.DateField()
    last = serializers.DateField(allow_null=True)


class FollowsSerializer(serializers.Serializer[Any]):
    """A party, and its states from day to day."""

    party = serializers.CharField()
    spells = SpellPart(many=True)


class OfPartySerializer(serializers.Serializer[Any]):
    signed_on = serializers.DateField(allow_null=True)
    bound_by = serializers.CharField(allow_blank=True)
    bound_on = serializers.DateField(allow_null=True)
    bound_from = serializers.DateField(allow_null=True)
    provisional_on = serializers.DateField(allow_null=True)


class DatesSerializer(serializers.Serializer[Any]):
    """The days of a draft, of each party by its code, and what follows from them."""

    concluded_on = serializers.DateField(source="head.concluded_on", allow_null=True)
    expires_on = serializers.DateField(source="head.expires_on", allow_null=True)
    notice_months = serializers.IntegerField(source="head.notice_months", allow_null=True)
    renews_months = serializers.IntegerField(source="head.renews_months", allow_null=True)
    renewal_notice_months = serializers.IntegerField(source="head.renewal_notice_months", allow_null=True)
    consents = serializers.IntegerField(source="condition.consents", allow_null=True)
    delay = serializers.IntegerField(source="condition.delay", allow_null=True)
    delay_unit = serializers.CharField(source="condition.delay_unit", allow_blank=True)
    time_zone = serializers.CharField(source="head.time_zone")
    in_force_on = serializers.DateField(allow_null=True)
    parties = serializers.DictField(child=OfPartySerializer())


class FlowPart(serializers.Serializer[Any]):
    article = serializers.CharField()
    others = serializers.CharField()
    data = serializers.CharField()  # type: ignore[assignment]
    ceiling = serializers.CharField()
    terms = serializers.CharField()


class SightSerializer(serializers.Serializer[Any]):
    """What may flow to and from one agency, once every party has confirmed it."""

    agency = serializers.UUIDField(source="agency.pk")
    at = serializers.DateTimeField()
    receives = FlowPart(many=True)
    gives = FlowPart(many=True)

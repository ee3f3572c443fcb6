"""What the API tells of agreements. Countries stand behind facts, not officers: no name is told (R18)."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.register.api.parts import ConditionSerializer, ForcePart, NoticePart, RenewalPart
from agreements.register.models import Agreement, Clause, Designation, Fact, ForceCondition, TreatyAction
from agreements.register.presenting import Shown
from agreements.register.status import State

STATES = [(state.value, state.label) for state in State]
FACT_FIELDS = ["id", "recorded_at", "recorded_for", "confirmed_by"]


class PartySerializer(serializers.Serializer[Any]):
    country = serializers.CharField(source="country.pk")
    name = serializers.CharField(source="country.name")
    state = serializers.ChoiceField(choices=STATES)


class FactSerializer(serializers.ModelSerializer[Any]):
    confirmed_by = serializers.SerializerMethodField(help_text="Countries that confirmed it besides its recorder.")

    def get_confirmed_by(self, row: Any) -> list[str]:
        return sorted(confirmation.country_id for confirmation in row.confirmations.all())


class ClauseSerializer(FactSerializer):
    continues = serializers.SerializerMethodField(help_text="Whose place it takes, if the reader may see that (R30).")

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_continues(self, row: Clause) -> uuid.UUID | None:
        if row.continues_id is None:
            return None
        seen = Agreement.objects.visible_to(self.context["view"].by).filter(clauses=row.continues_id)
        return row.continues_id if seen.exists() else None

    class Meta:
        model = Clause
        fields = [
            *FACT_FIELDS,
            "article",
            "kind",
            "summary",
            "categories",
            "purposes",
            "ceiling",
            "direction",
            "senders",
            "receivers",
            "onward",
            "retention_days",
            "starts_on",
            "ends_on",
            "survives",
            "continues",
            "rectifies",
            "opens_channel",
            "source",
        ]
        read_only_fields = fields


class DesignationSerializer(FactSerializer):
    agency_name = serializers.CharField(source="agency.name", read_only=True)

    class Meta:
        model = Designation
        fields = [
            *FACT_FIELDS,
            "country",
            "agency",
            "agency_name",
            "clauses",
            "starts_on",
            "ends_on",
            "withdrawn_at",
            "source",
        ]
        read_only_fields = fields


class ActionSerializer(FactSerializer):
    class Meta:
        model = TreatyAction
        fields = [
            *FACT_FIELDS,
            "kind",
            "country",
            "counterpart",
            "clauses",
            "done_on",
            "effective_on",
            "until",
            "works_from",
            "narrows",
            "widens",
            "lifts",
            "excludes",
            "lowers_ceiling_to",
            "way",
            "sign",
            "territory",
            "rectifies",
            "note",
            "source",
        ]
        read_only_fields = fields


class AgreementSerializer(serializers.Serializer[Shown]):
    """The head of an agreement, with the states that its facts give it on a day."""

    id = serializers.UUIDField(source="agreement.pk")
    title = serializers.CharField(source="agreement.title")
    short_name = serializers.CharField(source="agreement.short_name")
    kind = serializers.CharField(source="agreement.kind")
    draft = serializers.BooleanField(source="agreement.is_draft")
    state = serializers.ChoiceField(choices=STATES)
    last_day = serializers.DateField(allow_null=True, help_text="The last day of effect that is known.")
    days_left = serializers.IntegerField(allow_null=True)
    concluded_on = serializers.DateField(source="agreement.concluded_on", allow_null=True)
    expires_on = serializers.DateField(source="agreement.expires_on", allow_null=True)
    time_zone = serializers.CharField(source="agreement.time_zone")
    invented = serializers.BooleanField(source="agreement.invented")
    parties = PartySerializer(many=True)


class WaitingSerializer(serializers.Serializer[Fact]):
    """A fact that waits for the own country's confirmation."""

    id = serializers.UUIDField()
    fact = serializers.SerializerMethodField()
    words = serializers.CharField(source="__str__")
    recorded_for = serializers.CharField(source="recorded_for_id", allow_null=True)

    def get_fact(self, row: Fact) -> str:
        return {TreatyAction: "action", Clause: "clause", ForceCondition: "condition"}.get(type(row), "designation")  # type: ignore[call-overload, no-any-return]


class BetweenSerializer(serializers.Serializer[Any]):
    """Whether the agreement works here between the own country and another party, and if not, why."""

    country = serializers.CharField(source="other.pk")
    works = serializers.BooleanField()
    sentence = serializers.CharField()


class LifePart(serializers.Serializer[Any]):
    """What its entry into force waits for, notices that run, and when it renews itself, on the day asked for."""

    force = ForcePart(allow_null=True)
    notices = NoticePart(many=True)
    renewal = RenewalPart(allow_null=True)


class AgreementDetailSerializer(AgreementSerializer):
    """With all that is recorded about it."""

    depositary = serializers.CharField(source="agreement.depositary")
    reference = serializers.CharField(source="agreement.reference")
    summary = serializers.CharField(source="agreement.summary")
    source = serializers.CharField(source="agreement.source")  # type: ignore[assignment]
    notice_months = serializers.IntegerField(source="agreement.notice_months", allow_null=True)
    renews_months = serializers.IntegerField(source="agreement.renews_months", allow_null=True)
    renewal_notice_months = serializers.IntegerField(source="agreement.renewal_notice_months", allow_null=True)
    territory = serializers.CharField(source="agreement.territory")
    drafted_by = serializers.UUIDField(source="agreement.drafted_by_id")
    registered_at = serializers.DateTimeField(source="agreement.registered_at", allow_null=True)
    made_under = serializers.SerializerMethodField()
    clauses = ClauseSerializer(many=True, source="agreement.clauses")
    designations = DesignationSerializer(many=True, source="agreement.designations")
    actions = ActionSerializer(many=True, source="agreement.actions")
    outstanding = serializers.SerializerMethodField()
    between = serializers.SerializerMethodField()
    conditions = ConditionSerializer(many=True, source="agreement.force_conditions")
    life = serializers.SerializerMethodField()

    @extend_schema_field(LifePart)
    def get_life(self, row: Shown) -> Any:
        return LifePart(self.context["view"].life(row.agreement)).data

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_made_under(self, row: Shown) -> Any:
        return self.context["view"].nameable_parent(row.agreement)

    @extend_schema_field(WaitingSerializer(many=True))
    def get_outstanding(self, row: Shown) -> Any:
        return WaitingSerializer(self.context["view"].waiting(row.agreement), many=True).data

    @extend_schema_field(BetweenSerializer(many=True))
    def get_between(self, row: Shown) -> Any:
        return BetweenSerializer(self.context["view"].between(row.agreement), many=True).data


class SpanSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=STATES)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="None: as far as the timeline goes.")


class LaneSerializer(serializers.Serializer[Any]):
    country = serializers.CharField()
    spans = SpanSerializer(many=True)


class TimelineSerializer(serializers.Serializer[Any]):
    """The states of each party from day to day, as known now, and the actions that made them."""

    today = serializers.DateField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    parties = LaneSerializer(many=True)
    actions = ActionSerializer(many=True)


def with_facts(rows: Any) -> Any:
    """The agreements with what their detail shows, in a constant number of queries."""
    assert rows.model is Agreement
    return rows.select_related("made_under").prefetch_related(
        "parties__country",
        "clauses__senders",
        "clauses__receivers",
        "clauses__confirmations",
        "designations__agency",
        "designations__clauses",
        "designations__confirmations",
        "actions__clauses",
        "actions__confirmations",
        "force_conditions__required",
        "force_conditions__confirmations",
    )

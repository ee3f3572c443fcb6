"""What the atlas tells over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.directory.models import Classification
from agreements.atlas.flows import Day, Ground
from agreements.atlas.matrix import Cell, Change, governing_of
from agreements.atlas.relations import Contact
from agreements.register.choices import Category
from agreements.register.status import State
from agreements.sharing.api.parts import AgencyPart

CATEGORIES = Category.choices


class GoverningSerializer(serializers.Serializer[Any]):
    """Where several agreements cover a flow: which governs, and why."""

    agreement = serializers.UUIDField(allow_null=True)
    code = serializers.ChoiceField(
        choices=["made_under", "takes_the_place", "displaced", "amends", "succeeds", "later_in_time", "both"]
    )
    sentence = serializers.CharField()


class FlowArticleSerializer(serializers.Serializer[Any]):
    """One open channel under one article."""

    agreement = serializers.UUIDField(source="treaty.id")
    clause = serializers.UUIDField(source="clause.id")
    article = serializers.CharField(source="clause.article")
    kind = serializers.CharField(source="clause.kind")
    ceiling = serializers.IntegerField()
    since = serializers.DateTimeField()


class FlowCellSerializer(serializers.Serializer[Any]):
    """From a sender to a receiver, of one data category. `ceiling` null: no article opens it."""

    sender = serializers.CharField()
    receiver = serializers.CharField()
    category = serializers.ChoiceField(choices=CATEGORIES)
    ceiling = serializers.ChoiceField(choices=Classification.choices, allow_null=True)
    search_only = serializers.BooleanField()
    ceiling_before = serializers.ChoiceField(choices=Classification.choices, allow_null=True)
    change = serializers.ChoiceField(choices=[change.value for change in Change], allow_null=True)
    articles = FlowArticleSerializer(many=True)
    governing = GoverningSerializer(allow_null=True)


class ReservationPart(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="pk")
    country = serializers.CharField(source="country_id")
    done_on = serializers.DateField()


class FlowTermsSerializer(FlowArticleSerializer):
    """An article as it works between these two."""

    agreement = serializers.UUIDField(source="agreement.pk")
    clause = serializers.UUIDField(source="clause.pk")
    ceiling = serializers.IntegerField(source="channel.ceiling")
    since = serializers.DateTimeField(source="channel.since")
    categories = serializers.SerializerMethodField()
    purposes = serializers.ListField(child=serializers.CharField(), source="clause.purposes")
    direction = serializers.CharField(source="clause.direction")
    onward = serializers.CharField(source="clause.onward")
    retention_days = serializers.IntegerField(source="clause.retention_days", allow_null=True)
    survives = serializers.BooleanField(source="clause.survives")
    governs = serializers.BooleanField()
    reservations = ReservationPart(many=True)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=CATEGORIES)))
    def get_categories(self, row: Any) -> list[str]:
        return sorted(row.channel.categories)


class FlowClosedSerializer(serializers.Serializer[Any]):
    """An article on the category that does not open the flow, and why."""

    agreement = serializers.UUIDField(source="agreement.pk")
    article = serializers.CharField()
    sentence = serializers.CharField()


class FlowReadingSerializer(serializers.Serializer[Any]):
    cell = FlowCellSerializer()
    articles = FlowTermsSerializer(many=True)
    closed = FlowClosedSerializer(many=True)


class NetworkArticleSerializer(serializers.Serializer[Any]):
    agreement = serializers.UUIDField()
    clause = serializers.UUIDField(source="clause.id")
    article = serializers.CharField(source="clause.article")
    kind = serializers.CharField(source="clause.kind")


class NetworkEdgeSerializer(serializers.Serializer[Any]):
    """Two states, and the articles that bind both on paper."""

    states = serializers.ListField(child=serializers.CharField(), source="pair")
    kinds = serializers.ListField(child=serializers.CharField())
    articles = NetworkArticleSerializer(many=True, source="ties")


class CommonAgreement(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="agreement.pk")
    short_name = serializers.CharField(source="agreement.short_name")
    state = serializers.ChoiceField(choices=[(state.value, state.label) for state in State])
    last_day = serializers.DateField(allow_null=True)


class CompetentAuthoritySerializer(serializers.Serializer[Any]):
    agency = AgencyPart()
    agreement = serializers.UUIDField(source="agreement.pk")
    articles = serializers.ListField(child=serializers.CharField())


class CountryAgencySerializer(serializers.Serializer[Any]):
    """An agency there; desk and functions where the reader's agency shares something with it (R18)."""

    agency = AgencyPart()
    desk_phone = serializers.SerializerMethodField()
    desk_email = serializers.SerializerMethodField()
    functions = serializers.ListField(child=serializers.CharField())

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_desk_phone(self, row: Contact) -> str | None:
        return row.agency.desk_phone if row.known else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_desk_email(self, row: Contact) -> str | None:
        return row.agency.desk_email if row.known else None


class ExchangeMonthSerializer(serializers.Serializer[Any]):
    month = serializers.DateField(source="first")
    given = serializers.IntegerField()
    received = serializers.IntegerField()


class RelationsSerializer(serializers.Serializer[Any]):
    """What the own state has in common with a country, or with an agency."""

    agreements = CommonAgreement(many=True)
    designated = CompetentAuthoritySerializer(many=True, source="named")
    agencies = CountryAgencySerializer(many=True, source="contacts")


class CrossedSerializer(serializers.Serializer[Any]):
    record = serializers.UUIDField(source="record.pk")
    kind = serializers.CharField(source="record.kind")
    title = serializers.CharField(source="record.title")
    owner = serializers.UUIDField(source="record.owner_id")
    since = serializers.DateTimeField()


class ExchangeSerializer(serializers.Serializer[Any]):
    """Counted among the newest on each side; `capped`: there are more than were looked at."""

    months = ExchangeMonthSerializer(many=True)
    capped = serializers.BooleanField()


def told(cell: Cell, ground: Ground, day: Day) -> dict[str, Any]:
    reach = cell.reach
    sender, receiver, category = cell.place
    return {
        "sender": sender,
        "receiver": receiver,
        "category": category,
        "ceiling": reach.ceiling if reach else None,
        "search_only": bool(reach and reach.searching),
        "ceiling_before": cell.before.ceiling if cell.before else None,
        "change": cell.change.value if cell.compared else None,
        "articles": reach.articles if reach else [],
        "governing": governing_of(reach, ground, day) if reach else None,
    }
